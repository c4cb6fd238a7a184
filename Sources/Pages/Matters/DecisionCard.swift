// SPDX-License-Identifier: Apache-2.0

import Desk

/// One folder before an executive: everything the decision needs, and its two buttons. Shown by `parts/decision-card`.
struct DecisionCard: Sendable {
    /// The card's place on the page.
    let anchor: String
    let path: String
    let folder: String
    let number: String
    let title: String
    let unit: String
    let when: String
    let place: String
    let audience: String
    let service: String
    let chips: [ChipRow]
    let limit: LimitRow?
    let remarks: String?
    let letters: [LinkRow]
    let circumstances: [CircumstanceRow]
    let seen: String
    let once: String
    let reasons: [FieldRow.Option]
    let note: String
    let lateReason: String
    let isLate: Bool
    /// What was wrong with a decline; opens its section.
    let declineError: String?

    /// A file of the letter.
    struct LinkRow: Sendable, Hashable {
        let path: String
        let text: String
    }

    /// Something the desk has looked up already: a clash, how much is on that day, who is free.
    struct CircumstanceRow: Sendable, Hashable {
        let tone: String
        let text: String
        let lines: [String]

        init(_ tone: StateTone, _ text: String, lines: [String] = []) {
            self.tone = tone.rawValue
            self.text = text
            self.lines = lines
        }
    }

    /// What was typed before, when the card is shown again.
    struct Typed: Sendable {
        var reason = ""
        var note = ""
        var lateReason = ""
        var error: String?
    }
}

extension DecisionCard {
    init(
        _ matter: Matter, _ phrases: Phrases, deadline: Deadline?, at now: Moment, documents: [Document],
        circumstances: [CircumstanceRow], once: String, typed: Typed = Typed()
    ) {
        let letter = matter.letter
        anchor = "m\(matter.id)"
        path = "/matters/\(matter.id)/decision"
        folder = "/matters/\(matter.id)"
        number = phrases.number(matter)
        title = letter.title
        unit = letter.unit
        when = phrases.span(letter.span)
        place = letter.place
        audience = phrases.words("decision.audience", letter.expectedAudience)
        service = phrases.service(matter.service)
        chips = [
            ChipRow(matter.classification?.urgency, phrases), ChipRow(matter.classification?.secrecy, phrases),
        ].compactMap(\.self)
        limit = deadline.map { LimitRow($0, at: now, phrases) }
        remarks = letter.remarks.isEmpty ? nil : letter.remarks
        letters = documents.map { LinkRow(path: documentPath($0.id), text: phrases.document($0)) }
        self.circumstances = circumstances
        seen = String(matter.folder.count)
        self.once = once
        reasons =
            [FieldRow.Option("", phrases.words("decision.choose_reason"), isChosen: typed.reason.isEmpty)]
            + DeclineReason.allCases.map {
                FieldRow.Option($0.rawValue, phrases.declineReason($0), isChosen: $0.rawValue == typed.reason)
            }
        note = typed.note
        lateReason = typed.lateReason
        isLate = deadline?.isOverdue(at: now) ?? false
        declineError = typed.error
    }
}

/// Where a document's bytes are shown.
func documentPath(_ id: Document.ID) -> String { "/documents/\(id)" }

extension ChipRow {
    /// Nil for an open letter.
    init?(_ secrecy: Secrecy?, _ phrases: Phrases) {
        guard let secrecy, secrecy != .open else { return nil }
        self.init(.returned, phrases.secrecy(secrecy))
    }
}

extension Phrases {
    /// `หนังสือ.pdf (PDF 1.2 MB)`
    func document(_ document: Document) -> String {
        let bytes = document.bytes
        let size = bytes >= 1_048_576 ? "\(oneDecimal(Double(bytes) / 1_048_576)) MB" : "\(max(1, bytes / 1024)) KB"
        return "\(document.name) (\(document.kind.rawValue.uppercased()) \(size))"
    }
}
