// SPDX-License-Identifier: Apache-2.0

/// What is in a file of ours (`MatroskaFile`), read again: where its frames are and when, and how much of it is whole. What
/// a kill or a power cut tore off is behind `wholeBytes`. Only ours is read: sizes in four bytes, one track, no lacing.
public struct MatroskaIndex: Sendable {
    /// Where that is which is written when the file is finished.
    public struct Head: Hashable, Sendable {
        /// See `MatroskaFile.Head`.
        public var sizeOffset = 0
        /// See `MatroskaFile.Head`.
        public var segmentOffset = 0
        /// See `MatroskaFile.Head`.
        public var seekOffset = 0
        /// See `MatroskaFile.Head`.
        public var durationOffset = 0
    }

    /// A cluster that reading may begin at.
    public struct Cue: Hashable, Sendable {
        /// When its first frame is presented.
        public var milliseconds: Int64
        /// Where it is in the file.
        public var offset: Int64
    }

    /// A stretch of time without a hole.
    public struct Stretch: Hashable, Sendable {
        /// When its first frame is.
        public var from: Int64
        /// When its last frame is.
        public var to: Int64
    }

    /// A pause between frames that is longer makes another stretch, in milliseconds.
    public static let holeMilliseconds: Int64 = 3_000
    /// Sounds have no key frames: they are found again every so many milliseconds.
    private static let soundCueMilliseconds: Int64 = 5_000

    /// What was read of the head; nil while that cannot be.
    public private(set) var head: Head?
    /// What is in the track.
    public private(set) var content: MatroskaFile.Content?
    /// Everything up to here can be read.
    public private(set) var wholeBytes: Int64 = 0
    /// How many frames there are.
    public private(set) var frameCount = 0
    /// When the first frame is; nil for none.
    public private(set) var firstMilliseconds: Int64?
    /// When the last frame is.
    public private(set) var lastMilliseconds: Int64 = 0
    /// How long the last frame is, as it seems.
    public private(set) var lastLength: Int64 = 20
    /// Where reading may begin.
    public private(set) var cues: [Cue] = []
    /// When there are frames.
    public private(set) var stretches: [Stretch] = []

    /// Nothing was read yet.
    public init() {}

    /// Reads on, as far as the file is whole. `read` answers bytes at an offset; fewer at the end.
    public mutating func grow(to length: Int64, _ read: (_ offset: Int64, _ count: Int) -> [UInt8]) {
        if head == nil { readHead(length, read) }
        guard head != nil else { return }
        while wholeBytes + 8 <= length {
            let bytes = read(wholeBytes, 16)
            guard let (id, headCount, size) = MatroskaIndex.element(bytes[...]), id == 0x1F43_B675,
                wholeBytes + Int64(headCount + size) <= length,
                readCluster(wholeBytes, wholeBytes + Int64(headCount), size, read)
            else { return }
            wholeBytes += Int64(headCount + size)
        }
    }

    /// Our own head is short, and all of it is at the beginning.
    private mutating func readHead(_ length: Int64, _ read: (Int64, Int) -> [UInt8]) {
        let bytes = read(0, Int(min(length, 16 << 10)))
        guard let first = MatroskaIndex.element(bytes[...]), first.id == 0x1A45_DFA3 else { return }
        var place = first.head + first.size
        guard place + 12 <= bytes.count, Array(bytes[place..<(place + 4)]) == [0x18, 0x53, 0x80, 0x67] else { return }
        var head = Head()
        head.sizeOffset = place + 4
        head.segmentOffset = place + 12
        head.seekOffset = head.segmentOffset
        place = head.segmentOffset
        while let element = MatroskaIndex.element(bytes[place...]), element.id != 0x1F43_B675 {
            let body = place + element.head
            guard body + element.size <= bytes.count else { return }
            // The duration is the info's last.
            if element.id == 0x1549_A966 { head.durationOffset = body + element.size - 8 }
            if element.id == 0x1654_AE6B { readTracks(bytes[body..<(body + element.size)]) }
            place = body + element.size
        }
        guard head.durationOffset > 0, content != nil else { return }
        self.head = head
        wholeBytes = Int64(place)
    }

