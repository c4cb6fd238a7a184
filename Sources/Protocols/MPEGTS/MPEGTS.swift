// SPDX-License-Identifier: Apache-2.0

public import Media

// MPEGTS: what SRT carries, and what a supervised encoder gives on its standard output.
//
// Implemented
//   ISO/IEC 13818-1 (2019), the reading side: 2.4.3.2 packets with adaptation fields, continuity counters and
//     duplicates; 2.4.4 program association and program map with versions and CRC; 2.4.3.7 PES packets of known and
//     unknown length, PTS and DTS of 33 bits, unrolled.
//   Stream types 0x1B (H.264), 0x24 (HEVC), 0x0F (AAC with ADTS headers), 0x06 registered as `Opus` or `HEVC`.
//   H.264 and HEVC annex B: access units are told apart by 7.4.1.2.3 and 7.4.2.4.4, parameter sets leave the frames
//     and become avcC and hvcC (ISO/IEC 14496-15).
//   ISO/IEC 14496-3 annex 1.A, ADTS; "Opus in MPEG-TS" (ETSI draft, version 0.1.3), control headers.
// Not implemented
//   Packets of 192 and 204 bytes, scrambling, several programs (the first one is taken), LATM, AC-3, MPEG-1 and
//   MPEG-2, subtitles, SCTE 35, several raw data blocks in one ADTS frame, ADTS without a channel configuration. A
//   field pair that comes as two access units stays two. The clock reference (PCR) is not read: picture and sound of
//   one program share its clock, and only their differences mean something here.
//
// Nothing here knows a socket or a clock. Memory grows with the bytes that came, up to `Limits`.

/// What one transport stream may cost us. The defaults carry a 4K key frame and stop a flood.
public struct Limits: Hashable, Sendable {
    /// The longest coded frame, in bytes.
    public var frameBytes = 4 << 20
    /// How many bytes of unfinished frames may be held in all.
    public var heldBytes = 8 << 20
    /// How many elementary streams one program may have.
    public var streams = 32
    /// How many bytes may be skipped in a row in search of a packet's beginning.
    public var unsyncedBytes = 64 << 10
    /// How many bytes may come before the program map.
    public var bytesBeforeProgram = 2 << 20

    /// The defaults.
    public init() {}
}

/// What came, and what did not: for meters. Everything only grows.
public struct Tally: Hashable, Sendable {
    /// Transport packets, null packets too.
    public var packets = 0
    /// Packets that are missing by their continuity counters; a lower bound, for the counters have four bits.
    public var lostPackets = 0
    /// Packets that say they are damaged, tables whose checksum is wrong, and headers that make no sense.
    public var damaged = 0
    /// Frames, or PES packets, that were dropped because a piece is missing or makes no sense.
    public var droppedFrames = 0
    /// How often a packet did not begin where it had to.
    public var resyncs = 0
    /// Bytes that belonged to no packet.
    public var skippedBytes = 0

    /// Nothing came yet.
    public init() {}
}

/// Packets that did not come.
public struct Loss: Hashable, Sendable {
    /// The track that misses them; nil for a table.
    public var track: TrackID?
    /// How many at least.
    public var packets: Int

    /// So many packets of this track.
    public init(track: TrackID?, packets: Int) { (self.track, self.packets) = (track, packets) }
}
