// SPDX-License-Identifier: Apache-2.0

import Desk

/// A letter that came back to the counter, corrected: for requesters who bring paper or telephone instead of using their link.
struct CompletionPage: Page {
    static let template = "completion"
    let frame: Frame
    let errors: ErrorSummary?
    let path: String
    let back: String
    let completion: CompletionForm

    init(frame: Frame, matter: Matter, letter: LetterForm, kept: [KeptRow], once: String, refusal: Refusal? = nil) {
        self.frame = frame
        path = "/matters/\(matter.id)/completion"
        back = "/matters/\(matter.id)"
        completion = CompletionForm(matter, letter: letter, asksContact: true, kept: kept, once: once)
        errors = letter.errors(completion.groups, refusal: refusal)
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let matter = SampleMatter.matter(SampleMatter.incomplete)
        let frame = paper.frame(
            .sample(path: "/matters/12/completion"), title: words("completion.title"), lead: matter.letter.title)
        let contact = Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: "duangjai@example.ac.th")
        return [
            Sample(
                "prefilled",
                CompletionPage(
                    frame: frame, matter: matter, letter: LetterForm(matter.letter, contact: contact, words: words),
                    kept: [], once: "a")),
            Sample(
                "wrong",
                CompletionPage(
                    frame: frame, matter: matter,
                    letter: LetterForm(SampleMatter.wrongForm, words: words, at: SampleMatter.now),
                    kept: [KeptRow(SampleMatter.document, token: "sample", words)], once: "a",
                    refusal: .stalePage(stage: .toRegister, by: nil))),
        ]
    }
}
