// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Logging
import Rehearsal
import Testing

@testable import Messenger
@testable import Post
@testable import Stagehands

/// The office's mail as a whole, out through a real Postfix and in through a real Dovecot.
@Suite("The office's mail", .serialized, .enabled(if: MailHouse.isPossible, "Postfix is started by root alone"))
struct MailRoundTests {
    private struct Papers: PaperMaker {
        func returnMemo(of matter: Matter) async throws -> [UInt8]? { Array("%PDF-1.7 memo".utf8) }
        func networkNotice(of matter: Matter) async throws -> [UInt8]? { nil }
        func report(of month: Month) async throws -> [UInt8]? { nil }
        func trackingLink(of matter: Matter, office: Office) -> String { office.address + "/track/sample" }
        func seatLink(of invitee: Invitee, office: Office) -> String { office.address + "/seat/sample" }
    }

    private struct MailRoom {
        let cabinet: SQLiteCabinet
        let carrier: MailCarrier
        let rounds: MailRounds
        let shelf: FileShelf
    }

    private func room(_ house: MailHouse, _ office: PostOffice) async throws -> MailRoom {
        let cabinet = try SQLiteCabinet.inMemory()
        let now = Samples.now
        try await cabinet.save(Samples.office, by: nil, at: now)
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            _ = try await cabinet.save(new, passwordHash: nil, by: nil, at: now)
        }
        func server(_ server: MailServer) -> MailSettings.Server {
            .init(
                host: server.host, port: server.port, protection: .init(rawValue: server.protection.rawValue) ?? .tls,
                user: server.user, password: server.password)
        }
        let settings = MailSettings(
            out: server(house.relay()), from: "desk@desk.example.ac.th", bounces: "bounces@desk.example.ac.th",
            mailbox: server(house.mailbox("bounces")))
        try await cabinet.save(
            .mail, settings: String(decoding: try JSONEncoder().encode(settings), as: UTF8.self), isOn: true, by: nil,
            at: now)
        let shelf = try FileShelf(at: house.folder.appending(path: "shelf").path)
        let logger = Logger(label: "mail", factory: { _ in SwiftLogNoOpLogHandler() })
        return MailRoom(
            cabinet: cabinet,
            carrier: MailCarrier(
                cabinet: cabinet, post: office, papers: Papers(), secret: [UInt8](repeating: 9, count: 32)),
            rounds: MailRounds(cabinet: cabinet, shelf: shelf, office: office, logger: logger, now: { Samples.now }),
            shelf: shelf)
    }

    private func letter(_ id: String, _ subject: String, more: String = "") -> [UInt8] {
        var mail = Mail(
            id: "\(id)@unit.example.ac.th", from: Mail.Box("งานธุรการ คณะตัวอย่างศาสตร์", "office@unit.example.ac.th"),
            to: Mail.Box("", "saraban@desk.example.ac.th"), subject: subject, second: 1_795_000_000,
            text: "เรียน ผู้อำนวยการ\n\nขอความอนุเคราะห์ตามไฟล์แนบ")
        mail.attachments = [
            Mail.Attachment(name: "หนังสือ.pdf", kind: "application/pdf", bytes: Array("%PDF-1.7 \(id)\n%%EOF\n".utf8)),
            Mail.Attachment(name: "ตาราง.xlsx", kind: "application/octet-stream", bytes: [1, 2, 3]),
        ]
        return Array(more.utf8) + mail.written()
    }

    @Test("letters wait with their attachments, everything else is set aside, and nothing comes twice")
    func intake() async throws {
        try await MailHouse.with { house, office in
            let room = try await room(house, office)
            try house.drop(letter("1", "ขอความอนุเคราะห์ถ่ายทอดสด"), for: "bounces")
            try house.drop(letter("1", "ขอความอนุเคราะห์ถ่ายทอดสด"), for: "bounces")
            try house.drop(letter("2", "ไม่อยู่", more: "Auto-Submitted: auto-replied\r\n"), for: "bounces")
            try house.drop(letter("3", "ข่าว", more: "List-Id: <news.example.com>\r\n"), for: "bounces")
            try house.drop(Array("no mail\r\n".utf8), for: "bounces")
            #expect(await room.rounds.probe() == nil)
            for _ in 1...2 { #expect(await room.rounds.fetch() == nil) }
            let waiting = try await room.cabinet.waitingMail(limit: 10)
            #expect(waiting.map(\.subject) == ["ขอความอนุเคราะห์ถ่ายทอดสด"])
            let mail = try #require(waiting.first)
            #expect(mail.from == "office@unit.example.ac.th")
            #expect(mail.fromName == "งานธุรการ คณะตัวอย่างศาสตร์")
            #expect(mail.text == "เรียน ผู้อำนวยการ\n\nขอความอนุเคราะห์ตามไฟล์แนบ")
            #expect(mail.leftOut == ["ตาราง.xlsx"])
            let documents = try await room.cabinet.documents(mail.documents)
            #expect(documents.map(\.name) == ["หนังสือ.pdf"])
            let document = try #require(documents.first)
            let path = try #require(room.shelf.path(of: document.hash))
            #expect(try Data(contentsOf: URL(filePath: path)) == Data("%PDF-1.7 1\n%%EOF\n".utf8))
            let asides = try await room.cabinet.asideMail(limit: 10).compactMap(\.aside)
            #expect(Set(asides) == [.duplicate, .automatic, .list, .unreadable])
            #expect(asides.count == 4)
        }
    }

    @Test("what is kept last decides where the next round begins: nothing is lost with a crash in between")
    func crash() async throws {
        try await MailHouse.with { house, office in
            let room = try await room(house, office)
            for number in 1...3 { try house.drop(letter("\(number)", "เรื่องที่ \(number)"), for: "bounces") }
            // A cabinet that had the first mail when the power went.
            let box = Mailbox("INBOX", at: house.mailbox("bounces"), through: office)
            let standing = try await box.standing()
            try await room.cabinet.keep(
                MailIn(
                    place: .init(mailbox: "bounces@localhost/INBOX", validity: standing.validity, uid: 1),
                    at: Samples.now, subject: "before"))
            #expect(await room.rounds.fetch() == nil)
            let subjects = try await room.cabinet.waitingMail(limit: 10).map(\.subject)
            #expect(subjects.first == "before")
            #expect(subjects.count == 3)
            #expect(Set(subjects.dropFirst()).count == 2)
        }
    }

    @Test("a mail that cannot be delivered makes its delivery a refused one, with the reason")
    func bounce() async throws {
        try await MailHouse.with { house, office in
            let room = try await room(house, office)
            var contact = Samples.contact
            contact.mail = "gone@elsewhere.example"
            let matter = try await room.cabinet.receive(
                Samples.letter(), contact: contact, documents: [], via: .counter, keyingSeconds: nil,
                by: Hand(Samples.somsri), at: Samples.now, once: nil)
            let delivery = Delivery(
                id: "m\(matter.id)/e2/paper/contact", way: .mail, freight: .paper(.returnMemo), to: .contact,
                matter: matter.id, due: Samples.now)
            try await room.cabinet.issue([delivery])
            _ = try await room.cabinet.handOver([delivery.id], at: Samples.now)
            let carriage = await room.carrier.carry(delivery, at: Samples.now)
            guard case .accepted(let reference) = carriage else {
                Issue.record("the relay did not take it: \(carriage) \(house.said)")
                return
            }
            try await room.cabinet.note([.init(id: delivery.id, carriage: carriage, at: Samples.now, again: nil)])
            #expect(try await room.cabinet.delivery(delivery.id)?.fate == .accepted)
            _ = try await house.mails(of: "bounces", count: 1)
            #expect(await room.rounds.fetch() == nil)
            let back = try #require(try await room.cabinet.delivery(delivery.id))
            #expect(back.fate == .refused)
            #expect(back.trouble?.kind == .gone)
            #expect(back.trouble?.detail == "5.1.1 user unknown")
            #expect(back.reference == reference)
            #expect(try await room.cabinet.waitingMail(limit: 10) == [])
            #expect(try await room.cabinet.asideMail(limit: 10).map(\.aside) == [.report])
        }
    }

    @Test("a wrong password, a missing folder and a closed server are said, and nothing is lost by them")
    func trouble() async throws {
        try await MailHouse.with { house, office in
            let room = try await room(house, office)
            let kept = try #require(MailSettings(json: try await room.cabinet.way(.mail).settings))
            func probe(_ change: (inout MailSettings) -> Void) async throws -> (Trouble?, Trouble?) {
                var settings = kept
                change(&settings)
                let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
                try await room.cabinet.save(.mail, settings: text, isOn: true, by: nil, at: Samples.now)
                return (await room.carrier.probe(for: nil, at: Samples.now), await room.rounds.probe())
            }
            let wrong = try await probe {
                $0.out.password = "another"
                $0.mailbox.password = "another"
            }
            #expect(wrong.0?.kind == .wrongCredentials)
            #expect(wrong.1?.kind == .wrongCredentials)
            let missing = try await probe { $0.folder = "Missing" }
            #expect(missing.0 == nil)
            #expect(missing.1?.kind == .rejected)
            let port = Int(try freePort())
            let closed = try await probe {
                $0.out.port = port
                $0.mailbox.port = port
            }
            #expect(closed.0?.kind == .unreachable)
            #expect(closed.1?.kind == .unreachable)
        }
    }
}
