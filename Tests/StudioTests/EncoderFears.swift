// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Media
import RTMP
import Studio
import Testing

// What encoders do, one fear a suite.

@Suite("EncoderWithoutKeyframes") struct EncoderWithoutKeyframes {
    @Test("every ten seconds: the stream goes on, the officer is told to set two") func everyTen() {
        var evening = Evening()
        var camera = Camera(keyMilliseconds: 10_000)
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 41)
        evening.expectRules()
        let segments = evening.program.segments["v0"] ?? []
        #expect(segments.allSatisfy { $0.microseconds <= 6_499_000 })
        #expect(segments.count >= 7)
        let complaint = evening.state().complaints.first { $0.code == "key-frames-too-far" }
        #expect(complaint?.english == "Key frames every 10 s: set 2 s in the encoder.")
    }

    @Test("none at all: nobody can begin, and the officer is told so; the first one mends it") func none() {
        var evening = Evening()
        var camera = Camera(keyMilliseconds: nil)
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 12)
        #expect(evening.playlists.isEmpty)
        #expect(evening.faults() == ["no-key-frames"])
        #expect(evening.state().openedAt == nil)
        camera.keyMilliseconds = 2_000
        evening.run(&camera, 1, seconds: 6)
        #expect(evening.playlists.isEmpty == false)
        evening.expectRules()
    }

    @Test("none any more: segments are cut without one, and the ladder keeps step") func noMore() throws {
        var evening = Evening { $0.rungs = [.p240] }
        var camera = Camera()
        camera.rungs = [104: 700]
        evening.open(&camera, 1)
        evening.say(1, [try Camera.rung(104)])
        evening.run(&camera, 1, seconds: 6)
        camera.keyMilliseconds = nil
        evening.run(&camera, 1, seconds: 20)
        evening.expectRules()
        let numbers = ["v0", "v104"].map { evening.program.segments[$0]?.map(\.msn) ?? [] }
        #expect(numbers[0].count >= 9)
        #expect(numbers[1].count >= numbers[0].count - 1)
        #expect(numbers[0].starts(with: numbers[1]))
    }
}

@Suite("ClockJumpsAnHour") struct ClockJumpsAnHour {
    @Test(
        "told by the protocol or not, forwards or back: nobody notices but the officer",
        arguments: [
            (3_600_000, true), (-3_600_000, true), (3_600_000, false), (-3_600_000, false),
        ] as [(Int64, Bool)]) func jumps(_ jump: Int64, _ isTold: Bool) throws
    {
        var evening = Evening { $0.rungs = [.p240] }
        var camera = Camera()
        camera.clock = 4_000_000
        camera.rungs = [104: 900]
        evening.open(&camera, 1)
        evening.say(1, [try Camera.rung(104)])
        evening.run(&camera, 1, seconds: 7.5)
        if isTold { evening.say(1, [.jump(byMilliseconds: jump)]) }
        camera.clock += jump
        evening.run(&camera, 1, seconds: 8.5)
        evening.expectRules()
        for id in ["v0", "v104"] {
            let segments = evening.program.segments[id] ?? []
            #expect(segments.count >= 7)
            #expect(segments.map(\.msn) == Array(segments.indices))
            #expect(segments.allSatisfy { !$0.isDiscontinuous && abs($0.microseconds - 2_000_000) < 60_000 }, "\(id)")
        }
        #expect(evening.faults() == (isTold ? ["clock-jumped"] : []))
    }
}

@Suite("TimestampCliffs") struct TimestampCliffs {
    @Test(
        "2^24 and 2^32 milliseconds pass without a stall",
        arguments: [
            UInt32(1 << 24) - 2_000, UInt32.max - 1_999,
        ]) func pass(_ shift: UInt32) throws
    {
        var evening = Evening()
        evening.knock(1)
        var last: Int64?
        for news in told(try Shot("hevc-aac.samples"), shift: shift) {
            if case .ended = news { continue }
            if case .sample(let sample) = news {
                evening.milliseconds += max(0, sample.dtsMilliseconds - (last ?? sample.dtsMilliseconds))
                last = max(last ?? sample.dtsMilliseconds, sample.dtsMilliseconds)
            }
            if let signal = news.signal { evening.say(1, [signal]) }
        }
        evening.leave(1)
        evening.expectRules()
        let segments = evening.program.segments["v0"] ?? []
        #expect(segments.map { ($0.microseconds + 5_000) / 10_000 } == [200, 200])
        #expect(segments.contains { $0.isDiscontinuous } == false)
        #expect(evening.faults() == ["publisher-away"])
    }
}

@Suite("ResolutionChanges") struct ResolutionChanges {
    @Test("in mid-stream: a discontinuity with a new map for every rendition, and the list says the new size")
    func changes() throws {
        var evening = Evening { $0.rungs = [.p240] }
        var camera = Camera()
        camera.rungs = [104: 900]
        evening.open(&camera, 1)
        evening.say(1, [try Camera.rung(104)])
        evening.run(&camera, 1, seconds: 7)
        evening.say(1, [.configuration(TrackID(.video), .avc, try Camera.small()[...])])
        camera.restart()
        evening.run(&camera, 1, seconds: 9)
        evening.expectRules()
        for id in ["v0", "v104"] {
            let segments = evening.program.segments[id] ?? []
            #expect(segments.filter(\.isDiscontinuous).map(\.msn) == [4], "\(id)")
            #expect(Set(segments.map(\.map)).count == 2)
            #expect(segments.map(\.msn) == Array(segments.indices))
        }
        #expect(evening.program.multivariants.last?.contains("1920x1080") == false)
        #expect(evening.program.multivariants.first?.contains("1920x1080") == true)
    }
}

