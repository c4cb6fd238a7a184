// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import RTMP
import Testing

/// What real encoders do that the specification does not lead one to expect.
@Suite struct Quirks {
    static let avcC: [UInt8] = [1, 0x64, 0, 0x1F, 0xFF, 0xE1, 0, 4, 0x67, 0x64, 0, 0x1F, 1, 0, 1, 0x68]
    static let asc: [UInt8] = [0x12, 0x10]

    static func opened() -> PretendEncoder {
        var encoder = PretendEncoder()
        encoder.open(key: "k")
        return encoder
    }

    /// An encoder that sent its AVC configuration the old way.
    static func withPicture() -> PretendEncoder {
        var encoder = opened()
        encoder.video([0x17, 0, 0, 0, 0] + avcC, at: 0)
        return encoder
    }

    static func media(_ encoder: PretendEncoder) -> [PublisherMachine.News] {
        var reception = Reception()
        reception.take(encoder.bytes[...])
        return reception.media
    }

    static func frame(_ dts: Int64, key: Bool = false, _ byte: UInt8 = 0xAA) -> PublisherMachine.News {
        .sample(Sample(track: TrackID(.video), dtsMilliseconds: dts, isKey: key, bytes: [byte]))
    }

    @Test func releaseStreamAndFCPublishAreAnswered() {
        var reception = Reception()
        reception.take(Quirks.opened().bytes[...])
        let commands = reception.replies.filter { $0.type == 20 }.compactMap { try? AMF.values(in: $0.body[...]) }
        #expect(
            commands.map { [$0[0], $0[1]] } == [
                [.string("_result"), .number(1)], [.string("_result"), .number(2)], [.string("_result"), .number(3)],
                [.string("_result"), .number(4)], [.string("onStatus"), .number(0)],
            ])
        #expect(commands[3][3] == .number(1))
        #expect(commands[4][3]["code"] == .string("NetStream.Publish.Start"))
        #expect(reception.replies.map(\.type) == [5, 6, 1, 20, 20, 20, 20, 4, 20])
    }

    @Test func connectSaysExactlyWhatIsTaken() {
        var reception = Reception()
        reception.take(Quirks.opened().bytes[...])
        let reply = reception.replies.first { $0.type == 20 }.flatMap { try? AMF.values(in: $0.body[...]) }
        let codes: [AMF] = ["avc1", "hvc1", "av01", "vp09", "mp4a", "Opus"].map { .string($0) }
        #expect(reply?[2]["fourCcList"] == .list(codes))
        #expect(reply?[2]["capsEx"] == .number(15))
        #expect(reply?[2]["audioFourCcInfoMap"] == .object([.init("mp4a", .number(4)), .init("Opus", .number(4))]))
    }

    @Test func setDataFrame() {
        var encoder = Quirks.opened()
        let metadata = AMF.array([.init("width", .number(1920))])
        let body = AMF.bytes(of: [.string("@setDataFrame"), .string("onMetaData"), metadata])
        encoder.send(Message(chunkStream: 4, type: 18, stream: 1, body: body))
        encoder.send(Message(chunkStream: 4, type: 15, stream: 1, body: [0] + body))
        #expect(Quirks.media(encoder) == [.metadata(metadata), .metadata(metadata)])
    }

    @Test func commandsOfType17HaveAZeroBeforeThem() {
        var encoder = PretendEncoder()
        encoder.handshake()
        let body = AMF.bytes(of: [.string("connect"), .number(1), .object([.init("app", .string("live"))])])
        encoder.send(Message(chunkStream: 3, type: 17, body: [0] + body))
        var reception = Reception()
        reception.take(encoder.bytes[...])
        guard case .connect(let caller) = reception.news.first else {
            Issue.record("no connect")
            return
        }
        #expect(caller.app == "live")
    }

    @Test func sequenceHeadersSentAgainAreNoNews() {
        var encoder = Quirks.withPicture()
        encoder.video([0x17, 0, 0, 0, 0] + Quirks.avcC, at: 40)
        let other = Quirks.avcC + [0]
        encoder.video([0x17, 0, 0, 0, 0] + other, at: 80)
        #expect(
            Quirks.media(encoder) == [
                .configuration(TrackID(.video), .avc, Quirks.avcC[...]),
                .configuration(TrackID(.video), .avc, other[...]),
            ])
    }

    @Test func timeWrapsAfter49Days() {
        var encoder = Quirks.withPicture()
        for (index, time) in [0xFFFF_FFD8, 0, 40].enumerated() as EnumeratedSequence<[UInt32]> {
            encoder.video([index == 0 ? 0x17 : 0x27, 1, 0, 0, 0, 0xAA], at: time)
        }
        #expect(
            Array(Quirks.media(encoder).dropFirst()) == [
                Quirks.frame(0xFFFF_FFD8, key: true), Quirks.frame(0x1_0000_0000), Quirks.frame(0x1_0000_0028),
            ])
    }

    @Test func timeJumpsAnHourAndTheOtherTrackFollows() {
        var encoder = Quirks.withPicture()
        encoder.audio([0xAF, 0] + Quirks.asc, at: 0)
        encoder.video([0x17, 1, 0, 0, 0, 1], at: 1000)
        encoder.video([0x17, 1, 0, 0, 0, 2], at: 3_601_000)
        encoder.audio([0xAF, 1, 3], at: 1010)
        encoder.audio([0xAF, 1, 4], at: 3_601_010)
        #expect(
            Array(Quirks.media(encoder).dropFirst(2)) == [
                Quirks.frame(1000, key: true, 1), .jump(byMilliseconds: 3_600_000),
                Quirks.frame(3_601_000, key: true, 2),
                .sample(Sample(track: TrackID(.audio), dtsMilliseconds: 3_601_010, isKey: true, bytes: [4])),
            ])
    }

    @Test func timeRunsBackwards() {
        var encoder = Quirks.withPicture()
        for time in [5000, 4990, 5040, 100] as [UInt32] { encoder.video([0x27, 1, 0, 0, 0, 0xAA], at: time) }
        #expect(
            Array(Quirks.media(encoder).dropFirst()) == [
                Quirks.frame(5000), Quirks.frame(4990), Quirks.frame(5040), .jump(byMilliseconds: -4940),
                Quirks.frame(100),
            ])
    }

    /// Past 2^24 ms, in the way of the 2012 specification and in that of librtmp and OBS before 2024.
    @Test(arguments: [true, false]) func extendedTimestamps(repeated: Bool) {
        let time: [UInt8] = [1, 0, 0, 0]
        let frame: [UInt8] = [0x17, 1, 0, 0, 0] + (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let again = repeated ? time : []
        var bytes: [UInt8] = [6, 0xFF, 0xFF, 0xFF, 0, 1, 49, 9, 1, 0, 0, 0] + time
        bytes += frame[..<128] + [0xC6] + again + frame[128..<256] + [0xC6] + again + frame[256...]
        var encoder = Quirks.withPicture()
        encoder.bytes += bytes + bytes
        let sample = Sample(track: TrackID(.video), dtsMilliseconds: 1 << 24, isKey: true, bytes: frame[5...])
        // From the beginning at 0 it is a jump only for a clock that had frames before.
        #expect(Array(Quirks.media(encoder).dropFirst()) == [.sample(sample), .sample(sample)])
        var slow = Reception()
        for byte in encoder.bytes { slow.take([byte][...]) }
        #expect(Array(slow.media.dropFirst()) == [.sample(sample), .sample(sample)])
    }

    @Test func aFreshMessageOfFormat3RepeatsDeltaAndExtendedTimestamp() throws {
        var reader = ChunkReader()
        try reader.take([4, 0xFF, 0xFF, 0xFF, 0, 0, 1, 8, 1, 0, 0, 0, 1, 0, 0, 0, 7])
        try reader.take([0x44, 0, 0, 10, 0, 0, 1, 8, 8, 0xC4, 9])
        try reader.take([0x84, 0xFF, 0xFF, 0xFF, 1, 0, 0, 1, 10, 0xC4, 1, 0, 0, 2, 11])
        var times: [UInt32] = []
        while let message = reader.next() { times.append(message.time) }
        let first: UInt32 = 1 << 24
        #expect(times == [first, first + 10, first + 20, 2 * first + 21, 3 * first + 23])
    }

    @Test func chunkSizeChangesBetweenTheChunksOfAMessage() throws {
        var reader = ChunkReader()
        let body = (0..<400).map { UInt8(truncatingIfNeeded: $0) }
        try reader.take([4, 0, 0, 0, 0, 1, 0x90, 8, 1, 0, 0, 0] + body[..<128])
        try reader.take([2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 200])
        try reader.take([0xC4] + body[128..<328] + [0xC4] + body[328...])
        #expect(reader.next()?.type == 1)
        #expect(reader.next()?.body == body)
    }

    @Test func abortForgetsHalfAMessage() throws {
        var reader = ChunkReader()
        try reader.take([4, 0, 0, 0, 0, 1, 0, 8, 1, 0, 0, 0] + [UInt8](repeating: 1, count: 128))
        try reader.take([2, 0, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 4])
        try reader.take([4, 0, 0, 5, 0, 0, 1, 8, 1, 0, 0, 0, 9])
        #expect(reader.next()?.type == 2)
        #expect(reader.next()?.body == [9])
    }

    @Test func chunkStreamsInTwoAndThreeBytes() throws {
        for id in [3, 63, 64, 319, 320, 65599] {
            var writer = ChunkWriter()
            var bytes: [UInt8] = []
            let message = Message(
                chunkStream: id, time: 0x1234_5678, type: 8, stream: 1, body: [UInt8](repeating: 5, count: 300))
            writer.write(message, to: &bytes)
            var reader = ChunkReader()
            try reader.take(bytes[...])
            #expect(reader.next() == message)
        }
    }

    @Test func librtmpPingsWithFormat1() throws {
        var reader = ChunkReader()
        try reader.take([0x42, 0, 0, 0, 0, 0, 6, 4, 0, 6, 0, 0, 0, 9])
        #expect(reader.next()?.body == [0, 6, 0, 0, 0, 9])
    }

    @Test func pingIsAnsweredAndBytesAreAcknowledged() {
        var encoder = Quirks.withPicture()
        var reception = Reception()
        reception.take(encoder.bytes[...])
        let opening = encoder.bytes.count
        encoder.send(Message(chunkStream: 2, type: 5, body: [0, 0, 0x0D, 0]))
        encoder.send(Message(chunkStream: 2, type: 4, body: [0, 6, 0, 0, 0, 9]))
        reception.take(encoder.bytes[opening...])
        let total = UInt32(encoder.bytes.count)
        #expect(reception.replies.suffix(2).map(\.type) == [4, 3])
        #expect(reception.replies.suffix(2).first?.body == [0, 7, 0, 0, 0, 9])
        #expect(reception.replies.last?.body.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == total)
    }

    @Test func soundWithoutBytesIsSilenceNotCorruption() {
        var encoder = Quirks.opened()
        encoder.audio([0xAF, 0] + Quirks.asc, at: 0)
        encoder.audio([], at: 10)
        encoder.audio([0xAF, 1], at: 20)
        encoder.audio([0xAF, 1, 5], at: 30)
        #expect(
            Array(Quirks.media(encoder).dropFirst()) == [
                .sample(Sample(track: TrackID(.audio), dtsMilliseconds: 30, isKey: true, bytes: [5]))
            ])
    }

    @Test func codecId12IsHEVC() {
        var encoder = Quirks.opened()
        encoder.video([0x1C, 0, 0, 0, 0, 1, 2, 3], at: 0)
        encoder.video([0x1C, 1, 0xFF, 0xFF, 0xD8, 4], at: 40)
        #expect(
            Quirks.media(encoder) == [
                .configuration(TrackID(.video), .hevc, [1, 2, 3]),
                .sample(
                    Sample(
                        track: TrackID(.video), dtsMilliseconds: 40, compositionMilliseconds: -40, isKey: true,
                        bytes: [4])),
            ])
    }

    @Test func mediaBeforeTheOwnerDecidedIsKept() {
        var reception = Reception(accepts: false)
        var encoder = Quirks.withPicture()
        encoder.video([0x17, 1, 0, 0, 0, 0xAA], at: 0)
        reception.take(encoder.bytes[...])
        #expect(reception.media == [])
        reception.take(.accept)
        #expect(reception.media.last == Quirks.frame(0, key: true))
    }

    @Test func aRefusalStaysReadableForASecond() {
        var reception = Reception(accepts: false)
        reception.take(Quirks.opened().bytes[...])
        reception.take(.refuse("This key is not known."))
        let status = reception.replies.last.flatMap { try? AMF.values(in: $0.body[...]) }
        #expect(status?[3]["code"] == .string("NetStream.Publish.BadName"))
        #expect(status?[3]["description"] == .string("This key is not known."))
        #expect(reception.wake == Instant(milliseconds: 1000))
        reception.now = Instant(milliseconds: 1000)
        reception.take(.time)
        #expect(reception.news.last == .ended(.refused))
    }

    @Test func theKeyMayStandInTheAddress() {
        for (app, address, name, key) in [
            ("live", "rtmp://x/live", "abc?token=1", "abc"), ("live", "rtmp://x/live?key=abc&b=1", "", "abc"),
            ("live", "rtmp://x/live?abc", "", "abc"), ("live/abc", "rtmp://x/live/abc", "", "abc"),
        ] {
            var encoder = PretendEncoder()
            encoder.handshake()
            encoder.command([
                .string("connect"), .number(1),
                .object([.init("app", .string(app)), .init("tcUrl", .string(address))]),
            ])
            encoder.command([.string("createStream"), .number(2), .null])
            encoder.command([.string("publish"), .number(3), .null, .string(name)], stream: 1)
            var reception = Reception()
            reception.take(encoder.bytes[...])
            #expect(reception.news.last == .publish(key: key, name: name))
        }
    }

    @Test func aggregateTimesCountFromTheFirst() {
        func tag(_ time: UInt8, _ body: [UInt8]) -> [UInt8] {
            [9, 0, 0, UInt8(body.count), 0, 0, time, 0, 0, 0, 0] + body + [0, 0, 0, UInt8(body.count + 11)]
        }
        var encoder = Quirks.withPicture()
        let body = tag(10, [0x17, 1, 0, 0, 0, 0xAA]) + tag(50, [0x27, 1, 0, 0, 0, 0xAA])
        encoder.send(Message(chunkStream: 6, time: 1000, type: 22, stream: 1, body: body))
        #expect(Array(Quirks.media(encoder).dropFirst()) == [Quirks.frame(1000, key: true), Quirks.frame(1040)])
    }

    @Test func onlyWhoCanIsAskedToReconnect() {
        for (caps, count) in [(1.0, 1), (0.0, 0)] {
            var encoder = PretendEncoder()
            encoder.open(key: "k", more: [.init("capsEx", .number(caps))])
            var reception = Reception()
            reception.take(encoder.bytes[...])
            let before = reception.replies.count
            reception.take(.reconnect(address: "rtmp://other.example/live"))
            #expect(reception.replies.count - before == count)
        }
    }
}

