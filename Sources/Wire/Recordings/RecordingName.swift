// SPDX-License-Identifier: Apache-2.0
import HLS

/// The name of a recording's file: when it began, `20261126T104500Z.mp4`; `-2` and so on for others of that second, and
/// `-cut1` and so on for parts of it. No other name is ever opened, listed or deleted.
struct RecordingName: Hashable, Comparable, Sendable {
    /// With its ending.
    let text: String
    /// When it began, in milliseconds since 1970.
    let startedAt: Int64
    /// Whether it is a part of another one.
    var isCut: Bool { cut > 0 }
    private let copy: Int
    private let cut: Int

    /// Reads a name; nil for anything that is none.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard (20...32).contains(bytes.count), text.hasSuffix(".mp4") else { return nil }
        guard let startedAt = RecordingName.instant(bytes[..<16]) else { return nil }
        var rest = Substring(text).dropFirst(16).dropLast(4)
        func number(after word: String) -> Int? {
            guard rest.hasPrefix(word) else { return 0 }
            let digits = rest.dropFirst(word.count).prefix { $0 != "-" }
            guard (1...2).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                digits.first != "0", let number = Int(digits)
            else { return nil }
            rest = rest.dropFirst(word.count + digits.count)
            return number
        }
        var copy = 0
        if !rest.hasPrefix("-cut") {
            guard let number = number(after: "-") else { return nil }
            copy = number
        }
        guard let cut = number(after: "-cut"), rest.isEmpty, copy != 1 else { return nil }
        (self.text, self.startedAt, self.copy, self.cut) = (String(text), startedAt, copy, cut)
    }

    /// Of a recording that begins now; `copy` is 1 for the first of its second.
    init?(_ wall: WallTime, copy: Int) {
        let stamp = wall.text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
        self.init(stamp + (copy > 1 ? "-\(copy)" : "") + ".mp4")
    }

    /// Of a part of this one.
    func part(_ number: Int) -> RecordingName? {
        RecordingName(text.dropLast(isCut ? 8 + String(cut).count : 4) + "-cut\(number).mp4")
    }

    /// What stands beside it and belongs to it: `20261126T104500Z.poster.jpg`.
    func beside(_ ending: String) -> String { text.dropLast(4) + "." + ending }

    /// By when they began, then as they were made.
    static func < (left: RecordingName, right: RecordingName) -> Bool {
        (left.startedAt, left.copy, left.cut) < (right.startedAt, right.copy, right.cut)
    }

    /// `20261126T104500Z` in milliseconds since 1970.
    private static func instant(_ stamp: ArraySlice<UInt8>) -> Int64? {
        guard stamp[8] == 0x54, stamp[15] == 0x5A else { return nil }
        var numbers: [Int64] = []
        for range in [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15] {
            guard stamp[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            numbers.append(stamp[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) })
        }
        guard numbers[0] >= 1970, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]), numbers[3] < 24,
            numbers[4] < 60, numbers[5] < 61
        else { return nil }
        // Days since 1970, in a calendar whose years begin in March.
        let year = numbers[1] > 2 ? numbers[0] : numbers[0] - 1
        let month = (numbers[1] + 9) % 12
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + numbers[2] - 719_469
        return ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60_000 + numbers[5] * 1_000
    }
}
