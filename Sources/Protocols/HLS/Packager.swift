// SPDX-License-Identifier: Apache-2.0
public import FMP4

/// One rendition: takes the samples of its one picture and one sound (or of either alone), and gives parts and
/// segments. It is told times that never run backwards for long; mapping a publisher's clock is `Presentation`'s work.
///
/// The rendition that leads decides by itself where segments begin. All others are told with `turn`, so that segments
/// of one number hold the same time in every rendition.
public struct Packager: Sendable {
    /// Where a segment begins.
    struct Opening: Hashable, Sendable {
        var msn: Int
        var startMicroseconds: Int64
        var wall: WallTime
        var isDiscontinuous: Bool
        var beginsWithKey: Bool
        /// Where its own sound begins: what came too late for the segment before is in this one.
        var soundMicroseconds: Int64?
    }

    /// What a rendition that does not lead is told of a segment that its next frame opens.
    struct Turn: Hashable, Sendable {
        var msn: Int
        var startMicroseconds: Int64
        var wall: WallTime
        var isDiscontinuous: Bool
    }

    /// The rendition's name: the stem of its playlist's and files' names.
    public let id: String
    public private(set) var video: VideoFormat?
    public private(set) var audio: AudioFormat?
    /// What is listed.
    public internal(set) var shelf: Shelf
    /// The segment that frames go into; nil until the first frame of the next one.
    private(set) var opening: Opening?
    /// Whether it cuts by itself.
    var leads = true

    let configuration: Configuration
    private var publication = ""
    private var videoTiming = VideoTiming()
    private var audioTiming = AudioTiming(rate: 48_000)
    private var pictures: [Frame] = []
    private var sounds: [Frame] = []
    private var sequence: UInt32 = 0
    private var partNumber = 0
    private var map = ""
    private var begins = true
    /// What the next frame opens, in a rendition that does not lead.
    private var turning: Turn?
    /// The end of the sound that was given.
    private var soundEnd: Int64?
    /// Where the sound of the next segment begins, as the rendition that leads has it.
    var nextSound: Int64?
    private var wallOffset: Int64 = 0
    private(set) var news: [News] = []

    /// A rendition of which nothing is known yet.
    public init(id: String, configuration: Configuration) {
        self.id = id
        self.configuration = configuration
        shelf = Shelf(configuration: configuration)
    }

    /// What is known of the frame rate: promised by the encoder, or learned from its times.
    public var frameRate: FrameRate? { videoTiming.rate ?? video?.frameRate }

    /// The end of what was given, on the stream's own clock.
    public private(set) var endMicroseconds: Int64 = 0

    /// Until when its pictures are shown, on the stream's own clock: later than that end where they wait for each other.
    private(set) var shownMicroseconds: Int64 = 0

    /// A publication begins, or its formats changed: what follows needs another init segment and stands apart from
    /// what was. `wallOffset` is the world's clock minus the stream's, in microseconds.
    public mutating func begin(
        publication: String, video: VideoFormat?, audio: AudioFormat?, wallOffset: Int64
    ) {
        close()
        (pictures, sounds) = ([], [])
        self.publication = publication
        (self.video, self.audio, self.wallOffset) = (video, audio, wallOffset)
        videoTiming = VideoTiming(promised: video?.frameRate)
        audioTiming = AudioTiming(rate: audio?.rate ?? 48_000)
        soundEnd = nil
        var tracks: [FMP4.Track] = []
        if let video { tracks.append(FMP4.Track(number: 1, format: .video(video))) }
        if let audio { tracks.append(FMP4.Track(number: 2, format: .audio(audio))) }
        map = "\(publication)-\(id)-init\(shelf.nextMSN)-\(partNumber).mp4"
        begins = true
        shelf.promise("\(publication)-\(id)-p\(partNumber).m4s")
        news.append(.map(name: map, bytes: initSegment(tracks)))
    }

    /// The stream's clock was moved against the world's.
    public mutating func setWallOffset(_ offset: Int64) { wallOffset = offset }

    /// Closes the open part and the open segment, with all sound that is there.
    public mutating func close() {
        closePart(end: nil, takesAllSound: true)
        closeSegment()
    }

    /// Closes them where a frame at `microseconds` will begin.
    mutating func close(at microseconds: Int64) {
        closePart(end: ticks(microseconds))
        closeSegment()
    }

    /// The next frame opens the next segment.
    mutating func turn(_ turn: Turn) { turning = turn }

    /// Nothing of this segment, the next one, will come.
    mutating func skip(_ msn: Int, at start: Int64, microseconds: Int64, wall: WallTime, isDiscontinuous: Bool) {
        guard shelf.targetSeconds != nil, shelf.open == nil, shelf.nextMSN == msn else { return }
        shelf.addGap(
            Segment(
                msn: msn, name: "\(publication)-\(id)-gap\(msn).m4s", map: map, isDiscontinuous: isDiscontinuous,
                startMicroseconds: start, wall: wall, beginsWithKey: false, parts: [], gapMicroseconds: microseconds))
        endMicroseconds = max(endMicroseconds, start + microseconds)
        news.append(.gap(msn: msn))
        forget()
    }

