// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import RTMP
import Testing

/// The recorded publishes, cut in every way.
@Suite struct EveryCut {
    /// A file that comes in one piece is all there before the owner can accept it.
    static var patient: Limits {
        var limits = Limits()
        limits.bytesBeforePublish = 1 << 20
        return limits
    }

    static func news(_ pieces: [ArraySlice<UInt8>]) -> [PublisherMachine.News] {
        var reception = Reception(limits: patient)
        for piece in pieces { reception.take(piece) }
        return reception.news
    }

    /// A recorded publish: all that is told of it, and apart who connects, the samples and the configurations.
    private func understood(_ name: String) throws -> (
        news: [PublisherMachine.News], caller: Caller, video: [Sample], audio: [Sample],
        configurations: [(TrackID, Codec)]
    ) {
        let news = EveryCut.news([try footage(name)[...]])
        let callers = news.prefix(1).compactMap { if case .connect(let caller) = $0 { caller } else { nil } }
        let samples = news.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
        let configurations = news.compactMap {
            if case .configuration(let track, let codec, _) = $0 { (track, codec) } else { nil }
        }
        return (
            news, try #require(callers.first), samples.filter { $0.track == TrackID(.video) },
            samples.filter { $0.track == TrackID(.audio) }, configurations
        )
    }

    @Test func aPublishOfFfmpegIsUnderstood() throws {
        let (news, caller, video, audio, configurations) = try understood("ffmpeg-avc-aac.rtmp")
        #expect(caller.app == "live")
        #expect(caller.program == "FMLE/3.0 (compatible; Lavf59.27.100)")
        #expect(news[1] == .publish(key: "a-key", name: "a-key?x=1"))
        #expect(video.count == 100)
        #expect(video.filter(\.isKey).count == 4)
        #expect(Set(video.map(\.compositionMilliseconds)) == [40, 80, 120, 160])
        #expect(zip(video, video.dropFirst()).allSatisfy { $1.dtsMilliseconds - $0.dtsMilliseconds == 40 })
        #expect(audio.count == 174)
        #expect(configurations.map(\.0) == [TrackID(.video), TrackID(.audio)])
        #expect(configurations.map(\.1) == [.avc, .aac])
        #expect(news.last == .ended(.unpublished))
    }

    @Test func aPublishOfObsIsUnderstood() throws {
        let (news, caller, video, audio, configurations) = try understood("obs-avc-aac.rtmp")
        #expect(caller.app == "live")
        #expect(caller.program == "FMLE/3.0 (compatible; FMSc/1.0)")
        #expect(news[1] == .publish(key: "a-key", name: "a-key"))
        #expect(video.count == 72)
        #expect(video.indices.filter { video[$0].isKey } == [0, 20, 40, 60])
        #expect(Set(video.map(\.compositionMilliseconds)) == [0, 100, 200, 300, 400, 500])
        #expect(video.map(\.dtsMilliseconds) == (0..<72).map { $0 * 100 })
        // Its sound begins later than its picture, and in steps that a millisecond does not divide.
        #expect(audio.first?.dtsMilliseconds == 200)
        #expect(Set(zip(audio, audio.dropFirst()).map { $1.dtsMilliseconds - $0.dtsMilliseconds }) == [21, 22])
        let metadata = news.compactMap { if case .metadata(let values) = $0 { values } else { nil } }
        #expect(metadata.map { $0["encoder"] } == [.string("obs-output module (libobs version 29.0.2.1-1+b1)")])
        #expect(configurations.map(\.0) == [TrackID(.audio), TrackID(.video)])
        #expect(configurations.map(\.1) == [.aac, .avc])
    }

    @Test(arguments: ["ffmpeg-avc-aac.rtmp", "ffmpeg-audio.rtmp", "obs-avc-aac.rtmp"]) func byteByByte(_ name: String)
        throws
    {
        let bytes = try footage(name)
        let pieces = bytes.indices.map { bytes[$0...$0] }
        let isSame = EveryCut.news(pieces) == EveryCut.news([bytes[...]])
        #expect(isSame)
    }

