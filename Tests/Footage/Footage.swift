// SPDX-License-Identifier: Apache-2.0
import Foundation
public import Media
public import RTMP

// Recorded and composed publishes, for every test that wants an encoder. `Fixtures/capture*.py` say where they come
// from and make them anew.

/// A file of `Tests/Footage/Fixtures`, whole.
public func footage(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
}

/// Configurations and frames that an encoder could send.
public struct Shot: Sendable {
    /// A track's decoder configuration.
    public struct Configuration: Sendable {
        public var track: TrackID
        public var codec: Codec
        public var bytes: [UInt8]
    }

    public var configurations: [Configuration] = []
    public var frames: [Sample] = []

    /// Reads a `.samples` file.
    public init(_ name: String) throws {
        let codecs: [Substring: Codec] = [
            "hevc": .hevc, "av1": .av1, "h264": .avc, "vp9": .vp9, "aac": .aac, "opus": .opus,
        ]
        let text = String(decoding: try footage(name), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let track = TrackID(words[0] == "video" ? .video : .audio)
            if words[2] == "config", let codec = codecs[words[1]] {
                configurations.append(Configuration(track: track, codec: codec, bytes: unhex(words[3])))
            } else {
                frames.append(
                    Sample(
                        track: track, dtsMilliseconds: Int64(words[1]) ?? 0,
                        compositionMilliseconds: Int32(words[2]) ?? 0, isKey: words[3] == "key",
                        bytes: unhex(words[4])[...]))
            }
        }
    }
}

extension Shot {
    /// What this and another shot show, as one encoder's: the other's picture is the picture of this number. Both begin
    /// at 0.
    public func beside(_ other: Shot, as number: UInt8) -> Shot {
        let start = frames.filter { $0.track.kind == .video }.map(\.microseconds).min() ?? 0
        let otherStart = other.frames.filter { $0.track.kind == .video }.map(\.microseconds).min() ?? 0
        var both = self
        for configuration in other.configurations where configuration.track.kind == .video {
            both.configurations.append(
                Configuration(
                    track: TrackID(.video, number), codec: configuration.codec, bytes: configuration.bytes))
        }
        both.frames = frames.map { frame in
            var frame = frame
            frame.microseconds -= start
            return frame
        }.filter { $0.microseconds >= 0 }
        for var frame in other.frames where frame.track.kind == .video {
            frame.track = TrackID(.video, number)
            frame.microseconds -= otherStart
            both.frames.append(frame)
        }
        both.frames.sort { ($0.microseconds, $0.track) < ($1.microseconds, $1.track) }
        return both
    }

    /// What a recorded publish sent.
    public init(publish name: String) throws {
        for news in try told(name) {
            switch news {
            case .configuration(let track, let codec, let bytes):
                configurations.append(Configuration(track: track, codec: codec, bytes: Array(bytes)))
            case .sample(let sample): frames.append(sample)
            default: break
            }
        }
    }
}

