// SPDX-License-Identifier: Apache-2.0
import Desk
import Testing

@testable import Messenger

@Suite("RFC 5545, section 3.1 and 3.3.11: content lines")
struct ICalendarTextTests {
    @Test("no line is longer than 75 octets, and no Thai letter is cut", arguments: 1...120)
    func folding(length: Int) {
        let value = String(repeating: "น้ำ", count: length)
        var calendar = ICalendarText()
        calendar.prose("SUMMARY", value)
        let lines = calendar.text.components(separatedByCRLF: true)
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        #expect(calendar.text.unfolded == "SUMMARY:\(value)\r\n")
    }

    @Test("backslash, semicolon, comma and line feed are escaped; control characters go")
    func escaping() {
        #expect(ICalendarText.escaped("a\\b;c,d\ne\u{7}f\rg") == "a\\\\b\\;c\\,d\\nefg")
    }

    @Test("form 2 of DATE-TIME, across the Bangkok midnight and the year's end")
    func utc() throws {
        let newYear = try #require(Day(year: 2027, month: 1, day: 1))
        #expect(ICalendarText.utc(newYear.start) == "20261231T170000Z")
        #expect(ICalendarText.utc(newYear.start + .hours(7)) == "20270101T000000Z")
        #expect(ICalendarText.utc(newYear.start + .hours(9) + .minutes(5) + .seconds(7)) == "20270101T020507Z")
    }
}

extension String {
    /// The physical lines.
    func components(separatedByCRLF: Bool) -> [String] {
        var lines: [String] = []
        var line = ""
        for character in self {
            if character == "\r\n" {
                lines.append(line)
                line = ""
            } else {
                line.append(character)
            }
        }
        return lines
    }

    /// Section 3.1: a break followed by one space is nothing. By scalars: a mark after the space makes one letter of both.
    var unfolded: String {
        var out = String.UnicodeScalarView()
        var rest = unicodeScalars[...]
        while let first = rest.popFirst() {
            if first == "\r", rest.starts(with: "\n ".unicodeScalars) { rest.removeFirst(2) } else { out.append(first) }
        }
        return String(out)
    }
}
