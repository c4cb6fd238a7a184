// SPDX-License-Identifier: Apache-2.0

/// One partial segment: one `moof` and its `mdat`.
public struct Part: Hashable, Sendable {
    /// Its file name, relative to the playlist.
    public var name: String
    /// How long it plays.
    public var microseconds: Int64
    /// Whether it contains a key frame (4.4.4.9 INDEPENDENT).
    public var isIndependent: Bool
    /// Its bytes, shared by everybody who asks.
    public var bytes: [UInt8]
}

/// One media segment: its parts, byte for byte.
public struct Segment: Hashable, Sendable {
    /// Its media sequence number.
    public var msn: Int
    /// Its file name, relative to the playlist.
    public var name: String
    /// The file with its init segment.
    public var map: String
    /// Whether it begins anew after the one before it (4.4.4.3).
    public var isDiscontinuous: Bool
    /// When its first sample is shown, on the stream's own clock.
    public var startMicroseconds: Int64
    /// When its first sample was, on the world's clock.
    public var wall: WallTime
    /// Whether its first picture is a key frame.
    public var beginsWithKey: Bool
    /// Its parts; while the segment is open more may come.
    public var parts: [Part]
    /// Whether its parts are listed; only the first segment of all may be listed without.
    public var listsParts = true

    /// How long it plays.
    public var microseconds: Int64 { parts.reduce(0) { $0 + $1.microseconds } }

    /// How many bytes it has.
    public var byteCount: Int { parts.reduce(0) { $0 + $1.bytes.count } }

    /// Its bytes in one piece; a server that can will rather send the parts one after the other.
    public var bytes: [UInt8] { parts.flatMap(\.bytes) }
}

/// A marker with a beginning on the world's clock (4.4.5.1): a slide, a question, the sign language's start.
public struct DateRange: Hashable, Sendable {
    /// Unique in the playlist.
    public var id: String
    /// What kind of marker; empty says nothing.
    public var kind: String
    /// Where it begins.
    public var start: WallTime
    /// How long it lasts, if that is known.
    public var milliseconds: Int64?
    /// Attributes of our own; every name begins with `X-`.
    public var attributes: [(name: String, value: String)] {
        get { pairs.map { ($0.name, $0.value) } }
        set { pairs = newValue.map { Pair(name: $0.name, value: $0.value) } }
    }

    private struct Pair: Hashable, Sendable {
        var name: String
        var value: String
    }
    private var pairs: [Pair] = []

    /// A marker of these parts.
    public init(
        id: String, kind: String = "", start: WallTime, milliseconds: Int64? = nil,
        attributes: [(name: String, value: String)] = []
    ) {
        self.id = id
        self.kind = kind
        self.start = start
        self.milliseconds = milliseconds
        self.attributes = attributes
    }

    /// The tag. Quotation marks and line breaks cannot be in a quoted string (4.2), so they become spaces.
    var tag: String {
        func quoted(_ text: String) -> String {
            "\"" + String(text.map { $0 == "\"" || $0.isNewline ? " " : $0 }) + "\""
        }
        var tag = "#EXT-X-DATERANGE:ID=\(quoted(id))"
        if !kind.isEmpty { tag += ",CLASS=\(quoted(kind))" }
        tag += ",START-DATE=\"\(start.text)\""
        if let milliseconds { tag += ",DURATION=\(seconds(milliseconds * 1000, isShort: true))" }
        for pair in pairs where pair.name.hasPrefix("X-") { tag += ",\(pair.name)=\(quoted(pair.value))" }
        return tag
    }
}

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
