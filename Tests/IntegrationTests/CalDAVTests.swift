// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Messenger
import Post
import Rehearsal
import Testing

@testable import Stagehands

/// CalDAV (RFC 4791) against a real server: Radicale, by the real post office.
@Suite("ปฏิทิน CalDAV ตัวจริง") struct CalDAVTests {
    private func play(_ body: (RadicaleDesk) async throws -> Void) async throws {
        let desk = try await RadicaleDesk.open()
        do {
            try await body(desk)
        } catch {
            await desk.stop()
            throw error
        }
        await desk.stop()
    }

    @Test("found from the server's address alone, put in, changed, taken out")
    func whole() async throws {
        try await play { desk in
            #expect(try await desk.probe() == nil)
            var matter = try await desk.matter(at: .ready)
            #expect(try await Set(desk.carry(matter).map(\.fate)) == [.accepted])
            let first = try #require(try await desk.copy(of: matter))
            #expect(first.calendar == desk.address + "office/room/")
            let text = try #require(try await desk.text(first))
            #expect(text.contains("DTSTART:20261130T020000Z"))
            #expect(!text.contains("METHOD"))
            #expect(try await Self.read(text) == "1 \(matter.letter.title) CONFIRMED \(first.revision) -1800")

            var letter = matter.letter
            letter.title = "ชื่อใหม่, ที่มี; เครื่องหมาย\\"
            matter = try await desk.act(.amend(letter, reason: "แก้"), matter.id, by: Samples.hand(.secretariat))
            #expect(try await desk.carry(matter).last?.fate == .accepted)
            let second = try #require(try await desk.copy(of: matter))
            #expect(second.event == first.event)
            #expect(second.etag != first.etag)
            let changed = try #require(try await desk.text(second))
            #expect(try await Self.read(changed) == "1 \(letter.title) CONFIRMED \(second.revision) -1800")

            matter = try await desk.act(.withdraw(reason: "งด"), matter.id, by: .requester)
            _ = try await desk.carry(matter)
            #expect(try await desk.text(second) == nil)
            #expect(try await desk.copy(of: matter)?.isOut == true)
        }
    }

    @Test("somebody's change and somebody's deletion become drifts; ours goes back only when it is said")
    func drift() async throws {
        try await play { desk in
            let matter = try await desk.matter(at: .toPrepare)
            _ = try await desk.carry(matter)
            try await desk.look()
            let copy = try #require(try await desk.copy(of: matter))
            // Another program writes the times with their zone, folds otherwise, and changes the title.
            let theirs = """
                BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Asia/Bangkok\r\n\
                BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0700\r\nTZOFFSETTO:+0700\r\nEND:STANDARD\r\n\
                END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:matter-1@127.0.0.1\r\nDTSTAMP:20261123T020000Z\r\n\
                DTSTART;TZID=Asia/Bangkok:20261130T130000\r\nDURATION:PT2H\r\nSUMMARY:ย้ายไป\r\n  ช่วงบ่าย\r\nEND:VEVENT\r\n\
                END:VCALENDAR\r\n
                """
            let put = try await desk.ask(
                "PUT", "office/room/\(copy.event)", theirs,
                headers: [HeaderLine("Content-Type", "text/calendar; charset=utf-8")])
            #expect((200..<300).contains(put.status))
            try await desk.look()
            let drift = try #require(try await desk.cabinet.openDrifts(limit: 0).first)
            #expect(drift.theirs?.title == "ย้ายไป ช่วงบ่าย")
            let afternoon = Day(of: matter.letter.span.start).at(Samples.time("13:00"))
            #expect(drift.theirs?.span == Span(start: afternoon, end: afternoon + .hours(2)))

            // Our own change does not go over theirs.
            let linked = try await desk.act(
                .link("https://meet.example.ac.th/1"), matter.id, by: Samples.hand(.officer))
            #expect(try await desk.carry(linked).last?.trouble?.kind == .changedThere)
            #expect(try await desk.text(copy)?.contains("DURATION:PT2H") == true)

            #expect(try await desk.cabinet.resolve(drift.id, .putBack, by: Samples.somsri.id, at: desk.now))
            #expect(try await desk.carry(linked).last { $0.id.hasPrefix("drift/") }?.fate == .accepted)
            let back = try #require(try await desk.text(copy))
            #expect(try await Self.read(back) == "1 \(matter.letter.title) CONFIRMED 2 -1800")
            try await desk.look()
            #expect(try await desk.cabinet.openDrifts(limit: 0) == [])

            #expect(try await desk.ask("DELETE", "office/room/\(copy.event)").status == 200)
            try await desk.look()
            let deletion = try #require(try await desk.cabinet.openDrifts(limit: 0).first)
            #expect(deletion.isDeletion)
            #expect(try await desk.cabinet.resolve(deletion.id, .left, by: Samples.somsri.id, at: desk.now))
            _ = try await desk.carry(linked)
            #expect(try await desk.text(copy) == nil)
        }
    }

