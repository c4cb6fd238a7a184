// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Testing

@testable import Messenger

@Suite("ปฏิทิน: RFC 5545") struct CalendarFeedTests {
    static let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/Messenger/feed.ics")

    /// One of everything that a calendar shows: coming, linked, on, over, called off, moved, classified.
    static var matters: [Matter] {
        var odd = Samples.letter(inDays: 8)
        odd.title = "ประชุม; คณะกรรมการ, ชุดที่ 1\\2\nบรรทัดที่สอง"
        var secret = Samples.letter(inDays: 9)
        secret.title = "เรื่องที่ไม่ควรอยู่ในโทรศัพท์"
        return [
            Samples.matter(at: .toPrepare, id: .init(1), letter: odd), Samples.matter(at: .ready, id: .init(2)),
            Samples.matter(at: .closed, id: .init(3)), Samples.matter(at: .toAssign, id: .init(4)),
            after(.withdraw(reason: "งด"), .requester, id: 5), moved(id: 6), classified(secret, id: 7),
        ]
    }

    private static func after(_ act: Act, _ hand: Hand, id: Int64) -> Matter {
        let archive = PaperArchive()
        var matter = Samples.matter(at: .ready, id: .init(id))
        do {
            let entries = try decide(
                act, in: matter, by: hand, at: Samples.now + .hours(40), given: archive.circumstances(at: Samples.now))
            matter.append(entries, letter: act.letter)
        } catch {
            Issue.record(error)
        }
        return matter
    }

    private static func moved(id: Int64) -> Matter {
        var letter = Samples.letter()
        letter.span = Span(start: letter.span.start + .days(3), end: letter.span.end + .days(3))
        return after(.amend(letter, reason: "เลื่อน"), Samples.hand(.secretariat), id: id)
    }

    private static func classified(_ letter: Letter, id: Int64) -> Matter {
        var archive = PaperArchive()
        do {
            var matter = try archive.receive(letter, at: Samples.now, id: .init(id))
            let how = Classification(origin: .internal, service: .meeting, secrecy: .secret)
            let acts: [(Act, Role)] = [
                (.register(how, papers: Samples.allPapers), .secretariat), (.submit, .secretariat),
                (.approve(note: ""), .executive), (.assign(Samples.assignment), .secretariat),
                (.link("https://zoom.us/j/1"), .officer),
            ]
            for (act, role) in acts {
                matter = try archive.perform(act, on: matter.id, by: Samples.hand(role), at: Samples.now + .hours(1))
            }
            return matter
        } catch {
            Issue.record(error)
            return Matter(id: .init(id), letter: letter)
        }
    }

    private var feed: CalendarFeed {
        var office = Samples.office
        office.address = "https://sanyan.example.ac.th"
        return CalendarFeed(name: "นายอนันต์ เสียงใส · สำนักคอมพิวเตอร์", office: office)
    }

    @Test("the whole feed, byte for byte; `make golden` rewrites it")
    func goldenFeed() throws {
        let text = feed.text(of: Self.matters)
        if ProcessInfo.processInfo.environment["SANYAN_GOLDEN"] == "write" {
            try FileManager.default.createDirectory(
                at: Self.golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: Self.golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: Self.golden, encoding: .utf8)))
    }

    @Test("an unchanged office gives an unchanged feed, and nothing classified leaves it")
    func steady() {
        let text = feed.text(of: Self.matters).unfolded
        #expect(text == feed.text(of: Self.matters).unfolded)
        #expect(!text.contains("ไม่ควรอยู่ในโทรศัพท์"))
        #expect(text.components(separatedBy: "zoom.us").count == 1)
    }

    @Test("the state of each occasion, and the alarm of those that come")
    func states() {
        let lines = feed.text(of: Self.matters).unfolded.components(separatedByCRLF: true)
        func values(_ name: String) -> [String] {
            lines.filter { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
        }
        #expect(values("UID").map { $0.prefix { $0 != "@" } } == ["1", "2", "3", "5", "6", "7"].map { "matter-\($0)" })
        #expect(values("STATUS") == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED", "TENTATIVE", "CONFIRMED"])
        #expect(values("TRIGGER") == ["-PT30M", "-PT30M", "-PT30M"])
        #expect(values("SEQUENCE") == ["1", "2", "2", "3", "3", "2"])
    }
}
