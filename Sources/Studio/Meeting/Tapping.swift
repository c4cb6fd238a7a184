// SPDX-License-Identifier: Apache-2.0
import Media
public import RTP

/// A packet of a source that somebody in the house taps (`MeetingOrder.tap`), as it came and whichever encoding it is of.
public struct TappedPacket: Hashable, Sendable {
    /// A moment on the publisher's clock, and the stream's timestamp then, from its last sender report.
    public struct Report: Hashable, Sendable {
        /// On the publisher's own clock.
        public var microseconds: Int64
        /// On the stream's.
        public var timestamp: UInt32

        /// A report of these.
        public init(microseconds: Int64, timestamp: UInt32) {
            (self.microseconds, self.timestamp) = (microseconds, timestamp)
        }
    }

    /// Whose it is.
    public var source: SourceID
    /// Its stream; each encoding has one.
    public var stream: UInt32
    /// The encoding's place among those of its source, smallest first, as far as that is known.
    public var place: Int
    /// Its format.
    public var format: PayloadFormat
    /// Counts how often the source came back from a mute or a group: across that, numbers do not follow each other.
    public var stretch: UInt32 = 0
    /// The stream's last sender report.
    public var report: Report?
    /// Our clock minus the publisher's, in microseconds; the same for its sound and its picture.
    public var clockOffset: Int64?

    /// A packet of these.
    public init(
        source: SourceID, stream: UInt32, place: Int = 0, format: PayloadFormat, report: Report? = nil,
        clockOffset: Int64? = nil
    ) {
        (self.source, self.stream, self.place, self.format) = (source, stream, place, format)
        (self.report, self.clockOffset) = (report, clockOffset)
    }
}

extension Meeting {
    /// Somebody in the house hears it before anybody's numbers are written.
    func tell(tapper: (TappedPacket, UnsafeRawBufferPointer) -> Void, of parcel: Parcel, _ layer: Layer) {
        // What is not of the stream's own format (redundant sound) is no frame.
        guard parcel.packet.payloadType == layer.payloadType else { return }
        var tapped = TappedPacket(
            source: layer.source.id, stream: layer.ssrc, place: layer.source.layers.firstIndex(of: layer) ?? 0,
            format: layer.format)
        tapped.stretch = layer.source.stretch
        tapped.report = layer.clock.map { .init(microseconds: $0.microseconds, timestamp: $0.timestamp) }
        tapped.clockOffset = layer.source.clockOffset
        tapper(tapped, parcel.bytes)
    }
}
