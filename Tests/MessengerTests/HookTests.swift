// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Logging
import Messenger
import Rehearsal
import Secure
import Testing

/// A receiver that answers what it is told to, and remembers what came.
private actor Receiver: Courier {
    private(set) var requests: [Outgoing] = []
    private var answers: [Result<Incoming, PostFault>] = []

    func answer(_ answers: Result<Incoming, PostFault>...) { self.answers += answers }

    func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
        requests.append(outgoing)
        return answers.isEmpty ? Incoming(status: 204) : try answers.removeFirst().get()
    }
}

@Suite("เว็บฮุก: every entry, signed, once") struct HookTests {
    private struct Bench {
        let post: Post
        let receiver = Receiver()
        let carrier: HookCarrier
        let postman: Postman
        let secret = WebhookSecret.draw()

        init() async throws {
            post = try await Post()
            carrier = HookCarrier(cabinet: post.cabinet, courier: receiver)
            let clock = post.clock
            postman = Postman(
                cabinet: post.cabinet, carriers: [carrier],
                logger: Logger(label: "hooks", factory: { _ in SwiftLogNoOpLogHandler() }), now: { clock.now })
        }

        func hook(_ name: String = "ระบบสารบรรณ") async throws -> Hook {
            try await post.cabinet.save(
                Hook(id: 0, name: name, address: "https://hooks.example.ac.th/in?key=1", secret: secret), by: nil,
                at: post.clock.now)
        }

        /// What waits for a hook, by what became of it.
        func deliveries(of matter: Matter) async throws -> [Delivery] {
            try await post.cabinet.deliveries(of: matter.id).filter { $0.way == .webhook }
        }

        func pass(_ length: Length) async throws {
            post.clock.set(post.clock.now + length)
            try await postman.carryDue()
        }
    }

