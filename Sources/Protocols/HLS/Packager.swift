// SPDX-License-Identifier: Apache-2.0
public import FMP4

/// One rendition: takes the samples of its one picture and one sound (or of either alone), and gives parts and
/// segments. It is told times that never run backwards for long; mapping a publisher's clock is `Presentation`'s work.
public struct Packager: Sendable {
    /// One coded frame, on the stream's own clock.
    public struct Sample: Hashable, Sendable {
        /// Decode time.
        public var microseconds: Int64
        /// Presentation time minus decode time; may be negative.
        public var compositionMicroseconds: Int64
        /// Whether decoding can begin here.
        public var isKey: Bool
        /// The coded bytes as the encoder sent them.
        public var bytes: ArraySlice<UInt8>

        /// A sample of these parts.
        public init(
            microseconds: Int64, compositionMicroseconds: Int64 = 0, isKey: Bool, bytes: ArraySlice<UInt8>
        ) {
            self.microseconds = microseconds
            self.compositionMicroseconds = compositionMicroseconds
            self.isKey = isKey
            self.bytes = bytes
        }
    }

    /// What came of it.
    public enum News: Hashable, Sendable {
        /// An init segment.
        case map(name: String, bytes: [UInt8])
        /// A part that can be listed and fetched from now on.
        case part(Part, msn: Int)
        /// A segment is complete.
        case segment(Segment)
        /// Files that nobody may ask for any more.
        case forget([String])
        case trouble(Trouble)
    }

    /// What is wrong with what the encoder sends; the console says it in plain words.
    public enum Trouble: Hashable, Sendable {
        /// The segment had to be cut without a key frame; they come this far apart or further.
        case keyFramesTooFar(milliseconds: Int64)
        /// One picture lasts longer than a part may.
        case pictureTooLong(milliseconds: Int64)
        /// So much sound was missing.
        case soundGap(milliseconds: Int64)
        /// A frame of sound was left out, because there is more of it than its clock has time for.
        case soundAhead
        case unusable(FMP4.Violation)
    }

    /// The rendition's name: the stem of its playlist's and files' names.
    public let id: String
    public private(set) var video: VideoFormat?
    public private(set) var audio: AudioFormat?
    /// What is listed.
    public internal(set) var shelf: Shelf

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

    /// Closes the open part and the open segment.
    public mutating func close() {
        closePart(lastPicture: nil)
        closeSegment()
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
        let bytes: [UInt8]
        do { bytes = try video.sampleBytes(sample.bytes) } catch {
            news.append(.trouble(.unusable(error)))
            return
        }
        let place = videoTiming.place(
            microseconds: sample.microseconds, composition: sample.compositionMicroseconds)
        let time = place.decodeTime
        let length = videoTiming.likelyDuration
        if let segment = shelf.open ?? pendingSegment {
            let age = time - ticks(segment.startMicroseconds)
            if sample.isKey, age >= ticks(configuration.segmentMilliseconds * 750) || !segment.beginsWithKey {
                closePart(lastPicture: time)
                closeSegment()
            } else if age + length > ticks(shelf.longestSegment) {
                closePart(lastPicture: time)
                closeSegment()
                if !sample.isKey { news.append(.trouble(.keyFramesTooFar(milliseconds: age / 90))) }
            }
        }
        if let first = pictures.first, time + length - first.decodeTime > limit { closePart(lastPicture: time) }
        pictures.append(
            Frame(
                decodeTime: time, duration: 0, composition: place.composition, isKey: sample.isKey, bytes: bytes))
        // As soon as no other frame will fit, the part is ready: waiting for the next frame would cost its length.
        if videoTiming.isSteady, let awaited = videoTiming.awaited, let first = pictures.first,
            time + awaited + length - first.decodeTime > limit
        {
            closePart(lastPicture: time + awaited)
        }
    }

    private var limit: Int64 { ticks(shelf.partLimit) }

    /// The segment that the waiting pictures will open.
    private var pendingSegment: Segment? { pictures.first.map { newSegment(at: $0.decodeTime * 100 / 9, $0.isKey) } }

