// SPDX-License-Identifier: Apache-2.0

import Desk

/// A change of the letter by the secretariat; says before pressing what it does to the approval.
struct AmendmentPage: Page {
    static let template = "amendment"
    let frame: Frame
    let errors: ErrorSummary?
    let path: String
    let back: String
    let seen: String
    let once: String
    /// What a change does to the approval, before anything is typed.
    let warning: NoticeRow
    let groups: [FieldGroup]
    let reason: FieldRow
    let changes: [ChangeRow]
    /// What this change will do; nil until somebody has looked.
    let verdict: NoticeRow?

    init(
        frame: Frame, matter: Matter, contact: Contact?, letter: LetterForm, reason: String, once: String, looks: Bool,
        refusal: Refusal? = nil
    ) {
        let words = letter.words
        let phrases = Phrases(words)
        self.frame = frame
        path = "/matters/\(matter.id)/amendment"
        back = "/matters/\(matter.id)"
        seen = String(matter.folder.count)
        self.once = once
        let isApproved = matter.decision?.isApproval == true
        warning =
            isApproved
            ? NoticeRow(.warn, words("amendment.withdraws")) : NoticeRow(.plain, words("amendment.before_approval"))
        groups = [letter.letterGroup, letter.occasionGroup, letter.contactGroup]
        let lacksReason = refusal == .reasonMissing
        self.reason = FieldRow(
            "reason", words("amendment.reason"), .area, value: reason, hint: words("amendment.reason_hint"),
            error: lacksReason ? words("refusal.reason_missing") : nil, isRequired: false)
        changes = looks ? phrases.changes(from: matter.letter, to: letter.letter) : []
        let changesContact = contact != letter.contact
        verdict =
            looks
            ? Self.verdict(matter, letter.letter, changesContact: changesContact, isApproved: isApproved, words) : nil
        let typed = letter.errors(groups)?.lines ?? []
        var said: [ErrorRow] = []
        if lacksReason {
            said = [ErrorRow(field: "reason", text: words("refusal.reason_missing"))]
        } else if let refusal, typed.isEmpty {
            said = [ErrorRow(field: "main", text: "\(refusal.sentence(words)) \(refusal.remedy(words))")]
        }
        errors = ErrorSummary(lines: typed + said)
    }

    private static func verdict(
        _ matter: Matter, _ new: Letter, changesContact: Bool, isApproved: Bool, _ words: Words
    ) -> NoticeRow {
        let old = matter.letter
        if new == old {
            return changesContact
                ? NoticeRow(.good, words("amendment.contact_only")) : NoticeRow(.plain, words("amendment.nothing"))
        }
        guard isApproved else { return NoticeRow(.good, words("amendment.will_stay")) }
        return new.span != old.span || new.place != old.place || new.service != old.service
            ? NoticeRow(.warn, words("amendment.will_fall")) : NoticeRow(.good, words("amendment.will_stand"))
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let matter = SampleMatters.prepared
        var changed = matter.letter
        changed.place = "หอประชุมเล็ก"
        let contact = Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: "duangjai@example.ac.th")
        let frame = paper.frame(
            .sample(path: "/matters/5/amendment"), title: words("amendment.title"), lead: matter.letter.title)
        return [
            Sample(
                "looked",
                AmendmentPage(
                    frame: frame, matter: matter, contact: contact,
                    letter: LetterForm(changed, contact: contact, words: words),
                    reason: "ผู้ขอขอย้ายห้อง", once: "a", looks: true)),
            Sample(
                "no-reason",
                AmendmentPage(
                    frame: frame, matter: SampleMatters.waiting[0], contact: contact,
                    letter: LetterForm(changed, contact: contact, words: words), reason: "", once: "a", looks: false,
                    refusal: .reasonMissing)),
        ]
    }
}
