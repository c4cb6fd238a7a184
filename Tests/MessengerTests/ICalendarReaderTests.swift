// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Messenger

@Suite("RFC 5545, read back: what a server or another program has made of ours") struct ICalendarReaderTests {
    private func event(_ lines: String) -> [UInt8] {
        Array("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n\(lines)END:VEVENT\r\nEND:VCALENDAR\r\n".utf8)
    }

    private var office: Office {
        var office = Samples.office
        office.address = "https://sanyan.example.ac.th"
        return office
    }

    @Test(
        "what we write we read, letter for letter, also Thai, folded and escaped",
        arguments: [
            "ประชุม; คณะกรรมการ, ชุดที่ 1\\2\nบรรทัดที่สอง", String(repeating: "น้ำ", count: 90), "a:b\"c\"=d",
        ])
    func roundTrip(title: String) throws {
        var letter = Samples.letter()
        letter.title = title
        let entry = try #require(
            CalendarEntry(Samples.matter(at: .ready, letter: letter), office: office, rooms: Samples.rooms))
        var text = ICalendarText()
        text.begin(method: nil)
        text.event(entry)
        text.end()
        #expect(ICalendarReader.content(Array(text.text.utf8)) == entry.content)
    }

    @Test(
        "the three forms of a time, a day, an end and a duration",
        arguments: [
            ("DTSTART:20261214T020000Z\r\nDTEND:20261214T050000Z\r\n", "2026-12-14T09:00:00+07:00", 180),
            ("DTSTART;TZID=Asia/Bangkok:20261214T090000\r\nDURATION:PT3H\r\n", "2026-12-14T09:00:00+07:00", 180),
            (
                "DTSTART;TZID=\"/x.example.com/Asia/Tokyo\":20261214T110000\r\nDURATION:P1DT30M\r\n",
                "2026-12-14T09:00:00+07:00", 1470
            ),
            ("DTSTART:20261214T090000\r\nDTEND:20261214T090000\r\n", "2026-12-14T09:00:00+07:00", 0),
            ("DTSTART;VALUE=DATE:20261214\r\n", "2026-12-14T00:00:00+07:00", 1440),
            ("DTSTART;TZID=America/New_York:20260701T000000\r\nDURATION:P1W\r\n", "2026-07-01T11:00:00+07:00", 10_080),
        ])
    func times(lines: String, start: String, minutes: Int) throws {
        let span = try #require(ICalendarReader.content(event(lines))?.span)
        #expect(RFC3339.text(span.start) == start)
        #expect(span.length == .minutes(minutes))
    }

    @Test(
        "a time that cannot be reckoned is none, and is not guessed",
        arguments: [
            "DTSTART;TZID=Nowhere:20261214T090000\r\n", "DTSTART:2026-12-14\r\n", "DTSTART:20261314T020000Z\r\n",
            "DTSTART:20261214T250000Z\r\n", "DTSTART:20261214T020000Z\r\nDURATION:PT\r\n",
            "DTSTART:20261214T020000Z\r\nDURATION:3H\r\n", "SUMMARY:a\r\n",
        ])
    func unreckoned(lines: String) throws {
        #expect(try #require(ICalendarReader.content(event(lines))).span == nil)
    }

    @Test(
        "alarms and time zones are not the event; a series is told",
        arguments: [
            ("BEGIN:VALARM\r\nDESCRIPTION:alarm\r\nEND:VALARM\r\nSUMMARY:event\r\n", false),
            ("SUMMARY:event\r\nRRULE:FREQ=DAILY\r\n", true),
        ])
    func parts(lines: String, repeats: Bool) throws {
        let content = try #require(ICalendarReader.content(event(lines)))
        #expect(content.title == "event")
        #expect(content.description == "")
        #expect(content.repeats == repeats)
    }

    @Test(
        "what is no calendar is none",
        arguments: [
            "", "<html>", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nno line\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "BEGIN:VEVENT\r\nSUMMARY:a\r\nEND:VEVENT\r\n",
        ])
    func nonsense(text: String) {
        #expect(ICalendarReader.content(Array(text.utf8)) == nil)
    }

    @Test("cut at every octet it never reads more than the whole")
    func cut() throws {
        let entry = try #require(CalendarEntry(Samples.matter(at: .ready), office: office))
        var text = ICalendarText()
        text.begin(method: nil)
        text.event(entry)
        text.end()
        let bytes = Array(text.text.utf8)
        for length in bytes.indices.dropLast(2) { #expect(ICalendarReader.content(Array(bytes[..<length])) == nil) }
    }
}

@Suite("RFC 4918: answers of a calendar server") struct DAVNodeTests {
    private func read(_ text: String) -> DAVNode? { DAVNode.read(Array(text.utf8)) }

    @Test("names by their namespace, whatever the prefix; found properties only")
    func multistatus() throws {
        let root = try #require(
            read(
                """
                <?xml version="1.0"?><a:multistatus xmlns:a="DAV:"><a:response><a:href>/x%20y/</a:href><a:propstat>
                <a:prop><a:getetag>"1"</a:getetag></a:prop><a:status>HTTP/1.1 200 OK</a:status></a:propstat><a:propstat>
                <a:prop><a:displayname/></a:prop><a:status>HTTP/1.1 404 Not Found</a:status></a:propstat></a:response>
                <a:response><a:href>/gone.ics</a:href><a:status>HTTP/1.1 404 Not Found</a:status></a:response>
                <a:sync-token>t&amp;1</a:sync-token></a:multistatus>
                """))
        let responses = DAVResponse.all(root)
        #expect(responses.map(\.href) == ["/x%20y/", "/gone.ics"])
        #expect(responses.map(\.status) == [nil, 404])
        #expect(responses[0].property("DAV:|getetag")?.trimmed == "\"1\"")
        #expect(responses[0].property("DAV:|displayname") == nil)
        #expect(root.first("DAV:|sync-token")?.trimmed == "t&1")
        #expect(WebAddress.lastPart(responses[0].href) == "x y")
    }

    @Test(
        "what declares a document type, does not end, or is too deep is not read",
        arguments: [
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><b></a>", "", String(repeating: "<a>", count: 50),
            String(repeating: "<a>", count: 50) + String(repeating: "</a>", count: 50),
        ])
    func refused(text: String) {
        #expect(read(text) == nil)
    }

    @Test(
        "a password goes by TLS, or stays on this machine",
        arguments: [
            ("https://a.example.com/x", true), ("http://127.0.0.1:5232/", true), ("http://localhost/", true),
            ("http://[::1]:80/", true), ("http://a.example.com/", false), ("http://127.0.0.1.example.com/", false),
            ("http://192.0.2.1/", false),
        ])
    func secrets(text: String, keeps: Bool) throws {
        #expect(try #require(WebAddress(text)).keepsSecrets == keeps)
    }

    @Test(
        "a reference to another server is not followed",
        arguments: [
            ("/b/", "https://a.example.com/b/"), ("https://a.example.com/c", "https://a.example.com/c"),
            ("https://b.example.com/c", nil), ("http://a.example.com/c", nil), ("//b.example.com/c", nil), ("c", nil),
        ])
    func references(reference: String, found: String?) throws {
        #expect(try #require(WebAddress("https://a.example.com/x/y")).resolving(reference)?.text == found)
    }

    @Test(
        "what is no address of the web is none",
        arguments: [
            "", "ftp://a/", "https://", "https://a b/", "https://user:pass@a.example.com/", "https://a/\u{7f}",
        ])
    func addresses(text: String) {
        #expect(WebAddress(text) == nil)
    }
}
