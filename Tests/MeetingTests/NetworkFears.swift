// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Testing

@testable import Studio

@Suite("Bad networks")
struct NetworkFears {
    static let three = [
        Presenter.Encoding(rid: "l", height: 180, rate: 150_000),
        Presenter.Encoding(rid: "m", height: 360, rate: 500_000),
        Presenter.Encoding(rid: "h", height: 720, rate: 1_700_000),
    ]

    @Test(
        "five packets of a hundred are lost: every picture comes, and no sound is missing",
        arguments: [
            (GilbertElliott.even(0.05), Int64(10_000)), (.bursts(0.05, of: 3), 10_000), (.even(0.05), 500),
            (.even(0.05), 60_000),
        ])
    func lossyDownlink(loss: GilbertElliott, delay: Int64) {
        let world = MeetingWorld(seed: 11)
        _ = Presenter(world, line: 1)
        let onlooker = Onlooker(world, line: 2, downlink: NetLine(delay: delay, loss: loss))
        world.run(milliseconds: 30_000)
        #expect(onlooker.faults == [])
        // This viewer asks again after three times the way: a packet that is lost thrice takes seven.
        #expect(onlooker.longestFreeze(from: 3_000_000) < 150 + delay * 8 / 1_000)
        #expect(onlooker.shown().count > 870)
        #expect(onlooker.repaired() > 100)
        // Of some 1,500: half a thousandth is none.
        #expect(onlooker.soundMissing == 0)
        #expect(onlooker.keyFramesAsked == 0)
    }

    @Test("the publisher's own line loses: we ask, and every viewer gets everything")
    func lossyUplink() {
        let world = MeetingWorld(seed: 12)
        let presenter = Presenter(world, line: 1, uplink: NetLine(delay: 10_000, loss: .bursts(0.05, of: 2)))
        let crowd = (0..<5).map { Onlooker(world, line: UInt32(10 + $0)) }
        world.run(milliseconds: 20_000)
        for onlooker in crowd {
            #expect(onlooker.faults == [])
            #expect(onlooker.longestFreeze(from: 3_000_000) < 200)
            #expect(onlooker.soundMissing == 0)
        }
        // Each hole is asked for about once, however many watch.
        #expect(presenter.nacks > 100)
        #expect(presenter.nacks < 900)
    }

    @Test("what comes out of order is not asked for again in vain, and breaks nothing")
    func reordering() {
        let world = MeetingWorld(seed: 13)
        let presenter = Presenter(world, line: 1, uplink: NetLine(delay: 10_000, reordering: 0.05))
        let onlooker = Onlooker(world, line: 2, downlink: NetLine(delay: 10_000, reordering: 0.05))
        world.run(milliseconds: 15_000)
        #expect(onlooker.faults == [])
        #expect(onlooker.longestFreeze() < 100)
        #expect(presenter.nacks < 200)
    }

    @Test("three megabits, half a one, three again: no second without a picture, and the best one is back in twelve")
    func rateSteps() {
        let world = MeetingWorld(seed: 14)
        _ = Presenter(world, line: 1, encodings: Self.three)
        var line = NetLine(rate: 3_000_000, delay: 20_000)
        line.steps = [(0, 3_000_000), (16_000_000, 500_000), (31_000_000, 3_000_000)]
        let onlooker = Onlooker(world, line: 2, downlink: line)
        world.run(milliseconds: 15_000)
        #expect(onlooker.shown().last?.height == 720)
        world.run(milliseconds: 15_000)
        #expect((onlooker.shown().last?.height ?? 0) <= 360)
        #expect(onlooker.longestFreeze(from: 10_000_000, to: world.now) <= 1_000)
        let back = world.now
        world.run(milliseconds: 14_000)
        let top = onlooker.shown().first { $0.at > back && $0.height == 720 }?.at ?? .max
        #expect(top - back <= 12_000_000)
        #expect(onlooker.longestFreeze(from: back) <= 1_000)
        #expect(onlooker.faults == [])
    }

    @Test(
        "after five seconds the estimate is within a fifth of what the line carries, and from almost nothing too",
        arguments: [
            (Int64(600_000), Int64(50_000)), (1_200_000, 50_000), (2_500_000, 50_000), (1_200_000, 500_000),
            (2_500_000, 500_000), (1_200_000, 2_500_000),
        ])
    func estimate(capacity: Int64, start: Int64) throws {
        var settings = Meeting.Settings()
        settings.startEstimate = start
        let world = MeetingWorld(seed: 15, settings: settings)
        // Something for every rate, so that the line is always the limit.
        _ = Presenter(
            world, line: 1,
            encodings: [
                (90, 60_000), (180, 150_000), (270, 350_000), (360, 700_000), (540, 1_300_000), (720, 2_600_000),
            ].map {
                Presenter.Encoding(rid: "r\($0.0)", height: $0.0, rate: Int64($0.1))
            }, audio: false)
        let onlooker = Onlooker(world, line: 2, audios: 0, downlink: NetLine(rate: capacity, delay: 20_000))
        world.run(milliseconds: 5_000)
        var worst = 0.0
        for _ in 0..<10 {
            world.run(milliseconds: 1_000)
            let estimate = try #require(world.meeting.figures(of: onlooker.seat)?.estimate)
            worst = max(worst, abs(Double(estimate - capacity)) / Double(capacity))
        }
        #expect(worst <= 0.2)
        #expect(onlooker.faults == [])
    }

