// SPDX-License-Identifier: Apache-2.0

import Desk

/// One folder's decision on a page of its own: to decide, or what was decided, by whom and when.
struct DecisionPage: Page {
    static let template = "decision"
    let frame: Frame
    let errors: ErrorSummary?
    /// What happened meanwhile, when somebody else was faster.
    let told: String?
    let decision: [PairRow]
    let card: DecisionCard?
    let folder: String

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let words = phrases.words
        let frame = paper.frame(.sample(path: "/matters/1/decision"), title: words("decision.title"))
        return [
            Sample(
                "to-decide",
                DecisionPage(
                    frame: frame,
                    errors: ErrorSummary(lines: [ErrorRow(field: "m1", text: words("refusal.reason_missing"))]),
                    told: nil, decision: [],
                    card: card(
                        phrases, isFirst: true,
                        typed: .init(reason: "noRoom", note: "<b>ห้อง</b>", error: words("refusal.reason_missing"))),
                    folder: "/matters/1")),
            Sample(
                "decided",
                DecisionPage(
                    frame: frame, errors: nil,
                    told: words("decision.told_declined", "ผศ.วิชัย ฟังก่อน", phrases.moment(SampleMatters.now)),
                    decision: decisionPairs(SampleMatters.declined, SampleMatters.names, phrases), card: nil,
                    folder: "/matters/4")),
        ]
    }

    static func card(_ phrases: Phrases, isFirst: Bool, typed: DecisionCard.Typed = .init()) -> DecisionCard {
        let matter = SampleMatters.waiting[isFirst ? 0 : 1]
        let now = SampleMatters.now + .hours(isFirst ? 6 : 0)
        let words = phrases.words
        return DecisionCard(
            matter, phrases, deadline: SampleMatters.reckoner.deadline(of: matter), at: now,
            documents: [
                Document(
                    id: .init(1), hash: "", name: "หนังสือขอความอนุเคราะห์.pdf", kind: .pdf, bytes: 1_300_000)
            ],
            circumstances: [
                .init(
                    .overdue, words("decision.room_clash"),
                    lines: [words("decision.taken", "หอประชุมใหญ่", "08:00–12:30 น.", "ปฐมนิเทศนิสิตใหม่")]),
                .init(.approved, words("decision.day_free")),
                .init(.due, words("decision.officers_free", 1, 4), lines: ["นางสาวกัญญา กล้องนิ่ง"]),
            ], once: isFirst ? "a" : "b", typed: typed)
    }
}

/// A decision as names and values; empty while there is none.
func decisionPairs(_ matter: Matter, _ names: Names, _ phrases: Phrases) -> [PairRow] {
    guard let decision = matter.decision else { return [] }
    let words = phrases.words
    var pairs = [
        PairRow(words("decision.outcome"), decision.isApproval ? phrases.act(.approve) : phrases.act(.decline)),
        PairRow(words("decision.by"), names.person(decision.by)),
        PairRow(words("decision.at"), phrases.moment(decision.at)),
    ]
    if let reason = decision.reason { pairs.append(PairRow(words("decision.reason"), phrases.declineReason(reason))) }
    if !decision.note.isEmpty { pairs.append(PairRow(words("decision.note"), decision.note)) }
    return pairs
}
