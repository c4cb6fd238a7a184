// SPDX-License-Identifier: Apache-2.0
public import FMP4

/// Which of the publisher's tracks. Number 0, or the lowest there is, is the default.
public struct Source: Hashable, Comparable, Sendable {
    /// Whether it is a picture; else a sound.
    public var isPicture: Bool
    /// The publisher's number for it.
    public var number: UInt8

    /// A picture of this number.
    public static func picture(_ number: UInt8) -> Source { Source(isPicture: true, number: number) }

    /// A sound of this number.
    public static func sound(_ number: UInt8) -> Source { Source(isPicture: false, number: number) }

    /// Pictures first, then by number.
    public static func < (left: Source, right: Source) -> Bool {
        (left.isPicture ? 0 : 1, left.number) < (right.isPicture ? 0 : 1, right.number)
    }
}

/// One broadcast as its audience has it: every rendition, with one clock for all.
///
/// The default sound is in every picture's files; other sounds have renditions of their own. One rendition leads: it
/// cuts segments where its key frames are, and all others follow it, however late they come. The publisher may leave
/// and return, change its formats or lose its mind about the time: the playlists go on, their sequence numbers never
/// begin anew, and the stream's own clock never runs backwards.
///
/// After every `take`, ask `next` until it answers `.wake`.
public struct Presentation: Sendable {
    /// One thing that happened.
    public enum Input: Sendable {
        /// A publisher begins, for the first time or again. The word goes into file names: it must never have been
        /// used before for this broadcast, and be of letters and digits. What `fills` goes into every rendition that
        /// there is, and makes none: a slate.
        case begin(publication: String, fills: Bool = false)
        /// A track's format is known, or has changed.
        case format(Source, FMP4.Track.Format, language: String, name: String = "")
        /// A coded frame. Its time is the publisher's own, in microseconds.
        case sample(Source, Packager.Sample)
        /// A track is no longer sent.
        case lost(Source)
        /// The publisher's clock jumped: the samples that follow are counted anew.
        case jump
        /// The publisher is gone; it may return. Renditions that lag behind may still bring what they have.
        case leave
        /// They have brought everything.
        case settle
        /// These will come: players are shown nothing before they have, or so many milliseconds have passed.
        case expect([Source], milliseconds: Int64)
        case mark(DateRange)
        /// A line of captions, for what has come last.
        case caption(String)
        /// Nothing more will ever come.
        case end
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case tell(News)
        /// Nothing more now. It never needs waking: nothing here happens by itself.
        case wake
    }

    /// What came of it. A file is always told before the playlist that lists it.
    public enum News: Hashable, Sendable {
        /// A file that can be fetched from now on, and kept for ever by any cache.
        case file(name: String, bytes: [UInt8])
        /// A segment is complete: its file is its parts, byte for byte.
        case segment(rendition: String, Segment)
        /// A rendition's playlist has changed. `name` is its file name, `v0.m3u8`.
        case playlist(name: String, Playlist)
        /// The multivariant playlist has changed.
        case multivariant([UInt8])
        /// All captions so far, as WebVTT; times count from the stream's beginning.
        case captions([UInt8])
        /// Nobody may ask for these any more.
        case forget([String])
        case trouble(rendition: String, Packager.Trouble)
        /// A track too many: it is in no playlist.
        case unlisted(Source)
    }

    /// What is known of a track.
    struct Known: Sendable {
        var format: FMP4.Track.Format
        var language: String
        var name: String
    }

    /// Ten seconds are before everything, so that no decode time is below zero, whatever the encoder's delay.
    static let beginning: Int64 = 10_000_000

