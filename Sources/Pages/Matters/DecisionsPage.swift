// SPDX-License-Identifier: Apache-2.0

import Desk

/// The folders before the executives (แฟ้มเสนอ), one card each, most pressing first.
struct DecisionsPage: Page {
    static let template = "decisions"
    let frame: Frame
    /// What the last press has done. It stands right above the next card, where the address leads back to.
    let done: NoticeRow?
    let cards: [DecisionCard]
    /// Said when no folder waits.
    let peace: String?
    let more: String?

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let words = phrases.words
        return [
            Sample(
                "three",
                DecisionsPage(
                    frame: paper.frame(
                        .sample(path: "/decisions"), title: words("decisions.title"), lead: words("decisions.lead", 2)),
                    done: nil,
                    cards: [
                        DecisionPage.card(phrases, isFirst: true),
                        DecisionPage.card(
                            phrases, isFirst: false, typed: .init(error: words("refusal.reason_missing"))),
                    ], peace: nil, more: words("decisions.more", 4))),
            Sample(
                "peace",
                DecisionsPage(
                    frame: paper.frame(.sample(path: "/decisions"), title: words("decisions.title")),
                    done: NoticeRow(.good, words("decisions.approved", "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู")),
                    cards: [], peace: words("decisions.peace"), more: nil)),
        ]
    }
}