    private mutating func readTracks(_ bytes: ArraySlice<UInt8>) {
        guard let entry = MatroskaIndex.element(bytes), entry.id == 0xAE else { return }
        var rest = bytes.dropFirst(entry.head).prefix(entry.size)
        while let element = MatroskaIndex.element(rest), element.head + element.size <= rest.count {
            if element.id == 0x86 {
                let name = String(decoding: rest.dropFirst(element.head).prefix(element.size), as: UTF8.self)
                content = MatroskaFile.Content(rawValue: name)
            }
            rest = rest.dropFirst(element.head + element.size)
        }
    }

    /// False when it cannot be read.
    private mutating func readCluster(
        _ start: Int64, _ body: Int64, _ size: Int, _ read: (Int64, Int) -> [UInt8]
    ) -> Bool {
        var (place, end) = (body, body + Int64(size))
        var base: Int64?
        var times: [(milliseconds: Int64, isKey: Bool)] = []
        while place < end {
            let bytes = read(place, Int(min(24, end - place)))
            guard let element = MatroskaIndex.element(bytes[...]), place + Int64(element.head + element.size) <= end
            else { return false }
            let content = bytes[min(bytes.count, element.head)...]
            if element.id == 0xE7 {
                base = content.prefix(element.size).reduce(0) { $0 << 8 | Int64($1) }
            } else if element.id == 0xA3 {
                guard let base, element.size >= 4, content.count >= 4 else { return false }
                let four = Array(content.prefix(4))
                let time = Int64(Int16(bitPattern: UInt16(four[1]) << 8 | UInt16(four[2])))
                times.append((base + time, four[3] & 0x80 != 0))
            }
            place += Int64(element.head + element.size)
        }
        end = place
        for (index, time) in times.enumerated() { note(time.milliseconds, time.isKey, isFirst: index == 0, at: start) }
        return true
    }

    private mutating func note(_ milliseconds: Int64, _ isKey: Bool, isFirst: Bool, at offset: Int64) {
        if firstMilliseconds == nil { firstMilliseconds = milliseconds }
        if frameCount > 0, milliseconds > lastMilliseconds { lastLength = min(1_000, milliseconds - lastMilliseconds) }
        frameCount += 1
        lastMilliseconds = max(lastMilliseconds, milliseconds)
        if let last = stretches.last, milliseconds - last.to <= MatroskaIndex.holeMilliseconds {
            stretches[stretches.count - 1].to = max(last.to, milliseconds)
        } else {
            stretches.append(Stretch(from: milliseconds, to: milliseconds))
        }
        guard isKey, isFirst else { return }
        let isDue = cues.last.map { milliseconds - $0.milliseconds >= MatroskaIndex.soundCueMilliseconds } ?? true
        if content?.isPicture == true || isDue { cues.append(Cue(milliseconds: milliseconds, offset: offset)) }
    }

    /// An element's id, how many bytes stand before its body, and how many are in that; nil when that is cut or of no
    /// known size.
    private static func element(_ bytes: ArraySlice<UInt8>) -> (id: UInt32, head: Int, size: Int)? {
        guard let first = bytes.first, first != 0 else { return nil }
        let idCount = first.leadingZeroBitCount + 1
        guard idCount <= 4, bytes.count > idCount else { return nil }
        let id = bytes.prefix(idCount).reduce(0) { $0 << 8 | UInt32($1) }
        let sizes = bytes.dropFirst(idCount)
        guard let lead = sizes.first, lead != 0 else { return nil }
        let sizeCount = lead.leadingZeroBitCount + 1
        guard sizes.count >= sizeCount else { return nil }
        var size = UInt64(lead) & (0xFF >> UInt64(sizeCount))
        var isKnown = size != 0xFF >> UInt64(sizeCount)
        for byte in sizes.dropFirst().prefix(sizeCount - 1) {
            size = size << 8 | UInt64(byte)
            if byte != 0xFF { isKnown = true }
        }
        guard isKnown, size < UInt64(MatroskaFile.mostBytes) * 2 else { return nil }
        return (id, idCount + sizeCount, Int(size))
    }
}
