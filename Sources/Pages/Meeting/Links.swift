// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Studio

extension Counter {
    /// GET /matters/:id/links
    func showLinks(_ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        return try await links(of: try await meeting(visit).matter.id, visit)
    }

    /// POST /matters/:id/links: gives links to the people that were typed, or one for everybody in a role.
    func inviteToMeeting(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let (matter, _, _) = try await meeting(visit)
        let form = try await Form.read(request)
        do {
            let list = try invitation(form)
            _ = try await cabinet.invite(list, to: matter.id, by: try hand(visit), at: now())
            return .seeOther(said("invited", on: linksPath(matter.id)))
        } catch Refusal.inviteeFaults(let faults) {
            let words = words(visit)
            let isDay = faults.contains(.untilOutOfRange)
            let text = faults.map { $0.sentence(words) }.joined(separator: " · ")
            let returned = ReturnedForm(
                place: "invitation", form: form, error: ErrorRow(field: isDay ? "until" : "people", text: text))
            return try await links(of: matter.id, visit, returned)
        } catch let fault as DateFault {
            let returned = ReturnedForm(
                place: "invitation", form: form, error: ErrorRow(field: "until", text: fault.sentence(words(visit))))
            return try await links(of: matter.id, visit, returned)
        }
    }

    private func invitation(_ form: Form) throws -> InviteeList {
        let day = try ThaiDate.parse(form.text("until"))
        let people = InviteeList.people(form.text("people"))
        return InviteeList(
            role: MeetRole(rawValue: form.text("role")) ?? .listener,
            people: form.text("shared") == "yes" ? people + [.anybody] : people, until: day.adding(days: 1).start)
    }

    /// POST /matters/:id/links/shown: one person's link, or everybody's; noted who saw them.
    func showSeatLinks(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let (matter, plan, studio) = try await meeting(visit)
        let form = try await Form.read(request)
        let wanted = form.number("invitee").map { Invitee.ID(Int64($0)) }
        let people = try await cabinet.invitees(of: matter.id).filter { wanted == nil || $0.id == wanted }
        guard wanted == nil || !people.isEmpty else { throw Refusal.noSuchInvitee }
        let drawing = try await seatDrawing(plan, of: matter, studio, visit)
        let rows = drawing.rows(people)
        for person in people where person.isGood(at: now()) {
            try await cabinet.noteLink(of: person.id, of: matter.id, shownTo: try hand(visit), at: now())
        }
        return seatLinks(rows, of: matter, title: "links.title", visit)
    }

