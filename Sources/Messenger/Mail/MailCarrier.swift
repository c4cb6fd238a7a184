// SPDX-License-Identifier: Apache-2.0
public import Desk
import Envelope
import Post
import Secure

/// Where papers that travel by mail are made, with the file's name.
public protocol PaperMaker: Sendable {
    /// Nil when the matter has none: it has gone on since.
    func returnMemo(of matter: Matter) async throws -> [UInt8]?
    func networkNotice(of matter: Matter) async throws -> [UInt8]?
    func report(of month: Month) async throws -> [UInt8]?
    /// The page on which the contact of a matter follows it.
    func trackingLink(of matter: Matter, office: Office) -> String
    /// The address by which an invited person comes to the matter's meeting.
    func seatLink(of invitee: Invitee, office: Office) -> String
}

/// Carries notices and official papers by mail (ผู้นำส่งทางจดหมายอิเล็กทรอนิกส์), and invitations for the calendars.
///
/// The Message-ID is made of the delivery's name: sent twice after a crash or a time-out, it is the same mail, and mail
/// programs show it once.
public struct MailCarrier: Carrier {
    public let way = Way.mail
    private let cabinet: any Cabinet
    private let post: any MailPost
    private let papers: any PaperMaker
    private let marks: MailMark
    private let seal: Seal

    /// So long a link in a mail ends mails of its kind.
    private static let unsubscribing = Length.days(730)

    /// - Parameter secret: the office's key, of which Message-IDs are made and by which links are sealed.
    public init(cabinet: any Cabinet, post: any MailPost, papers: any PaperMaker, secret: [UInt8]) {
        self.cabinet = cabinet
        self.post = post
        self.papers = papers
        marks = MailMark(key: secret)
        seal = Seal(key: secret)
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        do {
            guard let settings = try await settings() else { return .later(Trouble(.notSetUp), after: .minutes(15)) }
            let office = try await cabinet.office()
            return switch delivery.freight {
            case .notice(let id): try await carry(id, delivery, settings, office, at: now)
            case .trial: try await carryTrial(delivery, settings, office, at: now)
            case .paper(let paper): try await carry(paper, delivery, settings, office, at: now)
            case .seat: try await carrySeat(delivery, settings, office, at: now)
            default: .never(Trouble(.rejected))
            }
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    /// Signs in at the server and sends whoever asks a mail, if they have an address.
    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            guard let settings = try await settings(evenWhenOff: true) else { return Trouble(.notSetUp) }
            try await post.greet(MailServer(settings.out), greeting: settings.domain)
            guard let person else { return nil }
            if person.mail.isEmpty { return Trouble(.noReach) }
            let office = try await cabinet.office()
            let mail = mail(
                MailText(trialFor: person, office: office), mark: marks.mark("trial/\(person.id)/\(now.milliseconds)"),
                to: Mail.Box(person.name, person.mail), settings, office, at: now)
            try await post.send(mail, by: MailServer(settings.out), sender: nil)
            return nil
        } catch let fault as MailFault {
            return Trouble(fault)
        } catch {
            return Trouble(.ourFault)
        }
    }

    // MARK: What is carried

    private func carry(
        _ id: Notice.ID, _ delivery: Delivery, _ settings: MailSettings, _ office: Office, at now: Moment
    ) async throws -> Carriage {
        guard let notice = try await cabinet.notice(id), let person = try await person(delivery),
            notice.person == person.id
        else { return .never(Trouble(.rejected)) }
        guard !person.mail.isEmpty else { return .never(Trouble(.noReach)) }
        let matter = if let about = notice.matter { try await cabinet.matter(about) } else { nil as Matter? }
        var text = MailText(notice, to: person, matter: matter, office: office)
        if let nudge = notice.kind.nudge {
            let until = (now + Self.unsubscribing).milliseconds / 1000
            let token = seal.sign(purpose: nudge.purpose, subject: person.id.number, expires: until)
            text.unsubscribe = "\(office.address)/mail-off/\(nudge.rawValue)/\(token)"
        }
        return await send(text, delivery, to: Mail.Box(person.name, person.mail), settings, office, at: now)
    }

    private func carryTrial(
        _ delivery: Delivery, _ settings: MailSettings, _ office: Office, at now: Moment
    ) async throws -> Carriage {
        guard let person = try await person(delivery), !person.mail.isEmpty else { return .never(Trouble(.noReach)) }
        let text = MailText(trialFor: person, office: office)
        return await send(text, delivery, to: Mail.Box(person.name, person.mail), settings, office, at: now)
    }

