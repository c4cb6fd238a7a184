// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// The desk, the folder, the search and the calendar.
@Suite struct MatterRouteTests {
    @Test func theDeskShowsWhatAwaitsEachRoleMostPressingFirst() async throws {
        let office = try await OfficeFixture()
        let late = try await office.matter(at: .toRegister)
        let soon = try await office.matter(at: .toAssign, letter: Samples.letter(inDays: 9))
        let decide = try await office.matter(at: .toDecide, letter: Samples.letter(inDays: 10))
        office.clock.set(Samples.now + .hours(28))
        let desk = try await office.get("/desk", as: Samples.somsri)
        #expect(desk.status == 200)
        let links = desk.body.matches(of: /<a class="button" href="([^"]*)"/).map { String($0.1) }
        #expect(links == ["/matters/\(late.id)/registration", "/matters/\(soon.id)/assignment"])
        let executive = try await office.get("/desk", as: Samples.wichai)
        #expect(
            executive.body.matches(of: /<a class="button" href="([^"]*)"/).map { String($0.1) }
                == ["/matters/\(decide.id)/decision"])
        let officer = try await office.get("/desk", as: Samples.malee)
        #expect(officer.text.contains("ไม่มีเรื่องค้าง"))
        let many = try await office.get("/desk", as: Samples.somchai)
        #expect(many.body.matches(of: /<h2 id="waiting-([a-z]*)"/).map { String($0.1) } == ["secretariat", "officer"])
        #expect(try await office.get("/desk").location == "/sign-in?to=/desk")
    }

    @Test(arguments: Stage.allCases.filter { $0 != .letterAwaited })
    func everyStageHasAFolderThatOpensWithTheButtonsThatAreOffered(stage: Stage) async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: stage)
        office.clock.set(matter.folder.last?.at ?? Samples.now)
        for person in [Samples.somsri, Samples.wichai, Samples.anan, Samples.narong, Samples.prasert] {
            let page = try await office.get("/matters/\(matter.id)", as: person)
            #expect(page.status == 200)
            #expect(page.body.matches(of: /⟦/).isEmpty)
            let shown = Set(page.body.matches(of: /<a class="button(?: quiet)? ?" href="([^"]*)"/).map { String($0.1) })
            let offered = Set(
                offers(matter, to: person.roles).filter { actNoun($0) != nil }.map { actPath($0, on: matter.id) })
            #expect(shown == offered, "\(stage), \(person.username)")
            // Every button's page answers.
            for path in shown where person != Samples.prasert {
                #expect(try await office.get(path, as: person).status == 200, "\(stage), \(path)")
            }
            let sees = person != Samples.narong && person != Samples.prasert
            #expect(page.body.contains("duangjai@example.ac.th") == sees, "the contact is for those who need it")
            #expect(page.body.contains("/track/") == (person == Samples.somsri))
        }
    }

    @Test func theContactIsForgottenWhenTheMatterHasEndedAndTheFolderStaysWhole() async throws {
        let office = try await OfficeFixture()
        let open = try await office.matter(at: .toAssign)
        let path = "/matters/\(open.id)/forgetting"
        #expect(try await office.get("/matters/\(open.id)", as: Samples.somsri).body.contains(path) == false)
        #expect(try await office.post(path, [:], as: Samples.somsri).status == 422)
        let matter = try await office.matter(at: .returned, letter: Samples.letter(inDays: 9))
        let end = "/matters/\(matter.id)/forgetting"
        #expect(try await office.get("/matters/\(matter.id)", as: Samples.somsri).body.contains(end))
        #expect(try await office.post(end, [:], as: Samples.anan).status == 403)
        #expect(try await office.post(end, [:], as: Samples.somsri).location == "/matters/\(matter.id)?done=forgotten")
        #expect(try await office.cabinet.contact(of: matter.id) == .forgotten)
        #expect(try await office.cabinet.matter(matter.id) == matter, "not an entry has changed")
        #expect(try await office.get("/matters/\(matter.id)", as: Samples.somsri).body.contains(end) == false)
        let changes = try await office.cabinet.rosterChanges(limit: 1)
        #expect(changes.map(\.what) == ["contact"])
        #expect(changes.map(\.subject) == ["\(matter.id)"])
    }

    @Test func theFolderTellsWhatChangedInTheLetterFieldByField() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toSubmit)
        var letter = matter.letter
        letter.place = "<i>หอประชุมใหญ่</i>"
        _ = try await office.cabinet.perform(
            .amend(letter, reason: "ย้าย <b>ห้อง</b>"), on: matter.id, by: Hand(Samples.somsri),
            at: Samples.now + .hours(1), seen: nil, contact: nil, lateReason: "", once: nil)
        let page = try await office.get("/matters/\(matter.id)", as: Samples.somsri)
        let changes = page.body.matches(
            of: /<del class="before">([^<]*)<\/del>[^<]*<span[^>]*>[^<]*<\/span>[^<]*<ins>([^<]*)</)
        #expect(
            changes.map { [String($0.1), String($0.2)] } == [["ห้องประชุมราชพฤกษ์", "&lt;i&gt;หอประชุมใหญ่&lt;/i&gt;"]])
        #expect(page.body.contains("ย้าย &lt;b&gt;ห้อง&lt;/b&gt;"))
        #expect(try await office.now(matter.id).letters == [matter.letter, letter])
    }

    @Test func lookingForMatters() async throws {
        let office = try await OfficeFixture()
        let meeting = try await office.matter(at: .toSubmit)
        let broadcast = try await office.matter(at: .toDecide, letter: Samples.letter(service: .broadcast, inDays: 40))
        func found(_ query: String) async throws -> [String] {
            let page = try await office.get("/matters\(query)", as: Samples.narong)
            #expect(page.status == 200)
            return page.body.matches(of: /<h3><a href="\/matters\/(\d+)"/).map { String($0.1) }.sorted()
        }
        let (first, second) = (meeting.id.description, broadcast.id.description)
        #expect(try await found("") == [first, second])
        #expect(
            try await found("?text=%E0%B8%AB%E0%B8%A5%E0%B8%B1%E0%B8%81%E0%B8%AA%E0%B8%B9%E0%B8%95%E0%B8%A3+1%2F2569")
                == [first])
        #expect(try await found("?stage=toDecide") == [second])
        #expect(try await found("?service=meeting") == [first])
        #expect(try await found("?month=2570-01") == [second])
        #expect(try await found("?month=2027-01") == [second])
        #expect(try await found("?ids=\(second)&of=late") == [second])
        #expect(try await found("?ids=") == [])
        #expect(try await found("?stage=nonsense&page=-3&month=13-13&ids=abc") == [])
        let typed = try await office.get("/matters?text=%22%3E%3Cscript%3E", as: Samples.somsri)
        #expect(typed.body.contains("value=\"&quot;&gt;&lt;script&gt;\""))
        #expect(try await office.get("/matters/77", as: Samples.somsri).status == 404)
    }

    @Test func manyMattersAreReadPageByPage() async throws {
        let office = try await OfficeFixture()
        for index in 0..<27 { try await office.matter(at: .toRegister, letter: Samples.letter(inDays: 7 + index)) }
        let first = try await office.get("/matters?stage=toRegister", as: Samples.somsri)
        #expect(first.body.matches(of: /<article/).count == 25)
        #expect(first.body.contains("href=\"/matters?stage=toRegister&amp;page=2\""))
        let second = try await office.get("/matters?stage=toRegister&page=2", as: Samples.somsri)
        #expect(second.body.matches(of: /<article/).count == 2)
        #expect(!second.body.contains("rel=\"next\""))
    }

    @Test func theCalendarInMonthsWeeksAndDays() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let month = try await office.get("/calendar", as: Samples.narong)
        #expect(month.text.contains("ปฏิทิน พฤศจิกายน 2569"))
        #expect(month.body.contains("<a class=\"item\" href=\"/matters/\(matter.id)\""))
        let december = try await office.get("/calendar?view=month&at=2026-12-01", as: Samples.narong)
        #expect(december.body.matches(of: /<span class="holiday">/).count > 0)
        let day = try await office.get("/calendar?view=day&at=2026-11-30", as: Samples.narong)
        #expect(day.text.contains("เวลา 08:00–12:30 น. \(matter.letter.title)"))
        for (query, isThere) in [
            ("officer=5", true), ("officer=7", false), ("room=1", true), ("room=2", false), ("officer=x&room=y", true),
        ] {
            let page = try await office.get("/calendar?view=week&at=2026-11-30&\(query)", as: Samples.narong)
            #expect(
                page.body.contains("<a class=\"card engagement\" href=\"/matters/\(matter.id)\"") == isThere, "\(query)"
            )
        }
        for odd in ["at=2026-02-31", "at=9999-12-31", "at=0001-01-01", "view=year", "month=2569-99"] {
            #expect(try await office.get("/calendar?\(odd)", as: Samples.narong).text.contains("ปฏิทิน พฤศจิกายน 2569"))
        }
    }
}
