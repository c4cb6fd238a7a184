// SPDX-License-Identifier: Apache-2.0

import Desk

/// The secretariat's counter (รับหนังสือ): a scan is dropped, the letter keyed in within the table's five minutes.
struct CounterPage: Page {
    static let template = "counter"
    let frame: Frame
    let errors: ErrorSummary?
    let drop: FieldRow
    let groups: [FieldGroup]
    let kept: [KeptRow]
    let units: [String]
    /// Mails that may be letters wait; nil when none does.
    let mails: String?
    /// The mail that this is keyed in from; nil for none.
    let mail: String?
    let once: String
    /// When the form was opened, sealed; what the keying took is reckoned from it.
    let began: String

    init(
        frame: Frame, letter: LetterForm, kept: [KeptRow], units: [String], mails: String? = nil, mail: String? = nil,
        once: String, began: String, refusal: Refusal? = nil
    ) {
        let words = letter.words
        self.frame = frame
        self.kept = kept
        self.units = units
        self.mails = mails
        self.mail = mail
        self.once = once
        self.began = began
        drop = letter.file(words("counter.file.hint"))
        groups = [letter.letterGroup, letter.occasionGroup, letter.contactGroup]
        errors = letter.errors([letter.fileGroup("")] + groups, refusal: refusal)
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        func page(_ letter: LetterForm, kept: [KeptRow]) -> CounterPage {
            CounterPage(
                frame: paper.frame(
                    .sample(path: "/counter"), title: words("counter.title"), lead: words("counter.lead"),
                    scripts: ["enhance.js", "drop.js"]), letter: letter, kept: kept,
                units: ["คณะตัวอย่างศาสตร์", "กองกลาง"], mails: kept.isEmpty ? words("counter.mails", 2) : nil,
                mail: kept.isEmpty ? nil : "7", once: "sample", began: "sample")
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
