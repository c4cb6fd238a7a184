// SPDX-License-Identifier: Apache-2.0
import CLinux
import Media
import RTMP
import Secure
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One more server that gets the broadcast: one connection, and when it breaks another one after a while. Its address is
/// a secret and is told to nobody but that server.
// Touched on the pump's loop alone; what is looked up elsewhere comes back to it there.
final class Restream: @unchecked Sendable {
    /// Connecting, and shaking hands for TLS, must be over within this time, at each of the host's addresses.
    static let openMilliseconds: Int64 = 8_000
    /// So long the last words may take.
    static let partingMilliseconds: Int64 = 2_000

    var target: Plan.Target
    private unowned let house: Restreamer
    private var care: Supervision
    private var line: Line?
    private var machine: SenderMachine?
    /// Where the server asked to go on; for one attempt.
    private var detour: RTMPAddress?
    private var attempt = 0
    private var isBehind = false
    private let careAlarm: SlackAlarm
    private let machineAlarm: SlackAlarm

    init(_ target: Plan.Target, for house: Restreamer) {
        (self.target, self.house) = (target, house)
        care = Supervision(name: target.name)
        careAlarm = SlackAlarm(house.loop)
        machineAlarm = SlackAlarm(house.loop)
        careAlarm.act = { [weak self] in self?.care(.time) }
        machineAlarm.act = { [weak self] in self?.take(.time) }
    }

    /// How it is, for the console.
    var helper: State.Companion {
        var helper = care.helper
        helper.name = target.name
        if isBehind, helper.condition == .working { helper.reason = Sentence.thinLine }
        return helper
    }

    /// There is something to send, or no longer.
    func want(_ isWanted: Bool) { care(.want(isWanted)) }

    /// What is on.
    func take(_ signal: Signal) {
        guard machine != nil else { return }
        take(.signal(signal))
    }

    /// The size of what is on.
    func show(_ picture: Picture) {
        guard machine != nil else { return }
        take(.picture(picture))
    }

    // MARK: Care

    private func care(_ input: Supervision.Input) {
        care.take(input, at: Clock.now())
        while true {
            switch care.next() {
            case .start: start()
            case .stop: stop()
            case .wake(let at):
                careAlarm.set(at)
                return house.tell()
            }
        }
    }

    private func start() {
        attempt += 1
        isBehind = false
        let address: RTMPAddress
        do throws(RTMPAddress.Flaw) {
            let home = try RTMPAddress(target.address)
            address = detour ?? home
        } catch {
            return died("\(error.thai) · \(error.english)")
        }
        detour = nil
        let mine = attempt
        Names.find(address.host, on: house.loop) { [weak self] hosts in
            guard let self, mine == attempt else { return }
            guard !hosts.isEmpty else { return died(Sentence.unknownHost) }
            guard address.isSecure else { return connect(to: address, at: hosts[...], trust: nil) }
            house.trust.find(on: house.loop) { [weak self] trust in
                guard let self, mine == attempt else { return }
                guard let trust else { return died(Sentence.noTrust) }
                connect(to: address, at: hosts[...], trust: trust)
            }
        }
    }

    private func stop() {
        attempt += 1
        take(.stop)
        part()
    }

    private func died(_ reason: String) {
        attempt += 1
        part()
        care(.died(reason: reason))
    }

    /// Lets the connection go, with what still waits to be said.
    private func part() {
        machine = nil
        isBehind = false
        guard let line else { return }
        self.line = nil
        (line.onOpen, line.onBytes, line.onClosed) = ({}, { _ in }, {})
        line.closeWhenSent()
        house.loop.after(Restream.partingMilliseconds) { line.close() }
    }

    // MARK: Connecting

