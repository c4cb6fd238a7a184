// SPDX-License-Identifier: Apache-2.0
import Desk

// Implemented: RFC 5545 VCALENDAR/VEVENT/VALARM in UTC, RFC 7986 NAME and REFRESH-INTERVAL, RFC 5546 REQUEST and CANCEL.
// Not implemented: recurrence, time-zone components (Bangkok has no daylight saving; UTC says it exactly).

/// Writes iCalendar text (RFC 5545): property lines, escaped and folded.
struct ICalendarText {
    private(set) var text = ""

    /// Adds one content line whose value is already of its type.
    mutating func line(_ name: String, _ value: String) { fold("\(name):\(value)") }

    /// Adds one content line of type TEXT (section 3.3.11).
    mutating func prose(_ name: String, _ value: String) { fold("\(name):\(Self.escaped(value))") }

    /// Opens the calendar object.
    ///
    /// - Parameter method: nil for what lies on a calendar server (RFC 4791, 4.1: it carries none).
    mutating func begin(method: String?) {
        line("BEGIN", "VCALENDAR")
        line("VERSION", "2.0")
        line("PRODID", "-//Sanyan//Desk//TH")
        line("CALSCALE", "GREGORIAN")
        if let method { line("METHOD", method) }
    }

    mutating func end() { line("END", "VCALENDAR") }

    /// One occasion (3.6.1), with its alarm (3.6.6).
    ///
    /// - Parameters:
    ///   - uid: by what it was put there, when the office has another address since.
    ///   - between: who invites whom; nil for what nobody is invited to.
    ///   - isCancelled: called off for the reader, whatever it is for others; nil as the entry says.
    mutating func event(_ entry: CalendarEntry, uid: String? = nil, between: Inviting? = nil, isCancelled: Bool? = nil)
    {
        line("BEGIN", "VEVENT")
        line("UID", uid ?? entry.uid)
        // For METHOD:PUBLISH this is when the information was last revised (3.8.7.2), so an unchanged feed is byte-equal.
        line("DTSTAMP", Self.utc(entry.revisedAt))
        line("SEQUENCE", String(between?.sequence ?? entry.revision))
        if let between { people(between) }
        if let span = entry.content.span {
            line("DTSTART", Self.utc(span.start))
            line("DTEND", Self.utc(span.end))
        }
        prose("SUMMARY", entry.content.title)
        if entry.isSecret { line("CLASS", "CONFIDENTIAL") }
        if !entry.content.place.isEmpty { prose("LOCATION", entry.content.place) }
        prose("DESCRIPTION", entry.content.description)
        line("URL", entry.page)
        if let link = entry.link { line("CONFERENCE;VALUE=URI;FEATURE=VIDEO", link) }
        line("CATEGORIES", entry.service.rawValue.uppercased())
        let isOff = isCancelled ?? entry.isCancelled
        line("STATUS", (isOff ? .cancelled : entry.certainty).rawValue.uppercased())
        if let minutes = entry.alarmMinutes, !isOff {
            line("BEGIN", "VALARM")
            line("ACTION", "DISPLAY")
            line("TRIGGER", "-PT\(minutes)M")
            prose("DESCRIPTION", entry.content.title)
            line("END", "VALARM")
        }
        line("END", "VEVENT")
    }

    /// ORGANIZER and ATTENDEE (3.8.4.3, 3.8.4.1). No answer is asked for: who is assigned is told, not asked.
    private mutating func people(_ inviting: Inviting) {
        line("ORGANIZER;CN=\(Self.quoted(inviting.organiserName))", "mailto:\(inviting.organiser)")
        line(
            "ATTENDEE;CN=\(Self.quoted(inviting.attendeeName));ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE",
            "mailto:\(inviting.attendee)")
    }

    /// Who invites whom (RFC 5546, 3.2.2), and the number of this invitation among those the attendee got.
    struct Inviting {
        var organiser: String
        var organiserName: String
        var attendee: String
        var attendeeName: String
        var sequence: Int
    }

    /// A parameter's value between quotes (3.2): what may not stand there is left out.
    static func quoted(_ value: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in value.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\"" {
            out.append(scalar)
        }
        return "\"\(String(out))\""
    }

    /// Form 2 of DATE-TIME (3.3.5): `20261214T020000Z`.
    static func utc(_ moment: Moment) -> String {
        // A day number of the Bangkok calendar seven hours earlier is the day in Greenwich.
        let greenwich = moment - .hours(7)
        let day = Day(of: greenwich)
        let seconds = Int((greenwich - day.start).milliseconds / 1000)
        let date = "\(day.year)\(day.month.twoDigits)\(day.dayOfMonth.twoDigits)"
        return "\(date)T\((seconds / 3600).twoDigits)\((seconds / 60 % 60).twoDigits)\((seconds % 60).twoDigits)Z"
    }

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
