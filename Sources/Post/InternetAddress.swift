// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An address of the Internet, version 4 or 6, and the judgement whether it leads outside.
public struct InternetAddress: Hashable, Sendable {
    /// Four bytes, or sixteen, in the order of the network.
    public let bytes: [UInt8]

    /// An address of four or sixteen bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// An address as it is written: `192.0.2.1`, `2001:db8::1`; nil for what is none, and for one with a zone.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: six) { Array($0) }
        } else {
            return nil
        }
    }

    /// The address in a socket's address; nil for one of another family.
    init?(_ address: UnsafePointer<sockaddr>, length: Int) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
        default: return nil
        }
    }

    /// It leads to this machine, into the house's own network, or to nobody in particular (the registries of RFC 6890):
    /// a request that somebody from outside has caused must not go there.
    public var isInside: Bool { bytes.count == 4 ? Self.isInside(four: bytes) : isInsideSix }

    private static func isInside(four bytes: [UInt8]) -> Bool {
        let address = bytes.reduce(0) { $0 << 8 | UInt32($1) }
        return insideFour.contains { network, length in (address ^ network) >> (32 - length) == 0 }
    }

    private var isInsideSix: Bool {
        // A version 4 address in version 6 clothes (RFC 4291 section 2.5.5.2), or behind a translator (RFC 6052).
        for prefix in Self.clothes where bytes.starts(with: prefix) {
            return Self.isInside(four: Array(bytes[12...]))
        }
        // Whatever is outside is global unicast, 2000::/3; loopback, fc00::/7, fe80::/10 and ff00::/8 are not.
        if bytes[0] >> 5 != 0b001 { return true }
        return Self.insideSix.contains { prefix in bytes.starts(with: prefix) }
    }

    /// What is not outside, of version 4.
    private static let insideFour: [(network: UInt32, length: UInt32)] = [
        (0x0000_0000, 8),  // this network, 0.0.0.0
        (0x0A00_0000, 8),  // private (RFC 1918)
        (0x6440_0000, 10),  // behind a carrier's translator (RFC 6598)
        (0x7F00_0000, 8),  // loopback
        (0xA9FE_0000, 16),  // link-local, and the clouds' metadata
        (0xAC10_0000, 12),  // private
        (0xC000_0000, 24),  // protocol assignments (RFC 6890)
        (0xC000_0200, 24),  // documentation (RFC 5737)
        (0xC058_6300, 24),  // relays of 6to4 (RFC 7526)
        (0xC0A8_0000, 16),  // private
        (0xC612_0000, 15),  // benchmarks (RFC 2544)
        (0xC633_6400, 24),  // documentation
        (0xCB00_7100, 24),  // documentation
        (0xE000_0000, 4),  // multicast
        (0xF000_0000, 4),  // reserved, and the broadcast
    ]

    /// What has a version 4 address as its last four bytes.
    private static let clothes: [[UInt8]] = [
        [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF],
        [0x00, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8),
    ]

    /// What is not outside within 2000::/3.
    private static let insideSix: [[UInt8]] = [
        [0x20, 0x01, 0x00, 0x00],  // Teredo, which hides another address (RFC 4380)
        [0x20, 0x01, 0x00, 0x02, 0x00, 0x00],  // benchmarks (RFC 5180)
        [0x20, 0x01, 0x0D, 0xB8],  // documentation (RFC 3849)
        [0x20, 0x02],  // 6to4, which hides another address (RFC 3056)
        [0x3F, 0xFF],  // documentation (RFC 9637), and around it nobody
    ]
}