    private func carry(
        _ paper: Delivery.Paper, _ delivery: Delivery, _ settings: MailSettings, _ office: Office, at now: Moment
    ) async throws -> Carriage {
        let matter = if let id = delivery.matter { try await cabinet.matter(id) } else { nil as Matter? }
        guard let to = try await box(delivery, matter) else { return .never(Trouble(.noReach)) }
        if matter?.isSecret == true { return .never(Trouble(.notAllowed)) }
        let made: (name: String, bytes: [UInt8]?, link: String?)
        switch paper {
        case .returnMemo:
            guard let matter else { return .never(Trouble(.rejected)) }
            made = (
                "return-\(matter.id).pdf", try await papers.returnMemo(of: matter),
                papers.trackingLink(of: matter, office: office)
            )
        case .networkNotice:
            guard let matter else { return .never(Trouble(.rejected)) }
            made = ("network-\(matter.id).pdf", try await papers.networkNotice(of: matter), office.address + "/watch")
        case .report(let month):
            made = ("report-\(month).pdf", try await papers.report(of: month), "\(office.address)/reports/\(month)")
        }
        guard let bytes = made.bytes else { return .never(Trouble(.rejected)) }
        let text = MailText(paper, addressee: to.name, matter: matter, link: made.link, office: office)
        let attachment = Mail.Attachment(name: made.name, kind: "application/pdf", bytes: bytes)
        return await send(text, delivery, to: to, settings, office, [attachment], at: now)
    }

    /// A link into a meeting. What was taken back or forgotten meanwhile is not sent.
    private func carrySeat(
        _ delivery: Delivery, _ settings: MailSettings, _ office: Office, at now: Moment
    ) async throws -> Carriage {
        guard case .invitee(let id) = delivery.to, let invitee = try await cabinet.invitee(id),
            case .named(let name, let address) = invitee.who, !address.isEmpty
        else { return .never(Trouble(.noReach)) }
        guard let matter = try await cabinet.matter(invitee.matter), invitee.isGood(at: now), !matter.isSecret,
            matter.hasMeeting
        else { return .never(Trouble(.notAllowed)) }
        let text = MailText(
            seatFor: name, matter: matter, link: papers.seatLink(of: invitee, office: office), office: office)
        return await send(text, delivery, to: Mail.Box(name, address), settings, office, at: now)
    }

    // MARK: Sending

    private func send(
        _ text: MailText, _ delivery: Delivery, to: Mail.Box, _ settings: MailSettings, _ office: Office,
        _ attachments: [Mail.Attachment] = [], at now: Moment
    ) async -> Carriage {
        let mark = marks.mark(delivery.id)
        var mail = mail(text, mark: mark, to: to, settings, office, at: delivery.sentAt ?? now)
        mail.attachments = attachments
        return await send(mail, mark: mark, settings)
    }

    private func send(_ mail: Mail, mark: String, _ settings: MailSettings) async -> Carriage {
        do throws(MailFault) {
            try await post.send(mail, by: MailServer(settings.out), sender: settings.sender(mark: mark))
            return .accepted(reference: mark)
        } catch {
            return Carriage(error)
        }
    }

    private func mail(
        _ text: MailText, mark: String, to: Mail.Box, _ settings: MailSettings, _ office: Office, at now: Moment
    ) -> Mail {
        var mail = Mail(
            id: "\(mark)@\(settings.domain)",
            from: Mail.Box(settings.fromName.isEmpty ? office.thaiName : settings.fromName, settings.from), to: to,
            subject: text.subject, second: now.milliseconds / 1000, text: text.plain, html: text.html)
        mail.markAsGenerated()
        if let address = text.unsubscribe { mail.offerUnsubscribing(at: address) }
        return mail
    }

    private func settings(evenWhenOff: Bool = false) async throws -> MailSettings? {
        let record = try await cabinet.way(.mail)
        guard record.isOn || evenWhenOff, let settings = MailSettings(json: record.settings), settings.isComplete
        else { return nil }
        return settings
    }

    private func person(_ delivery: Delivery) async throws -> Person? {
        guard case .person(let id) = delivery.to else { return nil }
        return try await cabinet.people().first { $0.id == id }
    }

    /// Whom a paper goes to; nil for who has no address, or is forgotten.
    private func box(_ delivery: Delivery, _ matter: Matter?) async throws -> Mail.Box? {
        let box: Mail.Box?
        switch delivery.to {
        case .person: box = try await person(delivery).map { Mail.Box($0.name, $0.mail) }
        case .contact:
            guard let matter, let contact = try await cabinet.contact(of: matter.id) else { return nil }
            box = Mail.Box(contact.name, contact.mail)
        case .office, .hook, .invitee: box = nil
        }
        return box?.address.isEmpty == false ? box : nil
    }
}

extension MailCarrier: InvitationPost {
    public func send(_ invitation: InvitationMail, at now: Moment) async -> Carriage {
        do {
            guard let settings = try await settings() else { return .later(Trouble(.notSetUp), after: .minutes(15)) }
            let mark = marks.mark(invitation.id)
            // Who invites is who sends: calendars trust an organiser only then.
            var mail = Mail(
                id: "\(mark)@\(settings.domain)", from: Mail.Box(invitation.fromName, invitation.from),
                to: Mail.Box(invitation.toName, invitation.to), subject: invitation.subject,
                second: now.milliseconds / 1000, text: invitation.text,
                calendar: Mail.Calendar(method: invitation.method, text: invitation.calendar))
            mail.markAsGenerated()
            return await send(mail, mark: mark, settings)
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    public func probe(at now: Moment) async -> Trouble? { await probe(for: nil, at: now) }
}
