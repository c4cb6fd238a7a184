// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import NIOCore
import Secure

/// In the browser of somebody who was asked for a passkey.
let questionCookie = SealedCookie<KeptQuestion>(name: "sanyan-passkey", path: "/", length: .minutes(3))

extension Counter {
    /// POST /sign-in/passkey/question: what a browser is asked for.
    func askForPasskey(_ request: Request, _ visit: Visit) async throws -> Response {
        guard try await cabinet.signInSettings().offersPasskeys, parts.door != nil else { throw HTTPError(.notFound) }
        guard await throttle.allows("passkey question", limit: 240, within: .minutes(1), at: now()) else {
            throw HTTPError(.tooManyRequests)
        }
        return try await passkeyQuestion(of: nil, visit)
    }

    /// POST /sign-in/passkey: the browser's answer.
    func signInByPasskey(_ request: Request, _ visit: Visit) async throws -> Response {
        guard let door = parts.door, try await cabinet.signInSettings().offersPasskeys else {
            throw HTTPError(.notFound)
        }
        let form = try await Form.read(request)
        let to = localPath(form.text("to"), or: "/desk")
        guard await throttle.allows("passkey", limit: 60, within: .minutes(1), at: now()) else {
            return try await signInPage(visit, to: to, error: "signin.crowded", .tooManyRequests)
        }
        let answer = PasskeyAnswer(form)
        let passkey = try await answer.flatMapAsync { try await cabinet.passkey(credential: $0.credential) }
        let origin = try await cabinet.office().address
        let count: Int
        do throws(EntranceFault) {
            guard let kept = questionCookie.take(request, box, at: now()), kept.person == nil else {
                throw EntranceFault(.tookTooLong)
            }
            guard let answer, let passkey, isTheirs(answer, passkey) else { throw EntranceFault(.unknownPasskey) }
            count = try door.verify(
                answer, of: passkey, to: PasskeyQuestion(challenge: kept.challenge, origin: origin))
            try await useUp(kept)
            guard try await noteUse(of: passkey, count) else { throw EntranceFault(.copiedPasskey) }
        } catch {
            var response = try await outsideFailed(error, visit, to: to)
            response.set(questionCookie.removal(visit))
            return response
        }
        guard let person = try await cabinet.people().first(where: { $0.id == passkey?.person && $0.isActive }) else {
            return try await signInPage(
                visit, to: to, trouble: EntranceWords(words(visit)).sentence(TurnedAway.deactivated), .forbidden)
        }
        var response = try await letIn(person, request, visit, to: to)
        response.set(questionCookie.removal(visit))
        return response
    }

    /// The device says whose passkey it is; it must be who the cabinet says (Web Authentication section 7.2, step 6).
    private func isTheirs(_ answer: PasskeyAnswer, _ passkey: Passkey) -> Bool {
        constantTimeEquals(Base64URL.text(answer.user), userMark(passkey.person))
    }

    private func noteUse(of passkey: Passkey, _ count: Int) async throws(EntranceFault) -> Bool {
        do { return try await cabinet.use(passkey.id, count: count, at: now()) } catch {
            throw EntranceFault(.nonsense, "archive")
        }
    }

    /// A question is answered once, also when the browser kept its cookie.
    func useUp(_ kept: KeptQuestion) async throws(EntranceFault) {
        let isFirst: Bool
        do {
            isFirst = try await cabinet.useOnce(
                sessionHash(kept.challenge), purpose: "passkey", until: now() + questionCookie.length, at: now())
        } catch {
            throw EntranceFault(.nonsense, "archive")
        }
        guard isFirst else { throw EntranceFault(.alreadyUsed) }
    }

    /// A fresh question as JSON, and its cookie. `person` makes a new passkey; nil signs in.
    func passkeyQuestion(of person: Person?, _ visit: Visit) async throws -> Response {
        let office = try await cabinet.office()
        let challenge = Token.random()
        var options = PasskeyOptions(
            challenge: challenge, host: PasskeyQuestion(challenge: challenge, origin: office.address).host,
            officeName: office.englishName)
        if let person {
            options.user = userMark(person.id)
            options.username = person.username
            options.name = person.name
            options.known = try await cabinet.passkeys(of: person.id).map { Base64URL.text($0.credential) }
        }
        var response = Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: options.json)))
        response.set(
            try questionCookie.set(KeptQuestion(challenge: challenge, person: person?.id), box, visit, at: now()))
        return response
    }

    /// Whose a passkey is, as its device keeps it: nothing that tells a person apart to anybody but us (section 14.6.1).
    func userMark(_ person: Person.ID) -> String {
        Base64URL.text(Digest.sha256(box.mark("\(person)", for: "passkey user")))
    }
}

extension Optional {
    /// What `body` makes of the value; nil for none.
    func flatMapAsync<Result>(_ body: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        if let self { try await body(self) } else { nil }
    }
}
