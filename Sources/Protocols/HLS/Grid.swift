// SPDX-License-Identifier: Apache-2.0

/// Where each segment begins, as the leading rendition cut it. All others follow, so that a segment's number, its
/// discontinuity sequence number and its dates are the same in every playlist (6.2.4).
struct Grid: Sendable {
    /// One segment's beginning.
    struct Line: Hashable, Sendable {
        var msn: Int
        /// On the stream's own clock.
        var startMicroseconds: Int64
        var wall: WallTime
        var isDiscontinuous: Bool
        /// How many discontinuities there are up to and with this one.
        var discontinuities: Int
        var soundMicroseconds: Int64?

        var turn: Packager.Turn {
            Packager.Turn(
                msn: msn, startMicroseconds: startMicroseconds, wall: wall, isDiscontinuous: isDiscontinuous)
        }
    }

    /// Longer than any playlist in segments, and short enough to look through.
    private static let most = 512

    /// Oldest first, without holes.
    private(set) var lines: [Line] = []

    var last: Line? { lines.last }

    /// The leading rendition opened its next segment.
    mutating func add(_ opening: Packager.Opening) {
        guard opening.msn > last?.msn ?? -1 else { return }
        let before = last?.discontinuities ?? 0
        lines.append(
            Line(
                msn: opening.msn, startMicroseconds: opening.startMicroseconds, wall: opening.wall,
                isDiscontinuous: opening.isDiscontinuous, discontinuities: before + (opening.isDiscontinuous ? 1 : 0),
                soundMicroseconds: opening.soundMicroseconds))
        if lines.count > Grid.most { lines.removeFirst(Grid.most / 2) }
    }

    /// The segment that `microseconds` is in.
    func line(at microseconds: Int64) -> Line? { lines.last { $0.startMicroseconds <= microseconds } }

    subscript(msn: Int) -> Line? {
        guard let first = lines.first, lines.indices.contains(msn - first.msn) else { return nil }
        return lines[msn - first.msn]
    }

    /// How long segment `msn` is; nil for the one that is open.
    func length(_ msn: Int) -> Int64? {
        guard let line = self[msn], let next = self[msn + 1] else { return nil }
        return next.startMicroseconds - line.startMicroseconds
    }
}
