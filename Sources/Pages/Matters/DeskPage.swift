// SPDX-License-Identifier: Apache-2.0

import Desk

/// My desk: what awaits me now, most pressing first; what is coming; how much there is.
struct DeskPage: Page {
    static let template = "desk"
    let frame: Frame
    /// Those to be called by telephone.
    let calls: [CallSlip]
    let sections: [Section]
    let todayTitle: String
    let today: [OccasionRow]
    let coming: [OccasionRow]
    let counts: [CountRow]

    /// What awaits one role.
    struct Section: Sendable {
        let id: String
        let title: String
        let rows: [MatterRow]
        /// Said when nothing waits; nil when something does.
        let peace: String?
        let more: String?
    }

    /// An occasion of today or of this week.
    struct OccasionRow: Sendable {
        let path: String
        let tone: String
        let time: String
        let title: String
        let place: String
        let people: String
        let chip: ChipRow
    }

    /// How many matters are at a stage.
    struct CountRow: Sendable {
        let path: String
        let count: String
        let name: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let waiting = SampleMatters.waiting
        let reckoner = SampleMatters.reckoner
        let now = SampleMatters.now
        let rows = reckoner.byUrgency(waiting).map { matter, deadline in
            MatterRow(
                matter, phrases, deadline: deadline, at: now,
                act: ActRow(label: phrases.words("desk.act.toDecide"), path: "/matters/1/decision", look: ""))
        }
        let occasion = OccasionRow(
            path: "/matters/1", tone: "live", time: "09:00–12:00 น.", title: "ถ่ายทอดสดพิธีไหว้ครู", place: "หอประชุมใหญ่",
            people: "นายอนันต์ เสียงใส", chip: ChipRow(.inService, phrases))
        let frame = paper.frame(
            .sample(path: "/desk"), title: phrases.words("desk.title"),
            lead: phrases.words("desk.lead", phrases.date(now), 2))
        return [
            Sample(
                "executive",
                DeskPage(
                    frame: frame,
                    calls: ["ต่อ 2345", "0-0000-0000", ""].map { phone in
                        let person = Person(
                            id: .init(1), username: "anan", name: "นายอนันต์ เสียงใส", roles: [.officer], phone: phone)
                        return CallSlip(
                            call: CallRow(person), title: "ถ่ายทอดสดพิธีไหว้ครู", path: "/matters/1",
                            when: phrases.moment(now + .minutes(9)), donePath: "/calls/1/acknowledgement")
                    },
                    sections: [
                        Section(
                            id: "executive", title: phrases.role(.executive), rows: rows, peace: nil,
                            more: phrases.words("desk.more", 3))
                    ], todayTitle: phrases.words("desk.today", phrases.date(now)), today: [occasion],
                    coming: [occasion],
                    counts: [CountRow(path: "/matters?stage=toDecide", count: "4", name: "รอพิจารณา")])),
            Sample(
                "peace",
                DeskPage(
                    frame: frame, calls: [],
                    sections: [
                        Section(
                            id: "officer", title: phrases.role(.officer), rows: [], peace: phrases.words("desk.peace"),
                            more: nil)
                    ], todayTitle: phrases.words("desk.today", phrases.date(now)), today: [], coming: [], counts: [])),
        ]
    }
}
