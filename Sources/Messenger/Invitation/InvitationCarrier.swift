// SPDX-License-Identifier: Apache-2.0
public import Desk

/// A mail that carries an invitation; the office's mail brings it.
public struct InvitationMail: Hashable, Sendable {
    /// The delivery's name, of which the Message-ID is made: a second try is known to be the same mail.
    public var id: Delivery.ID
    /// The organiser's address.
    public var from: String
    public var fromName: String
    public var to: String
    public var toName: String
    public var subject: String
    /// For people, in Thai.
    public var text: String
    /// The calendar part (RFC 6047, 2.4), with its method: `REQUEST` or `CANCEL`.
    public var calendar: String
    public var method: String
}

/// Who brings invitations away: the office's mail.
public protocol InvitationPost: Sendable {
    func send(_ mail: InvitationMail, at now: Moment) async -> Carriage
    /// What hinders mail; nil for nothing.
    func probe(at now: Moment) async -> Trouble?
}

/// Carries occasions as invitations by mail (iMIP, RFC 6047), to those who have chosen that.
///
/// What a person's calendar makes of it comes back to nobody: nothing is looked after, and no answer is asked for.
public struct InvitationCarrier: Carrier {
    public let way = Way.invitation
    private let cabinet: any Cabinet
    private let post: any InvitationPost
    private let turns = Turns()

    public init(cabinet: any Cabinet, post: any InvitationPost) {
        self.cabinet = cabinet
        self.post = post
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        guard delivery.freight == .calendarEntry, case .person(let id) = delivery.to, let matter = delivery.matter
        else {
            return .never(Trouble(.rejected))
        }
        return await turns.take(delivery.turn) {
            do {
                let carriage = try await invite(id, to: matter, delivery, at: now)
                await cabinet.noteHealth(way, delivery.to, calendar: "", carriage, at: now)
                return carriage
            } catch {
                return .later(Trouble(.ourFault))
            }
        }
    }

    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            guard let settings = try await cabinet.settings(InvitationSettings.self, of: way),
                !settings.organiser.isEmpty
            else { return Trouble(.notSetUp) }
            return await post.probe(at: now)
        } catch {
            return Trouble(.ourFault)
        }
    }

    private func invite(
        _ id: Person.ID, to matterID: Matter.ID, _ delivery: Delivery, at now: Moment
    ) async throws -> Carriage {
        let office = try await cabinet.office()
        guard try await cabinet.way(way).isOn,
            let settings = try await cabinet.settings(InvitationSettings.self, of: way), !settings.organiser.isEmpty
        else { return .later(Trouble(.notSetUp), after: .minutes(15)) }
        guard let matter = try await cabinet.matter(matterID),
            let entry = CalendarEntry(matter, office: office, rooms: try await cabinet.rooms()),
            let person = try await cabinet.people().first(where: { $0.id == id })
        else { return .never(Trouble(.rejected)) }
        let copy = try await cabinet.calendarCopies(of: matterID).first { $0.way == way && $0.to == delivery.to }
        let isWanted = try await cabinet.isWanted(matter, by: way, to: delivery.to)
        let isIn = copy.map { !$0.isOut } ?? false
        guard isWanted ? !isIn || (copy?.revision ?? 0) < entry.revision : isIn else {
            return .accepted(reference: copy?.event ?? "")
        }
        guard !person.mail.isEmpty else { return .never(Trouble(.noReach)) }
        let method: Invitation.Method = isWanted ? .request : .cancel
        // A cancellation rises above the invitation it takes back (RFC 5546, 3.2.5), and a new invitation above that.
        let sequence = isIn && isWanted ? entry.revision : max(entry.revision, (copy?.revision ?? -1) + 1)
        let invitation = Invitation(
            method, to: person, of: entry, from: settings, office: office, sequence: sequence, uid: copy?.event)
        let carriage = await post.send(mail(invitation, delivery, to: person, settings, office), at: now)
        if case .accepted = carriage {
            try await cabinet.keep(
                CalendarCopy(
                    matter: matterID, way: way, to: delivery.to, calendar: person.mail, event: copy?.event ?? entry.uid,
                    etag: "", revision: sequence, digest: entry.content.digest, putAt: now, isOut: !isWanted))
        }
        return carriage
    }

    private func mail(
        _ invitation: Invitation, _ delivery: Delivery, to person: Person, _ settings: InvitationSettings,
        _ office: Office
    ) -> InvitationMail {
        InvitationMail(
            id: delivery.id, from: settings.organiser,
            fromName: settings.organiserName.isEmpty ? office.thaiName : settings.organiserName, to: person.mail,
            toName: person.name, subject: invitation.subject, text: invitation.text, calendar: invitation.calendar,
            method: invitation.method.rawValue)
    }
}
