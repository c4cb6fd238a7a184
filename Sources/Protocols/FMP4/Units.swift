// SPDX-License-Identifier: Apache-2.0

extension VideoFormat {
    /// A coded frame as it goes into the file: NAL units with lengths of four bytes, without access unit delimiters,
    /// filler and in-band parameter sets; SEI stays, for it holds captions and timecodes. AV1 loses its temporal
    /// delimiters. Everything else goes as it is.
    /// - Throws: `Violation.frameTruncated` when a unit's length runs over the frame's end.
    public func sampleBytes(_ frame: ArraySlice<UInt8>) throws(Violation) -> ArraySlice<UInt8> {
        switch kind {
        case .avc1: try units(frame) { [7, 8, 9, 12].contains($0 & 0x1F) }
        // VPS, SPS, PPS, delimiter, end of sequence stays, filler.
        case .hvc1: try units(frame) { [32, 33, 34, 35, 38].contains($0 >> 1 & 0x3F) }
        case .av01: VideoFormat.withoutDelimiters(frame)
        case .vp09: frame
        }
    }

    /// Nearly every frame goes as it came, and then nothing is copied.
    private func units(_ frame: ArraySlice<UInt8>, isLeftOut: (UInt8) -> Bool) throws(Violation) -> ArraySlice<UInt8> {
        let width = lengthBytes ?? 4
        var kept: [Swift.Range<Int>] = []
        var place = frame.startIndex
        while place < frame.endIndex {
            guard frame.endIndex - place >= width else { throw .frameTruncated }
            let length = frame[place..<(place + width)].reduce(0) { $0 << 8 | Int($1) }
            place += width
            guard length <= frame.endIndex - place else { throw .frameTruncated }
            if length > 0, !isLeftOut(frame[place]) { kept.append(place..<(place + length)) }
            place += length
        }
        guard width != 4 || kept.reduce(0, { $0 + $1.count + width }) < frame.count else { return frame }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(kept.reduce(0) { $0 + $1.count + 4 })
        for unit in kept {
            bytes.append(UInt32(truncatingIfNeeded: unit.count), bytes: 4)
            bytes += frame[unit]
        }
        return bytes[...]
    }

    /// A temporal delimiter is an empty unit of type 2; it can only stand first (AV1 7.5).
    private static func withoutDelimiters(_ frame: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var frame = frame
        while frame.count >= 2, let head = frame.first, (head >> 3) & 0x0F == 2, head & 0x06 == 0x02,
            frame.dropFirst().first == 0
        {
            frame = frame.dropFirst(2)
        }
        return frame
    }
}