    @Test("a wrong password, a name that fits none of several calendars, and a calendar that is gone are told apart")
    func troubles() async throws {
        try await play { desk in
            try await desk.use(CalDAVSettings(address: desk.address, user: "office", password: "wrong"))
            #expect(try await desk.probe()?.kind == .wrongCredentials)
            let matter = try await desk.matter(at: .toPrepare)
            let waiting = try #require(try await desk.carry(matter).first)
            #expect(waiting.trouble?.kind == .wrongCredentials)
            #expect(waiting.fate == nil)

            try await desk.makeCalendar("other")
            try await desk.use(CalDAVSettings(address: desk.address, user: "office", password: "s3cret"))
            #expect(try await desk.probe() == Trouble(.rejected, "calendars: other, room"))
            try await desk.use(
                CalDAVSettings(address: desk.address, user: "office", password: "s3cret", calendar: "room"))
            #expect(try await desk.probe() == nil)
            #expect(try await desk.carry(matter).first?.fate == .accepted)

            #expect(try await desk.ask("DELETE", "office/room/").status == 200)
            try await desk.look()
            #expect(try await desk.cabinet.openDrifts(limit: 0) == [])
            #expect(try await desk.cabinet.calendarHealth().first?.trouble?.kind == .gone)
        }
    }

    @Test("a password never leaves this machine without TLS")
    func plain() async throws {
        try await play { desk in
            try await desk.use(
                CalDAVSettings(address: "http://calendar.example.ac.th/", user: "office", password: "s3cret"))
            #expect(try await desk.probe() == Trouble(.unsafeAddress, "https://"))
        }
    }

    /// What Python's icalendar reads: events, title, status, sequence, alarm.
    private static func read(_ text: String) async throws -> String {
        let folder = try scratch("caldav")
        defer { remove(folder) }
        try text.write(to: folder.appending(path: "event.ics"), atomically: true, encoding: .utf8)
        try """
        import sys
        from icalendar import Calendar
        calendar = Calendar.from_ical(open(sys.argv[1], "rb").read())
        assert not [error for part in calendar.walk() for error in part.errors]
        events = list(calendar.walk("VEVENT"))
        event = events[0]
        alarm = int(list(event.walk("VALARM"))[0].decoded("TRIGGER").total_seconds())
        print(len(events), event["SUMMARY"], event["STATUS"], event.decoded("SEQUENCE"), alarm, end="")
        """.write(to: folder.appending(path: "read.py"), atomically: true, encoding: .utf8)
        let child = try Child(
            Harness.python, [folder.path + "/read.py", folder.path + "/event.ics"], ProcessInfo.processInfo.environment,
            log: folder.appending(path: "log"), echo: false)
        #expect(await child.end(withinSeconds: 30) == 0)
        return child.said
    }
}
