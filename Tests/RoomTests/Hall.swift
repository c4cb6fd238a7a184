// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import RTP

@testable import Studio

/// A room with a stopped clock: people come and ask, and what is told to each is remembered.
struct Hall {
    var assembly: Assembly
    var milliseconds: Int64 = 1_000
    /// What was told to each, in its order.
    var heard: [PersonNumber: [RoomEvent]] = [:]
    var orders: [MeetingOrder] = []
    var notes: [RoomNote] = []
    var others: [Assembly.Output] = []
    private var lastSeat: UInt32 = 0
    private var lastSource: UInt32 = 0

    init(_ change: (inout MeetingPlan) -> Void = { _ in }) {
        var plan = MeetingPlan(name: "hall", title: "ประชุม")
        change(&plan)
        assembly = Assembly(plan)
    }

    var now: Instant { Instant(milliseconds: milliseconds) }
    var wall: WallTime { WallTime(milliseconds: 1_795_000_000_000 + milliseconds) }

    /// Somebody comes in and listens.
    mutating func come(
        _ name: String, as role: RoomRole? = nil, key: String? = nil, device: String? = nil, consents: Bool? = nil
    ) throws(RoomRefusal) -> PersonNumber {
        var newcomer = Newcomer(name: name)
        (newcomer.role, newcomer.key, newcomer.knownName) = (role, key, key == nil ? nil : name)
        (newcomer.device, newcomer.consents) = (device, consents)
        let id = try assembly.enter(newcomer, at: now, wall: wall)
        assembly.listens(id, isResumed: false, at: now, wall: wall)
        drain()
        return id
    }

    mutating func ask(_ id: PersonNumber, _ ask: RoomAsk) throws(RoomRefusal) {
        // Nobody here is in a hurry.
        milliseconds += 4_000
        defer { drain() }
        try assembly.take(ask, from: id, at: now, wall: wall)
    }

    /// Why it is not done; nil when it is.
    mutating func refusal(_ id: PersonNumber, _ wish: RoomAsk) -> RoomRefusal? {
        do throws(RoomRefusal) {
            try ask(id, wish)
            return nil
        } catch {
            return error
        }
    }

    mutating func pass(seconds: Int64) {
        milliseconds += seconds * 1_000
        assembly.time(at: now, wall: wall)
        drain()
    }

    mutating func drain() {
        while let output = assembly.next() {
            switch output {
            case .tell(let event, let people): for id in people { heard[id, default: []].append(event) }
            case .engine(let order): orders.append(order)
            case .note(let note): notes.append(note)
            default: others.append(output)
            }
        }
    }

    /// Forgets what was told so far.
    mutating func forget() { (heard, orders, notes, others) = ([:], [], [], []) }

    /// The words of what was told to somebody.
    func kinds(_ id: PersonNumber) -> [String] { (heard[id] ?? []).map(\.kind) }

    /// What was told to somebody by its word alone, the last of it.
    func last(_ kind: String, to id: PersonNumber) -> RoomEvent? { heard[id]?.last { $0.kind == kind } }

    // MARK: Calls

    /// Somebody's page calls up: microphone, camera, screen, its sound.
    mutating func callUp(_ id: PersonNumber) -> [TrackKind: SourceID] {
        lastSeat += 1
        var sources: [TrackKind: SourceID] = [:]
        let kinds: [TrackKind] = [.microphone, .camera, .screen, .screenSound]
        let sections = kinds.enumerated().map { index, kind in
            lastSource += 1
            sources[kind] = SourceID(lastSource)
            return Assembly.Section(mid: String(index), isVideo: kind.isPicture, source: SourceID(lastSource))
        }
        assembly.called(id, .up, seat: SeatID(lastSeat), sections, at: now, wall: wall)
        drain()
        return sources
    }

    mutating func callDown(_ id: PersonNumber) -> SeatID {
        lastSeat += 1
        let seat = SeatID(lastSeat)
        let sections = (0..<4).map { Assembly.Section(mid: String($0), isVideo: $0 < 2, source: nil) }
        assembly.called(id, .down, seat: seat, sections, at: now, wall: wall)
        drain()
        return seat
    }

    mutating func news(_ news: MeetingNews) {
        assembly.take(news, at: now, wall: wall)
        drain()
    }

    /// Whether the engine lets a source on, after everything that it was told.
    func isLetOn(_ source: SourceID) -> Bool {
        var isMuted = false
        for case .mute(source, let muted) in orders { isMuted = muted }
        return !isMuted
    }
}
