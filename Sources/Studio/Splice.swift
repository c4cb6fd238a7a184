// SPDX-License-Identifier: Apache-2.0
import Media

/// Puts one source after another on one clock that never runs backwards and never jumps by more than a frame, for those
/// who send the broadcast on. Each source begins with its configurations and a key frame; tracks are numbered 0.
struct Splice: Sendable {
    private struct End {
        var time: Int64
        var length: Int64
    }

    /// What the source has said and nobody has been told.
    private var configurations: [Signal] = []
    private var lead = TrackID.Kind.video
    /// The program's clock minus the source's; nil until the source's first key frame.
    private var offset: Int64?
    private var hasJumped = false
    private var ends: [TrackID.Kind: End] = [:]
    /// Where the source began on the program's clock, and which kinds of track have not begun yet.
    private var start: Int64 = 0
    private var awaited: Set<TrackID.Kind> = []
    /// Sound that came before the key frame that it belongs to.
    private var early: [Media.Sample] = []

    /// Another source follows, which has said this.
    mutating func change(to configurations: [Signal]) {
        self.configurations = configurations.map(Splice.asDefault)
        let hasPicture = configurations.contains {
            if case .configuration(let track, _, _) = $0 { track.kind == .video } else { false }
        }
        lead = hasPicture ? .video : .audio
        (offset, hasJumped) = (nil, false)
        (awaited, early) = ([.video, .audio], [])
    }

    /// The source goes on with this configuration. Answers what is to be told now.
    mutating func configure(_ configuration: Signal) -> [Signal] {
        if offset != nil { return [Splice.asDefault(configuration)] }
        configurations.append(Splice.asDefault(configuration))
        if case .configuration(let track, _, _) = configuration, track.kind == .video { lead = .video }
        return []
    }

    /// The source goes on at another time.
    mutating func jump() { hasJumped = offset != nil }

    /// What comes of a sample: nothing, or itself on the program's clock, after its source's configurations.
    mutating func place(_ sample: Media.Sample) -> [Signal] {
        let kind = sample.track.kind
        if offset == nil {
            guard sample.isKey, kind == lead else {
                early.append(sample)
                if early.count > 200 { early.removeFirst(100) }
                return []
            }
            start = next(kind)
            offset = start - sample.microseconds
            let signals = configurations
            configurations = []
            let sounds = early.filter { $0.track.kind != lead && $0.microseconds >= sample.microseconds - 20_000 }
            early = []
            return signals + place(sample) + sounds.flatMap { place($0) }
        } else if hasJumped || isFar(sample) {
            offset = next(kind) - sample.microseconds
            hasJumped = false
        }
        guard let offset, let time = time(of: kind, at: sample.microseconds + offset) else { return [] }
        let length = ends[kind].map { max(1_000, min(time - $0.time, 100_000)) } ?? 20_000
        ends[kind] = End(time: time, length: length)
        awaited.remove(kind)
        var placed = sample
        (placed.track, placed.microseconds) = (TrackID(kind), time)
        return [.sample(placed)]
    }

    /// Where the next frame of a track would come.
    private func next(_ kind: TrackID.Kind) -> Int64 {
        (ends[kind] ?? ends.values.max { $0.time < $1.time }).map { $0.time + $0.length } ?? 0
    }

    /// Whether the source's clock jumped without a word.
    private func isFar(_ sample: Media.Sample) -> Bool {
        guard let offset, let end = ends[sample.track.kind], !awaited.contains(sample.track.kind) else { return false }
        return !(-2_000_000...12_000_000).contains(sample.microseconds &+ offset - end.time)
    }

    /// Nil for sound that was before its source's first picture, or while the sound of the source before it lasts.
    private func time(of kind: TrackID.Kind, at time: Int64) -> Int64? {
        guard let end = ends[kind] else { return time >= start - 20_000 ? max(0, time) : nil }
        if awaited.contains(kind), time < max(start - 20_000, end.time + end.length / 2) { return nil }
        return max(time, end.time + 1)
    }

    private static func asDefault(_ signal: Signal) -> Signal {
        guard case .configuration(let track, let codec, let bytes) = signal else { return signal }
        return .configuration(TrackID(track.kind), codec, bytes)
    }
}
