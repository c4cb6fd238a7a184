// SPDX-License-Identifier: Apache-2.0

extension VideoFormat {
    /// From an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1).
    /// - Throws: `Violation` when it cannot be read.
    public static func hevc(_ record: ArraySlice<UInt8>) throws(Violation) -> VideoFormat {
        let bytes = Array(record)
        guard bytes.count >= 23 else { throw .configurationTruncated(codec: "HEVC") }
        // Version 0 was written by encoders of before the standard was finished.
        guard bytes[0] <= 1 else { throw .configurationUnknownVersion(codec: "HEVC", version: bytes[0]) }
        guard let set = try parameterSet(33, in: bytes) else { throw .parameterSetMissing(codec: "HEVC") }
        let picture = try HEVCSequence(set)
        var record = bytes
        record[0] = 1
        record[21] |= 3
        // In hvc1 every parameter set is here, so each array says that it is complete.
        setComplete(&record)
        var format = try VideoFormat(
            kind: .hvc1, record: record, width: picture.width, height: picture.height, codecs: hevcCodecs(bytes))
        format.lengthBytes = Int(bytes[21] & 3) + 1
        return format
    }

    /// ISO/IEC 14496-15 E.3: profile space and number, compatibility reversed, tier and level, constraints.
    private static func hevcCodecs(_ bytes: [UInt8]) -> String {
        let space = ["", "A", "B", "C"][Int(bytes[1] >> 6)]
        let flags = bytes[2..<6].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        var reversed: UInt32 = 0
        for bit in 0..<32 where flags >> UInt32(bit) & 1 == 1 { reversed |= 1 << UInt32(31 - bit) }
        let tier = bytes[1] & 0x20 == 0 ? "L" : "H"
        var text = "hvc1.\(space)\(bytes[1] & 0x1F).\(String(reversed, radix: 16, uppercase: true)).\(tier)\(bytes[12])"
        var constraints = bytes[6..<12]
        while constraints.last == 0 { constraints.removeLast() }
        for byte in constraints { text += "." + String(byte, radix: 16, uppercase: true) }
        return text
    }

    /// The first unit of this type in the record's arrays.
    private static func parameterSet(_ type: UInt8, in bytes: [UInt8]) throws(Violation) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        try eachArray(bytes) { place, unit in
            if found == nil, bytes[place] & 0x3F == type { found = unit }
        }
        return found
    }

    private static func setComplete(_ record: inout [UInt8]) {
        var places: [Int] = []
        // It was walked once already and is known to be whole.
        try? eachArray(record) { place, _ in places.append(place) }
        for place in places { record[place] |= 0x80 }
    }

    private static func eachArray(_ bytes: [UInt8], _ visit: (Int, ArraySlice<UInt8>) -> Void) throws(Violation) {
        var index = 23
        for _ in 0..<bytes[22] {
            guard index + 3 <= bytes.count else { throw .configurationTruncated(codec: "HEVC") }
            let place = index
            let count = Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
            index += 3
            for _ in 0..<count {
                guard index + 2 <= bytes.count else { throw .configurationTruncated(codec: "HEVC") }
                let length = Int(bytes[index]) << 8 | Int(bytes[index + 1])
                index += 2
                guard index + length <= bytes.count else { throw .configurationTruncated(codec: "HEVC") }
                visit(place, bytes[index..<(index + length)])
                index += length
            }
        }
    }
}

/// What is read of a sequence parameter set (H.265 7.3.2.2.1).
struct HEVCSequence {
    var id = 0
    /// The general part of profile_tier_level as it stands: profile, compatibility, constraints, level.
    var profile: [UInt8]
    var width = 0
    var height = 0
    var chroma = 1
    var lumaBits = 8
    var chromaBits = 8
    /// How many temporal layers there are.
    var layers = 1
    var isNested = false

    init(_ unit: ArraySlice<UInt8>) throws(Violation) {
        var bits = Bits(withoutEmulation: unit.dropFirst(2))
        bits.skip(4)
        let more = bits.int(3)
        layers = more + 1
        isNested = bits.flag()
        profile = (0..<12).map { _ in UInt8(truncatingIfNeeded: bits.read(8)) }
        HEVCSequence.skipLayers(&bits, more)
        id = bits.golomb()
        chroma = bits.golomb()
        let isSeparate = chroma == 3 && bits.flag()
        width = bits.golomb()
        height = bits.golomb()
        if bits.flag() {
            let unitX = !isSeparate && (chroma == 1 || chroma == 2) ? 2 : 1
            let unitY = !isSeparate && chroma == 1 ? 2 : 1
            let (left, right) = (bits.golomb(), bits.golomb())
            let (top, bottom) = (bits.golomb(), bits.golomb())
            width -= unitX &* (left &+ right)
            height -= unitY &* (top &+ bottom)
        }
        guard !bits.exhausted else { throw .parameterSetBroken(codec: "HEVC") }
        lumaBits = 8 + bits.golomb()
        chromaBits = 8 + bits.golomb()
    }

    /// The layers' part of profile_tier_level (H.265 7.3.3).
    private static func skipLayers(_ bits: inout Bits, _ layers: Int) {
        guard layers > 0 else { return }
        var present: [(Bool, Bool)] = []
        for _ in 0..<layers { present.append((bits.flag(), bits.flag())) }
        if layers < 8 { bits.skip(2 * (8 - layers)) }
        for (profile, level) in present { bits.skip((profile ? 88 : 0) + (level ? 8 : 0)) }
    }
}
