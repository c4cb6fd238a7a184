// SPDX-License-Identifier: Apache-2.0

/// One sitting of a meeting (การประชุมครั้งหนึ่ง): who was there and from when to when, what was voted on, and what the agenda
/// came to. Names are personal data: a sitting lies beside the folder and can be forgotten.
///
/// For a meeting that the law requires it is part of the minutes (Emergency Decree on Electronic Meetings B.E. 2563,
/// s.9(5)).
public struct Sitting: Hashable, Codable, Sendable {
    /// One person's part in it.
    public struct Attendance: Hashable, Codable, Sendable {
        /// Whose link it was; nil for who came by a link for everybody, or for an officer.
        public var invitee: Invitee.ID?
        /// Empty once forgotten.
        public var name: String
        public var role: MeetRole
        /// Came by a link of their own.
        public var isIdentified: Bool
        /// From when to when, oldest first; who came back has several.
        public var stays: [Span]
        /// Packets that did not come to them, in hundredths of a per cent.
        public var lossBasisPoints: Int
        public var roundTripMilliseconds: Int
        /// How often their line broke.
        public var interruptions: Int
        /// Agreed to being recorded; nil where nobody asked.
        public var consented: Bool?
        /// When they said so.
        public var consentedAt: Moment?

        public init(
            invitee: Invitee.ID? = nil, name: String, role: MeetRole, isIdentified: Bool = false, stays: [Span],
            lossBasisPoints: Int = 0, roundTripMilliseconds: Int = 0, interruptions: Int = 0,
            consented: Bool? = nil, consentedAt: Moment? = nil
        ) {
            self.invitee = invitee
            self.name = name
            self.role = role
            self.isIdentified = isIdentified
            self.stays = stays
            self.lossBasisPoints = lossBasisPoints
            self.roundTripMilliseconds = roundTripMilliseconds
            self.interruptions = interruptions
            self.consented = consented
            self.consentedAt = consentedAt
        }

        /// What they stayed in all.
        public var minutes: Int {
            stays.reduce(Length.zero) { $0 + max(.zero, $1.length) }.wholeMinutes
        }
    }

    /// What was voted on, and how it went.
    public struct Vote: Hashable, Codable, Sendable {
        public struct Choice: Hashable, Codable, Sendable {
            public var text: String
            public var count: Int

            public init(text: String, count: Int) {
                self.text = text
                self.count = count
            }
        }

        /// How somebody voted; of an open vote only.
        public struct Ballot: Hashable, Codable, Sendable {
            public var name: String
            public var choice: String

            public init(name: String, choice: String) {
                self.name = name
                self.choice = choice
            }
        }

        public var question: String
        /// Nobody learns how somebody voted, the office neither.
        public var isSecret: Bool
        /// A vote of the body (ลงมติ), and no show of hands.
        public var isFormal: Bool
        /// So many have to be there; nil where nobody said so.
        public var quorum: Int?
        /// How many who might vote were there when it was closed.
        public var present: Int
        public var opened: Moment
        public var closed: Moment
        public var choices: [Choice]
        public var ballots: [Ballot]

        public init(
            question: String, isSecret: Bool, isFormal: Bool, quorum: Int? = nil, present: Int, opened: Moment,
            closed: Moment,
            choices: [Choice], ballots: [Ballot] = []
        ) {
            self.question = question
            self.isSecret = isSecret
            self.isFormal = isFormal
            self.quorum = quorum
            self.present = present
            self.opened = opened
            self.closed = closed
            self.choices = choices
            // A secret vote has no ballots, whatever was told.
            self.ballots = isSecret ? [] : ballots
        }

        public var cast: Int { choices.reduce(0) { $0 + $1.count } }
        /// Nil where no quorum was asked for.
        public var hasQuorum: Bool? { quorum.map { present >= $0 } }
    }

    /// A point of the agenda (ระเบียบวาระ), when it was come to.
    public struct Mark: Hashable, Codable, Sendable {
        public var at: Moment
        public var text: String

        public init(at: Moment, text: String) {
            self.at = at
            self.text = text
        }
    }

    public var opened: Moment
    public var ended: Moment
    public var peak: Int
    public var attendance: [Attendance]
    public var votes: [Vote]
    public var marks: [Mark]
    /// How much was written in it; what, is nobody's but theirs.
    public var messages: Int
    /// Its names were forgotten.
    public var isForgotten: Bool

