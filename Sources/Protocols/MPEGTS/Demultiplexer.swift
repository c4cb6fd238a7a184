// SPDX-License-Identifier: Apache-2.0
public import Media

/// Takes a transport stream apart. Bytes are pushed in as they come, in pieces of any size; what they say of the
/// program's tracks is asked for with `next`.
///
/// Video streams are numbered 0, 1, 2… in the order of the program map, and audio streams likewise. A picture is told
/// when the next one begins, because MPEG-TS does not say where one ends.
public struct Demultiplexer: Sendable {
    /// What happened.
    public enum News: Hashable, Sendable {
        case signal(Signal)
        /// Packets are missing; what they belonged to was dropped.
        case loss(Loss)
    }

    /// What a PID is for.
    private enum Role: Sendable { case association, map, stream(Int) }

    /// What came so far, and what did not.
    public var tally: Tally {
        var tally = count
        (tally.resyncs, tally.skippedBytes) = (finder.resyncs, finder.skippedBytes)
        tally.damaged += association.damaged + map.damaged
        for stream in streams {
            tally.damaged += stream.damaged
            tally.droppedFrames += stream.dropped
        }
        return tally
    }

    private let limits: Limits
    private var finder = PacketFinder()
    private var count = Tally()
    private var bytesBeforeProgram = 0
    private var roles: [Int: Role] = [0: .association]
    private var tables: [Int: Continuity] = [:]
    private var association = SectionReader()
    private var map = SectionReader()
    private var program: Association?
    private var lines: [ProgramMap.Line]?
    private var streams: [ElementaryStream] = []
    private var timeline = Timeline()
    private var complained: Set<String> = []
    private var news: [News] = []
    private var handedOut = 0

    /// One that has read nothing.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// The next that happened, in order; nil when more bytes are needed.
    public mutating func next() -> News? {
        guard handedOut < news.count else {
            news.removeAll(keepingCapacity: true)
            handedOut = 0
            return nil
        }
        defer { handedOut += 1 }
        return news[handedOut]
    }

    /// Takes what came.
    /// - Throws: `Violation`; after that nothing more may be pushed, but what was told before it can still be asked for.
    public mutating func take(_ bytes: ArraySlice<UInt8>) throws(Violation) {
        finder.push(bytes)
        while let packet = finder.next() { try take(packet: packet) }
        guard finder.skippedInARow <= limits.unsyncedBytes else {
            throw .noPackets(skippedBytes: finder.skippedInARow)
        }
    }

    /// Nothing more comes: the last pictures are told.
    public mutating func finish() {
        for place in streams.indices { tell(streams[place].finish(), of: place) }
    }

    // MARK: Packets

    private mutating func take(packet bytes: ArraySlice<UInt8>) throws(Violation) {
        count.packets += 1
        if lines == nil {
            bytesBeforeProgram += Packet.length
            guard bytesBeforeProgram <= limits.bytesBeforeProgram else { throw .noProgram(bytes: bytesBeforeProgram) }
        }
        guard let packet = Packet(bytes) else {
            count.damaged += 1
            return
        }
        guard packet.pid != Packet.null, let payload = packet.payload, let role = roles[packet.pid] else { return }
        guard !packet.isScrambled else { throw .scrambled }
        switch role {
        case .association:
            guard isInOrder(packet, payload) else { return }
            for section in association.take(payload, isStart: packet.isStart) { learn(association: section) }
        case .map:
            guard isInOrder(packet, payload) else { return }
            for section in map.take(payload, isStart: packet.isStart) { try learn(map: section) }
        case .stream(let place): try take(packet, payload, of: place)
        }
    }

    private mutating func take(_ packet: Packet, _ payload: ArraySlice<UInt8>, of place: Int) throws(Violation) {
        switch streams[place].step(packet, payload) {
        case .duplicate: return
        case .next: break
        case .gap(let packets):
            note(Loss(track: streams[place].track, packets: packets))
            tell(streams[place].lose(), of: place)
        }
        tell(try streams[place].take(payload, isStart: packet.isStart, limits: limits), of: place)
        if streams[place].heldBytes > limits.heldBytes / limits.streams {
            let held = streams.reduce(0) { $0 + $1.heldBytes }
            guard held <= limits.heldBytes else { throw .tooMuchHeld(bytes: held) }
        }
    }

