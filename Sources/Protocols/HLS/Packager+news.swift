// SPDX-License-Identifier: Apache-2.0
public import FMP4

// What a packager takes and what comes of it.

extension Packager {
    /// One coded frame, on the stream's own clock.
    public struct Sample: Hashable, Sendable {
        /// Decode time.
        public var microseconds: Int64
        /// Presentation time minus decode time; may be negative.
        public var compositionMicroseconds: Int64
        /// Whether decoding can begin here.
        public var isKey: Bool
        /// The coded bytes as the encoder sent them.
        public var bytes: ArraySlice<UInt8>

        /// A sample of these parts.
        public init(
            microseconds: Int64, compositionMicroseconds: Int64 = 0, isKey: Bool, bytes: ArraySlice<UInt8>
        ) {
            self.microseconds = microseconds
            self.compositionMicroseconds = compositionMicroseconds
            self.isKey = isKey
            self.bytes = bytes
        }
    }

    /// What came of it.
    public enum News: Hashable, Sendable {
        /// An init segment.
        case map(name: String, bytes: [UInt8])
        /// A part that can be listed and fetched from now on.
        case part(Part, msn: Int)
        /// A segment is complete.
        case segment(Segment)
        /// A segment of which nothing will come is listed.
        case gap(msn: Int)
        /// Files that nobody may ask for any more.
        case forget([String])
        case trouble(Trouble)
    }

    /// What is wrong with what the encoder sends; the console says it in plain words.
    public enum Trouble: Hashable, Sendable {
        /// The segment had to be cut without a key frame; they come this far apart or further.
        case keyFramesTooFar(milliseconds: Int64)
        /// One picture lasts longer than a part may.
        case pictureTooLong(milliseconds: Int64)
        /// So much sound was missing.
        case soundGap(milliseconds: Int64)
        /// A frame of sound was left out, because there is more of it than its clock has time for.
        case soundAhead
        case unusable(FMP4.Violation)
    }
}
