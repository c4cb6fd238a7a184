// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Testing

@testable import Studio

@Suite("Parties and groups of a meeting") struct PartyFears {
    @Test("nobody sees or hears themselves, however many connections they have") func oneself() {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1), own = Onlooker(world, line: 2), other = Onlooker(world, line: 3)
        world.order(.place(presenter.seat, party: 7, group: 0))
        world.order(.place(own.seat, party: 7, group: 0))
        world.order(.place(other.seat, party: 8, group: 0))
        world.run(milliseconds: 3_000)
        #expect(own.shown().isEmpty && own.soundCount == 0)
        #expect(other.shown().count > 60 && other.soundCount > 100)
    }

    @Test("another group is neither seen nor heard, and comes back without a new connection") func groups() {
        let world = MeetingWorld()
        let one = Presenter(world, line: 1), two = Presenter(world, line: 2)
        let onlooker = Onlooker(world, line: 3, videos: 2, audios: 2)
        for (party, seat) in [one.seat, two.seat, onlooker.seat].enumerated() {
            world.order(.place(seat, party: UInt32(party), group: 0))
        }
        world.run(milliseconds: 3_000)
        #expect(onlooker.shown(0).count > 60 && onlooker.shown(1).count > 60)
        world.order(.place(two.seat, party: 1, group: 5))
        world.run(milliseconds: 200)
        let parted = world.now
        world.run(milliseconds: 3_000)
        let sources = Set(world.meeting.slots(of: onlooker.seat).compactMap(\.source))
        let theirs = Set(world.meeting.sources(of: one.seat).map(\.source))
        #expect(sources == theirs)
        #expect([onlooker.shown(0), onlooker.shown(1)].filter { $0.contains { $0.at > parted } }.count == 1)
        world.order(.place(onlooker.seat, party: 2, group: 5))
        world.run(milliseconds: 3_000)
        let others = Set(world.meeting.slots(of: onlooker.seat).compactMap(\.source))
        #expect(others == Set(world.meeting.sources(of: two.seat).map(\.source)))
        world.order(.place(two.seat, party: 1, group: 0))
        world.order(.place(onlooker.seat, party: 2, group: 0))
        world.run(milliseconds: 3_000)
        #expect(Set(world.meeting.slots(of: onlooker.seat).compactMap(\.source)).count == 4)
        #expect(onlooker.faults == [])
    }

    @Test(
        "what is said in a group is told to no tape, not even what is repaired when it is over",
        arguments: [3, 11, 42] as [UInt64])
    func tapped(_ seed: UInt64) throws {
        let world = MeetingWorld(seed: seed)
        let presenter = Presenter(world, line: 1, uplink: NetLine(loss: .even(0.2)))
        var told: [(at: Int64, tapped: TappedPacket, timestamp: UInt32)] = []
        world.meeting.onTap = { tapped, bytes in
            guard let packet = Packet(bytes) else { return }
            told.append((world.now, tapped, packet.timestamp))
        }
        for one in world.meeting.sources(of: presenter.seat) { world.order(.tap(one.source, true)) }
        world.run(milliseconds: 3_000)
        #expect(world.meeting.publishing.map(\.group) == [0, 0])
        let before = told.count
        #expect(before > 200 && told.allSatisfy { $0.tapped.stretch == 0 })

        world.order(.place(presenter.seat, party: 1, group: 3))
        let left = world.now
        world.run(milliseconds: 3_000)
        #expect(told.count == before)
        #expect(world.meeting.publishing.map(\.group) == [3, 3])

        world.order(.place(presenter.seat, party: 1, group: 0))
        let back = world.now
        world.run(milliseconds: 3_000)
        let after = told[before...]
        #expect(after.count > 200 && after.allSatisfy { $0.tapped.stretch == 1 })
        // Sound of the same instant has the same distance from its first, here and there; a way takes ten milliseconds.
        let sounds = told.filter { $0.tapped.format == .opus }
        let first = try #require(sounds.min { $0.at < $1.at })
        let said = sounds.map { first.at + Int64(Int32(bitPattern: $0.timestamp &- first.timestamp)) * 1_000 / 48 }
        #expect(said.filter { $0 > left && $0 < back } == [])
        #expect(said.contains { $0 < left } && said.contains { $0 >= back })
        #expect(after.filter { $0.tapped.format != .opus }.count > 100)
    }

    @Test("what was muted is told to no tape later") func muted() throws {
        let world = MeetingWorld(seed: 5)
        let presenter = Presenter(world, line: 1, uplink: NetLine(loss: .even(0.2)))
        var told: [TappedPacket] = []
        world.meeting.onTap = { tapped, _ in told.append(tapped) }
        let sound = try #require(world.meeting.sources(of: presenter.seat).first { !$0.isVideo }?.source)
        world.order(.tap(sound, true))
        world.run(milliseconds: 1_000)
        world.order(.mute(sound, true))
        let before = told.count
        world.run(milliseconds: 1_000)
        #expect(told.count == before && before > 30)
        #expect(world.meeting.publishing.filter(\.isMuted).map(\.source) == [sound])
        world.order(.mute(sound, false))
        world.run(milliseconds: 1_000)
        #expect(told.count > before + 30 && told[before...].allSatisfy { $0.stretch == 1 })
    }

    @Test("each group has its own speaker") func speakers() throws {
        let world = MeetingWorld()
        let one = Presenter(world, line: 1), two = Presenter(world, line: 2)
        (one.level, two.level) = (30, 20)
        _ = Onlooker(world, line: 3)
        world.order(.place(one.seat, party: 1, group: 0))
        world.order(.place(two.seat, party: 2, group: 4))
        world.run(milliseconds: 3_000)
        let first = try #require(world.meeting.sources(of: one.seat).first { !$0.isVideo }?.source)
        let second = try #require(world.meeting.sources(of: two.seat).first { !$0.isVideo }?.source)
        #expect(world.news.last { if case .speaker = $0 { true } else { false } } == .speaker(first))
        #expect(
            world.news.last { if case .groupSpeaker = $0 { true } else { false } } == .groupSpeaker(second, group: 4))
        world.order(.place(two.seat, party: 2, group: 0))
        #expect(
            world.news.last { if case .groupSpeaker = $0 { true } else { false } } == .groupSpeaker(nil, group: 4))
        world.run(milliseconds: 3_000)
        #expect(world.news.last { if case .speaker = $0 { true } else { false } } == .speaker(second))
    }

    @Test("what a seat may publish is known before anything comes of it") func sources() {
        let world = MeetingWorld()
        let presenter = Presenter(world, line: 1)
        let found = world.meeting.sources(of: presenter.seat)
        #expect(found.map(\.isVideo).sorted { !$0 && $1 } == [false, true])
        #expect(world.meeting.publishing.isEmpty)
    }

    @Test("who is told to show nothing while a stream is awaited that has ended shows nothing, and is on no list")
    func lists() throws {
        let now = Tick(microseconds: 1)
        let publisher = Seat(SeatID(0), Agreed.publisher(), line: 1, estimate: 100_000)
        let viewer = Seat(SeatID(1), Agreed.viewer(), line: 2, estimate: 100_000)
        let feed = Feed(SourceID(1), of: publisher, section: try #require(publisher.negotiated.sections.first))
        let layers = (UInt32(1)...2).map { ssrc in
            Layer(
                ssrc: ssrc, rid: "", coding: .opus, payloadType: 111, extensions: ExtensionMap(), of: feed, at: now)
        }
        let slot = Slot(try #require(viewer.negotiated.sections.first), of: viewer, first: 1)
        slot.aim(at: layers[0], now: now)
        let bytes: [UInt8] = [0x80, 111, 0, 9, 0, 0, 0, 1, 0, 0, 0, 1, 42]
        try bytes.withUnsafeBytes { raw in
            var structure: DependencyStructure?
            var parcel = Parcel(
                raw, try #require(Packet(raw)), as: 9, format: .opus, extensions: ExtensionMap(), structure: &structure)
            parcel.isNewest = true
            #expect(slot.take(parcel, of: layers[0], at: now) != nil)
        }
        slot.aim(at: layers[1], now: now)
        slot.lose(layers[1])
        #expect(slot.current === layers[0] && slot.target == nil)
        slot.aim(at: nil, now: now)
        #expect(slot.current == nil)
        #expect(layers.allSatisfy { $0.slots.all.isEmpty })
    }
}
