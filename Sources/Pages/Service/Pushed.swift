// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

// What service workers and buttons under messages say. Nobody is signed in here: the token that came with the message is
// the whole permission, for one notice and one device or topic.

extension Counter {
    /// POST /push/shown: a device has shown something, or answers its weekly check.
    func notePushed(_ request: Request) async throws -> Response {
        let said = try await said(request)
        try await note(said)
        return Response(status: .noContent)
    }

    /// POST /push/acknowledgement: รับทราบ, from the lock screen.
    func acknowledgePushed(_ request: Request) async throws -> Response {
        let said = try await said(request)
        try await note(said)
        if let notice = said.notice {
            _ = try await cabinet.acknowledge(notice.id, by: notice.person, at: now())
        }
        return Response(status: .noContent)
    }

    /// POST /push/renewal: a browser was given another address. It proves itself by the old one, which nobody else knows.
    func renewPushed(_ request: Request) async throws -> Response {
        guard await throttle.allows("push renewal", limit: 120, within: .minutes(1), at: now()) else {
            throw HTTPError(.tooManyRequests)
        }
        guard let settings = try await pushSettings() else { throw HTTPError(.notFound) }
        let form = try await Form.read(request)
        guard let typed = TypedSubscription(form, settings) else { throw HTTPError(.unprocessableContent) }
        let isKnown = try await cabinet.renew(
            endpoint: form.text("old"), to: typed.subscription, expires: typed.expires, at: now())
        return Response(status: isKnown ? .noContent : .notFound)
    }

    // MARK: Tokens

    private struct Said {
        let bearer: PushBearer
        /// Nil for a trial or a check.
        let notice: Notice?
    }

    /// Who speaks, and of which notice: 404 for whatever does not fit together, 410 for a token that is too old.
    private func said(_ request: Request) async throws -> Said {
        let form = try await Form.read(request)
        guard let bearer = PushBearer(mark: form.text("by")) else { throw HTTPError(.notFound) }
        let subject: Int64
        do {
            subject = try seal.open(
                form.text("token"), purpose: bearer.purpose, now: now().milliseconds / 1000)
        } catch .expired {
            throw HTTPError(.gone)
        } catch {
            throw HTTPError(.notFound)
        }
        // A device that was taken off the list says nothing any more.
        let person: Person.ID? =
            switch bearer {
            case .device(let id): try await cabinet.device(id)?.person
            case .topic(let id): try await cabinet.reach(of: id, by: .ntfy).map { _ in id }
            }
        guard let person else { throw HTTPError(.notFound) }
        guard subject > 0 else { return Said(bearer: bearer, notice: nil) }
        guard let notice = try await cabinet.notice(Notice.ID(subject)), notice.person == person else {
            throw HTTPError(.notFound)
        }
        return Said(bearer: bearer, notice: notice)
    }

    private func note(_ said: Said) async throws {
        if case .device(let id) = said.bearer { try await cabinet.note(answered: id, at: now()) }
        guard let notice = said.notice else { return }
        let way: Way = if case .device = said.bearer { .push } else { .ntfy }
        try await cabinet.shown(notice.id, by: way, at: now())
    }
}
