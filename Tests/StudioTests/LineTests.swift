// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import Studio
import Testing

/// What the line to an encoder and its sounds are called and told.
struct LineTests {
    private let line = State.Line(
        roundTripMilliseconds: 38, latencyMilliseconds: 120, packets: 9_950, lost: 50, missing: 2)

    @Test("the line's figures are told while that publisher is there") func figures() {
        var evening = Evening()
        evening.take(.line(line))
        #expect(evening.state().line == nil)
        evening.knock(1)
        #expect(evening.state().line == nil)
        evening.take(.line(line))
        #expect(evening.state().line == line)
        #expect(line.lossBasisPoints == 50)
        evening.leave(1)
        #expect(evening.state().line == nil)
    }

    @Test("nothing that came is no loss") func noPackets() {
        let nothing = State.Line(
            roundTripMilliseconds: 0, latencyMilliseconds: 0, packets: 0, lost: 0, missing: 0)
        #expect(nothing.lossBasisPoints == 0)
    }

    /// The lines that list the sounds of a camera with two of them.
    private func listed(_ sounds: [Plan.Sound]) -> [String] {
        var evening = Evening { $0.sounds = sounds }
        var camera = Camera()
        evening.open(&camera, 1)
        evening.say(1, [.configuration(TrackID(.audio, 1), .aac, [0x11, 0x90])])
        for _ in 0..<240 {
            let (signals, length) = camera.next(at: evening.milliseconds)
            let second = signals.compactMap { signal -> Signal? in
                guard case .sample(var sample) = signal, sample.track.kind == .audio else { return nil }
                sample.track = TrackID(.audio, 1)
                return .sample(sample)
            }
            evening.say(1, signals + second)
            evening.pass(length)
        }
        evening.expectRules()
        let lists = evening.told.compactMap { if case .multivariant(let list) = $0 { text(list) } else { nil } }
        return (lists.last ?? "").split(separator: "\n").filter { $0.hasPrefix("#EXT-X-MEDIA:TYPE=AUDIO") }.map(
            String.init)
    }

    @Test("several sounds have the names and languages of the plan") func named() {
        let sounds = [
            Plan.Sound(number: 0, name: "ภาษาไทย", language: "th"),
            Plan.Sound(number: 1, name: "English", language: "en"),
        ]
        #expect(
            listed(sounds) == [
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"ภาษาไทย\",LANGUAGE=\"th\",DEFAULT=YES,AUTOSELECT=YES",
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,"
                    + "URI=\"a1.m3u8\"",
            ])
    }

    @Test("what a playlist cannot hold is left out; without a name it is the number") func unnamed() {
        let sounds = [
            Plan.Sound(number: 0, name: "เสียง \"หลัก\"\n", language: "th\"x"), Plan.Sound(number: 7, name: "nobody's"),
        ]
        #expect(
            listed(sounds) == [
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"เสียง หลัก\",DEFAULT=YES,AUTOSELECT=YES",
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"2\",DEFAULT=NO,AUTOSELECT=YES,URI=\"a1.m3u8\"",
            ])
    }

    @Test("an older desk's plan has no sounds and no passphrase") func older() throws {
        let plan = Plan(name: "hall", title: "พิธี", keyHashes: [])
        #expect(plan.sounds.isEmpty && plan.srtPassphrase == nil)
    }
}
