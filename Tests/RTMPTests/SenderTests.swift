// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import RTMP
import Testing

/// What we publish to another server, heard by our own.
@Suite struct Sending {
    static let avcC = Quirks.avcC[...]

    /// A recorded publish of ffmpeg, as the studio has it.
    static func recorded() throws -> [Signal] {
        var reception = Reception(limits: EveryCut.patient)
        reception.take(try footage("ffmpeg-avc-aac.rtmp")[...])
        return reception.news.compactMap(\.signal)
    }

    static func picture(_ milliseconds: Int64, key: Bool = false, _ bytes: [UInt8] = [0xAA]) -> Signal {
        .sample(Sample(track: TrackID(.video), dtsMilliseconds: milliseconds, isKey: key, bytes: bytes[...]))
    }

    static func sound(_ milliseconds: Int64, _ byte: UInt8 = 0xBB) -> Signal {
        .sample(Sample(track: TrackID(.audio), dtsMilliseconds: milliseconds, isKey: true, bytes: [byte]))
    }

    static let configurations: [Signal] = [
        .configuration(TrackID(.video), .avc, avcC), .configuration(TrackID(.audio), .aac, Quirks.asc[...]),
    ]

    @Test(arguments: [nil, 1, 7, 1461]) func aClassicStreamComesOutAsItWentIn(_ piece: Int?) throws {
        let signals = try Sending.recorded()
        var duet = try Duet(codecs: [.avc, .aac], piece: piece)
        duet.play(signals)
        #expect(duet.news == [.publishing])
        #expect(duet.received == onItsWay(signals))
        #expect(duet.received.count > 270)
    }

    @Test(arguments: [("hevc-aac.samples", [Codec.hevc, .aac]), ("av1-opus.samples", [.av1, .opus])])
    func anEnhancedStreamComesOutAsItWentIn(_ name: String, _ codecs: [Codec]) throws {
        let signals = try Shot(name).signals
        var duet = try Duet(codecs: codecs)
        duet.play(signals)
        #expect(duet.received == onItsWay(signals))
        #expect(duet.received.count > 200)
        guard case .connect(let caller) = duet.reception.news.first else {
            Issue.record("no connect")
            return
        }
        #expect(caller.fourCCs == codecs.filter { $0 != .aac }.map(\.rawValue))
    }

    @Test func theAnswersOfAServerMayBeCutAnywhere() throws {
        let signals = Array(try Sending.recorded().prefix(12))
        var whole = try Duet(codecs: [.avc, .aac])
        whole.play(signals)
        let answers = whole.reception.sent
        var prefix = SenderMachine(
            to: try RTMPAddress("rtmp://studio.example/live/a-key"), carrying: [.avc, .aac],
            at: Instant(milliseconds: 0))
        var sent: [UInt8] = []
        // The handshake's three parts are cut around their edges, the rest at every index.
        for cut in answers.indices {
            defer { sent += Sending.bytes(of: &prefix, [.bytes(answers[cut...cut])]) }
            guard cut > 3070 || cut < 3 || (1535...1539).contains(cut) || cut % 100 == 0 else { continue }
            var rest = prefix
            let behind = Sending.bytes(of: &rest, [.bytes(answers[cut...])] + signals.map { .signal($0) })
            if sent + behind != whole.sent { Issue.record("cut at \(cut) differs") }
        }
    }

    private static func bytes(of machine: inout SenderMachine, _ inputs: [SenderMachine.Input]) -> [UInt8] {
        var sent: [UInt8] = []
        for input in inputs {
            machine.take(input, at: Instant(milliseconds: 0))
            var output = machine.next()
            while !Sending.isWake(output) {
                if case .send(let bytes) = output { sent += bytes }
                output = machine.next()
            }
        }
        return sent
    }

    private static func isWake(_ output: SenderMachine.Output) -> Bool {
        if case .wake = output { true } else { false }
    }

