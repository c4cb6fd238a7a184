// SPDX-License-Identifier: Apache-2.0

/// Parameter sets that come between the frames, as in MPEG-TS and RTP, gathered into the record that MP4 has in front
/// of them all (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
public struct ParameterSets: Hashable, Sendable {
    private struct Set: Hashable {
        let type: UInt8
        let id: Int
        let unit: [UInt8]
    }

    /// No encoder writes longer ones, nor more of them.
    private static let limits = (bytes: 4_096, sets: 64)

    private let isHEVC: Bool
    private var sets: [Set] = []

    private init(isHEVC: Bool) { self.isHEVC = isHEVC }

    /// Of H.264: SPS and PPS.
    public static var avc: ParameterSets { ParameterSets(isHEVC: false) }
    /// Of HEVC: VPS, SPS and PPS.
    public static var hevc: ParameterSets { ParameterSets(isHEVC: true) }

    /// Keeps a NAL unit when it is a parameter set; answers whether it says anything new.
    ///
    /// A new SPS makes an end of the PPSs before it: the encoder sends those that go with it again.
    public mutating func take(_ unit: ArraySlice<UInt8>) -> Bool {
        guard let head = unit.first, unit.count <= ParameterSets.limits.bytes else { return false }
        let type = isHEVC ? head >> 1 & 0x3F : head & 0x1F
        guard let id = isHEVC ? hevcID(type, unit) : avcID(type, unit) else { return false }
        let set = Set(type: type, id: id, unit: Array(unit))
        let place = sets.firstIndex { $0.type == type && $0.id == id }
        if let place, sets[place] == set { return false }
        if let place {
            sets[place] = set
            // Only now: a picture's set may stand before it, and places move when that goes.
            if type == (isHEVC ? 33 : 7) { sets.removeAll { $0.type == type + 1 } }
        } else if sets.count < ParameterSets.limits.sets {
            sets.append(set)
        }
        return true
    }

    /// avcC or hvcC with all that was gathered; nil while a kind is missing.
    /// - Throws: `Violation` when a sequence parameter set cannot be read.
    public func record() throws(Violation) -> [UInt8]? {
        try isHEVC ? hevcRecord() : avcRecord()
    }

    private func units(_ type: UInt8) -> [[UInt8]] { sets.filter { $0.type == type }.map(\.unit) }

    // MARK: H.264

    private func avcID(_ type: UInt8, _ unit: ArraySlice<UInt8>) -> Int? {
        switch type {
        // Profile, constraints and level stand before the SPS's number (7.3.2.1.1).
        case 7: ParameterSets.number(unit.dropFirst(4), below: 32)
        case 8: ParameterSets.number(unit.dropFirst(), below: 256)
        default: nil
        }
    }

    private func avcRecord() throws(Violation) -> [UInt8]? {
        let (sequence, picture) = (units(7), units(8))
        guard let first = sequence.first, !picture.isEmpty, sequence.count < 32 else { return nil }
        let set = try SequenceParameterSet(first[...])
        var record: [UInt8] = [1, first[1], first[2], first[3], 0xFF, 0xE0 | UInt8(sequence.count)]
        for unit in sequence { record.append(unit: unit) }
        record.append(UInt8(picture.count))
        for unit in picture { record.append(unit: unit) }
        // The profiles of before the High ones say no more (5.3.3.1.2).
        guard ![66, 77, 88].contains(first[1]) else { return record }
        return record + [
            0xFC | UInt8(set.chroma & 3), 0xF8 | UInt8((set.lumaBits - 8) & 7), 0xF8 | UInt8((set.chromaBits - 8) & 7),
            0,
        ]
    }

    // MARK: HEVC

    private func hevcID(_ type: UInt8, _ unit: ArraySlice<UInt8>) -> Int? {
        let body = unit.dropFirst(2)
        switch type {
        case 32: return body.first.map { Int($0 >> 4) }
        case 33: return (try? HEVCSequence(unit))?.id  // One that cannot be read is as good as none.
        case 34: return ParameterSets.number(body, below: 64)
        default: return nil
        }
    }

    private func hevcRecord() throws(Violation) -> [UInt8]? {
        guard let first = units(33).first, !units(32).isEmpty, !units(34).isEmpty else { return nil }
        let set = try HEVCSequence(first[...])
        var record: [UInt8] = [1]
        record += set.profile
        // No promise of spatial segmentation, parallelism or a constant frame rate.
        record += [0xF0, 0, 0xFC, 0xFC | UInt8(set.chroma & 3)]
        record += [0xF8 | UInt8((set.lumaBits - 8) & 7), 0xF8 | UInt8((set.chromaBits - 8) & 7), 0, 0]
        record += [UInt8(set.layers & 7) << 3 | (set.isNested ? 4 : 0) | 3, 3]
        for type: UInt8 in [32, 33, 34] {
            let units = units(type)
            record.append(0x80 | type)
            record.append(units.count, bytes: 2)
            for unit in units { record.append(unit: unit) }
        }
        return record
    }

    private static func number(_ bytes: ArraySlice<UInt8>, below limit: Int) -> Int? {
        var bits = Bits(withoutEmulation: bytes.prefix(12))
        let number = bits.golomb()
        return bits.exhausted || number >= limit ? nil : number
    }
}

extension [UInt8] {
    fileprivate mutating func append(unit: [UInt8]) {
        append(unit.count, bytes: 2)
        self += unit
    }
}
