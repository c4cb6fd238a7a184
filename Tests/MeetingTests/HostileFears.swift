// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Testing

@testable import Studio

@Suite("Packets from a hostile seat")
struct HostileFears {
    @Test("nothing traps, whoever changes what on the way in, and the meeting goes on afterwards", arguments: 0..<2)
    func mangled(seed: UInt64) {
        let world = MeetingWorld(seed: seed)
        _ = Presenter(world, line: 1)
        _ = Presenter(world, line: 2, encodings: [.init(height: 360, rate: 300_000, temporalCount: 2)])
        let crowd = (0..<2).map { Onlooker(world, line: UInt32(10 + $0), videos: 2, audios: 2) }
        var dice = NetDice(seed &+ 100)
        world.mangle = { bytes in
            guard dice.fraction() < 0.3, !bytes.isEmpty else { return bytes }
            var bytes = bytes
            switch Int.random(in: 0...3, using: &dice) {
            case 0: return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &dice)))
            case 1:
                return (0..<Int.random(in: 0...1_500, using: &dice)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
            default:
                for _ in 0..<Int.random(in: 1...6, using: &dice) {
                    // Mostly where the heads are.
                    let at = Int.random(
                        in: 0..<min(bytes.count, dice.fraction() < 0.8 ? 40 : bytes.count), using: &dice)
                    bytes[at] = UInt8(truncatingIfNeeded: dice.next())
                }
                return bytes
            }
        }
        world.run(milliseconds: 2_000)
        #expect(crowd.allSatisfy { (world.meeting.figures(of: $0.seat)?.refused ?? 0) > 0 })
        world.mangle = nil
        // Streams that were made up fill a publisher's table; another one is not touched by that.
        let fresh = Presenter(world, line: 3, encodings: [.init(height: 360, rate: 300_000)])
        let late = Onlooker(world, line: 20, videos: 3, audios: 3)
        world.run(milliseconds: 1_500)
        let slots = world.meeting.slots(of: late.seat)
        let own = world.meeting.publishing.filter { $0.seat == fresh.seat }.map(\.source)
        #expect(own.count == 2)
        #expect(Set(own).isSubset(of: Set(slots.compactMap(\.source))))
    }

    @Test("a clock that says anything, and a receiver that believes in everything, trap nothing")
    func clocks() {
        let world = MeetingWorld(seed: 3)
        let presenter = Presenter(world, line: 1, encodings: NetworkFears.three)
        let onlooker = Onlooker(world, line: 2)
        var dice = NetDice(9)
        for _ in 0..<100 {
            world.run(milliseconds: 50)
            var room = [UInt8](repeating: 0, count: 400)
            let count = room.withUnsafeMutableBytes { raw in
                var writer = ControlWriter(raw)
                for stream in 0..<4 {
                    writer.senderReport(
                        SenderReport(
                            ssrc: 0x1_0010 + UInt32(stream), ntp: dice.next(),
                            timestamp: UInt32(truncatingIfNeeded: dice.next()),
                            packetCount: .max, byteCount: .max))
                }
                return writer.count
            }
            world.arrive(Array(room[..<count]), from: presenter.seat)
            let more = room.withUnsafeMutableBytes { raw in
                var writer = ControlWriter(raw)
                writer.estimate(from: 1, bitsPerSecond: .max, of: [])
                writer.receiverReport(
                    from: 1,
                    [
                        ReportBlock(
                            ssrc: onlooker.negotiated.sections[1].ours.ssrc, fractionLost: 255, cumulativeLost: .min,
                            highestSequence: .max, jitter: .max, lastReport: UInt32(truncatingIfNeeded: dice.next()),
                            delaySinceLastReport: UInt32(truncatingIfNeeded: dice.next()))
                    ])
                return writer.count
            }
            world.arrive(Array(room[..<more]), from: onlooker.seat)
        }
        #expect(onlooker.shown().count > 50)
    }
}
