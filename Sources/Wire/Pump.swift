// SPDX-License-Identifier: Apache-2.0
import CLinux
import HLS
import Media
import RTMP
import SRT
import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The only loop that tells the studio's machines what happened, and carries out what they answer.
// Everything in it but `loop`, `keys` and what never changes is touched on `loop` alone; what others call hops there.
final class Pump: @unchecked Sendable {
    let loop: Loop
    let log: @Sendable (String) -> Void
    let settings: Station.Settings
    /// Where recordings lie; set before anything is opened.
    var vault: Vault?
    /// Where calls are agreed on; set before anything is opened.
    var door: MeetingDoor?
    /// The rooms of meetings; set before anything is opened.
    var rooms: RoomHouse?
    private let outlets: [Outlet]
    private let identity: IdentityShelf
    /// Every broadcast's keys, for a door that must answer elsewhere.
    private let keys = Mutex<[String: KeyRing.Lock]>([:])
    private(set) var booths: [String: Booth] = [:]
    private var encoders: [PublisherNumber: any Encoder] = [:]
    private var lastNumber = 0
    private var news: [Delivery] = []
    private var listeners: [Watch] = []
    private var parting: [any Encoder] = []
    private var desk: DeskPort?
    private var srt: SRTPort?
    private var gallery: Gallery?
    /// In which meetings somebody is just now.
    var hasMeetings: [String: Bool] = [:]

    init(_ settings: Station.Settings, loop: Loop, outlets: [Outlet], identity: IdentityShelf) {
        (self.settings, self.loop, self.outlets, self.identity) = (settings, loop, outlets, identity)
        log = settings.log
    }

    func start() {
        loop.execute {
            self.loop.every(1_000) { [weak self] in self?.tick() }
            self.gallery = self.vault.map { Gallery($0, on: self.loop, log: self.log) }
            if let path = self.settings.desk { self.desk = DeskPort(path, self) }
        }
    }

    /// Nobody publishes any more, and what was recorded is written.
    func stop() {
        for listener in listeners {
            let file = listener.file
            listener.cancel()
            close(file)
        }
        listeners = []
        desk?.stop()
        for encoder in encoders.values { encoder.hangUp() }
        encoders = [:]
        for booth in booths.values { booth.stop() }
        gallery = nil
    }

    // MARK: Encoders

    /// Takes encoders that speak RTMP from a listening socket.
    func listen(_ file: Int32, isSecure: Bool) {
        listeners.append(loop.watch(file, reads: true, writes: false) { [weak self] _ in self?.accept(file, isSecure) })
    }

