// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Media
import RTMP
import Studio
import Testing

extension Evening {
    /// What is on the air under the desk: the officer decides.
    static func withOfficer(_ change: (inout Plan) -> Void = { _ in }) -> Evening {
        Evening {
            $0.airsAtOnce = false
            change(&$0)
        }
    }

    var phases: [State.Phase] { words.compactMap { if case .phase(let phase) = $0 { phase } else { nil } } }
}

@Suite("OffAir") struct OffAir {
    @Test("nobody but the console sees a rehearsal; on air the audience begins at a key frame") func rehearses() throws
    {
        var evening = Evening.withOfficer()
        evening.knock(1)
        try evening.publish(1)
        #expect(evening.told.isEmpty)
        #expect(!evening.preview.isEmpty)
        #expect(evening.state().phase == .rehearsing)
        #expect(evening.state().openedAt == nil)
        evening.take(.order(.air(name: "hall", isOn: true)))
        try evening.publish(1)
        #expect(!evening.playlists.isEmpty)
        #expect(evening.state().phase == .onAir)
        #expect(evening.words.contains { if case .opened = $0 { true } else { false } })
        evening.expectRules()
    }

    @Test("going off air leaves the audience the slate, and back on the picture returns without a reload")
    func offAndOn() throws {
        var evening = Evening.withOfficer()
        evening.take(.clip(.backSoon, try Evening.slate()))
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.knock(1)
        try evening.publish(1)
        evening.take(.order(.air(name: "hall", isOn: false)))
        evening.pass(6_000)
        #expect(evening.state().phase == .slated)
        #expect(evening.state().slate == .backSoon)
        evening.take(.order(.air(name: "hall", isOn: true)))
        try evening.publish(1)
        #expect(evening.state().phase == .onAir)
        #expect(Set(evening.maps).count == 3)
        evening.expectRules()
    }

    @Test("a trial is told to nobody and counts nobody") func trial() throws {
        var evening = Evening.withOfficer { $0.isTest = true }
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.knock(1)
        try evening.publish(1)
        evening.take(.seen([1: Instant(milliseconds: evening.milliseconds)]))
        evening.take(.order(.close(name: "hall")))
        #expect(evening.state().viewers == 0)
        #expect(evening.state().bitsPerSecond >= 0)
        #expect(
            !evening.words.contains { if case .opened = $0 { true } else if case .ended = $0 { true } else { false } })
    }

    @Test("the occasion begins as if there had been no trial, whoever still publishes") func trialEnds() throws {
        var evening = Evening.withOfficer { $0.isTest = true }
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.knock(1)
        let since = evening.state().receivingSince
        try evening.publish(1)
        evening.take(.order(.mark(name: "hall", text: "ลอง")))
        #expect(evening.state().phase == .onAir)
        #expect(evening.state().openedAt != nil)
        #expect(evening.state().markers == ["ลอง"])
        var plan = Plan(name: "hall", title: "พิธีเปิด", keyHashes: ["aa"])
        plan.airsAtOnce = false
        evening.take(.plan(plan))
        let fresh = evening.state()
        #expect(fresh.phase == .rehearsing)
        #expect(!fresh.isOnAir)
        #expect(fresh.openedAt == nil)
        #expect(fresh.markers == [])
        #expect(fresh.curve == [])
        #expect(fresh.receivingSince == since)
        try evening.publish(1)
        #expect(evening.state().phase == .rehearsing)
        evening.take(.order(.air(name: "hall", isOn: true)))
        try evening.publish(1)
        #expect(evening.state().phase == .onAir)
        #expect(evening.words.count { if case .opened = $0 { true } else { false } } == 1)
        evening.leave(1)
        #expect(evening.state().receivingSince == nil)
        evening.expectRules()
    }
}

