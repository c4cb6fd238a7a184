// SPDX-License-Identifier: Apache-2.0

/// Who it is in a room, for as long as the meeting lasts: `p7` in JSON. Never given twice.
public struct PersonNumber: Hashable, Comparable, Sendable, Codable {
    /// Counted from 1, in the order of coming.
    public let number: UInt32

    /// A person of this number.
    public init(_ number: UInt32) { self.number = number }

    /// As it stands in JSON.
    public var text: String { "p\(number)" }

    /// Reads `p7`.
    public init?(_ text: some StringProtocol) {
        guard text.first == "p", (2...11).contains(text.utf8.count), let number = UInt32(text.dropFirst()) else {
            return nil
        }
        self.number = number
    }

    public static func < (left: PersonNumber, right: PersonNumber) -> Bool { left.number < right.number }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        let text = try box.decode(String.self)
        guard let person = PersonNumber(text) else {
            throw DecodingError.dataCorruptedError(in: box, debugDescription: "no person")
        }
        self = person
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(text)
    }
}

/// What a track of somebody is, whichever section it comes in.
public enum TrackKind: String, Hashable, Sendable, Codable, CaseIterable {
    case microphone, camera, screen, screenSound

    /// Whether it is pictures.
    public var isPicture: Bool { self == .camera || self == .screen }
}

/// Which of a person's two calls.
public enum CallWay: String, Hashable, Sendable, Codable, CaseIterable {
    /// What they publish.
    case up
    /// What they get.
    case down
}

/// How often somebody may do something: a burst, then one in each pause.
struct Allowance: Hashable, Sendable {
    let burst: Int64
    let pauseMilliseconds: Int64
    /// Until when it is used up.
    private var spent: Int64 = 0

    init(burst: Int64, pauseMilliseconds: Int64) { (self.burst, self.pauseMilliseconds) = (burst, pauseMilliseconds) }

    /// Takes one. False when there is none left.
    mutating func take(atMilliseconds now: Int64) -> Bool {
        guard max(0, spent - now) <= (burst - 1) * pauseMilliseconds else { return false }
        spent = max(spent, now) + pauseMilliseconds
        return true
    }
}
