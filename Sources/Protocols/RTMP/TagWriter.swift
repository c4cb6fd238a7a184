// SPDX-License-Identifier: Apache-2.0
import Media

/// Turns a stream's signals into FLV tags: metadata and sequence headers first and again when they change, a beginning
/// at a key frame, and one clock from 0. Only the default video and audio track is written.
struct TagWriter: Sendable {
    private struct Format: Hashable {
        let codec: Codec
        let bytes: ArraySlice<UInt8>
    }

    /// The size of the pictures, for the metadata.
    var picture: Picture? { didSet { if picture != oldValue { isMetadataDue = true } } }
    private var formats: [TrackID: Format] = [:]
    /// Tracks whose sequence header is to be written before the next frame, in the order in which they came.
    private var due: [TrackID] = []
    private var isMetadataDue = true
    private var hasBegun = false
    private var awaitsKey = true
    private var clock = SteadyClock()

    init(picture: Picture? = nil) { self.picture = picture }

    /// Which microsecond of the source is 0 here; nil before the beginning.
    var beginMicroseconds: Int64? { clock.beginMicroseconds }

    /// A tag's length has 24 bits, of which its own header takes some.
    private static let sampleBytes = 0xFF_FF00

    /// Whether there is a picture to wait for.
    var hasVideo: Bool { formats[TrackID(.video)] != nil }
    /// Whether there is sound.
    var hasAudio: Bool { formats[TrackID(.audio)] != nil }

    /// Whether a sample is of a track that is written.
    func carries(_ sample: Sample) -> Bool { formats[sample.track] != nil }

    /// Frames were left out: the picture goes on at the next key frame.
    mutating func skip() { awaitsKey = true }

    /// What is to be written for `signal`.
    mutating func take(_ signal: Signal) -> [FLVTag] {
        switch signal {
        case .configuration(let track, let codec, let bytes): configure(track, Format(codec: codec, bytes: bytes))
        case .sample(let sample): return tags(of: sample)
        case .trackEnded(let track): return end(track)
        case .jump: clock.jump()
        case .unknown: break
        }
        return []
    }

    private mutating func configure(_ track: TrackID, _ format: Format) {
        guard track.number == 0, format.codec.kind == track.kind, formats[track] != format else { return }
        if formats[track]?.codec != format.codec { isMetadataDue = true }
        formats[track] = format
        due.removeAll { $0 == track }
        due.append(track)
        if track.kind == .video { awaitsKey = true }
    }

    private mutating func end(_ track: TrackID) -> [FLVTag] {
        let format = formats.removeValue(forKey: track)
        let isWritten = hasBegun && !due.contains(track)
        due.removeAll { $0 == track }
        guard let format, isWritten else { return [] }
        isMetadataDue = true
        return FLVTag.end(format.codec, at: clock.tagTime).map { [$0] } ?? []
    }

    private mutating func tags(of sample: Sample) -> [FLVTag] {
        guard let format = formats[sample.track], sample.bytes.count <= TagWriter.sampleBytes else { return [] }
        if sample.track.kind == .video {
            guard sample.isKey || !awaitsKey else { return [] }
        } else {
            guard hasBegun || !hasVideo else { return [] }
        }
        guard let (time, composition) = clock.place(sample) else { return [] }
        if sample.track.kind == .video { awaitsKey = false }
        hasBegun = true
        var tags: [FLVTag] = []
        if isMetadataDue { tags.append(metadata(at: time)) }
        for track in due {
            guard let format = formats[track] else { continue }
            tags.append(.configuration(format.codec, format.bytes, at: time))
        }
        (isMetadataDue, due) = (false, [])
        tags.append(.frame(format.codec, sample, composition: composition, at: time))
        return tags
    }

    private func metadata(at time: UInt32) -> FLVTag {
        var properties: [AMF.Property] = []
        if let picture { properties += picture.properties }
        for track in formats.keys.sorted() {
            if let format = formats[track] { properties += format.codec.metadata(format.bytes) }
        }
        properties.append(.init("encoder", .string("Sanyan")))
        return FLVTag(
            type: Message.Kind.data, milliseconds: time,
            body: AMF.bytes(of: [.string("onMetaData"), .array(properties)]))
    }
}

/// Puts every sample of a stream on one clock of milliseconds that begins at 0, goes on over jumps of the source's
/// clock, and for no track runs backwards.
struct SteadyClock: Sendable {
    /// What lies between the last sample before a jump and the first behind it.
    static let seamMilliseconds: Int64 = 40
    /// A track that goes back by more than this has a new clock, even when nobody said so.
    static let backwardsMicroseconds: Int64 = 1_000_000

    private(set) var beginMicroseconds: Int64?
    /// The latest time given to any track.
    private var end: Int64 = 0
    private var last: [TrackID: (microseconds: Int64, milliseconds: Int64)] = [:]
    private var isTorn = false

    /// The latest time, as a tag has it.
    var tagTime: UInt32 { UInt32(truncatingIfNeeded: end) }

    /// The source's clock jumped.
    mutating func jump() { isTorn = beginMicroseconds != nil }

    /// The time of a sample, and its composition time; nil when it lies before the beginning.
    mutating func place(_ sample: Sample) -> (time: UInt32, composition: Int64)? {
        let microseconds = sample.microseconds
        if let last = last[sample.track], microseconds < last.microseconds &- SteadyClock.backwardsMicroseconds {
            isTorn = true
        }
        if isTorn { beginMicroseconds = microseconds &- (end &+ SteadyClock.seamMilliseconds) &* 1000 }
        let begin = beginMicroseconds ?? microseconds
        let exact = SteadyClock.milliseconds(microseconds &- begin)
        let before = last[sample.track]?.milliseconds
        guard exact >= 0 || before != nil else { return nil }
        (beginMicroseconds, isTorn) = (begin, false)
        let time = max(exact, before ?? 0)
        last[sample.track] = (microseconds, time)
        end = max(end, time)
        let shown = SteadyClock.milliseconds(microseconds &+ sample.compositionMicroseconds &- begin)
        return (UInt32(truncatingIfNeeded: time), shown &- time)
    }

    /// Rounded to the nearest.
    private static func milliseconds(_ microseconds: Int64) -> Int64 {
        let (quotient, rest) = (microseconds &+ 500).quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? quotient - 1 : quotient
    }
}
