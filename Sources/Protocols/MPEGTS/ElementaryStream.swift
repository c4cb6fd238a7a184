// SPDX-License-Identifier: Apache-2.0
import Media

/// A PES packet's header (2.4.3.6).
struct PESHeader: Hashable {
    enum Reading: Hashable { case whole(PESHeader), short, padding, broken, scrambled }

    /// How long it is.
    let bytes: Int
    /// How many bytes are behind it; nil when the next packet says where this one ends.
    let bodyBytes: Int?
    let times: Times?

    /// Reads the header at the beginning of these bytes.
    static func read(_ bytes: [UInt8]) -> Reading {
        guard bytes.count >= 9 else { return .short }
        if bytes.starts(with: [0, 0, 1, 0xBE]) { return .padding }
        guard bytes[0] == 0, bytes[1] == 0, bytes[2] == 1, bytes[6] & 0xC0 == 0x80 else { return .broken }
        guard bytes[6] & 0x30 == 0 else { return .scrambled }
        let length = 9 + Int(bytes[8])
        guard bytes.count >= length else { return .short }
        let announced = Int(bytes[4]) << 8 | Int(bytes[5])
        let body = announced == 0 ? nil : 6 + announced - length
        if let body, body < 0 { return .broken }
        var times: Times?
        switch bytes[7] >> 6 {
        case 2:
            guard length >= 14, let stamp = stamp(bytes, at: 9) else { return .broken }
            times = Times(presentation: stamp, decode: stamp)
        case 3:
            guard length >= 19, let presentation = stamp(bytes, at: 9), let decode = stamp(bytes, at: 14)
            else { return .broken }
            // A picture that waits for more than ten seconds is a mistake.
            guard (-900_000...900_000).contains(presentation.since(decode)) else { return .broken }
            times = Times(presentation: presentation, decode: decode)
        default: break
        }
        return .whole(PESHeader(bytes: length, bodyBytes: body, times: times))
    }

    /// 33 bits with three marker bits between them.
    private static func stamp(_ bytes: [UInt8], at place: Int) -> Stamp? {
        guard bytes[place] & 1 == 1, bytes[place + 2] & 1 == 1, bytes[place + 4] & 1 == 1 else { return nil }
        var ticks = Int64(bytes[place] >> 1 & 7) << 30
        ticks |= Int64(bytes[place + 1]) << 22 | Int64(bytes[place + 2] >> 1) << 15
        ticks |= Int64(bytes[place + 3]) << 7 | Int64(bytes[place + 4] >> 1)
        return Stamp(ticks)
    }
}

/// One PID of the program: puts its PES packets together and reads what is inside.
struct ElementaryStream: Sendable {
    private enum Inside { case pictures(Pictures), adts(ADTSFrames), opus(OpusPackets) }

    private enum Phase: Hashable {
        /// For a packet that begins.
        case waiting
        case header
        case body(left: Int?)
    }

    let pid: Int
    let track: TrackID
    let content: Content
    private(set) var continuity = Continuity()
    private(set) var dropped = 0
    private(set) var damaged = 0
    /// Whether a configuration was told, without which no frame is of use.
    var isConfigured = false
    private var inside: Inside
    private var phase = Phase.waiting
    private var head: [UInt8] = []
    /// What came since the last times: a frame, or several.
    private var run: [UInt8] = []
    private var times: Times?
    private var isRunning = false

    /// Nil when nothing here reads such content.
    init?(pid: Int, track: TrackID, content: Content) {
        (self.pid, self.track, self.content) = (pid, track, content)
        switch content {
        case .avc: inside = .pictures(Pictures(.avc))
        case .hevc: inside = .pictures(Pictures(.hevc))
        case .aac: inside = .adts(ADTSFrames())
        case .opus(let head): inside = .opus(OpusPackets(head: head))
        case .unknown, .other: return nil
        }
    }

    /// Whether what was gathered by one is the other's, too.
    func isSame(as other: ElementaryStream) -> Bool {
        (pid, track, content) == (other.pid, other.track, other.content)
    }

    /// How many bytes are held.
    var heldBytes: Int { head.count + run.count }

    mutating func step(_ packet: Packet, _ payload: ArraySlice<UInt8>) -> Continuity.Step {
        continuity.take(packet, payload)
    }

    /// A piece is missing: what was gathered is dropped, and the next PES packet awaited. Of sounds, the whole ones in
    /// front of the gap are kept.
    mutating func lose() -> [Found] {
        let found = track.kind == .audio ? close(next: nil) : []
        dropped += 1
        abandon()
        phase = .waiting
        if case .adts(var frames) = inside {
            frames.forget()
            inside = .adts(frames)
        }
        return found
    }

    /// What the payload of one packet completes.
    mutating func take(_ payload: ArraySlice<UInt8>, isStart: Bool, limits: Limits) throws(Violation) -> [Found] {
        var found: [Found] = []
        if isStart {
            if case .body(let left?) = phase, left > 0 {
                // It was to be longer: a whole turn of the counter is missing.
                dropped += 1
                abandon()
            }
            (phase, head) = (.header, [])
        }
        switch phase {
        case .waiting: break
        case .header:
            head += payload
            found = try begin(limits)
        case .body: try append(payload, limits)
        }
        if phase == .body(left: 0), track.kind == .audio { found += close(next: nil) }
        return found
    }

    /// Nothing more comes: what is open is over.
    mutating func finish() -> [Found] {
        if case .body(let left) = phase, left ?? 0 == 0 { return close(next: nil) }
        return []
    }

    private mutating func begin(_ limits: Limits) throws(Violation) -> [Found] {
        let header: PESHeader
        switch PESHeader.read(head) {
        case .short: return []
        case .padding:
            phase = .waiting
            return []
        case .scrambled: throw .scrambled
        case .broken:
            damaged += 1
            return lose()
        case .whole(let read): header = read
        }
        var found: [Found] = []
        // A picture's packet without a time goes on with what the one before it began.
        if track.kind == .audio || header.times != nil {
            found = close(next: header.times?.decode)
            isRunning = true
            times = header.times
        }
        phase = isRunning ? .body(left: header.bodyBytes) : .waiting
        if isRunning { try append(head[header.bytes...], limits) }
        head = []
        return found
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>, _ limits: Limits) throws(Violation) {
        guard case .body(let left) = phase else { return }
        let piece = left.map { bytes.prefix($0) } ?? bytes
        run += piece
        phase = .body(left: left.map { $0 - piece.count })
        guard run.count <= limits.frameBytes else { throw .frameTooLong(bytes: limits.frameBytes) }
    }

    private mutating func abandon() {
        (run, times, isRunning) = ([], nil, false)
    }

    private mutating func close(next: Stamp?) -> [Found] {
        guard isRunning else { return [] }
        defer { abandon() }
        switch inside {
        case .pictures(var pictures):
            guard let times else { return [] }
            defer { inside = .pictures(pictures) }
            return pictures.take(run, times, next: next)
        case .adts(var frames):
            let broken = frames.broken
            defer {
                dropped += frames.broken - broken
                inside = .adts(frames)
            }
            return frames.take(run, times?.presentation)
        case .opus(var packets):
            let broken = packets.broken
            defer {
                dropped += packets.broken - broken
                inside = .opus(packets)
            }
            return packets.take(run, times?.presentation)
        }
    }
}
