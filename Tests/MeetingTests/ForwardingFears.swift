// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Testing

@testable import Studio

@Suite("A meeting forwards")
struct ForwardingFears {
    static let simulcast = [
        Presenter.Encoding(rid: "h", height: 720, rate: 1_500_000),
        Presenter.Encoding(rid: "q", height: 180, rate: 150_000),
        Presenter.Encoding(rid: "m", height: 360, rate: 500_000),
    ]

    @Test("what is published is seen and heard, with the viewer's own numbers")
    func plain() {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1)
        let onlooker = Onlooker(world, line: 2)
        world.run(milliseconds: 10_000)
        #expect(onlooker.faults == [])
        // Thirty a second, but for the first half second.
        #expect(onlooker.shown().count > 285)
        #expect(onlooker.longestFreeze() < 100)
        #expect(onlooker.soundMissing == 0)
        #expect(onlooker.soundCount > 490)
        #expect(presenter.keyFramesAsked <= 1)
        #expect(world.meeting.figures(of: onlooker.seat)?.unrepaired == 0)
    }

    @Test("a late joiner sees the meeting within two hundred milliseconds, without a new key frame")
    func lateJoin() {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1, encodings: [.init(height: 360, rate: 400_000)])
        _ = Onlooker(world, line: 2)
        world.run(milliseconds: 2_000)
        let asked = presenter.keyFramesSent
        let late = Onlooker(world, line: 3)
        let joined = world.now
        world.run(milliseconds: 3_000)
        #expect(late.faults == [])
        #expect((late.shown().first?.at ?? .max) - joined < 200_000)
        #expect(presenter.keyFramesSent == asked)
        // It is with the present: the last picture it has is the one that everybody has.
        #expect(late.longestFreeze(from: joined + 300_000) < 60)
    }

    @Test("three hundred joins in ten seconds cost the publisher three key frames")
    func stampede() {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1)
        world.run(milliseconds: 1_000)
        let before = presenter.keyFramesAsked
        var crowd: [(Onlooker, Int64)] = []
        for index in 0..<300 {
            crowd.append((Onlooker(world, line: UInt32(10 + index), audios: 0), world.now))
            world.run(milliseconds: 33)
            // Who has seen something goes on without us: the test is about coming.
            for (onlooker, _) in crowd.suffix(60) where onlooker.shown().count > 2 { onlooker.leave() }
        }
        #expect(presenter.keyFramesAsked - before <= 3)
        world.run(milliseconds: 1_500)
        #expect(crowd.allSatisfy { $0.0.faults.isEmpty })
        let waits = crowd.map { ($0.0.shown().first?.at ?? .max) - $0.1 }.sorted()
        #expect((waits.last ?? .max) < 1_500_000)
        #expect(waits[150] < 500_000)
    }

    @Test("simulcast in any order: a small tile gets the small encoding, a large one the large")
    func tiles() throws {
        let world = MeetingWorld()
        _ = Presenter(world, line: 1, encodings: Self.simulcast)
        let small = Onlooker(world, line: 2)
        let large = Onlooker(world, line: 3)
        world.run(milliseconds: 1_000)
        let source = try #require(world.meeting.publishing.first { $0.format == .vp8 }?.source)
        world.order(.watch(small.seat, [Wish(source: source, heightLimit: 180)]))
        world.order(.watch(large.seat, [Wish(source: source, heightLimit: 720)]))
        world.run(milliseconds: 6_000)
        #expect(small.faults == [])
        #expect(large.faults == [])
        #expect(small.shown().last?.height == 180)
        #expect(large.shown().last?.height == 720)
        #expect(world.meeting.slots(of: small.seat).first { $0.isVideo }?.reason == .full)
    }

    @Test("up and down every second for a minute never freezes, and no number breaks")
    func switching() throws {
        let world = MeetingWorld()
        _ = Presenter(world, line: 1, encodings: Self.simulcast)
        let onlooker = Onlooker(world, line: 2)
        world.run(milliseconds: 4_000)
        let source = try #require(world.meeting.publishing.first { $0.format == .vp8 }?.source)
        for second in 0..<60 {
            world.order(.watch(onlooker.seat, [Wish(source: source, heightLimit: second % 2 == 0 ? 180 : 720)]))
            world.run(milliseconds: 1_000)
        }
        #expect(onlooker.faults == [])
        #expect(onlooker.longestFreeze(from: 5_000_000) < 200)
        #expect(Set(onlooker.shown().suffix(600).map(\.height)).isSuperset(of: [180, 720]))
    }

    @Test("another source in the same slot begins with its key frame and goes on in time")
    func sourceSwap() throws {
        let world = MeetingWorld()
        _ = Presenter(world, line: 1)
        _ = Presenter(world, line: 2, encodings: [.init(height: 360, rate: 300_000)])
        let onlooker = Onlooker(world, line: 3)
        world.run(milliseconds: 2_000)
        let cameras = world.meeting.publishing.filter { $0.format == .vp8 }.map(\.source)
        try #require(cameras.count == 2)
        for turn in 0..<8 {
            world.order(.watch(onlooker.seat, [Wish(source: cameras[turn % 2])]))
            world.run(milliseconds: 1_500)
        }
        #expect(onlooker.faults == [])
        #expect(onlooker.longestFreeze(from: 2_000_000) < 400)
        // Time on the viewer's stream is the time that passed, within a tenth.
        let shown = onlooker.shown()
        let first = try #require(shown.first)
        let last = try #require(shown.last)
        let ticks = Int64(last.timestamp &- first.timestamp) * 1_000_000 / 90_000
        #expect(abs(ticks - (last.at - first.at)) < (last.at - first.at) / 10)
    }

    @Test("padding that a publisher probes with leaves no hole")
    func padding() {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1)
        let onlooker = Onlooker(world, line: 2)
        for _ in 0..<50 {
            world.run(milliseconds: 50)
            presenter.pad()
        }
        world.run(milliseconds: 500)
        #expect(onlooker.faults == [])
        #expect(onlooker.longestFreeze() < 100)
        #expect(onlooker.repaired() == 0)
    }

    @Test("a host's mute holds at the door, and unmuting brings the picture back")
    func hardMute() throws {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1)
        let onlooker = Onlooker(world, line: 2)
        world.run(milliseconds: 2_000)
        let facts = world.meeting.publishing
        for fact in facts { world.order(.mute(fact.source, true)) }
        world.run(milliseconds: 200)
        let pictures = onlooker.shown().count
        let sounds = onlooker.soundCount
        world.run(milliseconds: 2_000)
        #expect(onlooker.shown().count == pictures)
        #expect(onlooker.soundCount == sounds)
        #expect(world.meeting.slots(of: onlooker.seat).map(\.reason) == [.muted, .muted])
        let voice = try #require(facts.first { $0.format == .opus }?.source)
        #expect(world.news.filter { $0 == .speaksMuted(voice) }.count == 1)
        for fact in facts { world.order(.mute(fact.source, false)) }
        world.run(milliseconds: 1_000)
        #expect(onlooker.shown().count > pictures + 20)
        #expect(onlooker.soundCount > sounds + 40)
        #expect(onlooker.faults == [])
        #expect(presenter.keyFramesSent >= 2)
    }

    @Test("a publisher that leaves takes its sources with it, and one that returns is seen again")
    func publisherReturns() {
        let world = MeetingWorld()
        let first = Presenter(world, line: 1)
        let onlooker = Onlooker(world, line: 2)
        world.run(milliseconds: 1_000)
        first.isSendingVideo = false
        first.isSpeaking = false
        world.leave(first.seat, line: 1)
        world.run(milliseconds: 1_000)
        #expect(world.meeting.publishing.isEmpty)
        let second = Presenter(world, line: 5)
        let back = world.now
        world.run(milliseconds: 2_000)
        #expect((onlooker.shown().first { $0.at > back }?.at ?? .max) - back < 500_000)
        #expect(onlooker.faults == [])
        #expect(second.keyFramesSent >= 1)
    }

    @Test("sound and picture of one publisher are on one clock")
    func together() throws {
        let world = MeetingWorld()
        _ = Presenter(world, line: 1)
        let onlooker = Onlooker(world, line: 2)
        world.run(milliseconds: 5_000)
        let sections = onlooker.negotiated.sections
        let sound = try #require(onlooker.reports[sections[0].ours.ssrc])
        let picture = try #require(onlooker.reports[sections[1].ours.ssrc])
        #expect(sound.ntp == picture.ntp)
        // A picture's time against the report's: what was shown when the report came had left some milliseconds before.
        let now =
            Int64((picture.ntp >> 32) - 3_900_000_000) * 1_000_000
            + Int64(((picture.ntp & 0xFFFF_FFFF) * 1_000_000) >> 32)
        let last = try #require(onlooker.shown().last { $0.at <= now })
        let behind = Int64(Int32(bitPattern: picture.timestamp &- last.timestamp)) * 1_000 / 90
        #expect(abs(behind - (now - last.at)) < 60_000)
        #expect(world.meeting.figures(of: onlooker.seat)?.roundTrip.map { abs($0 - 20_000) < 500 } == true)
    }
}
