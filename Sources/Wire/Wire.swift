// SPDX-License-Identifier: Apache-2.0

// Wire: sockets around the studio's machines.
//
// There is
//   One `Loop` (epoll) with the pump, the only loop that calls the machines' `take`, and the encoders' connections:
//     RTMP and RTMPS. SRT comes on a thread of its own, by libsrt, and hands its bytes to the same loop.
//   More loops for the viewers: HTTP/1.1 of our own, because a viewer costs a request per part and nothing but the
//     request should be paid for; HTTP/2 by nghttp2; both with TLS by OpenSSL or without. Each loop has its own
//     table of the same shared bytes, so delivering takes no lock; the pump hands all of them what is new in one go,
//     once per read.
//   One restreamer for each broadcast, on the pump's loop: a connection to every other server that shall have it, each
//     with a bounded queue of its own; host names are looked up elsewhere.
//   Programs beside us (`Children`), each a supervised ffmpeg fed through a bounded queue and humbler than we are: a
//     ladder of smaller pictures, a decoder for the loudness meter, the pictures of finished recordings. Without an
//     ffmpeg all of them say so, and everything else works.
//   One loop for the rooms of meetings (`Room`): what people do is worked off there; each change is encoded once and
//     handed to the delivery loops, which have the streams. Media has a loop of its own and is only told what follows.
//   One recorder for each broadcast, on a queue of its own: a slow disk stops nobody.
//
// No key, no ticket and no pass is ever logged.

import CLinux
import SDP
import Secure
public import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A running studio: listens for encoders and viewers until it is stopped.
public final class Station: Sendable {
    /// A door: a host and a port; port 0 takes any that is free.
    public struct Door: Sendable {
        public var host: String
        public var port: Int

        /// A door at this place.
        public init(_ host: String, _ port: Int) { (self.host, self.port) = (host, port) }
    }

    /// What to serve, and where.
    public struct Settings: Sendable {
        /// Where viewers come.
        public var http: Door
        /// Where viewers come by TLS; nil for nowhere.
        public var https: Door?
        /// Where encoders come.
        public var rtmp: Door
        /// Where encoders come by TLS; nil for nowhere.
        public var rtmps: Door?
        /// Where encoders that speak SRT come; nil for nowhere.
        public var srt: Door?
        /// What every encoder that speaks SRT must know, 10 to 79 bytes; what they send is enciphered with it. A plan may
        /// have its own.
        public var srtPassphrase: String?
        /// Where the media of meetings comes and goes, by UDP and by TCP; nil for nowhere.
        public var udp: Door?
        /// Addresses at which `udp` is reached from elsewhere, where it cannot know them itself (behind NAT).
        public var announced: [String] = []
        /// A TURN server beside us (Debian's coturn with `use-auth-secret`) for networks that let nothing of ours through:
        /// its addresses as `turn:…` and `turns:…`, and the secret that it shares with us.
        public var relay: (addresses: [String], secret: String)?
        /// The Unix socket at which the desk listens; nil when there is no desk.
        public var desk: String?
        /// The certificates and the key that TLS needs, as PEM files.
        public var certificate: (chain: String, key: String)?
        /// Recordings are written below it; nil records nothing.
        public var folder: String?
        /// How many bytes the recordings may have; what is more goes, oldest first, where a plan allows it.
        public var recordingBytes: Int64?
        /// How many viewers' connections may be open at once.
        public var viewerConnections = 20_000
        /// How many encoders' connections may be open at once.
        public var encoderConnections = 64
        /// How many threads serve viewers.
        public var deliveryThreads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)
        /// The desk has been away for long and nothing is on air: whoever started the studio may end it.
        public var abandoned: @Sendable () -> Void = {}
        /// Where faults and comings and goings are told, one line each.
        public var log: @Sendable (String) -> Void = { _ in }

