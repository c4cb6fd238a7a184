// SPDX-License-Identifier: Apache-2.0
import HLS

extension Assembly {
    mutating func takePoll(_ ask: RoomAsk, _ person: Attendee) throws(RoomRefusal) {
        switch ask {
        case .openPoll(let wish): try openPoll(wish, by: person.id)
        case .vote(let number, let choice): try cast(choice, in: number, person)
        case .closePoll(let number):
            guard let poll = polls.first(where: { $0.number == number }) else { throw .unknownPoll }
            guard poll.isOpen else { throw .pollClosed }
            closePoll(number, by: person.id)
        default: throw .unreadable
        }
    }

    private mutating func openPoll(_ wish: RoomAsk.PollWish, by host: PersonNumber) throws(RoomRefusal) {
        guard polls.count < Poll.most, polls.filter(\.isOpen).count < Poll.mostOpen else { throw .tooMany }
        let poll = try Poll(firstPoll + polls.count + 1, wish, by: host, quorum: plan.quorum, at: wall.milliseconds)
        polls.append(poll)
        var note = line("pollOpened", host)
        (note.number, note.vote) = (poll.number, poll.count)
        self.note(note)
        tell(.poll(poll.card(eligible: voters(of: poll).count)))
    }

    private mutating func cast(_ choice: Int, in number: Int, _ person: Attendee) throws(RoomRefusal) {
        guard let place = polls.firstIndex(where: { $0.number == number }) else { throw .unknownPoll }
        guard mayVote(person, in: polls[place]) else { throw .mayNotVote }
        try polls[place].cast(choice, by: person.voter, name: person.name)
        let poll = polls[place]
        var card = poll.card(eligible: voters(of: poll).count)
        tell(.poll(card), to: inside.filter { people[$0]?.voter != person.voter })
        (card.yours, card.hasVoted) = (poll.choice(of: person.voter), true)
        tell(.poll(card), to: inside.filter { people[$0]?.voter == person.voter })
        guard !poll.isSecret, poll.isFormal else { return }
        var note = line("vote", person.id)
        (note.number, note.choice, note.key) = (number, choice, person.key)
        self.note(note)
    }

    mutating func closePoll(_ number: Int, by host: PersonNumber?) {
        guard let place = polls.firstIndex(where: { $0.number == number }) else { return }
        polls[place].close(present: voters(of: polls[place]).count, at: wall.milliseconds)
        let poll = polls[place]
        var note = line("pollClosed", host)
        (note.number, note.vote) = (number, poll.count)
        self.note(note)
        tell(.poll(poll.card(eligible: 0)))
    }

    /// In a formal vote who may publish, and whom the desk knows where it must know everybody.
    func mayVote(_ person: Attendee, in poll: Poll) -> Bool {
        guard person.isInside, !person.isDevice else { return false }
        guard poll.isFormal else { return true }
        return person.role.publishes && (plan.entry != .identified || person.key != nil)
    }

    /// Each once, at however many telephones.
    func voters(of poll: Poll) -> Set<Poll.Voter> {
        Set(inside.compactMap { people[$0] }.filter { mayVote($0, in: poll) }.map(\.voter))
    }

    /// Somebody came or went: how many may vote has changed.
    mutating func tellOpenPolls() {
        for poll in polls where poll.isOpen && poll.isFormal {
            tell(.poll(poll.card(eligible: voters(of: poll).count)))
        }
    }
}
