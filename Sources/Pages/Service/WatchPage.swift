// SPDX-License-Identifier: Apache-2.0

/// The watch board of the network section (เฝ้าระวัง): what is on, what comes, and how much the network will carry.
struct WatchPage: Page {
    static let template = "watch"
    let frame: Frame
    let errors: ErrorSummary?
    /// Larger, for a screen on the wall.
    let isWall: Bool
    /// The other size.
    let otherPath: String
    let reloadPath: String
    /// When this board was drawn.
    let drawn: String
    let live: [LiveRow]
    let hours: Markup
    let hoursTitle: String
    let fortnight: Markup
    let days: [DayRow]

    /// An occasion that is on, or ought to be.
    struct LiveRow: Sendable {
        let id: String
        let title: String
        let path: String
        let chip: ChipRow
        let elapsed: String
        /// Milliseconds since 1970 from which the open page counts on; nil while it has not been opened.
        let since: Int64?
        let pairs: [PairRow]
        let officers: [CallRow]
        let join: LinkRow?
        let incidents: [EntryRow]
        let incident: IncidentForm?
        let acknowledge: AcknowledgeForm?
        /// How its broadcast is.
        let air: AirLine?
    }

    struct DayRow: Sendable {
        let date: String
        /// The most that is expected in any hour of the day.
        let peak: String
        let occasions: [OccasionRow]
    }

    struct OccasionRow: Sendable {
        let id: String
        let time: String
        let held: String
        let title: String
        let path: String
        let place: String
        let rooms: String?
        let traffic: String
        let officers: [CallRow]
        let chip: ChipRow
        let acknowledge: AcknowledgeForm?
    }

    /// One press: รับทราบ.
    struct AcknowledgeForm: Sendable {
        let path: String
        let once: String
        let back: String
        let title: String
    }

    /// What went wrong, how bad it was; each press is an entry with its time and its person.
    struct IncidentForm: Sendable {
        let path: String
        let once: String
        let back: String
        let place: String
        let isOpen: Bool
        let isWrong: Bool
        let kinds: [KindRow]
        let note: String
        let severities: [SeverityRow]
    }

    struct KindRow: Sendable {
        let id: String
        let value: String
        let text: String
        let isChosen: Bool
    }

    struct SeverityRow: Sendable {
        let value: String
        let text: String
        let tone: String
    }
}
