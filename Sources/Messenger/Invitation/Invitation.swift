// SPDX-License-Identifier: Apache-2.0
import Desk

/// An invitation by mail (iMIP, RFC 6047): what the mail's calendar part says, and its few words for people.
struct Invitation: Hashable, Sendable {
    /// The method of the calendar part (RFC 5546, 3.2): in its text and in its media type alike.
    enum Method: String, Hashable, Sendable {
        case request = "REQUEST"
        case cancel = "CANCEL"
    }

    var method: Method
    /// The iCalendar text.
    var calendar: String
    var subject: String
    var text: String

    /// - Parameters:
    ///   - sequence: rises from one invitation to the next that the same person gets about the same matter.
    ///   - uid: by what the first invitation went; nil for the first.
    init(
        _ method: Method, to person: Person, of entry: CalendarEntry, from organiser: InvitationSettings,
        office: Office,
        sequence: Int, uid: String?
    ) {
        self.method = method
        let name = organiser.organiserName.isEmpty ? office.thaiName : organiser.organiserName
        let between = ICalendarText.Inviting(
            organiser: organiser.organiser, organiserName: name, attendee: person.mail, attendeeName: person.name,
            sequence: sequence)
        var calendar = ICalendarText()
        calendar.begin(method: method.rawValue)
        calendar.event(entry, uid: uid, between: between, isCancelled: method == .cancel ? true : nil)
        calendar.end()
        self.calendar = calendar.text
        let times = entry.content.span.map(Self.times) ?? ""
        switch method {
        case .request:
            subject = "\(uid == nil ? "" : "ปรับปรุง: ")\(entry.content.title)"
            text = """
                ท่านได้รับมอบหมายงาน
                \(entry.content.title)
                \(times)
                \(entry.content.place)

                You are assigned to this occasion. Your calendar reads the invitation.
                \(entry.page)

                """
        case .cancel:
            subject = "ยกเลิก: \(entry.content.title)"
            text = """
                งานนี้ไม่อยู่ในความรับผิดชอบของท่านแล้ว หรือถูกยกเลิก
                \(entry.content.title)
                \(times)

                This occasion is off, or no longer yours.
                \(entry.page)

                """
        }
    }

    private static func times(_ span: Span) -> String {
        let (first, last) = (Day(of: span.start), Day(of: span.end))
        let end = first == last ? "" : "\(ThaiDate.long(last)) "
        return "\(ThaiDate.long(first)) \(TimeOfDay(of: span.start)) – \(end)\(TimeOfDay(of: span.end)) น."
    }
}
