// SPDX-License-Identifier: Apache-2.0

import Desk

/// The console of one meeting: who is inside, what is wrong, the way in for who leads it, and its end.
///
/// The boxes with a template of their own in `parts` are sent again as they change; the forms around them stay.
struct MeetingPage: Page {
    static let template = "meeting"
    let frame: Frame
    let errors: ErrorSummary?
    /// Where changes are heard.
    var livePath: String
    let reloadPath: String
    let ways: [ActRow]
    let state: ConsolePage.StateBox
    let complaints: ConsolePage.ComplaintsBox
    /// What an officer presses; nil for who only looks.
    let host: HostBox?
    let steer: SteerBox
    let people: PeopleBox
    let films: ConsolePage.FilmsBox
    let incident: WatchPage.IncidentForm?
    let evidence: ConsolePage.EvidenceBox?
    let settled: [PairRow]
    let settingsPath: String?
    let links: LinksBox?
    let sittings: SittingsBox
    let closing: ConsolePage.ConfirmForm?
    let forgetting: ForgettingBox?

    /// The way in, and the occasion's beginning.
    struct HostBox: Sendable {
        /// Shows the link by which an officer leads; nil for an officer who is not assigned.
        let hostPath: String?
        let notAssigned: String?
        /// Begins the occasion.
        let opening: ConsolePage.PressForm?
        /// Where the broadcast is that it is put on the air of.
        let consolePath: String?
    }

    /// What an officer changes in the room from outside: the lobby, the lock, the recording, the air.
    struct SteerBox: Sendable {
        let presses: [ConsolePage.PressForm]
        /// Puts it on the air: a layout to choose.
        let airing: ConsolePage.MakingForm?
        /// Nothing can be done now, and why.
        let nothing: String?
    }

    struct PeopleBox: Sendable {
        let figures: [ConsolePage.Figure]
    }

    /// Where people come in.
    struct LinksBox: Sendable {
        let said: String
        let link: ConsolePage.CopyRow?
        let path: String
        let count: String
    }

    /// What it came to; nothing before it is over, and for who may not read who was there.
    struct SittingsBox: Sendable {
        let minutesPath: String?
        let rows: [SittingRow]
    }

    struct SittingRow: Sendable {
        let title: String
        let pairs: [PairRow]
        let people: [PersonRow]
        let votes: [VoteRow]
        let forgotten: String?
    }

    struct PersonRow: Sendable {
        let name: String
        let role: String
        let stays: String
        let minutes: String
        let line: String
        let isIdentified: Bool
        /// Agreed to being recorded, and when.
        let agreed: String?
    }

    struct VoteRow: Sendable {
        let question: String
        let said: String
    }

    /// Forgets the names; nil while they are kept by law, or the matter goes on.
    struct ForgettingBox: Sendable {
        let path: String?
        let said: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        func sight(_ state: MeetingSamples.State) -> MeetingSight { MeetingSight(isThere: true, state: state) }
        let check = MeetingSight(isThere: true, state: MeetingSamples.tested, check: MeetingSamples.check)
        let refused = MeetingSight(
            isThere: true, state: MeetingSamples.open,
            refusal: StudioRefusal(thai: "ไม่มีห้องประชุมชื่อนี้", english: "There is no such meeting."))
        return [
            Sample("trial", MeetingSamples.page(paper, .trial, check)),
            Sample("open", MeetingSamples.page(paper, .occasion, sight(MeetingSamples.open))),
            Sample("refused", MeetingSamples.page(paper, .occasion, refused)),
            Sample("network", MeetingSamples.page(paper, .occasion, sight(MeetingSamples.quiet), roles: [.network])),
            Sample("over", MeetingSamples.page(paper, .over, sight(MeetingSamples.over), roles: [.secretariat])),
            Sample("late", MeetingSamples.page(paper, .trial, check, .late)),
            Sample("begun", MeetingSamples.page(paper, .occasion, sight(MeetingSamples.open), .begun)),
            Sample(
                "forgotten",
                MeetingSamples.page(paper, .over, sight(MeetingSamples.over), roles: [.secretariat], .forgotten)),
            Sample("away", MeetingSamples.page(paper, .occasion, .away)),
        ]
    }
}
