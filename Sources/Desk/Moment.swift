// SPDX-License-Identifier: Apache-2.0

/// A moment (เวลา): one instant on the world's clock, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Nothing in the desk asks what time it is; a moment is always handed in.
public struct Moment: Hashable, Comparable, Codable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

    public static func + (moment: Moment, length: Length) -> Moment {
        Moment(milliseconds: moment.milliseconds + length.milliseconds)
    }

    public static func - (moment: Moment, length: Length) -> Moment {
        Moment(milliseconds: moment.milliseconds - length.milliseconds)
    }

    /// The length of time from `right` to `left`; negative when `left` is the earlier.
    public static func - (left: Moment, right: Moment) -> Length {
        Length(milliseconds: left.milliseconds - right.milliseconds)
    }
}

/// A length of time, in whole milliseconds; may be negative.
public struct Length: Hashable, Comparable, Codable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    public static let zero = Length(milliseconds: 0)
    public static func seconds(_ count: Int) -> Length { Length(milliseconds: Int64(count) * 1000) }
    public static func minutes(_ count: Int) -> Length { Length(milliseconds: Int64(count) * 60_000) }
    public static func hours(_ count: Int) -> Length { Length(milliseconds: Int64(count) * 3_600_000) }
    public static func days(_ count: Int) -> Length { Length(milliseconds: Int64(count) * 86_400_000) }

    /// Whole minutes, rounded toward zero.
    public var wholeMinutes: Int { Int(milliseconds / 60_000) }

    public static func < (left: Length, right: Length) -> Bool { left.milliseconds < right.milliseconds }
    public static func + (left: Length, right: Length) -> Length {
        Length(milliseconds: left.milliseconds + right.milliseconds)
    }
    public static func - (left: Length, right: Length) -> Length {
        Length(milliseconds: left.milliseconds - right.milliseconds)
    }
}

/// A stretch of time with a beginning and an end; the end is not part of it.
public struct Span: Hashable, Codable, Sendable {
    public var start: Moment
    public var end: Moment

    public init(start: Moment, end: Moment) {
        self.start = start
        self.end = end
    }

    public var length: Length { end - start }

    public func overlaps(_ other: Span) -> Bool { start < other.end && other.start < end }
    public func contains(_ moment: Moment) -> Bool { start <= moment && moment < end }

    /// The same stretch with set-up time before it and tear-down time after it.
    public func padded(before: Length, after: Length) -> Span { Span(start: start - before, end: end + after) }
}
