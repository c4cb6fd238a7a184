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

/// An office whose pushes go to a strict push service in the same process.
private struct PushedOffice {
    let post: Post
    let service: Service
    let postman: Postman
    let secret = [UInt8](repeating: 7, count: 32)

    /// The rehearsed push service behind a courier.
    final class Service: Courier {
        private let inner: Mutex<RehearsedPush>
        private let now: @Sendable () -> Moment
        init(_ inner: RehearsedPush, now: @escaping @Sendable () -> Moment) {
            self.inner = Mutex(inner)
            self.now = now
        }
        func change<Result: Sendable>(
            _ body: (inout sending RehearsedPush) throws -> sending Result
        ) rethrows -> Result {
            try inner.withLock(body)
        }
        func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
            let now = now()
            return try inner.withLock { service throws(PostFault) in try service.answer(outgoing, at: now) }
        }
        var pushes: [RehearsedPush.Push] { inner.withLock { $0.pushes } }
        var faults: [String] { inner.withLock { $0.faults } }
        func meets(_ moods: RehearsedPush.Mood...) { inner.withLock { $0.moods = moods } }
    }

    init(isOn: Bool = true) async throws {
        post = try await Post()
        let key = try TokenKey.make()
        let point = Base64URL.text(try #require(key.publicPoint))
        let clock = post.clock
        service = Service(RehearsedPush(applicationKey: point), now: { clock.now })
        let settings = PushSettings(key: key.stored, publicKey: point, contact: "mailto:desk@example.ac.th")
        try await post.cabinet.save(
            .push, settings: String(decoding: try JSONEncoder().encode(settings), as: UTF8.self), isOn: isOn,
            by: Samples.prasert.id, at: clock.now)
        postman = Postman(
            cabinet: post.cabinet,
            carriers: [PushCarrier(cabinet: post.cabinet, courier: service, secret: secret)],
            logger: Logger(label: "push", factory: { _ in SwiftLogNoOpLogHandler() }), now: { clock.now })
    }

    @discardableResult
    func device(_ browser: String, of person: Person, language: String = "th", largest: Int = 4096) async throws
        -> Device
    {
        let subscription = try service.change { try $0.subscribe(browser, largest: largest) }
        return try await post.cabinet.keep(
            Device(
                person: person.id, subscription: subscription, name: browser, language: language,
                since: post.clock.now))
    }

    /// Time passes for the outbox and the postman alike.
    func pass(to moment: Moment) async throws {
        try await post.pass(to: moment)
        try await postman.carryDue()
    }

    /// A trial call for a person.
    func trial(_ name: String = "trial/p5", for person: Person = Samples.anan) async throws -> Delivery {
        try await post.cabinet.issue([
            Delivery(
                id: name, way: .push, freight: .trial, to: .person(person.id), matter: nil, due: post.clock.now,
                stale: post.clock.now + .minutes(1))
        ])
        try await postman.carryDue()
        return try await again(name)
    }

    func again(_ name: String) async throws -> Delivery { try #require(try await post.cabinet.delivery(name)) }
}

/// The fields of a push that the tests look at.
private struct Read: Decodable, Equatable {
    var kind: String
    var by: String
    var notice: Int64
    var token: String
    var title: String
    var body: String
    var path: String
    var tag: String
    var language: String
    var button: String
    var isPressing: Bool
}

extension RehearsedPush.Push {
    fileprivate func read() throws -> Read { try JSONDecoder().decode(Read.self, from: Data(text.utf8)) }
}

@Suite("พุช: ถึงเครื่องที่ใช่ ในเวลา และพูดความจริงว่าถึงหรือไม่") struct PushTests {
    @Test("thirty minutes before, every device of the officer rings: urgent, for thirty minutes, in its own language")
    func reminder() async throws {
        let office = try await PushedOffice()
        let phone = try await office.device("phone", of: Samples.anan)
        let desk = try await office.device("desk", of: Samples.anan, language: "en")
        try await office.device("other", of: Samples.malee)
        let matter = try await office.post.matter(at: .ready)
        try await office.postman.carryDue()
        let before = office.service.pushes.count
        let due = matter.letter.span.start - .minutes(30)
        try await office.pass(to: due)
        #expect(office.service.faults == [])
        let pushes = office.service.pushes.dropFirst(before).sorted { $0.browser < $1.browser }
        #expect(pushes.map(\.browser) == ["desk", "phone"])
        #expect(pushes.map(\.ttlSeconds) == [1800, 1800])
        #expect(pushes.map(\.urgency) == ["high", "high"])
        #expect(Set(pushes.map(\.topic)).count == 1)
        let notice = try #require(try await office.post.notices(.reminder, of: Samples.anan).first)
        let read = try pushes.map { try $0.read() }
        #expect(read.map(\.by) == ["d\(desk.id)", "d\(phone.id)"])
        #expect(read.map(\.notice) == [notice.id.number, notice.id.number])
        #expect(read.map(\.button) == ["Acknowledge", "รับทราบ"])
        #expect(read.map(\.path) == ["/matters/\(matter.id)/service", "/matters/\(matter.id)/service"])
        #expect(read.map(\.isPressing) == [true, true])
        #expect(read[1].body == "\(matter.letter.title)\n\(matter.letter.place)")
        let delivery = try #require(
            try await office.post.cabinet.deliveries(of: notice.id).first { $0.way == .push })
        #expect(delivery.fate == .accepted)
        #expect(delivery.acceptedAt == due)
        #expect(delivery.reference == "2/2")
        // The token opens this notice for this device, and nothing else.
        let seal = Seal(key: office.secret)
        let second = due.milliseconds / 1000
        #expect(
            try seal.open(read[1].token, purpose: PushBearer.device(phone.id).purpose, now: second)
                == notice.id.number)
        #expect(throws: SealFault.wrongSignature) {
            try seal.open(read[1].token, purpose: PushBearer.device(desk.id).purpose, now: second)
        }
    }

    @Test("a secret matter's title stays in the house")
    func secret() async throws {
        let office = try await PushedOffice()
        try await office.device("phone", of: Samples.anan)
        var letter = Samples.letter()
        letter.title = "เรื่องที่ห้ามเปิดเผย"
        let post = office.post
        let matter = try await post.matter(at: .toRegister, letter: letter)
        let received = post.clock.now
        for stride in Samples.strides(to: .ready, letter: letter, received: received) {
            var act = stride.act
            if case .register(var classified, let papers) = act {
                classified.secrecy = .secret
                act = .register(classified, papers: papers)
            }
            try await post.pass(to: received + stride.after)
            try await post.act(act, matter.id, by: stride.hand)
        }
        try await office.pass(to: letter.span.start - .minutes(30))
        let pushes = office.service.pushes
        #expect(!pushes.isEmpty)
        #expect(pushes.allSatisfy { !$0.text.contains("ห้ามเปิดเผย") })
        #expect(try pushes.last?.read().body == letter.place)
    }

    @Test("an unknown subscription is forgotten, the line stays, and the person is no longer reached by push")
    func gone() async throws {
        let office = try await PushedOffice()
        let device = try await office.device("phone", of: Samples.anan)
        office.service.change { $0.unsubscribe("phone") }
        let delivery = try await office.trial()
        #expect(delivery.fate == .refused)
        #expect(delivery.trouble?.kind == .gone)
        let kept = try #require(try await office.post.cabinet.device(device.id))
        #expect(kept.subscription == nil)
        #expect(kept.goneAt == office.post.clock.now)
        #expect(kept.hasStopped(at: office.post.clock.now))
        #expect(try await office.post.cabinet.reach(of: Samples.anan.id, by: .push) == nil)
        #expect(try await office.trial("trial/p5/2").trouble?.kind == .noReach)
        #expect(try await office.post.cabinet.stoppedDevices(at: office.post.clock.now) == [Samples.anan.id: 1])
    }

    @Test("one of two devices is gone: the other rings, and that counts")
    func oneOfTwo() async throws {
        let office = try await PushedOffice()
        try await office.device("old", of: Samples.anan)
        try await office.device("new", of: Samples.anan)
        office.service.change { $0.unsubscribe("old") }
        let delivery = try await office.trial()
        #expect(delivery.fate == .accepted)
        #expect(delivery.reference == "1/2")
        #expect(office.service.pushes.map(\.browser) == ["new"])
    }

    @Test("too large: once more in few words")
    func tooLarge() async throws {
        let office = try await PushedOffice()
        try await office.device("small", of: Samples.anan, largest: 600)
        let matter = try await office.post.matter(at: .ready)
        try await office.pass(to: matter.letter.span.start - .minutes(30))
        #expect(office.service.faults.allSatisfy { $0.hasPrefix("413") } && !office.service.faults.isEmpty)
        let read = try #require(office.service.pushes.last).read()
        #expect(read.body == "")
        #expect(read.title.utf16.count <= 60)
        #expect(read.button == "รับทราบ")
    }

    @Test(arguments: [429, 500, 503])
    func busy(_ status: Int) async throws {
        let office = try await PushedOffice()
        try await office.device("phone", of: Samples.anan)
        office.service.meets(.answers(status, retryAfterSeconds: 20))
        let began = office.post.clock.now
        #expect(try await office.trial().fate == nil)
        office.post.clock.set(began + .seconds(19))
        try await office.postman.carryDue()
        #expect(office.service.pushes == [])
        office.post.clock.set(began + .seconds(20))
        try await office.postman.carryDue()
        #expect(office.service.pushes.map(\.ttlSeconds) == [40])
        let delivery = try await office.again("trial/p5")
        #expect(delivery.fate == .accepted)
        #expect(delivery.tries == 2)
    }

    @Test("a device whose service was busy while another took it gets its own delivery, under the same topic")
    func busyBeside() async throws {
        let office = try await PushedOffice()
        try await office.device("one", of: Samples.anan)
        try await office.device("two", of: Samples.anan)
        office.service.meets(.answers(503, retryAfterSeconds: 5))
        let began = office.post.clock.now
        #expect(try await office.trial().fate == .accepted)
        office.post.clock.set(began + .seconds(5))
        try await office.postman.carryDue()
        #expect(Set(office.service.pushes.map(\.browser)) == ["one", "two"])
        #expect(Set(office.service.pushes.map(\.topic)).count == 1)
    }

    @Test("taken, and the answer was lost: the second try has the same topic and the same tag")
    func cut() async throws {
        let office = try await PushedOffice()
        try await office.device("phone", of: Samples.anan)
        office.service.meets(.takesAndIsSilent)
        let began = office.post.clock.now
        #expect(try await office.trial().trouble?.kind == .timedOut)
        office.post.clock.set(began + .seconds(5))
        try await office.postman.carryDue()
        let pushes = office.service.pushes
        #expect(pushes.count == 2)
        #expect(Set(pushes.map(\.topic)).count == 1)
        #expect(Set(try pushes.map { try $0.read().tag }) == ["trial"])
    }

    @Test("no answer that is not foreseen is taken for success")
    func answers() async throws {
        let expected: [(Int, Trouble.Kind, isLast: Bool)] = [
            (400, .rejected, true), (401, .wrongCredentials, false), (403, .notAllowed, true), (404, .gone, true),
            (301, .rejected, true), (204, .rejected, true), (418, .rejected, true), (502, .busy, false),
        ]
        for (status, kind, isLast) in expected {
            let office = try await PushedOffice()
            try await office.device("phone", of: Samples.anan)
            office.service.meets(.answers(status))
            let delivery = try await office.trial()
            #expect(delivery.trouble?.kind == kind, "\(status)")
            #expect((delivery.fate == .refused) == isLast, "\(status)")
        }
    }

    @Test("an endpoint that is none, or lies inside, is never called")
    func unsafe() async throws {
        let office = try await PushedOffice()
        for endpoint in ["http://push.example.com/x", "https://user@push.example.com/x", "ftp://x/y", "https:///x"] {
            var subscription = try office.service.change { try $0.subscribe("odd") }
            subscription.endpoint = endpoint
            let device = try await office.post.cabinet.keep(
                Device(
                    person: Samples.anan.id, subscription: subscription, name: endpoint, language: "th",
                    since: office.post.clock.now))
            let delivery = try await office.trial("trial/\(endpoint.count)/d\(device.id)")
            #expect(delivery.trouble?.kind == .unsafeAddress, "\(endpoint)")
        }
        #expect(office.service.faults == [])
    }

    @Test("off, or not set up, is said to be so")
    func off() async throws {
        let office = try await PushedOffice(isOn: false)
        try await office.device("phone", of: Samples.anan)
        #expect(try await office.trial().trouble?.kind == .notSetUp)
    }

    @Test("one token for one service, for eleven hours; then another")
    func passes() async throws {
        let office = try await PushedOffice()
        try await office.device("phone", of: Samples.anan)
        for hours in [0, 10, 12, 40] {
            office.post.clock.set(Samples.now + .hours(hours))
            #expect(try await office.trial("trial/\(hours)").fate == .accepted)
        }
        #expect(office.service.faults == [])
    }

    @Test("the probe asks a device in silence, and says what is missing")
    func probe() async throws {
        let office = try await PushedOffice()
        let carrier = PushCarrier(cabinet: office.post.cabinet, courier: office.service, secret: office.secret)
        let now = office.post.clock.now
        #expect(await carrier.probe(for: Samples.anan, at: now)?.kind == .noReach)
        try await office.device("phone", of: Samples.anan)
        #expect(await carrier.probe(for: Samples.anan, at: now) == nil)
        #expect(try office.service.pushes.map { try $0.read().kind } == ["check"])
        office.service.meets(.isAway)
        #expect(await carrier.probe(for: Samples.anan, at: now)?.kind == .unreachable)
    }
}

