// SPDX-License-Identifier: Apache-2.0
import CLinux
import HLS
import HTTP
import Media
import Secure
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One delivery loop: every broadcast's halls, and the viewers' connections that live on it.
// Everything in it but `loop` and what never changes is touched on `loop` alone: the functions that others call hop there.
final class Outlet: @unchecked Sendable {
    /// Connections that say nothing for so long are closed.
    private static let idleMilliseconds: Int64 = 60_000

    /// One broadcast here: the audience's hall, the console's, and what is decided about it.
    final class House {
        var plan: Plan
        let program = Hall()
        let preview = Hall()
        init(_ plan: Plan) { self.plan = plan }
    }

    let loop: Loop
    let pass: Pass
    /// The recordings; set before anybody comes.
    var films: Films?
    /// Where calls are agreed on; set before anybody comes.
    var door: MeetingDoor?
    /// The rooms of meetings, and which of their outlets this is; set before anybody comes.
    var rooms: (house: RoomHouse, place: Int)?
    /// Streams of events of people in rooms.
    let floor = RoomFloor()
    private let limit: Int
    private let identity: IdentityShelf
    private(set) weak var pump: Pump?
    private(set) var houses: [String: House] = [:]
    private var ports: [ObjectIdentifier: Port] = [:]
    private var listeners: [Watch] = []
    /// Where the frames of HTTP/2 are put together, for one connection after the other.
    let frames = UnsafeMutableRawBufferPointer.allocate(byteCount: 96 << 10, alignment: 64)

    private enum Port {
        case one(ViewerPort)
        case two(H2Port)
        /// Hands are being shaken, or nothing has come yet.
        case new(Line)
    }

    init(loop: Loop, pass: Pass, limit: Int, identity: IdentityShelf) {
        (self.loop, self.pass, self.limit, self.identity) = (loop, pass, limit, identity)
    }

    deinit { frames.deallocate() }

    func start(_ pump: Pump) {
        loop.execute {
            self.pump = pump
            self.loop.every(500) { [weak self] in self?.tick() }
            self.loop.every(5_000) { [weak self] in self?.sweep() }
            self.loop.every(15_000) { [weak self] in
                guard let self else { return }
                for house in self.houses.values { house.program.keepAwake() }
                self.floor.keepAwake()
            }
        }
    }

    /// Ends everything here; nothing is sent any more.
    func close() {
        rooms = nil
        for listener in listeners {
            let file = listener.file
            listener.cancel()
            Glibc.close(file)
        }
        listeners = []
        for port in ports.values {
            switch port {
            case .one(let port): port.letGo()
            case .two(let port): port.letGo()
            case .new(let line): line.close()
            }
        }
        ports = [:]
    }

    // MARK: News

    /// What is new, all of it at once, and then everybody who waited for it.
    func take(_ updates: [Delivery]) {
        for update in updates {
            guard let house = houses[update.broadcast] else { continue }
            (update.isPreview ? house.preview : house.program).take(update.update)
        }
        let now = Clock.now()
        for name in Set(updates.map(\.broadcast)) {
            houses[name]?.program.wake(at: now)
            houses[name]?.preview.wake(at: now)
        }
    }

    /// A broadcast is opened, or changed.
    func put(_ plan: Plan) {
        if let house = houses[plan.name] {
            // Another ticket key: who came in by the old one must show a ticket again.
            if house.plan.ticketKey != plan.ticketKey || house.plan.door != plan.door { house.program.members = [:] }
            house.plan = plan
        } else {
            houses[plan.name] = House(plan)
        }
    }

    func remove(_ name: String) {
        // Connections remember where they were.
        houses.removeValue(forKey: name)?.program.members = [:]
    }

    private func tick() {
        let now = Clock.now()
        if let (rooms, place) = rooms {
            let gone = floor.gone()
            if !gone.isEmpty { rooms.lost(gone, at: place) }
        }
        for (name, house) in houses {
            house.program.wake(at: now)
            house.preview.wake(at: now)
            guard !house.program.seen.isEmpty else { continue }
            pump?.seen(house.program.seen, in: name)
            house.program.seen.removeAll(keepingCapacity: true)
        }
    }

    private func sweep() {
        let oldest = loop.now.milliseconds - Outlet.idleMilliseconds
        let minute = Clock.wall().milliseconds / 60_000
        for house in houses.values { house.program.members = house.program.members.filter { $0.value > minute } }
        for port in ports.values {
            switch port {
            case .one(let port): if port.isIdle(since: oldest) { port.letGo() }
            case .two(let port): if port.isIdle(since: oldest) { port.letGo() }
            case .new(let line):
                // Ten seconds are enough to shake hands and ask.
                if line.lastMove < oldest + 50_000 {
                    line.close()
                    left(line)
                }
            }
        }
    }

    // MARK: Connections

    /// Takes viewers from a listening socket.
    func listen(_ file: Int32, isSecure: Bool) {
        listeners.append(loop.watch(file, reads: true, writes: false) { [weak self] _ in self?.accept(file, isSecure) })
    }

    private func accept(_ listener: Int32, _ isSecure: Bool) {
        for _ in 0..<256 {
            var peer = [CChar](repeating: 0, count: 64)
            let file = cs_accept(listener, &peer, 64)
            guard file >= 0 else { return }
            guard ports.count < limit else {
                Glibc.close(file)
                continue
            }
            _ = cs_set(file, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            let secure = isSecure ? identity.line(serving: file) : nil
            guard !isSecure || secure != nil else {
                Glibc.close(file)
                continue
            }
            let address = String(decoding: peer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            open(Line(file, peer: address, on: loop, secure: secure))
        }
    }

    private func open(_ line: Line) {
        ports[ObjectIdentifier(line)] = .new(line)
        line.onClosed = { [unowned self, unowned line] in left(line) }
        line.onOpen = { [unowned self, unowned line] in
            if line.agreed == "h2" { speakTwo(line, []) }
        }
        line.onBytes = { [unowned self, unowned line] bytes in
            // HTTP/2 with prior knowledge begins with its preface (RFC 9113, 3.4), which is no request of HTTP/1.
            if bytes.count >= 3, bytes[0] == 0x50, bytes[1] == 0x52, bytes[2] == 0x49 {
                speakTwo(line, Array(bytes))
            } else {
                let port = ViewerPort(line, self)
                ports[ObjectIdentifier(line)] = .one(port)
                line.onBytes(bytes)
            }
        }
    }

    private func speakTwo(_ line: Line, _ bytes: [UInt8]) {
        guard let port = H2Port(line, self) else {
            line.close()
            return left(line)
        }
        ports[ObjectIdentifier(line)] = .two(port)
        if !bytes.isEmpty { bytes.withUnsafeBytes { line.onBytes($0) } }
    }

    func left(_ line: Line) {
        // The port may be calling this: it lives until the loop's next turn.
        let port = ports.removeValue(forKey: ObjectIdentifier(line))
        guard let port else { return }
        parting.append(port)
        if parting.count == 1 { loop.execute { [weak self] in self?.parting = [] } }
    }
    private var parting: [Port] = []
}

/// A stream that a connection asked for, and will ask for again.
struct Visit {
    /// `/live/NAME/v/TOKEN/`.
    let prefix: [UInt8]
    let house: Outlet.House
    let viewer: UInt64
    let word: String
}

/// One piece of news for one broadcast's hall.
struct Delivery: Sendable {
    let broadcast: String
    var isPreview = false
    let update: Update
}
