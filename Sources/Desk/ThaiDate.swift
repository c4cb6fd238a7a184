// SPDX-License-Identifier: Apache-2.0

/// Why a typed date was not understood; each has its sentence in the words of the pages.
public enum DateFault: String, Error, Hashable, Codable, Sendable, CaseIterable {
    case empty
    /// Not any of the forms that are read.
    case unreadable
    /// As 31 กุมภาพันธ์.
    case noSuchDay
    /// A year of the Christian era where the Buddhist era is asked for.
    case christianYear
    /// A year that no letter can mean.
    case yearOutOfRange
    /// "วันพุธที่ …" on a day that is not a Wednesday.
    case wrongWeekday
    /// Not a time such as 09:30.
    case unreadableTime
}

/// Thai dates as people type and read them, always of the Buddhist era.
public enum ThaiDate {
    public static let months = [
        "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
        "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
    ]
    public static let shortMonths = [
        "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
    ]
    public static let weekdays = ["อาทิตย์", "จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์"]
    static let englishMonths = [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ]
    static let englishWeekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// Reads `14/12/2569`, `14-12-69`, `14 ธ.ค. 2569`, `วันจันทร์ที่ ๑๔ ธันวาคม ๒๕๖๙`, and a browser's `2026-12-14`.
    public static func parse(_ text: String) throws(DateFault) -> Day {
        let plain = arabicDigits(text).trimmed.lowercased()
        guard !plain.isEmpty else { throw .empty }
        if let iso = isoParts(plain) { return try day(iso.day, iso.month, iso.year, isISO: true) }
        let words = plain.split { " /-.,\u{00A0}".contains($0) }.map(String.init)
        if let numbers = allNumbers(words), numbers.count == 3 {
            return try day(numbers[0], numbers[1], numbers[2], isISO: false)
        }
        return try spelled(plain)
    }

