// SPDX-License-Identifier: Apache-2.0

/// SHA-1 (FIPS 180-4, 6.1). Old, and what STUN's integrity is made of; nothing else here uses it.
struct SHA1: Sendable {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0
    )
    /// Bytes that were taken: whole blocks of 64.
    private var count: UInt64 = 0

    /// Takes as many whole blocks as there are.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        let whole = bytes.count & ~63
        for start in stride(from: 0, to: whole, by: 64) {
            compress(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 64)]))
        }
        count &+= UInt64(whole)
    }

    /// The 20 bytes over what was taken, and these.
    consuming func finish(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        take(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[(bytes.count & ~63)...])
        let bits = (count &+ UInt64(rest.count)) &* 8
        // The last bytes, a bit, and the length, in one block or in two (FIPS 180-4, 5.1.1).
        withUnsafeTemporaryAllocation(byteCount: rest.count < 56 ? 64 : 128, alignment: 8) { block in
            for place in block.indices { block[place] = 0 }
            block.copyMemory(from: rest)
            block[rest.count] = 0x80
            block.storeBytes(of: bits.bigEndian, toByteOffset: block.count - 8, as: UInt64.self)
            take(UnsafeRawBufferPointer(block))
        }
        let words = [state.0, state.1, state.2, state.3, state.4]
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
    }

    private mutating func compress(_ block: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { words in
            for index in 0..<16 { words[index] = block.word32(index * 4) }
            for index in 16..<80 {
                let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                words[index] = mixed << 1 | mixed >> 31
            }
            var (a, b, c, d, e) = state
            for index in 0..<80 {
                let (choice, constant): (UInt32, UInt32) =
                    switch index / 20 {
                    case 0: ((b & c) | (~b & d), 0x5A82_7999)
                    case 1: (b ^ c ^ d, 0x6ED9_EBA1)
                    case 2: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = (a << 5 | a >> 27) &+ choice &+ e &+ constant &+ words[index]
                (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
            }
            state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
        }
    }
}

/// HMAC-SHA1 (RFC 2104) with a key that is prepared once: the states after the block of either padded key.
public struct HMACSHA1: Sendable {
    private var inner = SHA1()
    private var outer = SHA1()

    /// A key of any length.
    public init(key: some Collection<UInt8>) {
        var key = Array(key)
        if key.count > 64 { key = key.withUnsafeBytes { SHA1().finish($0) } }
        key += [UInt8](repeating: 0, count: 64 - key.count)
        key.map { $0 ^ 0x36 }.withUnsafeBytes { inner.take($0) }
        key.map { $0 ^ 0x5C }.withUnsafeBytes { outer.take($0) }
    }

    /// The 20 bytes over these.
    public func digest(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let code = Array(bytes).withUnsafeBytes { inner.finish($0) }
        return code.withUnsafeBytes { outer.finish($0) }
    }
}

/// CRC-32 as Ethernet has it (RFC 8489, 14.7).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }
}

/// Whether both are equal, in a time that says nothing of where they differ.
func isSame(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
