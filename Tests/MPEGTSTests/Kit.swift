// SPDX-License-Identifier: Apache-2.0
import Footage
import MPEGTS
import Media

/// Everything that a demultiplexer told.
struct Hearing: Hashable {
    var news: [Demultiplexer.News] = []
    var tally = Tally()
    var violation: Violation?

    /// Of these pieces, one after the other.
    init(_ pieces: [ArraySlice<UInt8>], limits: Limits = Limits()) {
        var demultiplexer = Demultiplexer(limits: limits)
        for piece in pieces where violation == nil { take(piece, &demultiplexer) }
        finish(&demultiplexer)
    }

    /// Of these packets.
    init(_ stream: PretendMultiplexer, limits: Limits = Limits()) { self.init([stream.bytes[...]], limits: limits) }

    init() {}

    mutating func take(_ piece: ArraySlice<UInt8>, _ demultiplexer: inout Demultiplexer) {
        do {
            try demultiplexer.take(piece)
        } catch {
            violation = error
        }
        while let item = demultiplexer.next() { news.append(item) }
    }

    mutating func finish(_ demultiplexer: inout Demultiplexer) {
        demultiplexer.finish()
        while let item = demultiplexer.next() { news.append(item) }
        tally = demultiplexer.tally
    }

    var signals: [Signal] { news.compactMap { if case .signal(let signal) = $0 { signal } else { nil } } }
    var losses: [Loss] { news.compactMap { if case .loss(let loss) = $0 { loss } else { nil } } }
    var samples: [Sample] { signals.compactMap { if case .sample(let sample) = $0 { sample } else { nil } } }
    func samples(_ kind: TrackID.Kind, _ number: UInt8 = 0) -> [Sample] {
        samples.filter { $0.track == TrackID(kind, number) }
    }
    var configurations: [TrackID: [[UInt8]]] {
        signals.reduce(into: [:]) { all, signal in
            if case .configuration(let track, _, let bytes) = signal { all[track, default: []].append(Array(bytes)) }
        }
    }
    /// Everything but samples and configurations.
    var remarks: [Signal] {
        signals.filter {
            switch $0 {
            case .sample, .configuration: false
            default: true
            }
        }
    }
}

/// What ffprobe found in a fixture.
struct Probe {
    struct Packet: Hashable {
        var track: TrackID
        var presentation: Int64
        var decode: Int64
        var isKey: Bool
        var bytes: Int
        var hash: String
    }

    var packets: [Packet] = []
    var configurations: [TrackID: [UInt8]] = [:]

    init(_ name: String) throws {
        for line in String(decoding: try footage(name + ".packets"), as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            let track = TrackID(words[0] == "video" ? .video : .audio, UInt8(words[1]) ?? 255)
            if words[2] == "config" {
                let digits = Array(words[4].utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
                configurations[track] = stride(from: 0, to: digits.count - 1, by: 2).map {
                    digits[$0] << 4 | digits[$0 + 1]
                }
                continue
            }
            packets.append(
                Packet(
                    track: track, presentation: Int64(words[2]) ?? 0, decode: Int64(words[3]) ?? 0,
                    isKey: words[4] == "key", bytes: Int(words[5]) ?? 0, hash: String(words[6])))
        }
    }
}

enum Kit {
    /// The types of the H.264 units of a sample.
    static func unitTypes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var types: [UInt8] = []
        var rest = bytes
        while rest.count > 4 {
            types.append(rest[rest.startIndex + 4] & 0x1F)
            rest = rest.dropFirst(4 + rest.prefix(4).reduce(0) { $0 << 8 | Int($1) })
        }
        return types
    }
}

/// FNV-1a of 32 bits, in hexadecimal.
func fnv(_ bytes: ArraySlice<UInt8>) -> String {
    let value = bytes.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 8 - text.count) + text
}

/// A multiplexer that does as it is told: every method appends packets.
struct PretendMultiplexer {
    struct Line {
        var type: UInt8
        var pid: Int
        var descriptors: [UInt8] = []
    }

    var bytes: [UInt8] = []
    private var counters: [Int: UInt8] = [:]

    /// Both tables, with a program of these streams.
    mutating func tables(_ lines: [Line], version: UInt8 = 0, mapPID: Int = 0x1000) {
        section(0, [0, 1, 0xC1 | version << 1, 0, 0, 0, 1, 0xE0 | UInt8(mapPID >> 8), UInt8(mapPID & 0xFF)], pid: 0)
        map(lines, version: version, mapPID: mapPID)
    }

    mutating func map(_ lines: [Line], version: UInt8, mapPID: Int = 0x1000) {
        var body: [UInt8] = [0, 1, 0xC1 | version << 1, 0, 0, 0xE1, 0, 0xF0, 0]
        for line in lines {
            body += [
                line.type, 0xE0 | UInt8(line.pid >> 8), UInt8(line.pid & 0xFF), 0xF0, UInt8(line.descriptors.count),
            ]
            body += line.descriptors
        }
        section(2, body, pid: mapPID)
    }

