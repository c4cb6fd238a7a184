// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import Testing

@testable import RTMP

/// What an encoder's bytes are worth looking at.
struct LowWaterTests {
    private func message(_ type: UInt8, _ size: Int) -> Message {
        Message(chunkStream: 4, type: type, body: [UInt8](repeating: 0, count: size))
    }

    private func watched(_ sizes: [Int]) -> LowWater {
        var water = LowWater()
        for size in sizes { water.note(message(Message.Kind.video, size)) }
        return water
    }

    @Test func nothingIsHeldBackBeforePicturesAreKnown() {
        #expect(LowWater().bytes == 1)
        #expect(watched([Int](repeating: 9_000, count: 63)).bytes == 1)
    }

    @Test func halfOfTheSmallestPictureIsWaitedFor() {
        #expect(watched([Int](repeating: 9_000, count: 63) + [6_000]).bytes == 3_000)
        #expect(watched([Int](repeating: 90_000, count: 64)).bytes == 8 << 10)
    }

    @Test func aSmallerPictureCountsAtOnceAndALargerOneWhenTheSmallOnesAreForgotten() {
        let large = [Int](repeating: 9_000, count: 64)
        #expect(watched(large + [3_000]).bytes == 1_500)
        #expect(watched(large + [100]).bytes == 1)
        #expect(watched(large + [3_000] + large + large).bytes == 4_500)
    }

    @Test func picturesAsSmallAsSoundAreNotWaitedFor() {
        #expect(watched([Int](repeating: 2_000, count: 64)).bytes == 1)
    }

    @Test func soundWithoutPicturesWaitsForNothing() {
        var water = watched([Int](repeating: 9_000, count: 64))
        for _ in 0..<8 { water.note(message(Message.Kind.audio, 300)) }
        #expect(water.bytes == 4_500)
        water.note(message(Message.Kind.audio, 300))
        #expect(water.bytes == 1)
    }

    /// Cut at every index: what is said to be missing never is more than what is.
    @Test func noMoreIsWantedThanTheMessageHas() throws {
        var writer = ChunkWriter()
        var bytes: [UInt8] = []
        writer.write(message(Message.Kind.video, 1_000), to: &bytes)
        for cut in 0...bytes.count {
            var reader = ChunkReader()
            try reader.take(bytes[..<cut])
            #expect(reader.missingBytes <= bytes.count - cut)
            if cut > 12 { #expect(reader.missingBytes == bytes.count - cut) }
        }
    }

    @Test func beforePublishingEveryByteIsWanted() {
        var machine = PublisherMachine(at: Instant(milliseconds: 0))
        #expect(machine.wantedBytes == 1)
        machine.take(.bytes([3, 0, 0]), at: Instant(milliseconds: 1))
        #expect(machine.wantedBytes == 1)
    }
}
