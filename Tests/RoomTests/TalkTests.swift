// SPDX-License-Identifier: Apache-2.0
import HLS
import Testing

@testable import Studio

@Suite("Hands, messages, slides and the board") struct TalkTests {
    private static func texts(_ hall: Hall, _ id: PersonNumber) -> [String] {
        (hall.heard[id] ?? []).compactMap { if case .chat(let message) = $0 { message.text } else { nil } }
    }

    @Test("hands stand in the order in which they went up") func hands() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        var people: [PersonNumber] = []
        for number in 0..<4 { people.append(try hall.come("คน \(number)", as: .listener)) }
        for place in [2, 0, 3, 1] { try hall.ask(people[place], .hand(isUp: true)) }
        try hall.ask(people[0], .hand(isUp: false))
        try hall.ask(people[0], .hand(isUp: true))
        guard case .hands(let card) = hall.last("hands", to: chair) else { return #expect(Bool(false)) }
        #expect(card.queue.map(\.person) == [people[2], people[3], people[1], people[0]])
        #expect(card.queue.map(\.since) == card.queue.map(\.since).sorted())
        try hall.ask(chair, .lower(people[3]))
        #expect(hall.last("told", to: people[3]) == .told(.handLowered, by: chair))
        try hall.ask(chair, .floor(people[2], seconds: 120))
        guard case .hands(let later) = hall.last("hands", to: chair) else { return #expect(Bool(false)) }
        #expect(later.queue.map(\.person) == [people[1], people[0]])
        #expect(later.floor?.person == people[2] && later.floor?.until == hall.wall.milliseconds + 120_000)
    }

    @Test("what is written to one is read by two, and is not in the log") func whispers() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker), two = try hall.come("สอง", as: .speaker)
        hall.forget()
        try hall.ask(one, .say(text: "ลับ", to: two, everywhere: false))
        #expect(Self.texts(hall, one) == ["ลับ"] && Self.texts(hall, two) == ["ลับ"] && Self.texts(hall, chair).isEmpty)
        #expect(hall.notes.isEmpty)
        guard case .state(let scene)? = try hall.come("สาม", as: .host).scene(in: hall) else {
            return #expect(Bool(false))
        }
        #expect(scene.chat.isEmpty)
        var settings = RoomSettings()
        (settings.mayChat, settings.mayWhisper) = (false, false)
        try hall.ask(chair, .settings(settings))
        #expect(hall.refusal(one, .say(text: "ก", to: nil, everywhere: false)) == .mayNotChat)
        #expect(hall.refusal(one, .say(text: "ก", to: two, everywhere: false)) == .mayNotWhisper)
        #expect(hall.refusal(one, .say(text: "ก", to: chair, everywhere: false)) == nil)
    }

    @Test("in a webinar a question is the chair's before it is everybody's") func questions() throws {
        var hall = Hall {
            $0.isWebinar = true
            $0.passKey = "00"
        }
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง"), two = try hall.come("สอง")
        #expect(hall.assembly.role(of: one)?.role == .listener)
        try hall.ask(one, .say(text: "ทำไม", to: nil, everywhere: false))
        #expect(Self.texts(hall, chair) == ["ทำไม"] && Self.texts(hall, one) == ["ทำไม"])
        #expect(Self.texts(hall, two).isEmpty)
        try hall.ask(chair, .judge(number: 1, .show))
        #expect(Self.texts(hall, two) == ["ทำไม"])
        try hall.ask(chair, .judge(number: 1, .hide))
        #expect(Self.texts(hall, two) == ["ทำไม", ""])
        #expect(hall.notes.map(\.kind).suffix(3) == ["question", "show", "hide"])
    }

    @Test("a message is taken away by its author or a host, by nobody else") func hiding() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker), two = try hall.come("สอง", as: .speaker)
        try hall.ask(one, .say(text: "ผิด", to: nil, everywhere: false))
        #expect(hall.refusal(two, .hideChat(number: 1)) == .notForYou)
        #expect(hall.refusal(one, .hideChat(number: 1)) == nil)
        try hall.ask(two, .say(text: "อีก", to: nil, everywhere: false))
        #expect(hall.refusal(chair, .hideChat(number: 2)) == nil)
        #expect(hall.refusal(chair, .hideChat(number: 3)) == .unknownMessage)
        #expect(hall.assembly.messages.allSatisfy { $0.hidden && $0.text.isEmpty })
    }

    @Test("who writes too often must wait") func often() throws {
        var hall = Hall()
        _ = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker)
        var found: [RoomRefusal?] = []
        for _ in 0..<7 {
            hall.milliseconds -= 3_990
            found.append(hall.refusal(one, .say(text: "ก", to: nil, everywhere: false)))
        }
        #expect(found == [nil, nil, nil, nil, nil, .tooOften, .tooOften])
        #expect(hall.refusal(one, .say(text: "ก", to: nil, everywhere: false)) == nil)
    }

    @Test("texts are bounded, and empty ones are none") func texts() throws {
        var hall = Hall()
        let one = try hall.come("หนึ่ง", as: .host)
        #expect(hall.refusal(one, .say(text: " \n ", to: nil, everywhere: false)) == .empty)
        #expect(
            hall.refusal(one, .say(text: String(repeating: "ก", count: 2_001), to: nil, everywhere: false)) == .tooLong)
        #expect(hall.refusal(one, .caption(text: String(repeating: "ก", count: 501), isFinal: true)) == .tooLong)
        #expect(hall.refusal(one, .mark(text: String(repeating: "ก", count: 301))) == .tooLong)
        #expect(hall.refusal(one, .floor(one, seconds: 0)) == .unreadable)
    }

    @Test("one presents at a time, and the chair before all") func slides() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker), two = try hall.come("สอง", as: .speaker)
        try hall.assembly.add(
            DeckCard(id: "d", name: "งบ.pdf", pages: 3, by: one, width: 1_600, height: 900), at: hall.now,
            wall: hall.wall)
        try hall.ask(one, .showSlides(deck: "d", page: 1))
        #expect(hall.refusal(two, .showSlides(deck: "d", page: 2)) == .isPresenting)
        #expect(hall.refusal(two, .stopSlides) == .isPresenting)
        #expect(hall.refusal(one, .showSlides(deck: "d", page: 4)) == .unknownDeck)
        #expect(hall.refusal(one, .showSlides(deck: "e", page: 1)) == .unknownDeck)
        try hall.ask(one, .draw(surface: "d/2", Stroke(id: "s", points: [0, 0, 0.5, 0.5])))
        hall.forget()
        try hall.ask(chair, .showSlides(deck: "d", page: 2))
        #expect(hall.kinds(two) == ["slides", "board"], "a page comes with what is drawn on it")
        try hall.ask(chair, .stopSlides)
        #expect(hall.last("slides", to: two) == .slides(nil))
        #expect(hall.refusal(one, .draw(surface: "d/9", Stroke(id: "t", points: [0, 0]))) == .unknownDeck)
    }

    @Test("a stroke grows under its name, and the last of one's own is undone") func board() throws {
        var hall = Hall()
        let one = try hall.come("หนึ่ง", as: .host), two = try hall.come("สอง", as: .speaker)
        try hall.ask(one, .draw(surface: "board", Stroke(id: "a", points: [0, 0])))
        try hall.ask(two, .draw(surface: "board", Stroke(id: "a", points: [1, 1])))
        try hall.ask(one, .draw(surface: "board", Stroke(id: "a", points: [0.5, 0.5])))
        #expect(hall.assembly.board.strokes(on: "board").map(\.points) == [[0, 0, 0.5, 0.5], [1, 1]])
        try hall.ask(one, .undo(surface: "board"))
        #expect(hall.last("boardUndo", to: two) == .boardUndo(surface: "board", stroke: "a"))
        #expect(hall.refusal(one, .undo(surface: "board")) == .unknownStroke)
        try hall.ask(one, .clear(surface: "board"))
        #expect(hall.assembly.board.strokes(on: "board").isEmpty)
    }

    @Test(
        "what is no stroke is refused",
        arguments: [
            Stroke(id: "", points: [0, 0]), Stroke(id: "a b", points: [0, 0]), Stroke(id: "a", points: []),
            Stroke(id: "a", points: [0]), Stroke(id: "a", points: [.nan, 0]), Stroke(id: "a", points: [0, 99]),
            Stroke(id: "a", color: "red", points: [0, 0]), Stroke(id: "a", color: "#12345g", points: [0, 0]),
            Stroke(id: "a", width: 0, points: [0, 0]), Stroke(id: "a", kind: .text, points: [0, 0]),
            Stroke(id: "a", points: [0, 0], text: "x"),
            Stroke(id: "a", kind: .text, points: [0, 0], text: String(repeating: "ก", count: 201)),
        ])
    func unsound(stroke: Stroke) throws {
        var hall = Hall()
        let one = try hall.come("หนึ่ง", as: .host)
        #expect(hall.refusal(one, .draw(surface: "board", stroke)) == .unreadable)
    }

    @Test("a board has an end") func full() throws {
        var board = Board()
        let one = PersonNumber(1)
        let long = [Double](repeating: 0.5, count: 2 * Board.mostPointsOfStroke)
        for number in 0..<10 { _ = try board.draw(Stroke(id: "\(number)", points: long), on: "board", by: one) }
        #expect(throws: RoomRefusal.tooMany) { try board.draw(Stroke(id: "x", points: [0, 0]), on: "board", by: one) }
        #expect(throws: RoomRefusal.tooLong) {
            try board.draw(Stroke(id: "y", points: long + [0, 0]), on: "other", by: one)
        }
        _ = try board.undo(on: "board", by: one)
        _ = try board.draw(Stroke(id: "x", points: [0, 0]), on: "board", by: one)
    }

    @Test("groups talk among themselves, and the chair to all") func groups() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker), two = try hall.come("สอง", as: .speaker)
        #expect(hall.refusal(chair, .moveGroup(one, 1)) == .noGroups)
        #expect(
            hall.refusal(
                chair, .openGroups([.init(name: "ก", people: [one]), .init(name: "ข", people: [one])], isFree: false))
                == .unreadable)
        try hall.ask(
            chair, .openGroups([.init(name: "ก", people: [one]), .init(name: "ข", people: [two])], isFree: false))
        hall.forget()
        try hall.ask(one, .say(text: "ในกลุ่ม", to: nil, everywhere: false))
        try hall.ask(chair, .say(text: "ทุกกลุ่ม", to: nil, everywhere: true))
        #expect(Self.texts(hall, one) == ["ในกลุ่ม", "ทุกกลุ่ม"] && Self.texts(hall, two) == ["ทุกกลุ่ม"])
        #expect(hall.refusal(one, .moveGroup(one, 2)) == .notForYou)
        #expect(hall.refusal(chair, .moveGroup(one, 3)) == .unknownGroup)
        try hall.ask(chair, .moveGroup(one, 2))
        guard case .groups(let card) = hall.last("groups", to: two) else { return #expect(Bool(false)) }
        #expect(card.groups.map(\.people) == [[], [one, two]])
        try hall.ask(chair, .closeGroups)
        #expect(hall.last("told", to: two) == .told(.groupsOver, by: chair))
        #expect(hall.assembly.people.values.allSatisfy { $0.group == nil })
    }
}
