// SPDX-License-Identifier: Apache-2.0

/// Many small stills of a recording in one picture, and the list that says which is where.
struct Sprite: Hashable, Sendable {
    /// Of one still, in pixels.
    static let width = 160
    static let height = 90
    private static let columns = 10
    private static let most: Int64 = 100

    /// How far two stills are apart.
    let stepMilliseconds: Int64
    private let milliseconds: Int64
    private let count: Int

    /// Of a recording of this length: a still each two seconds, or a hundred in all.
    init(milliseconds: Int64) {
        self.milliseconds = max(1, milliseconds)
        let share = (self.milliseconds + Sprite.most - 1) / Sprite.most
        stepMilliseconds = max(2_000, (share + 999) / 1_000 * 1_000)
        count = Int((self.milliseconds + stepMilliseconds - 1) / stepMilliseconds)
    }

    /// How many stills are beside and below each other.
    var layout: (columns: Int, rows: Int) {
        (min(count, Sprite.columns), (count + Sprite.columns - 1) / Sprite.columns)
    }

    /// The list: WebVTT whose cues are places in the picture (Media Fragments URI 1.0, 4.2.2).
    var list: String {
        var text = "WEBVTT\n"
        for still in 0..<count {
            let start = Int64(still) * stepMilliseconds
            let end = min(milliseconds, start + stepMilliseconds)
            let x = still % Sprite.columns * Sprite.width
            let y = still / Sprite.columns * Sprite.height
            text += "\n\(Sprite.time(start)) --> \(Sprite.time(end))\n"
            text += "sprite.jpg#xywh=\(x),\(y),\(Sprite.width),\(Sprite.height)\n"
        }
        return text
    }

    /// `00:01:02.000` (WebVTT 3.3).
    private static func time(_ milliseconds: Int64) -> String {
        func padded(_ number: Int64, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        let seconds = milliseconds / 1_000
        return "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(milliseconds % 1_000, 3))"
    }
}
