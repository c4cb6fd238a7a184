// SPDX-License-Identifier: Apache-2.0

// ICE: how a browser's datagrams find us and prove whose they are.
//
// Implemented: STUN binding requests and answers (RFC 8489: MESSAGE-INTEGRITY by short-term credentials, FINGERPRINT,
// XOR-MAPPED-ADDRESS, ERROR-CODE, UNKNOWN-ATTRIBUTES), a lite agent (RFC 8445: peer-reflexive addresses, USE-CANDIDATE,
// role conflict, restart), consent as its answering side (RFC 7675), frames of ICE over TCP (RFC 4571), and usernames
// for a TURN server beside us (the REST convention that coturn has).
//
// Not implemented: gathering, checks of our own (a full agent checks, a lite one answers), TURN, MESSAGE-INTEGRITY-SHA256
// (no browser sends it), mDNS names (a lite agent learns its peers by their checks).

/// Where datagrams come from and go to: an address, a port, and for TCP the connection's number.
public struct TransportAddress: Hashable, Sendable, CustomStringConvertible {
    /// The upper half of an IPv6 address; 0 for IPv4.
    public let high: UInt64
    /// The lower half of an IPv6 address; an IPv4 address in its lowest 32 bits.
    public let low: UInt64
    /// The port.
    public let port: UInt16
    /// Whether it is an IPv6 address.
    public let isV6: Bool
    /// 0 for UDP, else the owner's number of the TCP connection.
    public let line: UInt32

    /// An IPv4 address in host order, and a port.
    public init(v4: UInt32, port: UInt16, line: UInt32 = 0) {
        high = 0
        low = UInt64(v4)
        self.port = port
        self.line = line
        isV6 = false
    }

    /// An IPv6 address as two halves in host order. A mapped IPv4 address (RFC 4291, 2.5.5.2) becomes what it maps.
    public init(v6: (UInt64, UInt64), port: UInt16, line: UInt32 = 0) {
        self.port = port
        self.line = line
        isV6 = v6.0 != 0 || v6.1 >> 32 != 0xFFFF
        high = v6.0
        low = isV6 ? v6.1 : v6.1 & 0xFFFF_FFFF
    }

    /// `192.0.2.1:5000`, `[2001:db8:0:0:0:0:0:1]:5000`.
    public var description: String {
        guard isV6 else {
            return (0..<4).map { String(low >> (24 - 8 * $0) & 255) }.joined(separator: ".") + ":\(port)"
        }
        let groups = [high, low].flatMap { half in (0..<4).map { String(half >> (48 - 16 * $0) & 0xFFFF, radix: 16) } }
        return "[" + groups.joined(separator: ":") + "]:\(port)"
    }
}

/// A name fragment and a password (RFC 8445, 5.3): who may check, and be answered.
public struct Credentials: Hashable, Sendable {
    /// `a=ice-ufrag`, 4 to 256 characters.
    public var fragment: String
    /// `a=ice-pwd`, 22 to 256 characters.
    public var password: String

    /// Credentials that were chosen elsewhere.
    public init(fragment: String, password: String) {
        self.fragment = fragment
        self.password = password
    }

    /// Bytes of chance that one pair takes.
    public static let randomCount = 32

    /// Credentials of 32 bytes of chance: 8 characters of 48 bits, 24 of 144 bits. Nil when there are fewer bytes.
    public init?(random: some Collection<UInt8>) {
        guard random.count >= Credentials.randomCount else { return nil }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let letters = random.prefix(Credentials.randomCount).map { alphabet[Int($0 & 63)] }
        fragment = String(decoding: letters[..<8], as: UTF8.self)
        password = String(decoding: letters[8...], as: UTF8.self)
    }

    /// The fragment's first eight bytes as one number: what a table of agents is kept by.
    public var key: UInt64 { fragment.utf8.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
