// SPDX-License-Identifier: Apache-2.0

import Desk

/// The run sheet of one occasion, for a telephone in one hand: open, log what goes wrong, end, show the three questions.
struct ServicePage: Page {
    static let template = "service"
    let frame: Frame
    let errors: ErrorSummary?
    let chip: ChipRow
    let when: String
    let place: String
    let matterPath: String
    let preparationPath: String
    let clock: Clock?
    /// Why it cannot be opened yet.
    let notReady: String?
    let join: LinkRow?
    /// How its broadcast is.
    let air: AirLine?
    let open: OpenForm?
    let incident: WatchPage.IncidentForm?
    let incidents: [EntryRow]
    let end: EndForm?
    let evaluation: EvaluationBox?
    let officers: [CallRow]
    let network: NetworkCalls?

    /// What the clock says, in words; an open page counts on from `since` or down to `until` (milliseconds since 1970).
    struct Clock: Sendable {
        let name: String
        let said: String
        let since: Int64?
        let until: Int64?
    }

    struct OpenForm: Sendable {
        let path: String
        let once: String
    }

    struct EndForm: Sendable {
        let path: String
        let once: String
        let isOpen: Bool
        let fields: [FieldRow]
    }

    struct EvaluationBox: Sendable {
        let address: String
        let qr: Markup
        let path: String
    }

    /// The network section's people, as the part `calls` wants them.
    struct NetworkCalls: Sendable {
        let officers: [CallRow]
    }
}

/// The three questions as a code that a hall can read from its screen, and that prints on one sheet.
struct EvaluationQRPage: Page {
    static let template = "evaluation-qr"
    let frame: Frame
    let qr: Markup
    let address: String
    let servicePath: String
    /// Why nobody can answer yet.
    let notYet: String?

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/matters/12/evaluation-qr")
        let matter = SampleOccasion.ended.matter
        let page = EvaluationQRPage(
            frame: paper.frame(visit, title: paper.words(visit)("evaluationqr.title"), lead: matter.letter.title),
            qr: ServicePage.sampleCode, address: "http://127.0.0.1:8080/evaluate/sample",
            servicePath: "/matters/12/service",
            notYet: paper.words(visit)("evaluationqr.notYet"))
        return [Sample("hall", page)]
    }
}
