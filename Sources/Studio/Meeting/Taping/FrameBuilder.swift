// SPDX-License-Identifier: Apache-2.0
import FMP4
import Media
import RTP

/// Packets of one stream that come in order become frames: the packets of one timestamp are one frame.
struct FrameBuilder: Sendable {
    /// A frame beyond this is nobody's picture.
    static let mostFrameBytes = 8 << 20

    /// A frame without its time.
    struct Built: Sendable {
        var timestamp: UInt32
        var at: Tick
        var frame: CodedFrame
    }

    private let format: PayloadFormat
    private var timestamp: UInt32?
    private var at = Tick(microseconds: 0)
    private var isBad = false
    private var byteCount = 0
    private var unit = AccessUnit()
    /// VP8: the frame. VP9: one for each layer frame. AV1: one for each open bitstream unit.
    private var pieces: [[UInt8]] = []
    private var isPieceOpen = false
    private var isKey = false
    private var size: (width: Int, height: Int)?
    private var sets = ParameterSets.avc
    private var configuration: [UInt8]?
    /// Waits for a frame that decoding can begin with.
    private(set) var isBroken: Bool

    init(_ format: PayloadFormat) {
        self.format = format
        isBroken = format.isVideo
        if format == .opus { configuration = CodedFrame.opusHead }
    }

    /// Packets are missing before the next one.
    mutating func lose() {
        clear(nil, at)
        if format.isVideo { isBroken = true }
    }

    /// The next packet. What has become whole; of two frames when the first did not say that it ends.
    mutating func take(_ packet: PacketQueue.Kept) -> [Built] {
        // Padding: a number and nothing else.
        guard !packet.payload.isEmpty else { return [] }
        if format == .opus { return [opus(packet)] }
        var built: [Built] = []
        if timestamp != packet.timestamp {
            if let whole = finish() { built.append(whole) }
            clear(packet.timestamp, packet.at)
        }
        byteCount += packet.payload.count
        if byteCount > FrameBuilder.mostFrameBytes || !read(packet.payload) { isBad = true }
        if packet.isLast {
            if let whole = finish() { built.append(whole) }
            clear(nil, packet.at)
        }
        return built
    }

    private mutating func clear(_ timestamp: UInt32?, _ at: Tick) {
        (self.timestamp, self.at, isBad, byteCount) = (timestamp, at, false, 0)
        (pieces, isPieceOpen, isKey, size) = ([], false, false, nil)
        unit = AccessUnit(timestamp: timestamp, at: at)
    }

    private func opus(_ packet: PacketQueue.Kept) -> Built {
        var frame = CodedFrame(format: .opus, microseconds: 0, isKey: true, bytes: packet.payload)
        frame.configuration = configuration
        return Built(timestamp: packet.timestamp, at: packet.at, frame: frame)
    }

    /// False for what is no payload of the format.
    private mutating func read(_ payload: [UInt8]) -> Bool {
        switch format {
        case .h264: unit.take(payload[...])
        case .vp8: readVP8(payload)
        case .vp9: readVP9(payload)
        case .av1: readAV1(payload)
        case .opus: false
        }
    }

    // MARK: VP8 and VP9

    private mutating func readVP8(_ payload: [UInt8]) -> Bool {
        guard let descriptor = payload.withUnsafeBytes({ VP8Descriptor($0) }), descriptor.count < payload.count else {
            return false
        }
        if pieces.isEmpty {
            guard descriptor.isStart else { return false }
            isKey = descriptor.isKey
            size = payload.withUnsafeBytes { descriptor.size(in: $0) }
            pieces = [[]]
        }
        pieces[0] += payload[descriptor.count...]
        return true
    }

    private mutating func readVP9(_ payload: [UInt8]) -> Bool {
        guard let descriptor = payload.withUnsafeBytes({ VP9Descriptor($0) }), descriptor.count < payload.count else {
            return false
        }
        if descriptor.isStart {
            guard !isPieceOpen, pieces.count < 8 else { return false }
            if pieces.isEmpty { isKey = descriptor.isKey }
            pieces.append([])
        } else if !isPieceOpen {
            return false
        }
        if let told = descriptor.size { size = told }
        isPieceOpen = !descriptor.isEnd
        pieces[pieces.count - 1] += payload[descriptor.count...]
        return true
    }

    /// Layer frames of one picture, with the index of their lengths (VP9 bitstream, annex B).
    private static func superframe(_ frames: [[UInt8]]) -> [UInt8] {
        guard frames.count > 1 else { return frames.first ?? [] }
        let most = frames.map(\.count).max() ?? 0
        let width = most < 1 << 8 ? 1 : most < 1 << 16 ? 2 : most < 1 << 24 ? 3 : 4
        let marker = 0xC0 | UInt8(width - 1) << 3 | UInt8(frames.count - 1)
        var bytes = frames.flatMap { $0 } + [marker]
        for frame in frames { bytes += (0..<width).map { UInt8(truncatingIfNeeded: frame.count >> (8 * $0)) } }
        return bytes + [marker]
    }

    // MARK: AV1