    /// Reads `9:30`, `09.30`, `0930`, `๙.๓๐ น.`
    public static func parseTime(_ text: String) throws(DateFault) -> TimeOfDay {
        var plain = arabicDigits(text).trimmed
        if plain.isEmpty { throw .empty }
        if plain.hasSuffix("น.") { plain = String(plain.dropLast(2)).trimmed }
        if plain.hasSuffix("น") { plain = String(plain.dropLast(1)).trimmed }
        let parts = plain.split { ":.".contains($0) }.map(String.init)
        if parts.count == 1, plain.count == 4, let digits = Int(plain), plain.allSatisfy(\.isASCIIDigit),
            let time = TimeOfDay(hour: digits / 100, minute: digits % 100)
        {
            return time
        }
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isASCIIDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), let time = TimeOfDay(hour: hour, minute: minute)
        else { throw .unreadableTime }
        return time
    }

    /// `วันจันทร์ที่ 14 ธันวาคม 2569`
    public static func long(_ day: Day) -> String {
        "วัน\(weekdays[day.weekday])ที่ \(day.dayOfMonth) \(months[day.month - 1]) \(day.buddhistYear)"
    }

    /// `14 ธันวาคม 2569`, as papers date themselves.
    public static func plain(_ day: Day) -> String { "\(day.dayOfMonth) \(months[day.month - 1]) \(day.buddhistYear)" }

    /// `จ. 14 ธ.ค. 69`
    public static func short(_ day: Day) -> String {
        let initials = ["อา.", "จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส."]
        return
            "\(initials[day.weekday]) \(day.dayOfMonth) \(shortMonths[day.month - 1]) \((day.buddhistYear % 100).twoDigits)"
    }

    /// `14/12/2569`, the form that is offered for typing.
    public static func typed(_ day: Day) -> String { "\(day.dayOfMonth)/\(day.month)/\(day.buddhistYear)" }

    /// `Monday 14 December 2026`
    public static func english(_ day: Day) -> String {
        "\(englishWeekdays[day.weekday]) \(day.dayOfMonth) \(englishMonths[day.month - 1]) \(day.year)"
    }

    /// `พฤศจิกายน 2569`
    public static func long(_ month: Month) -> String { "\(months[month.month - 1]) \(month.buddhistYear)" }

    /// `November 2026`
    public static func english(_ month: Month) -> String { "\(englishMonths[month.month - 1]) \(month.year)" }

    /// Thai digits become Arabic ones.
    public static func arabicDigits(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    (0x0E50...0x0E59).contains(scalar.value)
                        ? Unicode.Scalar(UInt8(scalar.value - 0x0E50 + 0x30)) : scalar
                }))
    }

    /// Arabic digits become Thai ones, for papers that want them.
    public static func thaiDigits(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    (0x30...0x39).contains(scalar.value)
                        ? Unicode.Scalar(UInt32(0x0E50) + scalar.value - 0x30) ?? scalar : scalar
                }))
    }

    private static func isoParts(_ text: String) -> (year: Int, month: Int, day: Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0].count == 4, let numbers = allNumbers(parts) else { return nil }
        return (numbers[0], numbers[1], numbers[2])
    }

    private static func allNumbers(_ words: [String]) -> [Int]? {
        let numbers = words.compactMap { $0.count <= 4 && $0.allSatisfy(\.isASCIIDigit) ? Int($0) : nil }
        return numbers.count == words.count ? numbers : nil
    }

    private static func day(_ day: Int, _ month: Int, _ year: Int, isISO: Bool) throws(DateFault) -> Day {
        var buddhist = year
        if year < 100 { buddhist += 2500 } else if isISO, (1900...2200).contains(year) { buddhist += 543 }
        if !isISO, (1900...2200).contains(year) { throw .christianYear }
        guard (2400...2700).contains(buddhist) else { throw .yearOutOfRange }
        guard let found = Day(year: buddhist - 543, month: month, day: day) else { throw .noSuchDay }
        return found
    }

    /// A date with the month's name in it, and perhaps the weekday's.
    private static func spelled(_ text: String) throws(DateFault) -> Day {
        var rest = text
        var saidWeekday: Int?
        if rest.hasPrefix("วัน") {
            // พฤหัสบดี is often written พฤหัส; the longer name is tried first.
            let names = weekdays.enumerated().map { ($0.offset, $0.element) } + [(4, "พฤหัส")]
            for (index, name) in names where rest.hasPrefix("วัน" + name) {
                saidWeekday = index
                rest = String(rest.dropFirst(("วัน" + name).count))
                break
            }
            // "วันที่ 14 …" names no weekday.
            if saidWeekday == nil, rest.hasPrefix("วันที่") { rest = String(rest.dropFirst("วัน".count)) }
            rest = rest.trimmed
        }
        if rest.hasPrefix("ที่") { rest = String(rest.dropFirst("ที่".count)).trimmed }
        let number = rest.prefix { $0.isASCIIDigit }
        rest = String(rest.dropFirst(number.count)).trimmed
        if rest.hasPrefix("เดือน") { rest = String(rest.dropFirst("เดือน".count)).trimmed }
        guard let dayNumber = Int(number), number.count <= 2, let (month, length) = monthName(rest) else {
            throw .unreadable
        }
        rest = String(rest.dropFirst(length)).trimmed
        for era in ["พุทธศักราช", "พ.ศ.", "พศ"] where rest.hasPrefix(era) {
            rest = String(rest.dropFirst(era.count)).trimmed
        }
        guard rest.count == 2 || rest.count == 4, rest.allSatisfy(\.isASCIIDigit), let year = Int(rest) else {
            throw .unreadable
        }
        let found = try day(dayNumber, month, year, isISO: false)
        if let saidWeekday, saidWeekday != found.weekday { throw .wrongWeekday }
        return found
    }

    /// The month a text begins with, and how many characters its name took.
    private static func monthName(_ text: String) -> (month: Int, length: Int)? {
        for names in [months, shortMonths, shortMonths.map { $0.without(".") }] {
            for (index, name) in names.enumerated() where text.hasPrefix(name) { return (index + 1, name.count) }
        }
        return nil
    }
}

extension String {
    /// Without white space at either end.
    public var trimmed: String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }

    fileprivate func without(_ mark: Character) -> String { String(filter { $0 != mark }) }
}

extension Character {
    /// One of 0…9.
    public var isASCIIDigit: Bool { self >= "0" && self <= "9" }
}
