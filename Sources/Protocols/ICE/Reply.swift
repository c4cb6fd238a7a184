// SPDX-License-Identifier: Apache-2.0

/// What is answered to a check (RFC 8489, 6.3.3 and 6.3.4): always signed, always with a fingerprint.
struct Reply {
    private var bytes: [UInt8]

    /// A success: where the check came from (RFC 8489, 14.2).
    init(to check: Binding, from address: TransportAddress) {
        bytes = Reply.head(type: 0x0101, check)
        let port = address.port ^ UInt16(Binding.cookie >> 16)
        let body: [UInt8] =
            if address.isV6 {
                zip(Reply.wide(address.high) + Reply.wide(address.low), check.bytes[4..<20]).map { $0 ^ $1 }
            } else {
                Array(Reply.wide(address.low ^ UInt64(Binding.cookie))[4...])
            }
        add(
            Binding.Attribute.xorMappedAddress,
            [0, address.isV6 ? 2 : 1, UInt8(port >> 8), UInt8(port & 255)] + body)
    }

    /// An error by its number, e.g. 487 role conflict (RFC 8445, 7.3.1.1), 420 unknown attribute.
    init(to check: Binding, error: Int, unknown: [UInt16] = []) {
        bytes = Reply.head(type: 0x0111, check)
        add(Binding.Attribute.errorCode, [0, 0, UInt8(error / 100), UInt8(error % 100)])
        if !unknown.isEmpty {
            add(Binding.Attribute.unknownAttributes, unknown.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
        }
    }

    private static func head(type: UInt16, _ check: Binding) -> [UInt8] {
        [UInt8(type >> 8), UInt8(type & 255), 0, 0] + check.bytes[4..<20]
    }

    private static func wide(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
    }

    private mutating func add(_ kind: UInt16, _ value: [UInt8]) {
        bytes += [UInt8(kind >> 8), UInt8(kind & 255), UInt8(value.count >> 8), UInt8(value.count & 255)] + value
        while bytes.count & 3 != 0 { bytes.append(0) }
    }

    private mutating func setLength(_ count: Int) {
        bytes[2] = UInt8(count >> 8)
        bytes[3] = UInt8(count & 255)
    }

    /// Signs it, and writes it where there is room; how many bytes were written, 0 when they do not fit or would be more
    /// than were asked with.
    func write(to room: UnsafeMutableRawBufferPointer, key: HMACSHA1, askedWith count: Int) -> Int {
        var signed = self
        signed.setLength(bytes.count + 24 - 20)
        signed.add(Binding.Attribute.integrity, key.digest(signed.bytes))
        signed.setLength(signed.bytes.count + 8 - 20)
        let mark = CRC32.of(signed.bytes) ^ 0x5354_554E
        signed.add(
            Binding.Attribute.fingerprint, (0..<4).map { UInt8(truncatingIfNeeded: mark >> (24 - 8 * UInt32($0))) })
        guard signed.bytes.count <= room.count, signed.bytes.count <= count else { return 0 }
        room.copyBytes(from: signed.bytes)
        return signed.bytes.count
    }
}
