// SPDX-License-Identifier: Apache-2.0

/// An address of the web in its parts (RFC 3986), as far as a calendar server needs it.
struct WebAddress: Hashable, Sendable {
    /// `https`, or `http` on this machine.
    var scheme: String
    /// With its port, when it has one.
    var host: String
    /// Begins with a slash, percent-encoded; without a query.
    var path: String

    /// Nil for what is no address of the web, or brings a name and password.
    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        scheme = text[..<mark.lowerBound].lowercased()
        let rest = text[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        host = rest[..<slash].lowercased()
        path = slash == rest.endIndex ? "/" : String(rest[slash...].prefix { $0 != "?" && $0 != "#" })
        guard scheme == "https" || scheme == "http", !host.isEmpty, text.utf8.count <= 2000,
            host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
    }

    var text: String { "\(scheme)://\(host)\(path)" }

    /// A name and a password may go there: over TLS, or without leaving this machine.
    var keepsSecrets: Bool { scheme == "https" || isLoopback }

    private var isLoopback: Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        if name == "localhost" || name == "[::1]" { return true }
        let octets = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return octets.count == 4 && octets.allSatisfy { $0 != nil } && octets[0] == 127
    }

    /// What a reference (`href`, `Location`) names, on the same server only: another one gets no password of ours.
    func resolving(_ reference: String) -> WebAddress? {
        if reference.hasPrefix("/"), !reference.hasPrefix("//") { return WebAddress("\(scheme)://\(host)\(reference)") }
        guard let other = WebAddress(reference), other.scheme == scheme, other.host == host else { return nil }
        return other
    }

    /// A collection ends with a slash.
    var asCollection: WebAddress {
        var collection = self
        if !path.hasSuffix("/") { collection.path += "/" }
        return collection
    }

    /// The last part of a path, decoded: servers write the same name with more or fewer percent signs.
    static func lastPart(_ path: String) -> String {
        let part = path.split(separator: "/").last.map(String.init) ?? ""
        return decoded(part)
    }

    static func decoded(_ text: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