    /// What came of what was told, and nothing of it twice.
    public mutating func takeNews() -> [News] {
        defer { news = [] }
        return news
    }

    // MARK: Pictures

    /// The next picture.
    public mutating func picture(_ sample: Sample) {
        guard let video else { return }
        let bytes: ArraySlice<UInt8>
        do { bytes = try video.sampleBytes(sample.bytes) } catch {
            news.append(.trouble(.unusable(error)))
            return
        }
        let place = videoTiming.place(
            microseconds: sample.microseconds, composition: sample.compositionMicroseconds)
        let time = place.decodeTime
        let length = videoTiming.likelyDuration
        cutSegment(before: time, isKey: sample.isKey, length: length)
        if let first = pictures.first, time + length - first.decodeTime > limit { closePart(end: time) }
        if opening == nil { open(at: time * 100 / 9, sample.isKey) }
        pictures.append(
            Frame(
                decodeTime: time, duration: 0, composition: place.composition, isKey: sample.isKey, bytes: bytes))
        // As soon as no other frame will fit, the part is ready: waiting for the next frame would cost its length.
        if videoTiming.isSteady, let awaited = videoTiming.awaited, let first = pictures.first,
            time + awaited + length - first.decodeTime > limit
        {
            closePart(end: time + awaited)
        }
    }

    private mutating func cutSegment(before time: Int64, isKey: Bool, length: Int64) {
        guard let opening else { return }
        let age = time - ticks(opening.startMicroseconds)
        let isTime =
            leads
            ? isKey && (age >= ticks(configuration.segmentMilliseconds * 750) || !opening.beginsWithKey)
            : turning != nil
        let isTooLong = age + length > ticks(shelf.longestSegment)
        guard isTime || isTooLong else { return }
        closePart(end: time)
        closeSegment()
        if !isKey, isTooLong { news.append(.trouble(.keyFramesTooFar(milliseconds: age / 90))) }
    }

    private var limit: Int64 { ticks(shelf.partLimit) }

    private func ticks(_ microseconds: Int64) -> Int64 { microseconds * 9 / 100 }

    /// How many more pictures, none of them a key frame, can come without anything being cut, and as much sound as comes
    /// with them: who tells them all at once, after they came, loses nothing.
    var patience: Int {
        guard let opening, turning == nil, videoTiming.isSteady, let awaited = videoTiming.awaited else { return 0 }
        let length = videoTiming.likelyDuration
        guard length > 0 else { return 0 }
        let spent = pictures.first.map { (pictures.last ?? $0).decodeTime - $0.decodeTime } ?? -length
        let age = ticks(endMicroseconds - opening.startMicroseconds) + spent
        // One less, because none of them comes quite when it is awaited.
        let beforePart = (limit - spent - awaited - length) / length - 1
        return Int(max(0, min(beforePart, (ticks(shelf.longestSegment) - age) / length - 3)))
    }

    // MARK: Sounds

    /// The next frame of sound.
    public mutating func sound(_ sample: Sample) {
        guard let audio else { return }
        let count = audio.samples(in: sample.bytes)
        guard count > 0 else { return }
        let time: Int64
        switch audioTiming.place(microseconds: sample.microseconds, samples: count) {
        case .at(let at): time = at
        case .afterGap(let at, let missing):
            time = at
            news.append(.trouble(.soundGap(milliseconds: missing * 1000 / Int64(audio.rate))))
            if let last = sounds.indices.last { sounds[last].duration = at - sounds[last].decodeTime }
        case .leftOut:
            news.append(.trouble(.soundAhead))
            return
        }
        let frame = Frame(decodeTime: time, duration: Int64(count), isKey: true, bytes: sample.bytes)
        guard video == nil else {
            // A picture that has stopped must not let the sound pile up: ten seconds wait, the oldest go.
            if let first = sounds.first, time - first.decodeTime > Int64(audio.rate) * 10 { sounds.removeFirst() }
            sounds.append(frame)
            return
        }
        if turning != nil { close() }
        if opening == nil { open(at: time * 1_000_000 / Int64(audio.rate), true) }
        sounds.append(frame)
        closeSoundPart(rate: Int64(audio.rate), next: Int64(count))
    }

    /// Without a picture the sound's own frames say where to cut.
    private mutating func closeSoundPart(rate: Int64, next: Int64) {
        guard let opening, let first = sounds.first, let last = sounds.last else { return }
        let end = last.decodeTime + last.duration + next
        let length = end * 1_000_000 / rate - opening.startMicroseconds
        let longest = leads ? configuration.segmentMilliseconds * 1000 : shelf.longestSegment
        let isPartFull = (end - first.decodeTime) * 1_000_000 / rate > shelf.partLimit
        if isPartFull || length > longest { closePart(end: nil) }
        if length > longest { closeSegment() }
    }

