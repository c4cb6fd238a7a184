// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// The secretariat's morning: the counter, checking, registering, returning, the registers, the files.
@Suite struct RegistrationRouteTests {
    let office: OfficeFixture
    let words: Words
    let papers = PaperCheck.allCases.map { ("papers", $0.rawValue) }
    let classes = [("origin", "external"), ("service", "both"), ("urgency", "veryUrgent"), ("secrecy", "confidential")]

    init() async throws {
        office = try await OfficeFixture()
        words = office.counter.paper.words(.thai)
    }

    func post(_ path: String, _ fields: [(String, String)], as person: Person? = Samples.somsri) async throws -> Answer
    {
        try await office.send(path, fields, as: person)
    }

    func seen(_ matter: Matter) -> (String, String) { ("seen", String(matter.folder.count)) }

    @Test func aLetterIsKeyedInAtTheCounter() async throws {
        let page = try await office.get("/counter", as: Samples.somsri)
        #expect(page.status == 200)
        #expect(page.field("dated") == "23/11/2569")
        let began = try #require(page.field("began"))
        office.clock.set(Samples.now + .seconds(184))
        let answer = try await office.send(
            "/counter", filledForm() + [("began", began)], files: [.pdf], as: Samples.somsri)
        let matter = try await office.onlyMatter()
        #expect(answer.location == "/matters/\(matter.id)/registration?done=keyed")
        #expect(matter.intake == .counter)
        #expect(
            matter.folder.first?.fact
                == .received(revision: 1, documents: matter.documents, via: .counter, keyingSeconds: 184))
        #expect(matter.folder.first?.person == Samples.somsri.id)
        let next = try await office.get("/counter", as: Samples.somsri)
        #expect(next.body.contains("<option value=\"คณะวิทยาศาสตร์\">"))
    }

    @Test func theCounterKeepsWhatWasTyped() async throws {
        let answer = try await office.send(
            "/counter", filledForm(["start_date": "31/2/2570"]) + [("began", "forged")], files: [.pdf],
            as: Samples.somsri)
        #expect(answer.status == 422)
        #expect(answer.complaints == ["start_date: " + words("fault.date.noSuchDay")])
        #expect(answer.field("place") == "หอประชุมใหญ่")
        #expect(answer.field("kept") != nil)
        #expect(answer.field("began") == "forged")
    }

    @Test func onlyTheSecretariatMayPass() async throws {
        let matter = try await office.matter(at: .toRegister)
        let places = [
            "/counter", "/matters/\(matter.id)/registration", "/matters/\(matter.id)/return",
            "/matters/\(matter.id)/void",
        ]
        for path in places {
            #expect(try await office.get(path, as: Samples.anan).status == 403, "\(path)")
            #expect(try await office.get(path).location == "/sign-in?to=\(path)")
        }
        let fields = papers + classes + [seen(matter), ("act", "register")]
        let path = "/matters/\(matter.id)/registration"
        #expect(try await post(path, fields, as: Samples.anan).status == 403)
        #expect(try await post(path, fields, as: nil).status == 401)
        #expect(try await office.get("/register/incoming", as: Samples.anan).status == 403)
        #expect(try await office.get("/register/incoming.csv", as: Samples.narong).status == 403)
        #expect(try await office.now(matter.id).stage == .toRegister)
    }

    @Test func theChecklistIsTickedWithWhatTheFormProves() async throws {
        let matter = try await office.matter(at: .toRegister)
        let answer = try await office.get("/matters/\(matter.id)/registration", as: Samples.somsri)
        let ticked = answer.body.matches(of: /name="papers" value="([a-z]+)" checked/).map { String($0.1) }
        #expect(ticked == ["date", "time", "place", "kind", "contact"])
    }

    @Test func registeringGivesANumberOnce() async throws {
        let matter = try await office.matter(at: .toRegister)
        office.clock.set(Samples.now + .minutes(4))
        let fields = papers + classes + [seen(matter), ("act", "register"), ("once", "r1")]
        let path = "/matters/\(matter.id)/registration"
        #expect(try await post(path, fields).location == path + "?done=registered")
        #expect(try await post(path, fields).location == path + "?done=registered")
        let now = try await office.now(matter.id)
        #expect(now.incoming == RegisterNumber(number: 1, buddhistYear: 2569))
        #expect(
            now.classification
                == Classification(origin: .external, service: .both, urgency: .veryUrgent, secrecy: .confidential))
        #expect(now.folder.count == 2)
        let text = try await office.get(path, as: Samples.somsri).text
        #expect(text.contains("เลขรับ 1/2569 วันที่ 23 พฤศจิกายน 2569 เวลา 09:04 น."))
    }

    @Test func anIncompleteLetterIsNotRegistered() async throws {
        let matter = try await office.matter(at: .toRegister)
        let fields = [
            ("papers", "date"), ("urgency", "urgent"), ("note", "ขอลายมือชื่อ"), seen(matter), ("act", "register"),
        ]
        let answer = try await post("/matters/\(matter.id)/registration", fields)
        #expect(answer.status == 422)
        #expect(answer.complaints.map { $0.prefix(7) } == ["papers:"])
        let ticked = answer.body.matches(of: /name="papers" value="([a-z]+)" checked/).map { String($0.1) }
        #expect(ticked == ["date"])
        #expect(answer.body.contains("value=\"urgent\" checked"))
        #expect(answer.body.contains(">ขอลายมือชื่อ</textarea>"))
    }

    @Test func anIncompleteLetterGoesBackWithANumber() async throws {
        let matter = try await office.matter(at: .toRegister)
        let path = "/matters/\(matter.id)/registration"
        let all = try await post(path, papers + [seen(matter), ("act", "return")])
        #expect(all.status == 422)
        let some = papers.filter { $0.1 != "signature" } + [seen(matter), ("act", "return"), ("note", "ขอลายมือชื่อ")]
        #expect(try await post(path, some).location == path + "?done=returned_incomplete")
        let now = try await office.now(matter.id)
        #expect(now.stage == .toComplete)
        #expect(now.missing == [.signature])
        #expect(now.outgoing == [RegisterNumber(number: 1, buddhistYear: 2569)])
        let paper = try await office.get("/matters/\(matter.id)/return.pdf", as: Samples.somsri)
        #expect(paper.body == "%PDF-return")
    }

    @Test func aStalePageRegistersNothing() async throws {
        let matter = try await office.matter(at: .toSubmit)
        let answer = try await post(
            "/matters/\(matter.id)/registration", papers + [("seen", "1"), ("act", "register")])
        #expect(answer.status == 409)
        #expect(try await office.now(matter.id).folder.count == matter.folder.count)
    }

    @Test func theFolderIsSubmitted() async throws {
        let matter = try await office.matter(at: .toSubmit)
        office.clock.set(Samples.now + .days(2))
        let page = try await office.get("/matters/\(matter.id)/registration", as: Samples.somsri)
        #expect(page.field("late_reason") == "")
        let answer = try await post(
            "/matters/\(matter.id)/submission", [seen(matter), ("late_reason", "ผู้บริหารไปราชการ")])
        #expect(answer.location == "/matters/\(matter.id)?done=submitted")
        let now = try await office.now(matter.id)
        #expect(now.stage == .toDecide)
        #expect(now.folder.last?.lateReason == "ผู้บริหารไปราชการ")
        #expect(try await post("/matters/\(matter.id)/submission", [seen(now)]).status == 409)
    }

    @Test func aDeclinedLetterGoesBack() async throws {
        let matter = try await office.matter(at: .toReturn)
        let path = "/matters/\(matter.id)/return"
        let page = try await office.get(path, as: Samples.somsri)
        #expect(page.text.contains("เจ้าหน้าที่ติดภารกิจทุกคนในวันดังกล่าว"))
        #expect(try await post(path, [("seen", "1")]).status == 409)
        #expect(try await post(path, [seen(matter)]).location == path + "?done=sent_back")
        let now = try await office.now(matter.id)
        #expect(now.stage == .returned)
        #expect(now.outgoing == [RegisterNumber(number: 1, buddhistYear: 2569)])
        #expect(try await office.get(path, as: Samples.somsri).text.contains("เลขส่ง 1/2569"))
    }

    @Test func aNumberIsVoidedWithAReason() async throws {
        let matter = try await office.matter(at: .toDecide)
        let path = "/matters/\(matter.id)/void"
        let without = try await post(path, [seen(matter), ("reason", "")])
        #expect(without.status == 422)
        #expect(without.complaints.map { $0.prefix(7) } == ["reason:"])
        #expect(
            try await post(path, [seen(matter), ("reason", "ลงซ้ำ <b>")]).location == "/matters/\(matter.id)?done=voided")
        let register = try await office.get("/register/incoming", as: Samples.wichai)
        #expect(register.body.contains("<s>1/2569</s>"))
        #expect(register.body.contains("ยกเลิก: ลงซ้ำ &lt;b&gt;"))
    }

    // MARK: The registers

    @Test func theRegisterHasTheOfficialColumns() async throws {
        _ = try await office.matter(at: .toDecide)
        _ = try await office.matter(
            at: .toSubmit,
            letter: {
                var letter = Samples.letter()
                letter.title = "ถ่ายทอดสดพิธีไหว้ครู"
                return letter
            }())
        #expect(try await office.get("/register", as: Samples.somsri).location == "/register/incoming")
        let answer = try await office.get("/register/incoming", as: Samples.somsri)
        #expect(
            answer.body.matches(of: /<th scope="col">([^<]*)<\/th>/).map { String($0.1) } == [
                "เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ",
            ])
        func numbers(_ path: String) async throws -> [String] {
            try await office.get(path, as: Samples.somsri).body
                .matches(of: /<th scope="row"[^>]*><span>([0-9\/]+)/).map { String($0.1) }
        }
        #expect(try await numbers("/register/incoming") == ["2/2569", "1/2569"])
        #expect(try await numbers("/register/incoming?whole=yes") == ["1/2569", "2/2569"])
        #expect(try await numbers("/register/incoming?q=\(queryText("ไหว้ครู"))") == ["2/2569"])
        #expect(try await numbers("/register/incoming?year=2568") == [])
        #expect(try await numbers("/register/incoming?year=x&sheet=-3") == ["2/2569", "1/2569"])
        #expect(try await numbers("/register/outgoing") == [])
    }

    @Test func theSpreadsheetIsGivenNoFormulas() async throws {
        _ = try await office.matter(
            at: .toSubmit,
            letter: {
                var letter = Samples.letter()
                letter.title = "=HYPERLINK(\"http://example.ac.th\")"
                return letter
            }())
        let answer = try await office.get("/register/incoming.csv?year=2569", as: Samples.somsri)
        #expect(answer.headers["content-type"] == "text/csv; charset=utf-8")
        let lines = answer.body.split(separator: "\r\n").map(String.init)
        #expect(lines.count == 2)
        #expect(
            lines.first
                == "\u{FEFF}\"เลขทะเบียนรับ\",\"วันที่\",\"เวลา\",\"ที่\",\"ลงวันที่\",\"จาก\",\"ถึง\",\"เรื่อง\",\"การปฏิบัติ\",\"หมายเหตุ\""
        )
        #expect(lines.last?.hasPrefix("\"1/2569\",\"23/11/2569\",\"09:04\",") == true)
        #expect(lines.last?.contains(",\"'=HYPERLINK(\"\"http://example.ac.th\"\")\",") == true)
    }

    @Test(arguments: [
        ("=1", "'=1"), ("+66", "'+66"), ("-2", "'-2"), ("@a", "'@a"), ("\ta", "'\ta"), ("ก=1", "ก=1"), ("", ""),
    ])
    func formulasAreMadeText(cell: String, written: String) {
        #expect(commaSeparated([[cell]]) == "\u{FEFF}\"\(written)\"\r\n")
    }

    // MARK: Files

    @Test func aFileIsServedToWhoMaySeeIt() async throws {
        _ = try await office.send("/request", filledForm(), files: [.pdf])
        let matter = try await office.onlyMatter()
        let id = try #require(matter.documents.first)
        let answer = try await office.get("/documents/\(id)", as: Samples.anan)
        #expect(answer.status == 200)
        #expect(answer.body == SentFile.pdf.text)
        #expect(answer.headers["content-type"] == "application/pdf")
        #expect(answer.headers["content-security-policy"] == "sandbox; default-src 'none'")
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(
            answer.headers["content-disposition"]
                == "inline; filename=\"_______.pdf\"; filename*=UTF-8''%E0%B8%AB%E0%B8%99%E0%B8%B1%E0%B8%87%E0%B8%AA%E0%B8%B7%E0%B8%AD.pdf"
        )
        let tracked = "/track/\(office.counter.trackingToken(matter))/documents/"
        #expect(try await office.get(tracked + "\(id)").body == SentFile.pdf.text)
        #expect(try await office.get("/documents/\(id)").location == "/sign-in?to=/documents/\(id)")
        #expect(try await office.get("/documents/99", as: Samples.somsri).status == 404)
        #expect(try await office.get("/documents/x", as: Samples.somsri).status == 404)
        #expect(try await office.get(tracked + "99").status == 404)
    }

    @Test func aFileOfAnotherMatterIsNotServedByALink() async throws {
        _ = try await office.send("/request", filledForm(), files: [.pdf])
        let mine = try await office.onlyMatter()
        let other = try await office.matter(at: .toRegister)
        let path = "/track/\(office.counter.trackingToken(other))/documents/\(mine.documents[0])"
        #expect(try await office.get(path).status == 404)
    }

    @Test func aSecretLetterIsForWhoHasItInHand() async throws {
        _ = try await office.send("/request", filledForm(), files: [.pdf])
        let matter = try await office.onlyMatter()
        _ = try await post(
            "/matters/\(matter.id)/registration", papers + classes + [seen(matter), ("act", "register")])
        let path = "/documents/\(matter.documents[0])"
        #expect(try await office.get(path, as: Samples.somsri).status == 200)
        #expect(try await office.get(path, as: Samples.wichai).status == 200)
        #expect(try await office.get(path, as: Samples.anan).status == 404)
        #expect(try await office.get(path, as: Samples.narong).status == 404)
    }
}
