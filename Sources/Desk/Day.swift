// SPDX-License-Identifier: Apache-2.0

/// A day of the calendar (วันที่), kept in the Christian era; `buddhistYear` is what people read.
///
/// Thailand keeps UTC+7 all year, so a day and a moment turn into each other without a time-zone table.
public struct Day: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let dayOfMonth: Int

    /// Nil when there is no such day, as 31 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Day.length(ofMonth: month, year: year)
        else { return nil }
        self.init(unchecked: year, month, day)
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.dayOfMonth = day
    }

    /// The day on Bangkok's wall at a moment.
    public init(of moment: Moment) {
        self.init(number: Int((moment.milliseconds + Day.bangkokOffset).flooredDivision(by: 86_400_000)))
    }

    /// The day that lies `number` days after 1970-01-01 (days-from-civil arithmetic of the proleptic Gregorian calendar).
    public init(number: Int) {
        let shifted = number + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.init(
            unchecked: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    static let bangkokOffset: Int64 = 7 * 3_600_000

    /// Days since 1970-01-01.
    public var number: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.flooredDivision(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The year of the Buddhist era (พ.ศ.), by which the registers count.
    public var buddhistYear: Int { year + 543 }

    /// 0 is Sunday, 6 is Saturday.
    public var weekday: Int { (number + 4).flooredModulo(7) }
    public var isWeekend: Bool { weekday == 0 || weekday == 6 }

    /// Midnight in Bangkok at the beginning of this day.
    public var start: Moment { Moment(milliseconds: Int64(number) * 86_400_000 - Day.bangkokOffset) }

    /// This day at a time on Bangkok's wall clock.
    public func at(_ time: TimeOfDay) -> Moment { start + .minutes(time.minutes) }

    public func adding(days: Int) -> Day { Day(number: number + days) }

    public static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    /// ISO 8601, Christian era: `2026-11-23`.
    public var description: String { "\(year)-\(month.twoDigits)-\(dayOfMonth.twoDigits)" }

    /// Reads `2026-11-23`.
    public init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), let year = Int(parts[0]),
            let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let day = Day(iso: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a day"))
        }
        self = day
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A time on the wall clock, in minutes after midnight (0…1440; 1440 is the midnight that ends the day).
public struct TimeOfDay: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public let minutes: Int

    public init?(minutes: Int) {
        guard (0...1440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    public init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        minutes = hour * 60 + minute
    }

    /// The time on Bangkok's wall at a moment.
    public init(of moment: Moment) {
        minutes = Int((moment - Day(of: moment).start).milliseconds / 60_000)
    }

    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool { left.minutes < right.minutes }

    /// `09:05`, 24-hour.
    public var description: String { "\((minutes / 60).twoDigits):\((minutes % 60).twoDigits)" }
}

/// A month of the calendar, Christian era inside.
public struct Month: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public let year: Int
    public let month: Int

    public init?(year: Int, month: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        self.year = year
        self.month = month
    }

    public init(of day: Day) {
        year = day.year
        month = day.month
    }

    public init(of moment: Moment) { self.init(of: Day(of: moment)) }

    /// Reads `2026-11` and `2569-11`, which are the same month: years from 2400 on are of the Buddhist era.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            let year = Int(parts[0]), let month = Int(parts[1])
        else { return nil }
        self.init(year: year >= 2400 ? year - 543 : year, month: month)
    }

    public var buddhistYear: Int { year + 543 }
    public var firstDay: Day { Day(year: year, month: month, day: 1) ?? Day(number: 0) }
    public var next: Month { month == 12 ? Month(unchecked: year + 1, 1) : Month(unchecked: year, month + 1) }
    public var previous: Month { month == 1 ? Month(unchecked: year - 1, 12) : Month(unchecked: year, month - 1) }
    public var span: Span { Span(start: firstDay.start, end: next.firstDay.start) }

    private init(unchecked year: Int, _ month: Int) {
        self.year = year
        self.month = month
    }

    public static func < (left: Month, right: Month) -> Bool { left.firstDay < right.firstDay }

    /// `2569-11`, as the office writes it in an address.
    public var description: String { "\(buddhistYear)-\(month.twoDigits)" }
}

extension FixedWidthInteger {
    func flooredDivision(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    func flooredModulo(_ divisor: Self) -> Self { self - flooredDivision(by: divisor) * divisor }
}

extension Int {
    /// At least two digits.
    public var twoDigits: String { self < 10 && self >= 0 ? "0\(self)" : String(self) }
}
