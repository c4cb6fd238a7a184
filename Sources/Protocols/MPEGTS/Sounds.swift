// SPDX-License-Identifier: Apache-2.0
import FMP4
import Media

/// A sound's own clock: the last time that was sent, and how much sound came since.
struct SoundClock: Hashable, Sendable {
    private var stamp: Stamp?
    private var samples: Int64 = 0
    private var rate: Int64 = 1

    /// The next frame has this time.
    mutating func set(_ stamp: Stamp) { (self.stamp, samples) = (stamp, 0) }

    /// The time of a frame of so many samples, which then is over; nil when no time was ever sent.
    mutating func place(_ count: Int, of rate: Int, _ bytes: ArraySlice<UInt8>) -> Frame? {
        guard let stamp else { return nil }
        if Int64(rate) != self.rate {
            samples = samples * Int64(rate) / self.rate
            self.rate = Int64(rate)
        }
        defer { samples += Int64(count) }
        return Frame(
            stamp: stamp, laterMicroseconds: samples * 1_000_000 / self.rate, isKey: true, bytes: bytes)
    }
}

/// AAC with ADTS headers (ISO/IEC 14496-3, 1.A.2). Frames may go from one PES packet into the next.
struct ADTSFrames: Sendable {
    private static let rates = [
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
    ]

    /// What one header says.
    private struct Header {
        let config: [UInt8]
        let rate: Int
        let headerBytes: Int
        let frameBytes: Int
        /// A reason why it cannot be taken.
        let complaint: String?

        init?(_ bytes: ArraySlice<UInt8>) {
            let start = bytes.startIndex
            guard bytes.count >= 7, bytes[start] == 0xFF, bytes[start + 1] & 0xF6 == 0xF0 else { return nil }
            let (third, fourth) = (bytes[start + 2], bytes[start + 3])
            let rateIndex = third >> 2 & 0x0F
            guard rateIndex < ADTSFrames.rates.count else { return nil }
            rate = ADTSFrames.rates[Int(rateIndex)]
            headerBytes = bytes[start + 1] & 1 == 1 ? 7 : 9
            frameBytes = Int(fourth & 3) << 11 | Int(bytes[start + 4]) << 3 | Int(bytes[start + 5] >> 5)
            guard frameBytes >= headerBytes else { return nil }
            let channels = (third & 1) << 2 | fourth >> 6
            // AudioSpecificConfig (1.6.2.1): object type 5 bits, rate 4, channels 4, three flags.
            let type = (third >> 6) + 1
            config = [type << 3 | rateIndex >> 1, (rateIndex & 1) << 7 | channels << 3]
            if channels == 0 {
                complaint = "AAC without a channel configuration"
            } else {
                complaint = bytes[start + 6] & 3 != 0 ? "several AAC blocks in one frame" : nil
            }
        }
    }

    private var carried: [UInt8] = []
    private var config: [UInt8]?
    private var clock = SoundClock()
    private(set) var broken = 0

    /// A piece is missing: what was carried over is worth nothing.
    mutating func forget() { carried = [] }

    /// The frames that became whole with this PES packet, whose time is that of the first frame that begins in it.
    mutating func take(_ bytes: [UInt8], _ time: Stamp?) -> [Found] {
        var found: [Found] = []
        var pending = time
        let boundary = carried.count
        let all = carried + bytes
        var place = 0
        var isLost = false
        while all.count - place >= 7 {
            if place >= boundary, let stamp = pending {
                clock.set(stamp)
                pending = nil
            }
            guard let header = header(in: all, at: place, isLost: isLost) else {
                if !isLost { broken += 1 }
                isLost = true
                place += 1
                continue
            }
            guard place + header.frameBytes <= all.count else { break }
            isLost = false
            let payload = all[(place + header.headerBytes)..<(place + header.frameBytes)]
            found += frame(header, payload)
            place += header.frameBytes
        }
        // A frame that is cut off here has the time of this packet, if it is the first to begin in it.
        if place >= boundary, let stamp = pending { clock.set(stamp) }
        carried = Array(all[place...])
        return found
    }

    private mutating func frame(_ header: Header, _ payload: ArraySlice<UInt8>) -> [Found] {
        if let complaint = header.complaint { return [.unusable(name: complaint)] }
        var found: [Found] = []
        if header.config != config {
            config = header.config
            found.append(.configuration(.aac, header.config))
        }
        if let frame = clock.place(1_024, of: header.rate, payload), !payload.isEmpty { found.append(.frame(frame)) }
        return found
    }

    /// The header here. Where the last one was lost, and where it says something new, it must have its frame's end
    /// on its side: another header, or the end of what came.
    private func header(in bytes: [UInt8], at place: Int, isLost: Bool) -> Header? {
        guard let header = Header(bytes[place...]) else { return nil }
        if config.map({ $0 == header.config }) ?? !isLost { return header }
        let next = place + header.frameBytes
        return next == bytes.count || next < bytes.count && Header(bytes[next...]) != nil ? header : nil
    }
}

/// Opus behind control headers ("Opus in MPEG-TS", section 4).
struct OpusPackets: Sendable {
    private let head: [UInt8]
    private let format: AudioFormat?
    private var isTold = false
    private var clock = SoundClock()
    private(set) var broken = 0

    init(head: [UInt8]) {
        self.head = head
        format = try? .opus(head[...])  // It was made here, and says what an Opus head has to.
    }

    mutating func take(_ bytes: [UInt8], _ time: Stamp?) -> [Found] {
        guard let format else { return [] }
        var found: [Found] = []
        if !isTold {
            found.append(.configuration(.opus, head))
            isTold = true
        }
        if let time { clock.set(time) }
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let size = OpusPackets.header(&rest), size <= rest.count else {
                broken += 1
                break
            }
            let packet = rest.prefix(size)
            rest = rest.dropFirst(size)
            let samples = format.samples(in: packet)
            if samples > 0, let frame = clock.place(samples, of: 48_000, packet) { found.append(.frame(frame)) }
        }
        return found
    }

    /// Reads a control header and answers how long the packet behind it is.
    private static func header(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let first = rest.popFirst(), let second = rest.popFirst() else { return nil }
        guard first == 0x7F, second & 0xE0 == 0xE0 else { return nil }
        var size = 0
        while true {
            guard let byte = rest.popFirst() else { return nil }
            size += Int(byte)
            if byte != 0xFF { break }
        }
        // Trims at the start and at the end, two bytes each, and an extension.
        for flag: UInt8 in [0x10, 0x08] where second & flag != 0 {
            guard rest.count >= 2 else { return nil }
            rest = rest.dropFirst(2)
        }
        if second & 0x04 != 0 {
            guard let length = rest.popFirst(), rest.count >= Int(length) else { return nil }
            rest = rest.dropFirst(Int(length))
        }
        return size
    }
}
