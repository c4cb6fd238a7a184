// SPDX-License-Identifier: Apache-2.0

extension VideoFormat {
    /// From an AV1CodecConfigurationRecord (AV1 in ISOBMFF 2.3.3), which must hold the sequence header.
    /// - Throws: `Violation` when it cannot be read.
    public static func av1(_ record: ArraySlice<UInt8>) throws(Violation) -> VideoFormat {
        let bytes = Array(record)
        guard bytes.count >= 4 else { throw .configurationTruncated(codec: "AV1") }
        guard bytes[0] == 0x81 else { throw .configurationUnknownVersion(codec: "AV1", version: bytes[0] & 0x7F) }
        guard let header = sequenceHeader(in: bytes[4...]) else { throw .parameterSetMissing(codec: "AV1") }
        var bits = Bits(header)
        let size = try av1Size(&bits)
        // AV1 in ISOBMFF 5: profile, level and tier, bit depth; the rest may be left out when it is the default.
        let depth = bytes[2] & 0x40 == 0 ? "08" : bytes[2] & 0x20 == 0 ? "10" : "12"
        let tier = bytes[2] & 0x80 == 0 ? "M" : "H"
        return try VideoFormat(
            kind: .av01, record: bytes, width: size.width, height: size.height,
            codecs: "av01.\(bytes[1] >> 5).\(twoDigits(Int(bytes[1] & 0x1F)))\(tier).\(depth)")
    }

    /// The record of a stream that begins with this sequence header, a whole unit behind its size; nil when it cannot be
    /// read. Of eight bits and 4:2:0, as all calls are (AV1 in ISOBMFF 2.3.3).
    public static func av1Record(sequenceHeader unit: [UInt8]) -> [UInt8]? {
        guard let header = sequenceHeader(in: unit[...]) else { return nil }
        var bits = Bits(header)
        let profile = bits.int(3)
        bits.skip(1)
        var (level, tier) = (0, 0)
        if bits.flag() {
            level = bits.int(5)
        } else {
            // Whoever tells of timing is no call; then the level that everybody has.
            level = 8
            if !bits.flag() {
                bits.skip(1 + 5 + 12)
                level = bits.int(5)
                if level > 7 { tier = bits.int(1) }
            }
        }
        guard !bits.exhausted, profile < 3 else { return nil }
        return [0x81, UInt8(profile << 5 | level), UInt8(tier << 7) | 0x0C, 0] + unit
    }

    /// The payload of the first sequence header among these open bitstream units (AV1 5.3).
    private static func sequenceHeader(in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = bytes
        while let head = rest.popFirst() {
            if head & 0x04 != 0 { _ = rest.popFirst() }
            var size = rest.count
            if head & 0x02 != 0 {
                size = 0
                for shift in 0..<8 {
                    guard let byte = rest.popFirst() else { return nil }
                    size |= Int(byte & 0x7F) << (shift * 7)
                    if byte & 0x80 == 0 { break }
                }
            }
            guard size <= rest.count else { return nil }
            if (head >> 3) & 0x0F == 1 { return rest.prefix(size) }
            rest = rest.dropFirst(size)
        }
        return nil
    }

    /// As much of the sequence header as comes before the size (AV1 5.5.1).
    private static func av1Size(_ bits: inout Bits) throws(Violation) -> (width: Int, height: Int) {
        bits.skip(3)
        bits.skip(1)
        if bits.flag() {
            bits.skip(5)
        } else {
            skipOperatingPoints(&bits)
        }
        let widthBits = bits.int(4) + 1
        let heightBits = bits.int(4) + 1
        let width = bits.int(widthBits) + 1
        let height = bits.int(heightBits) + 1
        guard !bits.exhausted else { throw .parameterSetBroken(codec: "AV1") }
        return (width, height)
    }

    private static func skipOperatingPoints(_ bits: inout Bits) {
        var hasModel = false
        var delayBits = 0
        if bits.flag() {
            bits.skip(64)
            if bits.flag() { _ = bits.golomb() }
            hasModel = bits.flag()
            if hasModel {
                delayBits = bits.int(5) + 1
                bits.skip(42)
            }
        }
        let hasDelay = bits.flag()
        let points = bits.int(5) + 1
        for _ in 0..<points {
            bits.skip(12)
            if bits.int(5) > 7 { bits.skip(1) }
            if hasModel, bits.flag() { bits.skip(2 * delayBits + 1) }
            if hasDelay, bits.flag() { bits.skip(4) }
        }
    }
}

extension VideoFormat {
    /// From a VPCodecConfigurationRecord (VP9 in ISOBMFF 2.2), with or without the box's version and flags before it,
    /// and the first key frame, which alone knows the size (VP9 6.2).
    /// - Throws: `Violation` when one of them cannot be read.
    public static func vp9(_ record: ArraySlice<UInt8>, keyFrame: ArraySlice<UInt8>) throws(Violation) -> VideoFormat {
        var bytes = Array(record)
        if bytes.count >= 12, bytes[0] == 1, bytes[1...3].allSatisfy({ $0 == 0 }) { bytes.removeFirst(4) }
        guard bytes.count >= 8 else { throw .configurationTruncated(codec: "VP9") }
        let size = try vp9Size(keyFrame)
        return try vp9(bytes[...], width: size.width, height: size.height)
    }

    /// From the record alone, where the sample entry says the size.
    static func vp9(_ record: ArraySlice<UInt8>, width: Int, height: Int) throws(Violation) -> VideoFormat {
        let bytes = Array(record)
        guard bytes.count >= 8 else { throw .configurationTruncated(codec: "VP9") }
        var format = try VideoFormat(
            kind: .vp09, record: bytes, width: width, height: height,
            codecs: "vp09.\(twoDigits(Int(bytes[0]))).\(twoDigits(Int(bytes[1]))).\(twoDigits(Int(bytes[2] >> 4)))")
        format.range = range(transfer: Int(bytes[4]))
        return format
    }

    /// How large a key frame's picture is (VP9 6.2); nil when it cannot be read.
    public static func vp9Size(ofKeyFrame frame: ArraySlice<UInt8>) -> (width: Int, height: Int)? {
        // Whoever asks goes on without a size.
        try? vp9Size(frame)
    }

    private static func vp9Size(_ frame: ArraySlice<UInt8>) throws(Violation) -> (width: Int, height: Int) {
        var bits = Bits(frame)
        guard bits.read(2) == 2 else { throw .keyFrameUnreadable(codec: "VP9") }
        let profile = bits.int(1) + 2 * bits.int(1)
        if profile == 3 { bits.skip(1) }
        guard !bits.flag(), !bits.flag() else { throw .keyFrameUnreadable(codec: "VP9") }
        bits.skip(2)
        guard bits.read(24) == 0x49_8342 else { throw .keyFrameUnreadable(codec: "VP9") }
        if profile >= 2 { bits.skip(1) }
        if bits.int(3) != 7 {
            bits.skip(1)
            if profile & 1 == 1 { bits.skip(3) }
        } else if profile & 1 == 1 {
            bits.skip(1)
        }
        let (width, height) = (bits.int(16) + 1, bits.int(16) + 1)
        guard !bits.exhausted else { throw .keyFrameUnreadable(codec: "VP9") }
        return (width, height)
    }
}
