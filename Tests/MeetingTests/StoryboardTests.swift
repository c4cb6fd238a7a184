// SPDX-License-Identifier: Apache-2.0
import Media
import Testing

@testable import Studio

/// Which pictures a film shows when, and where.
@Suite("A storyboard") struct StoryboardTests {
    private typealias Shot = Storyboard.Shot
    private static let whole = Arrangement.Place(x: 0, y: 0, width: 1_280, height: 720)

    private static func shot(_ name: String, screen: Bool = false, _ stretches: (Int64, Int64)...) -> Shot {
        Shot(
            file: name + ".webm", person: name, name: name, isScreen: screen,
            stretches: stretches.map { .init(from: $0.0, to: $0.1) })
    }

    private static func story(_ board: Storyboard) -> [String] {
        board.scenes.map { scene in
            "\(scene.from)-\(scene.to) " + scene.tiles.map { $0.file ?? "(\($0.name))" }.joined(separator: " ")
        }
    }

    @Test("changes when somebody comes or goes, and has no hole") func grid() {
        let board = Storyboard(
            .grid, shots: [Self.shot("a", (0, 30_010)), Self.shot("b", (10_000, 20_000), (25_000, 40_000))], turns: [],
            milliseconds: 40_000)
        #expect(
            Self.story(board) == [
                "0-10000 a.webm", "10000-20000 a.webm b.webm", "20000-25000 a.webm", "25000-30000 a.webm b.webm",
                "30000-40000 b.webm",
            ])
    }

    @Test("shows who speaks largest, but not who only coughs") func speaker() {
        let shots = [Self.shot("a", (0, 60_000)), Self.shot("b", (0, 60_000)), Self.shot("c", (0, 60_000))]
        let turns = [
            Storyboard.Turn(at: 5_000, person: "b", name: "b"), .init(at: 20_000, person: "c", name: "c"),
            .init(at: 20_800, person: "b", name: "b"), .init(at: 30_000, person: nil, name: ""),
            .init(at: 40_000, person: "c", name: "c"),
        ]
        let board = Storyboard(.speaker, shots: shots, turns: turns, milliseconds: 60_000)
        #expect(
            Self.story(board) == [
                "0-5000 a.webm b.webm c.webm", "5000-40000 b.webm a.webm c.webm", "40000-60000 c.webm a.webm b.webm",
            ])
        #expect(board.scenes[1].tiles.map(\.place.width) == [960, 320, 320])
    }

    @Test("puts a screen before everybody, and beside who speaks") func side() {
        let shots = [
            Self.shot("a", (0, 60_000)), Self.shot("b", (0, 60_000)), Self.shot("s", screen: true, (20_000, 40_000)),
        ]
        let turns = [Storyboard.Turn(at: 0, person: "b", name: "b")]
        let board = Storyboard(.side, shots: shots, turns: turns, milliseconds: 60_000)
        #expect(
            Self.story(board) == ["0-20000 b.webm a.webm", "20000-40000 s.webm b.webm", "40000-60000 b.webm a.webm"])
    }

    @Test("shows the name of whom nobody sees, and ignores a scene of less than a second") func nameAlone() {
        let turns = [Storyboard.Turn(at: 0, person: "a", name: "สมมุติ")]
        let board = Storyboard(
            .speaker, shots: [Self.shot("b", (10_000, 10_500))], turns: turns, milliseconds: 20_013)
        #expect(
            board.scenes == [.init(from: 0, to: 20_000, tiles: [.init(file: nil, name: "สมมุติ", place: Self.whole)])])
    }

    @Test(
        "keeps every tile inside the picture, in even numbers, and none over another",
        arguments: FilmLayout.allCases)
    func places(_ layout: FilmLayout) {
        for count in 0...20 {
            let places = Arrangement.places(layout, count: count)
            #expect(places.count == min(count, Arrangement.most(layout)))
            for (index, place) in places.enumerated() {
                #expect([place.x, place.y, place.width, place.height].allSatisfy { $0 % 2 == 0 && $0 >= 0 })
                #expect(place.x + place.width <= 1_280 && place.y + place.height <= 720)
                for other in places[..<index] {
                    let isApart =
                        place.x >= other.x + other.width || other.x >= place.x + place.width
                        || place.y >= other.y + other.height || other.y >= place.y + place.height
                    #expect(isApart, "\(layout) \(count)")
                }
            }
        }
    }
}

