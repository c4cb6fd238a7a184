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
/// The default sound is in every picture's files; other sounds have renditions of their own. The publisher may
/// leave and return, change its formats or lose its mind about the time: the playlists go on, their sequence numbers
/// never begin anew, and the stream's own clock never runs backwards.
///
/// After every `take`, ask `next` until it answers `.wake`.
public struct Presentation: Sendable {
    /// One thing that happened.
    public enum Input: Sendable {
        /// A publisher begins, for the first time or again. The word goes into file names: it must never have been
        /// used before for this broadcast, and be of letters and digits.
        case begin(publication: String)
        /// A track's format is known, or has changed.
        case format(Source, FMP4.Track.Format, language: String)
        /// A coded frame. Its time is the publisher's own, in microseconds.
        case sample(Source, Packager.Sample)
        /// The publisher's clock jumped: the samples that follow are counted anew.
        case jump
        /// The publisher is gone; it may return.
        case leave
        case mark(DateRange)
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
        /// Nobody may ask for these any more.
        case forget([String])
        case trouble(rendition: String, Packager.Trouble)
        /// A track that came too late to be listed in this broadcast.
        case unlisted(Source)
    }

    /// Ten seconds are before everything, so that no decode time is below zero, whatever the encoder's delay.
    static let beginning: Int64 = 10_000_000

    let configuration: Configuration
    var publication = ""
    var formats: [Source: (format: FMP4.Track.Format, language: String)] = [:]
    /// Samples that wait for the other kind of track to say its format.
    var waiting: [(Source, Packager.Sample)]? = []
    var renditions: [(source: Source, packager: Packager)] = []
    /// The stream's clock minus the publisher's; nil until the first key frame of a publication.
    var offset: Int64?
    /// Formats changed, or a publisher returned: what comes next begins anew.
    var isStale = true
    /// Where each track stands, on the stream's own clock, and how long its frames are.
    var ends: [Source: (time: Int64, length: Int64)] = [:]
    /// Pictures that wait for a key frame.
    var needsKey: Set<Source> = []
    /// Where the publication began, on the stream's own clock.
    var clockStart: Int64 = 0
    var wall = WallTime(milliseconds: 0)
    var isEnded = false
    /// Renditions whose playlist changes without a new part.
    var dirty: Set<Int> = []
    private var outputs: [Output] = []
    private var handedOut = 0
    private var multivariant = ""

    /// A broadcast that has not begun.
    public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

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
        case .begin(let publication): begin(publication)
        case .format(let source, let format, let language): learn(source, format, language)
        case .sample(let source, let sample): gather(source, sample)
        case .jump: offset = offset == nil ? nil : Presentation.unknown
        case .leave: leave()
        case .mark(let mark): addMark(mark)
        case .end: end()
        }
        publish()
    }

    /// The offset after a jump: the next sample, of whatever track, says what it is.
    static let unknown = Int64.min

    mutating func tell(_ news: News) { outputs.append(.tell(news)) }

    /// Tells the renditions' news, and the playlists that changed.
    private mutating func publish() {
        var changed = dirty
        dirty = []
        for index in renditions.indices {
            let news = renditions[index].packager.takeNews()
            for item in news { if tell(item, of: renditions[index].packager.id) { changed.insert(index) } }
        }
        for index in changed.sorted() { render(index) }
        if !changed.isEmpty { renderMultivariant() }
    }

    /// Answers whether the playlist changes by it.
    private mutating func tell(_ news: Packager.News, of rendition: String) -> Bool {
        switch news {
        case .map(let name, let bytes): tell(.file(name: name, bytes: bytes))
        case .part(let part, _):
            tell(.file(name: part.name, bytes: part.bytes))
            return true
        case .segment(let segment):
            tell(.segment(rendition: rendition, segment))
            return true
        case .forget(let names): tell(.forget(names))
        case .trouble(let trouble): tell(.trouble(rendition: rendition, trouble))
        }
        return false
    }

    private mutating func render(_ index: Int) {
        let packager = renditions[index].packager
        let reports = renditions.indices.filter { $0 != index && renditions[$0].packager.shelf.targetSeconds != nil }
            .map {
                RenditionReport(uri: renditions[$0].packager.id + ".m3u8", edge: renditions[$0].packager.shelf.edge)
            }
        guard let writer = PlaylistWriter(packager.shelf, reports: reports) else { return }
        tell(.playlist(name: packager.id + ".m3u8", writer.playlist()))
    }

    private mutating func renderMultivariant() {
        let pictures = renditions.filter(\.source.isPicture).map(\.packager)
        var sounds: [(packager: Packager?, name: String, language: String)] = []
        for source in formats.keys.sorted() where !source.isPicture {
            let own = renditions.first { $0.source == source }?.packager
            guard own != nil || sounds.isEmpty else { continue }
            let language = formats[source]?.language ?? ""
            sounds.append((own, language.isEmpty ? "\(source.number + 1)" : language, language))
        }
        guard let text = Multivariant.text(pictures: pictures, sounds: sounds), text != multivariant else { return }
        multivariant = text
        tell(.multivariant(Array(text.utf8)))
    }
}
