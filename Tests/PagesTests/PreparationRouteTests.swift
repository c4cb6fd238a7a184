// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// จัดเตรียมและทดสอบ: ticks with evidence from a phone, the network notice, the link, and readiness.
@Suite struct PreparationRouteTests {
    @Test func everyCheckAndTheNoticeMakeItReady() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)"
        let page = try await office.get("\(path)/preparation", as: Samples.anan)
        #expect(page.status == 200)
        #expect(page.text.contains("0 จาก 6 รายการ"))
        #expect(page.field("megabits") == "20")
        for check in matter.checklist {
            let answer = try await office.post(
                "\(path)/checks/\(check.id)", ["once": "t-\(check.id)", "value": check.needsEvidence ? "ปกติ" : ""],
                as: Samples.kanya)
            #expect(answer.location == "\(path)/preparation?done=check_ticked")
        }
        let told = try await office.post(
            "\(path)/network-notice", ["once": "n", "megabits": "45", "network_note": "ผู้ชมมาก"], as: Samples.kanya)
        #expect(told.location == "\(path)/preparation?done=network_told")
        let ready = try await office.now(matter.id)
        #expect(ready.stage == .ready)
        #expect(ready.ticks["sound"]?.by == Samples.kanya.id)
        #expect(ready.networkNotice == NetworkNotice(megabitsPerSecond: 45))
        let after = try await office.get("\(path)/preparation?done=network_told", as: Samples.anan)
        #expect(after.text.contains("6 จาก 6 รายการ"))
        #expect(after.text.contains("แจ้งแล้ว รอรับทราบ"))
        #expect(after.text.contains("นางสาวกัญญา กล้องนิ่ง ตรวจเมื่อ จ. 23 พ.ย. 69 09:00 น."))
    }

    @Test func aPhotoIsEvidenceAndIsShownSmall() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let answer = try await office.postPhoto(
            "/matters/\(matter.id)/checks/uplink", ["once": "a", "note": "ลำโพงซ้าย"], name: "IMG_1.jpg", bytes: tinyPNG,
            as: Samples.anan)
        #expect(answer.status == 303)
        let tick = try #require(try await office.now(matter.id).ticks["uplink"])
        let photo = try #require(tick.evidence.photo)
        #expect(try await office.cabinet.documents([photo]).map(\.kind) == [.png])
        let page = try await office.get("/matters/\(matter.id)/preparation", as: Samples.anan)
        #expect(page.body.contains("<img src=\"/documents/\(photo)\""))
        #expect(try await office.get("/documents/\(photo)", as: Samples.anan).status == 200)
    }

    @Test(arguments: [("slides.jpg", "hello, no picture"), ("letter.png", "%PDF-1.7 a letter"), ("empty.png", "")])
    func aFileThatIsNoPictureLosesNothing(name: String, content: String) async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let answer = try await office.postPhoto(
            "/matters/\(matter.id)/checks/sound", ["once": "a", "value": "-16 LUFS", "note": "<b>ซ้าย</b>"], name: name,
            bytes: Array(content.utf8), as: Samples.anan)
        #expect(answer.status == 422)
        #expect(answer.text.contains("ภาพหลักฐานต้องเป็นไฟล์ JPEG หรือ PNG"))
        #expect(answer.body.contains("value=\"-16 LUFS\""))
        #expect(answer.body.contains("&lt;b&gt;ซ้าย&lt;/b&gt;</textarea>"))
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func fiftyOneMegabytesLoseNothingTyped() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let answer = try await office.postPhoto(
            "/matters/\(matter.id)/checks/sound", ["once": "a", "value": "-16 LUFS"], name: "large.png",
            bytes: tinyPNG + [UInt8](repeating: 65, count: 51 * 1_048_576), as: Samples.anan)
        #expect(answer.status == 413)
        #expect(answer.text.contains("ไม่เกิน 50 MB"))
        #expect(answer.body.contains("value=\"-16 LUFS\""))
    }

    @Test func aPictureThatCameIsKeptWhenTheTickIsRefused() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let long = String(repeating: "ก", count: 201)
        let first = try await office.postPhoto(
            "/matters/\(matter.id)/checks/sound", ["once": "a", "value": long], name: "a.png", bytes: tinyPNG,
            as: Samples.anan)
        #expect(first.status == 422)
        #expect(first.body.contains("value=\"\(long)\""))
        let kept = try #require(first.field("kept"))
        let second = try await office.post(
            "/matters/\(matter.id)/checks/sound", ["once": "b", "kept": kept, "value": "-16"], as: Samples.anan)
        #expect(second.status == 303)
        #expect(try await office.now(matter.id).ticks["sound"]?.evidence.photo != nil)
    }

    @Test func aTickNeedsItsEvidenceAndCountsOnce() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)/checks"
        #expect(try await office.post("\(path)/sound", ["once": "a"], as: Samples.anan).status == 422)
        #expect(try await office.post("\(path)/gone", ["once": "a"], as: Samples.anan).status == 422)
        for _ in 0..<2 {
            #expect(try await office.post("\(path)/power", ["once": "same"], as: Samples.anan).status == 303)
        }
        #expect(try await office.now(matter.id).folder.count == matter.folder.count + 1)
        let again = try await office.post("\(path)/power", ["once": "other"], as: Samples.kanya)
        #expect(again.status == 409)
        #expect(again.text.contains("รายการนี้มีผู้ตรวจแล้ว"))
        #expect(try await office.post("\(path)/power/removal", [:], as: Samples.kanya).status == 303)
        #expect(try await office.now(matter.id).ticks == [:])
    }

    @Test(arguments: ["", "0", "-3", "มาก", "100001", "9999999999999999999999"])
    func trafficIsANumber(typed: String) async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let answer = try await office.post(
            "/matters/\(matter.id)/network-notice", ["once": "a", "megabits": typed, "network_note": "<i>สวัสดี</i>"],
            as: Samples.anan)
        #expect(answer.status == 422)
        #expect(answer.field("megabits") == typed)
        #expect(answer.body.contains("&lt;i&gt;สวัสดี&lt;/i&gt;</textarea>"))
        #expect(try await office.now(matter.id) == matter)
    }

    @Test(
        arguments: [
            "http://zoom.us/j/1", "javascript:alert(1)", "https://", "https://a b", "https://x/\"><script>",
            "https://me@meet.example.com/",
        ])
    func onlySafeLinks(typed: String) async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let answer = try await office.post(
            "/matters/\(matter.id)/link", ["once": "a", "link": typed], as: Samples.anan)
        #expect(answer.status == 422)
        #expect(answer.body.contains("value=\"\(escaped(typed))\""))
        #expect(try await office.now(matter.id).link == nil)
    }

    @Test(
        arguments: [
            ("https://us02web.zoom.us/j/1", "Zoom"), ("https://teams.microsoft.com/l/1", "Microsoft Teams"),
            ("https://meet.google.com/a-b", "Google Meet"), ("https://uni.webex.com/x", "Webex"),
            ("https://youtu.be/x", "YouTube"), ("https://notzoom.us/", "notzoom.us"),
            ("https://live.example.ac.th:8443/x", "live.example.ac.th"),
        ])
    func linksHaveTheNamesPeopleUse(address: String, name: String) { #expect(linkName(address) == name) }

    @Test func readinessWithoutAllNeedsAReasonAndAFreshPage() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)/readiness"
        let seen = "\(matter.folder.count)"
        let empty = try await office.post(path, ["once": "a", "seen": seen, "reason": " "], as: Samples.anan)
        #expect(empty.status == 422)
        #expect(empty.text.contains("กรุณาเขียนเหตุผล"))
        _ = try await office.post("/matters/\(matter.id)/checks/power", ["once": "p"], as: Samples.kanya)
        let stale = try await office.post(path, ["once": "a", "seen": seen, "reason": "ทดสอบเมื่อวาน"], as: Samples.anan)
        #expect(stale.status == 409)
        #expect(stale.body.contains("ทดสอบเมื่อวาน</textarea>"))
        let fresh = try #require(stale.field("seen"))
        let done = try await office.post(path, ["once": "a", "seen": fresh, "reason": "ทดสอบเมื่อวาน"], as: Samples.anan)
        #expect(done.status == 303)
        #expect(try await office.now(matter.id).isOverridden)
    }

    @Test func lateReasonsAreAskedForWhereTheStepEnds() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        office.clock.set(matter.letter.span.start - .hours(2))
        let page = try await office.get("/matters/\(matter.id)/preparation", as: Samples.anan)
        #expect(page.text.contains("เกินกำหนด"))
        #expect(page.body.matches(of: /name="late_reason"/).count == 1, "only the override ends the step by itself")
        let seen = "\(matter.folder.count)"
        _ = try await office.post(
            "/matters/\(matter.id)/readiness",
            ["once": "a", "seen": seen, "reason": "ทดสอบด้วยวาจา", "late_reason": "ห้องปิดเมื่อวาน"], as: Samples.anan)
        #expect(try await office.now(matter.id).folder.last?.lateReason == "ห้องปิดเมื่อวาน")
    }

    @Test func othersLookOrAreSentAway() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)"
        #expect(try await office.get("\(path)/preparation").location == "/sign-in?to=\(path)/preparation")
        #expect(try await office.post("\(path)/checks/power", [:]).status == 401)
        #expect(try await office.post("\(path)/checks/power", [:], as: Samples.narong).status == 403)
        let seen = try await office.get("\(path)/preparation", as: Samples.narong)
        #expect(seen.status == 200)
        #expect(!seen.body.contains("action=\"\(path)/checks"))
        #expect(try await office.get("/matters/999/preparation", as: Samples.anan).status == 404)
    }
}
