// SPDX-License-Identifier: Apache-2.0

/// What one sitting of a meeting came to (ตัวเลขการประชุม): numbers only, so that the folder keeps them for good. Who was
/// there is a `Sitting`, which lies beside the folder and can be forgotten.
///
/// A meeting that was closed and opened anew has several, known apart by when they opened.
public struct MeetFigures: Hashable, Codable, Sendable {
    /// When the first person was inside.
    public var opened: Moment
    /// When it was over.
    public var ended: Moment
    /// The most who were inside at once.
    public var peak: Int
    /// How many different people took part.
    public var people: Int
    /// How many of them came by a link of their own.
    public var identified: Int
    /// What all of them stayed together.
    public var personMinutes: Int
    /// The most who were inside at once in each stretch of `curveMinutes`, from the opening on.
    public var curve: [Int]
    public var curveMinutes: Int
    /// How often somebody's line broke.
    public var interruptions: Int
    /// Packets that did not come, in hundredths of a per cent: the mean of all people.
    public var lossBasisPoints: Int
    /// How many formal votes were held; polls are talk.
    public var votes: Int
    /// How many incidents were logged meanwhile; the desk counts them in the folder.
    public var incidents: Int

    public init(
        opened: Moment, ended: Moment, peak: Int, people: Int, identified: Int = 0, personMinutes: Int,
        curve: [Int] = [], curveMinutes: Int = 1, interruptions: Int = 0, lossBasisPoints: Int = 0, votes: Int = 0,
        incidents: Int = 0
    ) {
        self.opened = opened
        self.ended = ended
        self.peak = peak
        self.people = people
        self.identified = identified
        self.personMinutes = personMinutes
        self.curve = curve
        self.curveMinutes = curveMinutes
        self.interruptions = interruptions
        self.lossBasisPoints = lossBasisPoints
        self.votes = votes
        self.incidents = incidents
    }

    public var span: Span { Span(start: opened, end: ended) }

    /// Whether the numbers can be those of a sitting.
    var isSound: Bool {
        ended >= opened && ended - opened <= .days(40) && (0...100_000).contains(peak)
            && (peak...1_000_000).contains(people) && (0...people).contains(identified)
            && (0...1_000_000_000).contains(personMinutes) && curve.count <= AirFigures.longestCurve
            && curve.allSatisfy { (0...peak).contains($0) } && (1...10_000).contains(curveMinutes)
            && (0...1_000_000).contains(interruptions) && (0...10_000).contains(lossBasisPoints)
            && (0...10_000).contains(votes)
    }
}

extension Matter {
    /// Asks for an online meeting (ประชุมออนไลน์), with or without a broadcast.
    public var isMeeting: Bool { service != .broadcast }

    /// Whether it has a room, a console and links: an approved matter that asks for a meeting.
    public var hasMeeting: Bool { isMeeting && decision?.isApproval == true }

    /// How the meeting stands at a moment; nil while the matter has none, and when it was called off.
    public func meetTime(at now: Moment) -> AirTime? { hasMeeting ? liveTime(at: now) : nil }

    /// Minutes of all sittings.
    public var metMinutes: Int { sittings.reduce(0) { $0 + $1.span.length.wholeMinutes } }
    public var personMinutes: Int { sittings.reduce(0) { $0 + $1.personMinutes } }
    /// The most who were inside at once.
    public var peakAttendance: Int { sittings.map(\.peak).max() ?? 0 }
    /// The most who took part in one sitting: who came to two of them is one person.
    public var attendance: Int { sittings.map(\.people).max() ?? 0 }
    public var meetInterruptions: Int { sittings.reduce(0) { $0 + $1.interruptions } }
    public var votes: Int { sittings.reduce(0) { $0 + $1.votes } }
}
