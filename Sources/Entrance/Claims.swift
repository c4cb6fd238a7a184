// SPDX-License-Identifier: Apache-2.0
import Desk
import FoundationEssentials

/// A value of JSON, as claims and entries hold them.
enum Claim: Decodable, Hashable, Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([Claim])
    case object([String: Claim])
    case nothing

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        // JSON has six kinds; each decoder refuses all but its own.
        if value.decodeNil() {
            self = .nothing
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([Claim].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: Claim].self))
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// A text alone, or the texts of a list.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let list): list.compactMap(\.text)
        default: []
        }
    }
    /// `true`, also where a provider writes it as a text.
    var isTrue: Bool { self == .flag(true) || self == .text("true") }
}

/// The claims of a token or of a provider's user info (OpenID Connect Core section 5).
struct Claims: Sendable {
    var values: [String: Claim]

    init(_ values: [String: Claim]) { self.values = values }

    /// - Returns: nil for what is no JSON object.
    init?(json: some Sequence<UInt8>) {
        guard let values = try? JSONDecoder().decode([String: Claim].self, from: Data(json)) else { return nil }
        self.values = values
    }

    subscript(_ name: String) -> Claim? { values[name] }

    func text(_ name: String) -> String { values[name]?.text ?? "" }

    /// The claim of a name, or of a path with dots through objects (`realm_access.roles`).
    func claim(at path: String) -> Claim? {
        if let claim = values[path] { return claim }
        var here = Claim.object(values)
        for name in path.split(separator: ".") {
            guard case .object(let members) = here, let next = members[String(name)] else { return nil }
            here = next
        }
        return here
    }

    /// The person that the claims speak of.
    func outsider(issuer: String, by settings: OpenIDSettings) -> Outsider {
        let parts = [text("given_name"), text("family_name")].filter { !$0.isEmpty }
        let username = claim(at: settings.usernameClaim)?.text ?? ""
        return Outsider(
            source: .openID, issuer: issuer, subject: text("sub"),
            username: username.isEmpty ? text("email") : username,
            name: text("name").isEmpty ? parts.joined(separator: " ") : text("name"), position: text("title"),
            mail: text("email"), isMailVerified: values["email_verified"]?.isTrue ?? false,
            groups: settings.groupClaims.flatMap { claim(at: $0)?.texts ?? [] })
    }
}