    @Test func theConversationIsWhatServersAwait() throws {
        var duet = try Duet(codecs: [.avc, .aac], to: "rtmps://studio.example/app/one/a-key?x=1/2")
        duet.take(.stop)
        let commands = duet.messages.filter { $0.type == 20 }.compactMap { try? AMF.values(in: $0.body[...]) }
        let key = AMF.string("a-key?x=1/2")
        #expect(
            commands == [
                [
                    .string("connect"), .number(1),
                    .object([
                        .init("app", .string("app/one")), .init("type", .string("nonprivate")),
                        .init("flashVer", .string("FMLE/3.0 (compatible; Sanyan)")),
                        .init("tcUrl", .string("rtmps://studio.example/app/one")), .init("capsEx", .number(1)),
                    ]),
                ],
                [.string("releaseStream"), .number(2), .null, key], [.string("FCPublish"), .number(3), .null, key],
                [.string("createStream"), .number(4), .null],
                [.string("publish"), .number(5), .null, key, .string("live")],
                [.string("FCUnpublish"), .number(6), .null, key],
                [.string("deleteStream"), .number(7), .null, .number(1)],
            ])
        #expect(duet.messages.map(\.type) == [20, 5, 1, 20, 20, 20, 20, 20, 20])
        #expect(duet.news == [.publishing, .ended(.stopped)])
        #expect(duet.reception.news.last == .ended(.unpublished))
    }

    @Test func metadataSaysWhatIsKnown() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.take(.picture(Picture(width: 1920, height: 1080, milliPicturesPerSecond: 29_970)))
        duet.play(Sending.configurations + [Sending.picture(0, key: true)])
        let metadata: AMF = .array([
            .init("width", .number(1920)), .init("height", .number(1080)), .init("framerate", .number(29.97)),
            .init("videocodecid", .number(7)), .init("audiocodecid", .number(10)),
            .init("audiosamplerate", .number(44_100)), .init("audiosamplesize", .number(16)),
            .init("audiochannels", .number(2)), .init("stereo", .boolean(true)), .init("encoder", .string("Sanyan")),
        ])
        #expect(duet.reception.media.first == .metadata(metadata))
        #expect(duet.tags.first?.body.prefix(16) == (AMF.bytes(of: [.string("@setDataFrame")]))[...])
        duet.take(.picture(Picture(width: 1280, height: 720)))
        duet.play([Sending.picture(40)])
        #expect(duet.tags.map(\.type) == [18, 9, 8, 9, 18, 9])
    }

    @Test func nothingGoesOutBeforeAKeyFrame() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(Sending.configurations)
        duet.play([Sending.picture(960), Sending.sound(970), Sending.picture(1000, key: true), Sending.sound(990)])
        duet.play([Sending.sound(1010), Sending.picture(1040)])
        #expect(
            duet.received == Sending.configurations + [
                Sending.picture(0, key: true), Sending.sound(10), Sending.picture(40),
            ])
    }

    @Test func soundAloneNeedsNoKeyFrame() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play([Sending.configurations[1], Sending.sound(500), Sending.sound(521)])
        #expect(duet.received == [Sending.configurations[1], Sending.sound(0), Sending.sound(21)])
        duet.play([
            Sending.configurations[0], Sending.sound(542), Sending.picture(550), Sending.picture(560, key: true),
        ])
        #expect(
            Array(duet.received.dropFirst(3)) == [
                Sending.configurations[0], Sending.sound(42), Sending.picture(60, key: true),
            ])
    }

    @Test func aChangedConfigurationIsSentBeforeItsKeyFrame() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        let other = Signal.configuration(TrackID(.video), .avc, Sending.avcC + [0])
        duet.play(Sending.configurations + [Sending.picture(0, key: true), Sending.configurations[0]])
        duet.play([other, Sending.picture(40), Sending.picture(80, key: true), Sending.picture(120)])
        #expect(
            duet.received == Sending.configurations + [
                Sending.picture(0, key: true), other, Sending.picture(80, key: true), Sending.picture(120),
            ])
    }

    @Test func aTrackThatEndsIsSaidToEnd() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(
            Sending.configurations + [Sending.picture(0, key: true), .trackEnded(TrackID(.video)), Sending.sound(9)])
        #expect(Array(duet.received.dropFirst(3)) == [.trackEnded(TrackID(.video)), Sending.sound(9)])
    }

    @Test func otherTracksStayHere() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(Sending.configurations + [Sending.picture(0, key: true)])
        let rung = TrackID(.video, 101)
        duet.play([
            .configuration(rung, .hevc, [1]), .trackEnded(rung),
            .sample(Sample(track: rung, dtsMilliseconds: 10, isKey: true, bytes: [1])),
        ])
        #expect(duet.received == Sending.configurations + [Sending.picture(0, key: true)])
        #expect(duet.news == [.publishing])
    }
}

