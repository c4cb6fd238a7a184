// SPDX-License-Identifier: Apache-2.0
// Implemented: RFC 5545 VCALENDAR/VEVENT/VALARM in UTC, RFC 7986 NAME and REFRESH-INTERVAL.
// Not implemented: recurrence, time-zone components (Bangkok has no daylight saving; UTC says it exactly), attendees.

/// Writes iCalendar text (RFC 5545): property lines, escaped and folded.
struct ICalendarText {
    private(set) var text = ""

    /// Adds one content line whose value is already of its type.
    mutating func line(_ name: String, _ value: String) { fold("\(name):\(value)") }

    /// Adds one content line of type TEXT (section 3.3.11).
    mutating func prose(_ name: String, _ value: String) { fold("\(name):\(Self.escaped(value))") }

    /// Section 3.3.11: backslash, semicolon, comma and line feed are escaped; other control characters have no place.
    static func escaped(_ value: String) -> String {
        var out = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case ";": out += "\\;"
            case ",": out += "\\,"
            case "\n": out += "\\n"
            default:
                if scalar.value >= 0x20, scalar.value != 0x7F { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }

    /// Section 3.1: no line is longer than 75 octets, the break excluded, and a character of three octets is not cut.
    private mutating func fold(_ line: String) {
        var octets = 0
        for scalar in line.unicodeScalars {
            let width = String(scalar).utf8.count
            if octets + width > 75 {
                text += "\r\n "
                octets = 1
            }
            text.unicodeScalars.append(scalar)
            octets += width
        }
        text += "\r\n"
    }
}