@Suite("AudioOnly") struct AudioOnly {
    @Test("is a broadcast, with a slate of sound alone while its publisher is away") func alone() throws {
        var evening = Evening()
        evening.take(.clip(.backSoon, try Evening.slate()))
        var camera = Camera(hasPicture: false)
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 7)
        evening.leave(1)
        evening.pass(6_000)
        #expect(evening.state().phase == .slated)
        evening.open(&camera, 2)
        evening.run(&camera, 2, seconds: 6)
        evening.expectRules()
        #expect(Set(evening.program.segments.keys) == ["a0"])
        let segments = evening.program.segments["a0"] ?? []
        #expect(segments.map(\.msn) == Array(segments.indices))
        #expect(segments.filter(\.isDiscontinuous).count == 2)
        #expect(
            evening.sent.allSatisfy { if case .sample(let sample) = $0 { sample.track.kind == .audio } else { true } })
        #expect(evening.faults() == [])
    }
}

@Suite("VideoOnly") struct VideoOnly {
    @Test("is a broadcast, with a slate without sound while its publisher is away") func alone() throws {
        var evening = Evening()
        evening.take(.clip(.backSoon, try Evening.slate()))
        var camera = Camera(hasSound: false)
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 7)
        evening.leave(1)
        evening.pass(6_000)
        evening.open(&camera, 2)
        evening.run(&camera, 2, seconds: 6)
        evening.expectRules()
        #expect(Set(evening.program.segments.keys) == ["v0"])
        #expect(evening.program.multivariants.last?.contains("mp4a") == false)
        #expect(
            evening.sent.allSatisfy { if case .sample(let sample) = $0 { sample.track.kind == .video } else { true } })
        // No init segment has a sound that no sample would be of.
        #expect(evening.maps.count == 3)
        for map in evening.maps { #expect(evening.program.files[map]?.containsBytes("soun") == false) }
    }
}

@Suite("AudioLate") struct AudioLate {
    @Test("sound that comes after the picture is heard from its next key frame on, and the picture never stops")
    func late() {
        var evening = Evening()
        var camera = Camera(hasSound: false)
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        evening.say(1, [Camera.sound])
        camera.hasSound = true
        evening.run(&camera, 1, seconds: 7)
        evening.expectRules()
        let segments = evening.program.segments["v0"] ?? []
        #expect(segments.map(\.isDiscontinuous) == [false, false, false, true, false])
        #expect(segments.allSatisfy { abs($0.microseconds - 2_000_000) < 5_000 })
        #expect(evening.program.multivariants.last?.contains("avc1.640028,mp4a.40.2") == true)
    }

    @Test("a picture that comes after the sound is added") func pictureLate() {
        var evening = Evening()
        var camera = Camera(hasPicture: false)
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        camera.hasPicture = true
        evening.say(1, camera.configurations())
        camera.restart()
        evening.run(&camera, 1, seconds: 7)
        evening.expectRules()
        #expect(evening.program.multivariants.last?.contains("\nv0.m3u8\n") == true)
        #expect(evening.program.multivariants.last?.contains("\na0.m3u8\n") == true)
    }
}

@Suite("LadderDies") struct LadderDies {
    @Test("its players find gaps with the numbers of all, and the ladder again when it is back") func dies() throws {
        var evening = Evening { $0.rungs = [.p240, .sound] }
        var camera = Camera()
        camera.rungs = [104: 900]
        evening.open(&camera, 1)
        evening.say(1, [try Camera.rung(104)])
        evening.run(&camera, 1, seconds: 8)
        #expect(evening.program.multivariants.last.map(Self.listed) == ["v0.m3u8", "v104.m3u8", "a0.m3u8"])
        camera.loseLadder()
        evening.take(
            .helper(State.Companion(name: State.Companion.ladder, condition: .waiting, reason: "ffmpeg: code 1")))
        #expect(evening.faults() == ["ladder-down"])
        evening.run(&camera, 1, seconds: 12)
        let text = evening.program.playlists["v104.m3u8"]?.last.map { String(decoding: $0.plain, as: UTF8.self) } ?? ""
        #expect(text.contains("#EXT-X-GAP\n"))
        camera.rungs = [104: 900]
        evening.take(.helper(State.Companion(name: State.Companion.ladder, condition: .working)))
        evening.run(&camera, 1, seconds: 8)
        evening.expectRules()
        #expect(evening.faults() == [])
        let last = evening.program.playlists["v104.m3u8"]?.last?.edge.lastSegment ?? 0
        #expect(last >= (evening.playlists.last?.edge.lastSegment ?? 0) - 1)
        // What comes in is what the publisher sends; what is made here is not counted.
        #expect((29_000...31_000).contains(evening.state().milliPictures))
    }

    static func listed(_ multivariant: String) -> [String] {
        multivariant.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("a rung as large as the picture is not waited for") func notAwaited() throws {
        var evening = Evening { $0.rungs = [.p1080, .p720] }
        var camera = Camera()
        evening.open(&camera, 1, try Camera.small())
        evening.run(&camera, 1, seconds: 3)
        #expect(evening.program.multivariants.count == 1)
    }
}

extension [UInt8] {
    func containsBytes(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return indices.dropLast(wanted.count - 1).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
