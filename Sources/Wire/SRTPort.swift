// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSRT
import SRT
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The door for publishers that speak SRT: libsrt's listener, and one thread that reads all its connections.
///
/// Until the first caller the UDP socket is ours: libsrt looks at its own a hundred times a second, called or not, which
/// costs as much as taking in a broadcast.
///
/// It knows nothing of broadcasts. `knock` is asked with each caller's stream id before the connection stands, on
/// libsrt's own receiving thread: it must answer at once, and what it refuses reaches the encoder as a number. Whoever is
/// let in comes to `opened` on the loop, which hears of the line's bytes by what it puts into its `on…`.
///
///     srt = try SRTPort(SRTPort.Settings(host: door.host, port: door.port), execute: loop.execute) { id, peer in
///         keys.opens(id.key) ? .admit : .refuse(.unauthorized)
///     } opened: { line in
///         line.onBytes = { bytes in … }
///         line.onClosed = { … }
///     }
// `mail` is behind a mutex; `lines` and what is read into belong to the thread; all the rest never changes.
final class SRTPort: @unchecked Sendable {
    /// Where, and what it may cost us.
    struct Settings: Sendable {
        var host: String
        /// 0 takes any that is free.
        var port: Int
        /// How long packets are held back, so that lost ones can be sent again; an encoder may ask for more.
        var latencyMilliseconds = 120
        /// 10 to 79 bytes; then everybody must know it, and what they send is enciphered.
        var passphrase: String?
        /// How many publishers may be connected at once.
        var connections = 16
        /// Seven transport packets.
        var payloadBytes = 1_316
        /// The longest packet on the line, with the headers of IP and UDP.
        var packetBytes = 1_500
        /// A publisher that is not heard of for so long is gone.
        var idleMilliseconds = 5_000
        /// How many bytes of one publisher wait for the loop at most.
        var heldBytes = 4 << 20

        init(host: String, port: Int) { (self.host, self.port) = (host, port) }
    }

    /// What a caller is answered.
    enum Verdict: Sendable {
        case admit
        /// It must know this passphrase, whatever the port's is.
        case admitKnowing(passphrase: String)
        case refuse(RejectionReason)
    }

    /// What is asked before a connection stands: the stream id, and the numeric address of who sends it.
    typealias Knock = @Sendable (StreamID, String) -> Verdict

    private struct Mail {
        var closing: [SRTSOCKET] = []
        var isStopping = false
    }

    /// The port that is really open.
    let port: Int
    private let settings: Settings
    private let execute: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let opened: @Sendable (SRTLine) -> Void
    private let door: SRTDoor
    private let listener: SRTSOCKET
    /// libsrt's from the first caller on.
    private let file: Int32
    private let waiting: Int32
    private let mail = Mutex(Mail())
    private var lines: [SRTSOCKET: SRTLine] = [:]
    private var measured = srt_time_now()
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    private var thread = pthread_t()

    /// Starts listening.
    /// - Throws: `SRTFault` when the address cannot be had, or the passphrase is too short or too long.
    init(
        _ settings: Settings, execute: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        knock: @escaping Knock, opened: @escaping @Sendable (SRTLine) -> Void
    ) throws {
        (self.settings, self.execute, self.opened) = (settings, execute, opened)
        _ = srt_startup()
        // What it logs may hold a stream id, and so a key.
        srt_setloglevel(LOG_CRIT)
        door = SRTDoor(limit: settings.connections, knock: knock)
        listener = try SRTPort.listener(settings, door)
        waiting = srt_epoll_create()
        file = cs_udp(settings.host, Int32(settings.port), 0)
        port = file < 0 ? 0 : Int(cs_port(file))
        var interest = SRTPort.interest
        guard file >= 0, waiting >= 0, srt_epoll_add_usock(waiting, listener, &interest) == 0 else {
            srt_close(listener)
            if file >= 0 { close(file) }
            let why = file < 0 ? String(cString: strerror(-file)) : String(cString: srt_getlasterror_str())
            throw SRTFault("listen for SRT at \(settings.host):\(settings.port): \(why)", asked: false)
        }
        let code = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                cs_name_thread("srt")
                cs_prefer_thread()
                Unmanaged<SRTPort>.fromOpaque(raw).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard code == 0 else { throw SRTFault("start a thread: \(String(cString: strerror(code)))", asked: false) }
    }

    deinit { buffer.deallocate() }

    /// Closes the door and every line, and waits for that; no line's `onClosed` is called.
    func stop() {
        mail.withLock { $0.isStopping = true }
        pthread_join(thread, nil)
    }

    // MARK: On the thread

    /// Ready to be read, or over.
    private static let interest = Int32(bitPattern: SRT_EPOLL_IN.rawValue | SRT_EPOLL_ERR.rawValue)

    private func run() {
        guard awaitCaller() else {
            close(file)
            return shut()
        }
        var events = [SRT_EPOLL_EVENT](repeating: SRT_EPOLL_EVENT(), count: 64)
        while true {
            // libsrt has no bell: what is asked of this thread waits for so long at most. Its own wait looks a hundred
            // times a second; while nobody is connected, looking ten times is enough: libsrt shakes hands without us.
            let isAlone = lines.isEmpty
            if isAlone { usleep(100_000) }
            let count = srt_epoll_uwait(waiting, &events, Int32(events.count), isAlone ? 0 : 50)
            for event in events.prefix(max(0, Int(count))) {
                if event.fd == listener { accept() } else { read(event.fd) }
            }
            if count < 0 { usleep(50_000) }
            let mail = mail.withLock { mail in
                defer { mail.closing = [] }
                return mail
            }
            for socket in mail.closing { forget(socket) }
            if mail.isStopping { return shut() }
            measure()
        }
    }

