// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation

/// One content line (RFC 5545, 3.1) of what somebody else has written.
struct ICalendarLine: Hashable, Sendable {
    /// In capitals, as `DTSTART`.
    var name: String
    /// In capitals, with their values without quotes.
    var parameters: [String: String]
    var value: String

    init?(_ line: Substring) {
        // A colon between quotes belongs to a parameter (3.2).
        var (pieces, piece, isQuoted) = ([String](), "", false)
        var rest = line.unicodeScalars
        var value: String?
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                isQuoted.toggle()
            } else if scalar == ":", !isQuoted {
                value = String(rest)
                break
            } else if scalar == ";", !isQuoted {
                pieces.append(piece)
                piece = ""
            } else {
                piece.unicodeScalars.append(scalar)
            }
        }
        guard let value else { return nil }
        pieces.append(piece)
        name = pieces[0].uppercased()
        guard !name.isEmpty,
            name.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
        else { return nil }
        var parameters: [String: String] = [:]
        for piece in pieces.dropFirst() {
            guard let equal = piece.firstIndex(of: "=") else { return nil }
            parameters[piece[..<equal].uppercased()] = String(piece[piece.index(after: equal)...])
        }
        self.parameters = parameters
        self.value = value
    }

    /// A value of type TEXT (3.3.11).
    var prose: String {
        var (out, rest) = (String.UnicodeScalarView(), value.unicodeScalars[...])
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                out.append(scalar)
                continue
            }
            guard let next = rest.popFirst() else { break }
            out.append(next == "n" || next == "N" ? "\n" : next)
        }
        return String(out)
    }
}

/// Reads the one event of a calendar object resource (RFC 4791, 4.1), as it came back from a server.
///
/// Strict about its form, for whatever cannot be read is shown to a person instead of being guessed at; indifferent to
/// everything that people do not read.
enum ICalendarReader {
    /// Larger than this is not read, in bytes; more lines neither.
    static let longestBytes = 1 << 20
    private static let mostLines = 20_000

    /// Its content; nil for what is no calendar with an event.
    static func content(_ bytes: [UInt8]) -> CalendarContent? {
        guard bytes.count <= longestBytes, let lines = lines(String(decoding: bytes, as: UTF8.self)) else { return nil }
        guard lines.first?.name == "BEGIN", lines.first?.value.uppercased() == "VCALENDAR" else { return nil }
        guard let event = event(lines) else { return nil }
        func prose(_ name: String) -> String { event.first { $0.name == name }?.prose ?? "" }
        let series: Set<String> = ["RRULE", "RDATE", "RECURRENCE-ID", "EXRULE"]
        return CalendarContent(
            title: prose("SUMMARY"), place: prose("LOCATION"), description: prose("DESCRIPTION"), span: span(event),
            repeats: event.contains { series.contains($0.name) })
    }

    /// Whether the event is called off.
    static func isCancelled(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= longestBytes, let lines = lines(String(decoding: bytes, as: UTF8.self)) else {
            return false
        }
        return event(lines)?.contains { $0.name == "STATUS" && $0.value.uppercased() == "CANCELLED" } ?? false
    }

