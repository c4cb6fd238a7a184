// SPDX-License-Identifier: Apache-2.0

import Desk

/// The console (ห้องควบคุม) of one broadcast, for a telephone in one hand: what comes in, what goes out, what is wrong.
///
/// The boxes with a template of their own in `parts` are sent again as they change; the forms around them stay.
struct ConsolePage: Page {
    static let template = "console"
    let frame: Frame
    let errors: ErrorSummary?
    /// Where changes are heard.
    let livePath: String
    let reloadPath: String
    let ways: [ActRow]
    var preview: PreviewBox?
    let state: StateBox
    let complaints: ComplaintsBox
    let air: AirBox
    let signal: SignalBox
    let audience: AudienceBox
    let remarks: RemarksBox
    let others: OthersBox
    let films: FilmsBox
    /// What an officer writes in it; nil for who only looks.
    let tools: ToolsBox?
    let incident: WatchPage.IncidentForm?
    let evidence: EvidenceBox?
    let encoder: EncoderBox?
    let closing: ConfirmForm?
    let watch: WatchBox

    struct PreviewBox: Sendable {
        var address: String
        let title: String
    }

    /// Where it stands.
    struct StateBox: Sendable {
        /// What this part of the page is called.
        let name: String
        let chip: ChipRow
        let clock: ServicePage.Clock?
        /// How many are there.
        let inside: String?
        /// A meeting is locked, recorded, on air.
        var signs: [ChipRow] = []
    }

    /// What is wrong; said to those who hear the page, so it comes again only when it has changed.
    struct ComplaintsBox: Sendable {
        /// A trial, the studio away, an order that was not carried out.
        let notices: [NoticeRow]
        let complaints: [String]
        /// Something comes in, and nothing is wrong with it.
        let isWell: Bool
    }

    /// On air and off it; what the audience sees instead.
    struct AirBox: Sendable {
        let said: String
        /// Not called `air`: without one, a template would find the box itself.
        let press: PressForm?
        let slatePath: String?
        let slates: [SlateButton]
    }

    /// A form of one button.
    struct PressForm: Sendable {
        let path: String
        let value: String
        let label: String
        /// `live`, `danger`, `quiet`; `big` beside it.
        let look: String
        /// What the button is known by in the page, where somebody stands on it while it changes.
        var anchor: String?
    }

    /// A button that is behind a warning.
    struct ConfirmForm: Sendable {
        let warning: String
        let press: PressForm
    }

    struct SlateButton: Sendable {
        let value: String
        let label: String
        let isOn: Bool
    }

    /// A measured number with its name; bad ones have a sentence among the complaints.
    struct Figure: Sendable {
        let name: String
        let value: String
        let isBad: Bool
    }

    struct SignalBox: Sendable {
        let figures: [Figure]
        let meter: Markup
        let loudness: [PairRow]
        let about: [PairRow]
        let drop: PressForm?
    }

    struct AudienceBox: Sendable {
        let figures: [Figure]
        let curve: Markup
        let markers: [String]
    }

    struct RemarksBox: Sendable {
        let nothing: String?
        let rows: [RemarkRow]
    }

    struct RemarkRow: Sendable {
        let from: String
        let text: String
        let when: String
        let chip: ChipRow
        let path: String
        let verdicts: [SlateButton]
    }

    /// Restreams and the ladder of qualities.
    struct OthersBox: Sendable {
        let nothing: String?
        let rows: [OtherRow]
    }

    struct OtherRow: Sendable {
        let name: String
        let chip: ChipRow
        let reason: String?
    }

    /// What was recorded, of a broadcast or of a meeting.
    struct FilmsBox: Sendable {
        let about: String
        let free: String?
        let rows: [FilmRow]
    }

    struct FilmRow: Sendable {
        let file: String
        let name: String
        let said: String
        let chip: ChipRow
        /// How much of a meeting's film is made; nil while none is.
        var progress: Progress?
        /// Why none could be made.
        var reason: String?
        var viewing: String?
        let download: String?
        var trim: TrimForm?
        var making: MakingForm?
        let removal: ConfirmForm?
    }

    /// Of a hundred.
    struct Progress: Sendable {
        let percent: String
        let percentSaid: String
    }

    /// Something is made with a layout to choose: one film of a meeting's recording, or its picture on air.
    struct MakingForm: Sendable {
        let path: String
        let layout: FieldRow
    }

    struct TrimForm: Sendable {
        let path: String
        let id: String
        let length: String
    }

    struct ToolsBox: Sendable {
        let markPath: String
        let captionPath: String
        let sayPath: String?
    }

    /// Files what is measured as a check's evidence.
    struct EvidenceBox: Sendable {
        let about: String
        let path: String
        let once: String
        let measured: MeasuredBox
        let check: FieldRow
        let late: PreparationPage.LateRow?
    }

    /// What would be filed now.
    struct MeasuredBox: Sendable {
        let said: String
    }

    /// Where an encoder sends to; the key is shown on a page of its own.
    struct EncoderBox: Sendable {
        let servers: [CopyRow]
        let keysPath: String?
    }

    /// A text to copy: into OBS, into a message.
    struct CopyRow: Sendable {
        let id: String
        let label: String
        let value: String
    }

    struct WatchBox: Sendable {
        let link: CopyRow
        let said: String
        let code: Markup
        let settingsPath: String?
    }
}