/// Voices as channels without pauses.
@Suite("A sound bus") struct SoundBusTests {
    /// Twenty milliseconds of wideband SILK with a mark.
    private func packet(_ mark: UInt8) -> [UInt8] { [0x48, mark] }

    @Test("fills what did not come with silence, and loses no time") func fills() {
        var bus = SoundBus(at: Tick(milliseconds: 1_000))
        for number in 0..<10 where number != 4 {
            // Each twenty milliseconds after the other, a little early or late.
            let at = 1_000_000 + Int64(number) * 20_000 + (number % 2 == 0 ? 3_000 : -3_000)
            bus.take(packet(UInt8(number)), channel: 1, microseconds: at)
        }
        let due = bus.next(at: Tick(milliseconds: 1_000 + 450))
        for channel in 0..<SoundBus.channelCount {
            let own = due.filter { $0.channel == channel }
            #expect(own.map(\.microseconds) == (0..<23).map { $0 * 20_000 })
        }
        // The bus began a quarter of a second before: what was taken at 1,000 ms stands there.
        let heard = due.filter { $0.channel == 1 && $0.bytes != SoundBus.silence }
        #expect(heard.map { $0.bytes[1] } == [0, 1, 2, 3, 5, 6, 7, 8, 9])
        #expect(heard.allSatisfy { abs($0.microseconds - (250_000 + Int64($0.bytes[1]) * 20_000)) <= 60_000 })
        #expect(zip(due, due.dropFirst()).allSatisfy { $0.microseconds <= $1.microseconds })
    }

    @Test("leaves out what comes too late, and what is no packet") func late() {
        var bus = SoundBus(at: Tick(milliseconds: 0))
        _ = bus.next(at: Tick(milliseconds: 1_000))
        bus.take(packet(1), channel: 0, microseconds: 500_000)
        bus.take([0xFB, 0xFF], channel: 0, microseconds: 1_000_000)
        bus.take(packet(2), channel: 9, microseconds: 1_000_000)
        #expect(bus.next(at: Tick(milliseconds: 1_500)).allSatisfy { $0.bytes == SoundBus.silence })
    }

    @Test("hears a voice whose clock says that it is late all the time, and in time again when the clock is right")
    func slow() {
        var bus = SoundBus(at: Tick(milliseconds: 1_000))
        var heard: [(mark: UInt8, milliseconds: Int64)] = []
        _ = bus.next(at: Tick(milliseconds: 2_000))
        // A packet every twenty milliseconds, which says that it was taken a second before; from the hundredth on it was
        // taken just now.
        for number in 0..<200 {
            let now = Tick(milliseconds: 2_000 + Int64(number) * 20)
            let age: Int64 = number < 100 ? 1_000_000 : 40_000
            bus.take(packet(UInt8(number)), channel: 2, microseconds: now.microseconds - age)
            let beginning = bus.beganMicroseconds
            heard += bus.next(at: now).filter { $0.bytes != SoundBus.silence }.map {
                ($0.bytes[1], (now.microseconds - beginning - $0.microseconds) / 1_000)
            }
        }
        // The first nine are left out; from then on it is heard in order, and nothing of it before the delay is over.
        #expect(heard.first?.mark == 9)
        #expect(heard.count >= 175)
        #expect(zip(heard, heard.dropFirst()).allSatisfy { $0.mark < $1.mark })
        #expect(heard.last.map { $0.mark >= 185 } == true)
        #expect(heard.allSatisfy { $0.milliseconds >= 250 })
    }

    @Test("knows how long a packet is") func durations() {
        #expect(OpusDuration.microseconds([0x78, 1]) == 20_000)
        #expect(OpusDuration.microseconds([0x08, 1]) == 20_000)
        #expect(OpusDuration.microseconds([0x18, 1]) == 60_000)
        #expect(OpusDuration.microseconds([0x80, 1]) == 2_500)
        #expect(OpusDuration.microseconds([0x79, 1]) == 40_000)
        #expect(OpusDuration.microseconds([0x7B, 3]) == 60_000)
        #expect(OpusDuration.microseconds([0x7B, 7]) == nil)
        #expect(OpusDuration.microseconds([]) == nil)
    }
}
