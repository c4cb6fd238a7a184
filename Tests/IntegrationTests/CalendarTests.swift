// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// The calendar as another program reads it: Python's icalendar, which is strict where phones are not.
@Suite("a calendar that others read") struct CalendarTests {
    @Test("the golden feed has no fault, and every occasion its alarm, its number and its times")
    func icalendar() async throws {
        let folder = try scratch("calendar")
        defer { remove(folder) }
        let script = folder.appending(path: "read.py")
        try Self.script.write(to: script, atomically: true, encoding: .utf8)
        let feed = Harness.root.appending(path: "Tests/Golden/Messenger/feed.ics")
        let child = try Child(
            Harness.python, [script.path, feed.path], ProcessInfo.processInfo.environment,
            log: folder.appending(path: "log"), echo: false)
        let code = await child.end(withinSeconds: 60)
        #expect(code == 0, "\(child.said)")
        #expect(
            child.said.split(separator: "\n").map(String.init) == [
                "PUBLISH GREGORIAN 6",
                "matter-1@sanyan.example.ac.th 1 CONFIRMED 2026-12-01T02:00:00+00:00 2026-12-01T05:00:00+00:00 -1800",
                "matter-2@sanyan.example.ac.th 2 CONFIRMED 2026-11-30T02:00:00+00:00 2026-11-30T05:00:00+00:00 -1800",
                "matter-3@sanyan.example.ac.th 2 CONFIRMED 2026-11-30T02:00:00+00:00 2026-11-30T05:00:00+00:00 none",
                "matter-5@sanyan.example.ac.th 3 CANCELLED 2026-11-30T02:00:00+00:00 2026-11-30T05:00:00+00:00 none",
                "matter-6@sanyan.example.ac.th 3 TENTATIVE 2026-12-03T02:00:00+00:00 2026-12-03T05:00:00+00:00 none",
                "matter-7@sanyan.example.ac.th 2 CONFIRMED 2026-12-02T02:00:00+00:00 2026-12-02T05:00:00+00:00 -1800",
                "ประชุม; คณะกรรมการ, ชุดที่ 1\\2|บรรทัดที่สอง",
            ])
    }

    @Test("an invitation and its cancellation: one UID, a rising SEQUENCE, who invites whom")
    func invitations() async throws {
        let folder = try scratch("invitation")
        defer { remove(folder) }
        let script = folder.appending(path: "read.py")
        try Self.invitationScript.write(to: script, atomically: true, encoding: .utf8)
        let golden = Harness.root.appending(path: "Tests/Golden/Messenger")
        let files = ["request.ics", "cancel.ics"].map { golden.appending(path: $0).path }
        let child = try Child(
            Harness.python, [script.path] + files, ProcessInfo.processInfo.environment,
            log: folder.appending(path: "log"), echo: false)
        let code = await child.end(withinSeconds: 60)
        #expect(code == 0, "\(child.said)")
        let people = "mailto:office@example.ac.th mailto:anan@example.ac.th REQ-PARTICIPANT FALSE"
        #expect(
            child.said.split(separator: "\n").map(String.init) == [
                "REQUEST matter-1@127.0.0.1 1 CONFIRMED \(people) 1",
                "CANCEL matter-1@127.0.0.1 2 CANCELLED \(people) 0",
            ])
    }

    private static let invitationScript = """
        import sys
        from icalendar import Calendar

        for path in sys.argv[1:]:
            raw = open(path, "rb").read()
            assert b"\\n" not in raw.replace(b"\\r\\n", b"") and all(len(line) <= 75 for line in raw.split(b"\\r\\n"))
            calendar = Calendar.from_ical(raw)
            assert not [error for part in calendar.walk() for error in part.errors]
            event = list(calendar.walk("VEVENT"))[0]
            who = event["ATTENDEE"]
            print(calendar["METHOD"], event["UID"], event.decoded("SEQUENCE"), event["STATUS"], event["ORGANIZER"], who,
                  who.params["ROLE"], who.params["RSVP"], len(list(event.walk("VALARM"))))
        """

    private static let script = """
        import sys
        from icalendar import Calendar

        raw = open(sys.argv[1], "rb").read()
        assert raw.endswith(b"END:VCALENDAR\\r\\n") and b"\\n" not in raw.replace(b"\\r\\n", b""), "line ends"
        assert all(len(line) <= 75 for line in raw.split(b"\\r\\n")), "a line is too long"
        calendar = Calendar.from_ical(raw)
        faults = [error for part in calendar.walk() for error in part.errors]
        assert not faults, faults
        events = list(calendar.walk("VEVENT"))
        print(calendar["METHOD"], calendar["CALSCALE"], len(events))
        for event in events:
            alarms = list(event.walk("VALARM"))
            before = int(alarms[0].decoded("TRIGGER").total_seconds()) if alarms else "none"
            print(event["UID"], event.decoded("SEQUENCE"), event["STATUS"], event.decoded("DTSTART").isoformat(),
                  event.decoded("DTEND").isoformat(), before)
        print(str(events[0]["SUMMARY"]).replace("\\n", "|"))
        """
}
