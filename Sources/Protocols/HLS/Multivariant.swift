// SPDX-License-Identifier: Apache-2.0
import FMP4

/// The playlist that lists the renditions (4.4.6).
enum Multivariant {
    /// Nil before every rendition has a complete segment: only then is its bit rate known.
    static func text(pictures: [Packager], sounds: [(packager: Packager?, name: String, language: String)]) -> String? {
        let listed = pictures.isEmpty ? sounds.prefix(1).compactMap(\.packager) : pictures
        guard !listed.isEmpty, listed.allSatisfy({ $0.shelf.targetSeconds != nil }) else { return nil }
        var text = "#EXTM3U\n#EXT-X-VERSION:6\n"
        let hasGroup = !pictures.isEmpty && sounds.count > 1
        if hasGroup {
            for (index, sound) in sounds.enumerated() {
                text += "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"\(sound.name)\""
                if !sound.language.isEmpty { text += ",LANGUAGE=\"\(sound.language)\"" }
                text += ",DEFAULT=\(index == 0 ? "YES" : "NO"),AUTOSELECT=YES"
                // Without an address it is the one that is in the variant itself.
                if let packager = sound.packager { text += ",URI=\"\(packager.id).m3u8\"" }
                text += "\n"
            }
        }
        // The bit rate of a variant counts its heaviest sound (4.4.6.2).
        let extra = hasGroup ? sounds.compactMap { $0.packager?.shelf.peakBitRate }.max() ?? 0 : 0
        for packager in listed {
            text += stream(packager, extra: extra) + (hasGroup ? ",AUDIO=\"sound\"" : "") + "\n\(packager.id).m3u8\n"
        }
        return text
    }

    private static func stream(_ packager: Packager, extra: Int64) -> String {
        let shelf = packager.shelf
        // A tenth above the highest so far, in steps of 50 kbit/s: never below what comes, and seldom changing.
        let bandwidth = ((shelf.peakBitRate + extra) * 11 / 10 / 50_000 + 1) * 50_000
        let average = min(bandwidth, (shelf.averageBitRate + extra) / 10_000 * 10_000 + 10_000)
        let codecs = [packager.video?.codecs, packager.audio?.codecs].compactMap { $0 }.joined(separator: ",")
        var text = "#EXT-X-STREAM-INF:BANDWIDTH=\(bandwidth),AVERAGE-BANDWIDTH=\(average),CODECS=\"\(codecs)\""
        if let video = packager.video {
            text += ",RESOLUTION=\(video.width)x\(video.height)"
            if let rate = packager.frameRate {
                text += ",FRAME-RATE=\(rate.thousandths / 1000).\(padded(Int64(rate.thousandths % 1000), 3))"
            }
            text += ",VIDEO-RANGE=\(video.range.rawValue)"
        }
        return text
    }
}
