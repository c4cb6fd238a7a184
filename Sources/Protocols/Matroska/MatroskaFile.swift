// SPDX-License-Identifier: Apache-2.0

/// Writes one track as a Matroska file that is whole after each cluster, and that may be finished when it is over: then
/// it says how long it is and where to begin reading it.
///
/// Times are in milliseconds since a beginning that several files may have in common.
public enum MatroskaFile {
    /// What is in the track, by its codec (draft-ietf-cellar-codec, 4.3 and 4.4).
    public enum Content: String, Hashable, Sendable, CaseIterable {
        case vp8 = "V_VP8"
        case vp9 = "V_VP9"
        case av1 = "V_AV1"
        case avc = "V_MPEG4/ISO/AVC"
        case opus = "A_OPUS"

        /// Whether it is a picture; else a sound.
        public var isPicture: Bool { self != .opus }
        /// Whether WebM, which is a part of Matroska, may have it, so that a browser plays it.
        public var isWebM: Bool { self != .avc }
    }

    /// A frame as a block has it.
    public struct Block: Hashable, Sendable {
        /// When it is presented.
        public var milliseconds: Int64
        /// Whether decoding can begin here.
        public var isKey: Bool
        /// Its bytes.
        public var bytes: [UInt8]

        /// A block of these.
        public init(milliseconds: Int64, isKey: Bool, bytes: [UInt8]) {
            (self.milliseconds, self.isKey, self.bytes) = (milliseconds, isKey, bytes)
        }
    }

    /// A time within a cluster has sixteen bits (RFC 9559, 10.2).
    public static let mostClusterMilliseconds: Int64 = 30_000
    /// A frame must be smaller than this, and so must a cluster.
    public static let mostBytes = 64 << 20

    /// What stands before the first cluster, and where in it that is which is written when the file is finished.
    public struct Head: Hashable, Sendable {
        /// All of it.
        public let bytes: [UInt8]
        /// Where the segment's eight bytes of size are.
        public let sizeOffset: Int
        /// Where the segment's first byte is; positions in it are counted from there (RFC 9559, 5.1.1).
        public let segmentOffset: Int
        /// Where the room for the index of the index is.
        public let seekOffset: Int
        /// Where the duration's eight bytes are.
        public let durationOffset: Int
    }

    /// The head of a file. `configuration` is OpusHead, avcC or av1C; empty for what has none. `title` says what it is.
    public static func head(
        _ content: Content, configuration: [UInt8], width: Int = 0, height: Int = 0, title: String
    ) -> Head {
        var elements = Elements()
        elements.master(0x1A45_DFA3) { head in
            for (id, value) in [(0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8)] as [(UInt32, UInt64)] {
                head.number(id, value)
            }
            head.element(0x4282, (content.isWebM ? "webm" : "matroska").utf8)
            head.number(0x4287, 4)
            head.number(0x4285, 2)
        }
        var bytes = elements.bytes
        // A segment of unknown size, in eight bytes (RFC 8794, 6.2).
        bytes += [0x18, 0x53, 0x80, 0x67]
        let sizeOffset = bytes.count
        bytes += unknownSize
        let segmentOffset = bytes.count
        bytes += void(seekBytes)
        let (info, duration) = info(title)
        let durationOffset = bytes.count + duration
        bytes += info
        var tracks = Elements()
        tracks.master(0x1654_AE6B) { tracks in
            tracks.master(0xAE) { $0.entry(content, configuration, width, height) }
        }
        return Head(
            bytes: bytes + tracks.bytes, sizeOffset: sizeOffset, segmentOffset: segmentOffset,
            seekOffset: segmentOffset, durationOffset: durationOffset)
    }

    private static let unknownSize: [UInt8] = [0x01] + [UInt8](repeating: 0xFF, count: 7)

    /// Where the duration stands in it.
    private static func info(_ title: String) -> ([UInt8], Int) {
        var info = Elements()
        info.number(0x2AD7B1, 1_000_000)  // TimestampScale: nanoseconds to a tick.
        info.element(0x4D80, "Sanyan".utf8)
        info.element(0x5741, "Sanyan".utf8)
        if !title.isEmpty { info.element(0x7BA9, title.utf8) }
        info.real(0x4489, 0)
        var all = Elements()
        all.element(0x1549_A966, info.bytes)
        return (all.bytes, all.bytes.count - 8)
    }

