// SPDX-License-Identifier: Apache-2.0

import Desk

/// Who has a link into a meeting, and what may be done about each: shown, sent, taken back. The links themselves stand on
/// a page that is the answer to a POST (`SeatLinksPage`).
struct LinksPage: Page {
    static let template = "links"
    let frame: Frame
    let errors: ErrorSummary?
    let roomPath: String
    /// Where all links are shown at once.
    let shownPath: String
    /// Sends everybody theirs who was never sent one; nil where no mail leaves, or nobody waits for one.
    let mailing: Mailing?
    /// Why nothing is sent; nil where mail is set up.
    let noMail: String?
    let rows: [Row]
    /// Nil once nobody is invited any more.
    let invitation: InvitationForm?

    struct Mailing: Sendable {
        let path: String
        let label: String
    }

    struct Row: Sendable {
        let name: String
        let mail: String?
        let role: String
        let chip: ChipRow
        let until: String
        let mailed: String?
        /// Where the link is shown; nil for one that is good no more.
        let showPath: String?
        let mailPath: String?
        let revokePath: String?
        let id: String
    }

    struct InvitationForm: Sendable {
        let path: String
        let fields: [FieldRow]
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/matters/12/links")
        let words = paper.words(visit)
        func page(_ returned: ReturnedForm?, hasMail: Bool, isOver: Bool = false) -> LinksPage {
            LinksDrawing(
                matter: MeetingSamples.matter(isOver ? .over : .trial), plan: MeetingSamples.plan,
                invitees: MeetingSamples.invitees, contact: MeetingSamples.contact, hasMail: hasMail,
                mayInvite: !isOver,
                now: MeetingSamples.now(.trial), phrases: Phrases(words), returned: returned
            ).page(paper.frame(visit, title: words("links.title"), lead: MeetingSamples.title, scripts: ["enhance.js"]))
        }
        let wrong = ReturnedForm(
            place: "invitation", form: Form(fields: [FormField(name: "people", value: "ก <x@y>")]),
            error: ErrorRow(field: "people", text: words("fault.invitee.malformedMail", "x@y")))
        return [
            Sample("invited", page(nil, hasMail: true)), Sample("no-mail", page(nil, hasMail: false)),
            Sample("wrong", page(wrong, hasMail: true)), Sample("over", page(nil, hasMail: true, isOver: true)),
        ]
    }
}

/// Links into a meeting as they are handed on, shown once somebody asked for them.
struct SeatLinksPage: Page {
    static let template = "seat-links"
    let frame: Frame
    let backPath: String
    let backLabel: String
    let warning: NoticeRow
    let rows: [SeatRow]
    /// None can be shown: taken back, run out, or forgotten.
    let nothing: String?

    struct SeatRow: Sendable {
        let name: String
        let role: String
        let until: String
        let link: ConsolePage.CopyRow
        /// Only where one link alone is shown.
        let code: Markup?
        /// Leads straight in: for the host's own.
        let enter: String?
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/matters/12/links/shown")
        let words = paper.words(visit)
        func page(_ rows: [SeatRow], _ title: String) -> SeatLinksPage {
            SeatLinksPage(
                frame: paper.frame(visit, title: words("\(title)"), lead: MeetingSamples.title, scripts: ["copy.js"]),
                backPath: "/matters/12/links", backLabel: words("links.title"),
                warning: NoticeRow(.warn, words("links.warning")), rows: rows,
                nothing: rows.isEmpty ? words("links.none") : nil)
        }
        let now = MeetingSamples.now(.trial)
        let drawing = SeatLinksDrawing(
            plan: MeetingSamples.plan, contact: MeetingSamples.contact, doors: ConsoleSamples.doors,
            phrases: Phrases(words), now: now, code: { _ in ServicePage.sampleCode.html })
        let people = MeetingSamples.invitees
        let host = drawing.host(
            Person(id: .init(1), username: "anan", name: "นายอนันต์ เสียงใส", roles: [.officer]), until: now + .hours(12))
        return [
            Sample("all", page(drawing.rows(people), "links.title")),
            Sample("one", page(drawing.rows(Array(people.prefix(1))), "links.title")),
            Sample("host", page([host].compactMap(\.self), "meet.host")), Sample("none", page([], "links.title")),
        ]
    }
}