    mutating func section(_ table: UInt8, _ body: [UInt8], pid: Int, breaks: Bool = false) {
        let length = body.count + 4
        var section = [table, 0xB0 | UInt8(length >> 8), UInt8(length & 0xFF)] + body
        var sum = section.reduce(UInt32(0xFFFF_FFFF)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte) << 24) { value, _ in
                value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04C1_1DB7
            }
        }
        if breaks { sum ^= 1 }
        section += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
        var payload = ([0] + section)[...]
        var isFirst = true
        while !payload.isEmpty {
            let piece = payload.prefix(184)
            packet(pid, isStart: isFirst, Array(piece) + [UInt8](repeating: 0xFF, count: 184 - piece.count))
            payload = payload.dropFirst(184)
            isFirst = false
        }
    }

    /// A PES packet; `dts` only where it differs. Its length is told when `isBounded`.
    mutating func pes(_ pid: Int, pts: Int64? = nil, dts: Int64? = nil, isBounded: Bool = false, _ body: [UInt8]) {
        var times: [UInt8] = []
        if let pts { times += PretendMultiplexer.stamp(pts, dts == nil ? 0x20 : 0x30) }
        if let dts { times += PretendMultiplexer.stamp(dts, 0x10) }
        let flags: UInt8 = pts == nil ? 0 : dts == nil ? 0x80 : 0xC0
        let length = isBounded ? 3 + times.count + body.count : 0
        raw(
            pid,
            [0, 0, 1, 0xE0, UInt8(length >> 8), UInt8(length & 0xFF), 0x80, flags, UInt8(times.count)] + times + body)
    }

    /// A whole PES packet as it stands.
    mutating func raw(_ pid: Int, _ pes: [UInt8]) {
        var rest = pes[...]
        var isFirst = true
        while !rest.isEmpty {
            packet(pid, isStart: isFirst, Array(rest.prefix(184)))
            rest = rest.dropFirst(184)
            isFirst = false
        }
    }

    /// One packet, stuffed in its adaptation field.
    mutating func packet(_ pid: Int, isStart: Bool, flags: UInt8 = 0, scrambling: UInt8 = 0, _ payload: [UInt8]) {
        let counter = counters[pid, default: 0]
        counters[pid] = (counter + 1) & 15
        var packet: [UInt8] = [0x47, (isStart ? 0x40 : 0) | UInt8(pid >> 8), UInt8(pid & 0xFF)]
        let space = 184 - payload.count
        packet.append(scrambling << 6 | (space > 0 || flags != 0 ? 0x30 : 0x10) | counter)
        if space > 0 { packet.append(UInt8(space - 1)) }
        if space > 1 { packet += [flags] + [UInt8](repeating: 0xFF, count: space - 2) }
        bytes += packet + payload
    }

    /// The next packet of this PID has a counter so much higher.
    mutating func skip(_ pid: Int, _ packets: UInt8) { counters[pid] = (counters[pid, default: 0] + packets) & 15 }

    static func stamp(_ ticks: Int64, _ prefix: UInt8) -> [UInt8] {
        func bits(_ shift: Int64, _ mask: Int64) -> UInt8 { UInt8(truncatingIfNeeded: ticks >> shift & mask) }
        return [
            prefix | bits(30, 7) << 1 | 1, bits(22, 0xFF), bits(15, 0x7F) << 1 | 1, bits(7, 0xFF),
            bits(0, 0x7F) << 1 | 1,
        ]
    }
}

/// Coded bytes that look right from outside.
enum Coded {
    static let sps: [UInt8] = [
        0x67, 0x64, 0x00, 0x0C, 0xAC, 0xD9, 0x41, 0x41, 0x9F, 0x9F, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00,
        0x00,
        0x03, 0x03, 0x20, 0xF1, 0x42, 0x99, 0x60,
    ]
    static let pps: [UInt8] = [0x68, 0xEA, 0xEC, 0xB2, 0x2C]
    static let start: [UInt8] = [0, 0, 0, 1]
    static let delimiter = start + [9, 0xF0]
    static let sets = start + sps + start + pps

    /// A slice that begins a picture.
    static func slice(_ fill: UInt8, key: Bool = false, count: Int = 20) -> [UInt8] {
        start + [key ? 0x65 : 0x41, 0x80] + [UInt8](repeating: fill, count: count)
    }

    /// A picture as multiplexers send it.
    static func picture(_ fill: UInt8, key: Bool = false, count: Int = 20) -> [UInt8] {
        delimiter + (key ? sets : []) + slice(fill, key: key, count: count)
    }

    /// The same as a sample has it.
    static func framed(_ fill: UInt8, key: Bool = false, count: Int = 20) -> [UInt8] {
        [0, 0, UInt8((count + 2) >> 8), UInt8((count + 2) & 0xFF)] + slice(fill, key: key, count: count).dropFirst(4)
    }

    /// An ADTS frame of AAC-LC, 48 kHz, stereo.
    static func adts(_ fill: UInt8, count: Int = 50) -> [UInt8] {
        let length = count + 7
        return [
            0xFF, 0xF1, 0x4C, 0x80 | UInt8(length >> 11), UInt8(length >> 3 & 0xFF), UInt8(length & 7) << 5 | 0x1F,
            0xFC,
        ] + [UInt8](repeating: fill, count: count)
    }
}
