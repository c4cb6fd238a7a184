// SPDX-License-Identifier: Apache-2.0

/// A STUN binding request (RFC 8489, 5) as a check carries it. Read without a copy; nothing of it is proved yet.
public struct Binding {
    /// The attributes that a check may carry (RFC 8489, 18.3; RFC 8445, 16.1).
    enum Attribute {
        static let username: UInt16 = 0x0006
        static let integrity: UInt16 = 0x0008
        static let errorCode: UInt16 = 0x0009
        static let unknownAttributes: UInt16 = 0x000A
        static let xorMappedAddress: UInt16 = 0x0020
        static let priority: UInt16 = 0x0024
        static let useCandidate: UInt16 = 0x0025
        static let fingerprint: UInt16 = 0x8028
        static let controlled: UInt16 = 0x8029
        static let controlling: UInt16 = 0x802A
    }

    /// RFC 8489, 5.
    static let cookie: UInt32 = 0x2112_A442
    static let requestType: UInt16 = 0x0001
    static let indicationType: UInt16 = 0x0011
    /// A check has some ten attributes; one with more is nobody's.
    static let attributeLimit = 32
    /// Longer ones are nobody's check.
    static let sizeLimit = 1_280

    let bytes: UnsafeRawBufferPointer
    private(set) var username: Range<Int> = 0..<0
    /// Where MESSAGE-INTEGRITY begins; what follows it, but FINGERPRINT, does not count (RFC 8489, 14.5).
    private(set) var integrityOffset: Int?
    private var hasFingerprint = false
    private(set) var isNominating = false
    private(set) var isControlled = false
    private(set) var priority: UInt32?
    /// Attributes that must be understood and are not (RFC 8489, 6.3.1).
    private(set) var unknown: [UInt16] = []

    /// Nil for what is no binding request, is cut, or fails its own fingerprint.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard Binding.isRequest(bytes) else { return nil }
        self.bytes = bytes
        var offset = 20
        var count = 0
        while offset < bytes.count {
            guard offset + 4 <= bytes.count, count < Binding.attributeLimit else { return nil }
            let kind = bytes.word16(offset)
            let length = Int(bytes.word16(offset + 2))
            guard offset + 4 + length <= bytes.count else { return nil }
            guard note(kind, at: offset, length: length) else { return nil }
            offset += 4 + (length + 3) & ~3
            count += 1
        }
        // A check without its fingerprint is none (RFC 8445, 7.1).
        guard offset == bytes.count, hasFingerprint else { return nil }
    }

    /// Whose check it says it is: the key of our fragment, which stands before the colon of USERNAME (RFC 8445, 7.2.2).
    /// Nothing is proved by it.
    public static func key(of datagram: UnsafeRawBufferPointer) -> UInt64? {
        guard isRequest(datagram) else { return nil }
        var offset = 20
        while offset + 4 <= datagram.count {
            let length = Int(datagram.word16(offset + 2))
            guard offset + 4 + length <= datagram.count else { return nil }
            if datagram.word16(offset) == Attribute.username {
                var key: UInt64 = 0
                for byte in datagram[(offset + 4)..<(offset + 4 + length)].prefix(8) {
                    if byte == UInt8(ascii: ":") { break }
                    key = key << 8 | UInt64(byte)
                }
                return key
            }
            offset += 4 + (length + 3) & ~3
        }
        return nil
    }

    private static func isRequest(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 20 && bytes.count <= sizeLimit && bytes.count & 3 == 0 && bytes.word16(0) == requestType
            && bytes.word32(4) == cookie && Int(bytes.word16(2)) == bytes.count - 20
    }

    private mutating func note(_ kind: UInt16, at offset: Int, length: Int) -> Bool {
        if integrityOffset != nil, kind != Attribute.fingerprint { return true }
        switch kind {
        case Attribute.username: username = (offset + 4)..<(offset + 4 + length)
        case Attribute.integrity:
            guard length == 20 else { return false }
            integrityOffset = offset
        case Attribute.fingerprint:
            // It is the last one (RFC 8489, 14.7).
            guard length == 4, offset + 8 == bytes.count else { return false }
            hasFingerprint = true
            return bytes.word32(offset + 4) == CRC32.of(bytes[..<offset]) ^ 0x5354_554E
        case Attribute.useCandidate: isNominating = true
        case Attribute.controlled: isControlled = true
        case Attribute.controlling: break
        case Attribute.priority:
            guard length == 4 else { return false }
            priority = bytes.word32(offset + 4)
        default: if kind < 0x8000 { unknown.append(kind) }
        }
        return true
    }

    /// Whether it was made with this password (RFC 8489, 14.5): the length counts up to the integrity itself.
    func isMade(with key: HMACSHA1) -> Bool {
        guard let offset = integrityOffset else { return false }
        var covered = Array(bytes[..<offset])
        let length = UInt16(offset + 24 - 20)
        covered[2] = UInt8(length >> 8)
        covered[3] = UInt8(length & 255)
        return isSame(key.digest(covered), bytes[(offset + 4)..<(offset + 24)])
    }

    /// Whether USERNAME is ours and, when theirs is known, theirs.
    func isAddressed(to local: String, from remote: String?) -> Bool {
        let name = bytes[username]
        guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return false }
        guard name[..<colon].elementsEqual(local.utf8) else { return false }
        guard let remote else { return true }
        return name[(colon + 1)...].elementsEqual(remote.utf8)
    }
}

extension UnsafeRawBufferPointer {
    /// A big-endian number of 16 bits; the caller has looked at the length.
    func word16(_ offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }
    /// A big-endian number of 32 bits; the caller has looked at the length.
    func word32(_ offset: Int) -> UInt32 { UInt32(word16(offset)) << 16 | UInt32(word16(offset + 2)) }
}
