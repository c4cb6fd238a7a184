// SPDX-License-Identifier: Apache-2.0

/// One partial segment: one `moof` and its `mdat`.
public struct Part: Hashable, Sendable {
    /// Its file name, relative to the playlist.
    public var name: String
    /// How long it plays.
    public var microseconds: Int64
    /// Whether it contains a key frame (4.4.4.9 INDEPENDENT).
    public var isIndependent: Bool
    /// Its bytes; none where the part is only listed any more.
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
    /// How long it would play, where there is nothing to play (4.4.4.7 GAP): the rendition's source was away.
    public var gapMicroseconds: Int64?

    /// Whether it stands for media that never came.
    public var isGap: Bool { gapMicroseconds != nil }

    /// How long it plays.
    public var microseconds: Int64 { gapMicroseconds ?? parts.reduce(0) { $0 + $1.microseconds } }

    /// How many bytes it has.
    public var byteCount: Int { parts.reduce(0) { $0 + $1.bytes.count } }

    /// Its bytes in one piece; a server that can will rather send the parts one after the other.
    public var bytes: [UInt8] { parts.flatMap(\.bytes) }
}