    @Test("every entry of every matter is told once, by numbers and codes only")
    func everyEntry() async throws {
        let bench = try await Bench()
        let hook = try await bench.hook()
        let matter = try await bench.post.matter(at: .toPrepare)
        try await bench.postman.carryDue()
        try await bench.postman.carryDue()
        let requests = await bench.receiver.requests
        let bodies = requests.map { String(decoding: $0.body, as: UTF8.self) }.sorted()
        #expect(
            bodies == [
                #"{"data":{"entry":1,"matter":1,"role":"requester","stage":"toRegister"},"timestamp":"2026-11-23T02:00:00.000Z","type":"matter.received"}"#,
                #"{"data":{"entry":2,"matter":1,"role":"secretariat","stage":"toSubmit"},"timestamp":"2026-11-23T02:04:00.000Z","type":"matter.registered"}"#,
                #"{"data":{"entry":3,"matter":1,"role":"secretariat","stage":"toDecide"},"timestamp":"2026-11-23T04:00:00.000Z","type":"matter.submitted"}"#,
                #"{"data":{"entry":4,"matter":1,"role":"executive","stage":"toAssign"},"timestamp":"2026-11-24T04:00:00.000Z","type":"matter.approved"}"#,
                #"{"data":{"entry":5,"matter":1,"role":"secretariat","stage":"toPrepare"},"timestamp":"2026-11-24T05:00:00.000Z","type":"matter.assigned"}"#,
            ])
        #expect(Set(requests.compactMap { $0.headers.first { $0.isNamed("webhook-id") }?.value }).count == 5)
        #expect(requests.allSatisfy { $0.address == hook.address && !$0.mayStayInside })
        #expect(try await bench.deliveries(of: matter).map(\.id) == (1...5).map { "hook/1/m1/e\($0)" })
    }

    @Test("nothing is written for a hook that is off, and what waits for one is called off with it")
    func off() async throws {
        let bench = try await Bench()
        var hook = try await bench.hook()
        let matter = try await bench.post.matter(at: .toSubmit)
        hook.isOn = false
        _ = try await bench.post.cabinet.save(hook, by: nil, at: bench.post.clock.now)
        try await bench.post.act(.submit, matter.id, by: Samples.hand(.secretariat))
        try await bench.postman.carryDue()
        #expect(await bench.receiver.requests == [])
        #expect(try await bench.deliveries(of: matter).map(\.fate) == [.cancelled, .cancelled])
        try await bench.post.cabinet.removeHook(hook.id, by: nil, at: bench.post.clock.now)
        #expect(try await bench.post.cabinet.hooks() == [])
        #expect(
            try await bench.post.cabinet.rosterChanges(limit: 3).map(\.what) == ["hookRemoved", "hook", "hook"])
    }

    @Test("the signature is the standard's own example, and two of them while a secret is changed")
    func signature() async throws {
        // Out of the reference implementations' tests.
        let body = #"{"test": 2432232314}"#
        let headers = StandardWebhook.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: Moment(milliseconds: 1_614_265_330_000), body: Array(body.utf8),
            secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(
            headers.map(\.value) == [
                "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ])

        let bench = try await Bench()
        var hook = try await bench.hook()
        hook.rotate(to: WebhookSecret.draw(), at: bench.post.clock.now)
        hook = try await bench.post.cabinet.save(hook, by: nil, at: bench.post.clock.now)
        #expect(hook == (try await bench.post.cabinet.hook(hook.id)))
        #expect(await bench.carrier.probe(hook.id, at: bench.post.clock.now) == nil)
        #expect(await bench.carrier.probe(hook.id, at: bench.post.clock.now + .days(1)) == nil)
        let signatures = await bench.receiver.requests.map { request in
            request.headers.first { $0.isNamed("webhook-signature") }?.value.split(separator: " ").count
        }
        #expect(signatures == [2, 1])
    }

    @Test("a failure is tried again by the schedule under the same id with a new time, and 2xx ends it")
    func retries() async throws {
        let bench = try await Bench()
        _ = try await bench.hook()
        let matter = try await bench.post.matter(at: .toRegister)
        await bench.receiver.answer(
            .success(Incoming(status: 500)), .failure(.timedOut(wasSent: true)),
            .success(Incoming(status: 503, headers: [HeaderLine("Retry-After", "3600")])),
            .success(Incoming(status: 302, headers: [HeaderLine("Location", "http://127.0.0.1/")])))
        try await bench.postman.carryDue()
        for pause in [Length.seconds(5), .minutes(5), .hours(1), .hours(2)] {
            try await bench.pass(pause - .seconds(1))
            let before = await bench.receiver.requests.count
            try await bench.pass(.seconds(1))
            #expect(await bench.receiver.requests.count == before + 1)
        }
        let kept = try #require(try await bench.deliveries(of: matter).first)
        #expect(kept.fate == .acceptedLate)
        #expect(kept.tries == 5)
        func values(_ name: String) async -> Set<String> {
            Set(await bench.receiver.requests.compactMap { $0.headers.first { $0.isNamed(name) }?.value })
        }
        #expect(await values("webhook-id").count == 1)
        #expect(await values("webhook-timestamp").count == 5)
    }

    @Test("a receiver that is gone, or has failed for five days, is switched off with a record")
    func givenUp() async throws {
        let bench = try await Bench()
        let gone = try await bench.hook("ปลายทางที่ปิดแล้ว")
        _ = try await bench.post.matter(at: .toRegister)
        await bench.receiver.answer(.success(Incoming(status: 410)))
        try await bench.postman.carryDue()
        var kept = try #require(try await bench.post.cabinet.hook(gone.id))
        #expect(!kept.isOn)
        #expect(kept.stoppedAt == bench.post.clock.now)
        #expect(kept.trouble == Trouble(.gone, "HTTP 410"))
        let change = try #require(try await bench.post.cabinet.rosterChanges(limit: 1).first)
        #expect(change.what == "hookStopped")
        #expect(change.by == nil)

        let slow = try await bench.hook("ปลายทางที่เงียบ")
        let first = bench.post.clock.now
        let matter = try await bench.post.matter(at: .toRegister)
        await bench.receiver.answer(.failure(.unreachable("refused")))
        try await bench.postman.carryDue()
        #expect(try await bench.post.cabinet.hook(slow.id)?.failingSince == first)
        bench.post.clock.set(first + .days(5))
        _ = try await bench.post.matter(at: .toRegister)
        await bench.receiver.answer(.failure(.unreachable("refused")))
        try await bench.postman.carryDue()
        kept = try #require(try await bench.post.cabinet.hook(slow.id))
        #expect(!kept.isOn)
        // The old one was stale by then, and nothing is left to wait.
        #expect(try await bench.deliveries(of: matter).map(\.fate) == [.stale])
        #expect(try await bench.post.cabinet.nextDeliveryDue(on: [.webhook]) == nil)
    }

    @Test("secrets and addresses lie sealed, and nobody reads them in the database")
    func sealed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hooks-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // A left-over in /tmp fails no test.
        let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
        let secret = WebhookSecret.draw()
        _ = try await cabinet.save(
            Hook(id: 0, name: "n", address: "https://hooks.example.ac.th/secret-path", secret: secret), by: nil,
            at: Samples.now)
        try cabinet.close()
        let bytes = try Data(contentsOf: URL(filePath: folder + "/" + SQLiteCabinet.fileName))
        for text in ["secret-path", String(secret.dropFirst(6))] { #expect(bytes.range(of: Data(text.utf8)) == nil) }
        #expect(SQLiteCabinet.verify(folder) == [])
        // Under another key it cannot be opened, and that is said.
        try FileManager.default.removeItem(atPath: folder + "/" + SQLiteCabinet.keyName)
        _ = try SecretKey.load(orCreateAt: folder + "/" + SQLiteCabinet.keyName)
        #expect(SQLiteCabinet.verify(folder) == ["webhook 1 cannot be opened: it has to be set up anew"])
    }
}
