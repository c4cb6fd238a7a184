// SPDX-License-Identifier: Apache-2.0
import CLinux
import ICE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A UDP socket whose datagrams are taken and sent many at a time. Lives on one loop.
final class Datagrams {
    /// So many are taken with one call.
    static let slots = 32
    /// Browsers' first hello fills an Ethernet frame; nothing that is for us is longer.
    static let mostBytes = 2_048

    let file: Int32
    /// What was taken last; gone with the next `take()`.
    let came: UnsafeMutablePointer<cs_datagram>
    /// Whether the socket speaks IPv6, where IPv4 addresses are mapped.
    let isV6: Bool
    private let inbox: OpaquePointer
    /// Whether the system cuts up long ones (UDP_SEGMENT).
    private var cuts: Int32 = 1
    /// Sent since the beginning, and what the system would not take.
    private(set) var sent = 0
    private(set) var dropped = 0

    /// A socket that is bound already.
    /// - Throws: `WireFault` when there is no memory.
    init(_ file: Int32) throws {
        guard let inbox = cs_inbox_new(Int32(Datagrams.slots), Int32(Datagrams.mostBytes)),
            let came = cs_inbox_datagrams(inbox)
        else { throw WireFault(doing: "make room for datagrams", ENOMEM) }
        (self.file, self.inbox, self.came) = (file, inbox, came)
        isV6 = Datagrams.family(of: file) == AF_INET6
    }

    deinit {
        cs_inbox_free(inbox)
        close(file)
    }

    /// Takes what has come: how many there are in `came`.
    func take() -> Int { Int(cs_inbox_take(inbox, file)) }

    /// Sends what the system takes; the rest is lost.
    func send(_ letters: UnsafePointer<cs_letter>, _ count: Int) {
        guard count > 0 else { return }
        let taken = Int(cs_send_letters(file, letters, Int32(truncatingIfNeeded: count), &cuts))
        sent &+= taken
        dropped &+= count - taken
    }

    private static func family(of file: Int32) -> Int32 {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            // What is not bound has no family, and is not IPv6.
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(file, $0, &length) }
        }
        return Int32(address.ss_family)
    }

    /// The numeric addresses of this machine's interfaces, also those of IPv6 when they are asked for: those that others
    /// can reach, or when there are none, loopback.
    static func ownAddresses(withV6: Bool) -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return ["127.0.0.1"] }
        defer { freeifaddrs(list) }
        var (outer, inner): ([String], [String]) = ([], [])
        var next = list
        while let one = next?.pointee {
            next = one.ifa_next
            guard let address = one.ifa_addr, one.ifa_flags & UInt32(IFF_UP) != 0,
                let text = text(address), withV6 || !text.contains(":")
            else { continue }
            if one.ifa_flags & UInt32(IFF_LOOPBACK) == 0 { outer.append(text) } else { inner.append(text) }
        }
        return outer.isEmpty ? inner : outer
    }

    /// Link-local addresses mean nothing without their interface, so they are nobody's candidate.
    private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        let family = Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { return nil }
        let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var host = [CChar](repeating: 0, count: 64)
        guard getnameinfo(address, socklen_t(length), &host, 64, nil, 0, NI_NUMERICHOST) == 0 else { return nil }
        let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.contains("%") || text.hasPrefix("fe80") || text.hasPrefix("169.254.") ? nil : text
    }
}

extension TransportAddress {
    /// The address of a socket (sockaddr_in or sockaddr_in6); nil for another kind.
    init?(_ address: cs_address) {
        let parts: (v4: UInt32, v6: (UInt64, UInt64)?, port: UInt16)? = withUnsafeBytes(of: address.bytes) { bytes in
            let family = Int32(bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self))
            let port = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            if family == AF_INET {
                return (UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)), nil, port)
            }
            guard family == AF_INET6 else { return nil }
            let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            return (0, (high, UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))), port)
        }
        guard let parts else { return nil }
        if let v6 = parts.v6 {
            self.init(v6: v6, port: parts.port)
        } else {
            self.init(v4: parts.v4, port: parts.port)
        }
    }

    /// As a socket wants it; on one that speaks IPv6, an IPv4 address is mapped (RFC 4291, 2.5.5.2).
    func socketAddress(onV6 isV6Socket: Bool) -> cs_address {
        var address = cs_address()
        withUnsafeMutableBytes(of: &address.bytes) { bytes in
            bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            guard isV6 || isV6Socket else {
                bytes.storeBytes(of: UInt16(AF_INET), as: UInt16.self)
                bytes.storeBytes(of: UInt32(truncatingIfNeeded: low).bigEndian, toByteOffset: 4, as: UInt32.self)
                return
            }
            bytes.storeBytes(of: UInt16(AF_INET6), as: UInt16.self)
            let lower = isV6 ? low : 0xFFFF_0000_0000 | low
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: lower.bigEndian, toByteOffset: 16, as: UInt64.self)
        }
        address.count = UInt32(isV6 || isV6Socket ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        return address
    }
}