    /// An aggregation header and elements of open bitstream units (AV1 RTP specification, 4.4).
    private mutating func readAV1(_ payload: [UInt8]) -> Bool {
        let head = payload[0]
        let count = Int(head >> 4 & 3)
        guard (head & 0x80 != 0) == isPieceOpen else { return false }
        var rest = payload.dropFirst()
        var place = 0
        while !rest.isEmpty {
            place += 1
            var length = rest.count
            if count == 0 || place < count {
                guard let told = OpenBitstreamUnit.readLength(&rest), told <= rest.count else { return false }
                length = told
            }
            if place == 1, isPieceOpen, !pieces.isEmpty {
                pieces[pieces.count - 1] += rest.prefix(length)
            } else {
                guard pieces.count < 256 else { return false }
                pieces.append(Array(rest.prefix(length)))
            }
            rest = rest.dropFirst(length)
        }
        isPieceOpen = head & 0x40 != 0
        return true
    }

    // MARK: Whole frames

    private mutating func finish() -> Built? {
        guard let timestamp, unit.units.count + pieces.count > 0 else { return nil }
        guard !isBad, !isPieceOpen, !unit.isFragmentOpen, var frame = frame() else {
            isBroken = true
            return nil
        }
        if isBroken {
            guard frame.isKey else { return nil }
            isBroken = false
        }
        if frame.isKey {
            frame.configuration = configuration
            (frame.width, frame.height) = (size?.width, size?.height)
        }
        return Built(timestamp: timestamp, at: at, frame: frame)
    }

    private mutating func frame() -> CodedFrame? {
        switch format {
        case .h264: return pictureH264()
        case .vp8: return CodedFrame(format: .vp8, microseconds: 0, isKey: isKey, bytes: pieces[0])
        case .vp9:
            if isKey, size == nil { size = VideoFormat.vp9Size(ofKeyFrame: pieces[0][...]) }
            let bytes = FrameBuilder.superframe(pieces)
            return CodedFrame(format: .vp9, microseconds: 0, isKey: isKey, bytes: bytes)
        case .av1: return pictureAV1()
        case .opus: return nil
        }
    }

    private mutating func pictureH264() -> CodedFrame? {
        for one in unit.units where sets.take(one[...]) {
            // A set that cannot be read is as good as none: the next key frame brings another.
            if let record = try? sets.record() { configuration = record }
        }
        guard unit.hasPicture, let configuration else { return nil }
        var frame = CodedFrame(format: .h264, microseconds: 0, isKey: unit.isKey, bytes: unit.sample)
        frame.sets = unit.parameterSets
        // What cannot be read has no size; a player finds out.
        if unit.isKey, let read = try? VideoFormat.avc(configuration[...]) { size = (read.width, read.height) }
        return frame
    }

    private mutating func pictureAV1() -> CodedFrame? {
        var bytes: [UInt8] = []
        for piece in pieces {
            guard let unit = OpenBitstreamUnit(piece) else { return nil }
            guard unit.isKept else { continue }
            bytes += unit.bytes
            guard unit.isSequenceHeader else { continue }
            isKey = true
            configuration = VideoFormat.av1Record(sequenceHeader: unit.bytes)
        }
        guard !bytes.isEmpty else { return nil }
        if isKey, let configuration, let read = try? VideoFormat.av1(configuration[...]) {
            size = (read.width, read.height)
        }
        return CodedFrame(format: .av1, microseconds: 0, isKey: isKey, bytes: bytes)
    }
}

/// A unit of AV1 as a file has it: behind its own size (AV1 5.3).
struct OpenBitstreamUnit {
    private let kind: UInt8
    let bytes: [UInt8]

    /// From a unit that may or may not say its size. Nil when it is cut.
    init?(_ piece: [UInt8]) {
        guard let head = piece.first else { return nil }
        kind = head >> 3 & 15
        let headCount = head & 4 != 0 ? 2 : 1
        guard piece.count >= headCount else { return nil }
        var rest = piece.dropFirst(headCount)
        if head & 2 != 0 {
            guard let length = OpenBitstreamUnit.readLength(&rest), length <= rest.count else { return nil }
            rest = rest.prefix(length)
        }
        bytes = [head | 2] + piece[1..<headCount] + OpenBitstreamUnit.length(rest.count) + rest
    }

    /// Delimiters, tile lists and padding stay away (AV1 RTP specification, 5; AV1 in ISOBMFF, 2.4).
    var isKept: Bool { ![2, 8, 15].contains(kind) }
    var isSequenceHeader: Bool { kind == 1 }

    /// Seven bits in each byte, the lowest first (AV1 4.10.5). Nil when it has no end.
    static func readLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var value = 0
        for shift in 0..<4 {
            guard let byte = rest.popFirst() else { return nil }
            value |= Int(byte & 0x7F) << (7 * shift)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    static func length(_ count: Int) -> [UInt8] {
        var (bytes, rest): ([UInt8], Int) = ([], count)
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }
}

extension AccessUnit {
    /// The parameter sets among its units, each behind its length.
    var parameterSets: [UInt8] {
        units.filter { [7, 8].contains(($0.first ?? 0) & 31) }.flatMap { unit in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: unit.count >> $0) } + unit
        }
    }
}