@Suite("การตรวจอุปกรณ์ประจำสัปดาห์") struct DeviceRoundTests {
    @Test(
        "once a week, while the office works; two without an answer and a day of patience, and the device has stopped")
    func rounds() async throws {
        let office = try await PushedOffice()
        let device = try await office.device("phone", of: Samples.anan)
        let cabinet = office.post.cabinet
        let rounds = DeviceRounds(
            cabinet: cabinet, logger: Logger(label: "rounds", factory: { _ in SwiftLogNoOpLogHandler() }),
            now: { Samples.now })
        func week(_ number: Int, at time: String = "10:00") async throws -> Int {
            let moment = Day(of: Samples.now).adding(days: 7 * number).at(Samples.time(time))
            office.post.clock.set(moment)
            let found = try await rounds.makeRound(at: moment)
            try await office.postman.carryDue()
            return found
        }
        #expect(try await week(0) == 0)
        #expect(try await week(1, at: "07:00") == 0)
        #expect(try await week(1) == 1)
        #expect(try await week(1, at: "11:00") == 0)
        #expect(office.service.pushes.map(\.urgency) == ["low"])
        #expect(try await cabinet.device(device.id)?.unanswered == 1)
        // It answers.
        try await cabinet.note(answered: device.id, at: office.post.clock.now)
        #expect(try await week(2, at: "11:30") == 1)
        #expect(try await week(3, at: "12:00") == 1)
        let twice = try #require(try await cabinet.device(device.id))
        #expect(twice.unanswered == 2)
        #expect(!twice.hasStopped(at: office.post.clock.now + .hours(23)))
        #expect(twice.hasStopped(at: office.post.clock.now + .hours(24)))
        #expect(try await cabinet.stoppedDevices(at: office.post.clock.now + .hours(23)) == [:])
        #expect(try await cabinet.stoppedDevices(at: office.post.clock.now + .hours(24)) == [Samples.anan.id: 1])
        try await cabinet.note(answered: device.id, at: office.post.clock.now)
        #expect(try await cabinet.stoppedDevices(at: office.post.clock.now + .days(3)) == [:])
        #expect(office.service.faults == [])
    }
}

@Suite struct TroubleTests {
    @Test("every fault of the post is a trouble, and none asks itself for ever")
    func faults() {
        let faults: [(PostFault, Trouble)] = [
            (.badAddress, Trouble(.rejected)), (.unsafeAddress, Trouble(Trouble.Kind.unsafeAddress)),
            (.unreachable("refused"), Trouble(.unreachable, "refused")), (.timedOut(wasSent: true), Trouble(.timedOut)),
            (.cut, Trouble(.unreachable)), (.tooLarge, Trouble(.nonsense)),
        ]
        for (fault, trouble) in faults { #expect(Trouble(fault) == trouble) }
    }
}
