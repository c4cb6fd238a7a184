// SPDX-License-Identifier: Apache-2.0
public import Media

/// A clip that is being shown, over and over, in real time.
public struct Reel: Sendable {
    static let stepMilliseconds: Int64 = 100
    /// It is given a little before it is due, so that no part comes late.
    private static let leadMicroseconds: Int64 = 100_000

    private let length: Int64
    private let start: Instant
    private let samples: [Media.Sample]
    private var place = 0
    private var round: Int64 = 0
    /// How far it has been shown, in its own time.
    private var shown: Int64 = 0

    /// A clip that begins at `start`, which may be a moment ago; of these kinds of track alone, if it is said.
    public init(_ clip: Clip, kinds: Set<TrackID.Kind>?, at start: Instant) {
        (length, self.start) = (clip.microseconds, start)
        samples = clip.signals.compactMap { signal in
            guard case .sample(let sample) = signal, kinds?.contains(sample.track.kind) ?? true else { return nil }
            return sample
        }
    }

    /// What must be shown until now, and when each sample is due; its time is counted from the first round's beginning.
    public mutating func due(at now: Instant) -> [(sample: Media.Sample, at: Instant)] {
        guard !samples.isEmpty, length > 0 else { return [] }
        let until = (now.milliseconds - start.milliseconds) * 1_000 + Reel.leadMicroseconds
        var due: [(Media.Sample, Instant)] = []
        // After a long sleep there is much to catch up with: not all of it at once.
        while due.count < 1_000 {
            var sample = samples[place]
            sample.microseconds += round * length
            guard sample.microseconds <= until else { break }
            due.append((sample, start.later(by: sample.microseconds / 1_000)))
            shown = max(shown, sample.microseconds)
            place += 1
            if place == samples.count { (place, round) = (0, round + 1) }
        }
        return due
    }

    /// How far it is ahead of `now`, in milliseconds.
    func ahead(of now: Instant) -> Int64 { max(0, start.milliseconds + shown / 1_000 - now.milliseconds) }
}
