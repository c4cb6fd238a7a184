// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Testing

@testable import Studio

@Suite("What is let through leaves, and no number is left out")
struct PacingFears {
    @Test(
        "who comes in the middle of a camera of three times what a new way is believed to carry gets every number",
        arguments: [400, 1_500, 3_400, 4_700] as [Int64])
    func lateIntoPlenty(after milliseconds: Int64) {
        let world = MeetingWorld(seed: 41)
        _ = Presenter(world, line: 1)
        let first = Onlooker(world, line: 2)
        world.run(milliseconds: milliseconds)
        let late = Onlooker(world, line: 3)
        world.run(milliseconds: 8_000)
        for onlooker in [first, late] {
            #expect(onlooker.faults == [])
            #expect(onlooker.holes() == 0)
            #expect(onlooker.repaired() == 0)
        }
        // It is with the present.
        #expect((first.shown().last?.frame ?? 0) - (late.shown().last?.frame ?? 0) <= 1)
        #expect(late.longestFreeze(from: world.now - 6_000_000) < 100)
    }

    @Test("a viewer that never says when packets came gets every number too")
    func silentViewer() {
        let world = MeetingWorld(seed: 42)
        _ = Presenter(world, line: 1)
        world.run(milliseconds: 3_000)
        let late = Onlooker(world, line: 3)
        late.tellsArrivals = false
        world.run(milliseconds: 10_000)
        #expect(late.faults == [])
        #expect(late.holes() == 0)
        #expect(late.longestFreeze(from: world.now - 6_000_000) < 100)
    }

    @Test("a hundred viewers on busy machines, who look at what came now and then: nobody misses a number")
    func busyMachines() {
        let world = MeetingWorld(seed: 43)
        _ = Presenter(world, line: 1)
        world.run(milliseconds: 1_000)
        let crowd = (0..<100).map { index in
            let one = Onlooker(world, line: UInt32(10 + index), audios: 0)
            one.naps = Int64(1 + index % 5) * 20_000
            world.run(milliseconds: 20)
            return one
        }
        world.run(milliseconds: 6_000)
        #expect(crowd.allSatisfy { $0.faults.isEmpty })
        #expect(crowd.map { $0.holes() }.reduce(0, +) == 0)
        #expect(crowd.allSatisfy { $0.longestFreeze(from: world.now - 3_000_000) < 250 })
    }

    @Test(
        "a third of the only encoding there is fits: the picture rests and says so, the sound is whole, both come back"
    )
    func tooNarrow() throws {
        let world = MeetingWorld(seed: 45)
        _ = Presenter(world, line: 1)
        var line = NetLine(rate: 4_000_000, delay: 20_000)
        line.steps = [(0, 4_000_000), (6_000_000, 500_000), (26_000_000, 4_000_000)]
        let onlooker = Onlooker(world, line: 2, downlink: line)
        world.run(milliseconds: 10_000)
        let before = onlooker.soundMissing
        world.run(milliseconds: 14_000)
        #expect(onlooker.soundMissing - before <= 2)
        #expect(world.meeting.slots(of: onlooker.seat).last?.reason == .paused)
        world.run(milliseconds: 14_000)
        #expect(world.meeting.slots(of: onlooker.seat).last?.reason == .full)
        #expect((onlooker.shown().first { $0.at > 26_500_000 }?.at ?? .max) < 34_000_000)
        #expect(onlooker.longestFreeze(from: 35_000_000) < 100)
    }

    @Test("old pictures without their upper layer come in the order of time")
    func replayOfHalf() {
        let world = MeetingWorld(seed: 44)
        _ = Presenter(world, line: 1, encodings: [.init(height: 360, rate: 600_000, temporalCount: 2)], audio: false)
        world.run(milliseconds: 1_500)
        let late = Onlooker(world, line: 2, audios: 0, downlink: NetLine(rate: 2_000_000, delay: 20_000))
        world.run(milliseconds: 4_000)
        #expect(late.faults == [])
        #expect(late.holes() == 0)
        #expect(late.shown().count > 60)
    }
}