    // MARK: Cutting

    /// Closes the open part. `end` is where its last picture ends, if that is known better than its usual length.
    /// Sound that is already there for the time after it waits for the next part.
    private mutating func closePart(end: Int64?, takesAllSound: Bool = false) {
        for index in pictures.indices.dropLast() {
            pictures[index].duration = pictures[index + 1].decodeTime - pictures[index].decodeTime
        }
        if let last = pictures.indices.last {
            let end = end ?? pictures[last].decodeTime + videoTiming.likelyDuration
            pictures[last].duration = max(1, end - pictures[last].decodeTime)
        }
        let start: Int64
        var microseconds: Int64
        var ready = sounds.count
        let rate = Int64(audio?.rate ?? 1)
        if let first = pictures.first, let last = pictures.last {
            let end = last.decodeTime + last.duration
            start = first.decodeTime * 100 / 9
            microseconds = end * 100 / 9 - start
            if !takesAllSound { ready = soundCount(before: min(end * 100 / 9, nextSound.map { $0 - 10_000 } ?? .max)) }
        } else if video == nil, let first = sounds.first, let last = sounds.last {
            start = first.decodeTime * 1_000_000 / rate
            microseconds = (last.decodeTime + last.duration) * 1_000_000 / rate - start
        } else {
            return
        }
        if microseconds > shelf.partLimit {
            news.append(.trouble(.pictureTooLong(milliseconds: microseconds / 1000)))
            microseconds = shelf.partLimit
        }
        finishPart(start: start, microseconds: microseconds, sounds: Array(sounds[..<ready]))
        sounds.removeFirst(ready)
    }

    private func soundCount(before end: Int64) -> Int {
        let limit = end * Int64(audio?.rate ?? 1)
        return sounds.firstIndex { $0.decodeTime * 1_000_000 >= limit } ?? sounds.count
    }

    private mutating func finishPart(start: Int64, microseconds: Int64, sounds: [Frame]) {
        if shelf.open == nil { shelf.open = newSegment() }
        sequence &+= 1
        let bytes = fragment(
            sequence: sequence, [TrackRun(track: 1, frames: pictures), TrackRun(track: 2, frames: sounds)])
        let isIndependent = video == nil || pictures.contains(where: \.isKey)
        partNumber += 1
        let part = Part(
            name: shelf.promised, microseconds: microseconds, isIndependent: isIndependent, bytes: bytes)
        shelf.add(part, next: "\(publication)-\(id)-p\(partNumber).m4s")
        endMicroseconds = start + microseconds
        let latest = endMicroseconds + VideoTiming.longestReorderSeconds * 1_000_000
        for picture in pictures {
            let shown = (picture.decodeTime + picture.composition + picture.duration) * 100 / 9
            shownMicroseconds = max(shownMicroseconds, min(shown, latest))
        }
        if let last = sounds.last { soundEnd = (last.decodeTime + last.duration) * 1_000_000 / Int64(audio?.rate ?? 1) }
        news.append(.part(part, msn: shelf.nextMSN))
        pictures = []
    }

    private mutating func open(at start: Int64, _ beginsWithKey: Bool) {
        let isDiscontinuous = leads ? begins && shelf.nextMSN > 0 : turning?.isDiscontinuous ?? false
        var wall = WallTime(milliseconds: (start + wallOffset) / 1000)
        // Another encoder's rounding is no other date.
        if let turning, abs(turning.startMicroseconds - start) < 30_000 { wall = turning.wall }
        opening = Opening(
            msn: shelf.nextMSN, startMicroseconds: start, wall: wall, isDiscontinuous: isDiscontinuous,
            beginsWithKey: beginsWithKey, soundMicroseconds: soundEnd)
        (begins, turning) = (false, nil)
    }

    private func newSegment() -> Segment? {
        guard let opening else { return nil }
        return Segment(
            msn: opening.msn, name: "\(publication)-\(id)-\(opening.msn).m4s", map: map,
            isDiscontinuous: opening.isDiscontinuous, startMicroseconds: opening.startMicroseconds,
            wall: opening.wall, beginsWithKey: opening.beginsWithKey, parts: [])
    }

    private mutating func closeSegment() {
        opening = nil
        let duration = videoTiming.frameDuration.map { $0 * 100 / 9 }
        guard let segment = shelf.closeSegment(frameMicroseconds: duration) else { return }
        news.append(.segment(segment))
        forget()
    }

    private mutating func forget() {
        let forgotten = shelf.forget()
        if !forgotten.isEmpty { news.append(.forget(forgotten)) }
    }
}
