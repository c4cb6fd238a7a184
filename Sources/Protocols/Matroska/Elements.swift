// SPDX-License-Identifier: Apache-2.0

/// EBML elements one after the other (RFC 8794).
struct Elements {
    private(set) var bytes: [UInt8] = []

    /// An element whose body is known.
    mutating func element(_ id: UInt32, _ body: some Collection<UInt8>) {
        identifier(id)
        size(body.count)
        bytes += body
    }

    /// An unsigned integer in as few bytes as it needs (7.2).
    mutating func number(_ id: UInt32, _ value: UInt64) {
        element(id, Elements.significant(value))
    }

    /// A float of eight bytes (7.3).
    mutating func real(_ id: UInt32, _ value: Double) {
        element(id, stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value.bitPattern >> $0) })
    }

    /// An element of elements.
    mutating func master(_ id: UInt32, _ body: (inout Elements) -> Void) {
        var inner = Elements()
        body(&inner)
        element(id, inner.bytes)
    }

    /// The beginning of an element that lasts until the end (6.2): all ones.
    mutating func endless(_ id: UInt32) {
        identifier(id)
        bytes.append(0xFF)
    }

    private mutating func identifier(_ id: UInt32) { bytes += Elements.significant(UInt64(id)) }

    /// A data size in four bytes (4.4): more than any frame has, and never the reserved all ones.
    private mutating func size(_ count: Int) {
        precondition(count < 0xFFF_FFFF, "an element of 256 MB or more")
        bytes += stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: (count | 0x1000_0000) >> $0) }
    }

    /// Big-endian without leading zeros, at least one byte.
    private static func significant(_ value: UInt64) -> [UInt8] {
        let length = max(1, (71 - value.leadingZeroBitCount) / 8)
        return (0..<length).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
