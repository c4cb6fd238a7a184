// SPDX-License-Identifier: Apache-2.0

import Desk

/// The folder (แฟ้ม) of one matter: where it is, what the letter asks, what has been done, and what may be done now.
/// On paper it is the folder's cover sheet.
struct MatterPage: Page {
    static let template = "matter"
    let frame: Frame
    let number: String
    let chips: [ChipRow]
    let acts: [ActRow]
    let steps: [StepRow]
    let limit: LimitRow?
    /// How the limit was counted, line by line.
    let working: [String]
    let awaited: String
    let letter: [PairRow]
    let revisions: [RevisionRow]
    let documents: [PairRow]
    let contact: Block?
    /// Where the contact's name and numbers are forgotten, once the matter has ended.
    let forgettingPath: String?
    let decision: Block?
    let assignment: Block?
    let preparation: Block?
    let network: Block?
    let outcome: Block?
    /// Where the occasion is joined or watched. Not called `link`: a pair without one would find this.
    let watchLink: String?
    let broadcast: AirBox?
    let meeting: MeetBox?
    let incidents: [EntryRow]
    /// How many notices there were.
    let told: String
    let notices: [NoticeLine]
    /// What left the house, or waits to.
    let deliveries: [DeliveryLine]
    /// What waits, or was refused, and what to do; nil when all went through.
    let outside: NoticeRow?
    let tracking: Tracking?
    let entries: [EntryRow]

    /// Names and values of one part of the folder.
    struct Block: Sendable {
        let pairs: [PairRow]

        /// Nil when there is nothing to say.
        init?(_ pairs: [PairRow]) {
            if pairs.isEmpty { return nil }
            self.pairs = pairs
        }
    }

    /// A new revision of the letter, as what it changed.
    struct RevisionRow: Sendable {
        let title: String
        let when: String
        let changes: [ChangeRow]
    }

    /// One notice: to whom, why, when it was due, when it came, whether it was seen.
    struct NoticeLine: Sendable {
        let person: String
        let kind: String
        let due: String
        let carried: String
        let seen: String
        let chip: ChipRow
    }

    /// The requester's link, for the counter to show or print.
    struct Tracking: Sendable {
        let link: String
        let code: Markup
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        [
            Sample("closed", sample(SampleMatters.closed, paper)),
            Sample("waiting", sample(SampleMatters.waiting[0], paper)),
            Sample("on-air", sample(ConsoleSamples.matter(.occasion), paper, isOnAir: true)),
            Sample("aired", sample(ConsoleSamples.matter(.over), paper, isOnAir: true)),
            Sample("meeting", sample(MeetingSamples.matter(.trial), paper, meets: true)),
            Sample("met", sample(MeetingSamples.matter(.over), paper, meets: true)),
        ]
    }

    private static func sample(
        _ matter: Matter, _ paper: Stationery, isOnAir: Bool = false, meets: Bool = false
    ) -> MatterPage {
        let phrases = Phrases(paper.words(.thai))
        let now = SampleMatters.now
        var drawing = FolderDrawing(
            matter: matter, names: SampleMatters.names, phrases: phrases, reckoner: SampleMatters.reckoner, now: now,
            roles: [.secretariat, .officer],
            errands: [
                ErrandRecord(
                    errand: Errand(
                        id: "a", matter: matter.id, kind: .reminder, to: .person(.init(5)), due: now + .hours(2)),
                    fate: nil),
                ErrandRecord(
                    errand: Errand(id: "b", matter: matter.id, kind: .change, to: .role(.network), due: now),
                    fate: .dropped(at: now, why: .cancelled)),
            ],
            notices: [
                Notice(
                    id: .init(1), person: .init(5), kind: .assignment, matter: matter.id, due: now - .hours(14),
                    at: now - .hours(13), isLate: true, acknowledgedAt: now - .hours(12)),
                Notice(
                    id: .init(2), person: .init(6), kind: .assignment, matter: matter.id, due: now - .hours(14),
                    at: now - .hours(14), isLate: false),
            ],
            deliveries: [
                Delivery(
                    id: "a/push", way: .push, freight: .notice(.init(1)), to: .person(.init(5)), matter: matter.id,
                    due: now - .hours(14), sentAt: now - .hours(14), acceptedAt: now - .hours(14),
                    shownAt: now - .hours(14), acknowledgedAt: now - .hours(12), fate: .accepted),
                Delivery(
                    id: "a/line", way: .line, freight: .notice(.init(2)), to: .person(.init(6)), matter: matter.id,
                    due: now - .hours(13), tries: 2, sentAt: now - .hours(13), trouble: Trouble(.quotaUsed),
                    fate: .refused),
            ])
        drawing.calendars = CalendarLines(names: SampleMatters.names, phrases: phrases).lines(
            copies: [
                CalendarCopy(
                    matter: matter.id, way: .google, to: .office, calendar: "", event: "a", etag: "", revision: 1,
                    digest: "a", putAt: now - .hours(13)),
                CalendarCopy(
                    matter: matter.id, way: .caldav, to: .office, calendar: "", event: "a", etag: "", revision: 1,
                    digest: "a", putAt: now - .hours(13)),
            ],
            drifts: [
                Drift(
                    id: .init(1), matter: matter.id, way: .caldav, to: .office, noticedAt: now, theirs: nil, etag: "",
                    digest: "")
            ],
            deliveries: [
                Delivery(
                    id: "a/google/p5", way: .google, freight: .calendarEntry, to: .person(.init(5)),
                    matter: matter.id, due: now - .hours(13), tries: 3, trouble: Trouble(.notAllowed))
            ])
        let on = StudioSight(isThere: true, state: ConsoleSamples.onAir)
        return drawing.page(
            frame: paper.frame(.sample(path: "/matters/6"), title: matter.letter.title),
            documents: [Document(id: .init(1), hash: "", name: "หนังสือ.pdf", kind: .pdf, bytes: 240_000)],
            contact: Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: "duangjai@example.ac.th"),
            forgettingPath: matter.stage.isFinal ? "/matters/6/forgetting" : nil,
            tracking: Tracking(
                link: "https://sanyan.example.ac.th/track/aB3",
                code: Markup("<svg viewBox=\"0 0 8 8\" role=\"img\" aria-label=\"QR\"><path d=\"M0 0h8v8H0z\"/></svg>")),
            live: isOnAir ? ("https://live.example.ac.th/watch/k7mpx3q9ra", on) : nil,
            meeting: meets
                ? LiveMeeting(
                    address: "https://live.example.ac.th/room/m4kz8wq2tu",
                    sight: MeetingSight(isThere: true, state: MeetingSamples.open)) : nil
        )
    }
}