    /// POST /matters/:id/room/host: the link by which an officer leads, good for half a day.
    func showHostLink(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.officer, visit: visit)
        let (matter, plan, studio) = try await meeting(visit)
        try await cabinet.noteLink(of: nil, of: matter.id, shownTo: try hand(visit), at: now())
        let row = try await seatDrawing(plan, of: matter, studio, visit).host(person, until: now() + .hours(12))
        return seatLinks([row].compactMap(\.self), of: matter, title: "meet.host", visit)
    }

    /// GET on it: an address alone shows nothing; a reload leads back.
    func leaveSeatLinks(_ visit: Visit) async throws -> Response {
        .seeOther(linksPath(try await meeting(visit).matter.id))
    }

    /// The same of an officer's own.
    func leaveHostLink(_ visit: Visit) async throws -> Response {
        .seeOther(roomPath(try await meeting(visit).matter.id))
    }

    /// POST /matters/:id/links/mailing: to one person, or to all who were never sent theirs.
    func mailLinks(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let (matter, _, _) = try await meeting(visit)
        let form = try await Form.read(request)
        let wanted = form.number("invitee").map { [Invitee.ID(Int64($0))] } ?? []
        let sent = try await cabinet.mail(wanted, of: matter.id, by: try hand(visit), at: now())
        return .seeOther(said(sent > 0 ? "links_mailed" : "links_not_mailed", on: linksPath(matter.id)))
    }

    /// POST /matters/:id/links/:invitee/removal
    func revokeLink(_ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let (matter, _, _) = try await meeting(visit)
        guard let invitee = visit.parameters.get("invitee").flatMap({ Invitee.ID($0) }) else {
            throw Refusal.noSuchInvitee
        }
        try await cabinet.revoke(invitee, of: matter.id, by: try hand(visit), at: now())
        return .seeOther(said("link_revoked", on: linksPath(matter.id)))
    }

    /// GET /seat/:token: the link of a mail. Leads to the room with the pass behind the mark.
    func enterBySeat(_ visit: Visit) async throws -> Response {
        let subject = try subject(by: "seat", visit)
        guard let studio = parts.studio, let invitee = try await cabinet.invitee(Invitee.ID(subject)),
            let plan = try await cabinet.meetPlan(of: invitee.matter)
        else { throw Sentence("link.broken", status: .notFound) }
        let contact = try await cabinet.contact(of: invitee.matter)
        guard let pass = plan.pass(for: invitee, contact: contact, at: now()) else {
            throw Sentence("link.revoked", status: .gone)
        }
        return .seeOther(try await studio.doors().room(plan.name, pass: pass))
    }

    /// GET /meet/:name: shows a person of the office in, with a pass for half a day.
    func enterMeeting(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard let studio = parts.studio, let name = visit.parameters.get("name"),
            let plan = try await cabinet.meetPlan(named: name), let matter = try await cabinet.matter(plan.matter),
            matter.hasMeeting
        else { throw HTTPError(.notFound) }
        guard maySee(matter, person: person) else { throw Sentence("secret.not_yours", status: .forbidden) }
        let leads = matter.assignment?.officers.contains(person.id) == true
        let pass = plan.officePass(for: person, leads: leads, until: now() + .hours(12))
        return .seeOther(try await studio.doors().room(name, pass: pass))
    }

    func linksPath(_ id: Matter.ID) -> String { "/matters/\(id)/links" }

    private func links(of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm? = nil) async throws -> Response {
        let (matter, plan, _) = try await meeting(visit)
        let drawing = LinksDrawing(
            matter: matter, plan: plan, invitees: try await cabinet.invitees(of: id),
            contact: try await cabinet.contact(of: id), hasMail: try await cabinet.way(.mail).isOn,
            mayInvite: !matter.stage.isFinal, now: now(), phrases: phrases(visit), returned: returned)
        let page = drawing.page(
            frame(visit, words(visit)("links.title"), lead: matter.letter.title, scripts: ["enhance.js"]))
        return paper.show(page, to: visit, status: returned?.status ?? .ok)
    }

    private func seatDrawing(
        _ plan: MeetPlan, of matter: Matter, _ studio: any StudioRoom, _ visit: Visit
    ) async throws -> SeatLinksDrawing {
        SeatLinksDrawing(
            plan: plan, contact: try await cabinet.contact(of: matter.id), doors: try await studio.doors(),
            phrases: phrases(visit), now: now(), code: parts.papers.qrCode)
    }

    private func seatLinks(
        _ rows: [SeatLinksPage.SeatRow], of matter: Matter, title: String, _ visit: Visit
    ) -> Response {
        let words = words(visit)
        let isHost = title == "meet.host"
        let page = SeatLinksPage(
            frame: frame(
                visit, words("\(title)"), lead: matter.letter.title, scripts: ["enhance.js", "copy.js"]),
            backPath: isHost ? roomPath(matter.id) : linksPath(matter.id),
            backLabel: words(isHost ? "meet.console" : "links.title"),
            warning: NoticeRow(.warn, words("links.warning")), rows: rows,
            nothing: rows.isEmpty ? words("links.none") : nil)
        return paper.show(page, to: visit)
    }
}

extension InviteeFault {
    /// What is wrong, and how to put it right, in one sentence.
    func sentence(_ words: Words) -> String {
        switch self {
        case .nobody: words("fault.invitee.nobody")
        case .tooMany(let limit): words("fault.invitee.tooMany", limit)
        case .nameTooLong(let limit): words("fault.invitee.nameTooLong", limit)
        case .malformedMail(let text): words("fault.invitee.malformedMail", text)
        case .legalHasNames: words("fault.invitee.legalHasNames")
        case .hostHasName: words("fault.invitee.hostHasName")
        case .untilOutOfRange: words("fault.invitee.untilOutOfRange")
        }
    }
}
