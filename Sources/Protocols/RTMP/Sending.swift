// SPDX-License-Identifier: Apache-2.0
import Media

// What the server that we publish to says, and what we answer.

extension SenderMachine {
    /// How long our chunks are (5.4.1): what OBS has, and every server takes.
    static let chunkSize: UInt32 = 4096
    /// After how many bytes the server shall acknowledge (5.4.4).
    static let windowSize: UInt32 = 2_500_000

    mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Instant) throws(Violation) {
        var bytes = bytes
        meter.received(bytes.count)
        if !handshake.isDone {
            var answers: [[UInt8]] = []
            bytes = try handshake.take(bytes) { answers.append($0) }
            for answer in answers { send(answer, at: now) }
            guard handshake.isDone else { return }
            meter.beginCounting(from: bytes.count)
            connect(at: now)
        }
        if phase != .publishing, meter.sinceHandshake > limits.bytesBeforePublish { throw .tooMuchBeforePublish }
        var violation: Violation?
        do { try reader.take(bytes) } catch { violation = error }
        // What was whole before the violation still counts, as it would have, had it come alone.
        while let message = reader.next() {
            try handle(message, at: now)
            if phase == .over { return }
        }
        if let violation { throw violation }
        if let due = meter.acknowledgementDue() { send(.control(Message.Kind.acknowledgement, due), at: now) }
    }

    private mutating func handle(_ message: Message, at now: Instant) throws(Violation) {
        switch message.type {
        case Message.Kind.windowSize:
            guard let size = message.body[...].leadingNumber else { throw .controlMessageTooShort(type: message.type) }
            meter.window = UInt64(size)
        case Message.Kind.peerBandwidth:
            guard let size = message.body[...].leadingNumber else { throw .controlMessageTooShort(type: message.type) }
            announceWindow(size, at: now)  // 5.4.5: answered, unless it is what was announced before.
        case Message.Kind.userControl: if let pong = try message.pong() { send(pong, at: now) }
        case Message.Kind.command, Message.Kind.commandAMF3: try command(message.values, at: now)
        default: break  // Set Chunk Size and Abort are obeyed by the reader; nobody plays here.
        }
    }

    private mutating func announceWindow(_ size: UInt32, at now: Instant) {
        guard size != window else { return }
        window = size
        send(.control(Message.Kind.windowSize, size), at: now)
    }

    // MARK: Asking

    /// The transactions that are awaited; the others' answers mean nothing, and some servers refuse them.
    private enum Transaction {
        static let connect = 1.0, releaseStream = 2.0, prepare = 3.0, createStream = 4.0, publish = 5.0
    }

    private mutating func ask(_ step: SenderStep, at now: Instant) {
        phase = .waiting(step)
        deadline = now.later(by: limits.answerMilliseconds)
    }

    /// 7.2.1.1, and "Enhancing NetConnection" of enhanced RTMP: codecs are named only when FLV has no number for them.
    private mutating func connect(at now: Instant) {
        ask(.connect, at: now)
        var properties: [AMF.Property] = [
            .init("app", .string(address.application)), .init("type", .string("nonprivate")),
            .init("flashVer", .string("FMLE/3.0 (compatible; Sanyan)")), .init("tcUrl", .string(address.tcURL)),
            .init("capsEx", .number(Reply.canReconnect)),
        ]
        let enhanced = codecs.filter(\.isEnhanced)
        if !enhanced.isEmpty {
            properties.append(.init("fourCcList", .list(enhanced.map { .string($0.rawValue) })))
            for (name, kind) in [("videoFourCcInfoMap", TrackID.Kind.video), ("audioFourCcInfoMap", .audio)] {
                let entries = enhanced.filter { $0.kind == kind }
                    .map { AMF.Property($0.rawValue, .number(Reply.canForward)) }
                if !entries.isEmpty { properties.append(.init(name, .object(entries))) }
            }
        }
        send(.command([.string("connect"), .number(Transaction.connect), .object(properties)]), at: now)
    }

    /// After connect: bigger chunks, and a stream to publish on (7.2.1.3). releaseStream and FCPublish are in no
    /// specification; every encoder sends them, and some servers wait for them.
    private mutating func createStream(at now: Instant) {
        ask(.createStream, at: now)
        if window == 0 { announceWindow(SenderMachine.windowSize, at: now) }
        send(.control(Message.Kind.setChunkSize, SenderMachine.chunkSize), at: now)
        let key = AMF.string(address.key)
        send(.command([.string("releaseStream"), .number(Transaction.releaseStream), .null, key]), at: now)
        send(.command([.string("FCPublish"), .number(Transaction.prepare), .null, key]), at: now)
        send(.command([.string("createStream"), .number(Transaction.createStream), .null]), at: now)
    }

    /// 7.2.2.6.
    private mutating func publish(at now: Instant) {
        ask(.publish, at: now)
        send(
            .command(
                [
                    .string("publish"), .number(Transaction.publish), .null, .string(address.key), .string("live"),
                ], stream: stream), at: now)
    }

    /// Goodbye, as encoders say it.
    mutating func stop(at now: Instant) {
        if phase == .publishing { sayGoodbye(at: now) }
        finish(.stopped)
    }

    private mutating func sayGoodbye(at now: Instant) {
        send(.command([.string("FCUnpublish"), .number(6), .null, .string(address.key)]), at: now)
        send(.command([.string("deleteStream"), .number(7), .null, .number(Double(stream))]), at: now)
    }

    // MARK: Answers

    private mutating func command(_ body: ArraySlice<UInt8>, at now: Instant) throws(Violation) {
        let values = try AMF.values(in: body, limits: limits)
        guard let name = values.first?.text else { throw .commandWithoutName }
        let transaction = values.count > 1 ? values[1].number ?? 0 : 0
        func value(_ index: Int) -> AMF { index < values.count ? values[index] : .null }
        switch (name, phase) {
        case ("_result", .waiting(.connect)) where transaction == Transaction.connect:
            if let codec = missing(in: value(2)) { return finish(.unsupported(codec)) }
            createStream(at: now)
        case ("_error", .waiting(.connect)) where transaction == Transaction.connect:
            // The information stands where the result would, and in some servers a place before.
            finish(.refused(SenderEnd.No(value(3), else: SenderEnd.No(value(2), else: .address))))
        case ("_result", .waiting(.createStream)) where transaction == Transaction.createStream:
            guard let number = value(3).number, let stream = UInt32(exactly: number) else {
                return finish(.refused(.unsaid))
            }
            self.stream = stream
            publish(at: now)
        case ("_error", .waiting(.createStream)) where transaction == Transaction.createStream,
            ("_error", .waiting(.publish)) where transaction == Transaction.publish:
            finish(.refused(SenderEnd.No(value(3), else: .unsaid)))
        case ("onStatus", _): status(value(3), at: now)
        case ("close", _): finish(.closed)
        default: break
        }
    }

    /// A codec that the server says it does not take. A server that says nothing is given the benefit of the doubt.
    private func missing(in reply: AMF) -> Codec? {
        let taken = Caller.fourCCs(in: reply)
        guard !taken.isEmpty, !taken.contains("*") else { return nil }
        return codecs.first { $0.isEnhanced && !taken.contains($0.rawValue) }
    }

    /// 7.2.2: what the server says of the stream, or of the connection.
    private mutating func status(_ information: AMF, at now: Instant) {
        let code = information["code"]?.text ?? ""
        switch code {
        case "NetStream.Publish.Start":
            guard phase == .waiting(.publish) else { return }
            phase = .publishing
            outputs.append(.tell(.publishing))
        case "NetConnection.Connect.ReconnectRequest":
            let next = information["tcUrl"]?.text.flatMap(address.moved)
            if phase == .publishing { sayGoodbye(at: now) }
            finish(.moved(next ?? address))
        case "NetStream.Unpublish.Success", "NetConnection.Connect.Closed": finish(.closed)
        default:
            let isError = information["level"]?.text == "error"
            if let no = SenderEnd.No(code: code) ?? (isError ? SenderEnd.No(information, else: .unsaid) : nil) {
                finish(.refused(no))
            }
        }
    }
}

extension Message {
    /// A tag as the message that carries it; metadata is said to be what a server shall keep.
    init(_ tag: FLVTag, stream: UInt32) {
        let body = tag.type == Kind.data ? AMF.bytes(of: [.string("@setDataFrame")]) + tag.body : tag.body
        self.init(
            chunkStream: tag.type == Kind.video ? 6 : 4, time: tag.milliseconds, type: tag.type, stream: stream,
            body: body)
    }
}

extension Codec {
    /// Whether only enhanced RTMP can carry it.
    var isEnhanced: Bool { self != .avc && self != .aac }
}