/// Enhanced RTMP v2.
@Suite struct Enhanced {
    @Test func modExAddsNanoseconds() {
        var encoder = Quirks.opened()
        encoder.configuration(.av1, [1, 2])
        // 500 000 ns, then CodedFrames.
        encoder.video([0x97, 2, 0x07, 0xA1, 0x20, 0x01] + "av01".utf8 + [9], at: 40)
        #expect(
            Quirks.media(encoder).last
                == .sample(
                    Sample(track: TrackID(.video), dtsMilliseconds: 40, nanoseconds: 500_000, isKey: true, bytes: [9])))
    }

    @Test func modExOfMoreThan256Bytes() {
        var encoder = Quirks.opened()
        encoder.configuration(.av1, [1, 2])
        encoder.video([0x97, 255, 1, 0] + [UInt8](repeating: 0, count: 257) + [0x11] + "av01".utf8 + [9], at: 40)
        #expect(
            Quirks.media(encoder).last
                == .sample(Sample(track: TrackID(.video), dtsMilliseconds: 40, isKey: true, bytes: [9])))
    }

    @Test func multitrackOfAllThreeKinds() {
        var encoder = Quirks.opened()
        let avc = Array("avc1".utf8)
        let hevc = Array("hvc1".utf8)
        // Many tracks of many codecs: SequenceStart.
        encoder.video([0x96, 0x20] + avc + [0, 0, 0, 2, 1, 2] + hevc + [1, 0, 0, 1, 3], at: 0)
        // Many tracks of one codec: CodedFramesX.
        encoder.video([0x96, 0x13] + avc + [0, 0, 0, 1, 7, 4, 0, 0, 1, 8], at: 10)
        // One track: CodedFrames with a composition time.
        encoder.video([0xA6, 0x01] + hevc + [1, 0, 0, 40, 9], at: 20)
        // Sound, many tracks of one codec.
        encoder.audio([0x95, 0x10] + Array("Opus".utf8) + [0, 0, 0, 1, 5, 1, 0, 0, 1, 6], at: 20)
        func sample(_ number: UInt8, _ dts: Int64, _ composition: Int32, _ key: Bool, _ byte: UInt8)
            -> PublisherMachine.News
        {
            .sample(
                Sample(
                    track: TrackID(.video, number), dtsMilliseconds: dts, compositionMilliseconds: composition,
                    isKey: key, bytes: [byte]))
        }
        #expect(
            Quirks.media(encoder) == [
                .configuration(TrackID(.video, 0), .avc, [1, 2]), .configuration(TrackID(.video, 1), .hevc, [3]),
                sample(0, 10, 0, true, 7), sample(1, 20, 40, false, 9),
                .configuration(TrackID(.audio, 0), .opus, [5]), .configuration(TrackID(.audio, 1), .opus, [6]),
            ])
    }

    @Test func metadataAndCommandFrames() {
        var encoder = Quirks.opened()
        let colour: [AMF] = [.string("colorInfo"), .object([.init("maxFall", .number(400))])]
        encoder.video([0xD4] + "hvc1".utf8 + AMF.bytes(of: colour), at: 0)
        encoder.video([0xD1] + "hvc1".utf8 + [0], at: 0)
        encoder.video([0x57, 0], at: 0)
        #expect(Quirks.media(encoder) == [.metadata(.list(colour))])
    }

    @Test func whatIsNotTakenIsToldOnce() {
        var encoder = Quirks.opened()
        encoder.video([0x90] + "vvc1".utf8 + [1], at: 0)
        encoder.video([0x91] + "vvc1".utf8 + [1], at: 40)
        encoder.audio([0x2F, 1], at: 40)
        #expect(
            Quirks.media(encoder) == [
                .unknown(TrackID(.video), name: "vvc1"), .unknown(TrackID(.audio), name: "audio format 2"),
            ])
    }

    @Test func bothEndings() {
        for (name, end) in [("FCUnpublish", true), ("deleteStream", true), ("getStreamLength", false)] {
            var encoder = Quirks.opened()
            encoder.command([.string(name), .number(7), .null, .number(1)])
            #expect((Quirks.media(encoder).last == .ended(.unpublished)) == end)
        }
    }
}
