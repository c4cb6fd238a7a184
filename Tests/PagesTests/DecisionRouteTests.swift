// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// แฟ้มเสนอ: an executive decides from a phone; a link only opens; two at once leave one decision.
@Suite struct DecisionRouteTests {
    @Test func approvingIsOnePressAndTheNextFolderIsAtTheTop() async throws {
        let office = try await OfficeFixture()
        let first = try await office.matter(at: .toDecide)
        let second = try await office.matter(
            at: .toDecide, letter: Samples.letter(inDays: 9), received: Samples.now + .hours(1))
        office.clock.set(Samples.now + .hours(4))

        let list = try await office.get("/decisions", as: Samples.wichai)
        #expect(list.status == 200)
        #expect(list.body.matches(of: /<article class="card decision"/).count == 2)
        let answer = try await office.post(
            "/matters/\(first.id)/decision",
            ["decision": "approve", "seen": list.field("seen") ?? "", "once": list.field("once") ?? ""],
            as: Samples.wichai)
        #expect(answer.status == 303)
        #expect(answer.location == "/decisions?done=approved&last=\(first.id)#next")
        #expect(try await office.now(first.id).decision?.by == Samples.wichai.id)
        #expect(try await office.now(first.id).stage == .toAssign)

        let next = try await office.get("/decisions?done=approved&last=\(first.id)", as: Samples.wichai)
        #expect(next.text.contains("อนุมัติแล้ว: \(first.letter.title)"))
        let place = try #require(next.body.firstRange(of: "id=\"next\""))
        #expect(next.body[place.upperBound...].contains("/matters/\(second.id)/decision"))
        #expect(next.body.matches(of: /<article class="card decision"/).count == 1)
    }

    @Test func aLinkInAMessageOnlyOpensThePage() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toDecide)
        for method in ["GET", "HEAD"] {
            for query in ["", "?decision=approve&seen=3&once=a"] {
                let answer = try await office.get(
                    "/matters/\(matter.id)/decision\(query)", as: Samples.ratana, method: method)
                #expect(answer.status == 200)
            }
        }
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func twoExecutivesAtTheSameMomentLeaveOneDecision() async throws {
        for _ in 0..<10 {
            let office = try await OfficeFixture()
            let matter = try await office.matter(at: .toDecide)
            let seen = String(matter.folder.count)
            async let yes = office.post(
                "/matters/\(matter.id)/decision", ["decision": "approve", "seen": seen, "once": "w"], as: Samples.wichai
            )
            async let no = office.post(
                "/matters/\(matter.id)/decision",
                ["decision": "decline", "reason": "noRoom", "note": "ห้องปิดปรับปรุง", "seen": seen, "once": "r"],
                as: Samples.ratana)
            let answers = try await [yes, no]
            #expect(answers.map(\.status).sorted() == [303, 409])
            let after = try await office.now(matter.id)
            #expect(after.folder.count == matter.folder.count + 1)
            let decision = try #require(after.decision)
            let told = try #require(answers.first { $0.status == 409 })
            let who = decision.isApproval ? Samples.wichai : Samples.ratana
            #expect(decision.by == who.id)
            let word = decision.isApproval ? "อนุมัติแฟ้มนี้แล้ว" : "ไม่อนุมัติแฟ้มนี้แล้ว"
            #expect(told.text.contains("\(who.name) \(word) เมื่อ"))
            #expect(told.field("seen") == nil, "no button is left")
        }
    }

    @Test func declining() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toDecide)
        let path = "/matters/\(matter.id)/decision"
        let seen = String(matter.folder.count)

        let noReason = try await office.post(
            path, ["decision": "decline", "reason": "", "note": "<b>เต็ม</b>", "seen": seen], as: Samples.wichai)
        #expect(noReason.status == 422)
        #expect(noReason.body.contains("&lt;b&gt;เต็ม&lt;/b&gt;</textarea>"), "what was typed is kept, as text")
        let noNote = try await office.post(
            path, ["decision": "decline", "reason": "noRoom", "note": " ", "seen": seen], as: Samples.wichai)
        #expect(noNote.status == 422)
        #expect(noNote.text.contains("กรุณาเขียนเหตุผล"))
        #expect(noNote.body.contains("<option value=\"noRoom\" selected>"))
        let unclear = try await office.post(path, ["seen": seen], as: Samples.wichai)
        #expect(unclear.status == 422)
        #expect(try await office.now(matter.id) == matter)

        let done = try await office.post(
            path, ["decision": "decline", "reason": "noRoom", "note": "ห้องปิดปรับปรุง", "seen": seen, "once": "x"],
            as: Samples.wichai)
        #expect(done.location == "/decisions?done=declined&last=\(matter.id)#next")
        let after = try await office.now(matter.id)
        #expect(after.stage == .toReturn)
        #expect(after.decision?.reason == .noRoom)
        let again = try await office.post(
            path, ["decision": "decline", "reason": "noRoom", "note": "ห้องปิดปรับปรุง", "seen": seen, "once": "x"],
            as: Samples.wichai)
        #expect(again.status == 303, "a form sent twice counts once and answers the same")
        #expect(try await office.now(matter.id) == after)
    }

    @Test func aFolderThatGrewMeanwhileIsLookedAtFirst() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toDecide)
        var letter = matter.letter
        letter.place = "หอประชุมใหญ่"
        _ = try await office.cabinet.perform(
            .amend(letter, reason: "ย้ายห้อง"), on: matter.id, by: Hand(Samples.somsri), at: Samples.now + .hours(3),
            seen: nil, contact: nil, lateReason: "", once: nil)
        let stale = try await office.post(
            "/matters/\(matter.id)/decision", ["decision": "approve", "seen": String(matter.folder.count)],
            as: Samples.wichai)
        #expect(stale.status == 409)
        #expect(stale.text.contains("มีผู้บันทึกในแฟ้มนี้หลังจากที่ท่านเปิดหน้า"))
        #expect(stale.field("seen") == String(matter.folder.count + 1), "the second press knows the new letter")
        #expect(try await office.now(matter.id).decision == nil)
    }

    @Test func onlyExecutivesDecide() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toDecide)
        for person in [Samples.somsri, Samples.anan, Samples.narong, Samples.prasert] {
            #expect(try await office.get("/decisions", as: person).status == 403)
            let answer = try await office.post(
                "/matters/\(matter.id)/decision", ["decision": "approve", "seen": "3"], as: person)
            #expect(answer.status == 403)
        }
        #expect(try await office.get("/decisions").location == "/sign-in?to=/decisions")
        #expect(try await office.post("/matters/\(matter.id)/decision", ["decision": "approve"]).status == 401)
        #expect(try await office.get("/matters/99/decision", as: Samples.wichai).status == 404)
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func theCardSaysWhatIsTakenBeforeItIsAsked() async throws {
        let office = try await OfficeFixture()
        let taken = try await office.matter(at: .toPrepare)
        let asked = try await office.matter(at: .toDecide)
        let page = try await office.get("/matters/\(asked.id)/decision", as: Samples.wichai)
        #expect(page.text.contains("ห้องที่ขอมีผู้จองแล้วในเวลานี้"))
        #expect(page.text.contains("เจ้าหน้าที่ว่าง 3 จาก 5 คน"))
        #expect(page.text.contains(taken.letter.title))
    }
}
