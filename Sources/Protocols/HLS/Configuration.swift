// SPDX-License-Identifier: Apache-2.0

/// How finely the stream is cut, and how much of it is listed.
public struct Configuration: Hashable, Sendable {
    /// PART-TARGET. Parts are at most as long.
    public var partMilliseconds: Int64 = 500
    /// How long segments shall be, if the key frames allow.
    public var segmentMilliseconds: Int64 = 2_000
    /// Where key frames are further apart, segments are cut without one at this length.
    public var longestSegmentMilliseconds: Int64 = 6_000
    /// How much of the past the playlist lists.
    public var windowMilliseconds: Int64 = 60_000
    /// How long the first samples wait for the other kind of track to say its format.
    public var gatherMilliseconds: Int64 = 1_000

    /// More renditions than these are not made, however many tracks a publisher sends.
    public var mostRenditions = 12
    /// A rendition whose source is away is listed with gaps for so long, and then no longer.
    public var patienceMilliseconds: Int64 = 30_000
    /// Whether the default sound is listed once more, alone, for poor lines.
    public var listsSoundAlone = false
    /// The captions' language, if they are announced from the beginning; else they are from the first caption on.
    public var captions: Tongue?

    /// A language, for people and for players.
    public struct Tongue: Hashable, Sendable {
        /// As RFC 5646 has it: `th`.
        public var language: String
        /// As people call it: `ไทย`.
        public var name: String

        /// A language of this tag and name.
        public init(language: String, name: String) { (self.language, self.name) = (language, name) }

        /// ไทย.
        public static var thai: Tongue { Tongue(language: "th", name: "ไทย") }
    }

    /// The defaults: half-second parts in two-second segments, one minute of past.
    public init() {}

    /// For a campus network: parts of 0.2 s.
    public static var campus: Configuration {
        var configuration = Configuration()
        configuration.partMilliseconds = 200
        return configuration
    }

    /// For everyone everywhere: parts of 1 s, as Apple recommends.
    public static var everywhere: Configuration {
        var configuration = Configuration()
        configuration.partMilliseconds = 1_000
        return configuration
    }
}
