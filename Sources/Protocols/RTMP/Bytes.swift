// SPDX-License-Identifier: Apache-2.0

/// A place in some bytes, moving forward; every read says nil rather than running over the end.
struct Cursor {
    let bytes: ArraySlice<UInt8>
    private(set) var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var left: Int { bytes.endIndex - index }
    var rest: ArraySlice<UInt8> { bytes[index...] }

    mutating func byte() -> UInt8? {
        guard left >= 1 else { return nil }
        defer { index += 1 }
        return bytes[index]
    }

    /// A number of `count` bytes (at most 8), most significant first.
    mutating func number(_ count: Int) -> UInt64? {
        guard left >= count else { return nil }
        var value: UInt64 = 0
        for offset in 0..<count { value = value << 8 | UInt64(bytes[index + offset]) }
        index += count
        return value
    }

    mutating func slice(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, left >= count else { return nil }
        defer { index += count }
        return bytes[index..<(index + count)]
    }
}

extension [UInt8] {
    /// Appends the lowest `count` bytes of `value`, most significant first.
    mutating func append(number value: UInt64, bytes count: Int) {
        for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}

extension ArraySlice<UInt8> {
    /// The first four bytes as a number, most significant first.
    var leadingNumber: UInt32? {
        var cursor = Cursor(self)
        return cursor.number(4).map { UInt32(truncatingIfNeeded: $0) }
    }
}
