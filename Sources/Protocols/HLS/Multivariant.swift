// SPDX-License-Identifier: Apache-2.0
import FMP4

/// The playlist that lists the renditions (4.4.6).
struct Multivariant {
    /// A sound that can be chosen.
    struct Sound {
        /// Nil for the one that is in the variants themselves.
        var rendition: Rendition?
        var language: String
        var name: String
    }

    /// What plays by itself: pictures with their sound, then sound alone.
    var variants: [Rendition]
    var sounds: [Sound]
    var captions: Configuration.Tongue?

    /// Nil while there is nothing to play: only a complete segment shows a bit rate.
    var text: String? {
        guard !variants.isEmpty else { return nil }
        var text = "#EXTM3U\n#EXT-X-VERSION:6\n"
        let hasGroup = sounds.count > 1
        if hasGroup {
            for (index, sound) in sounds.enumerated() {
                text += "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"\(sound.name)\""
                if !sound.language.isEmpty { text += ",LANGUAGE=\"\(sound.language)\"" }
                text += ",DEFAULT=\(index == 0 ? "YES" : "NO"),AUTOSELECT=YES"
                // Without an address it is the one that is in the variant itself.
                if let rendition = sound.rendition { text += ",URI=\"\(rendition.uri)\"" }
                text += "\n"
            }
        }
        if let captions {
            text += "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"\(captions.name)\""
            text += ",LANGUAGE=\"\(captions.language)\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"\(Captions.uri)\"\n"
        }
        // The bit rate of a variant counts its heaviest sound (4.4.6.2).
        let extra = hasGroup ? sounds.compactMap { $0.rendition?.packager.shelf.peakBitRate }.max() ?? 0 : 0
        let groups = (hasGroup ? ",AUDIO=\"sound\"" : "") + (captions == nil ? "" : ",SUBTITLES=\"captions\"")
        for rendition in variants {
            text += Multivariant.stream(rendition, extra: extra) + groups + "\n\(rendition.uri)\n"
        }
        return text
    }

    private static func stream(_ rendition: Rendition, extra: Int64) -> String {
        let shelf = rendition.packager.shelf
        // A tenth above the highest so far, in steps of 50 kbit/s: never below what comes, and seldom changing.
        let bandwidth = ((shelf.peakBitRate + extra) * 11 / 10 / 50_000 + 1) * 50_000
        let average = min(bandwidth, (shelf.averageBitRate + extra) / 10_000 * 10_000 + 10_000)
        let codecs = Listed(rendition).codecs
        var text = "#EXT-X-STREAM-INF:BANDWIDTH=\(bandwidth),AVERAGE-BANDWIDTH=\(average),CODECS=\"\(codecs)\""
        if let video = rendition.shownVideo {
            text += ",RESOLUTION=\(video.width)x\(video.height)"
            if let rate = rendition.shownRate ?? video.frameRate {
                text += ",FRAME-RATE=\(rate.thousandths / 1000).\(padded(Int64(rate.thousandths % 1000), 3))"
            }
            text += ",VIDEO-RANGE=\(video.range.rawValue)"
        }
        return text
    }
}
