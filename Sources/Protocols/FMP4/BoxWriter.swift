// SPDX-License-Identifier: Apache-2.0

/// Writes boxes (ISO/IEC 14496-12, 4.2): a length, four letters, and whatever is inside.
package struct BoxWriter {
    package var bytes: [UInt8] = []

    package init() {}

    /// A box with this content.
    package mutating func box(_ type: String, _ content: (inout BoxWriter) -> Void) {
        let start = bytes.count
        bytes.append(UInt32(0), bytes: 4)
        bytes += type.utf8
        content(&self)
        patch(UInt32(truncatingIfNeeded: bytes.count - start), at: start)
    }

    /// A box with a version and flags.
    package mutating func fullBox(
        _ type: String, version: UInt8 = 0, flags: UInt32 = 0, _ content: (inout BoxWriter) -> Void
    ) {
        box(type) { box in
            box.number(UInt32(version) << 24 | flags, 4)
            content(&box)
        }
    }

    package mutating func number(_ value: some FixedWidthInteger, _ count: Int) { bytes.append(value, bytes: count) }
    package mutating func zeros(_ count: Int) { bytes += repeatElement(0, count: count) }

    package mutating func patch(_ value: UInt32, at place: Int) {
        for offset in 0..<4 { bytes[place + offset] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * offset)) }
    }
}
