// SPDX-License-Identifier: Apache-2.0

import Desk

/// The checklist of one matter (จัดเตรียมและทดสอบ), the network notice, the link, and what makes it ready.
struct PreparationPage: Page {
    static let template = "preparation"
    let frame: Frame
    let errors: ErrorSummary?
    let matterPath: String
    let chip: ChipRow
    let about: [PairRow]
    /// Where to go when it is ready; nil before.
    let servicePath: String?
    /// Why there is nothing to prepare yet.
    let nothingYet: String?
    let limit: LimitRow?
    /// How the limit was counted, line by line.
    let reckoning: [String]
    let progress: Progress?
    let groups: [Group]
    let network: NetworkBox?
    /// Not `link`: that name belongs to the rows of the part `pair`, and an empty one would find this one.
    let join: LinkBox?
    let readiness: ReadinessBox?

    /// How many checks are done: `4 จาก 6`.
    struct Progress: Sendable {
        let said: String
        let done: Int
        let all: Int
    }

    /// Preparing of kit, or tests of the system.
    struct Group: Sendable {
        let title: String
        let checks: [CheckRow]
    }

    struct CheckRow: Sendable {
        let id: String
        let name: String
        let chip: ChipRow
        let done: Done?
        let tick: Tick?
    }

    /// A check that somebody has ticked.
    struct Done: Sendable {
        let said: String
        let iso: String
        let value: String?
        let note: String?
        let photo: Photo?
        /// Where to send the taking back; nil when it cannot be taken back now.
        let untickPath: String?
    }

    struct Photo: Sendable {
        let path: String
        let alternative: String
    }

    /// The small form of one open check.
    struct Tick: Sendable {
        let path: String
        let once: String
        let needsEvidence: Bool
        let isOpen: Bool
        let isWrong: Bool
        let value: String
        let note: String
        let kept: [KeptRow]
        let late: LateRow?
    }

    /// Asks why it is late, where the act ends a step that is.
    struct LateRow: Sendable {
        let id: String
        let text: String
    }

    struct NetworkBox: Sendable {
        let pairs: [PairRow]
        let chip: ChipRow
        let form: NetworkForm?
    }

    struct NetworkForm: Sendable {
        let path: String
        let once: String
        let fields: [FieldRow]
        let button: String
        /// A notice was sent before: the form then stands folded.
        let isAgain: Bool
        let late: LateRow?
    }

    struct LinkBox: Sendable {
        let now: LinkRow?
        let path: String?
        let once: String
        let fields: [FieldRow]
    }

    struct ReadinessBox: Sendable {
        let path: String
        let once: String
        let seen: Int
        let isOpen: Bool
        let missing: [String]
        let fields: [FieldRow]
        let late: LateRow?
    }
}