    let configuration: Configuration
    var publication = ""
    var fills = false
    var formats: [Source: Known] = [:]
    /// Samples that wait for the other kind of track to say its format.
    var waiting: [(Source, Packager.Sample)]? = []
    /// Samples of other tracks that came before the key frame that everything begins with.
    var early: [(Source, Packager.Sample)] = []
    var renditions: [Rendition] = []
    /// Which rendition leads.
    var leader: Int?
    var grid = Grid()
    /// Counts what begins anew, and the first segment of the last of them.
    var turn = 0
    var turnMSN = 0
    /// The sound that is in every picture's files.
    var defaultSound: Source?
    /// The stream's clock minus the publisher's; nil until the first key frame of a publication.
    var offset: Int64?
    /// The same, and what it was before the publisher's clock jumped; newest first.
    var offsets: [Int64] = []
    /// Formats changed, or a publisher returned: at the next key frame everything begins anew.
    var isStale = true
    /// Tracks that cannot go on before that.
    var stale: Set<Source> = []
    /// Where each track stands, on the stream's own clock, and how long its frames are.
    var ends: [Source: (time: Int64, length: Int64)] = [:]
    /// Where the publication began, on the stream's own clock.
    var clockStart: Int64 = 0
    /// How far the leading rendition has come, on the stream's own clock.
    var leaderTime: Int64 = 0
    /// The default sound of the last seconds, for pictures that come late.
    var sounds: [Packager.Sample] = []
    var hasLeft = false
    var wall = WallTime(milliseconds: 0)
    var isEnded = false
    /// Markers that are still listed somewhere.
    var marks: [DateRange] = []
    /// Renditions whose playlist changes without a new part.
    var dirty: Set<Int> = []
    var expected: (sources: [Source], milliseconds: Int64) = ([], 0)
    /// Since when the multivariant playlist has been held back.
    var heldSince: Int64?
    var multivariant = ""
    /// The sounds that the multivariant playlist lists; the first is in the pictures.
    var shownSounds: [(source: Source, name: String, language: String)] = []
    var captions: Captions?
    private var outputs: [Output] = []
    private var handedOut = 0

    /// A broadcast that has not begun.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        captions = configuration.captions.map { Captions($0, configuration: configuration) }
    }

    /// What to do next; ask until it answers `.wake`.
    public mutating func next() -> Output {
        if handedOut < outputs.count {
            defer { handedOut += 1 }
            return outputs[handedOut]
        }
        outputs.removeAll(keepingCapacity: true)
        handedOut = 0
        return .wake
    }

    /// One thing happened, at `wall` on the world's clock.
    public mutating func take(_ input: Input, at wall: WallTime) {
        self.wall = wall
        guard !isEnded else { return }
        switch input {
        case .begin(let publication, let fills): begin(publication, fills)
        case .format(let source, let format, let language, let name):
            learn(source, Known(format: format, language: language, name: name))
        case .sample(let source, let sample): gather(source, sample)
        case .lost(let source): lose(source)
        case .jump: offset = offset == nil ? nil : Presentation.unknown
        case .leave: leave()
        case .settle: settle()
        case .expect(let sources, let milliseconds): expected = (sources, milliseconds)
        case .mark(let mark): addMark(mark)
        case .caption(let text): addCaption(text)
        case .end: end()
        }
        publish()
    }

    /// What is listed, or would be; pictures first.
    public var listed: [Listed] {
        renditions.filter { $0.isComplete && !isLongAway($0) }.sorted { $0.source < $1.source }.map(Listed.init)
    }

    /// How many more pictures of the leading rendition, none of them a key frame, can come before anything is told. Where
    /// others keep step with it, each frame may be what one of them waited for.
    public var patience: Int {
        guard let leader, renditions.count == 1, !isStale, !hasLeft, waiting == nil, offset != Presentation.unknown
        else { return 0 }
        return renditions[leader].packager.patience
    }

    /// Where the stream is: microseconds since its beginning.
    public var microseconds: Int64 { max(0, leaderTime - Presentation.beginning) }

    /// The offset after a jump: the next sample, of whatever track, says what it is.
    static let unknown = Int64.min

    mutating func tell(_ news: News) { outputs.append(.tell(news)) }
}
