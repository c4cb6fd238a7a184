// SPDX-License-Identifier: Apache-2.0

/// A day off (วันหยุด), with where the announcement stands.
public struct Holiday: Hashable, Codable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// วันหยุดราชการประจำปี
        case law
        /// วันหยุดชดเชย
        case substitute
        /// วันหยุดพิเศษตามมติคณะรัฐมนตรี
        case special
        /// วันหยุดของมหาวิทยาลัย
        case university
    }

    public var day: Day
    public var name: String
    public var kind: Kind
    /// Where the date was announced.
    public var source: String

    public init(day: Day, name: String, kind: Kind, source: String) {
        self.day = day
        self.name = name
        self.kind = kind
        self.source = source
    }
}

/// When the office works (ปฏิทินวันทำการ): weekdays but holidays, within the office's hours.
public struct WorkingCalendar: Hashable, Sendable {
    /// When work begins and ends on a working day.
    public var opens: TimeOfDay
    public var closes: TimeOfDay
    public private(set) var holidays: [Day: Holiday]

    public init(opens: TimeOfDay, closes: TimeOfDay, holidays: [Holiday]) {
        self.opens = opens
        self.closes = closes
        self.holidays = Dictionary(holidays.map { ($0.day, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public func isWorking(_ day: Day) -> Bool { !day.isWeekend && holidays[day] == nil }

    /// Why nobody works that day; nil on a working day.
    public func reasonOff(_ day: Day) -> DayOff? {
        if let holiday = holidays[day] { return .holiday(holiday) }
        return day.isWeekend ? .weekend(day) : nil
    }

    /// The working day that lies `count` working days before a day, and the days that were passed over on the way.
    public func workingDay(_ count: Int, before day: Day) -> (day: Day, skipped: [DayOff]) {
        var left = count
        var candidate = day
        var skipped: [DayOff] = []
        // A year without one working day would be a broken table; the bound keeps a wrong table from hanging the desk.
        for _ in 0..<(400 + 2 * count) where left > 0 {
            candidate = candidate.adding(days: -1)
            if let off = reasonOff(candidate) { skipped.append(off) } else { left -= 1 }
        }
        return (candidate, skipped)
    }

    /// The first working day on or after a day.
    public func firstWorkingDay(from day: Day) -> Day {
        var candidate = day
        for _ in 0..<400 where !isWorking(candidate) { candidate = candidate.adding(days: 1) }
        return candidate
    }

    /// The moment at which `length` of working time has passed since `start`, and the days off met on the way.
    public func after(_ length: Length, from start: Moment) -> (moment: Moment, skipped: [DayOff]) {
        var left = length
        var day = Day(of: start)
        var now = start
        var skipped: [DayOff] = []
        for _ in 0..<4000 {
            if let off = reasonOff(day) {
                skipped.append(off)
            } else {
                let from = max(now, day.at(opens))
                let until = day.at(closes)
                if from < until {
                    if left <= until - from { return (from + left, skipped) }
                    left = left - (until - from)
                }
            }
            day = day.adding(days: 1)
            now = day.start
        }
        return (now, skipped)
    }
}

/// A day on which nobody works.
public enum DayOff: Hashable, Sendable {
    case weekend(Day)
    case holiday(Holiday)

    public var day: Day {
        switch self {
        case .weekend(let day): day
        case .holiday(let holiday): holiday.day
        }
    }
}
