// SPDX-License-Identifier: Apache-2.0

/// What stands before the picture in a VP8 payload (RFC 7741, 4.2), with where its numbers are so that they can be
/// written anew.
public struct VP8Descriptor: Hashable, Sendable {
    /// Whether a frame begins here: the first packet of partition 0.
    public var isStart: Bool
    /// Whether nobody needs this frame.
    public var isDiscardable: Bool
    /// The picture's number; nil when it has none.
    public var pictureID: UInt16?
    /// Where it stands, and whether it has 15 bits (else 7).
    public var pictureIDOffset = 0
    /// Whether the number has 15 bits.
    public var isLongID = false
    /// The base layer's number.
    public var baseIndex: UInt8?
    /// Where it stands.
    public var baseIndexOffset = 0
    /// The temporal layer, 0 the base.
    public var temporal: UInt8 = 0
    /// Whether it needs nothing but the base layer: one may step up here.
    public var isLayerSync = false
    /// Bytes of the descriptor.
    public var count: Int
    /// Whether it begins a key frame (RFC 7741, 4.3: P of the payload header).
    public var isKey: Bool

    /// Nil when it is cut.
    @inlinable
    public init?(_ payload: UnsafeRawBufferPointer) {
        guard let first = payload.first else { return nil }
        isDiscardable = first & 0x20 != 0
        isStart = first & 0x10 != 0 && first & 0x07 == 0
        var offset = 1
        if first & 0x80 != 0 {
            guard offset < payload.count else { return nil }
            let flags = payload[offset]
            offset += 1
            if flags & 0x80 != 0 {
                guard offset < payload.count else { return nil }
                pictureIDOffset = offset
                isLongID = payload[offset] & 0x80 != 0
                guard offset + (isLongID ? 2 : 1) <= payload.count else { return nil }
                pictureID = isLongID ? payload.word16(offset) & 0x7FFF : UInt16(payload[offset])
                offset += isLongID ? 2 : 1
            }
            if flags & 0x40 != 0 {
                guard offset < payload.count else { return nil }
                baseIndexOffset = offset
                baseIndex = payload[offset]
                offset += 1
            }
            if flags & 0x30 != 0 {
                guard offset < payload.count else { return nil }
                if flags & 0x20 != 0 { temporal = payload[offset] >> 6 }
                isLayerSync = flags & 0x20 != 0 && payload[offset] & 0x20 != 0
                offset += 1
            }
        }
        count = offset
        isKey = isStart && offset < payload.count && payload[offset] & 1 == 0
    }

    /// The picture's size, where a key frame begins (RFC 6386, 9.1).
    public func size(in payload: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        guard isKey, count + 10 <= payload.count, payload[count + 3] == 0x9D, payload[count + 4] == 0x01,
            payload[count + 5] == 0x2A
        else { return nil }
        let width = Int(payload[count + 6]) | Int(payload[count + 7] & 0x3F) << 8
        let height = Int(payload[count + 8]) | Int(payload[count + 9] & 0x3F) << 8
        return (width, height)
    }

    /// Writes other numbers where these stand, in a payload that is a copy of the one that was read.
    @inlinable
    public func rewrite(_ payload: UnsafeMutableRawBufferPointer, pictureID: UInt16, baseIndex: UInt8) {
        if self.pictureID != nil {
            if isLongID {
                payload.put16(0x8000 | pictureID & 0x7FFF, at: pictureIDOffset)
            } else {
                payload[pictureIDOffset] = UInt8(truncatingIfNeeded: pictureID & 0x7F)
            }
        }
        if self.baseIndex != nil { payload[baseIndexOffset] = baseIndex }
    }
}