    @Test func atEveryIndex() throws {
        // Handshake, every command, the configuration and the first frames.
        let bytes = Array(try footage("ffmpeg-audio.rtmp").prefix(6000))
        let whole = EveryCut.news([bytes[...]])
        var prefix = Reception(limits: EveryCut.patient)
        for cut in bytes.indices {
            var rest = prefix
            rest.take(bytes[cut...])
            if rest.news != whole { Issue.record("cut at \(cut) differs") }
            prefix.take(bytes[cut...cut])
        }
    }

    @Test func withOddPieces() throws {
        let bytes = try footage("ffmpeg-avc-aac.rtmp")
        let whole = EveryCut.news([bytes[...]])
        for size in [2, 3, 7, 61, 127, 128, 129, 1000, 4097] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
            let isSame = EveryCut.news(pieces) == whole
            #expect(isSame, "pieces of \(size)")
        }
    }

    @Test(arguments: ["hevc-aac.samples", "av1-opus.samples"]) func aComposedPublishComesBackAsItWas(_ name: String)
        throws
    {
        let shot = try Shot(name)
        var encoder = PretendEncoder()
        encoder.open(key: "k")
        encoder.play(shot)
        var reception = Reception(limits: EveryCut.patient)
        reception.take(encoder.bytes[...])
        let expected =
            shot.configurations.map { PublisherMachine.News.configuration($0.track, $0.codec, $0.bytes[...]) }
            + shot.frames.map { .sample($0) }
        let isSame = reception.media == expected
        #expect(isSame)
    }
}

/// Bytes that mean harm: a reason, no trap, and no memory by announcement.
@Suite struct Hostile {
    static func end(of bytes: [UInt8], limits: Limits = Limits()) -> PublisherMachine.News? {
        var reception = Reception(limits: limits)
        reception.take(bytes[...])
        return reception.news.last
    }

    static func opened(_ more: [UInt8]) -> [UInt8] {
        var encoder = PretendEncoder()
        encoder.handshake()
        return encoder.bytes + more
    }

    @Test func aWebBrowserIsToldApart() {
        #expect(Hostile.end(of: Array("GET / HTTP/1.1\r\n\r\n".utf8)) == .ended(.violation(.notRTMP(firstByte: 71))))
    }

    @Test func aHalfHandshakeIsNotAwaitedForever() {
        var reception = Reception()
        reception.take([3, 0, 0][...])
        #expect(reception.wake == Instant(milliseconds: 5_000))
        reception.now = Instant(milliseconds: 5_000)
        reception.take(.time)
        #expect(reception.news == [.ended(.violation(.handshakeTooSlow))])
        #expect(reception.wake == nil)
    }

    @Test func silenceEnds() {
        var reception = Reception()
        reception.take(Hostile.opened([])[...])
        #expect(reception.wake == Instant(milliseconds: 10_000))
        reception.now = Instant(milliseconds: 10_000)
        reception.take(.time)
        #expect(reception.news == [.ended(.violation(.silent))])
    }

    @Test func sixteenMegabytesAreNotAwaited() {
        let header: [UInt8] = [3, 0, 0, 0, 0xFF, 0xFF, 0xFF, 20, 0, 0, 0, 0]
        #expect(Hostile.end(of: Hostile.opened(header)) == .ended(.violation(.messageTooLong(bytes: 0xFF_FFFF))))
    }