    /// Waits for the first caller, and lets libsrt listen then.
    /// - Returns: false when the door was closed before.
    private func awaitCaller() -> Bool {
        var ready = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while !mail.withLock({ $0.isStopping }) {
            guard poll(&ready, 1, 100) > 0 else { continue }
            // The call stays where it is: libsrt reads it.
            if hearsCall(), srt_bind_acquire(listener, file) == 0, srt_listen(listener, 16) == 0 { return true }
            _ = recv(file, buffer.baseAddress, buffer.count, 0)
        }
        return false
    }

    /// Whether what came first is the beginning of SRT's handshake: a control packet of type 0 to nobody yet
    /// (draft-sharabayko-srt-01, 3.2 and 3.2.1).
    private func hearsCall() -> Bool {
        let count = recv(file, buffer.baseAddress, buffer.count, Int32(MSG_PEEK))
        return count >= 64 && buffer[0] == 0x80 && buffer[1] == 0 && buffer[12..<16].allSatisfy { $0 == 0 }
    }

    private func accept() {
        while true {
            var address = sockaddr_storage()
            var length = Int32(MemoryLayout<sockaddr_storage>.size)
            let socket = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { srt_accept(listener, $0, &length) }
            }
            guard socket != SRT_INVALID_SOCK else { return }
            let peer = SRTAddress.text(&address)
            var interest = SRTPort.interest
            // The door has read its stream id already; whoever has no good one now is not what came through it.
            guard lines.count < settings.connections, let id = try? StreamID(SRTAddress.streamID(of: socket)),
                srt_epoll_add_usock(waiting, socket, &interest) == 0
            else {
                srt_close(socket)
                continue
            }
            let line = SRTLine(socket, id: id, peer: peer, heldBytes: settings.heldBytes, execute: execute) {
                [weak self] socket in self?.mail.withLock { $0.closing.append(socket) }
            }
            lines[socket] = line
            door.connected(lines.count)
            execute { [opened] in opened(line) }
        }
    }

    private func read(_ socket: SRTSOCKET) {
        guard let line = lines[socket], let base = buffer.baseAddress else { return }
        var filled = 0
        var isOver = false
        // Packet behind packet; other lines have their turn when the buffer is full.
        while buffer.count - filled >= settings.packetBytes {
            let space = buffer.count - filled
            let count = (base + filled).withMemoryRebound(to: CChar.self, capacity: space) {
                srt_recvmsg(socket, $0, Int32(space))
            }
            guard count > 0 else {
                isOver = count == 0 || srt_getlasterror(nil) != SRT_EASYNCRCV.rawValue
                break
            }
            filled += Int(count)
        }
        if filled > 0 { line.receive(UnsafeBufferPointer(start: base, count: filled)) }
        guard isOver else { return }
        line.measure()
        line.end()
        forget(socket)
    }

    private func measure() {
        let now = srt_time_now()
        guard now - measured >= 1_000_000 else { return }
        measured = now
        for line in lines.values { line.measure() }
    }

    private func forget(_ socket: SRTSOCKET) {
        guard lines.removeValue(forKey: socket) != nil else { return }
        door.connected(lines.count)
        srt_close(socket)
    }

    private func shut() {
        srt_close(listener)
        for socket in lines.keys { srt_close(socket) }
        lines = [:]
        srt_epoll_release(waiting)
    }

    // MARK: The listener

    /// A socket that is to listen, when it is bound.
    private static func listener(_ settings: Settings, _ door: SRTDoor) throws -> SRTSOCKET {
        let socket = srt_create_socket()
        guard socket != SRT_INVALID_SOCK else { throw SRTFault("make an SRT socket") }
        do {
            try set(socket, settings)
            // libsrt may still call it while its socket closes, so the door stays: one for each port ever opened.
            let opaque = Unmanaged.passRetained(door).toOpaque()
            let isHeard = srt_listen_callback(
                socket,
                { opaque, socket, _, peer, id in
                    guard let opaque else { return -1 }
                    return Unmanaged<SRTDoor>.fromOpaque(opaque).takeUnretainedValue().decide(socket, peer, id)
                }, opaque)
            guard isHeard == 0 else { throw SRTFault("listen for SRT") }
            return socket
        } catch {
            srt_close(socket)
            throw error
        }
    }

    /// What the listener has, everything that it accepts has.
    private static func set(_ socket: SRTSOCKET, _ settings: Settings) throws {
        let numbers: [(SRT_SOCKOPT, Int)] = [
            (SRTO_RCVSYN, 0), (SRTO_SNDSYN, 0), (SRTO_MSS, settings.packetBytes),
            (SRTO_PAYLOADSIZE, settings.payloadBytes), (SRTO_LATENCY, settings.latencyMilliseconds),
            (SRTO_PEERIDLETIMEO, settings.idleMilliseconds), (SRTO_ENFORCEDENCRYPTION, 1),
        ]
        for (option, value) in numbers {
            var value = Int32(clamping: value)
            guard srt_setsockflag(socket, option, &value, 4) == 0 else {
                throw SRTFault("set SRT option \(option.rawValue)")
            }
        }
        guard let passphrase = settings.passphrase else { return }
        guard srt_setsockflag(socket, SRTO_PASSPHRASE, passphrase, Int32(passphrase.utf8.count)) == 0 else {
            throw SRTFault("take a passphrase that has not 10 to 79 bytes", asked: false)
        }
    }
}
