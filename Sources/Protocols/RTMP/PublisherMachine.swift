// SPDX-License-Identifier: Apache-2.0
public import Media

/// One encoder's connection, from its first byte to its end. It is told what came and when, and answers what to
/// send, what happened and when to be woken: no socket, no clock.
///
/// After every `take`, ask `next` until it answers `.wake`. After `.tell(.ended)` the owner sends what is still to be
/// sent and closes the connection.
///
///     machine.take(.bytes(read), at: now)
///     while true {
///         switch machine.next() {
///         case .send(let bytes): …
///         case .tell(.publish(let key, _)): machine.take(matches(key) ? .accept : .refuse("…"), at: now)
///         case .tell(let news): …
///         case .wake(let at): return at
///         }
///     }
public struct PublisherMachine: Sendable {
    /// One thing that happened to the connection.
    public enum Input: Sendable {
        /// Bytes came from the encoder.
        case bytes(ArraySlice<UInt8>)
        /// The key that was told with `.publish` is good, and nobody else holds it.
        case accept
        /// It is not; the sentence is shown by many encoders.
        case refuse(String)
        /// The encoder shall connect anew, to this address when it is given. Only encoders that can are asked.
        case reconnect(address: String?)
        /// The owner wants it ended.
        case stop(String)
        /// The encoder closed the connection.
        case closed
        /// The instant of the last `.wake` has come.
        case time
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case send([UInt8])
        case tell(News)
        /// Nothing more now. Come back when something happens, or at this instant; nil after the end.
        case wake(at: Instant?)
    }

    /// What happened.
    public enum News: Hashable, Sendable {
        case connect(Caller)
        /// It wants to publish under this key: answer with `.accept` or `.refuse`. `name` is the whole publish name.
        case publish(key: String, name: String)
        case metadata(AMF)
        /// A track's decoder configuration (avcC, hvcC, av1C, vpcC, AudioSpecificConfig or OpusHead) is new or changed.
        case configuration(TrackID, Codec, ArraySlice<UInt8>)
        case sample(Sample)
        /// The sender's clock jumped; the samples that follow begin anew.
        case jump(byMilliseconds: Int64)
        /// A track carries something that is not taken here; told once for each track and name.
        case unknown(TrackID, name: String)
        case trackEnded(TrackID)
        case ended(End)

        /// What it says of the tracks, as every protocol has it; nil for what is RTMP's own.
        public var signal: Signal? {
            switch self {
            case .configuration(let track, let codec, let bytes): .configuration(track, codec, bytes)
            case .sample(let sample): .sample(sample)
            case .jump(let milliseconds): .jump(byMilliseconds: milliseconds)
            case .unknown(let track, let name): .unknown(track, name: name)
            case .trackEnded(let track): .trackEnded(track)
            case .connect, .publish, .metadata, .ended: nil
            }
        }
    }

    /// Why it ended.
    public enum End: Hashable, Sendable {
        case closed
        case unpublished
        case refused
        case stopped
        case violation(Violation)
    }

    enum Phase: Hashable { case handshake, open, deciding, publishing, leaving(End), over }

    let limits: Limits
    var phase = Phase.handshake
    var handshake: Handshake
    var reader: ChunkReader
    var writer = ChunkWriter()
    var meter = Meter()
    var outputs: [Output] = []
    var caller: Caller?
    /// The message stream that publishes.
    var stream: UInt32 = 0
    var lastStream: UInt32 = 0
    /// What came before the owner decided, to be read when it has.
    var early: [Message] = []
    var tracks = TrackBook()
    var lowWater = LowWater()
    /// How many bytes must come before anything worth while can come of them. Whoever hands over fewer gains nothing;
    /// they are still to be handed over after a second, because an encoder may stop short of it.
    // Kept, not computed: asked of a machine that lies in an object, a computed value costs a copy of the whole machine.
    public private(set) var wantedBytes = 1
    private var handedOut = 0
    private var deadline: Instant?
    private var end: Instant?

