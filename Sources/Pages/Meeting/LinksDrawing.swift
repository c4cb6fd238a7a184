// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Puts the people of a meeting on their page.
struct LinksDrawing {
    let matter: Matter
    let plan: MeetPlan
    let invitees: [Invitee]
    let contact: Contact?
    let hasMail: Bool
    let mayInvite: Bool
    let now: Moment
    let phrases: Phrases
    var returned: ReturnedForm?

    private var words: Words { phrases.words }
    private var path: String { "/matters/\(matter.id)/links" }

    func page(_ frame: Frame) -> LinksPage {
        let waiting = invitees.count { !$0.mail.isEmpty && $0.isGood(at: now) && $0.mailedAt == nil }
        let canMail = hasMail && !matter.isSecret && mayInvite
        return LinksPage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) },
            roomPath: "/matters/\(matter.id)/room", shownPath: "\(path)/shown",
            mailing: canMail && waiting > 0
                ? .init(path: "\(path)/mailing", label: words("links.mailAll", grouped(waiting))) : nil,
            noMail: matter.isSecret
                ? words("links.noMail.secret") : hasMail ? nil : words("links.noMail"),
            rows: invitees.map { row($0, canMail: canMail) }, invitation: mayInvite ? invitation : nil)
    }

    private func row(_ invitee: Invitee, canMail: Bool) -> LinksPage.Row {
        let isGood = invitee.isGood(at: now) && (invitee.who != .contact || contact?.name.isEmpty == false)
        let chip: ChipRow =
            if invitee.who == .forgotten {
                ChipRow(.done, words("links.state.forgotten"))
            } else if let revoked = invitee.revokedAt {
                ChipRow(.returned, words("links.state.revoked", phrases.moment(revoked)))
            } else if isGood {
                ChipRow(.approved, words("links.state.good"))
            } else {
                ChipRow(.done, words("links.state.expired"))
            }
        return .init(
            name: phrases.invitee(invitee, contact: contact), mail: invitee.mail.isEmpty ? nil : invitee.mail,
            role: words("meet.role.\(invitee.role.rawValue)"), chip: chip,
            until: words("links.until", phrases.until(invitee.until)),
            mailed: invitee.mailedAt.map { words("links.mailed", phrases.moment($0)) },
            showPath: isGood ? "\(path)/shown" : nil,
            mailPath: isGood && canMail && !invitee.mail.isEmpty ? "\(path)/mailing" : nil,
            revokePath: isGood ? "\(path)/\(invitee.id)/removal" : nil, id: invitee.id.description)
    }

    private var invitation: LinksPage.InvitationForm {
        let form = returned?.form ?? Form()
        let role = MeetRole(rawValue: form.text("role")) ?? .speaker
        let error = returned?.error
        let days = Day(of: matter.letter.span.end)
        return .init(
            path: path,
            fields: [
                FieldRow(
                    "people", words("links.people"), .area, value: form.text("people"),
                    hint: words("links.hint.people"),
                    error: error?.field == "people" ? error?.text : nil, isRequired: false),
                FieldRow(
                    "role", words("links.role"),
                    .radios(
                        MeetRole.allCases.map {
                            .init(
                                $0.rawValue, words("meet.role.\($0.rawValue).about"), isChosen: $0 == role)
                        })),
                FieldRow(
                    "shared", words("links.shared"),
                    .checks([
                        .init("yes", words("links.shared.yes"), isChosen: form.text("shared") == "yes")
                    ]), hint: words("links.hint.shared"), isRequired: false),
                FieldRow(
                    "until", words("links.untilDay"),
                    value: form.text("until").isEmpty ? ThaiDate.typed(days) : form.text("until"),
                    hint: words("links.hint.until"), error: error?.field == "until" ? error?.text : nil, isShort: true,
                    autocomplete: "off"),
            ])
    }
}

/// Puts links themselves on their page.
struct SeatLinksDrawing {
    let plan: MeetPlan
    let contact: Contact?
    let doors: StudioDoors
    let phrases: Phrases
    let now: Moment
    let code: (String) -> String

    private var words: Words { phrases.words }

    /// Those whose links are good; with a code where it is one alone.
    func rows(_ invitees: [Invitee]) -> [SeatLinksPage.SeatRow] {
        invitees.compactMap { invitee in
            guard let pass = plan.pass(for: invitee, contact: contact, at: now) else { return nil }
            let link = doors.room(plan.name, pass: pass)
            return .init(
                name: phrases.invitee(invitee, contact: contact), role: words("meet.role.\(invitee.role.rawValue)"),
                until: words("links.until", phrases.until(invitee.until)),
                link: .init(id: "link-\(invitee.id)", label: words("links.link"), value: link),
                code: invitees.count == 1 ? Markup(code(link)) : nil, enter: nil)
        }
    }

    /// The link of somebody of the office, who leads.
    func host(_ person: Person, until: Moment) -> SeatLinksPage.SeatRow? {
        guard let pass = plan.officePass(for: person, leads: true, until: until) else { return nil }
        let link = doors.room(plan.name, pass: pass)
        return .init(
            name: person.name, role: words("meet.role.host"), until: words("links.until", phrases.until(until)),
            link: .init(id: "link-host", label: words("links.link"), value: link), code: Markup(code(link)), enter: link
        )
    }
}

extension Phrases {
    /// Who has a link, for people.
    func invitee(_ invitee: Invitee, contact: Contact?) -> String {
        switch invitee.who {
        case .named(let name, _): name
        case .contact:
            words("links.who.contact", contact.flatMap { $0.name.isEmpty ? nil : $0.name } ?? "–")
        case .anybody: words("links.who.anybody")
        case .forgotten: words("links.who.forgotten")
        }
    }
}
