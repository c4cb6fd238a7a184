// SPDX-License-Identifier: Apache-2.0

extension UnsafeRawBufferPointer {
    /// A big-endian number of 16 bits; the caller has looked at the length.
    @inlinable
    public func word16(_ offset: Int) -> UInt16 {
        UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// A big-endian number of 24 bits; the caller has looked at the length.
    @inlinable
    public func word24(_ offset: Int) -> UInt32 { UInt32(word16(offset)) << 8 | UInt32(self[offset + 2]) }

    /// A big-endian number of 32 bits; the caller has looked at the length.
    @inlinable
    public func word32(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// A big-endian number of 64 bits; the caller has looked at the length.
    @inlinable
    public func word64(_ offset: Int) -> UInt64 {
        UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A part of it; the caller has looked at the length.
    @inlinable
    public func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes a big-endian number of 16 bits; the caller has looked at the length.
    @inlinable
    public func put16(_ value: UInt16, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Writes a big-endian number of 24 bits; the caller has looked at the length.
    @inlinable
    public func put24(_ value: UInt32, at offset: Int) {
        put16(UInt16(truncatingIfNeeded: value >> 8), at: offset)
        self[offset + 2] = UInt8(truncatingIfNeeded: value)
    }

    /// Writes a big-endian number of 32 bits; the caller has looked at the length.
    @inlinable
    public func put32(_ value: UInt32, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Writes a big-endian number of 64 bits; the caller has looked at the length.
    @inlinable
    public func put64(_ value: UInt64, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Copies bytes there; the caller has looked at the length.
    @inlinable
    public func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard let from = bytes.baseAddress, bytes.count > 0 else { return }
        precondition(offset >= 0 && offset + bytes.count <= count)
        baseAddress?.advanced(by: offset).copyMemory(from: from, byteCount: bytes.count)
    }
}

/// Follows a number of 16 bits over its wraps (RFC 3550, A.1).
public struct Unroller: Hashable, Sendable {
    /// The highest number so far; nil before the first.
    public private(set) var highest: Int64?

    /// Nothing was seen yet.
    public init() {}

    /// What this number is without wraps: the nearest to the highest. The highest moves up.
    @inlinable
    public mutating func unroll(_ number: UInt16) -> Int64 {
        let value = peek(number)
        raise(to: value)
        return value
    }

    /// What this number is without wraps; nothing moves.
    @inlinable
    public func peek(_ number: UInt16) -> Int64 {
        guard let highest else { return Int64(number) }
        return highest &+ Int64(Int16(truncatingIfNeeded: Int64(number) &- highest))
    }

    @usableFromInline
    mutating func raise(to value: Int64) {
        if let highest, highest >= value { return }
        highest = value
    }
}