@Suite("SlateComesAndGoes") struct SlateComesAndGoes {
    @Test("while the publisher is away the slate runs in real time, and the publisher's key frame ends it")
    func away() throws {
        var evening = Evening()
        evening.take(.clip(.backSoon, try Evening.slate()))
        evening.knock(1)
        try evening.publish(1)
        let before = evening.playlists.last?.edge.lastSegment ?? 0
        evening.leave(1)
        evening.pass(900)
        #expect(evening.state().slate == nil)
        evening.pass(9_100)
        #expect(evening.state().slate == .backSoon)
        let during = evening.playlists.last?.edge.lastSegment ?? 0
        #expect((4...6).contains(during - before))
        evening.knock(2)
        try evening.publish(2)
        #expect(evening.state().phase == .onAir)
        #expect(evening.state().interruptions == 1)
        evening.expectRules()
        #expect(evening.phases == [.onAir, .slated, .onAir])
    }

    @Test("a publisher that is connected and sends nothing is away too") func stalls() throws {
        var evening = Evening()
        evening.take(.clip(.backSoon, try Evening.slate()))
        evening.knock(1)
        try evening.publish(1)
        evening.pass(5_000)
        #expect(evening.state().slate == .backSoon)
        #expect(evening.faults() == ["publisher-away"])
        try evening.publish(1)
        #expect(evening.state().phase == .onAir)
        #expect(evening.faults() == [])
        evening.expectRules()
    }

    @Test("the officer's slate stays until it is taken away") func forced() throws {
        var evening = Evening.withOfficer()
        evening.take(.clip(.testCard, try Evening.slate()))
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.take(.order(.slate(name: "hall", .testCard)))
        evening.pass(5_000)
        #expect(evening.state().slate == .testCard)
        #expect(!evening.playlists.isEmpty)
        evening.knock(1)
        try evening.publish(1)
        #expect(evening.state().slate == .testCard)
        evening.take(.order(.slate(name: "hall", nil)))
        try evening.publish(1)
        #expect(evening.state().phase == .onAir)
        evening.expectRules()
    }

    @Test("those who send it on get one clock that never jumps, and configurations at each change") func spliced()
        throws
    {
        var evening = Evening()
        evening.take(.clip(.backSoon, try Evening.slate()))
        evening.knock(1)
        try evening.publish(1)
        evening.leave(1)
        evening.pass(4_000)
        evening.knock(2)
        try evening.publish(2)
        var last: [TrackID: Int64] = [:]
        var configurations = 0
        for signal in evening.sent {
            switch signal {
            case .configuration: configurations += 1
            case .sample(let sample):
                let step = sample.microseconds - (last[sample.track] ?? sample.microseconds)
                #expect((0...200_000).contains(step), "\(sample.track) stepped by \(step)")
                last[sample.track] = sample.microseconds
            default: break
            }
        }
        #expect(configurations == 6)
    }
}

@Suite("TakeOver") struct TakeOver {
    @Test("where the plan says so, the second publisher follows the first and the audience stays") func takes() throws {
        var evening = Evening { $0.second = .takeOver }
        evening.knock(1)
        try evening.publish(1)
        evening.knock(2)
        #expect(evening.words.contains(.dismiss(PublisherNumber(1), .replaced)))
        #expect(evening.words.contains(.accept(PublisherNumber(2))))
        try evening.publish(1)
        let before = evening.playlists.count
        try evening.publish(2)
        #expect(evening.playlists.count > before)
        #expect(evening.state().interruptions == 0)
        evening.expectRules()
    }

    @Test("a key that is revoked drops whoever came by it") func revoked() throws {
        var evening = Evening()
        evening.knock(1)
        var plan = Plan(name: "hall", title: "พิธีเปิด", keyHashes: ["bb"])
        evening.take(.plan(plan))
        #expect(evening.words.contains(.dismiss(PublisherNumber(1), .revoked)))
        evening.knock(2)
        plan.keyHashes = ["cc", "bb"]
        evening.take(.plan(plan))
        #expect(!evening.words.contains(.dismiss(PublisherNumber(2), .revoked)))
    }
}

