// SPDX-License-Identifier: Apache-2.0

import Desk

/// The checklists of row 4, one for each kind of service.
struct ChecklistsPage: Page {
    static let template = "checklists"
    let frame: Frame
    let lists: [List]
    let back: SettingsFormPage.Link

    struct List: Sendable {
        let service: String
        let title: String
        let lines: [Line]
        let addPath: String
    }

    struct Line: Sendable {
        let id: String
        let text: String
        let english: String
        let path: String
        let marks: String?
        let isFirst: Bool
        let isLast: Bool
    }

    static func list(_ service: Service, _ checks: [Check], _ phrases: Phrases) -> List {
        let words = phrases.words
        let lines = checks.enumerated().map { index, check in
            let marks = [
                check.needsEvidence ? words("checklists.evidence") : nil,
                check.isSystemTest ? words("checklists.systemTest") : nil,
            ].compactMap(\.self)
            return Line(
                id: check.id, text: check.thai, english: check.english,
                path: "/admin/checklists/\(service.rawValue)/\(check.id)",
                marks: marks.isEmpty ? nil : marks.joined(separator: " · "), isFirst: index == 0,
                isLast: index == checks.count - 1)
        }
        return List(
            service: service.rawValue, title: phrases.service(service), lines: lines,
            addPath: "/admin/checklists/\(service.rawValue)/new")
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/checklists")
        let words = paper.words(visit)
        let phrases = Phrases(words)
        return [
            Sample(
                "published",
                ChecklistsPage(
                    frame: paper.frame(visit, title: words("checklists.title"), lead: words("checklists.lead")),
                    lists: [
                        list(.meeting, Office.publishedMeetingChecklist, phrases),
                        list(.broadcast, Office.publishedBroadcastChecklist, phrases),
                    ], back: .init(label: words("admin.title"), path: "/admin")))
        ]
    }
}