    /// Whether a table's packet follows the one before; when one is missing, what was gathered is forgotten.
    private mutating func isInOrder(_ packet: Packet, _ payload: ArraySlice<UInt8>) -> Bool {
        switch tables[packet.pid, default: Continuity()].take(packet, payload) {
        case .next: return true
        case .duplicate: return false
        case .gap(let packets):
            note(Loss(track: nil, packets: packets))
            if packet.pid == 0 { association.forget() } else { map.forget() }
            return true
        }
    }

    private mutating func note(_ loss: Loss) {
        count.lostPackets += loss.packets
        news.append(.loss(loss))
    }

    // MARK: Tables

    private mutating func learn(association section: [UInt8]) {
        guard let found = Association(section), found != program, found.mapPID != 0 else { return }
        program = found
        map.forget()
        roles = roles.filter { if case .map = $0.value { false } else { true } }
        roles[found.mapPID] = .map
    }

    private mutating func learn(map section: [UInt8]) throws(Violation) {
        guard let found = ProgramMap(section), found.program == program?.program, found.lines != lines else { return }
        guard found.lines.count <= limits.streams else { throw .tooManyStreams }
        lines = found.lines
        let before = streams
        roles = roles.filter { if case .stream = $0.value { false } else { true } }
        var fresh: [ElementaryStream] = []
        var numbers: [TrackID.Kind: UInt8] = [:]
        for line in found.lines where roles[line.pid] == nil {
            guard let stream = stream(line, &numbers, before) else { continue }
            roles[line.pid] = .stream(fresh.count)
            fresh.append(stream)
        }
        for (place, old) in before.enumerated() where !fresh.contains(where: { $0.isSame(as: old) }) {
            tell(streams[place].finish(), of: place)
            count.droppedFrames += streams[place].dropped
            count.damaged += streams[place].damaged
            guard !fresh.contains(where: { $0.track == old.track }) else { continue }
            news.append(.signal(.trackEnded(old.track)))
        }
        streams = fresh
    }

    /// The stream of a line of the map, as it was before when it was there before.
    private mutating func stream(
        _ line: ProgramMap.Line, _ numbers: inout [TrackID.Kind: UInt8], _ before: [ElementaryStream]
    ) -> ElementaryStream? {
        let content = Content(line)
        // What is neither picture nor sound takes no number; it is told with the one that it would have as a sound.
        let kind = content.kind ?? .audio
        let track = TrackID(kind, numbers[kind, default: 0])
        if content.kind != nil { numbers[kind, default: 0] += 1 }
        if let complaint = content.complaint { complain(track, complaint) }
        guard let fresh = ElementaryStream(pid: line.pid, track: track, content: content) else { return nil }
        return before.first { $0.isSame(as: fresh) } ?? fresh
    }

    // MARK: Telling

    private mutating func tell(_ found: [Found], of place: Int) {
        let track = streams[place].track
        for item in found {
            switch item {
            case .configuration(let codec, let record):
                streams[place].isConfigured = true
                news.append(.signal(.configuration(track, codec, record[...])))
            case .unusable(let name): complain(track, name)
            case .frame(let frame):
                // Before a stream's parameter sets came, nothing can be made of its frames.
                if streams[place].isConfigured { tell(frame, track, streams[place].pid) }
            }
        }
    }

    private mutating func tell(_ frame: Frame, _ track: TrackID, _ pid: Int) {
        let ticks: Int64
        switch timeline.place(frame.stamp, of: pid) {
        case .straggler: return
        case .at(let unrolled): ticks = unrolled
        case .jump(let unrolled, let by):
            news.append(.signal(.jump(byMilliseconds: by / 90)))
            ticks = unrolled
        }
        news.append(
            .signal(
                .sample(
                    Sample(
                        track: track, microseconds: ticks * 100 / 9 + frame.laterMicroseconds,
                        compositionMicroseconds: frame.compositionTicks * 100 / 9, isKey: frame.isKey,
                        bytes: frame.bytes))))
    }

    private mutating func complain(_ track: TrackID, _ name: String) {
        guard complained.count < 64, complained.insert("\(track) \(name)").inserted else { return }
        news.append(.signal(.unknown(track, name: name)))
    }
}