@Suite("ClosingTime") struct ClosingTime {
    @Test("closing ends the playlist, tells the figures once, and lets nobody in again") func closes() throws {
        var evening = Evening.withOfficer()
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.knock(1)
        try evening.publish(1)
        evening.take(.order(.mark(name: "hall", text: "ประธานกล่าวเปิด")))
        evening.take(.order(.close(name: "hall")))
        evening.take(.order(.close(name: "hall")))
        let end = text(evening.playlists.last?.text)
        #expect(end.hasSuffix("#EXT-X-ENDLIST\n"))
        #expect(evening.words.filter { if case .ended = $0 { true } else { false } }.count == 1)
        #expect(evening.words.contains(.dismiss(PublisherNumber(1), .closed)))
        evening.knock(2)
        #expect(evening.words.last == .refuse(PublisherNumber(2), .closed))
        #expect(evening.state().phase == .ended)
        #expect(evening.state().markers == ["ประธานกล่าวเปิด"])
        evening.expectRules()
    }
}

@Suite("MarkersEarly") struct MarkersEarly {
    @Test("a marker before the first picture is kept, and stands at that picture once") func keeps() throws {
        var evening = Evening.withOfficer()
        evening.take(.order(.air(name: "hall", isOn: true)))
        evening.take(.order(.mark(name: "hall", text: "ประธานกล่าวเปิด")))
        #expect(evening.state().markers == ["ประธานกล่าวเปิด"])
        #expect(told(evening) == [])
        evening.knock(1)
        try evening.publish(1)
        #expect(told(evening) == ["ประธานกล่าวเปิด"])
        #expect(evening.state().markers == ["ประธานกล่าวเปิด"])
        let playlist = text(evening.playlists.last?.text)
        #expect(playlist.contains(#"X-TITLE="ประธานกล่าวเปิด""#))
        evening.expectRules()
    }

    private func told(_ evening: Evening) -> [String] {
        evening.words.compactMap { if case .marker(_, let text) = $0 { text } else { nil } }
    }
}

@Suite("Conversation") struct ConversationTests {
    private func evening(_ talk: Plan.Talk) -> Evening { Evening { $0.talk = talk } }

    private func write(_ evening: inout Evening, _ viewer: UInt64, _ text: String) {
        evening.take(.remark(viewer: viewer, from: "ผู้ชม", text: text, isQuestion: false))
    }

    private func told(_ evening: Evening) -> [(text: String, standing: State.Remark.Standing, viewer: UInt64?)] {
        evening.words.compactMap {
            if case .remark(let remark, let viewer) = $0 { (remark.text, remark.standing, viewer) } else { nil }
        }
    }

    @Test("a question is seen by its author alone until it is let through") func questions() {
        var evening = evening(.questions)
        write(&evening, 7, "มีเอกสารประกอบไหม")
        #expect(told(evening).map(\.viewer) == [7])
        #expect(evening.state().remarks.map(\.standing) == [.waiting])
        evening.take(.order(.judge(name: "hall", remark: 1, .show)))
        evening.take(.order(.judge(name: "hall", remark: 1, .answered)))
        #expect(told(evening).map(\.standing) == [.waiting, .shown, .answered])
        #expect(told(evening).map(\.viewer) == [7, nil, nil])
    }

    @Test("what is taken away is told without its text") func hidden() {
        var evening = evening(.open)
        write(&evening, 7, "ข้อความไม่เหมาะสม")
        evening.take(.order(.judge(name: "hall", remark: 1, .hide)))
        #expect(told(evening).map(\.text) == ["ข้อความไม่เหมาะสม", ""])
        #expect(told(evening).map(\.viewer) == [nil, nil])
    }

