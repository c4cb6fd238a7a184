// SPDX-License-Identifier: Apache-2.0

extension VideoFormat {
    /// From an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1).
    /// - Throws: `Violation` when it cannot be read.
    public static func avc(_ record: ArraySlice<UInt8>) throws(Violation) -> VideoFormat {
        let bytes = Array(record)
        guard bytes.count >= 7 else { throw .configurationTruncated(codec: "H.264") }
        guard bytes[0] == 1 else { throw .configurationUnknownVersion(codec: "H.264", version: bytes[0]) }
        guard bytes[5] & 0x1F > 0, bytes.count >= 8 else { throw .parameterSetMissing(codec: "H.264") }
        let length = Int(bytes[6]) << 8 | Int(bytes[7])
        guard bytes.count >= 8 + length, length >= 4 else { throw .configurationTruncated(codec: "H.264") }
        let set = bytes[8..<(8 + length)]
        let picture = try SequenceParameterSet(set)
        var format = try VideoFormat(
            kind: .avc1, record: withLengthOfFour(bytes), width: picture.width, height: picture.height,
            codecs: "avc1." + hex(set[9]) + hex(set[10]) + hex(set[11]))
        format.frameRate = picture.frameRate
        format.range = range(transfer: picture.transfer)
        format.lengthBytes = Int(bytes[4] & 3) + 1
        return format
    }

    /// The same record, saying that lengths have four bytes, which is what frames are converted to.
    private static func withLengthOfFour(_ bytes: [UInt8]) -> [UInt8] {
        var record = bytes
        record[4] |= 3
        return record
    }
}

/// What is read of a sequence parameter set (H.264 7.3.2.1.1 and E.1.1).
struct SequenceParameterSet {
    var width = 0
    var height = 0
    var frameRate: FrameRate?
    var transfer = 2
    var chroma = 1
    var lumaBits = 8
    var chromaBits = 8

    init(_ unit: ArraySlice<UInt8>) throws(Violation) {
        var bits = Bits(withoutEmulation: unit.dropFirst())
        let profile = bits.int(8)
        bits.skip(16)
        _ = bits.golomb()
        var isSeparate = false
        if [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile) {
            chroma = bits.golomb()
            if chroma == 3 { isSeparate = bits.flag() }
            lumaBits = 8 + bits.golomb()
            chromaBits = 8 + bits.golomb()
            bits.skip(1)
            if bits.flag() { SequenceParameterSet.skipScaling(&bits, lists: chroma == 3 ? 12 : 8) }
        }
        SequenceParameterSet.skipOrder(&bits)
        _ = bits.golomb()
        bits.skip(1)
        let columns = bits.golomb() + 1
        let rows = bits.golomb() + 1
        let isFrames = bits.flag()
        if !isFrames { bits.skip(1) }
        bits.skip(1)
        width = columns &* 16
        height = rows &* 16 &* (isFrames ? 1 : 2)
        if bits.flag() { crop(&bits, chroma: isSeparate ? 0 : chroma, isFrames: isFrames) }
        guard !bits.exhausted else { throw .parameterSetBroken(codec: "H.264") }
        if bits.flag() { usability(&bits) }
    }

    private mutating func crop(_ bits: inout Bits, chroma: Int, isFrames: Bool) {
        let unitX = chroma == 1 || chroma == 2 ? 2 : 1
        let unitY = (chroma == 1 ? 2 : 1) * (isFrames ? 1 : 2)
        let (left, right) = (bits.golomb(), bits.golomb())
        let (top, bottom) = (bits.golomb(), bits.golomb())
        width -= unitX &* (left &+ right)
        height -= unitY &* (top &+ bottom)
    }

    /// The VUI as far as the timing; unusable numbers are left out, because many encoders write them.
    private mutating func usability(_ bits: inout Bits) {
        if bits.flag(), bits.int(8) == 255 { bits.skip(32) }
        if bits.flag() { bits.skip(1) }
        if bits.flag() {
            bits.skip(4)
            if bits.flag() {
                bits.skip(8)
                transfer = bits.int(8)
                bits.skip(8)
            }
        }
        if bits.flag() {
            _ = bits.golomb()
            _ = bits.golomb()
        }
        guard bits.flag() else { return }
        let units = bits.int(32)
        let scale = bits.int(32)
        // Two units to a frame (E.2.1).
        guard !bits.exhausted, units > 0, scale / (2 * units) >= 1, scale / (2 * units) <= 300 else { return }
        frameRate = FrameRate(frames: scale, seconds: 2 * units)
    }

    private static func skipScaling(_ bits: inout Bits, lists: Int) {
        for list in 0..<lists where bits.flag() {
            var next = 8
            var last = 8
            for _ in 0..<(list < 6 ? 16 : 64) where next != 0 {
                next = (last &+ bits.signedGolomb() &+ 256) & 0xFF
                if next != 0 { last = next }
            }
        }
    }

    private static func skipOrder(_ bits: inout Bits) {
        _ = bits.golomb()
        let type = bits.golomb()
        if type == 0 {
            _ = bits.golomb()
        } else if type == 1 {
            bits.skip(1)
            _ = bits.signedGolomb()
            _ = bits.signedGolomb()
            for _ in 0..<min(255, bits.golomb()) { _ = bits.signedGolomb() }
        }
    }
}
