// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Logging
import Post
import Rehearsal
import Secure
import Synchronization
import Testing

@testable import Messenger

/// An office whose mail is set up, with a relay that writes down what it is handed and answers as it is told.
private struct MailOffice {
    let post: MessengerTests.Post
    let relay: Relay
    let carrier: MailCarrier
    static let secret = [UInt8](repeating: 9, count: 32)
    static let settings = MailSettings(
        out: .init(host: "smtp.example.ac.th", port: 587, user: "desk", password: "word"), from: "desk@example.ac.th",
        bounces: "bounces@example.ac.th")

    final class Relay: MailPost {
        struct Line: Sendable {
            var mail: Mail
            var sender: String?
        }
        private let inner = Mutex((lines: [Line](), faults: [MailFault]()))

        func send(_ mail: Mail, by server: MailServer, sender: String?) async throws(MailFault) {
            let fault: MailFault? = inner.withLock { inner in
                inner.lines.append(Line(mail: mail, sender: sender))
                return inner.faults.isEmpty ? nil : inner.faults.removeFirst()
            }
            if let fault { throw fault }
        }

        func greet(_ server: MailServer, greeting: String) async throws(MailFault) {}
        func meets(_ faults: MailFault...) { inner.withLock { $0.faults = faults } }
        var lines: [Line] { inner.withLock { $0.lines } }
    }

    struct Papers: PaperMaker {
        func returnMemo(of matter: Matter) async throws -> [UInt8]? { Array("memo".utf8) }
        func networkNotice(of matter: Matter) async throws -> [UInt8]? { Array("network".utf8) }
        func report(of month: Month) async throws -> [UInt8]? { Array("report".utf8) }
        func trackingLink(of matter: Matter, office: Office) -> String { "\(office.address)/track/sample" }
        func seatLink(of invitee: Invitee, office: Office) -> String { "\(office.address)/seat/\(invitee.id)" }
    }

    init() async throws {
        post = try await MessengerTests.Post()
        relay = Relay()
        carrier = MailCarrier(cabinet: post.cabinet, post: relay, papers: Papers(), secret: Self.secret)
        try await post.cabinet.save(
            .mail, settings: String(decoding: try JSONEncoder().encode(Self.settings), as: UTF8.self), isOn: true,
            by: Samples.prasert.id, at: post.clock.now)
    }

    /// The mail deliveries of a matter, by their freight.
    func deliveries(of id: Matter.ID) async throws -> [Delivery] {
        try await post.cabinet.deliveries(of: id).filter { $0.way == .mail }
    }
}

@Suite("จดหมาย: ส่งงานและหนังสือราชการทางอีเมล") struct MailCarrierTests {
    private static func delivery(_ freight: Delivery.Freight, _ person: Person, _ matter: Matter.ID?) -> Delivery {
        Delivery(
            id: "m1/e5/x/p\(person.id)/mail", way: .mail, freight: freight, to: .person(person.id), matter: matter,
            due: Samples.now, sentAt: Samples.now)
    }

    @Test("an invited person's link goes to them alone, and not once it was taken back")
    func seat() async throws {
        let office = try await MailOffice()
        let cabinet = office.post.cabinet
        let matter = try await office.post.matter(at: .toPrepare)
        let list = InviteeList(
            role: .speaker, people: [.named(name: "นายมานะ ใจกว้าง", mail: "mana@example.ac.th")],
            until: matter.letter.span.end)
        let now = office.post.clock.now
        let mana = try await cabinet.invite(list, to: matter.id, by: Samples.hand(.officer), at: now)[0]
        #expect(try await cabinet.mail([], of: matter.id, by: Samples.hand(.officer), at: now) == 1)
        let delivery = try #require(try await office.deliveries(of: matter.id).first { $0.freight == .seat })
        guard case .accepted = await office.carrier.carry(delivery, at: now) else {
            Issue.record("not accepted")
            return
        }
        let line = try #require(office.relay.lines.last)
        #expect(line.mail.to.address == "mana@example.ac.th")
        #expect(line.mail.subject == "ลิงก์เข้าประชุม: \(matter.letter.title)")
        #expect(line.mail.text.contains("\(Samples.office.address)/seat/\(mana.id)"))
        #expect(!line.mail.text.contains("#pass="), "the pass itself is in no mail")
        try await cabinet.revoke(mana.id, of: matter.id, by: Samples.hand(.officer), at: now)
        #expect(await office.carrier.carry(delivery, at: now) == .never(Trouble(.notAllowed)))
        #expect(office.relay.lines.count == 1)
    }