    private func ticks(_ microseconds: Int64) -> Int64 { microseconds * 9 / 100 }

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
        let frame = Frame(decodeTime: time, duration: Int64(count), isKey: true, bytes: Array(sample.bytes))
        guard video == nil else {
            // A picture that has stopped must not let the sound pile up: ten seconds wait, the oldest go.
            if let first = sounds.first, time - first.decodeTime > Int64(audio.rate) * 10 { sounds.removeFirst() }
            sounds.append(frame)
            return
        }
        sounds.append(frame)
        closeSoundPart(rate: Int64(audio.rate), next: Int64(count))
    }

    /// Without a picture the sound's own frames say where to cut.
    private mutating func closeSoundPart(rate: Int64, next: Int64) {
        guard let first = sounds.first, let last = sounds.last else { return }
        let end = last.decodeTime + last.duration + next
        let start = shelf.open?.startMicroseconds ?? first.decodeTime * 1_000_000 / rate
        let isSegmentFull = end * 1_000_000 / rate - start > configuration.segmentMilliseconds * 1000
        let isPartFull = (end - first.decodeTime) * 1_000_000 / rate > shelf.partLimit
        if isPartFull || isSegmentFull { closePart(lastPicture: nil) }
        if isSegmentFull { closeSegment() }
    }

    // MARK: Cutting

    /// Closes the open part. `end` is where its last picture ends, if that is known better than its usual length.
    private mutating func closePart(lastPicture end: Int64?) {
        for index in pictures.indices.dropLast() {
            pictures[index].duration = pictures[index + 1].decodeTime - pictures[index].decodeTime
        }
        if let last = pictures.indices.last {
            let end = end ?? pictures[last].decodeTime + videoTiming.likelyDuration
            pictures[last].duration = max(1, end - pictures[last].decodeTime)
        }
        let start: Int64
        var microseconds: Int64
        if let first = pictures.first, let last = pictures.last {
            start = first.decodeTime * 100 / 9
            microseconds = (last.decodeTime + last.duration) * 100 / 9 - start
        } else if video == nil, let audio, let first = sounds.first, let last = sounds.last {
            let rate = Int64(audio.rate)
            start = first.decodeTime * 1_000_000 / rate
            microseconds = (last.decodeTime + last.duration) * 1_000_000 / rate - start
        } else {
            return
        }
        if microseconds > shelf.partLimit {
            news.append(.trouble(.pictureTooLong(milliseconds: microseconds / 1000)))
            microseconds = shelf.partLimit
        }
        if shelf.open == nil { shelf.open = newSegment(at: start, pictures.first?.isKey ?? true) }
        sequence &+= 1
        let bytes = fragment(
            sequence: sequence, [TrackRun(track: 1, frames: pictures), TrackRun(track: 2, frames: sounds)])
        let isIndependent = video == nil || pictures.contains(where: \.isKey)
        partNumber += 1
        let part = Part(
            name: shelf.promised, microseconds: microseconds, isIndependent: isIndependent, bytes: bytes)
        shelf.add(part, next: "\(publication)-\(id)-p\(partNumber).m4s")
        endMicroseconds = start + microseconds
        begins = false
        news.append(.part(part, msn: shelf.nextMSN))
        (pictures, sounds) = ([], [])
    }

    private func newSegment(at start: Int64, _ beginsWithKey: Bool) -> Segment {
        Segment(
            msn: shelf.nextMSN, name: "\(publication)-\(id)-\(shelf.nextMSN).m4s", map: map,
            isDiscontinuous: begins && shelf.nextMSN > 0, startMicroseconds: start,
            wall: WallTime(milliseconds: (start + wallOffset) / 1000), beginsWithKey: beginsWithKey, parts: [])
    }

    private mutating func closeSegment() {
        let duration = videoTiming.frameDuration.map { $0 * 100 / 9 }
        guard let segment = shelf.closeSegment(frameMicroseconds: duration) else { return }
        news.append(.segment(segment))
        let forgotten = shelf.forget()
        if !forgotten.isEmpty { news.append(.forget(forgotten)) }
    }
}
