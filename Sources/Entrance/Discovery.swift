// SPDX-License-Identifier: Apache-2.0
import Desk
import FoundationEssentials

/// What a provider says of itself (OpenID Connect Discovery 1.0 section 3), as far as it is used.
struct Discovery: Sendable {
    var issuer: String
    var authorization: String
    var token: String
    var keys: String
    var userInfo: String?
    var endSession: String?
    /// How the client may prove itself at the token endpoint.
    var clientMethods: [String]
    /// PKCE's methods; nil when the provider does not say.
    var challengeMethods: [String]?
    var scopes: [String]
    var signingAlgorithms: [String]
    /// The provider puts its name into every answer (RFC 9207 section 3).
    var namesItself: Bool

    /// Where a provider's document lies (section 4.1).
    static func address(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// Reads a document.
    ///
    /// - Throws: `.wrongIssuer` when it speaks of another provider, `.noDiscovery` when it does not say what is needed.
    init(_ body: [UInt8], issuer: String) throws(EntranceFault) {
        guard let said = Claims(json: body) else { throw EntranceFault(.noDiscovery) }
        guard said.text("issuer") == issuer else {
            throw EntranceFault(.wrongIssuer, String(said.text("issuer").prefix(200)))
        }
        self.issuer = issuer
        authorization = try Self.address("authorization_endpoint", said)
        token = try Self.address("token_endpoint", said)
        keys = try Self.address("jwks_uri", said)
        userInfo = said["userinfo_endpoint"] == nil ? nil : try Self.address("userinfo_endpoint", said)
        endSession = said["end_session_endpoint"] == nil ? nil : try Self.address("end_session_endpoint", said)
        clientMethods = said["token_endpoint_auth_methods_supported"]?.texts ?? ["client_secret_basic"]
        challengeMethods = said["code_challenge_methods_supported"]?.texts
        scopes = said["scopes_supported"]?.texts ?? []
        signingAlgorithms = said["id_token_signing_alg_values_supported"]?.texts ?? []
        namesItself = said["authorization_response_iss_parameter_supported"]?.isTrue ?? false
    }

    private static func address(_ name: String, _ said: Claims) throws(EntranceFault) -> String {
        let address = said.text(name)
        guard WebAddress.isUsable(address) else { throw EntranceFault(.noDiscovery, name) }
        return address
    }
}

/// Addresses of the web, as far as they are judged here.
enum WebAddress {
    /// https anywhere, http on this machine only; no blanks, no fragment.
    static func isUsable(_ address: String) -> Bool {
        guard (9...2000).contains(address.utf8.count), !address.contains("#"),
            address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"") }),
            let host = host(address), !host.isEmpty
        else { return false }
        if address.hasPrefix("https://") { return true }
        return address.hasPrefix("http://") && ["127.0.0.1", "localhost", "[::1]"].contains(host)
    }

    /// The host, with its port left out; nil when there is none, or somebody's name and password stand before it.
    static func host(_ address: String) -> String? {
        guard let start = address.firstRange(of: "://")?.upperBound else { return nil }
        let authority = address[start...].prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { return nil }
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end]).lowercased()
        }
        return authority.prefix { $0 != ":" }.lowercased()
    }

    /// Values as a form is written (WHATWG URL, application/x-www-form-urlencoded).
    static func form(_ values: [(String, String)]) -> String {
        values.map { "\(encoded($0))=\(encoded($1))" }.joined(separator: "&")
    }

    /// An address with values behind it.
    static func with(_ address: String, _ values: [(String, String)]) -> String {
        address + (address.contains("?") ? "&" : "?") + form(values)
    }

    static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "~")
            if isPlain {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                out += digits.count < 2 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return out
    }
}
