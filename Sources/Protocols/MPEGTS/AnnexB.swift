// SPDX-License-Identifier: Apache-2.0

/// The NAL units of a byte stream (H.264 and H.265, annex B), without start codes and trailing zeros. What stands
/// before the first start code belongs to none.
func units(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { buffer in
        var start: Int?
        var index = 2
        while index < buffer.count {
            // Every third byte is enough: in a start code one of three is a 0 or the 1.
            guard buffer[index] <= 1 else {
                index += 3
                continue
            }
            guard buffer[index] == 1, buffer[index - 1] == 0, buffer[index - 2] == 0 else {
                index += 1
                continue
            }
            if let start { add(start..<(index - 2), of: buffer, to: &found) }
            start = index + 1
            index += 3
        }
        if let start { add(start..<buffer.count, of: buffer, to: &found) }
    }
    return found
}

private func add(_ range: Range<Int>, of buffer: UnsafeBufferPointer<UInt8>, to found: inout [Range<Int>]) {
    var end = range.upperBound
    while end > range.lowerBound, buffer[end - 1] == 0 { end -= 1 }
    if end > range.lowerBound { found.append(range.lowerBound..<end) }
}

/// What a NAL unit means for the access unit it stands in.
struct UnitMeaning: Hashable {
    /// A piece of a picture.
    var isPicture = false
    /// Behind a picture it begins the next access unit.
    var begins = false
    var isParameterSet = false
    /// Delimiters and filler do not go into frames, nor do parameter sets.
    var isLeftOut = false
    /// Decoding can begin at a picture that has it.
    var isKey = false

    /// Of an H.264 unit that has at least one byte (7.4.1.2.3 and table 7-1).
    init(avc unit: ArraySlice<UInt8>) {
        let type = unit[unit.startIndex] & 0x1F
        switch type {
        case 1, 2, 5:
            isPicture = true
            // first_mb_in_slice is 0 when the first bit is 1.
            begins = unit.dropFirst().first.map { $0 & 0x80 != 0 } ?? false
            isKey = type == 5
        case 3, 4, 20, 21: isPicture = true
        case 6:
            begins = true
            isKey = hasRecoveryPoint(unit.dropFirst())
        case 7, 8: (begins, isParameterSet, isLeftOut) = (true, true, true)
        case 9: (begins, isLeftOut) = (true, true)
        case 12: isLeftOut = true
        case 14...18: begins = true
        default: break
        }
    }

    /// Of an HEVC unit that has at least one byte (7.4.2.4.4 and table 7-1).
    init(hevc unit: ArraySlice<UInt8>) {
        let type = unit[unit.startIndex] >> 1 & 0x3F
        switch type {
        case 0...31:
            isPicture = true
            // first_slice_segment_in_pic_flag; other layers go with the base layer's picture.
            let isBase = unit[unit.startIndex] & 1 == 0 && unit.dropFirst().first.map { $0 < 8 } ?? false
            begins = isBase && unit.dropFirst(2).first.map { $0 & 0x80 != 0 } ?? false
            isKey = (16...23).contains(type)
        case 32, 33, 34: (begins, isParameterSet, isLeftOut) = (true, true, true)
        case 35: (begins, isLeftOut) = (true, true)
        case 38: isLeftOut = true
        case 39:
            begins = true
            isKey = hasRecoveryPoint(unit.dropFirst(2))
        case 41...44, 48...55: begins = true
        default: break
        }
    }
}

/// Whether an SEI has a recovery point (H.264 D.1.8, H.265 D.2.8): both have payload type 6.
private func hasRecoveryPoint(_ message: ArraySlice<UInt8>) -> Bool {
    var reader = SEIReader(message)
    while let type = reader.number(), let size = reader.number() {
        if type == 6 { return true }
        guard reader.skip(size), !reader.isAtEnd else { return false }
    }
    return false
}

/// Reads the numbers of an SEI, past its emulation prevention (7.3.2.3.1).
private struct SEIReader {
    private var rest: ArraySlice<UInt8>
    private var zeros = 0

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Only the stop bit is left.
    var isAtEnd: Bool { rest.count <= 1 }

    mutating func number() -> Int? {
        var value = 0
        while let byte = byte() {
            value += Int(byte)
            if byte != 0xFF { return value }
        }
        return nil
    }

    mutating func skip(_ count: Int) -> Bool {
        for _ in 0..<count where byte() == nil { return false }
        return true
    }

    private mutating func byte() -> UInt8? {
        guard var byte = rest.popFirst() else { return nil }
        if zeros >= 2, byte == 3 {
            zeros = 0
            guard let next = rest.popFirst() else { return nil }
            byte = next
        }
        zeros = byte == 0 ? zeros + 1 : 0
        return byte
    }
}