    @Test("a notice says when, where and what in both languages, leads to the work, and cannot be ended")
    func assignment() async throws {
        let office = try await MailOffice()
        let matter = try await office.post.matter(at: .toPrepare)
        let notice = try #require(try await office.post.notices(.assignment, of: Samples.anan).first)
        let delivery = Self.delivery(.notice(notice.id), Samples.anan, matter.id)
        let carriage = await office.carrier.carry(delivery, at: office.post.clock.now)
        let line = try #require(office.relay.lines.first)
        let mark = String(line.mail.id.prefix { $0 != "@" })
        #expect(carriage == .accepted(reference: mark))
        #expect(mark.count == 32)
        #expect(line.mail.id == "\(mark)@example.ac.th")
        #expect(line.sender == "bounces+\(mark)@example.ac.th")
        #expect(line.mail.to == Mail.Box(Samples.anan.name, Samples.anan.mail))
        #expect(line.mail.subject.contains(matter.letter.title))
        for words in [
            matter.letter.title, matter.letter.place, matter.letter.unit,
            "\(Samples.office.address)/matters/\(matter.id)/preparation", "You are assigned to an occasion",
        ] {
            #expect(line.mail.text.contains(words), "\(words)")
        }
        #expect(line.mail.html?.contains("<p lang=\"th\">") == true)
        let names = line.mail.headers.map(\.name)
        #expect(names == ["Auto-Submitted", "X-Auto-Response-Suppress"])
    }

    @Test("the same delivery is the same mail, whatever became of it before")
    func sameMail() async throws {
        let office = try await MailOffice()
        let matter = try await office.post.matter(at: .toPrepare)
        let notice = try #require(try await office.post.notices(.assignment, of: Samples.anan).first)
        let delivery = Self.delivery(.notice(notice.id), Samples.anan, matter.id)
        office.relay.meets(.timedOut(wasSent: true))
        let first = await office.carrier.carry(delivery, at: office.post.clock.now)
        #expect(first == .later(Trouble(.timedOut)))
        _ = await office.carrier.carry(delivery, at: office.post.clock.now + .hours(3))
        let lines = office.relay.lines
        #expect(lines.count == 2)
        #expect(lines[0].mail == lines[1].mail)
        #expect(lines[0].mail.written() == lines[1].mail.written())
    }

