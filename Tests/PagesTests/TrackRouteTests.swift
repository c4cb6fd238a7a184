// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// The requester follows, completes, withdraws and judges, with nothing but a link.
@Suite struct TrackRouteTests {
    let office: OfficeFixture
    let words: Words

    init() async throws {
        office = try await OfficeFixture()
        words = office.counter.paper.words(.thai)
    }

    func path(_ matter: Matter) -> String { "/track/\(office.counter.trackingToken(matter))" }

    /// The places of the procedure's rows, as the page shows them.
    func places(_ answer: Answer) -> [String] {
        answer.body.matches(of: /<li data-place="([a-z]+)"/).map { String($0.1) }
    }

    @Test(
        arguments: [
            (.toRegister, "done here ahead ahead ahead ahead ahead ahead ahead ahead"),
            (.toComplete, "done here ahead ahead ahead ahead ahead ahead ahead ahead"),
            (.toDecide, "done done done here ahead ahead ahead ahead ahead ahead"),
            (.toPrepare, "done done done done done here here ahead ahead ahead"),
            (.ready, "done done done done done done done ahead here ahead"),
            (.toEvaluate, "done done done done done done done done done here"),
            (.closed, "done done done done done done done done done done"),
            (.returned, "done done done done done"), (.withdrawn, "done done"), (.voided, "done done done"),
        ] as [(Stage, String)])
    func theFolderIsWhereItIs(stage: Stage, expected: String) async throws {
        let matter = try await office.matter(at: stage)
        office.clock.set(Samples.now + .hours(1))
        let answer = try await office.get(path(matter))
        #expect(answer.status == 200)
        #expect(places(answer).joined(separator: " ") == expected)
    }

    @Test func itSaysWhoIsAwaitedAndHowMuchIsLeft() async throws {
        let matter = try await office.matter(at: .toDecide)
        office.clock.set(Samples.now + .hours(5))
        let text = try await office.get(path(matter)).text
        #expect(text.contains("ผู้ที่ต้องดำเนินการต่อ: ผู้บริหาร"))
        #expect(text.contains("พิจารณา เหลือ 21 ชั่วโมง"))
        #expect(text.contains("เลขรับ 1/2569"))
    }