@Suite("The book of what was sent")
struct SentBookTests {
    @Test("a number is spoken of once, and what was missing may come after all")
    func once() {
        var book = SentBook()
        let number = book.note(bytes: 1_200, cluster: 3, at: Tick(microseconds: 5_000))
        _ = book.note(bytes: 80, cluster: 0, at: Tick(microseconds: 6_000))
        #expect(book.take(number, arrived: false)?.bytes == 1_200)
        let sent = book.take(number, arrived: true)
        #expect(sent?.at == Tick(microseconds: 5_000))
        #expect(sent?.cluster == 3)
        #expect(book.take(number, arrived: true) == nil)
        #expect(book.take(number &+ 2, arrived: true) == nil)
    }

    @Test(
        "it grows while nobody has spoken of what it would forget, and the instants stay true over the wrap of 32 bits")
    func growth() {
        var book = SentBook()
        let begin: Int64 = (1 << 32) - 200_000
        let numbers = (0..<1_000).map {
            book.note(bytes: 100 + $0, cluster: 0, at: Tick(microseconds: begin + Int64($0) * 1_000))
        }
        for (index, number) in numbers.enumerated() {
            let sent = book.take(number, arrived: true)
            #expect(sent?.bytes == Int32(100 + index))
            #expect(sent?.at == Tick(microseconds: begin + Int64(index) * 1_000))
        }
        // What is too old is forgotten: the book has its limit.
        let late = book.note(bytes: 1, cluster: 0, at: Tick(microseconds: begin + 2_000_000))
        for step in 0..<5_000 {
            _ = book.note(bytes: 1, cluster: 0, at: Tick(microseconds: begin + 2_000_000 + Int64(step)))
        }
        #expect(book.take(late, arrived: true) == nil)
    }
}

@Suite("The ring of old packets")
struct RingTests {
    private func put(_ sequence: Int64, into ring: Ring, at microseconds: Int64) {
        let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 1_000)
        _ = bytes.withUnsafeBytes { ring.keep($0, as: sequence, at: Tick(microseconds: microseconds)) }
    }

    @Test("a packet that is still here is whole, at whatever rate they came and however large the ring has become")
    func whole() {
        let ring = Ring(bytes: 1 << 20, packets: 2_048)
        var (next, now) = (Int64(0), Int64(0))
        // Slow, so that it stays small; then quick, so that it grows in the middle of a round; then slow again.
        for (count, every) in [(700, 20_000), (1_900, 500), (900, 20_000)] as [(Int, Int64)] {
            for _ in 0..<count {
                put(next, into: ring, at: now)
                next += 1
                now += every
                for old in stride(from: next - 1, to: max(-1, next - 1_300), by: -37) {
                    guard let bytes = ring.packet(old) else { continue }
                    #expect(bytes.count == 1_000)
                    #expect(bytes.allSatisfy { $0 == UInt8(truncatingIfNeeded: old) })
                }
            }
        }
        #expect(ring.has(next - 1))
        #expect(!ring.has(0))
    }

    @Test("five seconds of a quick stream stay, and a slow one takes no more than a quarter of a megabyte")
    func seconds() {
        let quick = Ring(bytes: 1 << 21, packets: 2_048)
        // Two hundred in a second.
        for index in 0..<1_500 as Range<Int64> { put(index, into: quick, at: index * 5_000) }
        #expect((500..<1_500).allSatisfy { quick.has($0) })
        let slow = Ring(bytes: 1 << 21, packets: 2_048)
        for index in 0..<1_000 as Range<Int64> { put(index, into: slow, at: index * 50_000) }
        #expect((745..<1_000).allSatisfy { slow.has($0) })
        #expect(!slow.has(700))
    }
}