    public init(
        opened: Moment, ended: Moment, peak: Int, attendance: [Attendance], votes: [Vote] = [], marks: [Mark] = [],
        messages: Int = 0, isForgotten: Bool = false
    ) {
        self.opened = opened
        self.ended = ended
        self.peak = peak
        self.attendance = attendance
        self.votes = votes
        self.marks = marks
        self.messages = messages
        self.isForgotten = isForgotten
    }

    public static let mostPeople = 2000
    public static let mostStays = 100
    public static let mostVotes = 200
    public static let mostMarks = 500
    /// The longest name, question or point of the agenda, in characters.
    public static let longestText = 300

    /// The same within these bounds, whatever was told.
    public var bounded: Sitting {
        var bounded = self
        func clipped(_ text: String) -> String { String(text.trimmed.prefix(Self.longestText)) }
        bounded.attendance = attendance.prefix(Self.mostPeople).map { person in
            var person = person
            person.name = clipped(person.name)
            person.stays = Array(person.stays.filter { $0.end >= $0.start }.prefix(Self.mostStays))
            person.lossBasisPoints = min(max(0, person.lossBasisPoints), 10_000)
            person.interruptions = min(max(0, person.interruptions), 10_000)
            return person
        }
        bounded.votes = votes.prefix(Self.mostVotes).map { vote in
            var vote = vote
            vote.question = clipped(vote.question)
            vote.choices = vote.choices.prefix(20).map { .init(text: clipped($0.text), count: max(0, $0.count)) }
            vote.ballots =
                vote.isSecret
                ? []
                : vote.ballots.prefix(Self.mostPeople).map {
                    .init(name: clipped($0.name), choice: clipped($0.choice))
                }
            return vote
        }
        bounded.marks = marks.prefix(Self.mostMarks).map { Mark(at: $0.at, text: clipped($0.text)) }
        bounded.messages = max(0, messages)
        return bounded
    }

    /// The same without anybody's name: how many, how long and how it was voted stays.
    public var forgotten: Sitting {
        var forgotten = self
        forgotten.isForgotten = true
        forgotten.attendance = attendance.map { person in
            var person = person
            person.name = ""
            person.invitee = nil
            return person
        }
        forgotten.votes = votes.map { vote in
            var vote = vote
            vote.ballots = []
            return vote
        }
        return forgotten
    }
}

extension MeetFigures {
    /// What a sitting came to, in numbers.
    public init(of sitting: Sitting) {
        let people = sitting.attendance.count
        let curve = sitting.curve
        let loss = sitting.attendance.reduce(0) { $0 + $1.lossBasisPoints }
        let peak = max(sitting.peak, curve.max() ?? 0)
        self.init(
            opened: sitting.opened, ended: sitting.ended, peak: peak, people: max(people, peak),
            identified: sitting.attendance.count(where: \.isIdentified),
            personMinutes: sitting.attendance.reduce(0) { $0 + $1.minutes }, curve: curve, curveMinutes: sitting.stride,
            interruptions: sitting.attendance.reduce(0) { $0 + $1.interruptions },
            lossBasisPoints: people == 0 ? 0 : (loss + people / 2) / people,
            votes: sitting.votes.count(where: \.isFormal))
    }
}

extension Sitting {
    /// How many minutes a stretch of the curve has, so that the folder takes it.
    fileprivate var stride: Int {
        let minutes = max(1, (ended - opened).wholeMinutes)
        return (minutes + AirFigures.longestCurve - 1) / AirFigures.longestCurve
    }

    /// How many were inside at once at most, in each stretch since it was opened.
    ///
    /// People who leave and who come within the same stretch count together only when they met there.
    fileprivate var curve: [Int] {
        guard ended > opened else { return [] }
        let step = Length.minutes(stride)
        let count = Int((ended - opened + step - Length(milliseconds: 1)).milliseconds / step.milliseconds)
        var curve = [Int](repeating: 0, count: min(count, AirFigures.longestCurve))
        var turns: [(at: Moment, change: Int)] = []
        for stay in attendance.flatMap(\.stays) where stay.end > stay.start {
            turns += [(max(stay.start, opened), 1), (min(stay.end, ended), -1)]
        }
        // Who leaves at an instant has left before somebody comes at it.
        turns.sort { ($0.at, $0.change) < ($1.at, $1.change) }
        var (inside, next) = (0, 0)
        for index in curve.indices {
            let end = opened + Length(milliseconds: step.milliseconds * Int64(index + 1))
            curve[index] = inside
            while next < turns.count, turns[next].at < end {
                inside += turns[next].change
                curve[index] = max(curve[index], inside)
                next += 1
            }
        }
        return curve.map { max(0, $0) }
    }
}