    /// Unfolded (3.1); a line feed alone ends a line too, as many write it. Nil when a line is none, or blocks do not nest.
    private static func lines(_ text: String) -> [ICalendarLine]? {
        var unfolded = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\r", rest.first == "\n" { continue }
            if scalar == "\n", rest.first == " " || rest.first == "\t" {
                rest.removeFirst()
            } else {
                unfolded.append(scalar)
            }
        }
        let written = String(unfolded).unicodeScalars.split(separator: "\n")
        guard written.count <= mostLines else { return nil }
        var (lines, open) = ([ICalendarLine](), [String]())
        for text in written {
            guard let line = ICalendarLine(Substring(text)) else { return nil }
            if line.name == "BEGIN" { open.append(line.value.uppercased()) }
            if line.name == "END" { guard open.popLast() == line.value.uppercased() else { return nil } }
            lines.append(line)
        }
        return open.isEmpty ? lines : nil
    }

    /// The properties of the first event itself, without those of its alarms. The event of a series comes before its
    /// exceptions with every server that is known.
    private static func event(_ lines: [ICalendarLine]) -> [ICalendarLine]? {
        var (open, found) = ([String](), [ICalendarLine]())
        for line in lines {
            switch line.name {
            case "BEGIN": open.append(line.value.uppercased())
            case "END":
                if open == ["VCALENDAR", "VEVENT"] { return found }
                open.removeLast()
            default: if open == ["VCALENDAR", "VEVENT"] { found.append(line) }
            }
        }
        return nil
    }

    /// DTSTART with DTEND or DURATION (3.6.1); nil when it cannot be reckoned.
    private static func span(_ event: [ICalendarLine]) -> Span? {
        guard let begin = event.first(where: { $0.name == "DTSTART" }), let start = moment(begin) else { return nil }
        if let end = event.first(where: { $0.name == "DTEND" }) {
            return moment(end).map { Span(start: start, end: $0) }
        }
        if let length = event.first(where: { $0.name == "DURATION" }) {
            return duration(length.value).map { Span(start: start, end: start + $0) }
        }
        let isDay = begin.parameters["VALUE"]?.uppercased() == "DATE"
        return Span(start: start, end: isDay ? start + .days(1) : start)
    }

    /// DATE (3.3.4) and the three forms of DATE-TIME (3.3.5). A time without a zone is Bangkok's.
    static func moment(_ line: ICalendarLine) -> Moment? {
        let digits = Array(line.value.utf8)
        func number(_ from: Int, _ count: Int) -> Int? {
            guard digits.count >= from + count else { return nil }
            let part = digits[from..<from + count]
            guard part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(String(decoding: part, as: UTF8.self))
        }
        guard let year = number(0, 4), let month = number(4, 2), let dayOfMonth = number(6, 2),
            let day = Day(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if digits.count == 8 { return day.start }
        guard digits.count == 15 || (digits.count == 16 && digits[15] == UInt8(ascii: "Z")),
            digits[8] == UInt8(ascii: "T"),
            let hour = number(9, 2), (0...23).contains(hour), let minute = number(11, 2), (0...59).contains(minute),
            let second = number(13, 2), (0...60).contains(second)
        else { return nil }
        let wall = day.start + .seconds(hour * 3600 + minute * 60 + second)
        if digits.count == 16 { return wall + .hours(7) }
        guard let name = line.parameters["TZID"] else { return wall }
        return inZone(name, year, month, dayOfMonth, hour, minute, second)
    }

    private static func inZone(
        _ name: String, _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
    ) -> Moment? {
        // Some write a path before the zone's name: `/example.com/Asia/Bangkok`.
        let parts = name.split(separator: "/")
        let names = [name, parts.suffix(2).joined(separator: "/"), parts.suffix(3).joined(separator: "/")]
        guard let zone = names.lazy.compactMap({ TimeZone(identifier: $0) }).first else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let wanted = DateComponents(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        return calendar.date(from: wanted).map { Moment(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }

    /// DURATION (3.3.6): `PT1H30M`, `P2D`, `P1W`.
    static func duration(_ text: String) -> Length? {
        var rest = Substring(text.hasPrefix("+") ? String(text.dropFirst()) : text)
        guard rest.popFirst() == "P" else { return nil }
        var (seconds, digits, isTime, isAny) = (0, "", false, false)
        for letter in rest {
            if letter.isASCII, letter.isNumber {
                digits.append(letter)
                if digits.count > 6 { return nil }
                continue
            }
            if letter == "T", !isTime, digits.isEmpty {
                isTime = true
                continue
            }
            guard let count = Int(digits) else { return nil }
            switch (letter, isTime) {
            case ("W", false): seconds += count * 604_800
            case ("D", false): seconds += count * 86_400
            case ("H", true): seconds += count * 3600
            case ("M", true): seconds += count * 60
            case ("S", true): seconds += count
            default: return nil
            }
            digits = ""
            isAny = true
        }
        return isAny && digits.isEmpty ? .seconds(seconds) : nil
    }
}
