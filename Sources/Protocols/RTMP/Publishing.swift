// SPDX-License-Identifier: Apache-2.0
import Media

// What a publisher's messages mean.

extension PublisherMachine {
    mutating func handle(_ message: Message, at now: Instant) throws(Violation) {
        if phase == .deciding, message.type > Message.Kind.peerBandwidth {
            early.append(message)  // Some encoders do not wait; `bytesBeforePublish` bounds what they may say.
            return
        }
        switch message.type {
        case Message.Kind.windowSize:
            guard let size = message.body[...].leadingNumber else {
                throw .controlMessageTooShort(type: message.type)
            }
            meter.window = UInt64(size)
        case Message.Kind.userControl: if let pong = try message.pong() { send(pong) }
        case Message.Kind.command, Message.Kind.commandAMF3:
            try command(message.values, stream: message.stream, at: now)
        case Message.Kind.data, Message.Kind.dataAMF3: try data(message.values)
        case Message.Kind.audio, Message.Kind.video, Message.Kind.aggregate: try media(message)
        default: break  // Set Chunk Size, Abort: obeyed by the reader. The rest is not for a server.
        }
    }

    // MARK: Commands

    private mutating func command(_ body: ArraySlice<UInt8>, stream: UInt32, at now: Instant) throws(Violation) {
        let values = try AMF.values(in: body, limits: limits)
        guard let name = values.first?.text else { throw .commandWithoutName }
        let transaction = values.count > 1 ? values[1].number ?? 0 : 0
        if name != "connect", caller == nil { throw .commandBeforeConnect(name: name) }
        switch name {
        case "connect": connect(values.count > 2 ? values[2] : .null, transaction)
        case "createStream":
            lastStream += 1
            answer(transaction, .number(Double(lastStream)))
        case "releaseStream", "FCPublish": answer(transaction, .undefined)
        case "publish": try publish(values, stream: stream)
        case "play", "play2": refusePlay(stream: stream, at: now)
        case "FCUnpublish", "closeStream", "deleteStream":
            answer(transaction, .undefined)
            if phase == .publishing { finish(.unpublished) }
        case "_result", "_error", "_checkbw", "onStatus": break
        default: answer(transaction, .undefined)
        }
    }

    /// Transaction 0 awaits no answer (7.2).
    private mutating func answer(_ transaction: Double, _ value: AMF) {
        if transaction != 0 { send(Reply.result(transaction, value)) }
    }

    private mutating func connect(_ properties: AMF, _ transaction: Double) {
        guard caller == nil else { return answer(transaction, .undefined) }
        let caller = Caller(properties)
        self.caller = caller
        send(.control(Message.Kind.windowSize, 2_500_000))
        send(.peerBandwidth(2_500_000))
        send(.control(Message.Kind.setChunkSize, 4096))
        send(Reply.connected(transaction))
        outputs.append(.tell(.connect(caller)))
    }

    private mutating func publish(_ values: [AMF], stream: UInt32) throws(Violation) {
        guard phase == .open else { throw .publishTwice }
        guard lastStream > 0, let caller else { throw .publishWithoutStream }
        // Some hardware asks on stream 0; there is only one stream to mean.
        self.stream = stream == 0 ? lastStream : stream
        phase = .deciding
        let name = values.count > 3 ? values[3].text ?? "" : ""
        outputs.append(.tell(.publish(key: caller.key(publishName: name), name: name)))
    }

    private mutating func refusePlay(stream: UInt32, at now: Instant) {
        send(
            Reply.status(
                stream: stream, level: "error", code: "NetStream.Play.Failed",
                description: Violation.wantsToPlay.reason))
        linger(.violation(.wantsToPlay), at: now)
    }

    // MARK: The owner's word

    mutating func accept(at now: Instant) throws(Violation) {
        guard phase == .deciding else { return }
        phase = .publishing
        send(.userControl(0, stream))
        send(
            Reply.status(
                stream: stream, level: "status", code: "NetStream.Publish.Start", description: "Publishing."))
        let early = self.early
        self.early = []
        for message in early where phase == .publishing { try handle(message, at: now) }
    }

