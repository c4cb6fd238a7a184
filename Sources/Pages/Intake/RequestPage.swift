// SPDX-License-Identifier: Apache-2.0

import Desk

/// The requester's form (หนังสือขอความอนุเคราะห์ on the web): no account, one page, nothing lost.
struct RequestPage: Page {
    static let template = "request"
    let frame: Frame
    let errors: ErrorSummary?
    let groups: [FieldGroup]
    let kept: [KeptRow]
    let once: String
    /// What section 23 of the Personal Data Protection Act wants said before the button.
    let privacy: [PairRow]

    init(frame: Frame, letter: LetterForm, kept: [KeptRow], once: String, office: Office, refusal: Refusal? = nil) {
        let words = letter.words
        self.frame = frame
        self.kept = kept
        self.once = once
        groups = [
            letter.occasionGroup, letter.letterGroup, letter.contactGroup,
            letter.fileGroup(words("request.file.hint")),
        ]
        errors = letter.errors(groups, refusal: refusal)
        privacy = [
            PairRow(words("privacy.controller"), "\(office.thaiName) \(office.organisation)"),
            PairRow(words("privacy.purpose"), words("privacy.purpose.text")),
            PairRow(words("privacy.basis"), words("privacy.basis.text")),
            PairRow(words("privacy.must"), words("privacy.must.text")),
            PairRow(words("privacy.kept"), words("privacy.kept.text")),
            PairRow(words("privacy.seen_by"), words("privacy.seen_by.text")),
            PairRow(words("privacy.rights"), words("privacy.rights.text", office.memoHead)),
        ]
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        func page(_ letter: LetterForm, kept: [KeptRow]) -> RequestPage {
            RequestPage(
                frame: paper.frame(
                    .sample(isSignedIn: false, path: "/request"), title: words("request.title"),
                    lead: words("request.lead")),
                letter: letter, kept: kept, once: "sample", office: .unnamed)
        }
        return [
            Sample("blank", page(LetterForm(blank: words, at: SampleMatter.now), kept: [])),
            Sample(
                "wrong",
                page(
                    LetterForm(SampleMatter.wrongForm, words: words, at: SampleMatter.now),
                    kept: [KeptRow(SampleMatter.document, token: "sample", words)])),
        ]
    }
}
