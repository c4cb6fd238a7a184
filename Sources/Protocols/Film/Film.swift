// SPDX-License-Identifier: Apache-2.0

// Film: a recording, read again.
//
// A recording is what the packager made, byte for byte: one init segment, then fragments (`moof` and `mdat`) with a
// `prft` before the first of each segment. It has at most one picture and one sound, and it is whole after each fragment.
//
// Implemented
//   `FilmIndex`: what stands where, read piece by piece and again as the file grows; where the last whole fragment
//     ends, which is where a torn file is cut.
//   `FilmPlaylist`: HLS (draft-pantos-hls-rfc8216bis) with EXT-X-BYTERANGE (4.4.4.2), as VOD or, while it grows, EVENT
//     (4.4.3.5), over several files of one broadcast.
//   `Trim`: a part of a recording as a new one, without encoding anew.
//   `Progressive`: the same recording as an MP4 file with sample tables in front (ISO/IEC 14496-12, 8.5 to 8.7), for
//     every player, without a second file.
// Not implemented
//   Other people's files: what our own writer does not write is refused, not guessed at.
//
// Nothing here opens a file: a closure is handed in that reads `count` bytes at an offset, or fewer at the end.

/// A piece of a file that is put together: bytes that are made, or bytes that stand in the recording already.
public enum Piece: Hashable, Sendable {
    case bytes(ArraySlice<UInt8>)
    case range(offset: Int64, byteCount: Int64)

    /// How many bytes it has.
    public var byteCount: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .range(_, let count): count
        }
    }
}
