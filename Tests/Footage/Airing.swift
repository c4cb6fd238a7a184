// SPDX-License-Identifier: Apache-2.0
import FMP4
public import HLS
import Media
public import RTMP

/// A publish on its way to the audience: hands a publisher's news to a presentation, and keeps every file and playlist
/// that came of it, in order.
public struct Airing: Sendable {
    public var presentation: Presentation
    public var files: [String: [UInt8]] = [:]
    /// Every state of every playlist, in order.
    public var playlists: [String: [Playlist]] = [:]
    public var segments: [String: [Segment]] = [:]
    public var multivariants: [String] = []
    /// Which playlists were told together, by their names; the multivariant's is empty.
    public var log: [[String]] = []
    /// Every state of all captions.
    public var captions: [String] = []
    public var troubles: [Packager.Trouble] = []
    public var forgotten: [String] = []
    public var unlisted: [Source] = []
    /// Names that were told twice: there must be none.
    public var reused: [String] = []
    /// Names that a playlist listed before the file was told: there must be none.
    public var missing: [String] = []
    public var wall = WallTime(milliseconds: 1_795_000_000_000)
    private var vp9: [TrackID: [UInt8]] = [:]
    private var codecs: [TrackID: Codec] = [:]

    public init(_ configuration: HLS.Configuration = HLS.Configuration()) {
        presentation = Presentation(configuration: configuration)
    }

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
        if log.last != [] { log.append([]) }
        while case .tell(let news) = presentation.next() { keep(news) }
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

    private mutating func keep(_ news: Presentation.News) {
        switch news {
        case .file(let name, let bytes):
            if files.updateValue(bytes, forKey: name) != nil { reused.append(name) }
        case .segment(let rendition, let segment):
            segments[rendition, default: []].append(segment)
            if files.updateValue(segment.bytes, forKey: segment.name) != nil { reused.append(segment.name) }
        case .playlist(let name, let playlist):
            playlists[name, default: []].append(playlist)
            log[log.count - 1].append(name)
            missing += Airing.addresses(playlist).filter { files[$0] == nil }
        case .multivariant(let text):
            multivariants.append(String(decoding: text, as: UTF8.self))
            log[log.count - 1].append("")
        case .captions(let text): captions.append(String(decoding: text, as: UTF8.self))
        case .forget(let names): forgotten += names
        case .trouble(_, let trouble): troubles.append(trouble)
        case .unlisted(let source): unlisted.append(source)
        }
    }

    /// Every file that a playlist lists, the hinted one and gaps left out.
    private static func addresses(_ playlist: Playlist) -> [String] {
        var isGap = false
        return String(decoding: playlist.text, as: UTF8.self).split(separator: "\n").compactMap { line in
            if line == "#EXT-X-GAP" { isGap = true }
            if !line.hasPrefix("#") {
                defer { isGap = false }
                return isGap ? nil : String(line)
            }
            guard line.hasPrefix("#EXT-X-PART:") || line.hasPrefix("#EXT-X-MAP:"),
                let start = line.range(of: "URI=\"")
            else { return nil }
            return String(line[start.upperBound...].prefix { $0 != "\"" })
        }
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
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
