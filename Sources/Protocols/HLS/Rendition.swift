// SPDX-License-Identifier: Apache-2.0
import FMP4

/// One of a presentation's renditions: its packager, and how it keeps step with the one that leads.
struct Rendition: Sendable {
    /// The publisher's track it was made for; its name comes from it.
    let source: Source
    var packager: Packager
    /// The track that feeds it now, which is another one while a slate stands in; nil while there is none.
    var main: Source?
    /// The formats' turn that its init segment is of; -1 before the first.
    var turn = -1
    /// Whether frames can be appended: it has had its key frame.
    var isJoined = false
    /// Its format changed: it needs another init segment.
    var needsMap = false
    /// Frames that came before the leading rendition has come as far.
    var held: [Packager.Sample] = []
    /// Since when it could go on, if its key frames were where segments begin.
    var waitsSince: Int64?
    /// Where the leading rendition was when this one last got something.
    var lastHeard: Int64 = 0
    /// Since when it has been listed with gaps, on the stream's own clock.
    var awaySince: Int64?
    /// What the multivariant playlist says of it: what the publisher sent last, whatever stands in for it.
    var shownVideo: VideoFormat?
    var shownAudio: AudioFormat?
    var shownRate: FrameRate?

    init(source: Source, configuration: Configuration) {
        self.source = source
        let id = (source.isPicture ? "v" : "a") + String(source.number)
        packager = Packager(id: id, configuration: configuration)
    }

    /// Whether anything was ever listed or is about to be.
    var hasBegun: Bool { packager.shelf.open != nil || !packager.shelf.segments.isEmpty }

    /// Whether it has a playlist.
    var isComplete: Bool { packager.shelf.targetSeconds != nil }

    /// The segment that its next frame goes into, or opens.
    var place: Int { packager.opening?.msn ?? packager.shelf.nextMSN }

    var uri: String { packager.id + ".m3u8" }
}

/// A picture or sound as the multivariant playlist lists it.
public struct Listed: Hashable, Sendable {
    /// The stem of its playlist's name: `v0`, `a1`.
    public var id: String
    /// As RFC 6381 has them.
    public var codecs: String
    /// In pixels; nil for sound alone.
    public var size: (width: Int, height: Int)? {
        get { width > 0 ? (width, height) : nil }
        set { (width, height) = newValue ?? (0, 0) }
    }
    private var width = 0
    private var height = 0

    init(_ rendition: Rendition) {
        id = rendition.packager.id
        codecs = [rendition.shownVideo?.codecs, rendition.shownAudio?.codecs].compactMap { $0 }.joined(separator: ",")
        size = rendition.shownVideo.map { ($0.width, $0.height) }
    }
}
