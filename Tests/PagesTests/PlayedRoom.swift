// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Studio
import Synchronization
import Testing

@testable import Pages

/// A studio that does as it is told and says what a test puts into its mouth.
final class PlayedRoom: StudioRoom {
    private struct Inside {
        var orders: [Order] = []
        var sight = StudioSight(isThere: true, state: nil)
        var meeting = MeetingSight(isThere: true, state: nil)
        var refusal: StudioRefusal?
    }
    private let inside = Mutex(Inside())

    static let doors = StudioDoors(
        viewers: "https://live.example.ac.th", rtmp: "rtmp://live.example.ac.th/live",
        srt: "srt://live.example.ac.th:8890")

    var orders: [Order] { inside.withLock { $0.orders } }
    func see(_ state: State?) { inside.withLock { $0.sight = StudioSight(isThere: true, state: state) } }
    func see(_ state: MeetingState?, check: DeviceCheck? = nil) {
        inside.withLock { $0.meeting = MeetingSight(isThere: true, state: state, check: check) }
    }
    func goAway() { inside.withLock { ($0.sight, $0.meeting) = (.away, .away) } }
    func refuse(_ refusal: StudioRefusal?) { inside.withLock { $0.refusal = refusal } }

    func doors() async -> StudioDoors { Self.doors }

    func tell(_ order: Order) async throws {
        try inside.withLock { inside in
            guard inside.sight.isThere else { throw Sentence.studioIsAway }
            if let refusal = inside.refusal { throw refusal }
            inside.orders.append(order)
        }
    }

    func sight(of name: String) async -> StudioSight { inside.withLock { $0.sight } }

    /// What is seen now, and no more.
    func sights(of name: String) async -> AsyncStream<StudioSight> {
        let sight = await sight(of: name)
        return AsyncStream { sights in
            sights.yield(sight)
            sights.finish()
        }
    }
}

extension PlayedRoom {
    func meetingSight(of name: String) async -> MeetingSight { inside.withLock { $0.meeting } }

    /// What is seen now, and no more.
    func meetingSights(of name: String) async -> AsyncStream<MeetingSight> {
        let sight = await meetingSight(of: name)
        return AsyncStream { sights in
            sights.yield(sight)
            sights.finish()
        }
    }
}

/// An office with a studio and one broadcast.
struct Airing {
    let office: OfficeFixture
    let room: PlayedRoom
    let id: Matter.ID
    let name: String
    var start: Moment { Self.letter.span.start }
    var path: String { "/matters/\(id)/console" }

    static let letter = {
        var letter = Samples.letter(service: .broadcast)
        letter.title = "พิธีไหว้ครู ประจำปีการศึกษา 2569"
        letter.wantsRecording = true
        return letter
    }()

    init(at stage: Stage = .toPrepare, letter: Letter = letter) async throws {
        room = PlayedRoom()
        office = try await OfficeFixture(studio: room)
        id = try await office.matter(at: stage, letter: letter).id
        name = try #require(try await office.cabinet.airPlan(of: id)).name
        office.clock.set(Samples.now + .hours(34))
    }

    func act(_ act: Act, _ role: Role) async throws {
        _ = try await office.cabinet.perform(
            act, on: id, by: Samples.hand(role), at: office.clock.now, seen: nil, contact: nil, lateReason: "",
            once: nil)
    }

    func settle(_ change: (inout AirSettings) -> Void) async throws {
        var settings = AirSettings()
        change(&settings)
        try await office.cabinet.save(settings, of: id, by: Samples.hand(.officer), at: office.clock.now)
    }

    /// Somebody publishes and nothing is wrong.
    func state(_ change: (inout State) -> Void = { _ in }) -> State {
        var state = State(name: name)
        (state.phase, state.isReceiving) = (.rehearsing, true)
        state.receivingSince = (office.clock.now - .minutes(12)).milliseconds
        (state.bitsPerSecond, state.milliPictures, state.keyFrameMilliseconds) = (4_250_000, 29_970, 2_000)
        state.loudness = State.Loudness(momentary: -1_700, integrated: -1_612)
        state.drops = 3
        change(&state)
        return state
    }
}
