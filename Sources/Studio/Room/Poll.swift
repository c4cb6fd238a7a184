// SPDX-License-Identifier: Apache-2.0

/// A poll or a formal vote. Of a secret one it is known who has voted, and how many were for what, and nothing joins the
/// two.
struct Poll: Sendable {
    static let most = 100
    static let mostOpen = 3
    static let mostQuestion = 300
    static let mostChoices = 20
    static let mostChoice = 120

    /// Who votes: a person whom the desk knows is the same at two telephones.
    enum Voter: Hashable, Sendable {
        case known(String)
        case guest(PersonNumber)
    }

    let number: Int
    let by: PersonNumber
    let question: String
    let choices: [String]
    let isSecret: Bool
    let isFormal: Bool
    let quorum: Int
    let openedAt: Int64
    private(set) var closedAt: Int64?
    private(set) var counts: [Int]
    /// How many who might vote were there when it was closed.
    private(set) var present = 0
    /// Who has voted in a secret vote.
    private var voted: Set<Voter> = []
    /// Who was for what in an open one, in the order of voting.
    private var open: [(voter: Voter, name: String, choice: Int)] = []

    init(
        _ number: Int, _ wish: RoomAsk.PollWish, by: PersonNumber, quorum usual: Int, at openedAt: Int64
    ) throws(RoomRefusal) {
        let question = wish.question.trimmed
        let choices = wish.choices.map(\.trimmed)
        guard !question.isEmpty, !choices.contains("") else { throw .empty }
        guard question.count <= Poll.mostQuestion, choices.allSatisfy({ $0.count <= Poll.mostChoice }) else {
            throw .tooLong
        }
        guard (2...Poll.mostChoices).contains(choices.count), Set(choices).count == choices.count else {
            throw .unreadable
        }
        (self.number, self.by, self.question, self.choices) = (number, by, question, choices)
        self.openedAt = openedAt
        (isSecret, isFormal) = (wish.isSecret, wish.isFormal)
        quorum = wish.isFormal ? min(max(0, wish.quorum ?? usual), 10_000) : 0
        counts = choices.map { _ in 0 }
    }

    var isOpen: Bool { closedAt == nil }
    var cast: Int { counts.reduce(0, +) }

    func hasVoted(_ voter: Voter) -> Bool { voted.contains(voter) || open.contains { $0.voter == voter } }

    /// What somebody chose, in an open vote.
    func choice(of voter: Voter) -> Int? { open.first { $0.voter == voter }?.choice }

    /// Somebody votes. In an open vote they may change their mind while it lasts.
    mutating func cast(_ choice: Int, by voter: Voter, name: String) throws(RoomRefusal) {
        guard isOpen else { throw .pollClosed }
        guard choices.indices.contains(choice) else { throw .unreadable }
        if isSecret {
            guard voted.insert(voter).inserted else { throw .alreadyVoted }
        } else if let place = open.firstIndex(where: { $0.voter == voter }) {
            counts[open[place].choice] -= 1
            open[place].choice = choice
        } else {
            open.append((voter, name, choice))
        }
        counts[choice] += 1
    }

    mutating func close(present: Int, at now: Int64) {
        guard isOpen else { return }
        (closedAt, self.present) = (now, present)
    }

    /// What it came to.
    var count: VoteCount {
        var count = VoteCount(
            number: number, question: question, choices: choices, counts: counts, isSecret: isSecret,
            isFormal: isFormal, quorum: quorum, present: present, openedAt: openedAt, closedAt: closedAt)
        guard isFormal, !isSecret else { return count }
        count.ballots = open.map { ballot in
            var key: String?
            if case .known(let known) = ballot.voter { key = known }
            return VoteCount.Ballot(name: ballot.name, key: key, choice: ballot.choice)
        }
        return count
    }

    /// As everybody sees it.
    func card(eligible: Int) -> PollCard {
        var card = PollCard(
            poll: number, by: by, question: question, choices: choices, secret: isSecret, formal: isFormal,
            quorum: quorum, eligible: isOpen ? eligible : present, cast: cast, isOpen: isOpen, openedAt: openedAt,
            closedAt: closedAt)
        if !isSecret || !isOpen { card.counts = counts }
        if !isOpen {
            card.hasQuorum = present >= quorum
            if isFormal, !isSecret { card.ballots = open.map { .init(name: $0.name, choice: $0.choice) } }
        }
        return card
    }
}

extension String {
    /// Without what is empty at its ends, and without what no line has.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control })
    }
}
