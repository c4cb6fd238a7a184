// SPDX-License-Identifier: Apache-2.0

/// Where a stream is published to: `rtmp://host[:port]/application[/…]/key`, or `rtmps://` for the same inside TLS.
///
/// The key opens somebody's channel, so an address shows itself as its scheme only, wherever it is printed.
public struct RTMPAddress: Hashable, Sendable {
    /// Whether TLS is spoken first.
    public let isSecure: Bool
    /// A name or a number, without the brackets of IPv6.
    public let host: String
    /// 1935 unless the address says otherwise; 443 for `rtmps`.
    public let port: UInt16
    /// Everything between the host and the key: `live`, `app/instance`.
    public let application: String
    /// The publish name: what stands behind the last slash of the path, with its query.
    public let key: String

    /// What is wrong with an address.
    public enum Flaw: Error, Hashable, Sendable, CaseIterable {
        case scheme, host, port, application, key, password, characters

        /// One sentence for whoever typed it; nothing of the address is in it.
        public var english: String {
            switch self {
            case .scheme: "The address must begin with rtmp:// or rtmps://."
            case .host: "The address names no server."
            case .port: "The address has a port that cannot be."
            case .application: "The address names no application: write rtmp://server/application/key."
            case .key: "The address has no stream key at its end."
            case .password: "An address with a user name and a password cannot be used."
            case .characters: "The address has spaces or signs that cannot be in one."
            }
        }

        /// The same in Thai.
        public var thai: String {
            switch self {
            case .scheme: "ที่อยู่ต้องขึ้นต้นด้วย rtmp:// หรือ rtmps://"
            case .host: "ที่อยู่ไม่มีชื่อเซิร์ฟเวอร์"
            case .port: "เลขพอร์ตในที่อยู่ไม่ถูกต้อง"
            case .application: "ที่อยู่ไม่มีชื่อแอปพลิเคชัน โปรดเขียนเป็น rtmp://เซิร์ฟเวอร์/แอปพลิเคชัน/คีย์"
            case .key: "ท้ายที่อยู่ไม่มีสตรีมคีย์"
            case .password: "ใช้ที่อยู่ที่มีชื่อผู้ใช้และรหัสผ่านไม่ได้"
            case .characters: "ที่อยู่มีช่องว่างหรืออักขระที่ใช้ไม่ได้"
            }
        }
    }

    /// Reads an address; white space around it is left out.
    public init(_ text: String) throws(Flaw) {
        let (place, path) = try Place.split(RTMPAddress.trimmed(text[...]))
        // The query belongs to the key, and may have slashes of its own.
        let mark = path.firstIndex(of: "?") ?? path.endIndex
        guard let slash = path[..<mark].lastIndex(of: "/") else { throw .application }
        let application = path[..<slash]
        let key = path[path.index(after: slash)...]
        guard !application.isEmpty else { throw .application }
        guard !key.isEmpty, key.first != "?" else { throw .key }
        self.init(place, application: String(application), key: String(key))
    }

    /// The same key at the address that a server asks to go on at (enhanced RTMP, Reconnect Request): a whole one, or a
    /// path on the same server. Nil when it cannot be used; from TLS it never leads out of it, for the key would be seen.
    public func moved(to address: String) -> RTMPAddress? {
        let address = RTMPAddress.trimmed(address[...])
        if address.hasPrefix("/"), !address.hasPrefix("//") {
            let application = address.dropFirst().prefix { $0 != "?" }
            guard !application.isEmpty, application.utf8.allSatisfy(RTMPAddress.isPlain) else { return nil }
            return RTMPAddress(place, application: String(application), key: key)
        }
        // What cannot be read is as good as no address: the server is then asked again where it is.
        guard let (place, application) = try? Place.split(address), !application.isEmpty else { return nil }
        guard place.isSecure || !isSecure else { return nil }
        return RTMPAddress(place, application: String(application), key: key)
    }

    /// The address without its key, as `connect` has it (specification 7.2.1.1, `tcUrl`).
    var tcURL: String {
        let host = host.contains(":") ? "[\(host)]" : host
        let port = port == (isSecure ? 443 : 1935) ? "" : ":\(port)"
        return "\(isSecure ? "rtmps" : "rtmp")://\(host)\(port)/\(application)"
    }

    private var place: Place { Place(isSecure: isSecure, host: host, port: port) }

    private init(_ place: Place, application: String, key: String) {
        (isSecure, host, port) = (place.isSecure, place.host, place.port)
        (self.application, self.key) = (application, key)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// Printable and no space: what is neither has no business in an address.
    fileprivate static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0x7F }
}

extension RTMPAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The scheme; the rest is a secret.
    public var description: String { isSecure ? "rtmps://…" : "rtmp://…" }
    /// The same.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A server: everything before an address's path.
private struct Place {
    var isSecure: Bool
    var host: String
    var port: UInt16

    /// The server, and the path behind its slash.
    static func split(_ text: Substring) throws(RTMPAddress.Flaw) -> (Place, Substring) {
        guard text.utf8.allSatisfy(RTMPAddress.isPlain) else { throw .characters }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { throw .scheme }
        let isSecure: Bool
        switch text[..<colon].lowercased() {
        case "rtmp": isSecure = false
        case "rtmps": isSecure = true
        default: throw .scheme
        }
        let rest = text[colon...].dropFirst(3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw .password }
        let (host, port) = try hostAndPort(authority)
        return (
            Place(isSecure: isSecure, host: host, port: port ?? (isSecure ? 443 : 1935)),
            rest[authority.endIndex...].drop { $0 == "/" }
        )
    }

    private static func hostAndPort(_ authority: Substring) throws(RTMPAddress.Flaw) -> (String, UInt16?) {
        var host = authority
        var tail = authority[authority.endIndex...]
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw .host }
            host = authority[..<end].dropFirst()
            tail = authority[end...].dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            tail = authority[colon...]
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { throw .host }
        guard !tail.isEmpty else { return (String(host), nil) }
        let digits = tail.dropFirst()
        guard tail.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits), port > 0
        else { throw .port }
        return (String(host), port)
    }
}
