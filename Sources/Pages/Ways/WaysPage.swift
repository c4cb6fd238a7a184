// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Every way out of the house with its health: by what notices, papers and occasions reach people outside.
struct WaysPage: Page {
    static let template = "ways"
    let frame: Frame
    let ways: [WayCard]
    let back: SettingsFormPage.Link

    struct WayCard: Sendable {
        let path: String
        let name: String
        let about: String
        let chip: ChipRow
        /// When something last went through; nil for never.
        let last: String?
        /// What is wrong, and what to do.
        let trouble: String?
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/ways")
        let phrases = Phrases(paper.words(visit))
        let now = SampleMatters.now
        let records = Way.settable.enumerated().map { number, way in
            WayRecord(
                way: way, isOn: number != 3, settings: "{}", acceptedAt: number == 0 ? now - .minutes(4) : nil,
                trouble: number == 1 ? Trouble(.wrongCredentials, "401") : nil,
                troubleAt: number == 1 ? now - .minutes(2) : nil)
        }
        return [
            Sample(
                "all",
                WaysPage(
                    frame: paper.frame(visit, title: phrases.words("ways.title"), lead: phrases.words("ways.lead")),
                    ways: records.map { WayCard($0, phrases) },
                    back: .init(label: phrases.words("admin.title"), path: "/admin")))
        ]
    }
}

extension WaysPage.WayCard {
    init(_ record: WayRecord, _ phrases: Phrases) {
        let words = phrases.words
        path = "/admin/ways/\(record.way.rawValue)"
        name = words("way.\(record.way.rawValue)")
        about = words("ways.about.\(record.way.rawValue)")
        chip = ChipRow(record, words)
        last = record.acceptedAt.map { words("ways.last", phrases.moment($0)) }
        trouble = record.isOn ? record.trouble.map { "\($0.said(words)) \($0.remedy(words))" } : nil
    }
}

extension ChipRow {
    /// Whether a way works.
    init(_ record: WayRecord, _ words: Words) {
        if record.settings.isEmpty {
            self.init(.done, words("ways.state.untouched"))
        } else if !record.isOn {
            self.init(.done, words("ways.state.off"))
        } else if record.trouble != nil {
            self.init(.overdue, words("ways.state.trouble"))
        } else {
            self.init(.approved, words("ways.state.on"))
        }
    }
}

extension Counter {
    /// GET /admin/ways
    func showWays(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let phrases = phrases(visit)
        let known = Set(wayForms.map { $0.way })
        let page = WaysPage(
            frame: frame(visit, phrases.words("ways.title"), lead: phrases.words("ways.lead")),
            ways: try await cabinet.ways().filter { known.contains($0.way) }.map { WaysPage.WayCard($0, phrases) },
            back: adminLink(visit))
        return paper.show(page, to: visit)
    }
}
