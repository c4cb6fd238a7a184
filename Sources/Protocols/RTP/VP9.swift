// SPDX-License-Identifier: Apache-2.0

/// What stands before the picture in a VP9 payload (RFC 9628, 4.2).
public struct VP9Descriptor: Hashable, Sendable {
    /// Whether a layer frame begins here, and ends here.
    public var isStart: Bool
    /// Whether a layer frame ends here.
    public var isEnd: Bool
    /// Whether it is predicted from earlier pictures.
    public var isInterPicture: Bool
    /// Whether no picture of a higher layer needs it (Z).
    public var isUnusedAbove: Bool
    /// The picture's number; nil when it has none.
    public var pictureID: UInt16?
    /// Whether the number has 15 bits.
    public var isLongID = false
    /// The temporal layer.
    public var temporal: UInt8 = 0
    /// Whether one may step up to this temporal layer here (U).
    public var isSwitchingUp = false
    /// The spatial layer.
    public var spatial: UInt8 = 0
    /// Whether it is predicted from the spatial layer below (D).
    public var isInterLayer = false
    /// The base layer's number, when pictures are not flexible.
    public var baseIndex: UInt8?
    /// Where it stands.
    public var baseIndexOffset = 0
    /// Spatial layers that the scalability structure names, and the size of each; nil when it names none.
    public var spatialCount: UInt8?
    /// The largest picture of the scalability structure.
    public var size: (width: Int, height: Int)?
    /// Bytes of the descriptor.
    public var count: Int

    /// Whether it begins a key picture: of the lowest spatial layer, predicted from nothing.
    public var isKey: Bool { isStart && !isInterPicture && !isInterLayer && spatial == 0 }

    /// Equality of all that was read.
    public static func == (left: VP9Descriptor, right: VP9Descriptor) -> Bool {
        left.count == right.count && left.isStart == right.isStart && left.isEnd == right.isEnd
            && left.pictureID == right.pictureID && left.temporal == right.temporal && left.spatial == right.spatial
            && left.baseIndex == right.baseIndex && left.isInterPicture == right.isInterPicture
            && left.isInterLayer == right.isInterLayer && left.spatialCount == right.spatialCount
    }

    /// What equality compares, shortened.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(pictureID)
        hasher.combine(count)
    }

    /// Nil when it is cut.
    public init?(_ payload: UnsafeRawBufferPointer) {
        guard let first = payload.first else { return nil }
        isInterPicture = first & 0x40 != 0
        isStart = first & 0x08 != 0
        isEnd = first & 0x04 != 0
        isUnusedAbove = first & 0x01 != 0
        let isFlexible = first & 0x10 != 0
        var offset = 1
        if first & 0x80 != 0 {
            guard offset < payload.count else { return nil }
            isLongID = payload[offset] & 0x80 != 0
            guard offset + (isLongID ? 2 : 1) <= payload.count else { return nil }
            pictureID = isLongID ? payload.word16(offset) & 0x7FFF : UInt16(payload[offset])
            offset += isLongID ? 2 : 1
        }
        if first & 0x20 != 0 {
            guard offset < payload.count else { return nil }
            temporal = payload[offset] >> 5
            isSwitchingUp = payload[offset] & 0x10 != 0
            spatial = payload[offset] >> 1 & 7
            isInterLayer = payload[offset] & 1 != 0
            offset += 1
            if !isFlexible {
                guard offset < payload.count else { return nil }
                baseIndex = payload[offset]
                baseIndexOffset = offset
                offset += 1
            }
        }
        if isFlexible, isInterPicture {
            // At most three references, each with a bit that says another follows.
            for place in 0..<3 {
                guard offset < payload.count else { return nil }
                offset += 1
                if payload[offset - 1] & 1 == 0 { break }
                if place == 2 { return nil }
            }
        }
        count = offset
        if first & 0x02 != 0 {
            guard let end = readStructure(payload, from: offset) else { return nil }
            count = end
        }
    }

    /// Writes other numbers where these stand, in a payload that is a copy of the one that was read.
    public func rewrite(_ payload: UnsafeMutableRawBufferPointer, pictureID: UInt16, baseIndex: UInt8) {
        if self.pictureID != nil {
            if isLongID {
                payload.put16(0x8000 | pictureID & 0x7FFF, at: 1)
            } else {
                payload[1] = UInt8(truncatingIfNeeded: pictureID & 0x7F)
            }
        }
        if self.baseIndex != nil { payload[baseIndexOffset] = baseIndex }
    }

    /// The scalability structure (RFC 9628, 4.2.1): sizes of the layers, and a group of pictures.
    private mutating func readStructure(_ payload: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < payload.count else { return nil }
        let head = payload[start]
        let layers = Int(head >> 5) + 1
        spatialCount = UInt8(layers)
        var offset = start + 1
        if head & 0x10 != 0 {
            guard offset + layers * 4 <= payload.count else { return nil }
            let last = offset + (layers - 1) * 4
            size = (Int(payload.word16(last)), Int(payload.word16(last + 2)))
            offset += layers * 4
        }
        if head & 0x08 != 0 {
            guard offset < payload.count else { return nil }
            let pictures = Int(payload[offset])
            offset += 1
            for _ in 0..<pictures {
                guard offset < payload.count else { return nil }
                offset += 1 + Int(payload[offset] >> 2 & 3)
            }
            guard offset <= payload.count else { return nil }
        }
        return offset
    }
}
