// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Logging
import Messenger
import Rehearsal
import Secure
import Synchronization
import Testing

/// An office that reaches its people by ntfy, with a strict stand-in for the server.
private struct TopicOffice {
    let post: Post
    let server: Server
    let postman: Postman
    let carrier: NtfyCarrier
    let secret = [UInt8](repeating: 9, count: 32)

    final class Server: Courier {
        private let inner = Mutex(RehearsedNtfy())
        func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
            inner.withLock { $0.answer(outgoing, at: Samples.now) }
        }
        func meets(_ status: Int, retryAfterSeconds: Int? = nil) {
            inner.withLock { $0.moods.append((status, retryAfterSeconds)) }
        }
        var messages: [RehearsedNtfy.Message] { inner.withLock { $0.messages } }
        var faults: [String] { inner.withLock { $0.faults } }
    }

    init(token: String = "tk_example", isReduced: Bool = false) async throws {
        post = try await Post()
        server = Server()
        let settings = NtfySettings(address: "https://ntfy.example.ac.th", token: token, isReduced: isReduced)
        try await post.cabinet.save(
            .ntfy, settings: String(decoding: try JSONEncoder().encode(settings), as: UTF8.self), isOn: true,
            by: Samples.prasert.id, at: post.clock.now)
        try await post.cabinet.setReach(
            of: Samples.anan.id, by: .ntfy, to: "sanyan-abcdefgh", at: post.clock.now)
        carrier = NtfyCarrier(cabinet: post.cabinet, courier: server, secret: secret)
        let clock = post.clock
        postman = Postman(
            cabinet: post.cabinet, carriers: [carrier],
            logger: Logger(label: "ntfy", factory: { _ in SwiftLogNoOpLogHandler() }), now: { clock.now })
    }

    func reminder() async throws -> (Matter, Delivery) {
        let matter = try await post.matter(at: .ready)
        try await post.pass(to: matter.letter.span.start - .minutes(30))
        try await postman.carryDue()
        let notice = try #require(try await post.notices(.reminder, of: Samples.anan).first)
        return (matter, try #require(try await post.cabinet.deliveries(of: notice.id).first { $0.way == .ntfy }))
    }
}

@Suite("ntfy: ข้อความถึงหัวข้อของแต่ละคน") struct NtfyTests {
    @Test("a reminder rings longest, opens its page, and carries a button that acknowledges")
    func reminder() async throws {
        let office = try await TopicOffice()
        let (matter, delivery) = try await office.reminder()
        #expect(office.server.faults == [])
        let message = try #require(office.server.messages.last)
        #expect(message.topic == "sanyan-abcdefgh")
        #expect(message.priority == 5)
        #expect(message.click == "http://127.0.0.1:8080/matters/\(matter.id)/service")
        #expect(
            message.message.split(separator: "\n").prefix(2) == [matter.letter.title[...], matter.letter.place[...]])
        #expect(message.button.prefix(2) == ["รับทราบ", "http://127.0.0.1:8080/push/acknowledgement"])
        let body = try #require(message.button.last)
        #expect(body.hasPrefix("by=p5&token="))
        let notice = try #require(try await office.post.notices(.reminder, of: Samples.anan).first)
        let token = String(body.dropFirst("by=p5&token=".count))
        let purpose = PushBearer.topic(Samples.anan.id).purpose
        #expect(
            try Seal(key: office.secret).open(token, purpose: purpose, now: notice.at.milliseconds / 1000)
                == notice.id.number)
        #expect(delivery.fate == .accepted)
        #expect(delivery.reference == "m\(office.server.messages.count)")
    }

    @Test("a server that is not the university's own learns only that there is a job")
    func reduced() async throws {
        let office = try await TopicOffice(isReduced: true)
        let (matter, _) = try await office.reminder()
        let message = try #require(office.server.messages.last)
        #expect(!message.message.contains(matter.letter.title) && !message.message.contains(matter.letter.place))
        #expect(message.click == "http://127.0.0.1:8080/inbox")
    }

    @Test(arguments: [(429, 30), (507, 0), (500, 0)])
    func busy(_ status: Int, _ seconds: Int) async throws {
        let office = try await TopicOffice()
        office.server.meets(status, retryAfterSeconds: seconds)
        try await office.post.cabinet.issue([
            Delivery(
                id: "trial", way: .ntfy, freight: .trial, to: .person(Samples.anan.id), matter: nil,
                due: office.post.clock.now)
        ])
        let began = office.post.clock.now
        try await office.postman.carryDue()
        #expect(try await office.post.cabinet.delivery("trial")?.trouble?.kind == .busy)
        office.post.clock.set(began + .seconds(max(5, seconds)))
        try await office.postman.carryDue()
        #expect(try await office.post.cabinet.delivery("trial")?.fate != nil)
        #expect(office.server.messages.count == 1)
    }

    @Test("the probe finds a wrong token, a missing topic, and otherwise sends a quiet line")
    func probe() async throws {
        let office = try await TopicOffice()
        #expect(await office.carrier.probe(for: Samples.malee, at: Samples.now)?.kind == .noReach)
        #expect(await office.carrier.probe(for: Samples.anan, at: Samples.now) == nil)
        #expect(office.server.messages.map(\.priority) == [2])
        let wrong = try await TopicOffice(token: "tk_wrong")
        let trouble = await wrong.carrier.probe(for: Samples.anan, at: Samples.now)
        #expect(trouble == Trouble(.wrongCredentials, "HTTP 401: unauthorized"))
    }
}
