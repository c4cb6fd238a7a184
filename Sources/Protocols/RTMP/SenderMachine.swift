// SPDX-License-Identifier: Apache-2.0
public import Media

/// One connection on which a stream is published to another server, from its first byte to its end. It is told what
/// came, what is on, and when; it answers what to send, what happened and when to be woken: no socket, no clock.
///
/// The owner opens the connection (TCP, inside TLS for `rtmps`), makes a machine and asks `next` until it answers
/// `.wake`, then and after every `take`. After each write it tells with `.unsent` what still waits, for that is what
/// bounds memory. After `.tell(.ended)` it sends what is still to be sent and closes the connection.
public struct SenderMachine: Sendable {
    /// One thing that happened.
    public enum Input: Sendable {
        /// Bytes came from the server.
        case bytes(ArraySlice<UInt8>)
        /// What is on. Configurations are kept from the first moment; frames are sent from the first key frame after
        /// the server agreed.
        case signal(Signal)
        /// The size of what is on, as far as it is known.
        case picture(Picture)
        /// So many bytes of what was handed out still wait to be sent.
        case unsent(Int)
        /// Nothing more will be sent: says goodbye.
        case stop
        /// The server closed the connection.
        case closed
        /// The instant of the last `.wake` has come.
        case time
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case send([UInt8])
        case tell(News)
        /// Nothing more now. Come back when something happens, or at this instant when there is one.
        case wake(at: Instant?)
    }

    /// What happened.
    public enum News: Hashable, Sendable {
        /// The server agreed: frames go out from the next key frame on.
        case publishing
        /// More waits than may: frames are left out until a key frame finds room.
        case fellBehind
        /// They go out again; so many were left out.
        case caughtUp(leftOut: Int)
        case ended(SenderEnd)
    }

    enum Phase: Hashable {
        case waiting(SenderStep)
        case publishing
        case over
    }

    let limits: Limits
    let address: RTMPAddress
    let codecs: [Codec]
    var phase = Phase.waiting(.handshake)
    var handshake = ClientHandshake()
    var reader: ChunkReader
    var writer = ChunkWriter()
    var meter = Meter()
    var outputs: [Output] = []
    /// The message stream that the server made.
    var stream: UInt32 = 0
    /// The window we announced last (5.4.4).
    var window: UInt32 = 0
    var deadline: Instant?
    var tags = TagWriter()
    private var backlog = Backlog()
    private var handedOut = 0
    private var isBehind = false
    private var leftOut = 0

    /// How many frames were left out because too much waited.
    public private(set) var leftOutFrames = 0

    /// A connection to `address` that was opened at `now`, on which `codecs` shall be sent. `seed` fills the handshake's
    /// random bytes; any number will do, since the plain handshake protects nothing.
    public init(
        to address: RTMPAddress, carrying codecs: [Codec], limits: Limits = Limits(), seed: UInt64 = 0, at now: Instant
    ) {
        var limits = limits
        // What a server says to a publisher is short.
        limits.messageBytes = min(limits.messageBytes, limits.bytesBeforePublish)
        (self.limits, self.address, self.codecs) = (limits, address, codecs)
        reader = ChunkReader(limits: limits)
        deadline = now.later(by: limits.handshakeMilliseconds)
        send(ClientHandshake.greeting(seed), at: now)
    }

    /// One thing happened.
    public mutating func take(_ input: Input, at now: Instant) {
        guard phase != .over else { return }
        do {
            switch input {
            case .bytes(let bytes): try receive(bytes, at: now)
            case .signal(let signal): take(signal, at: now)
            case .picture(let picture): tags.picture = picture
            case .unsent(let bytes): backlog.waits(bytes, at: now)
            case .stop: stop(at: now)
            case .closed: finish(phase == .publishing ? .closed : .turnedAway)
            case .time: watch(now)
            }
        } catch {
            finish(.violation(error))
        }
    }

    /// What to do next; ask until it answers `.wake`.
    public mutating func next() -> Output {
        if handedOut < outputs.count {
            defer { handedOut += 1 }
            return outputs[handedOut]
        }
        outputs.removeAll(keepingCapacity: true)
        handedOut = 0
        return .wake(at: wake)
    }

    private var wake: Instant? {
        switch phase {
        case .waiting: deadline
        case .publishing: backlog.stalls(after: limits.idleMilliseconds)
        case .over: nil
        }
    }

    private mutating func watch(_ now: Instant) {
        guard let wake, now >= wake else { return }
        if case .waiting(let step) = phase { finish(.tooSlow(step)) } else { finish(.stalled) }
    }

    mutating func finish(_ end: SenderEnd) {
        guard phase != .over else { return }
        phase = .over
        outputs.append(.tell(.ended(end)))
    }

    // MARK: Sending

    mutating func send(_ message: Message, at now: Instant) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.body.count + message.body.count / writer.chunkSize * 5 + 32)
        writer.write(message, to: &bytes)
        send(bytes, at: now)
    }

    mutating func send(_ bytes: [UInt8], at now: Instant) {
        backlog.grows(bytes.count, at: now)
        outputs.append(.send(bytes))
    }

    private mutating func take(_ signal: Signal, at now: Instant) {
        // Only what connect announced may be sent on this connection.
        if case .configuration(let track, let codec, _) = signal, track.number == 0, !codecs.contains(codec) {
            return finish(.changed(codec))
        }
        if case .sample(let sample) = signal {
            guard phase == .publishing, tags.carries(sample), hasRoom(for: sample) else { return }
        }
        for tag in tags.take(signal) { send(Message(tag, stream: stream), at: now) }
    }

    /// Whether a frame goes out. Nothing does while more waits than may; then sound goes on as soon as there is room, and
    /// the picture at a key frame that finds half the room free, so that it does not stop again at once.
    private mutating func hasRoom(for sample: Sample) -> Bool {
        let waiting = backlog.bytes
        if waiting > limits.unsentBytes {
            if !isBehind { outputs.append(.tell(.fellBehind)) }
            isBehind = true
            tags.skip()
        }
        guard isBehind else { return true }
        let isLeading = sample.track.kind == .video || !tags.hasVideo
        if isLeading, sample.isKey, waiting <= limits.unsentBytes / 2 {
            outputs.append(.tell(.caughtUp(leftOut: leftOut)))
            (isBehind, leftOut) = (false, 0)
            return true
        }
        if !isLeading, waiting <= limits.unsentBytes { return true }
        leftOut += 1
        leftOutFrames += 1
        return false
    }
}

/// How much of what was handed out has not left, and since when nothing has.
struct Backlog: Hashable, Sendable {
    private(set) var bytes = 0
    private var movedAt = Instant(milliseconds: 0)

    mutating func grows(_ count: Int, at now: Instant) {
        if bytes == 0 { movedAt = now }
        bytes += count
    }

    /// The owner says what still waits.
    mutating func waits(_ count: Int, at now: Instant) {
        if count < bytes { movedAt = now }
        bytes = max(count, 0)
    }

    /// When a line on which nothing moves is given up; nil while nothing waits.
    func stalls(after milliseconds: Int64) -> Instant? {
        bytes > 0 ? movedAt.later(by: milliseconds) : nil
    }
}
