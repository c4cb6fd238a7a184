// SPDX-License-Identifier: Apache-2.0
public import Media

/// Several voices as channels that never pause: whatever decodes and mixes them needs no clock of its own. Where nothing
/// came there is silence; what comes too late is left out, but a voice that is late all the time is heard later.
public struct SoundBus: Sendable {
    /// One packet of Opus in one channel.
    public struct Packet: Hashable, Sendable {
        /// Which channel.
        public var channel: Int
        /// When it begins, in microseconds since the bus began.
        public var microseconds: Int64
        /// The packet.
        public var bytes: [UInt8]
    }

    /// Voices that are heard at once.
    public static let channelCount = 4
    /// So late sound may come, in microseconds: what is repaired is repaired in this time, mostly.
    public static let delayMicroseconds: Int64 = 250_000
    /// A voice that stands further from its place is cut, or waits.
    private static let slackMicroseconds: Int64 = 60_000
    /// Twenty milliseconds of silence (RFC 6716: CELT alone, whole band, one channel).
    static let silence: [UInt8] = [0xF8, 0xFF, 0xFE]
    private static let silenceMicroseconds: Int64 = 20_000
    /// So many packets of a voice in a row are too late before it is late all the time: its sender's clock says so, and is wrong
    /// or slow to be believed, while the packets come as they should.
    private static let mostLate = 10
    /// A channel's queue beyond this is cut.
    private static let mostWaiting = 200

    private struct Channel: Sendable {
        var next: Int64
        var waiting: [(at: Int64, bytes: [UInt8])] = []
        /// How many packets were too late since one was not.
        var lateCount = 0
        /// So much later than it says the voice is heard, in microseconds.
        var shift: Int64 = 0

        /// When a packet is heard that says when it was taken; nil when it comes too late.
        mutating func place(_ said: Int64) -> Int64? {
            let at = said + shift
            let middle = next + SoundBus.delayMicroseconds / 2
            if at < next - SoundBus.slackMicroseconds {
                lateCount += 1
                guard lateCount >= SoundBus.mostLate else { return nil }
                shift += middle - at
            } else if shift > 0, at > next + SoundBus.delayMicroseconds {
                // Its clock is right again.
                shift -= min(shift, at - middle)
            }
            lateCount = 0
            return said + shift
        }
    }

    private let beginning: Int64
    private var channels: [Channel]

    /// A bus that begins now.
    public init(at now: Tick) {
        beginning = now.microseconds - SoundBus.delayMicroseconds
        channels = (0..<SoundBus.channelCount).map { _ in Channel(next: 0) }
    }

    /// When the bus began, in microseconds on our clock.
    public var beganMicroseconds: Int64 { beginning }

    /// A voice's packet, which was taken at `microseconds` on our clock.
    public mutating func take(_ bytes: [UInt8], channel: Int, microseconds: Int64) {
        guard channels.indices.contains(channel), OpusDuration.microseconds(bytes) != nil else { return }
        guard let at = channels[channel].place(microseconds - beginning) else { return }
        channels[channel].waiting.append((at, bytes))
        if channels[channel].waiting.count > SoundBus.mostWaiting { channels[channel].waiting.removeFirst() }
    }

    /// What is due, in the order of its time.
    public mutating func next(at now: Tick) -> [Packet] {
        let end = now.microseconds - beginning - SoundBus.delayMicroseconds
        var due: [Packet] = []
        for place in channels.indices {
            while channels[place].next < end { due.append(packet(place)) }
        }
        return due.sorted { ($0.microseconds, $0.channel) < ($1.microseconds, $1.channel) }
    }

    private mutating func packet(_ place: Int) -> Packet {
        let start = channels[place].next
        while let first = channels[place].waiting.first, first.at < start - SoundBus.slackMicroseconds {
            channels[place].waiting.removeFirst()
        }
        var (bytes, length) = (SoundBus.silence, SoundBus.silenceMicroseconds)
        if let first = channels[place].waiting.first, first.at <= start + SoundBus.slackMicroseconds {
            channels[place].waiting.removeFirst()
            (bytes, length) = (first.bytes, OpusDuration.microseconds(first.bytes) ?? length)
        }
        channels[place].next = start + length
        return Packet(channel: place, microseconds: start, bytes: bytes)
    }
}

/// How long the sound in a packet of Opus is (RFC 6716, 3.1 and 3.2).
public enum OpusDuration {
    /// In microseconds; nil for what is no packet, or one of more than 120 ms.
    public static func microseconds(_ packet: [UInt8]) -> Int64? {
        guard let head = packet.first else { return nil }
        let kind = Int(head >> 3)
        let frame: Int64
        switch kind {
        case 0..<12: frame = [10_000, 20_000, 40_000, 60_000][kind & 3]
        case 12..<16: frame = [10_000, 20_000][kind & 1]
        default: frame = [2_500, 5_000, 10_000, 20_000][kind & 3]
        }
        let count: Int64
        switch head & 3 {
        case 0: count = 1
        case 1, 2: count = 2
        default:
            guard packet.count > 1 else { return nil }
            count = Int64(packet[1] & 63)
        }
        let length = frame * count
        return length > 0 && length <= 120_000 ? length : nil
    }
}
