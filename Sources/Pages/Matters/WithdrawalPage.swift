// SPDX-License-Identifier: Apache-2.0

import Desk

/// Withdrawing a matter for its requester, with the reason.
struct WithdrawalPage: Page {
    static let template = "withdrawal"
    let frame: Frame
    let errors: ErrorSummary?
    let path: String
    let back: String
    let seen: String
    let once: String
    let facts: [PairRow]
    let reason: FieldRow

    init(frame: Frame, matter: Matter, reason: String, once: String, phrases: Phrases, refusal: Refusal? = nil) {
        let words = phrases.words
        self.frame = frame
        path = "/matters/\(matter.id)/withdrawal"
        back = "/matters/\(matter.id)"
        seen = String(matter.folder.count)
        self.once = once
        facts = [
            PairRow(words("field.unit"), matter.letter.unit),
            PairRow(words("matter.occasion"), phrases.span(matter.letter.span)),
            PairRow(words("field.place"), matter.letter.place),
        ]
        let error = refusal.map { "\($0.sentence(words)) \($0.remedy(words))" }
        let isReason = refusal == .reasonMissing || refusal == .noteTooLong(limit: noteLimit)
        self.reason = FieldRow(
            "reason", words("withdrawal.reason"), .area, value: reason, hint: words("withdrawal.reason_hint"),
            error: isReason ? error : nil)
        errors = ErrorSummary(lines: error.map { [ErrorRow(field: isReason ? "reason" : "main", text: $0)] } ?? [])
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let matter = SampleMatters.prepared
        let frame = paper.frame(
            .sample(path: "/matters/5/withdrawal"), title: phrases.words("withdrawal.title"), lead: matter.letter.title)
        return [
            Sample(
                "no-reason",
                WithdrawalPage(
                    frame: frame, matter: matter, reason: "", once: "a", phrases: phrases, refusal: .reasonMissing))
        ]
    }
}
