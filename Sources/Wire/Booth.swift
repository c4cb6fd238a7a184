// SPDX-License-Identifier: Apache-2.0
import HLS
import NIOCore
import Studio

/// One broadcast with what the wire keeps for it.
// Touched on the pump's loop alone, which everything that holds it runs on.
final class Booth: @unchecked Sendable {
    let name: String
    let recorder: Recorder?
    let alarm = Alarm()
    var broadcast: Broadcast
    private let key: [UInt8]
    /// The open segments' parts, to be shared with the segments' files.
    private var parts: [String: ByteBuffer] = [:]
    private var plain: [String: ([UInt8], Sheet)] = [:]

    init(_ entry: Station.Plan.Entry, _ configuration: Configuration, _ recorder: Recorder?) {
        name = entry.name
        key = Array(entry.key.utf8)
        broadcast = Broadcast(configuration: configuration)
        self.recorder = recorder
    }

    /// Compares a key in a time that depends on the offered key's length alone.
    func opens(to offered: String) -> Bool {
        let offered = Array(offered.utf8)
        var difference = offered.count ^ key.count
        for index in offered.indices { difference |= Int(offered[index] ^ key[index % key.count]) }
        return difference == 0
    }

    /// What the delivery loops are to know of it.
    func updates(_ news: Presentation.News) -> [Update] {
        switch news {
        case .file(let name, let bytes):
            let buffer = ByteBuffer(bytes: bytes)
            recorder?.take(name, buffer)
            if name.hasSuffix(".m4s") { parts[name] = buffer }
            return [.file(name, .media([buffer]))]
        case .segment(_, let segment):
            recorder?.settle()
            let pieces = segment.parts.map { parts.removeValue(forKey: $0.name) ?? ByteBuffer(bytes: $0.bytes) }
            return [.file(segment.name, .media(pieces))]
        case .playlist(let name, let playlist): return [.leaflet(name, leaflet(name, playlist))]
        case .multivariant(let text):
            let words = String(decoding: text, as: UTF8.self)
            let plain = words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("#EXT-X-MEDIA:") || !line.hasPrefix("#") ? Booth.plainAddress(line) : String(line)
            }.joined(separator: "\n")
            return [.multivariant(Sheet(text, targetSeconds: 2), plain: Sheet(Array(plain.utf8), targetSeconds: 2))]
        case .forget(let names): return [.forget(names)]
        case .trouble, .unlisted: return []
        }
    }

    /// `v0.m3u8` is `v0.plain.m3u8` for players that know no parts.
    private static func plainAddress(_ line: Substring) -> String {
        var text = String(line)
        for ending in [".m3u8\"", ".m3u8"] {
            guard let place = text.firstRange(of: ending) else { continue }
            text.replaceSubrange(place, with: ".plain" + ending)
            break
        }
        return text
    }

    private func leaflet(_ name: String, _ playlist: Playlist) -> Leaflet {
        let target = playlist.edge.targetSeconds
        let text = Sheet(playlist.text, targetSeconds: target)
        let delta = playlist.delta == playlist.text ? text : Sheet(playlist.delta, targetSeconds: target)
        let kept = plain[name]
        let sheet = kept?.0 == playlist.plain ? kept?.1 : nil
        let plain = sheet ?? Sheet(playlist.plain, targetSeconds: target)
        if sheet == nil { self.plain[name] = (playlist.plain, plain) }
        return Leaflet(text: text, delta: delta, plain: plain, edge: playlist.edge, promised: Booth.hint(playlist.text))
    }

    /// The address behind EXT-X-PRELOAD-HINT, which stands near the end.
    private static func hint(_ text: [UInt8]) -> String? {
        let tail = String(decoding: text.suffix(2_048), as: UTF8.self)
        guard let place = tail.firstRange(of: "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"") else { return nil }
        return String(tail[place.upperBound...].prefix { $0 != "\"" })
    }
}
