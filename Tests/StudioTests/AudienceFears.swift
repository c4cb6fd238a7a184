// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Media
import Studio
import Testing

// What the audience must never notice, one fear a suite.

@Suite("PublisherReturnsTwentyTimes") struct PublisherReturnsTwentyTimes {
    @Test("the slate comes and goes in every rendition, and nobody's clock loses or wins") func twenty() throws {
        var evening = Evening { ($0.rungs, $0.profile) = ([.p240, .sound], .everywhere) }
        evening.take(.clip(.backSoon, try Evening.slate()))
        var camera = Camera()
        camera.rungs = [104: 800]
        evening.open(&camera, 1)
        evening.say(1, [try Camera.rung(104)])
        evening.run(&camera, 1, seconds: 7)
        let begun = evening.milliseconds
        let shown = evening.program.segments["v0"]?.last?.startMicroseconds ?? 0
        for number in 2...21 {
            evening.leave(number - 1)
            evening.pass(Int64(number) * 300 + 500)
            camera.clock = Int64(number) * 77_777
            evening.open(&camera, number)
            evening.say(number, [try Camera.rung(104)])
            evening.run(&camera, number, seconds: 3.5)
        }
        evening.expectRules()
        let state = evening.state()
        #expect(state.interruptions == 20)
        #expect(state.phase == .onAir)
        let segments = evening.program.segments["v0"] ?? []
        #expect(segments.map(\.msn) == Array(segments.indices))
        // The stream is as long as the evening was: what was missed while nobody sent was filled.
        let passed = (evening.milliseconds - begun) * 1_000
        let streamed = (segments.last?.startMicroseconds ?? 0) - shown
        #expect(abs(passed - streamed) < 5_000_000, "\(passed - streamed)")
        // Nothing stands still longer than the second before the slate and a part.
        for id in ["v104", "a0"] {
            let last = evening.program.segments[id]?.last?.msn ?? 0
            #expect(last >= (segments.last?.msn ?? 0) - 1, "\(id)")
        }
    }

    @Test("without a slate: the playlist waits, and goes on with a discontinuity each time") func noSlate() {
        var evening = Evening()
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        for number in 2...6 {
            evening.leave(number - 1)
            evening.pass(Int64(number) * 2_000)
            evening.open(&camera, number)
            evening.run(&camera, number, seconds: 5)
        }
        evening.expectRules()
        #expect(evening.program.segments["v0"]?.filter(\.isDiscontinuous).count == 5)
        #expect(Set(evening.maps).count == 6)
    }
}

@Suite("Slates") struct Slates {
    @Test("a slate that the officer forces hides the publisher at once, and its key frame brings it back") func forced()
        throws
    {
        var evening = Evening.withOfficer()
        evening.take(.clip(.testCard, try Evening.slate()))
        evening.take(.clip(.backSoon, try Evening.slate()))
        evening.take(.order(.air(name: "hall", isOn: true)))
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        evening.take(.order(.slate(name: "hall", .testCard)))
        #expect(evening.state().slate == .testCard)
        evening.run(&camera, 1, seconds: 5)
        #expect(evening.state().phase == .slated)
        evening.take(.order(.slate(name: "hall", nil)))
        // The same slate stays until the key frame: one change, not two.
        evening.run(&camera, 1, seconds: 5)
        #expect(evening.state().phase == .onAir)
        evening.expectRules()
        #expect(evening.program.segments["v0"]?.filter(\.isDiscontinuous).count == 2)
        // The console saw the publisher all the time.
        #expect(evening.rehearsal.segments["v0"]?.filter(\.isDiscontinuous).count == 0)
        #expect((evening.rehearsal.segments["v0"]?.count ?? 0) >= 6)
    }

    @Test("before the first picture a test card is shown when the officer says so; it opens nothing") func before()
        throws
    {
        var evening = Evening.withOfficer()
        evening.take(.clip(.testCard, try Evening.slate()))
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.take(.order(.slate(name: "hall", .testCard)))
        evening.pass(5_000)
        #expect(evening.playlists.isEmpty == false)
        #expect(evening.state().openedAt == nil)
        var camera = Camera()
        evening.open(&camera, 1)
        evening.take(.order(.slate(name: "hall", nil)))
        evening.run(&camera, 1, seconds: 5)
        evening.expectRules()
        #expect(evening.state().openedAt != nil)
        #expect(evening.program.multivariants.last?.contains("1920x1080") == true)
    }

    @Test("a publisher that stalls without a slate to show is waited for, key frame or not") func stalls() {
        var evening = Evening()
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        evening.pass(4_000)
        camera.clock = -4_000
        evening.run(&camera, 1, seconds: 5)
        evening.expectRules()
        #expect(evening.program.segments["v0"]?.contains(where: \.isDiscontinuous) == false)
    }

