// SPDX-License-Identifier: Apache-2.0
import HLS
import Testing

@testable import Studio

@Suite("At a room's door") struct EnteringTests {
    @Test("the first is host where there are neither keys nor passes, the next are speakers") func alone() throws {
        var hall = Hall()
        let first = try hall.come("หนึ่ง"), second = try hall.come("สอง")
        #expect(hall.assembly.role(of: first)?.role == .host)
        #expect(hall.assembly.role(of: second)?.role == .speaker)
        try hall.ask(first, .leave)
        #expect(hall.assembly.role(of: second)?.role == .host, "somebody must lead")
    }

    @Test("nobody becomes host by being early where there is a key") func keyed() throws {
        var hall = Hall { $0.hostKeyHashes = ["00"] }
        let first = try hall.come("หนึ่ง")
        #expect(hall.assembly.role(of: first)?.role == .speaker)
    }

    @Test("a pass is wanted where the plan says so, and one that says who it is where it must")
    func passes() throws {
        var closed = Hall {
            $0.entry = .pass
            $0.passKey = "00"
        }
        #expect(throws: RoomRefusal.needsPass) { try closed.come("แขก") }
        _ = try closed.come("แขก", as: .speaker)
        var legal = Hall {
            $0.entry = .identified
            $0.passKey = "00"
        }
        #expect(throws: RoomRefusal.needsIdentity) { try legal.come("แขก", as: .speaker) }
        _ = try legal.come("สมศรี", as: .speaker, key: "i1@example.ac.th")
    }

    @Test("names are trimmed, and must be there", arguments: ["", "   ", "\n", String(repeating: "ก", count: 61)])
    func names(name: String) throws {
        var hall = Hall()
        #expect(throws: RoomRefusal.nameMissing) { try hall.come(name) }
        let id = try hall.come("  สม\u{7}ศรี  ")
        #expect(hall.assembly.name(of: id) == "สมศรี")
    }

    @Test("who waits learns nothing but that, and is let in by one, by domain, or with all") func lobby() throws {
        var hall = Hall { $0.lobby = .everybody }
        let chair = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker, key: "i1@a.example.ac.th")
        let two = try hall.come("สอง", as: .speaker, key: "i2@b.example.ac.th")
        let three = try hall.come("สาม", as: .speaker)
        guard case .state(let scene) = hall.last("state", to: one) else { return #expect(Bool(false)) }
        #expect(scene.people.isEmpty && !scene.you.inside && scene.lobby == nil)
        guard case .lobby(let waiting) = hall.last("lobby", to: chair) else { return #expect(Bool(false)) }
        #expect(waiting.map(\.id) == [one, two, three])
        #expect(waiting.map(\.domain) == ["a.example.ac.th", "b.example.ac.th", nil])
        hall.forget()
        try hall.ask(chair, .admit(three))
        #expect(hall.kinds(three).contains("state"))
        #expect(hall.assembly.role(of: three)?.isInside == true)
        #expect(hall.assembly.role(of: one)?.isInside == false)
        try hall.ask(chair, .admitAll(domain: "@B.Example.ac.th"))
        #expect(hall.assembly.role(of: two)?.isInside == true)
        #expect(hall.assembly.role(of: one)?.isInside == false)
        let later = try hall.come("สี่", as: .speaker, key: "i4@b.example.ac.th")
        #expect(hall.assembly.role(of: later)?.isInside == true, "a domain that was let in waits no more")
        try hall.ask(chair, .admitAll(domain: nil))
        #expect(hall.assembly.role(of: one)?.isInside == true)
    }

    @Test("who was barred never returns, by whatever name or browser") func barred() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let known = try hall.come("สมชาย", as: .speaker, key: "i7@example.ac.th")
        let guest = try hall.come("ก่อกวน", device: "browser-1")
        try hall.ask(chair, .remove(known, bars: true))
        try hall.ask(chair, .remove(guest, bars: true))
        #expect(throws: RoomRefusal.barred) { try hall.come("สมชาย", as: .speaker, key: "i7@example.ac.th") }
        #expect(throws: RoomRefusal.barred) { try hall.come("ชื่ออื่น", device: "browser-1") }
        #expect(throws: RoomRefusal.barred) { try hall.come(" ก่อกวน ", device: "browser-2") }
        _ = try hall.come("คนอื่น", device: "browser-3")
        let removed = try hall.come("ลองใหม่")
        try hall.ask(chair, .remove(removed, bars: false))
        _ = try hall.come("ลองใหม่")
    }