    mutating func refuse(_ sentence: String, at now: Instant) {
        guard phase == .deciding else { return }
        early = []
        send(
            Reply.status(
                stream: stream, level: "error", code: "NetStream.Publish.BadName", description: sentence))
        linger(.refused, at: now)
    }

    mutating func askToReconnect(_ address: String?) {
        guard let caller, caller.canReconnect else { return }
        send(
            Reply.status(
                stream: 0, level: "status", code: "NetConnection.Connect.ReconnectRequest",
                description: "Please connect anew.",
                more: address.map { [.init("tcUrl", .string($0))] } ?? []))
    }

    mutating func stop(_ sentence: String, at now: Instant) {
        guard caller != nil else { return finish(.stopped) }
        send(
            Reply.status(
                stream: stream, level: "error", code: "NetStream.Publish.Denied", description: sentence))
        linger(.stopped, at: now)
    }

    // MARK: Media

    private mutating func data(_ body: ArraySlice<UInt8>) throws(Violation) {
        guard phase == .publishing else { return }
        var values = try AMF.values(in: body, limits: limits)[...]
        if values.first?.text == "@setDataFrame" { values = values.dropFirst() }
        guard values.first?.text == "onMetaData", let metadata = values.dropFirst().first else { return }
        outputs.append(.tell(.metadata(metadata)))
    }

    private mutating func media(_ message: Message) throws(Violation) {
        guard phase == .publishing else { return }
        lowWater.note(message)
        if message.type == Message.Kind.aggregate {
            for part in try message.disaggregated()
            where [Message.Kind.audio, Message.Kind.video, Message.Kind.data].contains(part.type) {
                try handle(part, at: Instant(milliseconds: 0))  // Only media and data are inside: no time is read.
            }
            return
        }
        let reader = MediaReader(limits: limits)
        let body = message.body[...]
        let media = message.type == Message.Kind.video ? try reader.video(body) : try reader.audio(body)
        for medium in media {
            for news in try tracks.take(medium, time: message.time, limits: limits) { outputs.append(.tell(news)) }
        }
    }
}

/// What is known of a publisher's tracks: their configurations, and the time they share.
struct TrackBook: Sendable {
    private var configurations: [TrackID: (Codec, ArraySlice<UInt8>)] = [:]
    private var complained: Set<String> = []
    private var timeline = Timeline()

    mutating func take(_ medium: Medium, time: UInt32, limits: Limits) throws(Violation)
        -> [PublisherMachine.News]
    {
        switch medium {
        case .configuration(let track, let codec, let bytes):
            // Sent again on reconnects and by looped files: the same bytes are no news.
            if let known = configurations[track], known == (codec, bytes) { return [] }
            guard configurations[track] != nil || configurations.count < limits.tracks else { throw .tooManyTracks }
            configurations[track] = (codec, bytes)
            return [.configuration(track, codec, bytes)]
        case .frame(let track, let codec, let composition, let nanoseconds, let isKey, let bytes):
            // VP9 and Opus may come without a configuration, but nothing can be made of them then.
            guard configurations[track]?.0 == codec else { return [] }
            func sample(at milliseconds: Int64) -> PublisherMachine.News {
                .sample(
                    Sample(
                        track: track, dtsMilliseconds: milliseconds, compositionMilliseconds: composition,
                        nanoseconds: nanoseconds, isKey: isKey, bytes: bytes))
            }
            switch timeline.place(time) {
            case .straggler: return []
            case .at(let milliseconds): return [sample(at: milliseconds)]
            case .jump(let milliseconds, let by): return [.jump(byMilliseconds: by), sample(at: milliseconds)]
            }
        case .end(let track): return [.trackEnded(track)]
        case .description(let values): return [.metadata(.list(values))]
        case .unknown(let track, let name):
            guard complained.count < 64, complained.insert("\(track) \(name)").inserted else { return [] }
            return [.unknown(track, name: name)]
        }
    }

}
