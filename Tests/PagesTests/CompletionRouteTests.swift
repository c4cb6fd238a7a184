// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// A letter that was returned for completion and comes back over the counter.
@Suite struct CompletionRouteTests {
    let office: OfficeFixture
    let matter: Matter
    let path: String

    init() async throws {
        office = try await OfficeFixture()
        matter = try await office.matter(at: .toComplete)
        path = "/matters/\(matter.id)/completion"
    }

    /// The form as the page offers it, with some fields typed over.
    private func fields(_ changes: [String: String] = [:]) async throws -> [(String, String)] {
        let page = try await office.get(path, as: Samples.somsri)
        #expect(page.status == 200)
        var fields = [
            "origin": matter.letter.origin.rawValue, "service": matter.letter.service.rawValue,
            "remarks": matter.letter.remarks,
        ]
        for name in [
            "unit", "reference", "dated", "title", "start_date", "start_time", "end_date", "end_time", "place",
            "audience", "contact_name", "contact_phone", "contact_mail", "seen", "once",
        ] {
            let value: String = try #require(page.field(name), "\(name)")
            fields[name] = value
        }
        return fields.merging(changes) { $1 }.map { ($0.key, $0.value) }
    }

    @Test func theFolderOffersItFirstAndThePageSaysWhatIsMissing() async throws {
        let folder = try await office.get("/matters/\(matter.id)", as: Samples.somsri)
        #expect(
            folder.body.matches(of: /<a class="button ?" href="([^"]*)"/).map { String($0.1) } == [path])
        let page = try await office.get(path, as: Samples.somsri)
        let phrases = Phrases(office.counter.paper.words(.thai))
        let missing = page.body.matches(of: /<li><strong>([^<]*)</).map { String($0.1) }
        #expect(missing == PaperCheck.allCases.filter(matter.missing.contains).map(phrases.paper))
        #expect(page.field("title") == matter.letter.title)
        #expect(page.field("contact_name") == Samples.contact.name)
        #expect(try await office.get(path, as: Samples.anan).status == 403)
        #expect(try await office.post(path, [:], as: Samples.wichai).status == 403)
    }

    @Test func aCompletedLetterIsTakenInOnceWithItsFilesAndContact() async throws {
        let typed = try await fields(["place": "หอประชุมเล็ก", "contact_phone": "ต่อ 7777"])
        let answer = try await office.send(path, typed, files: [.pdf], as: Samples.somsri)
        #expect(answer.location == "/matters/\(matter.id)?done=completion_taken")
        let now = try await office.now(matter.id)
        #expect(now.stage == .toRegister)
        #expect(now.letter.place == "หอประชุมเล็ก")
        #expect(now.documents.count == matter.documents.count + 1)
        #expect(now.folder.last?.person == Samples.somsri.id)
        #expect(try await office.cabinet.contact(of: matter.id)?.phone == "ต่อ 7777")
        #expect(try await office.send(path, typed, files: [.pdf], as: Samples.somsri).status == 303)
        #expect(try await office.now(matter.id) == now, "a form sent twice counts once")
        #expect(try await office.get(path, as: Samples.somsri).status == 409)
    }

    @Test func whatIsWrongKeepsEverythingTypedAndTheFile() async throws {
        let typed = try await fields(["title": "<b>แก้ไขแล้ว</b>", "end_time": "07:00", "contact_phone": "ต่อ 7777"])
        let answer = try await office.send(path, typed, files: [.pdf], as: Samples.somsri)
        #expect(answer.status == 422)
        #expect(answer.complaints.map { $0.prefix(9) } == ["end_time:"])
        #expect(answer.field("title") == "&lt;b&gt;แก้ไขแล้ว&lt;/b&gt;")
        #expect(answer.field("contact_phone") == "ต่อ 7777")
        let kept = try #require(answer.field("kept"))
        let good = try await fields() + [("kept", kept)]
        #expect(try await office.send(path, good, as: Samples.somsri).status == 303)
        #expect(try await office.now(matter.id).documents.count == matter.documents.count + 1)
    }

    @Test func aStalePageKeepsEverythingTyped() async throws {
        let typed = try await fields(["place": "หอประชุมเล็ก", "once": "another"])
        _ = try await office.cabinet.perform(
            .complete(matter.letter, documents: []), on: matter.id, by: .requester, at: Samples.now + .hours(1),
            seen: nil, contact: nil, lateReason: "", once: nil)
        let answer = try await office.send(path, typed, as: Samples.somsri)
        #expect(answer.status == 409)
        #expect(answer.complaints.count == 1)
        #expect(answer.field("place") == "หอประชุมเล็ก")
        #expect(try await office.now(matter.id).letter == matter.letter)
    }
}
