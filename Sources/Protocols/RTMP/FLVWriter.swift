// SPDX-License-Identifier: Apache-2.0
public import Media

/// Writes a stream as an FLV file (FLV 10.1, annex E), for a program that reads one from a pipe: nothing before the
/// first key frame, then a tag for each signal as it comes. The codecs of enhanced RTMP need a reader that knows them
/// (FFmpeg 6.1).
public struct FLVWriter: Sendable {
    private var tags: TagWriter
    private var isOpen = false

    /// A file without a byte in it.
    public init(picture: Picture? = nil) { tags = TagWriter(picture: picture) }

    /// Which microsecond of the source is 0 in the file; nil before the first frame. It changes when the source's
    /// clock jumps, for the file's does not.
    public var beginMicroseconds: Int64? { tags.beginMicroseconds }

    /// Appends what `signal` adds to the file.
    public mutating func write(_ signal: Signal, to bytes: inout [UInt8]) {
        for tag in tags.take(signal) {
            if !isOpen { open(&bytes) }
            FLVWriter.write(tag, to: &bytes)
        }
    }

    /// Frames were left out: the picture goes on at the next key frame.
    public mutating func skip() { tags.skip() }

    /// E.2 and E.3: the header, and the size of the tag before the first.
    private mutating func open(_ bytes: inout [UInt8]) {
        isOpen = true
        let flags: UInt8 = (tags.hasAudio ? 4 : 0) | (tags.hasVideo ? 1 : 0)
        bytes += [0x46, 0x4C, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0]
    }

    private static func write(_ tag: FLVTag, to bytes: inout [UInt8]) {
        bytes.append(tag.type)
        bytes.append(number: UInt64(tag.body.count), bytes: 3)
        bytes.append(number: UInt64(tag.milliseconds), bytes: 3)
        bytes.append(UInt8(truncatingIfNeeded: tag.milliseconds >> 24))
        bytes += [0, 0, 0]
        bytes += tag.body
        bytes.append(number: UInt64(tag.body.count + 11), bytes: 4)
    }
}
