// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Media
import RTMP
import Studio
import Testing

@Suite("PublisherReturns") struct PublisherReturns {
    @Test("within the grace time: the playlist goes on, with a discontinuity and a new init segment")
    func returns() throws {
        var evening = Evening()
        evening.knock(1)
        try evening.publish(1)
        evening.leave(1)
        #expect(evening.faults() == ["publisher-away"])
        evening.pass(10_000)
        #expect(evening.state().endedAt == nil)
        evening.knock(2)
        try evening.publish(2)
        let opening = WallTime(milliseconds: evening.state().openedAt ?? 0)
        #expect(
            evening.words.filter { if case .fault = $0 { false } else { true } } == [
                .accept(PublisherNumber(1)), .receiving(.program, true), .shows(publisher: true), .opened(opening),
                .phase(.onAir), .receiving(.preview, false), .receiving(.program, false), .phase(.slated),
                .accept(PublisherNumber(2)), .receiving(.program, true), .shows(publisher: true), .phase(.onAir),
            ])
        let states = evening.playlists.map { text($0.text) }
        for state in states { #expect(PlaylistRules.breaches(in: state) == []) }
        for (earlier, later) in zip(states, states.dropFirst()) {
            #expect(PlaylistRules.breaches(in: later, after: earlier) == [])
        }
        let last = states.last ?? ""
        #expect(last.split(separator: "\n").filter { $0 == "#EXT-X-DISCONTINUITY" }.count == 1)
        #expect(last.split(separator: "\n").filter { $0.hasPrefix("#EXT-X-MAP") }.count == 2)
        #expect(Set(evening.maps).count == 2)
        let state = evening.state()
        #expect(state.interruptions == 1)
        #expect(state.endedAt == nil)
        #expect(state.complaints.isEmpty)
        #expect(state.isReceiving)
    }

    @Test("not within it: the broadcast has ended when the publisher left")
    func staysAway() throws {
        var evening = Evening()
        evening.knock(1)
        try evening.publish(1)
        let left = evening.milliseconds
        evening.leave(1)
        evening.pass(Broadcast.graceMilliseconds - 1_001)
        #expect(evening.state().endedAt == nil)
        evening.pass(2_001)
        #expect(evening.state().endedAt == 1_795_000_000_000 + left)
        #expect(evening.state().isReceiving == false)
        #expect(evening.state().phase == .ended)
    }

    @Test("what comes late from the one who left changes nothing")
    func ghost() throws {
        var evening = Evening()
        evening.knock(1)
        evening.leave(1)
        evening.knock(2)
        let before = evening.told
        try evening.publish(1)
        evening.leave(1)
        #expect(evening.told == before)
        #expect(evening.state().isReceiving)
    }
}

@Suite("WrongKey") struct WrongKey {
    @Test("is refused with a reason, before and while somebody publishes") func refused() throws {
        var evening = Evening()
        evening.knock(1, isKeyGood: false)
        #expect(evening.words == [.refuse(PublisherNumber(1), .wrongKey), .fault(.wrongKey)])
        #expect(evening.state().openedAt == nil)
        evening.knock(2)
        evening.knock(3, isKeyGood: false)
        #expect(evening.words.last == .refuse(PublisherNumber(3), .wrongKey))
        try evening.publish(2)
        #expect(evening.playlists.isEmpty == false)
        #expect(evening.broadcast.tallies.refused == 2)
    }
}

@Suite("SecondPublisher") struct SecondPublisher {
    @Test("is refused, and the first goes on") func refused() throws {
        var evening = Evening()
        evening.knock(1)
        evening.knock(2)
        #expect(
            evening.words == [
                .accept(PublisherNumber(1)), .receiving(.program, true),
                .refuse(PublisherNumber(2), .taken), .fault(.secondPublisher),
            ])
        try evening.publish(2)
        #expect(evening.playlists.isEmpty)
        try evening.publish(1)
        #expect(evening.playlists.isEmpty == false)
        #expect(evening.state().interruptions == 0)
    }
}

@Suite("ViewerCount") struct ViewerCount {
    @Test("a token counts once, and for three target durations after its last fetch") func counts() throws {
        var evening = Evening()
        evening.knock(1)
        try evening.publish(1)
        let now = Instant(milliseconds: evening.milliseconds)
        evening.take(.seen([1: now, 2: now, 3: now]))
        evening.take(.seen([2: now]))
        #expect(evening.state().viewers == 3)
        let target = evening.playlists.last?.edge.targetSeconds ?? 0
        #expect(target == 2)
        evening.pass(target * 3_000 - 1)
        #expect(evening.state().viewers == 3)
        evening.take(.seen([2: Instant(milliseconds: evening.milliseconds)]))
        evening.pass(1)
        #expect(evening.state().viewers == 1)
        evening.pass(target * 3_000)
        #expect(evening.state().viewers == 0)
        #expect(evening.state().peak == 3)
    }

    @Test("thirty viewers for two minutes are sixty viewer-minutes") func minutes() {
        var audience = Audience()
        for second in Int64(0)...120 {
            let now = Instant(milliseconds: second * 1_000)
            for token in UInt64(1)...30 { audience.note(token, at: now) }
            audience.tally(at: now)
        }
        #expect(audience.viewerMinutes == 60)
        #expect(audience.peak == 30)
    }

    @Test("inventing tokens costs a bounded memory") func bounded() {
        var audience = Audience()
        let now = Instant(milliseconds: 1)
        for token in 0..<UInt64(Audience.mostTokens + 1_000) { audience.note(token, at: now) }
        audience.tally(at: now)
        #expect(audience.count == Audience.mostTokens)
    }
}

@Suite("KeyFramesTooFar") struct KeyFramesTooFar {
    @Test("what comes in is measured") func measured() throws {
        var evening = Evening()
        evening.knock(1)
        try evening.publish(1)
        let figures = evening.state()
        #expect((figures.keyFrameMilliseconds ?? 0) > 0)
        #expect(figures.bitsPerSecond > 0)
        #expect((20_000...61_000).contains(figures.milliPictures))
        #expect(evening.broadcast.tallies.bytes > 0)
    }
}
