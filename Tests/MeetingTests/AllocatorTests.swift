// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import Testing

@testable import Studio

@Suite("Who gets how much")
struct AllocatorTests {
    static let ladder = [
        Allocator.Option(rate: 150_000, height: 180, layer: 0), .init(rate: 500_000, height: 360, layer: 1),
        .init(rate: 1_500_000, height: 720, layer: 2),
    ]

    private func tile(_ importance: Importance, _ current: Int? = nil, resting: Bool = false) -> Allocator.Demand {
        .init(importance: importance, options: Self.ladder, current: current, isResting: resting)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var budget: Int64
        var tiles: [Allocator.Demand]
        var chosen: [Int?]
        var why: String
        var testDescription: String { why }
    }

    static func rows() -> [Row] {
        let here = AllocatorTests()
        return [
            Row(budget: 5_000_000, tiles: [here.tile(.visible)], chosen: [2], why: "plenty: the best"),
            Row(
                budget: 1_600_000, tiles: [here.tile(.visible)], chosen: [1],
                why: "a step up wants fifteen in a hundred more"),
            Row(
                budget: 1_600_000, tiles: [here.tile(.visible, 2)], chosen: [2],
                why: "what is shown stays while it fits"),
            Row(budget: 1_440_000, tiles: [here.tile(.visible, 2)], chosen: [2], why: "and a little longer"),
            Row(budget: 1_300_000, tiles: [here.tile(.visible, 2)], chosen: [1], why: "but not for ever"),
            Row(budget: 60_000, tiles: [here.tile(.visible)], chosen: [0], why: "a bad picture is better than none"),
            Row(
                budget: 60_000, tiles: [here.tile(.visible), here.tile(.visible)], chosen: [0, nil],
                why: "but the second rests"),
            Row(
                budget: 900_000, tiles: [here.tile(.visible), here.tile(.screen), here.tile(.visible)],
                chosen: [0, 1, 0], why: "the screen rises before the cameras"),
            Row(
                budget: 700_000, tiles: [here.tile(.visible), here.tile(.screen)], chosen: [0, 1],
                why: "and takes what it needs first"),
            Row(
                budget: 650_000, tiles: [here.tile(.visible), here.tile(.screen)], chosen: [nil, 1],
                why: "even if a camera rests for it"),
            Row(
                budget: 2_100_000, tiles: [here.tile(.visible), here.tile(.speaker), here.tile(.rest)],
                chosen: [0, 2, 0], why: "who speaks rises first, but everybody is seen"),
            Row(
                budget: 1_300_000, tiles: [here.tile(.visible), here.tile(.visible)], chosen: [1, 1],
                why: "equals rise by turns"),
            Row(
                budget: 900_000, tiles: [here.tile(.visible), here.tile(.visible)], chosen: [1, 0],
                why: "the first by turns"),
            Row(
                budget: 340_000, tiles: [here.tile(.visible, 0), here.tile(.visible, nil, resting: true)],
                chosen: [0, nil], why: "what rested comes back into plenty only"),
            Row(
                budget: 345_000, tiles: [here.tile(.visible, 0), here.tile(.visible, nil, resting: true)],
                chosen: [0, 0], why: "and then it does"),
            Row(budget: 0, tiles: [], chosen: [], why: "nobody"),
            Row(
                budget: 1_000_000, tiles: [.init(importance: .screen, options: [])], chosen: [nil],
                why: "nothing to be had"),
        ]
    }

    @Test("the table", arguments: rows())
    func table(row: Row) {
        #expect(Allocator.divide(row.budget, among: row.tiles) == row.chosen)
    }

    @Test("what is chosen never costs more than there is, but for the first one's least")
    func neverMore() {
        var dice = NetDice(5)
        for _ in 0..<2_000 {
            let tiles = (0..<Int.random(in: 1...12, using: &dice)).map { _ in
                Allocator.Demand(
                    importance: Importance.allCases.randomElement(using: &dice) ?? .rest, options: Self.ladder,
                    current: Bool.random(using: &dice) ? Int.random(in: 0...2, using: &dice) : nil)
            }
            let budget = Int64.random(in: 0...8_000_000, using: &dice)
            let chosen = Allocator.divide(budget, among: tiles)
            let cost = zip(tiles, chosen).reduce(Int64(0)) { sum, pair in
                sum + (pair.1.map { pair.0.options[$0].rate } ?? 0)
            }
            // What is shown may stay a twentieth beyond what there is.
            #expect(cost <= max(150_000, budget * 106 / 100))
        }
    }
}

@Suite("Who speaks")
struct SpeakerFears {
    private func run(
        _ watch: inout SpeakerWatch, from: Int64, milliseconds: Int64, _ levels: (Int64) -> [(UInt32, UInt8)]
    ) -> [(at: Int64, who: SourceID?)] {
        var changes: [(Int64, SourceID?)] = []
        for step in stride(from: from, to: from + milliseconds, by: 20) {
            let now = Tick(milliseconds: step)
            for (source, decibels) in levels(step) {
                watch.hear(AudioLevel(decibels | 0x80), from: SourceID(source), at: now)
            }
            if watch.judge(at: now) { changes.append((step, watch.current)) }
        }
        return changes.map { (at: $0.0, who: $0.1) }
    }

    @Test("a new voice is found within four tenths of a second")
    func quick() {
        var watch = SpeakerWatch()
        let first = run(&watch, from: 0, milliseconds: 3_000) { _ in [(1, 30), (2, 90)] }
        #expect(first.map(\.who) == [SourceID(1)])
        #expect((first.first?.at ?? .max) < 400)
        let second = run(&watch, from: 3_000, milliseconds: 3_000) { _ in [(1, 90), (2, 30)] }
        #expect(second.map(\.who) == [SourceID(2)])
        #expect((second.first?.at ?? .max) - 3_000 <= 700)
    }

    @Test("a cough takes nobody's place")
    func cough() {
        var watch = SpeakerWatch()
        let changes = run(&watch, from: 0, milliseconds: 10_000) { at in
            [(1, at % 700 < 500 ? 35 : 70), (2, (1_000..<1_150).contains(at % 3_000) ? 10 : 100)]
        }
        #expect(changes.map(\.who) == [SourceID(1)])
    }

    @Test("two who talk at once do not flicker")
    func together() {
        var watch = SpeakerWatch()
        let changes = run(&watch, from: 0, milliseconds: 20_000) { at in
            [(1, at / 240 % 2 == 0 ? 30 : 38), (2, at / 240 % 2 == 0 ? 38 : 30)]
        }
        #expect(changes.count <= 2)
    }

    @Test("silence empties the place after a while, and who leaves empties it at once")
    func silence() {
        var watch = SpeakerWatch()
        _ = run(&watch, from: 0, milliseconds: 2_000) { _ in [(1, 30)] }
        let changes = run(&watch, from: 2_000, milliseconds: 6_000) { _ in [] }
        #expect(changes.map(\.who) == [nil])
        _ = run(&watch, from: 8_000, milliseconds: 1_000) { _ in [(1, 30)] }
        let isGone = watch.leave(SourceID(1))
        #expect(isGone)
        #expect(watch.current == nil)
    }
}