    @Test("jitter of thirty milliseconds is no full line")
    func jitter() throws {
        let world = MeetingWorld(seed: 16)
        _ = Presenter(world, line: 1, encodings: Self.three)
        let onlooker = Onlooker(world, line: 2, downlink: NetLine(rate: 4_000_000, delay: 20_000, jitter: 30_000))
        world.run(milliseconds: 20_000)
        #expect(onlooker.shown().last?.height == 720)
        #expect(onlooker.longestFreeze(from: 3_000_000) < 300)
        #expect(try #require(world.meeting.figures(of: onlooker.seat)).estimate > 1_900_000)
    }

    @Test("a line that carried nothing for ten seconds is found again when it does")
    func deadLine() {
        let world = MeetingWorld(seed: 17)
        _ = Presenter(world, line: 1, encodings: Self.three)
        var line = NetLine(rate: 2_500_000, delay: 20_000)
        line.steps = [(0, 2_500_000), (8_000_000, 40_000), (18_000_000, 2_500_000)]
        let onlooker = Onlooker(world, line: 2, downlink: line)
        world.run(milliseconds: 17_000)
        let back = world.now
        world.run(milliseconds: 15_000)
        let again = onlooker.shown().first { $0.at > back + 500_000 }?.at ?? .max
        #expect(again - back < 4_000_000)
        #expect(onlooker.shown().last?.height == 720)
        #expect(onlooker.faults == [])
    }

    @Test("a narrow line says so on the tile, and gives the screen what the cameras lose")
    func reasons() throws {
        let world = MeetingWorld(seed: 18)
        for line in 1...3 { _ = Presenter(world, line: UInt32(line), encodings: Self.three, audio: false) }
        let onlooker = Onlooker(
            world, line: 9, videos: 3, audios: 0, downlink: NetLine(rate: 1_000_000, delay: 20_000))
        world.run(milliseconds: 2_000)
        let sources = world.meeting.publishing.map(\.source)
        try #require(sources.count == 3)
        world.order(.screen(sources[1], true))
        world.order(
            .watch(
                onlooker.seat,
                [Wish(source: sources[0]), Wish(source: sources[1], importance: .screen), Wish(source: sources[2])]))
        world.run(milliseconds: 12_000)
        let states = world.meeting.slots(of: onlooker.seat)
        let screen = try #require(states.first { $0.source == sources[1] })
        #expect(screen.height == 360)
        #expect(screen.reason == .narrowLine)
        for camera in states where camera.source != sources[1] {
            #expect([.narrowLine, .paused].contains(camera.reason))
            #expect(camera.height ?? 0 <= 180)
        }
        #expect(onlooker.faults == [])
        world.order(.lastN(1))
        world.run(milliseconds: 500)
        #expect(world.meeting.slots(of: onlooker.seat).filter { $0.reason == .overload }.count == 2)
    }

    @Test("encodings that nobody shows are told, so that the publisher saves its line")
    func suspension() throws {
        let world = MeetingWorld(seed: 19)
        let presenter = Presenter(world, line: 1, encodings: Self.three)
        let onlooker = Onlooker(world, line: 2)
        world.run(milliseconds: 3_000)
        let source = try #require(world.meeting.publishing.first { $0.format == .vp8 }?.source)
        world.order(.watch(onlooker.seat, [Wish(source: source, heightLimit: 180)]))
        world.run(milliseconds: 2_000)
        let wanted = world.news.compactMap { if case .wanted(source, let rids) = $0 { rids } else { nil } }
        #expect(wanted.last == ["l"])
        for index in 1...2 { presenter.encodings[index].isOn = false }
        world.run(milliseconds: 3_000)
        world.order(.watch(onlooker.seat, [Wish(source: source, heightLimit: 720)]))
        world.run(milliseconds: 1_500)
        let again = world.news.compactMap { if case .wanted(source, let rids) = $0 { rids } else { nil } }
        #expect(again.last == ["h", "l", "m"])
        #expect(world.meeting.slots(of: onlooker.seat).last?.reason == .publisherSmall)
        for index in 1...2 { presenter.encodings[index].isOn = true }
        world.run(milliseconds: 5_000)
        #expect(onlooker.shown().last?.height == 720)
        #expect(onlooker.faults == [])
    }

    @Test("who loses sound gets the sound before with every packet, until it is over")
    func redundantSound() {
        let world = MeetingWorld(seed: 20)
        _ = Presenter(world, line: 1, encodings: [])
        let onlooker = Onlooker(world, line: 2, videos: 0)
        onlooker.asksAgain = false
        world.run(milliseconds: 3_000)
        #expect(onlooker.redundantCount == 0)
        onlooker.soundLoss = 20
        onlooker.downlink.loss = .even(0.08)
        world.run(milliseconds: 10_000)
        #expect(onlooker.redundantCount > 400)
        // Two in a row are lost in six of a thousand.
        #expect(onlooker.soundMissing < 15)
        onlooker.soundLoss = 0
        let before = onlooker.redundantCount
        world.run(milliseconds: 4_000)
        #expect(onlooker.redundantCount - before < 110)
    }

    @Test("a viewer of few pictures gets every second one, and its numbers still follow each other")
    func temporalLayers() {
        let world = MeetingWorld(seed: 21)
        _ = Presenter(world, line: 1, encodings: [.init(height: 360, rate: 600_000, temporalCount: 2)], audio: false)
        let onlooker = Onlooker(
            world, line: 2, audios: 0, downlink: NetLine(rate: 470_000, delay: 20_000, loss: .even(0.01)))
        world.run(milliseconds: 20_000)
        #expect(onlooker.faults == [])
        let late = onlooker.shown().filter { $0.at > 10_000_000 }
        #expect(late.count > 100 && late.count < 260)
        #expect(onlooker.longestFreeze(from: 10_000_000) < 1_000)
    }
}
