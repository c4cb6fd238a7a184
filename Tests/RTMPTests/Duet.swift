// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import RTMP

/// Our sender and our studio, back to back in memory.
struct Duet {
    var sender: SenderMachine
    var reception: Reception
    /// What the sender told.
    var news: [SenderMachine.News] = []
    /// Everything the sender sent.
    var sent: [UInt8] = []
    var wake: Instant?
    var now = Instant(milliseconds: 0)
    /// How long the pieces are in which bytes travel; nil for whole ones.
    var piece: Int?
    /// Whether what the sender sends leaves at once.
    var isClogged = false
    private var delivered = 0
    private var answered = 0

    init(
        codecs: [Codec], to address: String = "rtmp://studio.example/live/a-key", accepts: Bool = true,
        limits: Limits = Limits(), piece: Int? = nil
    ) throws {
        sender = SenderMachine(
            to: try RTMPAddress(address), carrying: codecs, limits: limits, at: Instant(milliseconds: 0))
        reception = Reception(accepts: accepts)
        self.piece = piece
        drain()
    }

    mutating func take(_ input: SenderMachine.Input) {
        sender.take(input, at: now)
        drain()
    }

    /// A configuration for each, then every frame.
    mutating func play(_ signals: [Signal]) { for signal in signals { take(.signal(signal)) } }

    /// What the studio understood of the stream, as signals.
    var received: [Signal] { reception.news.compactMap(\.signal) }

    /// The messages that the sender sent behind its handshake.
    var messages: [Message] {
        var reader = ChunkReader()
        var messages: [Message] = []
        // Our own writer's bytes: a test fails by the messages that are missing.
        try? reader.take(sent.dropFirst(3073))
        while let message = reader.next() { messages.append(message) }
        return messages
    }

    /// The media and metadata among them.
    var tags: [Message] { messages.filter { [8, 9, 18].contains($0.type) } }

    mutating func drain() {
        collect()
        while delivered < sent.count || answered < reception.sent.count {
            let request = next(sent, from: delivered)
            delivered = request.endIndex
            if !request.isEmpty { reception.take(request) }
            let answer = next(reception.sent, from: answered)
            answered = answer.endIndex
            if !answer.isEmpty { sender.take(.bytes(answer), at: now) }
            collect()
        }
        if !isClogged { sender.take(.unsent(0), at: now) }
        collect()
    }

    private func next(_ bytes: [UInt8], from index: Int) -> ArraySlice<UInt8> {
        bytes[index..<min(bytes.count, index + (piece ?? bytes.count))]
    }

    private mutating func collect() {
        while true {
            switch sender.next() {
            case .send(let bytes): sent += bytes
            case .tell(let told): news.append(told)
            case .wake(let at):
                wake = at
                return
            }
        }
    }
}

extension Shot {
    /// Its configurations and frames, as a stream has them.
    var signals: [Signal] {
        configurations.map { .configuration($0.track, $0.codec, $0.bytes[...]) } + frames.map { .sample($0) }
    }
}

/// What must come out of a sender: from the first key frame on, on a clock that begins there.
func onItsWay(_ signals: [Signal]) -> [Signal] {
    var begin: Int64?
    let hasVideo = signals.contains { if case .configuration(TrackID(.video), _, _) = $0 { true } else { false } }
    return signals.compactMap { signal in
        guard case .sample(var sample) = signal else { return signal }
        if begin == nil, sample.isKey, !hasVideo || sample.track.kind == .video { begin = sample.microseconds }
        guard let begin, sample.microseconds >= begin else { return nil }
        sample.microseconds -= begin
        return .sample(sample)
    }
}
