// SPDX-License-Identifier: Apache-2.0
public import Media
import RTP

/// Frames become RTP packets, for a meeting in which the house itself publishes: H.264 (RFC 6184, non-interleaved) and Opus
/// (RFC 7587).
public struct Packetizer: Sendable {
    /// A payload that fits everywhere, with all that stands before and behind it.
    private static let mostPayload = 1_180

    /// Its payload type.
    private let payloadType: UInt8
    /// Its stream.
    public let stream: UInt32
    private let kind: TrackID.Kind
    private var sequence: UInt16
    private var sets: [[UInt8]] = []

    /// Packets of a stream with these numbers; the first one is `sequence`.
    public init(_ kind: TrackID.Kind, stream: UInt32, payloadType: UInt8, sequence: UInt16 = 1) {
        (self.kind, self.stream, self.payloadType, self.sequence) = (kind, stream, payloadType, sequence)
    }

    /// The parameter sets that go before each key frame, from avcC (ISO/IEC 14496-15, 5.3.3.1).
    public mutating func configure(avc record: ArraySlice<UInt8>) {
        let bytes = Array(record)
        sets = []
        guard bytes.count > 6 else { return }
        var place = 5
        for mask in [UInt8(0x1F), 0xFF] {
            guard place < bytes.count else { return }
            let count = Int(bytes[place] & mask)
            place += 1
            for _ in 0..<count {
                guard place + 2 <= bytes.count else { return }
                let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
                guard length > 0, place + 2 + length <= bytes.count else { return }
                sets.append(Array(bytes[(place + 2)..<(place + 2 + length)]))
                place += 2 + length
            }
        }
    }

    /// A stream's stamp at an instant of the frames' clock.
    public static func timestamp(_ kind: TrackID.Kind, at microseconds: Int64) -> UInt32 {
        UInt32(truncatingIfNeeded: microseconds * (kind == .video ? 90 : 48) / 1_000)
    }

    /// A picture, its units behind lengths in four bytes. Empty for what cannot be read.
    public mutating func picture(_ sample: Sample) -> [[UInt8]] {
        var units = sample.isKey ? sets : []
        var rest = sample.bytes
        while rest.count > 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length > 0, length <= rest.count else { return [] }
            units.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        let payloads = units.flatMap(Packetizer.payloads)
        let time = Packetizer.timestamp(kind, at: sample.microseconds)
        return payloads.enumerated().map { packet($1, time, isLast: $0 == payloads.count - 1) }
    }

    /// A sound: one packet of Opus.
    public mutating func sound(_ sample: Sample) -> [[UInt8]] {
        guard !sample.bytes.isEmpty, sample.bytes.count <= Packetizer.mostPayload else { return [] }
        return [packet(Array(sample.bytes), Packetizer.timestamp(kind, at: sample.microseconds), isLast: false)]
    }

    /// A unit as it is, or in pieces (FU-A, RFC 6184, 5.8).
    private static func payloads(_ unit: [UInt8]) -> [[UInt8]] {
        guard let head = unit.first, unit.count > mostPayload else { return [unit] }
        let body = unit.dropFirst()
        return stride(from: body.startIndex, to: body.endIndex, by: mostPayload).map { start in
            let end = min(body.endIndex, start + mostPayload)
            let flags: UInt8 = (start == body.startIndex ? 0x80 : 0) | (end == body.endIndex ? 0x40 : 0)
            return [head & 0xE0 | 28, flags | head & 31] + body[start..<end]
        }
    }

    private mutating func packet(_ payload: [UInt8], _ time: UInt32, isLast: Bool) -> [UInt8] {
        defer { sequence &+= 1 }
        var bytes = [UInt8](repeating: 0, count: Packet.headerCount)
        bytes.withUnsafeMutableBytes { room in
            _ = HeaderWriter(
                room, marker: isLast, payloadType: payloadType, sequence: sequence, timestamp: time, ssrc: stream)
        }
        return bytes + payload
    }
}