/// One clock from 0, whatever the source's does.
@Suite struct SendingClock {
    static func times(_ signals: [Signal]) throws -> [UInt32] {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(Sending.configurations + signals)
        // Metadata and the two sequence headers come first.
        return duet.tags.dropFirst(3).map(\.time)
    }

    @Test func beginsAtZeroAndCrossesBothCliffs() throws {
        let long: [UInt8] = (0..<9000).map { UInt8(truncatingIfNeeded: $0) }
        let times: [Int64] = [0, 0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0xFFFF_FFF0, 0x1_0000_0010]
        let signals = times.map { Sending.picture(77_000 + $0, key: true, long) }
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(Sending.configurations + signals)
        let pictures = duet.tags.filter { $0.type == 9 && $0.body[1] == 1 }
        #expect(pictures.map(\.time) == [0, 0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0xFFFF_FFF0, 0x10])
        #expect(pictures.allSatisfy { $0.body == [0x17, 1, 0, 0, 0] + long })
    }

    @Test func goesOnOverAJump() throws {
        #expect(
            try SendingClock.times([
                Sending.picture(1000, key: true), Sending.sound(1010), .jump(byMilliseconds: 3_600_000),
                Sending.picture(3_601_000), Sending.sound(3_600_990), Sending.sound(3_601_010),
            ]) == [0, 10, 50, 40, 60])
    }

    @Test func aClockThatWasSetBackIsAJumpToo() throws {
        #expect(
            try SendingClock.times([
                Sending.picture(9000, key: true), Sending.picture(9040), Sending.picture(100), Sending.picture(140),
            ]) == [0, 40, 80, 120])
    }

    @Test func neverRunsBackwardsWithinATrack() throws {
        #expect(
            try SendingClock.times([
                Sending.picture(0, key: true), Sending.picture(40), Sending.picture(30), Sending.sound(20),
                Sending.picture(80),
            ]) == [0, 40, 40, 20, 80])
    }

    @Test func microsecondsAreRoundedAndDoNotAddUp() throws {
        let frames = (0..<300).map { index in
            Signal.sample(
                Sample(
                    track: TrackID(.video), microseconds: 1_000_000 + index * 1_001_000 / 30,
                    compositionMicroseconds: 66_733, isKey: index == 0, bytes: [1]))
        }
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(Sending.configurations + frames)
        let samples = duet.received.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
        let exact = (0..<300).map { (index: Int64) in (index * 1_001_000 / 30 + 500) / 1000 }
        #expect(samples.map(\.dtsMilliseconds) == exact)
        #expect(Set(samples.map(\.compositionMilliseconds)) == [66, 67])
    }
}

/// Samples that mean harm, and a server that does.
@Suite struct SendingHarm {
    @Test func absurdTimesAndSizesTrapNobody() throws {
        var duet = try Duet(codecs: [.avc, .aac])
        duet.play(Sending.configurations)
        let times: [Int64] = [0, .max, .min, 1, .max - 1, .min / 2, .max / 2, -1]
        for (index, time) in (times + times.reversed()).enumerated() {
            for track in [TrackID(.video), TrackID(.audio)] {
                let composition = times[index % times.count]
                let sample = Sample(
                    track: track, microseconds: time, compositionMicroseconds: composition, isKey: true, bytes: [1])
                duet.play([.sample(sample)])
            }
        }
        let count = duet.tags.count
        #expect(count > 10)
        let huge = [UInt8](repeating: 0, count: 1 << 24)[...]
        duet.play([.sample(Sample(track: TrackID(.video), microseconds: 0, isKey: true, bytes: huge))])
        #expect(duet.tags.count == count)
    }