    @Test("a nudge carries a link that ends its kind, and then no more are issued for that person")
    func nudge() async throws {
        let office = try await MailOffice()
        let matter = try await office.post.matter(at: .toDecide)
        let notice = try #require(
            try await office.post.notices(.awaiting(.toDecide), of: Samples.wichai).first)
        _ = await office.carrier.carry(
            Self.delivery(.notice(notice.id), Samples.wichai, matter.id), at: office.post.clock.now)
        let mail = try #require(office.relay.lines.first?.mail)
        let link = try #require(mail.headers.first { $0.isNamed("List-Unsubscribe") }?.value)
        #expect(
            mail.headers.contains { $0.isNamed("List-Unsubscribe-Post") && $0.value == "List-Unsubscribe=One-Click" })
        let start = "<\(Samples.office.address)/mail-off/awaiting/"
        #expect(link.hasPrefix(start))
        let token = String(link.dropFirst(start.count).dropLast())
        let subject = try Seal(key: MailOffice.secret).open(
            token, purpose: "mail off awaiting", now: office.post.clock.now.milliseconds / 1000)
        #expect(subject == Samples.wichai.id.number)
        #expect(mail.text.contains("/mail-off/awaiting/"))

        #expect(try await office.deliveries(of: matter.id).contains { $0.to == .person(Samples.wichai.id) })
        try await office.post.cabinet.setMail(
            .awaiting, of: Samples.wichai.id, isWanted: false, at: office.post.clock.now)
        let second = try await office.post.matter(at: .toDecide)
        #expect(try await office.deliveries(of: second.id).contains { $0.to == .person(Samples.wichai.id) } == false)
        #expect(try await office.deliveries(of: second.id).contains { $0.to == .person(Samples.ratana.id) })
    }

    @Test("what goes back to its unit travels to the contact as a memo, and the network section gets its notice")
    func papers() async throws {
        let office = try await MailOffice()
        let returned = try await office.post.matter(at: .toComplete)
        let memo = try #require(
            try await office.deliveries(of: returned.id).first { $0.freight == .paper(.returnMemo) })
        #expect(memo.to == .contact)
        #expect(memo.id.hasSuffix("/paper/contact"))
        _ = await office.carrier.carry(memo, at: office.post.clock.now)
        let mail = try #require(office.relay.lines.last?.mail)
        #expect(mail.to == Mail.Box(Samples.contact.name, Samples.contact.mail))
        #expect(
            mail.attachments == [
                Mail.Attachment(
                    name: "return-\(returned.id).pdf", kind: "application/pdf", bytes: Array("memo".utf8))
            ])
        #expect(mail.text.contains("\(Samples.office.address)/track/sample"))
        #expect(mail.text.contains(returned.letter.title))

        let ready = try await office.post.matter(at: .ready)
        let notices = try await office.deliveries(of: ready.id).filter { $0.freight == .paper(.networkNotice) }
        let network = Samples.people.filter { $0.roles.contains(.network) && !$0.mail.isEmpty }.map(\.id)
        #expect(!network.isEmpty)
        #expect(notices.map(\.to) == network.map { .person($0) })
    }

    @Test("a presented report goes to every executive once")
    func report() async throws {
        let office = try await MailOffice()
        let now = office.post.clock.now
        var record = ReportRecord(month: Month(of: now), draftedAt: now)
        try await office.post.cabinet.save(record)
        record.presentedAt = now
        record.presentedBy = Samples.somsri.id
        for _ in 1...2 { try await office.post.cabinet.save(record) }
        let due = try await office.post.cabinet.waitingDeliveries(at: now, limits: [.mail: 100])
        let executives = Samples.people.filter { $0.roles.contains(.executive) && !$0.mail.isEmpty }.map(\.id)
        #expect(!executives.isEmpty)
        #expect(due.map(\.freight) == executives.map { _ in .paper(.report(record.month)) })
        #expect(due.map(\.to) == executives.map { .person($0) })
        _ = await office.carrier.carry(try #require(due.first), at: now)
        #expect(office.relay.lines.last?.mail.attachments.map(\.name) == ["report-\(record.month).pdf"])
    }

    @Test(
        "what a server says decides whether a mail is tried again",
        arguments: [
            (
                MailFault.notNow(450, "450 4.2.1 <a@example.com>: full"),
                Carriage.later(Trouble(.busy, "450 4.2.1 … full"))
            ),
            (.never(550, "550 5.1.1 <a@example.com>: unknown"), .never(Trouble(.gone, "550 5.1.1 … unknown"))),
            (.never(552, "552 5.3.4 too big"), .never(Trouble(.tooLarge, "552 5.3.4 too big"))),
            (.never(554, "554 5.7.1 spam"), .never(Trouble(.notAllowed, "554 5.7.1 spam"))),
            (.never(501, "501 bad"), .never(Trouble(.rejected, "501 bad"))),
            (.badAddress, .never(Trouble(.rejected))),
            (.wrongCredentials("535 5.7.8 no"), .later(Trouble(.wrongCredentials, "535 5.7.8 no"), after: .minutes(5))),
            (.notProtected, .later(Trouble(.notAllowed, "no STARTTLS"), after: .minutes(5))),
            (.timedOut(wasSent: true), .later(Trouble(.timedOut))), (.cut, .later(Trouble(.unreachable))),
            (.unreachable("refused"), .later(Trouble(.unreachable, "refused"))),
        ])
    func faults(fault: MailFault, expected: Carriage) async throws {
        let office = try await MailOffice()
        office.relay.meets(fault)
        #expect(await office.carrier.carry(Self.delivery(.trial, Samples.anan, nil), at: Samples.now) == expected)
    }

    @Test("without settings mail waits, and who has no address is told apart")
    func notSetUp() async throws {
        let office = try await MailOffice()
        try await office.post.cabinet.save(
            .mail, settings: "", isOn: true, by: Samples.prasert.id, at: office.post.clock.now)
        let trial = Self.delivery(.trial, Samples.anan, nil)
        #expect(await office.carrier.carry(trial, at: Samples.now) == .later(Trouble(.notSetUp), after: .minutes(15)))
        #expect(await office.carrier.probe(for: Samples.prasert, at: Samples.now) == Trouble(.notSetUp))
        #expect(office.relay.lines.isEmpty)
    }

    @Test("an invitation goes from its organiser, as a calendar part with its method")
    func invitation() async throws {
        let office = try await MailOffice()
        let invitation = InvitationMail(
            id: "m1/calendar/p5", from: "calendar@example.ac.th", fromName: "ปฏิทิน", to: Samples.anan.mail,
            toName: Samples.anan.name, subject: "งาน", text: "งาน", calendar: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            method: "REQUEST")
        let carriage = await office.carrier.send(invitation, at: Samples.now)
        let mail = try #require(office.relay.lines.first?.mail)
        #expect(carriage == .accepted(reference: String(mail.id.prefix(32))))
        #expect(mail.from == Mail.Box("ปฏิทิน", "calendar@example.ac.th"))
        #expect(mail.calendar == Mail.Calendar(method: "REQUEST", text: invitation.calendar))
    }
}