    /// A connection that was opened at `now`. `seed` fills the handshake's random bytes; any number will do, since the
    /// plain handshake protects nothing.
    public init(limits: Limits = Limits(), seed: UInt64 = 0, at now: Instant) {
        self.limits = limits
        handshake = Handshake(seed: seed)
        reader = ChunkReader(limits: limits)
        deadline = now.later(by: limits.handshakeMilliseconds)
    }

    /// One thing happened.
    public mutating func take(_ input: Input, at now: Instant) {
        defer { wantedBytes = wanted }
        if case .leaving(let reason) = phase { return leave(reason, input, at: now) }
        guard phase != .over else { return }
        do {
            switch input {
            case .bytes(let bytes): try receive(bytes, at: now)
            case .accept: try accept(at: now)
            case .refuse(let sentence): refuse(sentence, at: now)
            case .reconnect(let address): askToReconnect(address)
            case .stop(let sentence): stop(sentence, at: now)
            case .closed: finish(.closed)
            case .time: try watch(now)
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
        return .wake(at: phase == .over ? nil : end ?? deadline)
    }

    private var wanted: Int {
        guard phase == .publishing else { return 1 }
        let missing = reader.missingBytes
        return missing > 0 ? min(missing, PublisherMachine.mostWanted) : lowWater.bytes
    }

    /// More than this is not to be held back, whatever an encoder announces.
    private static let mostWanted = 256 << 10

    // MARK: Ending

    /// A refusal is read by the encoder only if the connection stays open for a moment.
    static let lingerMilliseconds: Int64 = 1_000

    mutating func linger(_ reason: End, at now: Instant) {
        phase = .leaving(reason)
        end = now.later(by: PublisherMachine.lingerMilliseconds)
    }

    private mutating func leave(_ reason: End, _ input: Input, at now: Instant) {
        if case .closed = input { return finish(reason) }
        if let end, now >= end { finish(reason) }
    }

    mutating func finish(_ reason: End) {
        guard phase != .over else { return }
        phase = .over
        outputs.append(.tell(.ended(reason)))
    }

    private mutating func watch(_ now: Instant) throws(Violation) {
        guard let deadline, now >= deadline else { return }
        throw phase == .handshake ? .handshakeTooSlow : .silent
    }

    // MARK: Receiving

    private mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Instant) throws(Violation) {
        var bytes = bytes
        meter.received(bytes.count)
        if phase == .handshake {
            bytes = try handshake.take(bytes) { answer in outputs.append(.send(answer)) }
            guard handshake.isDone else { return try watch(now) }
            phase = .open
            meter.beginCounting(from: bytes.count)
        }
        deadline = now.later(by: limits.idleMilliseconds)
        bytes = handshake.skipEcho(bytes)
        if phase != .publishing, meter.sinceHandshake > limits.bytesBeforePublish { throw .tooMuchBeforePublish }
        var violation: Violation?
        do { try reader.take(bytes) } catch { violation = error }
        // What was whole before the violation still counts, as it would have, had it come alone.
        while let message = reader.next() {
            try handle(message, at: now)
            if case .leaving = phase { return }
            if phase == .over { return }
        }
        if let violation { throw violation }
        if let due = meter.acknowledgementDue() { send(.control(Message.Kind.acknowledgement, due)) }
    }

    mutating func send(_ message: Message) {
        var bytes: [UInt8] = []
        writer.write(message, to: &bytes)
        outputs.append(.send(bytes))
    }
}

/// Counts what came (specification 5.4.3 and 5.4.4).
struct Meter: Hashable, Sendable {
    private(set) var total: UInt64 = 0
    private var handshake: UInt64 = 0
    private var acknowledged: UInt64 = 0
    /// How many bytes the peer lets pass before it wants to hear that they came.
    var window: UInt64 = 2_500_000

    var sinceHandshake: Int { Int(clamping: total - handshake) }

    mutating func received(_ count: Int) { total += UInt64(count) }

    mutating func beginCounting(from rest: Int) { handshake = total - UInt64(rest) }

    /// The number to acknowledge with, which wraps at 32 bits, when it is time to.
    mutating func acknowledgementDue() -> UInt32? {
        guard window > 0, total - acknowledged >= window else { return nil }
        acknowledged = total
        return UInt32(truncatingIfNeeded: total)
    }
}
