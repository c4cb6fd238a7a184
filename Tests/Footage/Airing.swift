// SPDX-License-Identifier: Apache-2.0
import FMP4
public import HLS
import Media
public import RTMP

/// A publish on its way to the audience: hands a publisher's news to a presentation, and keeps what came of it.
@dynamicMemberLookup
public struct Airing: Sendable {
    public var presentation: Presentation
    public var kept = Kept()
    public var wall = WallTime(milliseconds: 1_795_000_000_000)

    public init(_ configuration: HLS.Configuration = HLS.Configuration()) {
        presentation = Presentation(configuration: configuration)
    }

    public subscript<Value>(dynamicMember path: KeyPath<Kept, Value>) -> Value { kept[keyPath: path] }

    public mutating func begin(_ publication: String) { take(.begin(publication: publication)) }

    /// Hands over what a publisher told; the world's clock goes with the samples' times.
    public mutating func air(_ news: [PublisherMachine.News]) throws {
        var last: Int64?
        for item in news {
            switch item {
            case .configuration(let track, let codec, let bytes): try learn(track, codec, bytes)
            case .sample(let sample):
                if let last, sample.dtsMilliseconds > last, sample.dtsMilliseconds - last < 10_000 {
                    wall.milliseconds += sample.dtsMilliseconds - last
                }
                last = max(last ?? sample.dtsMilliseconds, sample.dtsMilliseconds)
                take(.sample(source(sample.track), converted(sample)))
            case .jump:
                last = nil
                take(.jump)
            default: break
            }
        }
    }

    public mutating func take(_ input: Presentation.Input) {
        presentation.take(input, at: wall)
        kept.begin()
        while case .tell(let news) = presentation.next() { kept.keep(news) }
    }

    private mutating func learn(_ track: TrackID, _ codec: Codec, _ bytes: ArraySlice<UInt8>) throws {
        let format: FMP4.Track.Format
        switch codec {
        case .avc: format = .video(try .avc(bytes))
        case .hevc: format = .video(try .hevc(bytes))
        case .av1: format = .video(try .av1(bytes))
        case .vp9: return
        case .aac: format = .audio(try .aac(bytes))
        case .opus: format = .audio(try .opus(bytes))
        }
        take(.format(source(track), format, language: ""))
    }

    private func source(_ track: TrackID) -> Source {
        track.kind == .video ? .picture(track.number) : .sound(track.number)
    }

    private func converted(_ sample: Media.Sample) -> Packager.Sample {
        Packager.Sample(
            microseconds: sample.microseconds, compositionMicroseconds: sample.compositionMicroseconds,
            isKey: sample.isKey,
            bytes: sample.bytes)
    }
}

/// What a publisher of this fixture tells: a recorded publish, or a composed one.
public func told(_ name: String, shift: UInt32 = 0) throws -> [PublisherMachine.News] {
    guard name.hasSuffix(".rtmp") else { return told(try Shot(name), shift: shift) }
    var reception = Reception(limits: roomy)
    reception.take(try footage(name)[...])
    return reception.news
}

/// What a publisher of this shot tells.
public func told(_ shot: Shot, shift: UInt32 = 0) -> [PublisherMachine.News] {
    var reception = Reception(limits: roomy)
    var encoder = PretendEncoder()
    encoder.open(key: "k")
    encoder.play(shot, shift: shift)
    reception.take(encoder.bytes[...])
    return reception.news
}

private var roomy: Limits {
    var limits = Limits()
    limits.bytesBeforePublish = 1 << 22
    return limits
}