    /// Every byte of a server's answers replaced, many times: it may end, it may not trap.
    @Test func brokenAnswers() throws {
        let answers = Array(try Duet(codecs: [.avc]).reception.sent.dropFirst(3073))
        var shaken = SenderMachine(
            to: try RTMPAddress("rtmp://a.example/live/key"), carrying: [.avc], at: Instant(milliseconds: 0))
        shaken.take(.bytes([3] + [UInt8](repeating: 0, count: 3072)[...]), at: Instant(milliseconds: 0))
        var dice: UInt64 = 0x5345_4E44
        for round in 0..<1500 {
            var broken = answers
            for _ in 0...(round % 4) {
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                broken[Int(dice >> 33) % broken.count] = UInt8(truncatingIfNeeded: dice >> 24)
            }
            var machine = shaken
            machine.take(.bytes(broken[...]), at: Instant(milliseconds: 0))
            machine.take(.closed, at: Instant(milliseconds: 0))
            var last = machine.next()
            for output in sequence(state: 0, next: { _ in machine.next() }).prefix(while: { $0 != .wake(at: nil) }) {
                last = output
            }
            guard case .tell(.ended) = last else {
                Issue.record("round \(round) did not end")
                return
            }
        }
    }
}

/// A line that is too thin.
@Suite struct ThinLine {
    static func clogged() throws -> Duet {
        var limits = Limits()
        limits.unsentBytes = 10_000
        var duet = try Duet(codecs: [.avc, .aac], limits: limits)
        duet.play(Sending.configurations + [Sending.picture(0, key: true)])
        duet.isClogged = true
        return duet
    }

    static func big(_ milliseconds: Int64, key: Bool = false) -> Signal {
        Sending.picture(milliseconds, key: key, [UInt8](repeating: 1, count: 4000))
    }

    @Test func framesAreLeftOutUpToAKeyFrameThatFindsRoom() throws {
        var duet = try ThinLine.clogged()
        duet.play([ThinLine.big(40), ThinLine.big(80), ThinLine.big(120)])
        #expect(duet.news == [.publishing])
        duet.play([ThinLine.big(160), Sending.sound(161), ThinLine.big(200, key: true)])
        #expect(duet.news == [.publishing, .fellBehind])
        duet.take(.unsent(9000))
        duet.play([Sending.sound(201), ThinLine.big(240), ThinLine.big(280, key: true)])
        duet.take(.unsent(4000))
        duet.play([ThinLine.big(320), ThinLine.big(360, key: true), ThinLine.big(400)])
        #expect(duet.news == [.publishing, .fellBehind, .caughtUp(leftOut: 6)])
        #expect(duet.sender.leftOutFrames == 6)
        #expect(
            Array(duet.received.dropFirst(3)) == [
                ThinLine.big(40), ThinLine.big(80), ThinLine.big(120), Sending.sound(201), ThinLine.big(360, key: true),
                ThinLine.big(400),
            ])
    }

    @Test func whatWaitsIsBoundedWhateverComes() throws {
        var duet = try ThinLine.clogged()
        for index in 1...1000 { duet.play([ThinLine.big(Int64(index) * 40, key: index % 50 == 0)]) }
        let media = duet.tags.reduce(0) { $0 + $1.body.count }
        #expect(media < 10_000 + 4_100)
    }

    @Test func aLineThatDoesNotMoveIsGivenUp() throws {
        var duet = try ThinLine.clogged()
        duet.now = Instant(milliseconds: 1000)
        duet.play([ThinLine.big(40)])
        #expect(duet.wake == Instant(milliseconds: 11_000))
        duet.now = Instant(milliseconds: 4000)
        duet.take(.unsent(100))
        #expect(duet.wake == Instant(milliseconds: 14_000))
        duet.now = Instant(milliseconds: 8000)
        duet.take(.unsent(100))
        duet.play([ThinLine.big(80)])
        duet.now = Instant(milliseconds: 14_000)
        duet.take(.time)
        #expect(duet.news == [.publishing, .ended(.stalled)])
    }

    @Test func aLineOnWhichNothingWaitsMayRest() throws {
        var duet = try Duet(codecs: [.avc])
        duet.play([Sending.configurations[0], Sending.picture(0, key: true)])
        #expect(duet.wake == nil)
    }
}
