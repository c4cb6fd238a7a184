// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

/// The box of passkeys on my page. `{{#passkeys}}{{> parts/me-passkeys}}{{/passkeys}}`
struct PasskeyBox: Sendable {
    let rows: [Row]
    let name: FieldRow
    let add: [PasskeyForm]
    /// Why none can be added here; nil when one can.
    let obstacle: String?

    struct Row: Sendable {
        let name: String
        let made: String
        let used: String
        let path: String
    }

    init(_ passkeys: [Passkey], obstacle: String?, _ words: Words) {
        let phrases = Phrases(words)
        rows = passkeys.map { passkey in
            Row(
                name: passkey.name, made: words("passkey.made", phrases.moment(passkey.madeAt)),
                used: passkey.usedAt.map { words("passkey.used", phrases.moment($0)) } ?? words("passkey.neverUsed"),
                path: "/me/passkeys/\(passkey.id)/removal")
        }
        name = FieldRow(
            "passkeyName", words("passkey.name"), value: words("passkey.usualName"), hint: words("passkey.nameHint"),
            isShort: true, autocomplete: "off")
        add = obstacle == nil && passkeys.count < Passkey.mostOfPerson ? [.add] : []
        self.obstacle = obstacle
    }
}

extension Counter {
    /// The box of my page; nil where nobody signs in by passkeys.
    func passkeyBox(of person: Person, _ visit: Visit) async throws -> PasskeyBox? {
        guard parts.door != nil, try await cabinet.signInSettings().offersPasskeys else { return nil }
        return PasskeyBox(
            try await cabinet.passkeys(of: person.id), obstacle: try await passkeyObstacle(words(visit)), words(visit))
    }

    /// Passkeys are bound to a name: an office that is reached by a number has none to bind them to.
    func passkeyObstacle(_ words: Words) async throws -> String? {
        let host = PasskeyQuestion(challenge: "", origin: try await cabinet.office().address).host
        let isNumber = host.isEmpty || host.hasPrefix("[") || host.allSatisfy { $0 == "." || $0.isNumber }
        return isNumber ? words("passkey.noName") : nil
    }

    /// POST /me/passkeys/question
    func askForNewPasskey(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard try await passkeyBox(of: person, visit)?.add.isEmpty == false else { throw HTTPError(.notFound) }
        return try await passkeyQuestion(of: person, visit)
    }

    /// POST /me/passkeys
    func keepPasskey(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard let door = parts.door, try await passkeyBox(of: person, visit) != nil else { throw HTTPError(.notFound) }
        let form = try await Form.read(request)
        let origin = try await cabinet.office().address
        let new: NewPasskey
        do throws(EntranceFault) {
            guard let kept = questionCookie.take(request, box, at: now()), kept.person == person.id else {
                throw EntranceFault(.tookTooLong)
            }
            guard let answer = PasskeyAnswer(form) else { throw EntranceFault(.wrongPasskey, "form") }
            new = try door.register(answer, to: PasskeyQuestion(challenge: kept.challenge, origin: origin))
            try await useUp(kept)
        } catch {
            let words = EntranceWords(words(visit))
            return try await me(visit, trouble: words.sentence(error) + " " + words.remedy(error))
        }
        let name = String(form.text("passkeyName").prefix(Passkey.longestName))
        let kept = try await cabinet.keep(
            Passkey(
                id: Passkey.ID(0), person: person.id, name: name.isEmpty ? words(visit)("passkey.usualName") : name,
                credential: new.credential, publicKey: new.publicKey, algorithm: new.algorithm, count: new.count,
                madeAt: now()), at: now())
        guard kept != nil else { return try await me(visit, trouble: words(visit)("passkey.notKept")) }
        var response = Response.seeOther("/me?done=passkey_kept")
        response.set(questionCookie.removal(visit))
        return response
    }

    /// POST /me/passkeys/:id/removal
    func removePasskey(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard let id = visit.parameters.get("id").flatMap({ Passkey.ID($0) }),
            try await cabinet.removePasskey(id, of: person.id, at: now())
        else { throw HTTPError(.notFound) }
        return .seeOther("/me?done=passkey_removed")
    }
}