    @Test func noNameOfTheOfficeAndNoInnerNoteIsSeen() async throws {
        let matter = try await office.matter(at: .closed)
        let body = try await office.get(path(matter)).body
        for person in Samples.people { #expect(!body.contains(person.name), "\(person.username)") }
        #expect(!body.contains(Samples.contact.name))
        #expect(!body.contains(Samples.contact.phone))
    }

    @Test func theDeclinesReasonIsSeen() async throws {
        let matter = try await office.matter(at: .returned)
        let text = try await office.get(path(matter)).text
        #expect(text.contains("ไม่อนุมัติ: เจ้าหน้าที่ไม่เพียงพอ"))
        #expect(text.contains("เจ้าหน้าที่ติดภารกิจทุกคนในวันดังกล่าว"))
    }

    @Test func anIncompleteLetterIsCompleted() async throws {
        let matter = try await office.matter(at: .toComplete)
        office.clock.set(Samples.now + .hours(1))
        let page = try await office.get(path(matter))
        #expect(page.text.contains("ลงนามโดยผู้มีอำนาจ"))
        #expect(page.text.contains("ยังไม่มีลายมือชื่อผู้มีอำนาจ"))
        #expect(page.field("title") == matter.letter.title)
        #expect(page.field("contact_name") == nil)
        let fields = filledForm(["title": "แก้ไขแล้ว"]) + [("seen", try #require(page.field("seen")))]
        let answer = try await office.send(path(matter) + "/completion", fields, files: [.pdf])
        #expect(answer.location == path(matter) + "?done=completed")
        let now = try await office.now(matter.id)
        #expect(now.stage == .toRegister)
        #expect(now.letter.title == "แก้ไขแล้ว")
        #expect(now.documents.count == 1)
        #expect(try await office.cabinet.contact(of: matter.id) == Samples.contact)
    }

    @Test func aWrongCompletionKeepsWhatWasTyped() async throws {
        let matter = try await office.matter(at: .toComplete)
        let fields = filledForm(["title": "แก้ไขแล้ว", "end_time": "09:00"]) + [("seen", "2")]
        let answer = try await office.send(path(matter) + "/completion", fields, files: [.pdf])
        #expect(answer.status == 422)
        #expect(answer.complaints == ["end_time: " + words("fault.endsBeforeStart")])
        #expect(answer.field("title") == "แก้ไขแล้ว")
        #expect(answer.field("kept") != nil)
        #expect(try await office.now(matter.id).stage == .toComplete)
    }

    @Test func aStalePageIsToldAndChangesNothing() async throws {
        let matter = try await office.matter(at: .toDecide)
        let answer = try await office.post(path(matter) + "/withdrawal", ["seen": "1", "reason": "เลื่อนงาน"])
        #expect(answer.status == 409)
        #expect(answer.complaints.count == 1)
        #expect(answer.body.contains(">เลื่อนงาน</textarea>"))
        #expect(try await office.now(matter.id).stage == .toDecide)
    }

    @Test func aMatterIsWithdrawnWithAReason() async throws {
        let matter = try await office.matter(at: .toDecide)
        let seen = String(matter.folder.count)
        let without = try await office.post(path(matter) + "/withdrawal", ["seen": seen, "reason": " "])
        #expect(without.status == 422)
        let answer = try await office.post(path(matter) + "/withdrawal", ["seen": seen, "reason": "เลื่อนงาน"])
        #expect(answer.location == path(matter) + "?done=withdrawn")
        #expect(try await office.now(matter.id).stage == .withdrawn)
    }

    @Test func linksEndAndForgedOnesNeverBegin() async throws {
        let matter = try await office.matter(at: .toRegister)
        let other = office.counter.evaluationToken(matter, office: Samples.office)
        #expect(try await office.get("/track/\(other)").status == 404)
        #expect(try await office.get("/track/none").status == 404)
        office.clock.set(matter.letter.span.end + .days(181))
        let answer = try await office.get(path(matter))
        #expect(answer.status == 410)
        #expect(answer.text.contains(words("link.expired")))
        #expect(answer.text.contains(words("link.expired.remedy")))
    }

    @Test func theReceiptAndTheCalendarAreHandedOut() async throws {
        let matter = try await office.matter(at: .ready)
        let receipt = try await office.get(path(matter) + "/receipt.pdf")
        #expect(receipt.headers["content-type"] == "application/pdf")
        #expect(receipt.body == "%PDF-receipt")
        let calendar = try await office.get(path(matter) + "/calendar.ics")
        #expect(calendar.headers["content-type"] == "text/calendar; charset=utf-8")
        #expect(calendar.body == "\(matter.letter.title): \(matter.id)")
    }

    // MARK: Three questions

    func evaluate(_ matter: Matter) -> String {
        "/evaluate/\(office.counter.evaluationToken(matter, office: Samples.office))"
    }

    @Test func threeAnswersCloseTheMatter() async throws {
        let matter = try await office.matter(at: .toEvaluate)
        office.clock.set(try #require(matter.endedAt) + .hours(1))
        #expect(try await office.get(path(matter)).body.contains("href=\"\(evaluate(matter))\""))
        let half = try await office.post(evaluate(matter), ["overall": "5", "staff": "6", "comment": "ดีมาก"])
        #expect(half.status == 422)
        #expect(
            half.complaints
                == ["signal", "staff"].map {
                    "\($0): " + words("evaluate.question.\($0)") + ": " + words("evaluate.choose")
                })
        #expect(half.body.contains(">ดีมาก</textarea>"))
        let answer = try await office.post(
            evaluate(matter), ["overall": "5", "signal": "4", "staff": "3", "comment": "ดีมาก", "once": "e1"])
        #expect(answer.location == evaluate(matter) + "?done=evaluated")
        let now = try await office.now(matter.id)
        #expect(now.stage == .closed)
        #expect(now.evaluation == Evaluation(overall: 5, signal: 4, staff: 3))
        #expect(now.evaluationNote == "ดีมาก")
        let again = try await office.post(
            evaluate(matter), ["overall": "1", "signal": "1", "staff": "1", "once": "e1"])
        #expect(again.status == 303)
        #expect(try await office.now(matter.id).evaluation == Evaluation(overall: 5, signal: 4, staff: 3))
        #expect(try await office.get(evaluate(matter)).text.contains(words("evaluate.thanks.text")))
    }

    @Test func afterTheSetTimeNobodyIsAsked() async throws {
        let matter = try await office.matter(at: .toEvaluate)
        let path = evaluate(matter)
        office.clock.set(try #require(matter.endedAt) + .days(8))
        let answer = try await office.get(path)
        #expect(answer.status == 410)
        #expect(answer.text.contains(words("link.expired")))
    }
}
