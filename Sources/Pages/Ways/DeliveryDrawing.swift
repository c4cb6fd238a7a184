// SPDX-License-Identifier: Apache-2.0

import Desk

/// One delivery as a line of a table: on the matter's page and on the board of what waits.
struct DeliveryLine: Sendable {
    let id: String
    let way: String
    let what: String
    let person: String
    let due: String
    let sent: String
    let accepted: String
    let shown: String
    let seen: String
    let chip: ChipRow
    /// What hindered it, and what to do; nil for nothing.
    let trouble: String?
    /// The matter that it is about; nil on the matter's own page.
    let matter: MatterLink?
    /// Refused: it may be tried once more.
    let mayRetry: Bool

    struct MatterLink: Sendable {
        let path: String
        let title: String
    }
}

/// Puts deliveries into words.
struct DeliveryDrawing {
    let names: Names
    let phrases: Phrases
    private var words: Words { phrases.words }

    /// - Parameter kind: what the notice is that travels, where it is one.
    func line(_ delivery: Delivery, kind: Errand.Kind?, matter: DeliveryLine.MatterLink? = nil) -> DeliveryLine {
        func at(_ moment: Moment?) -> String { moment.map(phrases.moment) ?? "–" }
        return DeliveryLine(
            id: delivery.id, way: words("way.\(delivery.way.rawValue)"), what: what(delivery.freight, kind),
            person: recipient(delivery.to), due: phrases.moment(delivery.due), sent: at(delivery.sentAt),
            accepted: at(delivery.acceptedAt), shown: at(delivery.shownAt), seen: at(delivery.acknowledgedAt),
            chip: chip(delivery),
            trouble: delivery.trouble.map { "\($0.said(words)) \($0.remedy(words))" }, matter: matter,
            mayRetry: delivery.fate == .refused)
    }

    private func what(_ freight: Delivery.Freight, _ kind: Errand.Kind?) -> String {
        switch freight {
        case .notice: kind.map { phrases.kind($0) } ?? words("freight.notice")
        case .check: words("freight.check")
        case .trial: words("freight.trial")
        case .calendarEntry: words("freight.calendarEntry")
        case .entry(let number): words("freight.entry", number)
        case .reply: words("freight.reply")
        case .seat: words("freight.seat")
        case .paper(.returnMemo): words("freight.returnMemo")
        case .paper(.networkNotice): words("freight.networkNotice")
        case .paper(.report(let month)):
            words("freight.report", words.language == .thai ? ThaiDate.long(month) : ThaiDate.english(month))
        }
    }

    private func recipient(_ to: Delivery.Recipient) -> String {
        switch to {
        case .person(let id): names.person(id)
        case .contact: words("recipient.contact")
        case .invitee: words("recipient.invitee")
        case .office: words("recipient.office")
        case .hook(let number): words("recipient.hook", number)
        }
    }

    private func chip(_ delivery: Delivery) -> ChipRow {
        switch delivery.fate {
        case nil where delivery.trouble != nil: ChipRow(.overdue, words("delivery.again"))
        case nil: ChipRow(.waiting, words(delivery.sentAt == nil ? "delivery.waits" : "delivery.out"))
        case .accepted where delivery.acknowledgedAt != nil, .acceptedLate where delivery.acknowledgedAt != nil:
            ChipRow(.done, words("delivery.acknowledged"))
        case .accepted where delivery.shownAt != nil: ChipRow(.done, words("delivery.shown"))
        case .accepted: ChipRow(.approved, words("delivery.accepted"))
        case .acceptedLate: ChipRow(.due, words("delivery.acceptedLate"))
        case .refused: ChipRow(.overdue, words("delivery.refused"))
        case .stale: ChipRow(.returned, words("delivery.stale"))
        case .cancelled: ChipRow(.returned, words("delivery.cancelled"))
        case .known: ChipRow(.done, words("delivery.known"))
        }
    }

    /// In one sentence what waits and what was refused, for the top of a matter's page; nil when all went through.
    func summary(_ deliveries: [Delivery]) -> NoticeRow? {
        let refused = deliveries.filter { $0.fate == .refused }
        let stuck = deliveries.filter { $0.fate == nil && $0.trouble != nil }
        guard let worst = refused.last ?? stuck.last, let trouble = worst.trouble else { return nil }
        let way = words("way.\(worst.way.rawValue)")
        let text = words(
            worst.fate == .refused ? "delivery.summary.refused" : "delivery.summary.waits", way, recipient(worst.to),
            trouble.said(words), trouble.remedy(words))
        return NoticeRow(.warn, text)
    }
}
