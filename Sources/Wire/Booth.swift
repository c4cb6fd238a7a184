// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import Studio

/// One broadcast with what the wire keeps for it. Lives on the pump's loop.
final class Booth {
    var plan: Plan
    var broadcast: Broadcast
    let recorder: Recorder?
    private var alarm: (alarm: Alarm, due: Instant)?
    /// The open segments' parts, to be shared with the segments' files.
    private var parts: [String: Slab] = [:]
    private var plain: [String: ([UInt8], Sheet)] = [:]

    init(_ plan: Plan, _ settings: Station.Settings, pump: Pump) {
        self.plan = plan
        broadcast = Broadcast(configuration: plan.profile.configuration)
        var recorder: Recorder?
        if plan.records, let folder = settings.folder {
            do { recorder = try Recorder(folder: folder + "/recordings", name: plan.name) } catch {
                pump.log("\(plan.name): \(error)")
            }
        }
        self.recorder = recorder
        recorder?.tell { [weak pump, name = plan.name] reason in
            pump?.trouble(in: name, .recordingFailed(reason))
        }
    }

    func stop() {
        alarm?.alarm.cancel()
        recorder?.finish()
    }

    /// It may ring early, never late: the machine says when next.
    func wake(_ at: Instant?, _ pump: Pump) {
        guard let at else {
            alarm?.alarm.cancel()
            return alarm = nil
        }
        if let alarm, alarm.due <= at { return }
        alarm?.alarm.cancel()
        let ring = pump.loop.after(at.milliseconds - Clock.now().milliseconds) { [weak self, weak pump] in
            guard let self, let pump else { return }
            alarm = nil
            pump.take(self, .time)
            pump.deliver()
        }
        alarm = (ring, at)
    }

    /// What the delivery loops are to know of it.
    func updates(_ news: Presentation.News) -> [Update] {
        switch news {
        case .file(let name, let bytes):
            let slab = Slab.of(bytes)
            recorder?.take(name, slab)
            if name.hasSuffix(".m4s") { parts[name] = slab }
            return [.file(Name(name), .media([slab]))]
        case .segment(_, let segment):
            recorder?.settle()
            let pieces = segment.parts.map { parts.removeValue(forKey: $0.name) ?? .of($0.bytes) }
            return [.file(Name(segment.name), .media(pieces))]
        case .playlist(let name, let playlist): return [.leaflet(Name(name), leaflet(name, playlist))]
        case .multivariant(let text):
            let words = String(decoding: text, as: UTF8.self)
            let plain = words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("#EXT-X-MEDIA:") || !line.hasPrefix("#") ? Booth.plainAddress(line) : String(line)
            }.joined(separator: "\n")
            return [.multivariant(Sheet(text, targetSeconds: 2), plain: Sheet(Array(plain.utf8), targetSeconds: 2))]
        case .forget(let names): return [.forget(names.map { Name($0) })]
        case .captions, .trouble, .unlisted: return []
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
        return Leaflet(
            text: text, delta: delta, plain: plain, edge: playlist.edge,
            promised: Booth.hint(playlist.text).map { Name($0) })
    }

    /// The address behind EXT-X-PRELOAD-HINT, which stands near the end.
    private static func hint(_ text: [UInt8]) -> String? {
        let tail = String(decoding: text.suffix(2_048), as: UTF8.self)
        guard let place = tail.firstRange(of: "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"") else { return nil }
        return String(tail[place.upperBound...].prefix { $0 != "\"" })
    }
}

extension Plan.Profile {
    /// How finely the stream is cut.
    var configuration: Configuration {
        switch self {
        case .campus: .campus
        case .usual: Configuration()
        case .everywhere: .everywhere
        }
    }
}
