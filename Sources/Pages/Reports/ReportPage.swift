// SPDX-License-Identifier: Apache-2.0

/// A month's report: every number opens the matters behind it.
struct ReportPage: Page {
    static let template = "report"
    let frame: Frame
    let errors: ErrorSummary?
    let state: ChipRow
    /// The month is not over, or nobody has drafted it: figures still move.
    let preliminary: String?
    let isEmpty: Bool
    let figures: [Figure]
    let charts: [ChartRow]
    let tables: [CountTable]
    let limits: [LimitsRow]
    let late: [LateRow]
    let loads: [LoadRow]
    let signatures: [PairRow]
    let remarks: String?
    /// What may be done here, by this person, now.
    let acts: Acts
    let path: String
    let earlier: String?
    let later: String?

    /// A number with the matters behind it; nil where there is nothing to open.
    struct Figure: Sendable {
        let name: String
        let value: String
        let link: String?
    }

    struct ChartRow: Sendable {
        let name: String
        let heading: String
        let svg: Markup
    }

    struct CountTable: Sendable {
        let title: String
        let column: String
        let rows: [Figure]
    }

    struct LimitsRow: Sendable {
        let step: String
        let limit: String
        let count: Figure
        let median: String
        let ninetieth: String
        let percent: String
        let isKept: Bool
        let late: Figure
    }

    struct LateRow: Sendable {
        let matter: String
        let path: String
        let step: String
        let by: String
        let reason: String
    }

    struct LoadRow: Sendable {
        let name: String
        let count: Figure
        let hours: String
    }

    struct Acts: Sendable {
        let remark: FieldRow?
        let canPresent: Bool
        let canAcknowledge: Bool
    }
}
