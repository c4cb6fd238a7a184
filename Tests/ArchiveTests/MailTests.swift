// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Rehearsal
import Testing

@testable import Archive

@Suite struct MailTests {
    let now = Samples.now

    private func mail(_ uid: UInt32, mark: String = "", validity: UInt32 = 1, aside: MailIn.Aside? = nil) -> MailIn {
        MailIn(
            place: .init(mailbox: "saraban@mail.example.ac.th/INBOX", validity: validity, uid: uid), at: now,
            written: now - .hours(1), from: "unit@example.ac.th", fromName: "หน่วยงาน", subject: "ขอความอนุเคราะห์",
            text: "เรียน", documents: [], leftOut: ["a.xlsx"], mark: mark, aside: aside)
    }

    @Test func aMailIsKeptOnceForItsPlaceAndComesOutAsItWentIn() async throws {
        let cabinet = try SQLiteCabinet.inMemory()
        for _ in 1...2 { try await cabinet.keep(mail(7)) }
        var expected = mail(7)
        let kept = try #require(try await cabinet.waitingMail(limit: 10).first)
        expected.id = kept.id
        #expect(try await cabinet.waitingMail(limit: 10) == [expected])
        #expect(try await cabinet.mail(kept.id) == expected)
        #expect(try await cabinet.lastMail(in: expected.place.mailbox, validity: 1) == 7)
        #expect(try await cabinet.lastMail(in: expected.place.mailbox, validity: 2) == 0)
        #expect(try await cabinet.lastMail(in: "other", validity: 1) == 0)
        let row = try await cabinet.writer.read { db in "\(try GRDB.Row.fetchAll(db, sql: "SELECT * FROM mail_in"))" }
        #expect(!row.contains("unit@example.ac.th"))
        #expect(!row.contains("อนุเคราะห์"))
    }

    @Test func theSameMailUnderAnotherPlaceIsADuplicate() async throws {
        let cabinet = try SQLiteCabinet.inMemory()
        try await cabinet.keep(mail(7, mark: "m"))
        try await cabinet.keep(mail(1, mark: "m", validity: 2))
        try await cabinet.keep(mail(2, mark: "", validity: 2))
        try await cabinet.keep(mail(3, mark: "", validity: 2))
        #expect(try await cabinet.waitingMail(limit: 10).map(\.place.uid) == [7, 2, 3])
        #expect(try await cabinet.asideMail(limit: 10).map(\.aside) == [.duplicate])
    }

    @Test func aMailFindsOneFateAndMayWaitAfterAll() async throws {
        let cabinet = try SQLiteCabinet.inMemory()
        try await cabinet.keep(mail(1))
        try await cabinet.keep(mail(2, aside: .list))
        try await cabinet.keep(mail(3, aside: .tooLarge))
        let id = try #require(try await cabinet.waitingMail(limit: 10).first?.id)
        #expect(try await cabinet.settle(mail: id, .taken, by: nil, at: now))
        #expect(try await cabinet.settle(mail: id, .dismissed, by: nil, at: now) == false)
        #expect(try await cabinet.mail(id)?.fate == .taken)
        for aside in try await cabinet.asideMail(limit: 10) { try await cabinet.restore(mail: aside.id) }
        #expect(try await cabinet.waitingMail(limit: 10).map(\.place.uid) == [2])
        #expect(try await cabinet.asideMail(limit: 10).map(\.aside) == [.tooLarge])
    }

    @Test func aMailThatCameBackIsRefusedThoughItWasAccepted() async throws {
        let cabinet = try SQLiteCabinet.inMemory()
        let delivery = Delivery(
            id: "report/2569-11/paper/p3", way: .mail, freight: .trial, to: .contact, matter: nil, due: now)
        try await cabinet.issue([delivery])
        _ = try await cabinet.handOver([delivery.id], at: now)
        try await cabinet.note([.init(id: delivery.id, carriage: .accepted(reference: "mark"), at: now, again: nil)])
        #expect(try await cabinet.cameBack("other", Trouble(.gone), at: now) == false)
        #expect(try await cabinet.cameBack("", Trouble(.gone), at: now) == false)
        #expect(try await cabinet.cameBack("mark", Trouble(.gone, "5.1.1"), at: now + .hours(1)))
        let back = try #require(try await cabinet.delivery(delivery.id))
        #expect(back.fate == .refused)
        #expect(back.trouble == Trouble(.gone, "5.1.1"))
        #expect(back.acceptedAt == now)
        #expect(try await cabinet.cameBack("mark", Trouble(.gone), at: now) == false)
        await #expect(throws: (any Error).self, "any other second end is a mistake of ours") {
            try await cabinet.writer.write { db in
                try db.execute(sql: "UPDATE delivery SET fate = 'accepted' WHERE id = 'x'")
                try db.execute(
                    sql: """
                        INSERT INTO delivery (id, way, freight, recipient, due, next_at, fate, fate_at)
                        VALUES ('x', 'mail', '', '', 0, 0, 'known', 0);
                        UPDATE delivery SET fate = 'refused' WHERE id = 'x'
                        """)
            }
        }
    }

    @Test func classifiedPapersDoNotTravelByMail() throws {
        let matter = Samples.matter(at: .toComplete)
        let returned = try #require(
            matter.folder.last { if case .returnedForCompletion = $0.fact { true } else { false } })
        #expect(papers(of: returned, in: matter, hasContact: true, network: []).map(\.to) == [.contact])
        #expect(papers(of: returned, in: matter, hasContact: false, network: []) == [])
        let ready = Samples.matter(at: .ready)
        let notified = try #require(ready.folder.last { if case .networkNotified = $0.fact { true } else { false } })
        #expect(
            papers(of: notified, in: ready, hasContact: true, network: [Samples.narong.id]).map(\.freight)
                == [.paper(.networkNotice)])
        var secret = ready
        let how = Classification(origin: .internal, service: .meeting, secrecy: .confidential)
        secret.append([
            Entry(
                number: secret.folder.count + 1,
                fact: .registered(
                    RegisterNumber(number: 9, buddhistYear: 2569), how, papers: Samples.allPapers), role: .secretariat,
                person: Samples.somsri.id, at: Samples.now, stage: .ready)
        ])
        #expect(secret.isSecret)
        #expect(papers(of: notified, in: secret, hasContact: true, network: [Samples.narong.id]) == [])
    }
}