        /// A studio at these places.
        public init(http: Door, rtmp: Door, folder: String?) {
            (self.http, self.rtmp, self.folder) = (http, rtmp, folder)
        }
    }

    /// The doors that are really open.
    public let doors: Bulletin.Doors
    /// The port of meetings, by UDP and by TCP; 0 when there is none.
    public let udp: Int
    private let media: Loop
    private let calls: Loop?
    private let door: MeetingDoor?
    private let rooms: RoomHouse?
    private let delivery: [Loop]
    private let outlets: [Outlet]
    private let pump: Pump
    private let identity: IdentityShelf

    /// Starts listening.
    /// - Throws: what the system says when an address cannot be had or a certificate not be read.
    public init(_ settings: Settings) throws {
        cs_prepare()
        let identity = IdentityShelf(try Station.identity(settings))
        self.identity = identity
        let key = try settings.folder.map { folder in
            try makeFolder(folder)
            return try SecretKey.load(orCreateAt: folder + "/studio.key").bytes
        }
        let pass = Pass(key: key ?? Token.randomBytes(32))
        media = try Loop("media", isUrgent: true)
        delivery = try (0..<settings.deliveryThreads).map { try Loop("delivery-\($0)") }
        // A door that takes more than the system lets it would knock its head against it for ever.
        let most = min(settings.viewerConnections, max(16, Int(cs_most_files()) - 512))
        let share = max(1, most / delivery.count)
        let outlets = delivery.map { Outlet(loop: $0, pass: pass, limit: share, identity: identity) }
        let pump = Pump(settings, loop: media, outlets: outlets, identity: identity)
        (self.outlets, self.pump) = (outlets, pump)
        if let folder = settings.folder {
            let vault = try Vault(
                folder: folder + "/recordings", budgetBytes: settings.recordingBytes,
                changed: { [weak pump] in pump?.recordings(in: $0) },
                trouble: { [weak pump] in pump?.trouble(in: $0, $1) })
            let films = Films(vault)
            pump.vault = vault
            for outlet in outlets { outlet.films = films }
        }
        let meetings = settings.udp.flatMap { Station.openMeetings($0, settings) }
        (calls, door, udp) = (meetings?.door.loop, meetings?.door, meetings?.port ?? 0)
        pump.door = meetings?.door
        meetings?.door.connect(pump)
        if let folder = settings.folder, let meetings = meetings?.door {
            let shelf = try MeetingShelf(
                folder: folder + "/meetings", budgetBytes: settings.recordingBytes,
                changed: { [weak meetings] in meetings?.recordings(in: $0) },
                trouble: { [weak meetings] in
                    settings.log("\($0): \($1.english)")
                    meetings?.trouble(in: $0, $1)
                })
            let films = FilmMaker(shelf, on: media)
            meetings.shelf.withLock { $0 = shelf }
            meetings.loop.execute { [house = meetings.house] in (house.port.shelf, house.films) = (shelf, films) }
        }
        for outlet in outlets { outlet.door = meetings?.door }
        rooms = try meetings.map { meetings in
            RoomHouse(
                meetings.door, loop: try Loop("rooms"), root: settings.folder, outlets: outlets, log: settings.log)
        }
        pump.rooms = rooms
        if let rooms {
            for (place, outlet) in outlets.enumerated() { outlet.rooms = (rooms, place) }
            let producer = Producer(rooms)
            rooms.loop.execute { rooms.producer = producer }
            rooms.start(pump)
        }
        for outlet in outlets { outlet.start(pump) }
        doors = Bulletin.Doors(
            http: try Station.open(settings.http, outlets, isSecure: false),
            https: try settings.https.map { try Station.open($0, outlets, isSecure: true) } ?? 0,
            rtmp: try Station.open(settings.rtmp, pump, isSecure: false),
            rtmps: try settings.rtmps.map { try Station.open($0, pump, isSecure: true) } ?? 0,
            srt: settings.srt.map { Station.openSRT($0, pump, settings.log) } ?? 0, udp: udp)
        pump.doors(doors)
        pump.start()
    }

    /// Opens a broadcast, or changes what it is to be. Its name must be one that can be in an address.
    public func put(_ plan: Plan) { media.execute { [pump] in pump.put(plan) } }

    /// Opens a meeting, or changes what it is to be. Its name must be one that can be in an address.
    public func put(_ plan: MeetingPlan) {
        if Station.isName(plan.name) { rooms?.put(plan) }
    }

    /// Whether a broadcast may be called so: letters, digits, `.`, `_` and `-`, at most 64.
    public static func isName(_ text: String) -> Bool { Route.isName(text) }

    /// Reads the certificate anew; what is connected stays as it is.
    /// - Throws: when it cannot be read; then the old one stays.
    public func renewCertificate(_ settings: Settings) throws {
        if let fresh = try Station.identity(settings) { identity.replace(with: fresh) }
    }

    /// Closes the doors, then the books.
    public func stop() async {
        for outlet in outlets { await outlet.loop.ask { outlet.close() } }
        await pump.stopSRT()
        if let rooms {
            await rooms.loop.ask { rooms.stop() }
            rooms.loop.stop()
        }
        if let calls, let door { await calls.ask { door.stop() } }
        calls?.stop()
        await media.ask { [pump] in pump.stop() }
        for loop in delivery { loop.stop() }
        media.stop()
    }

    private static func identity(_ settings: Settings) throws -> TLSIdentity? {
        guard let certificate = settings.certificate else { return nil }
        return try TLSIdentity(chain: certificate.chain, key: certificate.key, protocols: ["h2", "http/1.1"])
    }

    /// One listening socket for each delivery loop at the same port: the system deals the viewers out.
    private static func open(_ door: Door, _ outlets: [Outlet], isSecure: Bool) throws -> Int {
        var port = door.port
        for outlet in outlets {
            let file = try listen(Door(door.host, port), backlog: 4_096, reusesPort: outlets.count > 1)
            port = Int(cs_port(file))
            outlet.loop.execute { outlet.listen(file, isSecure: isSecure) }
        }
        return port
    }

    private static func open(_ door: Door, _ pump: Pump, isSecure: Bool) throws -> Int {
        let file = try listen(door, backlog: 64, reusesPort: false)
        let port = Int(cs_port(file))
        pump.loop.execute { pump.listen(file, isSecure: isSecure) }
        return port
    }

    /// What is in the way of meetings is said in the log and stops nothing else.
    private static func openMeetings(_ door: Door, _ settings: Settings) -> (door: MeetingDoor, port: Int)? {
        do { return try makeMeetings(door, settings) } catch {
            settings.log("\(error)")
            return nil
        }
    }

    /// A thread for calls, and a socket of each kind at one number.
    private static func makeMeetings(_ door: Door, _ settings: Settings) throws -> (door: MeetingDoor, port: Int) {
        let file = cs_udp(door.host, Int32(door.port), 0)
        guard file >= 0 else { throw WireFault(doing: "take datagrams at \(door.host):\(door.port)", -file) }
        let number = Int(cs_port(file))
        let loop = try Loop("meeting", isUrgent: true)
        let port = try MeetingPort(file, loop: loop, identity: try DTLSIdentity(), log: settings.log)
        // Where another program has that number for TCP, only those behind a wall that lets no UDP through miss it.
        let listener = cs_listen(door.host, Int32(number), 256, 0)
        if listener < 0 { settings.log("no TCP for meetings at \(door.host):\(number)") }
        let isAnywhere = ["0.0.0.0", "::"].contains(door.host)
        let own = isAnywhere ? Datagrams.ownAddresses(withV6: door.host == "::") : [numeric(door.host) ?? door.host]
        let addresses = settings.announced.isEmpty ? own : settings.announced
        let kinds = listener < 0 ? [false] : [false, true]
        let candidates = kinds.flatMap { isTCP in
            addresses.map { Candidate(address: $0, port: UInt16(truncatingIfNeeded: number), isTCP: isTCP) }
        }
        let meetings = MeetingDoor(port, candidates: candidates, relay: settings.relay)
        loop.execute { [house = meetings.house] in
            house.port.start()
            if listener >= 0 { house.port.listen(listener) }
        }
        return (meetings, number)
    }

    /// The numeric address of a host's name.
    private static func numeric(_ host: String) -> String? {
        var text = [CChar](repeating: 0, count: 64)
        guard cs_numeric(host, &text, 64) == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What is in the way of SRT is said in the log and stops nothing else: then the port is 0.
    private static func openSRT(_ door: Door, _ pump: Pump, _ log: (String) -> Void) -> Int {
        do { return try pump.listenSRT(door) } catch {
            log("\(error)")
            return 0
        }
    }

    private static func listen(_ door: Door, backlog: Int32, reusesPort: Bool) throws -> Int32 {
        let file = cs_listen(door.host, Int32(door.port), backlog, reusesPort ? 1 : 0)
        guard file >= 0 else { throw WireFault(doing: "listen at \(door.host):\(door.port)", -file) }
        return file
    }
}

/// Makes a folder and those above it.
func makeFolder(_ folder: String) throws {
    var path = ""
    for word in folder.split(separator: "/", omittingEmptySubsequences: false) {
        path += word + "/"
        if mkdir(path, 0o750) != 0, errno != EEXIST { throw WireFault(doing: "make \(path)", errno) }
    }
}