    @Test("a locked room takes nobody but those who lead") func locked() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        try hall.ask(chair, .lock(true))
        #expect(throws: RoomRefusal.locked) { try hall.come("แขก") }
        _ = try hall.come("ผู้ช่วย", as: .cohost)
        try hall.ask(chair, .lock(false))
        _ = try hall.come("แขก")
    }

    @Test("a room has an end, and a recording wants consent") func limits() throws {
        var hall = Hall {
            $0.personLimit = 2
            $0.records = true
        }
        let chair = try hall.come("ประธาน", as: .host, consents: true)
        #expect(throws: RoomRefusal.needsConsent) { try hall.come("แขก") }
        _ = try hall.come("แขก", consents: true)
        #expect(throws: RoomRefusal.full) { try hall.come("อีกคน", consents: true) }
        #expect(hall.assembly.report.attendance.map(\.consented) == [true, true])
        _ = chair
    }

    @Test("a seat is kept for a minute when its stream breaks, with its hand and its slots") func returns() throws {
        var hall = Hall()
        _ = try hall.come("ประธาน", as: .host)
        let one = try hall.come("หนึ่ง", as: .speaker)
        try hall.ask(one, .hand(isUp: true))
        hall.assembly.lost(one, at: hall.now, wall: hall.wall)
        hall.pass(seconds: 59)
        #expect(hall.assembly.role(of: one)?.isInside == true)
        hall.assembly.listens(one, isResumed: true, at: hall.now, wall: hall.wall)
        hall.drain()
        hall.pass(seconds: 120)
        #expect(hall.assembly.queue == [one])
        #expect(hall.assembly.report.state.interruptions == 1)
        hall.assembly.lost(one, at: hall.now, wall: hall.wall)
        hall.pass(seconds: 60)
        #expect(hall.assembly.role(of: one) == nil)
        #expect(hall.others.contains(.dismiss(one)))
        #expect(hall.assembly.queue.isEmpty)
    }

    @Test("attendance says from when to when, each once, and what they were") func attendance() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        hall.pass(seconds: 60)
        let one = try hall.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th")
        let came = hall.wall.milliseconds
        let twice = try hall.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th")
        hall.pass(seconds: 120)
        try hall.ask(one, .leave)
        hall.pass(seconds: 60)
        try hall.ask(twice, .leave)
        let left = hall.wall.milliseconds
        let again = try hall.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th")
        try hall.ask(chair, .role(again, .cohost))
        try hall.ask(chair, .end)
        let report = try #require(
            hall.others.compactMap { if case .ended(let report) = $0 { report } else { nil } }.last)
        #expect(report.attendance.map(\.name) == ["ประธาน", "หนึ่ง"])
        #expect(report.attendance[1].visits.first == .init(from: came, to: left))
        #expect(report.attendance[1].visits.count == 2)
        #expect(report.attendance[1].role == .cohost)
        #expect(report.attendance[1].key == "i1@example.ac.th")
        #expect(report.state.peak == 3)
        #expect(report.state.phase == .over)
    }

    @Test("when it is over only a host may open it again, and nobody when the desk closed it") func over() throws {
        var hall = Hall { $0.passKey = "00" }
        let chair = try hall.come("ประธาน", as: .host)
        try hall.ask(chair, .end)
        #expect(throws: RoomRefusal.isOver) { try hall.come("แขก") }
        _ = try hall.come("ประธาน", as: .host)
        _ = try hall.come("แขก")
        hall.assembly.close(byDesk: true, at: hall.now, wall: hall.wall)
        hall.drain()
        #expect(throws: RoomRefusal.isOver) { try hall.come("ประธาน", as: .host) }
    }

    @Test("a meeting that is opened again is a sitting of its own") func again() throws {
        var hall = Hall { $0.passKey = "00" }
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        _ = try hall.come("หนึ่ง", as: .speaker, key: "i1")
        try hall.ask(chair, .mark(text: "วาระที่ 1"))
        try hall.ask(
            chair, .openPoll(.init(question: "?", choices: ["a", "b"], isSecret: false, isFormal: true)))
        try hall.ask(chair, .end)
        hall.pass(seconds: 300)
        let back = try hall.come("ประธาน", as: .host, key: "p1")
        let opened = hall.wall.milliseconds
        try hall.ask(
            back, .openPoll(.init(question: "!", choices: ["a", "b"], isSecret: false, isFormal: true)))
        try hall.ask(back, .end)
        let reports = hall.others.compactMap { if case .ended(let report) = $0 { report } else { nil } }
        #expect(reports.count == 2)
        #expect(reports[1].state.openedAt == opened && reports[1].state.peak == 1)
        #expect(reports[1].attendance.map(\.name) == ["ประธาน"] && reports[1].attendance[0].visits.count == 1)
        #expect(reports[1].votes.map(\.number) == [2] && reports[1].marks.isEmpty)
        #expect(reports[0].votes.map(\.number) == [1] && reports[0].marks.count == 1)

        var killed = Hall { $0.passKey = "00" }
        killed.assembly.recall(hall.notes)
        #expect(killed.assembly.report.state.openedAt == opened)
        #expect(killed.assembly.report.votes == reports[1].votes)
    }

    @Test("who waits for nothing but a host comes in with one") func awaitsHost() throws {
        var hall = Hall { ($0.waitsForHost, $0.lobby, $0.passKey) = (true, .guests, "00") }
        let known = try hall.come("หนึ่ง", as: .speaker, key: "i1"), guest = try hall.come("แขก")
        #expect(hall.assembly.inside.isEmpty)
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        #expect(Set(hall.assembly.inside) == [known, chair], "a guest by name waits for being let in")
        #expect(hall.assembly.waiting == [guest])
    }

    @Test("nobody's seat goes over from a trial into the meeting") func trial() throws {
        var hall = Hall { $0.isTest = true }
        let tester = try hall.come("ผู้ทดสอบ", as: .host, key: "p1")
        _ = hall.callUp(tester)
        hall.forget()
        hall.assembly.dismissAll(at: hall.now, wall: hall.wall)
        hall.drain()
        #expect(hall.others == [.hangUp(tester, .up), .dismiss(tester)])
        #expect(hall.kinds(tester) == [], "the page comes in anew by itself")
        hall.assembly = hall.assembly.emptied
        #expect(hall.assembly.report == MeetingReport(MeetingState(name: "hall")))
        #expect(try hall.come("ประธาน", as: .host) == PersonNumber(2), "no number is given twice")
    }

    @Test("only what everybody inside has agreed to is recorded, and when they did is known") func consent() throws {
        var hall = Hall { $0.asksConsent = true }
        let chair = try hall.come("ประธาน", as: .host)
        #expect(hall.refusal(chair, .record(true)) == .mayNotRecord)
        var plan = hall.assembly.plan
        plan.records = true
        hall.assembly.put(plan, at: hall.now, wall: hall.wall)
        #expect(throws: RoomRefusal.needsConsent) { try hall.come("แขก", as: .speaker) }
        hall.drain()
        // Who came before it was to be recorded is asked at once, and again when somebody wants to begin.
        #expect(hall.last("consent", to: chair) == .consent(ConsentSentence(of: plan)))
        hall.forget()
        #expect(hall.refusal(chair, .record(true)) == .notAllAgreed)
        #expect(hall.last("consent", to: chair) == .consent(ConsentSentence(of: plan)))
        #expect(throws: RoomRefusal.notAllAgreed) {
            try hall.assembly.obey(.recordMeeting(name: "hall", isOn: true), at: hall.now, wall: hall.wall)
        }
        try hall.ask(chair, .agree)
        #expect(hall.last("consent", to: chair) == .consent(nil))
        #expect(hall.last("told", to: chair) == .told(.allAgreed, by: chair))
        #expect(hall.assembly.report.attendance.first?.consentedAt == hall.wall.milliseconds)
        #expect(hall.notes.last?.kind == "agree")
        #expect(hall.refusal(chair, .record(true)) == nil)
        try hall.ask(chair, .leave)
        let again = try hall.come("ประธาน", as: .host, consents: true)
        let agreed = hall.wall.milliseconds
        #expect(hall.refusal(again, .record(true)) == nil)
        hall.assembly.recording(isOn: true, at: hall.now, wall: hall.wall)
        #expect(hall.assembly.report.attendance.last?.consented == true)
        #expect(hall.assembly.report.attendance.last?.consentedAt == agreed)
        hall.drain()
        hall.forget()
        plan.records = false
        hall.assembly.put(plan, at: hall.now, wall: hall.wall)
        hall.drain()
        #expect(hall.others == [.record(false)], "the office has thought better of it")
    }

    @Test("a pass that was taken back puts its people out and lets nobody in") func revoked() throws {
        var hall = Hall { $0.passKey = "00" }
        _ = try hall.come("ประธาน", as: .host, key: "p1")
        let one = try hall.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th")
        var plan = hall.assembly.plan
        plan.revokedKeys = ["i1"]
        hall.assembly.put(plan, at: hall.now, wall: hall.wall)
        hall.drain()
        #expect(hall.assembly.role(of: one) == nil)
        #expect(throws: RoomRefusal.passExpired) { try hall.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th") }
    }
}