private func unhex(_ text: Substring) -> [UInt8] {
    let digits = Array(text.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// An encoder that speaks enhanced RTMP: every method appends what it would send.
public struct PretendEncoder: Sendable {
    /// What was sent so far.
    public var bytes: [UInt8] = []
    private var writer = ChunkWriter()

    public init() {}

    /// Handshake, connect, createStream and publish.
    public mutating func open(key: String, app: String = "live", more: [AMF.Property] = []) {
        handshake()
        command(
            [
                .string("connect"), .number(1),
                .object([.init("app", .string(app)), .init("tcUrl", .string("rtmp://studio.example/\(app)"))] + more),
            ])
        command([.string("releaseStream"), .number(2), .null, .string(key)])
        command([.string("FCPublish"), .number(3), .null, .string(key)])
        command([.string("createStream"), .number(4), .null])
        command([.string("publish"), .number(5), .null, .string(key), .string("live")], stream: 1)
    }

    public mutating func handshake() {
        bytes += [3] + [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 7, count: 1528)
        bytes += [UInt8](repeating: 0, count: 1536)
    }

    public mutating func command(_ values: [AMF], stream: UInt32 = 0) { send(.command(values, stream: stream)) }

    public mutating func send(_ message: Message) { writer.write(message, to: &bytes) }

    public mutating func video(_ body: [UInt8], at time: UInt32) {
        send(Message(chunkStream: 6, time: time, type: Message.Kind.video, stream: 1, body: body))
    }

    public mutating func audio(_ body: [UInt8], at time: UInt32) {
        send(Message(chunkStream: 4, time: time, type: Message.Kind.audio, stream: 1, body: body))
    }

    /// SequenceStart; of a track beside the default one as Multitrack of one track.
    public mutating func configuration(_ codec: Codec, _ body: [UInt8], number: UInt8 = 0, at time: UInt32 = 0) {
        packet(codec.kind, number, frame: 0x90, packet: 0, codec, body, at: time)
    }

    /// CodedFrames, or CodedFramesX where there is no composition time.
    public mutating func frame(_ sample: Sample, codec: Codec, shift: UInt32 = 0) {
        let time = UInt32(truncatingIfNeeded: sample.dtsMilliseconds) &+ shift
        let number = sample.track.number
        if codec.kind == .audio {
            return packet(.audio, number, frame: 0x90, packet: 1, codec, Array(sample.bytes), at: time)
        }
        let kind: UInt8 = sample.isKey ? 0x90 : 0xA0
        let offset = UInt32(bitPattern: sample.compositionMilliseconds)
        if codec == .av1 || codec == .vp9 {
            packet(.video, number, frame: kind, packet: 1, codec, Array(sample.bytes), at: time)
        } else if offset == 0 {
            packet(.video, number, frame: kind, packet: 3, codec, Array(sample.bytes), at: time)
        } else {
            let composition = [UInt8(offset >> 16 & 0xFF), UInt8(offset >> 8 & 0xFF), UInt8(offset & 0xFF)]
            packet(.video, number, frame: kind, packet: 1, codec, composition + sample.bytes, at: time)
        }
    }

    private mutating func packet(
        _ kind: TrackID.Kind, _ number: UInt8, frame: UInt8, packet: UInt8, _ codec: Codec, _ body: [UInt8],
        at time: UInt32
    ) {
        let name = Array(codec.rawValue.utf8)
        let multitrack: UInt8 = kind == .video ? 6 : 5
        let bytes =
            number == 0 ? [frame | packet] + name + body : [frame | multitrack, packet] + name + [number] + body
        if kind == .video { video(bytes, at: time) } else { audio(bytes, at: time) }
    }

    /// A whole shot.
    public mutating func play(_ shot: Shot, shift: UInt32 = 0) {
        var codecs: [TrackID: Codec] = [:]
        for configuration in shot.configurations {
            codecs[configuration.track] = configuration.codec
            self.configuration(
                configuration.codec, configuration.bytes, number: configuration.track.number, at: shift)
        }
        for sample in shot.frames {
            if let codec = codecs[sample.track] { frame(sample, codec: codec, shift: shift) }
        }
    }
}

/// An owner that accepts everybody: pushes bytes in and collects what came out.
public struct Reception: Sendable {
    public var machine: PublisherMachine
    public var news: [PublisherMachine.News] = []
    public var sent: [UInt8] = []
    public var wake: Instant?
    public var accepts = true
    public var now = Instant(milliseconds: 0)

    public init(limits: Limits = Limits(), accepts: Bool = true) {
        machine = PublisherMachine(limits: limits, at: Instant(milliseconds: 0))
        self.accepts = accepts
    }

    public mutating func take(_ bytes: ArraySlice<UInt8>) { take(.bytes(bytes)) }

    public mutating func take(_ input: PublisherMachine.Input) {
        machine.take(input, at: now)
        drain()
    }

    private mutating func drain() {
        while true {
            switch machine.next() {
            case .send(let bytes): sent += bytes
            case .tell(let told):
                news.append(told)
                if case .publish = told, accepts { machine.take(.accept, at: now) }
            case .wake(let at):
                wake = at
                return
            }
        }
    }

    /// What was told, without the beginning that every publish shares.
    public var media: [PublisherMachine.News] {
        news.filter {
            switch $0 {
            case .connect, .publish: false
            default: true
            }
        }
    }

    /// The messages that were sent after the handshake.
    public var replies: [Message] {
        var reader = ChunkReader()
        var messages: [Message] = []
        // What our own writer wrote is read by our own reader; a test fails by the messages that are missing.
        try? reader.take(sent.dropFirst(3073))
        while let message = reader.next() { messages.append(message) }
        return messages
    }
}
