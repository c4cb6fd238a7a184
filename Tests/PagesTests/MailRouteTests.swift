// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Secure
import Testing

@testable import Pages

/// Mails that came, mails that are not wanted, and the form of the office's mail.
@Suite struct MailRouteTests {
    private func mail(_ uid: UInt32, aside: MailIn.Aside? = nil) -> MailIn {
        MailIn(
            place: .init(mailbox: "saraban@mail.example.ac.th/INBOX", validity: 1, uid: uid), at: Samples.now,
            from: "office@science.example.ac.th", fromName: "งานธุรการ", subject: "ขอถ่ายทอดสด <b>\(uid)</b>",
            text: "เรียน ผู้อำนวยการ", leftOut: ["a.xlsx"], aside: aside)
    }

    @Test func aMailFillsTheCounterAndIsTakenWithTheLetter() async throws {
        let office = try await OfficeFixture()
        let document = try await office.cabinet.record(
            hash: String(repeating: "a", count: 64), name: "หนังสือ.pdf", kind: .pdf, bytes: 9, at: Samples.now)
        var new = mail(1)
        new.documents = [document.id]
        try await office.cabinet.keep(new)
        let kept = try #require(try await office.cabinet.waitingMail(limit: 1).first)
        let list = try await office.get("/counter/mail", as: Samples.somsri)
        #expect(list.status == 200)
        #expect(list.text.contains("ขอถ่ายทอดสด &lt;b&gt;1&lt;/b&gt;"))
        #expect(list.body.contains("&lt;b&gt;"))
        #expect(list.text.contains("a.xlsx"))
        #expect(try await office.get("/counter", as: Samples.somsri).body.contains("/counter/mail"))

        let form = try await office.get("/counter?mail=\(kept.id)", as: Samples.somsri)
        #expect(form.body.contains("value=\"office@science.example.ac.th\""))
        #expect(form.body.contains("name=\"mail\" value=\"\(kept.id)\""))
        let token = try #require(form.body.firstMatch(of: /name="kept" value="([^"]+)"/)).1
        let began = try #require(form.body.firstMatch(of: /name="began" value="([^"]+)"/)).1
        let letter = Samples.letter()
        for _ in 1...2 {
            let filed = try await office.post(
                "/counter",
                [
                    "mail": "\(kept.id)", "once": "mail-\(kept.id)", "kept": String(token), "began": String(began),
                    "origin": "internal", "service": "meeting", "unit": letter.unit, "title": letter.title,
                    "start_date": ThaiDate.typed(Day(of: letter.span.start)),
                    "start_time": TimeOfDay(of: letter.span.start).description,
                    "end_time": TimeOfDay(of: letter.span.end).description, "place": letter.place, "audience": "40",
                    "contact_name": "งานธุรการ", "contact_phone": "ต่อ 1", "contact_mail": "office@science.example.ac.th",
                ], as: Samples.somsri)
            #expect(filed.status == 303)
        }
        #expect(try await office.cabinet.mail(kept.id)?.fate == .taken)
        let matters = try await office.cabinet.matters(MatterFilter())
        #expect(matters.count == 1)
        #expect(matters.first?.documents == [document.id])
        #expect(
            try await office.get("/counter?mail=\(kept.id)", as: Samples.somsri).body.contains("name=\"mail\"") == false
        )
    }

    @Test func mailsAreTheSecretariatsAlone() async throws {
        let office = try await OfficeFixture()
        try await office.cabinet.keep(mail(1))
        try await office.cabinet.keep(mail(2, aside: .list))
        let id = try #require(try await office.cabinet.waitingMail(limit: 1).first?.id)
        for person in [Samples.wichai, Samples.anan, Samples.prasert] {
            #expect(try await office.get("/counter/mail", as: person).status == 403)
            #expect(try await office.post("/counter/mail/\(id)/dismissal", [:], as: person).status == 403)
            #expect(try await office.get("/counter/mail/\(id)/documents/1", as: person).status == 403)
        }
        #expect(try await office.get("/counter/mail/\(id)/documents/1", as: Samples.somsri).status == 404)
        #expect(try await office.get("/counter/mail/99/documents/1", as: Samples.somsri).status == 404)
        let path = "/counter/mail/\(id)/dismissal"
        #expect(
            try await office.post(path, [:], as: Samples.somsri).location == "/counter/mail?done=mail_dismissed")
        #expect(try await office.post(path, [:], as: Samples.somsri).location == "/counter/mail?done=mail_past")
        let aside = try #require(try await office.cabinet.asideMail(limit: 1).first?.id)
        _ = try await office.post("/counter/mail/\(aside)/waiting", [:], as: Samples.somsri)
        #expect(try await office.cabinet.waitingMail(limit: 5).map(\.id) == [aside])
    }

    @Test func aPressInAMailProgramEndsMailsOfTheirKindAndALookDoesNot() async throws {
        let office = try await OfficeFixture()
        let token = Seal(key: [UInt8](repeating: 7, count: 32)).sign(
            purpose: Nudge.awaiting.purpose, subject: Samples.wichai.id.number,
            expires: (Samples.now + .days(700)).milliseconds / 1000)
        let path = "/mail-off/awaiting/\(token)"
        #expect(try await office.get(path).status == 200)
        #expect(try await office.cabinet.unwantedMail(of: Samples.wichai.id) == [])
        #expect(try await office.post(path, ["List-Unsubscribe": "One-Click"]).status == 200)
        #expect(try await office.cabinet.unwantedMail(of: Samples.wichai.id) == [.awaiting])
        #expect(try await office.post(path, ["wish": "on"]).status == 200)
        #expect(try await office.cabinet.unwantedMail(of: Samples.wichai.id) == [])
        #expect(try await office.post("/mail-off/report/\(token)", [:]).status == 404)
        #expect(try await office.post("/mail-off/awaiting/x\(token.dropFirst())", [:]).status == 404)
        office.clock.set(Samples.now + .days(701))
        #expect(try await office.post(path, [:]).status == 410)
        #expect(loggedPath(path) == "/mail-off/…")
    }

    @Test func theFormKeepsPasswordsAndSaysWhatIsWrong() async throws {
        let office = try await OfficeFixture()
        let fields: KeyValuePairs = [
            "outHost": "SMTP.example.ac.th", "outPort": "587", "outProtection": "startTLS", "outUser": "desk",
            "outPassword": "w0rd", "from": "desk@example.ac.th", "bounces": "bounces@example.ac.th",
            "inHost": "", "inPort": "993", "inProtection": "tls", "on": "yes",
        ]
        let saved = try await office.post("/admin/ways/mail", fields, as: Samples.prasert)
        #expect(saved.location == "/admin/ways/mail?done=way_saved")
        let kept = try #require(MailSettings(json: try await office.cabinet.way(.mail).settings))
        #expect(kept.out == .init(host: "smtp.example.ac.th", port: 587, user: "desk", password: "w0rd"))
        #expect(kept.fetches == false)
        let shown = try await office.get("/admin/ways/mail", as: Samples.prasert)
        #expect(!shown.body.contains("w0rd"))
        #expect(shown.body.contains("smtp.example.ac.th"))

        let wrong = try await office.post(
            "/admin/ways/mail",
            [
                "outHost": "a b", "outPort": "0", "outProtection": "none", "outUser": "desk", "from": "desk",
                "bounces": "a@b@c", "inHost": "mail.example.ac.th", "inPort": "x",
            ], as: Samples.prasert)
        #expect(wrong.status == 422)
        for name in ["outHost", "outPort", "outProtection", "from", "bounces", "inPort"] {
            #expect(wrong.body.contains("id=\"\(name)-error\""), "\(name)")
        }
        #expect(MailSettings(json: try await office.cabinet.way(.mail).settings) == kept)
    }
}
