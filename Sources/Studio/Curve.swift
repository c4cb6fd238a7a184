// SPDX-License-Identifier: Apache-2.0
import HLS

/// How the audience rose and fell: the highest count of each minute since the first picture, and the mean of all.
struct Curve: Sendable {
    /// A day of minutes is kept; what is after that is in the mean alone.
    static let mostMinutes = 24 * 60

    private var start: WallTime?
    private var last: (count: Int, at: WallTime)?
    private var viewerMilliseconds: Int64 = 0
    private var milliseconds: Int64 = 0
    private(set) var minutes: [Int] = []

    /// The mean of the audience since the first picture, rounded.
    var average: Int { milliseconds > 0 ? Int((viewerMilliseconds + milliseconds / 2) / milliseconds) : 0 }

    /// It begins, or goes on after it seemed over.
    mutating func start(at wall: WallTime) {
        start = start ?? wall
        last = last ?? (0, wall)
    }

    /// It is over: time counts no more.
    mutating func stop() { last = nil }

    mutating func note(_ count: Int, at wall: WallTime) {
        guard let start else { return }
        if let last {
            // The world's clock may be set; nobody watched for hours because of that.
            let span = max(0, min(wall.milliseconds - last.at.milliseconds, 5_000))
            viewerMilliseconds += Int64(last.count) * span
            milliseconds += span
            self.last = (count, wall)
        } else {
            return
        }
        let minute = Int(max(0, (wall.milliseconds - start.milliseconds) / 60_000))
        guard minute < Curve.mostMinutes else { return }
        while minutes.count <= minute { minutes.append(0) }
        minutes[minute] = max(minutes[minute], count)
    }
}