    /// Tries one of the host's addresses after the other.
    private func connect(to address: RTMPAddress, at hosts: ArraySlice<String>, trust: TLSIdentity?) {
        attempt += 1
        guard let host = hosts.first else { return died(Sentence.unreachable) }
        let file = cs_connect(host, Int32(address.port))
        guard file >= 0 else { return connect(to: address, at: hosts.dropFirst(), trust: trust) }
        // What nobody acknowledges for so long is lost: the system then ends the connection.
        _ = cs_set(file, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 15_000)
        var secure: TLSLine?
        if let trust {
            do { secure = try TLSLine(trust, calling: address.host, at: file) } catch {
                close(file)
                return died(Sentence.notSecure)
            }
        }
        let line = Line(file, peer: host, on: house.loop, secure: secure, isConnecting: true)
        self.line = line
        let mine = attempt
        let failed: () -> Void = { [weak self, weak line] in
            guard let self, let line, mine == attempt, machine == nil else { return }
            let isConnected = line.isConnected
            line.close()
            self.line = nil
            // Who answers and is not who he should be is not asked at his other addresses.
            if isConnected { return died(address.isSecure ? Sentence.notSecure : Sentence.unreachable) }
            connect(to: address, at: hosts.dropFirst(), trust: trust)
        }
        line.onOpen = { [weak self] in self?.speak(to: address) }
        line.onBytes = { [weak self] bytes in self?.take(.bytes(Array(bytes)[...])) }
        line.onClosed = { [weak self] in
            guard let self else { return }
            if machine == nil { failed() } else { take(.closed) }
        }
        house.loop.after(Restream.openMilliseconds, failed)
    }

    private func speak(to address: RTMPAddress) {
        var random = SystemRandomNumberGenerator()
        machine = SenderMachine(
            to: address, carrying: house.formats.map(\.codec), seed: random.next(), at: Clock.now())
        for format in house.formats { take(.signal(.configuration(format.track, format.codec, format.bytes))) }
        if let picture = house.picture { take(.picture(picture)) }
        drain()
    }

    // MARK: Speaking

    private func take(_ input: SenderMachine.Input) {
        guard let line else { return }
        let now = Clock.now()
        machine?.take(.unsent(line.unsent), at: now)
        machine?.take(input, at: now)
        drain()
    }

    private func drain() {
        while let output = machine?.next() {
            switch output {
            case .send(let bytes): line?.send(.of(bytes))
            case .tell(let news): hear(news)
            case .wake(let at): return machineAlarm.set(at)
            }
        }
    }

    private func hear(_ news: SenderMachine.News) {
        switch news {
        case .publishing: care(.gave)
        case .fellBehind, .caughtUp:
            isBehind = news == .fellBehind
            house.tell()
        case .ended(.stopped): break
        case .ended(let end):
            if case .moved(let address) = end { detour = address }
            died("\(end.thai) · \(end.english)")
        }
    }

    /// What went wrong before the other server could say anything, Thai first.
    private enum Sentence {
        static let unknownHost = "ไม่พบเซิร์ฟเวอร์ชื่อนี้ โปรดตรวจที่อยู่ · No server has this name: check the address."
        static let unreachable = "ติดต่อเซิร์ฟเวอร์ปลายทางไม่ได้ · The other server cannot be reached."
        static let notSecure =
            "ใบรับรองของเซิร์ฟเวอร์ปลายทางใช้ไม่ได้ · The other server does not prove by TLS that it is the one."
        static let noTrust = "เครื่องนี้ไม่มีใบรับรองที่เชื่อถือได้ · This machine has no certificates to trust in."
        static let thinLine = "สายส่งช้า จึงข้ามภาพบางส่วน · The line is too thin: pictures are left out."
    }
}

/// An alarm for a machine that names its next instant after every input: it may ring early, never late, and is not set
/// anew for an instant that moved on.
final class SlackAlarm {
    private let loop: Loop
    private var due: Instant?
    var act: () -> Void = {}

    init(_ loop: Loop) { self.loop = loop }

    /// Rings at this instant or before; nil is no hurry.
    func set(_ at: Instant?) {
        guard let at else { return }
        if let due, due <= at { return }
        due = at
        loop.after(at.milliseconds - Clock.now().milliseconds) { [weak self] in
            guard let self, due == at else { return }
            due = nil
            act()
        }
    }
}