    @Test(arguments: [[0, 0, 0, 0], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func absurdChunkSizes(_ size: [UInt8]) {
        let bytes = Hostile.opened([2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0] + size)
        let number = size.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(Hostile.end(of: bytes) == .ended(.violation(.chunkSizeOutOfRange(bytes: number))))
    }

    @Test func tooManyChunkStreams() {
        let chunks = (3..<36).flatMap { [UInt8($0), 0, 0, 0, 0, 0, 1, 99, 0, 0, 0, 0, 0] as [UInt8] }
        #expect(Hostile.end(of: Hostile.opened(chunks)) == .ended(.violation(.tooManyChunkStreams)))
    }

    @Test func aStreamThatBeginsWithoutAHeader() {
        #expect(Hostile.end(of: Hostile.opened([0xC5])) == .ended(.violation(.chunkWithoutHeader(chunkStream: 5))))
    }

    @Test func aHeaderInsideAMessage() {
        let header: [UInt8] = [3, 0, 0, 0, 0, 1, 0, 20, 0, 0, 0, 0]
        let bytes = Hostile.opened(header + [UInt8](repeating: 0, count: 128) + header)
        #expect(Hostile.end(of: bytes) == .ended(.violation(.headerInsideMessage(chunkStream: 3))))
    }

    @Test func tooMuchBeforePublish() {
        var encoder = PretendEncoder()
        encoder.handshake()
        for _ in 0..<20 { encoder.send(Message(chunkStream: 3, type: 99, body: [UInt8](repeating: 0, count: 4000))) }
        #expect(Hostile.end(of: encoder.bytes) == .ended(.violation(.tooMuchBeforePublish)))
    }

    @Test func commandsBeforeConnect() {
        var encoder = PretendEncoder()
        encoder.handshake()
        encoder.command([.string("publish"), .number(1)])
        #expect(Hostile.end(of: encoder.bytes) == .ended(.violation(.commandBeforeConnect(name: "publish"))))
    }

    @Test func nestedAMF() throws {
        let deep = [UInt8](repeating: 3, count: 1).flatMap { _ in
            (0..<40).flatMap { _ in [3, 0, 1, 97] as [UInt8] }
        }
        #expect(throws: Violation.amfTooDeep) { try AMF.values(in: deep[...]) }
        let wide: [UInt8] = [10, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 5, count: 300)
        #expect(throws: Violation.amfTooManyKeys) { try AMF.values(in: wide[...]) }
        #expect(throws: Violation.amfTruncated) { try AMF.values(in: [2, 0xFF, 0xFF, 1]) }
        #expect(throws: Violation.amfUnknownMarker(0x11)) { try AMF.values(in: [0x11]) }
    }

    /// Every byte of a publish replaced, many times: it may end, it may not trap.
    @Test func brokenBytes() throws {
        let bytes = Array(try footage("ffmpeg-audio.rtmp").prefix(4600))
        var dice: UInt64 = 0x5A4E_5941_4E00
        for round in 0..<1500 {
            var broken = bytes
            for _ in 0...(round % 4) {
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let place = 3073 + Int(dice >> 33) % (broken.count - 3073)
                broken[place] = UInt8(truncatingIfNeeded: dice >> 24)
            }
            var reception = Reception()
            reception.take(broken[...])
            reception.take(.closed)
            guard case .ended = reception.news.last else {
                Issue.record("round \(round) did not end")
                return
            }
        }
    }

    /// A clock that jumps with every frame: time stays small enough to be counted with.
    @Test func endlessJumps() {
        var encoder = PretendEncoder()
        encoder.open(key: "k")
        encoder.configuration(.av1, [1])
        for index in 0..<500 {
            encoder.video([0x91] + "av01".utf8 + [9], at: UInt32(truncatingIfNeeded: index &* 0x7FFF_FFFF))
        }
        var reception = Reception()
        reception.take(encoder.bytes[...])
        let times = reception.media.compactMap {
            if case .sample(let sample) = $0 { sample.dtsMilliseconds } else { nil }
        }
        #expect(times.count > 100)
        #expect(times.allSatisfy { (-1_000_000...0x1_0000_0000).contains($0) })
    }

    @Test func everyViolationHasASentence() {
        let all: [Violation] = [
            .notRTMP(firstByte: 1), .handshakeTooSlow, .messageTooLong(bytes: 1), .tooManyChunkStreams, .silent,
            .chunkWithoutHeader(chunkStream: 3), .aggregateTruncated, .tooManyTracks, .wantsToPlay, .publishTwice,
        ]
        #expect(Set(all.map(\.reason)).count == all.count)
    }
}