    @Test("three at once, then one every three seconds; others are not kept waiting") func limits() {
        var evening = evening(.open)
        for number in 1...5 { write(&evening, 7, "\(number)") }
        #expect(told(evening).map(\.text) == ["1", "2", "3"])
        let now = Instant(milliseconds: evening.milliseconds)
        #expect(evening.broadcast.objection(viewer: 7, from: "", text: "6", at: now) == .tooOften)
        #expect(evening.broadcast.objection(viewer: 8, from: "", text: "6", at: now) == nil)
        evening.milliseconds += 3_001
        write(&evening, 7, "6")
        #expect(told(evening).map(\.text) == ["1", "2", "3", "6"])
    }

    @Test("nothing, too much, and when nothing may be written") func objections() {
        let now = Instant(milliseconds: 0)
        func objection(_ talk: Plan.Talk, _ text: String, from: String = "") -> Objection? {
            evening(talk).broadcast.objection(viewer: 1, from: from, text: text, at: now)
        }
        #expect(objection(.off, "x") == .off)
        #expect(objection(.open, " \n") == .empty)
        #expect(objection(.open, String(repeating: "ก", count: 501)) == .tooLong)
        #expect(objection(.open, "x", from: String(repeating: "ก", count: 61)) == .tooLong)
        #expect(objection(.open, String(repeating: "ก", count: 500)) == nil)
    }
}

@Suite("Figures") struct FiguresTests {
    @Test("the curve has the highest count of each minute, the average is over time") func curve() throws {
        var evening = Evening()
        evening.knock(1)
        try evening.publish(1)
        let start = evening.milliseconds
        for second in stride(from: Int64(0), to: 120_000, by: 1_000) {
            evening.milliseconds = start + second
            let watching: Set<UInt64> = second < 60_000 ? [1, 2] : [1, 2, 3, 4]
            evening.take(
                .seen(Dictionary(uniqueKeysWithValues: watching.map { ($0, Instant(milliseconds: start + second)) })))
        }
        let state = evening.state()
        #expect(state.peak == 4)
        #expect(state.curve.prefix(2) == [2, 4])
        #expect(state.average == 3)
        #expect((5...7).contains(state.viewerMinutes))
    }

    @Test("silence is complained of after ten seconds, until something is heard") func silence() {
        var evening = Evening()
        evening.knock(1)
        evening.take(.loudness(State.Loudness(momentary: -9_000)))
        evening.milliseconds += 9_000
        evening.take(.loudness(State.Loudness(momentary: -9_000)))
        #expect(evening.faults() == [])
        evening.milliseconds += 2_000
        evening.take(.loudness(State.Loudness(momentary: -9_000)))
        #expect(evening.faults() == ["no-sound"])
        evening.take(.loudness(State.Loudness(momentary: -2_300, integrated: -1_000)))
        #expect(evening.faults() == [])
    }

    @Test("too loud or too quiet is said after a minute of hearing it, and no longer when it is right")
    func loudness() {
        var evening = Evening()
        evening.knock(1)
        evening.take(.loudness(State.Loudness(momentary: -1_000, integrated: -1_200)))
        evening.milliseconds += 59_000
        evening.take(.loudness(State.Loudness(momentary: -1_000, integrated: -1_200)))
        #expect(evening.faults() == [])
        evening.milliseconds += 1_000
        evening.take(.loudness(State.Loudness(momentary: -1_000, integrated: -1_200)))
        #expect(evening.faults() == ["too-loud"])
        evening.take(.loudness(State.Loudness(momentary: -3_000, integrated: -2_700)))
        #expect(evening.faults() == ["too-quiet"])
        evening.take(.loudness(State.Loudness(momentary: -2_300, integrated: -2_300)))
        #expect(evening.faults() == [])
    }

    @Test("a helper that waits is complained of for as long as it waits") func helpers() {
        var evening = Evening()
        evening.take(.helper(State.Companion(name: "YouTube", condition: .waiting, reason: "…")))
        evening.pass(60_000)
        #expect(evening.faults() == ["restream-down"])
        evening.take(.helper(State.Companion(name: "YouTube", condition: .working)))
        #expect(evening.faults() == [])
    }

}
