// SPDX-License-Identifier: Apache-2.0
public import RTP

/// One coded picture or sound of a meeting's source, put together from its packets; nothing was decoded.
public struct CodedFrame: Hashable, Sendable {
    /// Its format.
    public var format: PayloadFormat
    /// When it was taken, in microseconds on our own clock, as well as the publisher's reports tell.
    public var microseconds: Int64
    /// Whether decoding can begin here. Every sound is a key.
    public var isKey: Bool
    /// As a file has it: H.264 units behind their lengths in four bytes and without parameter sets, an AV1 temporal unit
    /// without its delimiter, a VP9 superframe, a VP8 frame, an Opus packet.
    public var bytes: [UInt8]
    /// H.264: the parameter sets that came with it, each behind its length in four bytes.
    public var sets: [UInt8] = []
    /// What a decoder must know (avcC, av1C, OpusHead): with every key frame of a format that has one.
    public var configuration: [UInt8]?
    /// In pixels, with key frames.
    public var width: Int?
    /// In pixels, with key frames.
    public var height: Int?

    /// A frame of these.
    public init(format: PayloadFormat, microseconds: Int64, isKey: Bool, bytes: [UInt8]) {
        (self.format, self.microseconds, self.isKey, self.bytes) = (format, microseconds, isKey, bytes)
    }

    /// RFC 7845, 5.1: two channels, whatever is in them, at 48 kHz (RFC 7587, 7).
    public static let opusHead: [UInt8] = Array("OpusHead".utf8) + [1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]
}
