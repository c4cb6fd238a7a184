// SPDX-License-Identifier: Apache-2.0
public import HLS

/// Every file and playlist that came of a presentation, in order.
public struct Kept: Sendable {
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

    public init() {}

    /// What follows is told together.
    public mutating func begin() { if log.last != [] { log.append([]) } }

    public mutating func keep(_ news: Presentation.News) {
        if log.isEmpty { log.append([]) }
        switch news {
        case .file(let name, let bytes):
            if files.updateValue(bytes, forKey: name) != nil { reused.append(name) }
        case .segment(let rendition, let segment):
            segments[rendition, default: []].append(segment)
            if files.updateValue(segment.bytes, forKey: segment.name) != nil { reused.append(segment.name) }
        case .playlist(let name, let playlist):
            playlists[name, default: []].append(playlist)
            log[log.count - 1].append(name)
            missing += Kept.addresses(playlist).filter { files[$0] == nil }
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
                let start = line.firstRange(of: "URI=\"")
            else { return nil }
            return String(line[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    // MARK: Rules

    /// What is broken by any playlist, whole, delta and plain, alone, after the one before it and together; and by files.
    public var breaches: [String] {
        var all: [PlaylistRules.Breach] = []
        for playlists in playlists.values {
            for form in [\Playlist.text, \Playlist.delta, \Playlist.plain] {
                var before = ""
                for playlist in playlists where form == \Playlist.text || playlist[keyPath: form] != playlist.text {
                    let text = String(decoding: playlist[keyPath: form], as: UTF8.self)
                    guard text != before else { continue }
                    all += PlaylistRules.breaches(in: text)
                    if !before.isEmpty { all += PlaylistRules.breaches(in: text, after: before) }
                    before = text
                }
            }
        }
        for multivariant in multivariants { all += PlaylistRules.breaches(in: multivariant) }
        all += breachesTogether
        var sentences = all.map(\.description)
        sentences += missing.map { "\($0) is listed before it is there." } + reused.map { "\($0) is there twice." }
        for segment in segments.values.joined()
        where segment.parts.flatMap({ files[$0.name] ?? [] }) != files[segment.name] ?? [] {
            sentences.append("\(segment.name) holds other bytes than its parts.")
        }
        return sentences
    }

    /// What the playlists break together, at every fiftieth moment and at the last.
    private var breachesTogether: [PlaylistRules.Breach] {
        var all: [PlaylistRules.Breach] = []
        var now: [String: Int] = [:]
        for (moment, names) in log.enumerated() {
            for name in names { now[name, default: -1] += 1 }
            guard moment % 50 == 49 || moment >= log.count - 2, let list = now[""] else { continue }
            var texts: [String: String] = [:]
            for (name, place) in now where !name.isEmpty {
                texts[name] = playlists[name].map { String(decoding: $0[place].text, as: UTF8.self) }
            }
            all += PlaylistRules.breaches(among: texts, listedIn: multivariants[list])
        }
        return all
    }
}