    @Test("sound that goes on without its picture is not enough for long") func pictureStops() throws {
        var evening = Evening()
        evening.take(.clip(.backSoon, try Evening.slate()))
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        camera.hasPicture = false
        evening.run(&camera, 1, seconds: 4)
        #expect(evening.state().phase == .onAir)
        evening.run(&camera, 1, seconds: 4)
        #expect(evening.state().slate == .backSoon)
        camera.hasPicture = true
        evening.run(&camera, 1, seconds: 5)
        #expect(evening.state().phase == .onAir)
        #expect(evening.program.breaches.prefix(5) == [])
    }
}

@Suite("TakenOver") struct TakenOver {
    @Test("the audience goes on with the new publisher, without a slate between when it is quick") func quick() throws {
        var evening = Evening { $0.second = .takeOver }
        evening.take(.clip(.backSoon, try Evening.slate()))
        var first = Camera()
        var second = Camera()
        second.clock = 9_000_000
        evening.open(&first, 1)
        evening.run(&first, 1, seconds: 5)
        evening.open(&second, 2)
        evening.run(&second, 2, seconds: 5)
        evening.say(1, first.next(at: evening.milliseconds).signals)
        evening.run(&second, 2, seconds: 2)
        evening.expectRules()
        #expect(evening.program.segments["v0"]?.filter(\.isDiscontinuous).count == 1)
        #expect(evening.phases == [.onAir])
        #expect(
            evening.words.filter { if case .dismiss = $0 { true } else { false } } == [
                .dismiss(PublisherNumber(1), .replaced)
            ])
        #expect(evening.state().interruptions == 0)
    }

    @Test("with another picture, sound alone, or two pictures: the numbers go on") func others() throws {
        var evening = Evening { $0.second = .takeOver }
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        var small = Camera()
        evening.open(&small, 2, try Camera.small())
        evening.run(&small, 2, seconds: 5)
        var two = Camera()
        two.pictures = [0, 1]
        evening.open(&two, 3)
        evening.run(&two, 3, seconds: 5)
        var sound = Camera(hasPicture: false)
        evening.open(&sound, 4)
        evening.run(&sound, 4, seconds: 5)
        evening.expectRules()
        let segments = evening.program.segments["v0"] ?? []
        #expect(segments.map(\.msn) == Array(segments.indices))
        #expect(segments.filter(\.isDiscontinuous).count == 3)
    }
}

@Suite("Reopened") struct Reopened {
    @Test("alone, what seemed over is counted on when its publisher comes back") func counts() {
        var evening = Evening()
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        evening.leave(1)
        evening.pass(40_000)
        #expect(evening.state().phase == .ended)
        #expect(evening.words.filter { if case .ended = $0 { true } else { false } }.count == 1)
        evening.open(&camera, 2)
        for _ in 0..<30 {
            evening.take(.seen([9: Instant(milliseconds: evening.milliseconds)]))
            evening.run(&camera, 2, seconds: 1)
        }
        #expect(evening.state().phase == .onAir)
        #expect(evening.state().endedAt == nil)
        #expect(evening.state().curve.max() == 1)
        #expect(evening.words.filter { if case .opened = $0 { true } else { false } }.count == 1)
        evening.expectRules()
    }
}

@Suite("Markers") struct Markers {
    @Test("are date ranges of their own in every playlist, delta or not, while their time is listed") func listed()
        throws
    {
        var evening = Evening { $0.rungs = [.p240] }
        var camera = Camera()
        camera.rungs = [104: 800]
        evening.open(&camera, 1)
        evening.say(1, [try Camera.rung(104)])
        evening.run(&camera, 1, seconds: 20)
        evening.take(.order(.mark(name: "hall", text: "ประธานกล่าวเปิด")))
        evening.run(&camera, 1, seconds: 3)
        evening.take(.order(.mark(name: "hall", text: "พัก \"15 นาที\"")))
        evening.run(&camera, 1, seconds: 20)
        evening.expectRules()
        for name in ["v0.m3u8", "v104.m3u8"] {
            let last = evening.program.playlists[name]?.last
            for text in [last?.text, last?.delta, last?.plain] {
                let ranges = StudioTests.text(text).split(separator: "\n").filter { $0.hasPrefix("#EXT-X-DATERANGE") }
                #expect(
                    ranges == [
                        "#EXT-X-DATERANGE:ID=\"m1\",CLASS=\"th.sanyan.marker\",START-DATE=\"2026-11-18T11:07:01.000Z\","
                            + "X-TITLE=\"ประธานกล่าวเปิด\"",
                        "#EXT-X-DATERANGE:ID=\"m2\",CLASS=\"th.sanyan.marker\",START-DATE=\"2026-11-18T11:07:04.000Z\","
                            + "X-TITLE=\"พัก  15 นาที \"",
                    ])
            }
        }
        evening.run(&camera, 1, seconds: 60)
        #expect(StudioTests.text(evening.playlists.last?.text).contains("DATERANGE") == false)
        #expect(evening.state().markers == ["ประธานกล่าวเปิด", "พัก \"15 นาที\""])
    }
}
