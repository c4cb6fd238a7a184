// SPDX-License-Identifier: Apache-2.0
import HTTP

/// One request for something of a recording, as far as it decides the answer.
struct FilmAsk: Sendable {
    /// What of it is asked for.
    enum Thing: Hashable, Sendable {
        /// The multivariant playlist.
        case index
        /// The media playlist.
        case playlist
        /// The recording as it is, which the playlists' byte ranges are of.
        case media
        /// An ordinary MP4 file, to keep.
        case download
        /// A picture or a list of pictures that stands beside it.
        case beside(ending: String, type: String)
    }

    let thing: Thing
    let file: RecordingName
    /// Which broadcast's.
    let broadcast: String
    var conditions = Conditions()

    /// What a request says of what it already has, and how much it wants.
    struct Conditions: Sendable {
        /// Only a GET may ask for a part (RFC 9110, 14.2).
        var range: ByteRange?
        /// The Range field's condition: the entity tag that it is a part of.
        var ifRange = ""
        var ifNoneMatch = ""
        var zips = false

        init() {}

        init(_ request: Request) {
            range = request.method == .get ? ByteRange(request.range) : nil
            (ifRange, ifNoneMatch, zips) = (request.ifRange, request.ifNoneMatch, request.zips)
        }
    }

    /// What stands at `films/FILE/NAME`; nil where there can be nothing.
    init?(broadcast: String, file: String, name: String, _ conditions: Conditions = Conditions()) {
        guard let known = RecordingName(file) else { return nil }
        switch name {
        case "index.m3u8": thing = .index
        case "v0.m3u8": thing = .playlist
        case "media.mp4": thing = .media
        case known.text: thing = .download
        case "poster.jpg", "sprite.jpg": thing = .beside(ending: name, type: "image/jpeg")
        case "sprite.vtt": thing = .beside(ending: name, type: "text/vtt; charset=utf-8")
        default: return nil
        }
        (self.broadcast, self.file, self.conditions) = (broadcast, known, conditions)
    }
}

extension FilmAsk.Conditions {
    /// Whether what the asker has is what there is (13.1.2): any of its tags, or `*`, which means whatever there is.
    func knows(_ tag: String) -> Bool {
        ifNoneMatch.split(separator: ",").contains {
            let one = $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let text = String(one)
            return text == "*" || (text.hasPrefix("W/") ? String(text.dropFirst(2)) : text) == tag
        }
    }

    /// The bytes that are wanted of `total`: nil for all of them; an empty range for none that there are (14.1.2).
    func wanted(of total: Int64, _ tag: String) -> Range<Int64>? {
        // A date is never a strong enough condition here: then everything is sent (13.1.5).
        guard let range, ifRange.isEmpty || ifRange == tag else { return nil }
        return range.resolved(of: total) ?? 0..<0
    }
}
