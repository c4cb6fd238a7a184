// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// A letter comes in by the requester's form, well and badly filled in.
@Suite struct RequestRouteTests {
    let office: OfficeFixture
    let words: Words

    init() async throws {
        office = try await OfficeFixture()
        words = office.counter.paper.words(.thai)
    }

    @Test func aLetterComesIn() async throws {
        let answer = try await office.send("/request", filledForm(), files: [.pdf])
        #expect(answer.status == 303)
        let matter = try await office.onlyMatter()
        #expect(answer.location == "/track/\(office.counter.trackingToken(matter))?done=received")
        #expect(matter.stage == .toRegister)
        #expect(matter.intake == .web)
        #expect(
            matter.letter
                == Letter(
                    origin: .internal, unit: "คณะวิทยาศาสตร์", reference: "อว 0000.4/123",
                    dated: Samples.day(2569, 11, 23), title: "พิธีไหว้ครู", service: .broadcast,
                    span: Span(
                        start: Samples.moment(2569, 12, 14, "09:30"), end: Samples.moment(2569, 12, 14, "12:00")),
                    place: "หอประชุมใหญ่", expectedAudience: 1200, remarks: "ขอกล้อง 2 ตัว", wantsRecording: true))
        #expect(
            try await office.cabinet.contact(of: matter.id)
                == Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: ""))
        let documents = try await office.cabinet.documents(matter.documents)
        #expect(documents.map(\.name) == ["หนังสือ.pdf"])
        #expect(documents.map(\.kind) == [.pdf])
    }

    @Test func theSameFormSentTwiceIsOneMatter() async throws {
        let first = try await office.send("/request", filledForm(), files: [.pdf])
        let second = try await office.send("/request", filledForm(), files: [.pdf])
        #expect(first.status == 303)
        #expect(second.location == first.location)
        _ = try await office.onlyMatter()
    }

    @Test(
        arguments: [
            (["start_date": "31 กุมภาพันธ์ 2570"], ["start_date: ไม่มีวันนี้ในปฏิทิน กรุณาตรวจสอบวันที่และเดือน"]),
            (
                ["start_date": "14/12/2026"],
                ["start_date: ปีที่กรอกเป็นคริสต์ศักราช กรุณากรอกปีพุทธศักราช (เช่น 2569)"]
            ),
            (["start_date": "22/11/2569"], ["start_date: วันเวลาที่ขอผ่านไปแล้ว กรุณาเลือกวันเวลาที่ยังมาไม่ถึง"]),
            (["end_time": "09:00"], ["end_time: เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม กรุณาตรวจสอบวันและเวลา"]),
            (["start_time": "25:99"], ["start_time: อ่านเวลาไม่ได้ กรุณากรอกแบบ 24 ชั่วโมง เช่น 09:30"]),
            (["start_time": ""], ["start_time: กรุณากรอกเวลา เช่น 09:30"]),
            (["audience": "หลายคน"], ["audience: จำนวนผู้เข้าร่วมต้องอยู่ระหว่าง 1 ถึง 1,000,000 คน กรุณากรอกเป็นตัวเลข"]),
            (["unit": " "], ["unit: กรุณากรอกหน่วยงานที่ขอ"]),
            (["service": ""], ["service: กรุณาเลือกบริการที่ขอ"]),
            (
                ["contact_phone": ""],
                ["contact_phone: กรุณากรอกโทรศัพท์หรืออีเมลอย่างน้อยหนึ่งอย่าง เพื่อให้ติดต่อกลับได้"]
            ),
            (["contact_mail": "ดวงใจ"], ["contact_mail: รูปแบบอีเมลไม่ถูกต้อง กรุณากรอกเช่น name@example.ac.th"]),
            (["dated": "1/12/2569"], ["dated: วันที่ของหนังสือยังมาไม่ถึง กรุณาตรวจสอบช่องลงวันที่"]),
        ] as [([String: String], [String])])
    func whatIsWrongIsSaidAndNothingIsLost(change: [String: String], complaints: [String]) async throws {
        let form = filledForm(change)
        let answer = try await office.send("/request", form, files: [.pdf])
        #expect(answer.status == 422)
        #expect(answer.complaints == complaints)
        for (name, value) in form where !["origin", "service", "recording", "remarks"].contains(name) {
            #expect(answer.field(name) == (name == "unit" ? value.trimmed : value), "\(name)")
        }
        #expect(answer.body.contains(">ขอกล้อง 2 ตัว</textarea>"))
        #expect(try await office.cabinet.matters(MatterFilter()) == [])
        // The file that came with the mistake need not be chosen again.
        let kept = try #require(answer.field("kept"))
        let again = try await office.send("/request", filledForm() + [("kept", kept)])
        #expect(again.status == 303)
        #expect(
            try await office.cabinet.documents(try await office.onlyMatter().documents).map(\.name) == ["หนังสือ.pdf"])
    }

    @Test func aWrongKindOfFileIsSaid() async throws {
        let file = SentFile(name: "letter.pdf", text: "MZ this is a program with the name of a letter")
        let answer = try await office.send("/request", filledForm(), files: [file])
        #expect(answer.status == 422)
        #expect(answer.complaints == ["file: " + words("fault.document.wrongKind")])
        #expect(answer.field("title") == "พิธีไหว้ครู")
        #expect(try await office.cabinet.matters(MatterFilter()) == [])
    }

    @Test func anEmptyFileIsSaid() async throws {
        let answer = try await office.send("/request", filledForm(), files: [SentFile(name: "letter.pdf", text: "")])
        #expect(answer.complaints == ["file: " + words("fault.document.empty")])
    }

    @Test func fiftyOneMegabytesAreSaidAndTheRestIsKept() async throws {
        let file = SentFile(name: "scan.pdf", text: "%PDF-1.4\n" + String(repeating: "0", count: 51 * 1_048_576))
        let answer = try await office.send("/request", filledForm(), files: [file])
        #expect(answer.status == 422)
        #expect(answer.complaints == ["file: " + words("fault.document.tooLarge")])
        #expect(answer.field("place") == "หอประชุมใหญ่")
    }

    @Test func markupStaysText() async throws {
        let evil = "<script>alert(1)</script>\"'>&"
        let names = ["unit", "reference", "title", "place", "remarks", "contact_name", "contact_phone"]
        let change = Dictionary(uniqueKeysWithValues: names.map { ($0, evil) })
        let wrong = try await office.send("/request", filledForm(change.merging(["end_time": "x"]) { $1 }))
        #expect(wrong.status == 422)
        #expect(!wrong.body.contains("<script>alert"))
        #expect(wrong.field("title") == escaped(evil))
        let right = try await office.send("/request", filledForm(change))
        let page = try await office.get(try #require(right.location))
        #expect(page.status == 200)
        #expect(!page.body.contains("<script>alert"))
        #expect(try await office.onlyMatter().letter.title == evil)
    }

    @Test func aFloodIsSlowedAndNothingTypedIsLost() async throws {
        for _ in 0..<60 { _ = try await office.post("/request", ["title": "x"]) }
        let answer = try await office.send("/request", filledForm(), files: [.pdf])
        #expect(answer.status == 429)
        #expect(answer.notice == words("request.busy"))
        #expect(answer.field("title") == "พิธีไหว้ครู")
        office.clock.set(Samples.now + .minutes(2))
        #expect(try await office.send("/request", filledForm(), files: [.pdf]).status == 303)
    }

    @Test func theFormSaysWhatTheLawWants() async throws {
        let answer = try await office.get("/request")
        #expect(answer.status == 200)
        let said = answer.body.matches(of: /<dt>([^<]*)<\/dt>/).map { String($0.1) }
        #expect(
            said == [
                "ผู้เก็บข้อมูล", "วัตถุประสงค์", "ฐานทางกฎหมาย", "จำเป็นหรือไม่", "ระยะเวลาเก็บ", "ผู้ที่เห็นข้อมูล", "สิทธิและการติดต่อ",
            ])
        let notice = try #require(answer.body.firstRange(of: "มาตรา 24 (4)"))
        let button = try #require(answer.body.firstRange(of: words("request.send") + "</button>"))
        #expect(notice.lowerBound < button.lowerBound)
    }

    @Test(
        arguments: [
            ("", nil), ("ไม่ใช่ลิงก์", nil), ("https://example.ac.th/track/short", nil),
            (
                "http://127.0.0.1:8080/track/" + String(repeating: "a", count: 43) + "?done=received",
                String(repeating: "a", count: 43)
            ),
            (String(repeating: "b", count: 43), String(repeating: "b", count: 43)),
        ] as [(String, String?)])
    func aPastedLinkIsFollowed(typed: String, token: String?) async throws {
        let answer = try await office.post("/track", ["link": typed])
        #expect(answer.status == (token == nil ? 422 : 303))
        #expect(answer.location == token.map { "/track/\($0)" })
        if token == nil { #expect(answer.complaints == ["link: " + words("home.follow.unreadable")]) }
    }
}