    /// Frames in the order of their times, none more than half a minute after the first; empty for none.
    public static func cluster(_ blocks: some Collection<Block>) -> [UInt8] {
        guard let first = blocks.first else { return [] }
        var elements = Elements()
        elements.master(0x1F43_B675) { cluster in
            cluster.number(0xE7, UInt64(max(0, first.milliseconds)))
            for block in blocks {
                let time = Int16(clamping: block.milliseconds - first.milliseconds)
                let head: [UInt8] = [
                    0x81, UInt8(truncatingIfNeeded: time >> 8), UInt8(truncatingIfNeeded: time),
                    block.isKey ? 0x80 : 0,
                ]
                cluster.element(0xA3, head + block.bytes)
            }
        }
        return elements.bytes
    }

    // MARK: Its end

    /// What is written over a finished file's head.
    public struct Finish: Hashable, Sendable {
        /// What comes behind the last cluster: an index of key frames (5.1.5).
        public var cues: [UInt8]
        /// Bytes, and where they go.
        public var patches: [(offset: Int, bytes: [UInt8])]

        /// By all that is written.
        public static func == (left: Finish, right: Finish) -> Bool {
            left.cues == right.cues && left.patches.map(\.offset) == right.patches.map(\.offset)
                && left.patches.map(\.bytes) == right.patches.map(\.bytes)
        }

        /// By the index.
        public func hash(into hasher: inout Hasher) { hasher.combine(cues) }
    }

    /// What finishes a file that was read again as `index`, which nothing follows; nil when its head could not be read.
    public static func finish(_ index: MatroskaIndex) -> Finish? {
        guard let head = index.head else { return nil }
        let before = UInt64(index.wholeBytes - Int64(head.segmentOffset))
        let cues = index.cues.isEmpty ? [] : MatroskaFile.cues(index, head)
        let duration = Double(index.lastMilliseconds + index.lastLength).bitPattern
        var patches = [
            (offset: head.durationOffset, bytes: eight(duration)),
            (offset: head.sizeOffset, bytes: [0x01] + eight(before + UInt64(cues.count))[1...]),
        ]
        if !cues.isEmpty { patches.append((head.seekOffset, seek(to: before))) }
        return Finish(cues: cues, patches: patches)
    }

    private static func cues(_ index: MatroskaIndex, _ head: MatroskaIndex.Head) -> [UInt8] {
        var elements = Elements()
        elements.master(0x1C53_BB6B) { cues in
            for point in index.cues {
                cues.master(0xBB) { cue in
                    cue.number(0xB3, UInt64(max(0, point.milliseconds)))
                    cue.master(0xB7) { position in
                        position.number(0xF7, 1)
                        position.number(0xF1, UInt64(point.offset - Int64(head.segmentOffset)))
                    }
                }
            }
        }
        return elements.bytes
    }

    static let seekBytes = 38

    /// A SeekHead that names the cues alone (5.1.1), always as long as the room for it.
    private static func seek(to position: UInt64) -> [UInt8] {
        var elements = Elements()
        elements.master(0x114D_9B74) { head in
            head.master(0x4DBB) { seek in
                seek.element(0x53AB, [0x1C, 0x53, 0xBB, 0x6B])
                seek.element(0x53AC, eight(position))
            }
        }
        return elements.bytes
    }

    private static func void(_ count: Int) -> [UInt8] {
        var elements = Elements()
        elements.element(0xEC, [UInt8](repeating: 0, count: count - 5))
        return elements.bytes
    }

    private static func eight(_ value: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

extension Elements {
    /// A TrackEntry (RFC 9559, 5.1.4.1).
    fileprivate mutating func entry(
        _ content: MatroskaFile.Content, _ configuration: [UInt8], _ width: Int, _ height: Int
    ) {
        number(0xD7, 1)  // TrackNumber
        number(0x73C5, 1)  // TrackUID
        number(0x83, content.isPicture ? 1 : 2)  // TrackType
        number(0x9C, 0)  // FlagLacing
        element(0x86, content.rawValue.utf8)
        if !configuration.isEmpty { element(0x63A2, configuration) }
        if content.isPicture {
            master(0xE0) { video in
                video.number(0xB0, UInt64(max(1, width)))
                video.number(0xBA, UInt64(max(1, height)))
            }
        } else {
            number(0x56AA, 0)  // CodecDelay
            number(0x56BB, 80_000_000)  // SeekPreRoll: nanoseconds (RFC 7845, 4.6)
            master(0xE1) { audio in
                audio.real(0xB5, 48_000)
                audio.number(0x9F, 2)
            }
        }
    }
}