    private func accept(_ listener: Int32, _ isSecure: Bool) {
        for _ in 0..<16 {
            var peer = [CChar](repeating: 0, count: 64)
            let file = cs_accept(listener, &peer, 64)
            guard file >= 0 else { return }
            let secure = isSecure ? identity.line(serving: file) : nil
            guard encoders.count < settings.encoderConnections, !isSecure || secure != nil else {
                close(file)
                continue
            }
            _ = cs_set(file, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            let address = String(decoding: peer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let number = nextNumber()
            encoders[number] = EncoderPort(number, Line(file, peer: address, on: loop, secure: secure), self)
        }
    }

    /// Takes encoders that speak SRT. Answers the port.
    /// - Throws: `SRTFault` when the address cannot be had.
    func listenSRT(_ door: Station.Door) throws -> Int {
        let loop = loop
        var wanted = SRTPort.Settings(host: door.host, port: door.port)
        wanted.passphrase = settings.srtPassphrase
        let srt = try SRTPort(wanted) {
            loop.execute($0)
        } knock: { [weak self] id, _ in
            guard let self else { return .refuse(.overload) }
            var match: KeyRing.Lock?
            for lock in keys.withLock({ $0 }).values where KeyRing.opens(lock.digests, to: id.key) { match = lock }
            guard let match else {
                wrongKey()
                return .refuse(.unauthorized)
            }
            return match.passphrase.map { .admitKnowing(passphrase: $0) } ?? .admit
        } opened: { [weak self] line in
            guard let self, encoders.count < settings.encoderConnections else { return line.close() }
            let number = nextNumber()
            let encoder = SRTEncoder(number, line, self)
            encoders[number] = encoder
            encoder.knock()
        }
        self.loop.execute { self.srt = srt }
        return srt.port
    }

    /// Ends the SRT door; waits for its thread, so never called on a loop.
    func stopSRT() async {
        let srt = await loop.ask { self.srt }
        srt?.stop()
    }

    var hasRoomForEncoder: Bool { encoders.count < settings.encoderConnections }

    func add(_ encoder: any Encoder) { encoders[encoder.number] = encoder }

    func whip(_ number: PublisherNumber) -> WHIPEncoder? { encoders[number] as? WHIPEncoder }
    /// How a meeting is on air.
    func airing(_ meeting: String) -> AirEncoder? {
        for case let encoder as AirEncoder in encoders.values where encoder.meeting == meeting { return encoder }
        return nil
    }

    /// A number for an encoder, never twice.
    func nextNumber() -> PublisherNumber {
        lastNumber += 1
        return PublisherNumber(lastNumber)
    }

    /// An encoder's connection is over.
    func left(_ encoder: any Encoder) {
        // The port may be calling this: it lives until the loop's next turn.
        guard let port = encoders.removeValue(forKey: encoder.number) else { return }
        parting.append(port)
        if parting.count == 1 { loop.execute { [weak self] in self?.parting = [] } }
    }

    /// Every key is compared, and each in constant time, so that the answer's time tells nothing.
    func knock(_ encoder: any Encoder, key: String, program: String) {
        var match: Booth?
        for booth in booths.values where KeyRing.opens(booth.plan.keyHashes, to: key) { match = booth }
        if let match {
            return take(match, .knock(encoder.number, isKeyGood: true, program: program))
        }
        encoder.refuse(Rejection.wrongKey.sentence)
        wrongKey()
    }

    /// Every officer learns that somebody tried: one of them mistyped the key. Called from anywhere.
    func wrongKey() {
        loop.execute {
            for booth in self.booths.values {
                self.take(booth, .knock(PublisherNumber(0), isKeyGood: false, program: ""))
            }
            self.deliver()
        }
    }

    // MARK: Broadcasts

    /// Opens a broadcast, or changes it.
    func put(_ plan: Plan) {
        guard Route.isName(plan.name) else { return }
        for outlet in outlets { outlet.loop.execute { outlet.put(plan) } }
        keys.withLock { $0[plan.name] = KeyRing.Lock(digests: plan.keyHashes, passphrase: plan.srtPassphrase) }
        if let booth = booths[plan.name] {
            booth.put(plan)
            take(booth, .plan(plan))
        } else {
            let booth = Booth(plan, self)
            booths[plan.name] = booth
            booth.start()
        }
        booths[plan.name]?.announce()
        deliver()
    }

    /// What the desk or a console asks. Answers why it cannot be done; nil when it is done or on its way.
    @discardableResult
    func obey(_ order: Order) -> (thai: String, english: String)? {
        if case .put(let plan) = order {
            guard Route.isName(plan.name) else { return ("ชื่อนี้ใช้เป็นที่อยู่ไม่ได้", "That name cannot be in an address.") }
            put(plan)
            if let booth = booths[plan.name] { tell(booth.broadcast.state(at: Clock.now()), of: booth) }
            return nil
        }
        if case .report = order {
            for booth in booths.values { desk?.tell(.state(booth.broadcast.state(at: Clock.now()))) }
            rooms?.report()
            return nil
        }
        let asked = askRooms(order)
        if asked.isTheirs { return asked.why }
        guard let name = order.name, let booth = booths[name] else {
            return ("ไม่มีการถ่ายทอดชื่อนี้ในห้องส่ง", "There is no broadcast of that name here.")
        }
        switch order {
        case .trim, .erase: return handle(order, booth)
        default: take(booth, .order(order))
        }
        tell(booth.broadcast.state(at: Clock.now()), of: booth)
        deliver()
        return nil
    }

    /// What the rooms of meetings have to say. On the pump's loop.
    func tellDesk(_ bulletin: Bulletin) {
        switch bulletin {
        // A state says nothing to nobody.
        case .meeting(let state):
            hasMeetings[state.name] = state.phase == .open && state.people > 0
            if desk?.isOpen ?? false { desk?.tell(bulletin) }
        default: desk?.tell(bulletin)
        }
    }

    /// The desk waits for what an order came to.
    private func tell(_ state: State, of booth: Booth) {
        booth.told = state
        desk?.tell(.state(state))
    }

    /// What is done with recordings takes its time; when it cannot be done, that is told later.
    private func handle(_ order: Order, _ booth: Booth) -> (thai: String, english: String)? {
        guard let vault else { return (Obstacle.unknown.thai, Obstacle.unknown.english) }
        let refuse: @Sendable (Obstacle) -> Void = { [weak self] obstacle in
            guard let self else { return }
            loop.execute {
                self.desk?.tell(.refused(order, thai: obstacle.thai, english: obstacle.english))
            }
        }
        switch order {
        case .trim(let name, let recording, let from, let to):
            vault.cut(recording, of: name, from: from, to: to) {
                if case .failure(let obstacle) = $0 { refuse(obstacle) }
            }
        case .erase(let name, let recording):
            vault.erase(recording, of: name) { if let obstacle = $0 { refuse(obstacle) } }
        default: break
        }
        return nil
    }

    /// What lies on the disk is no longer what it was; called from anywhere.
    func recordings(in name: String) {
        loop.execute {
            guard let booth = self.booths[name], let vault = self.vault else { return }
            self.gallery?.visit(name)
            self.take(booth, .recordings(vault.recordings(of: name), freeBytes: vault.freeBytes))
            self.deliver()
        }
    }

    /// A viewer wrote something. Answers why it is not taken.
    func remark(in name: String, viewer: UInt64, from: String, text: String, isQuestion: Bool) -> Objection? {
        guard let booth = booths[name] else { return .off }
        let objection = booth.broadcast.objection(viewer: viewer, from: from, text: text, at: Clock.now())
        guard objection == nil else { return objection }
        take(booth, .remark(viewer: viewer, from: from, text: text, isQuestion: isQuestion))
        deliver()
        return nil
    }

    /// Who fetched what since the last time; called by the delivery loops.
    func seen(_ tokens: [UInt64: Instant], in name: String) {
        loop.execute {
            guard let booth = self.booths[name] else { return }
            self.take(booth, .seen(tokens))
            self.deliver()
        }
    }

    /// Something outside went wrong with a broadcast; called from anywhere.
    func trouble(in name: String, _ fault: Fault) {
        loop.execute {
            guard let booth = self.booths[name] else { return }
            self.take(booth, .fault(fault))
            self.deliver()
        }
    }

    /// Every broadcast's figures, as Prometheus reads them.
    func metrics() -> String {
        let now = Clock.now()
        return Metrics.text(
            booths.values.sorted { $0.plan.name < $1.plan.name }.map {
                ($0.plan.name, $0.broadcast.state(at: now), $0.broadcast.tallies)
            })
    }

    func take(_ booth: Booth, _ input: Broadcast.Input) {
        catchUp(booth)
        tell(booth, input, at: Clock.now(), wall: Clock.wall())
    }

    /// Tells a broadcast what it was not told yet.
    func catchUp(_ booth: Booth) { for one in booth.takeKept() { tell(booth, one.input, at: one.at, wall: one.wall) } }

    private func tell(_ booth: Booth, _ input: Broadcast.Input, at now: Instant, wall: WallTime) {
        booth.broadcast.take(input, at: now, wall: wall)
        while true {
            let output = booth.broadcast.next()
            switch output {
            case .accept(let number):
                guard let encoder = encoders[number] else { continue }
                encoder.booth = booth
                encoder.accept()
                log("\(booth.plan.name): encoder \(number.number) publishes")
            case .refuse(let number, let rejection): encoders[number]?.refuse(rejection.sentence)
            case .dismiss(let number, let rejection):
                guard let encoder = encoders[number] else { continue }
                encoder.booth = nil
                encoder.dismiss(rejection.sentence)
            case .wake(let at): return booth.wake(at)
            case .opened(let at):
                booth.opened()
                desk?.tell(.opened(name: booth.plan.name, at: at.milliseconds))
                log("\(booth.plan.name): on air")
            case .ended:
                booth.end()
                desk?.tell(.ended(booth.broadcast.state(at: Clock.now())))
                log("\(booth.plan.name): over")
            case .fault(let fault): log("\(booth.plan.name): \(fault.thai) · \(fault.english)")
            default: booth.carry(output)
            }
        }
    }

    /// A studio without a desk, an encoder or anything on air is nobody's.
    private func lookForTheDesk(_ now: Instant) {
        guard let since = desk?.awaySince, now.milliseconds - since > 60_000, encoders.isEmpty,
            !hasMeetings.values.contains(true),
            !booths.values.contains(where: { [.onAir, .slated].contains($0.broadcast.state(at: now).phase) })
        else { return }
        settings.abandoned()
    }

    /// Once a second: what the desk and the audience are told of how it is.
    private func tick() {
        let now = Clock.now()
        for encoder in encoders.values { encoder.look() }
        lookForTheDesk(now)
        for booth in booths.values {
            catchUp(booth)
            booth.tick()
            let state = booth.broadcast.state(at: now)
            booth.announce(state)
            if state != booth.told, desk?.isOpen ?? false { tell(state, of: booth) }
        }
        deliver()
    }

    func post(_ delivery: Delivery) { news.append(delivery) }

    /// Hands what is new to every delivery loop, in one go each.
    func deliver() {
        guard !news.isEmpty else { return }
        let news = news
        self.news.removeAll(keepingCapacity: true)
        for outlet in outlets { outlet.loop.execute { outlet.take(news) } }
    }

    func doors(_ doors: Bulletin.Doors) { loop.execute { self.hello = doors } }
    private(set) var hello = Bulletin.Doors(http: 0, rtmp: 0)
}
