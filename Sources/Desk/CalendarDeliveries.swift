// SPDX-License-Identifier: Apache-2.0

/// One calendar that a matter's occasion goes into: the way, and whose it is.
public struct CalendarRecipient: Hashable, Sendable {
    public var way: Way
    public var to: Delivery.Recipient

    public init(_ way: Way, _ to: Delivery.Recipient) {
        self.way = way
        self.to = to
    }
}

extension Delivery.Recipient {
    /// Short and stable, as it stands in a delivery's name: `office`, `p5`.
    public var mark: String {
        switch self {
        case .person(let id): "p\(id)"
        case .contact: "contact"
        case .invitee(let id): "i\(id)"
        case .office: "office"
        case .hook(let number): "h\(number)"
        }
    }
}

extension Delivery {
    /// The deliveries of an errand `.calendarEntry`: one for each calendar. What they bring is read when they are carried.
    public static func entries(
        of errand: Errand, matter: Matter, to recipients: [CalendarRecipient]
    ) -> [Delivery] {
        // A day past the end there is nothing left to be found in a calendar.
        let stale = max(matter.letter.span.end, errand.due) + .days(1)
        return recipients.map { recipient in
            Delivery(
                id: "\(errand.id)/\(recipient.way)/\(recipient.to.mark)", way: recipient.way, freight: .calendarEntry,
                to: recipient.to, matter: matter.id, due: errand.due, stale: stale)
        }
    }
}
