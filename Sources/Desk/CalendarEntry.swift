// SPDX-License-Identifier: Apache-2.0

/// A matter's occasion as calendars show it (รายการปฏิทิน): made of the folder, and never a second truth beside it.
///
/// Calendars lie on telephones and on other people's servers: a classified matter shows when and where, not what.
public struct CalendarEntry: Hashable, Sendable {
    /// STATUS of a VEVENT (RFC 5545, 3.8.1.11).
    public enum Certainty: String, Codable, Hashable, Sendable, CaseIterable {
        case confirmed
        /// A date that was moved is decided and assigned anew; until then it is not sure.
        case tentative
        case cancelled
    }

    /// UID (RFC 5545, 3.8.4.7): the same for as long as the office keeps its address.
    public var uid: String
    public var content: CalendarContent
    /// SEQUENCE (RFC 5545, 3.8.7.4): rises with every significant change, by the folder alone.
    public var revision: Int
    public var certainty: Certainty
    /// Nil once there is nothing to be reminded of.
    public var alarmMinutes: Int?
    public var isSecret: Bool
    /// Where the occasion is joined or watched; nil for none, and for a classified matter.
    public var link: String?
    /// The matter's page.
    public var page: String
    public var service: Service
    /// When the folder last grew (DTSTAMP).
    public var revisedAt: Moment

    public var isCancelled: Bool { certainty == .cancelled }

    /// - Parameter rooms: those that the office has; the booked ones are where the occasion is.
    /// - Returns: nil for a matter that has never been assigned: it is in no calendar.
    public init?(_ matter: Matter, office: Office, rooms: [Room] = []) {
        guard matter.lastAssignment != nil else { return nil }
        let isOpen = !matter.isSecret
        let host = office.address.split(separator: "/").dropFirst().first.map(String.init) ?? "sanyan"
        uid = "matter-\(matter.id)@\(host.split(separator: ":").first.map(String.init) ?? host)"
        content = CalendarContent(
            title: isOpen ? matter.letter.title : "เรื่องลับ", place: Self.place(of: matter, rooms: rooms),
            description: Self.description(of: matter, isOpen: isOpen), span: matter.letter.span)
        revision = matter.sequence
        certainty = Self.certainty(of: matter)
        alarmMinutes = matter.assignment != nil && !matter.stage.isFinal ? office.reminderMinutes : nil
        isSecret = !isOpen
        link = isOpen ? matter.link : nil
        page = "\(office.address)/matters/\(matter.id)"
        service = matter.service
        revisedAt = matter.folder.last?.at ?? matter.letter.span.start
    }

    private static func certainty(of matter: Matter) -> Certainty {
        if matter.assignment != nil { return .confirmed }
        return matter.stage == .toDecide || matter.stage == .toAssign ? .tentative : .cancelled
    }

    /// The booked rooms, else the letter's own words.
    private static func place(of matter: Matter, rooms: [Room]) -> String {
        let booked = (matter.assignment?.rooms ?? []).compactMap { id in rooms.first { $0.id == id } }
        let names = booked.map { "\($0.name) \($0.building)".trimmed }
        return names.isEmpty ? matter.letter.place : names.joined(separator: ", ")
    }

    private static func description(of matter: Matter, isOpen: Bool) -> String {
        var lines = isOpen ? [matter.letter.unit] : []
        if let number = matter.incoming { lines.append("เลขรับ \(number)") }
        if let assignment = matter.assignment {
            let held = assignment.held(around: matter.letter.span)
            lines.append("เตรียมสถานที่ \(TimeOfDay(of: held.start)) น. เก็บเสร็จ \(TimeOfDay(of: held.end)) น.")
        }
        if let link = matter.link, isOpen { lines.append(link) }
        return lines.joined(separator: "\n")
    }
}

/// What people read in a calendar: what is compared when somebody may have changed it there.
public struct CalendarContent: Hashable, Codable, Sendable {
    public var title: String
    public var place: String
    public var description: String
    /// When it is; nil when what stands there cannot be reckoned.
    public var span: Span?
    /// Somebody made a series of it; ours never are.
    public var repeats: Bool

    public init(title: String, place: String, description: String, span: Span?, repeats: Bool = false) {
        self.title = title
        self.place = place
        self.description = description
        self.span = span
        self.repeats = repeats
    }

    /// The same for what reads the same: calendars change line ends and blanks at the ends of what they are given.
    ///
    /// Parts are led by their length, so that no two contents are written alike.
    public var canonical: String {
        let texts = [title, place, description].map(Self.plain)
        let times = span.map { "\($0.start.milliseconds)-\($0.end.milliseconds)" } ?? "?"
        return (texts + [times, repeats ? "r" : ""]).map { "\($0.utf8.count):\($0)" }.joined()
    }

    /// What reads differently in another content, in the order in which people look.
    public func differences(from other: CalendarContent) -> [Part] {
        Part.allCases.filter { part in
            switch part {
            case .span: span != other.span || repeats != other.repeats
            case .title: Self.plain(title) != Self.plain(other.title)
            case .place: Self.plain(place) != Self.plain(other.place)
            case .description: Self.plain(description) != Self.plain(other.description)
            }
        }
    }

    /// A part of what people read.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        case span, title, place, description
    }

    private static func plain(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\r" { out.append(scalar) }
        return String(out).trimmed
    }
}

extension Matter {
    /// The assignment in force, or the last one there was.
    public var lastAssignment: Assignment? {
        if let assignment { return assignment }
        for entry in folder.reversed() {
            if case .assigned(let assignment, _) = entry.fact { return assignment }
        }
        return nil
    }

    /// Whether calendars have to show something else than before.
    func differsInCalendars(from before: Matter) -> Bool {
        guard let now = CalendarEntry(self, office: .unnamed) else { return false }
        guard let then = CalendarEntry(before, office: .unnamed) else { return true }
        return now.revision != then.revision || now.certainty != then.certainty || now.content != then.content
    }
}
