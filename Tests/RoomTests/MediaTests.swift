// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

@testable import Studio

@Suite("Who sees and hears whom") struct MediaTests {
    private static let on = RoomAsk.media(microphone: true, camera: true, screen: false)

    @Test("what a page shows as off is dropped where it comes in") func gates() throws {
        var hall = Hall()
        _ = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker)
        let sources = hall.callUp(one)
        let camera = try #require(sources[.camera]), microphone = try #require(sources[.microphone])
        #expect(!hall.isLetOn(camera) && !hall.isLetOn(microphone))
        try hall.ask(one, Self.on)
        #expect(hall.isLetOn(camera) && hall.isLetOn(microphone))
        #expect(!hall.isLetOn(try #require(sources[.screen])))
        try hall.ask(one, .media(microphone: false, camera: true, screen: true))
        #expect(!hall.isLetOn(microphone) && hall.isLetOn(camera))
        #expect(hall.isLetOn(try #require(sources[.screenSound])))
    }

    @Test("a hard mute holds through a new call, until it is taken back") func hardMute() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker)
        let first = hall.callUp(one)
        try hall.ask(one, Self.on)
        try hall.ask(chair, .mute(one, .microphone, isHard: true))
        #expect(!hall.isLetOn(try #require(first[.microphone])))
        #expect(hall.refusal(one, Self.on) == .hardMuted)
        let second = hall.callUp(one)
        #expect(!hall.isLetOn(try #require(second[.microphone])))
        try hall.ask(chair, .allow(one, .microphone, true))
        try hall.ask(one, Self.on)
        #expect(hall.isLetOn(try #require(second[.microphone])))
    }

    @Test("who becomes a listener publishes no more, and the call ends") func demoted() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker)
        let sources = hall.callUp(one)
        try hall.ask(one, Self.on)
        try hall.ask(chair, .role(one, .listener))
        #expect(sources.values.allSatisfy { !hall.isLetOn($0) })
        #expect(hall.others.contains(.hangUp(one, .up)))
        #expect(throws: RoomRefusal.notForListeners) { try hall.assembly.checkCall(.up, by: one) }
        try hall.assembly.checkCall(.down, by: one)
    }

    @Test("microphones are the chair's where the room says so; the floor opens one") func floor() throws {
        var hall = Hall { $0.mayUnmute = false }
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker), two = try hall.come("สอง", as: .speaker)
        #expect(hall.refusal(one, Self.on) == .mayNotUnmute)
        try hall.ask(one, .hand(isUp: true))
        try hall.ask(chair, .floor(one, seconds: 60))
        #expect(hall.refusal(one, Self.on) == nil)
        #expect(hall.assembly.queue.isEmpty)
        hall.pass(seconds: 61)
        #expect(hall.last("told", to: one) == .told(.timeOver, by: one))
        try hall.ask(chair, .floor(two, seconds: nil))
        #expect(hall.last("told", to: one) == .told(.floorOver, by: chair))
        #expect(hall.refusal(two, Self.on) == nil)
    }

    @Test("a listener who has the floor speaks, whoever gave it, and only listens again when it is somebody else's")
    func lent() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host), deputy = try hall.come("รองประธาน", as: .cohost)
        let one = try hall.come("หนึ่ง", as: .listener), two = try hall.come("สอง", as: .listener)
        func role(_ id: PersonNumber) -> RoomRole? { hall.assembly.people[id]?.role }
        try hall.ask(one, .hand(isUp: true))
        try hall.ask(deputy, .floor(one, seconds: 60))
        #expect(hall.last("told", to: one) == .told(.hasFloor, by: deputy))
        try hall.assembly.checkCall(.up, by: one)
        #expect(hall.refusal(one, Self.on) == nil)
        // More time is not another turn.
        try hall.ask(deputy, .floor(one, seconds: 60))
        #expect(role(one) == .speaker)
        try hall.ask(deputy, .floor(two, seconds: 60))
        #expect(role(one) == .listener && role(two) == .speaker)
        #expect(hall.last("told", to: one) == .told(.floorOver, by: deputy))
        #expect(throws: RoomRefusal.notForListeners) { try hall.assembly.checkCall(.up, by: one) }
        // A host's word lasts longer than a turn.
        try hall.ask(chair, .role(two, .speaker))
        try hall.ask(chair, .floor(nil, seconds: nil))
        #expect(role(two) == .speaker)
        // Who goes back outside listens again, and who is made a listener has no turn.
        try hall.ask(chair, .floor(one, seconds: nil))
        try hall.ask(chair, .toLobby(one))
        #expect(role(one) == .listener && hall.assembly.floor == nil)
        try hall.ask(chair, .floor(two, seconds: nil))
        try hall.ask(chair, .role(two, .listener))
        #expect(hall.assembly.floor == nil)
    }

    @Test("wishes are for what is there: together, inside, and on") func wishes() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker), two = try hall.come("สอง", as: .speaker)
        let sources = hall.callUp(one)
        let camera = try #require(sources[.camera])
        let seat = hall.callDown(two)
        try hall.ask(two, .watch([.init(person: one, kind: .camera, height: 360, mid: "0")]))
        #expect(hall.orders.last == .watch(seat, []))
        try hall.ask(one, Self.on)
        let wish = Wish(source: camera, importance: .visible, heightLimit: 360, mid: "0")
        #expect(hall.orders.last == .watch(seat, [wish]))
        try hall.ask(chair, .openGroups([.init(name: "ก", people: [two])], isFree: false))
        #expect(hall.orders.last == .watch(seat, []))
        #expect(hall.orders.contains(.place(seat, party: two.number, group: 1)))
        try hall.ask(chair, .moveGroup(one, 1))
        #expect(hall.orders.last == .watch(seat, [wish]))
        try hall.ask(chair, .closeGroups)
        #expect(
            hall.orders.last == .watch(seat, [wish]) || hall.orders.contains(.place(seat, party: two.number, group: 0)))
        try hall.ask(chair, .toLobby(one))
        #expect(hall.orders.last == .watch(seat, []))
    }

    @Test("nobody watches themselves") func oneself() throws {
        var hall = Hall()
        let one = try hall.come("หนึ่ง", as: .host)
        _ = hall.callUp(one)
        let seat = hall.callDown(one)
        try hall.ask(one, Self.on)
        try hall.ask(one, .watch([.init(person: one, kind: .camera)]))
        #expect(hall.orders.last == .watch(seat, []))
    }

    @Test("slots, speaker and wanted encodings are told by person") func news() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker)
        let camera = try #require(hall.callUp(one)[.camera])
        let seat = hall.callDown(chair)
        let state = SlotState(mid: "3", isVideo: true, source: camera, layer: 1, height: 360, reason: .full)
        hall.news(.slots(seat, [state]))
        #expect(
            hall.last("slots", to: chair)
                == .slots([
                    .init(mid: "3", person: one, kind: .camera, layer: 1, height: 360, reason: .full)
                ]))
        #expect(hall.last("slots", to: one) == nil)
        hall.news(.speaker(SourceID(1)))
        #expect(hall.last("speaker", to: chair) == .speaker(one))
        hall.news(.wanted(camera, ["h", "q"]))
        #expect(hall.last("wanted", to: one) == .wanted([.init(mid: "1", rids: ["h", "q"])]))
        #expect(hall.last("wanted", to: chair) == nil)
        hall.news(.speaksMuted(SourceID(1)))
        #expect(hall.last("told", to: one) == .told(.speaksMuted, by: nil))
    }

    @Test("an encoder that came by WHIP is shown, has no voice in votes, and goes with its connection") func device()
        throws
    {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let facts = SourceFacts(source: SourceID(90), seat: SeatID(70), mid: "0", format: .h264)
        hall.news(.began(facts))
        guard case .person(let card) = hall.last("person", to: chair) else { return #expect(Bool(false)) }
        #expect(card.device && card.camera && card.sources == ["camera": 90])
        #expect(hall.assembly.state.people == 1)
        #expect(hall.isLetOn(SourceID(90)))
        try hall.ask(chair, .mute(card.id, .camera, isHard: false))
        #expect(!hall.isLetOn(SourceID(90)))
        hall.news(.ended(SourceID(90)))
        #expect(hall.last("left", to: chair) == .left(card.id, why: "left"))
    }

    @Test("a bad line is told with what to do, and counts in the attendance") func line() throws {
        var hall = Hall()
        let one = try hall.come("หนึ่ง", as: .host)
        let seat = hall.callDown(one)
        var figures = SeatFigures()
        (figures.estimate, figures.roundTrip, figures.lossPerMille) = (1_000_000, 120_000, 120)
        hall.assembly.measured([seat: figures], at: hall.now, wall: hall.wall)
        hall.drain()
        guard case .line(let card) = hall.last("line", to: one) else { return #expect(Bool(false)) }
        #expect(card.light == .bad && card.advice?.code == "loss" && card.loss == 0.12 && card.roundTrip == 120)
        #expect(hall.assembly.state.troubled == 1)
        let attendance = hall.assembly.report.attendance[0]
        #expect(attendance.lossPerMille == 120 && attendance.roundTripMilliseconds == 150)
    }
}
