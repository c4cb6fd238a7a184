// SPDX-License-Identifier: Apache-2.0

/// The ladder (บันไดแจ้งเตือน): how a notice climbs from way to way while nobody acknowledges it.
///
/// Before an occasion a rung is so many minutes before it begins. Every other notice climbs the same rungs with the same
/// distances between them, from the moment it is written, and ends where people outside would be asked.
public struct Ladder: Hashable, Codable, Sendable {
    public struct Rung: Hashable, Codable, Sendable {
        public var way: Way
        /// Minutes before the occasion begins.
        public var minutesBefore: Int

        public init(_ way: Way, minutesBefore: Int) {
            self.way = way
            self.minutesBefore = minutesBefore
        }
    }

    public var rungs: [Rung]
    /// From here to there no telephone rings for what can wait. Equal means never quiet.
    public var quietFrom: TimeOfDay
    public var quietUntil: TimeOfDay

    public init(rungs: [Rung], quietFrom: TimeOfDay, quietUntil: TimeOfDay) {
        self.rungs = rungs
        self.quietFrom = quietFrom
        self.quietUntil = quietUntil
    }

    /// Push at −30 (row 5 of the procedure), LINE at −20, mail at −15, the second officer and the call list at −10.
    public static let usual = Ladder(
        rungs: [
            Rung(.push, minutesBefore: 30), Rung(.ntfy, minutesBefore: 30), Rung(.line, minutesBefore: 20),
            Rung(.mail, minutesBefore: 15), Rung(.second, minutesBefore: 10), Rung(.callList, minutesBefore: 10),
        ], quietFrom: .eightInTheEvening, quietUntil: .sevenInTheMorning)

    /// An occasion that begins within this is near: it is never quiet about it.
    public static let near = Length.hours(24)

    /// The moment itself, or the end of the quiet hours it falls into.
    func afterQuiet(_ moment: Moment) -> Moment {
        guard quietFrom != quietUntil else { return moment }
        let day = Day(of: moment)
        let (from, until) = (day.at(quietFrom), day.at(quietUntil))
        if quietFrom < quietUntil { return from <= moment && moment < until ? until : moment }
        if moment >= from { return day.adding(days: 1).at(quietUntil) }
        return moment < until ? until : moment
    }
}

extension Errand.Kind {
    /// Climbs to other people when its addressee does not answer: the occasion itself is at stake.
    var isPressing: Bool { self == .reminder }
}

/// What a notice sends out, rung by rung; a rung whose way does not reach the person is left out.
///
/// - Parameters:
///   - errand: what put the notice into the inbox.
///   - reach: the ways that are set up and reach the person.
///   - occasion: when the matter's occasion begins; nil without a matter.
public func deliveries(
    for notice: Notice, of errand: Errand, reach: Set<Way>, occasion: Moment?, ladder: Ladder, at now: Moment
) -> [Delivery] {
    let start = notice.kind.isPressing ? occasion : nil
    let ways = Set(reach).union(start == nil ? [] : [.second, .callList])
    let rungs = ladder.rungs.filter { ways.contains($0.way) }
    guard let top = ladder.rungs.map(\.minutesBefore).max(), let first = rungs.map(\.minutesBefore).max()
    else { return [] }
    let isNear = occasion.map { $0 - now <= Ladder.near } ?? false
    return rungs.map { rung in
        // Whoever has no telephone with us is reached at the first rung by the first way that does reach them.
        let minutes = rung.minutesBefore == first ? top : rung.minutesBefore
        let due: Moment
        if let start {
            // The first rung leaves with the notice, whenever the office has its reminders written.
            due = minutes == top ? now : max(now, start - .minutes(minutes))
        } else {
            let planned = now + .minutes(top - minutes)
            due = isNear ? planned : ladder.afterQuiet(planned)
        }
        return Delivery(
            id: "\(errand.id)/p\(notice.person)/\(rung.way.rawValue)", way: rung.way, freight: .notice(notice.id),
            to: .person(notice.person), matter: notice.matter, due: due,
            stale: start ?? due + (rung.way == .mail ? .days(5) : .days(1)))
    }
}

extension Way {
    /// How long to wait before the next attempt after so many; nil when there is none.
    ///
    /// Mail: at least thirty minutes apart, given up after five days (RFC 5321 section 4.5.4.1), but for the first two.
    /// Webhooks: the schedule that Standard Webhooks names. Calendars: doubled up to an hour, for a week.
    public func pause(afterTries tries: Int) -> Length? {
        switch self {
        case .push, .ntfy, .line: tries > 200 ? nil : .seconds([5, 15, 30, 60][min(tries, 4) - 1])
        case .mail, .invitation: tries > 240 ? nil : .minutes([1, 5, 30][min(tries, 3) - 1])
        case .google, .caldav: tries > 180 ? nil : .seconds(min(3600, 10 << min(tries - 1, 9)))
        case .webhook:
            tries > 8 ? nil : .seconds([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000][tries - 1])
        case .second, .callList: tries > 200 ? nil : .seconds(5)
        }
    }
}
