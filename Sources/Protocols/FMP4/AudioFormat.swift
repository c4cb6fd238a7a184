// SPDX-License-Identifier: Apache-2.0

/// What a player must know of a sound before it decodes it.
public struct AudioFormat: Hashable, Sendable {
    /// The kinds of sound, by their sample entry.
    public enum Kind: String, Hashable, Sendable { case mp4a, opus = "Opus" }

    /// Its sample entry.
    public var kind: Kind
    /// AudioSpecificConfig, or the body of dOps.
    public var record: [UInt8]
    /// Samples per second that the times are counted in.
    public var rate: Int
    /// How many channels.
    public var channels: Int
    /// How many samples one frame holds; nil where frames differ (Opus, which says it in each packet).
    public var samplesPerFrame: Int?
    /// The exact CODECS string, such as `mp4a.40.2`.
    public var codecs: String

    /// From an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).
    ///
    /// With explicit SBR (type 5) or PS (29) the times are still counted in the core's rate, 1024 samples to a frame:
    /// it is the same time, and the same as for a sender that leaves SBR unsaid.
    /// - Throws: `Violation` when it cannot be read or is not of the AAC family.
    public static func aac(_ config: ArraySlice<UInt8>) throws(Violation) -> AudioFormat {
        var bits = Bits(config)
        let announced = objectType(&bits)
        let rate = try samplingRate(&bits)
        var channels = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 0, 8, 0][bits.int(4)]
        var type = announced
        if announced == 5 || announced == 29 {
            _ = try samplingRate(&bits)
            type = objectType(&bits)
        }
        guard [1, 2, 3, 4].contains(type) else { throw .audioObjectTypeUnknown(type) }
        let isShort = bits.flag()
        if bits.flag() { bits.skip(14) }
        bits.skip(1)
        if channels == 0 { channels = programChannels(&bits) }
        guard !bits.exhausted else { throw .configurationTruncated(codec: "AAC") }
        guard channels > 0 else { throw .audioChannelsUnknown }
        return AudioFormat(
            kind: .mp4a, record: Array(config), rate: rate, channels: channels, samplesPerFrame: isShort ? 960 : 1024,
            codecs: "mp4a.40.\(announced)")
    }

    private static func objectType(_ bits: inout Bits) -> Int {
        let type = bits.int(5)
        return type == 31 ? 32 + bits.int(6) : type
    }

    private static func samplingRate(_ bits: inout Bits) throws(Violation) -> Int {
        let rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
        let index = bits.int(4)
        let rate = index == 15 ? bits.int(24) : index < rates.count ? rates[index] : 0
        guard (1_000...192_000).contains(rate) else { throw .audioRateUnknown }
        return rate
    }

    /// How many channels a program config element lists (ISO/IEC 14496-3, 4.4.1.1, table 4.2).
    private static func programChannels(_ bits: inout Bits) -> Int {
        bits.skip(10)
        let counts = (front: bits.int(4), side: bits.int(4), back: bits.int(4))
        let low = bits.int(2)
        bits.skip(7)
        if bits.flag() { bits.skip(4) }
        if bits.flag() { bits.skip(4) }
        if bits.flag() { bits.skip(3) }
        var channels = low
        for _ in 0..<(counts.front + counts.side + counts.back) {
            channels += bits.flag() ? 2 : 1
            bits.skip(4)
        }
        return channels
    }

    /// From an Ogg Opus identification header (RFC 7845 5.1), which is what enhanced RTMP sends.
    /// - Throws: `Violation` when it cannot be read.
    public static func opus(_ head: ArraySlice<UInt8>) throws(Violation) -> AudioFormat {
        let bytes = Array(head)
        guard bytes.count >= 19, bytes.starts(with: "OpusHead".utf8) else {
            throw .configurationTruncated(codec: "Opus")
        }
        guard bytes[8] < 16 else { throw .configurationUnknownVersion(codec: "Opus", version: bytes[8]) }
        let channels = Int(bytes[9])
        guard (1...8).contains(channels) else { throw .audioChannelsUnknown }
        // The dOps box (Opus in ISOBMFF 4.3.2) says the same most significant byte first.
        var record: [UInt8] = [0, bytes[9], bytes[11], bytes[10]]
        record += [bytes[15], bytes[14], bytes[13], bytes[12], bytes[17], bytes[16], bytes[18]]
        if bytes[18] != 0 {
            guard bytes.count >= 21 + channels else { throw .configurationTruncated(codec: "Opus") }
            record += bytes[19..<(21 + channels)]
        }
        return AudioFormat(
            kind: .opus, record: record, rate: 48000, channels: channels, samplesPerFrame: nil, codecs: "Opus")
    }

    /// From the body of a dOps box, which `opus` wrote.
    static func opus(box: ArraySlice<UInt8>) throws(Violation) -> AudioFormat {
        let bytes = Array(box)
        guard bytes.count >= 11, bytes[0] == 0, (1...8).contains(bytes[1]),
            bytes.count == (bytes[10] == 0 ? 11 : 13 + Int(bytes[1]))
        else { throw .configurationTruncated(codec: "Opus") }
        return AudioFormat(
            kind: .opus, record: bytes, rate: 48000, channels: Int(bytes[1]), samplesPerFrame: nil, codecs: "Opus")
    }

    /// How many samples of `rate` this coded frame holds.
    public func samples(in frame: ArraySlice<UInt8>) -> Int {
        samplesPerFrame ?? AudioFormat.opusSamples(frame)
    }

    /// RFC 6716 3.1 and 3.2: the first byte says how long a frame is, and how many there are.
    private static func opusSamples(_ packet: ArraySlice<UInt8>) -> Int {
        guard let head = packet.first else { return 0 }
        let configuration = Int(head >> 3)
        let length: Int
        switch configuration {
        case ..<12: length = [480, 960, 1920, 2880][configuration & 3]
        case ..<16: length = [480, 960][configuration & 1]
        default: length = [120, 240, 480, 960][configuration & 3]
        }
        switch head & 3 {
        case 0: return length
        case 1, 2: return length * 2
        default: return length * Int((packet.dropFirst().first ?? 1) & 0x3F)
        }
    }
}
