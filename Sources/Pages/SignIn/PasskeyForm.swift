// SPDX-License-Identifier: Apache-2.0

import Desk
import Secure

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The form that `passkey.js` fills in: hidden until a script finds that the browser can do it.
struct PasskeyForm: Sendable {
    /// Where the answer goes, and where the question comes from.
    let path: String
    let question: String
    /// `get` or `create`, as the browser calls it.
    let act: String
    /// Where to go afterwards; nil on a page that stays.
    let to: String?

    static func signIn(to: String) -> PasskeyForm {
        PasskeyForm(path: "/sign-in/passkey", question: "/sign-in/passkey/question", act: "get", to: to)
    }

    static let add = PasskeyForm(path: "/me/passkeys", question: "/me/passkeys/question", act: "create", to: nil)
}

/// What a passkey's browser was asked, kept in its cookie until it answers.
struct KeptQuestion: Codable, Sendable {
    var challenge: String
    /// Who makes a new passkey; nil for signing in.
    var person: Person.ID?
}

/// What the page's script asks the browser for, as JSON: bytes are base64url.
struct PasskeyOptions: Encodable, Sendable {
    var challenge: String
    var host: String
    var officeName: String
    /// Of a new passkey: whose it is. The mark says nothing of the person by itself.
    var user: String?
    var username: String?
    var name: String?
    /// Passkeys that the person has: the same device makes no second one.
    var known: [String] = []
    /// How long the person may take.
    var milliseconds = 120_000

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Texts and numbers always become JSON.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension PasskeyAnswer {
    /// The answer as the script wrote it into the form; nil when a part is no base64url.
    init?(_ form: Form) {
        func bytes(_ name: String) -> [UInt8]? {
            let text = form.text(name)
            return text.utf8.count <= 24_000 ? Base64URL.bytes(text) : nil
        }
        guard let credential = bytes("credential"), let client = bytes("client"), let device = bytes("device"),
            let signature = bytes("signature"), let user = bytes("user"), !credential.isEmpty
        else { return nil }
        self.init(
            credential: credential, clientData: client, authenticatorData: device, signature: signature, user: user)
    }
}
