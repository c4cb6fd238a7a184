// SPDX-License-Identifier: Apache-2.0

// Matroska: how a coded track travels to a program beside us, through a pipe. Unlike FLV it knows every codec that is
// taken and counts microseconds; unlike MP4 its readers' memory does not grow with the stream.
//
// Implemented
//   RFC 8794 (EBML): elements of known size, and a segment of unknown size (6.2).
//   RFC 9559 (Matroska), the writing side: EBML header, Info with a scale of one microsecond, Tracks with one entry,
//     and to each frame one Cluster with one SimpleBlock; and files of one track (`MatroskaFile`) with clusters of many
//     blocks, which are finished by a duration, a size, Cues and a SeekHead. `MatroskaIndex` reads those files again.
//   Codec mappings (draft-ietf-cellar-codec): V_MPEG4/ISO/AVC, V_MPEGH/ISO/HEVC, V_AV1, V_VP9, V_VP8, A_AAC, A_OPUS.
// Not implemented
//   Several tracks, tags, lacing, encryption, reading of what others wrote.
//
// A block has a presentation time and no decode time: frames are written in decode order, and the reader reckons.
