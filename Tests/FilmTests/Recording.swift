// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Footage
import HLS

/// A recording in memory, made as the recorder makes it: the init segment, and each segment's parts behind what the
/// world's clock was.
struct Recording {
    var bytes: [UInt8] = []
    /// Where each whole thing ends: the head, then every fragment.
    var ends: [Int] = []

    /// Of the first rendition of an airing.
    init(_ airing: Airing, rendition: String? = nil) throws {
        let name = rendition ?? airing.segments.keys.sorted().last ?? ""
        for segment in airing.segments[name] ?? [] {
            if bytes.isEmpty {
                bytes = airing.files[segment.map] ?? []
                ends = [bytes.count]
            }
            var isFirst = true
            for part in segment.parts {
                if isFirst { bytes += try reference(part.bytes[...], segment.wall.milliseconds) }
                isFirst = false
                bytes += part.bytes
                ends.append(bytes.count)
            }
        }
    }

    private func reference(_ part: ArraySlice<UInt8>, _ wall: Int64) throws -> [UInt8] {
        let size = part.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let run = try FragmentShape(moof: part.prefix(size)).runs[0]
        return ReferenceTime(track: run.track, wallMilliseconds: wall, decodeTime: run.frames[0].decodeTime).bytes
    }

    /// Of a fixture, played once.
    init(fixture: String) throws {
        var airing = Airing()
        airing.begin("t0")
        try airing.air(told(fixture))
        airing.take(.leave)
        try self.init(airing)
    }

    func index() -> FilmIndex {
        var index = FilmIndex()
        index.grow(to: Int64(bytes.count), reading(bytes))
        return index
    }
}

/// What a file of these bytes answers.
func reading(_ bytes: [UInt8]) -> (Int64, Int) -> [UInt8] {
    { offset, count in
        guard offset < bytes.count else { return [] }
        return Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + count)])
    }
}

/// The pieces put together.
func joined(_ pieces: [Piece], of bytes: [UInt8]) -> [UInt8] {
    pieces.flatMap { piece -> ArraySlice<UInt8> in
        switch piece {
        case .bytes(let made): made
        case .range(let offset, let count): bytes[Int(offset)..<Int(offset + count)]
        }
    }
}

/// Every frame of a recording: its track, times and bytes.
struct Framed: Hashable {
    var track: UInt32
    var time: Int64
    var duration: Int64
    var composition: Int64
    var isKey: Bool
    var bytes: [UInt8]

    static func all(_ bytes: [UInt8]) throws -> [Framed] {
        var frames: [Framed] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
            if type == "moof" {
                var media = rest.dropFirst(size + 8)
                for run in try FragmentShape(moof: rest.prefix(size)).runs {
                    for frame in run.frames {
                        frames.append(
                            Framed(
                                track: run.track, time: frame.decodeTime, duration: frame.duration,
                                composition: frame.composition, isKey: frame.isKey,
                                bytes: Array(media.prefix(frame.byteCount))))
                        media = media.dropFirst(frame.byteCount)
                    }
                }
            }
            rest = rest.dropFirst(size)
        }
        return frames
    }
}

/// A recording of made-up frames, for what no fixture can show: 25 pictures a second, in parts of half a second.
struct MadeFilm {
    var bytes: [UInt8]
    /// Where the next part begins, in pictures.
    var pictures: Int64 = 0
    /// In milliseconds; nil writes none.
    var wall: Int64? = 1_795_000_000_000
    /// A key frame each so many pictures.
    var keyEvery: Int64
    /// What the next part's times are moved by, in milliseconds.
    var step: Int64 = 0
    var compositions: [Int64] = [7_200, 14_400, 3_600]
    private var sequence: UInt32 = 0
    private var sounds: Int64 = 0

    private static let avcC: [UInt8] = [
        1, 0x64, 0, 0x28, 0xFF, 0xE1, 0, 24, 0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0x84, 0,
        0, 0x0F, 0xA4, 0x00, 0x03, 0xA9, 0x82, 0x3C, 0x60, 0xC6, 0x58, 1, 0, 4, 0x68, 0xEB, 0xE3, 0xCB,
    ]

    init(keyEvery: Int64 = 50) throws {
        self.keyEvery = keyEvery
        bytes = initSegment([
            Track(number: 1, format: .video(try .avc(MadeFilm.avcC[...]))),
            Track(number: 2, format: .audio(try .aac([0x11, 0x90])), language: "tha"),
        ])
    }

    /// The next half second, with sound that comes `soundLate` milliseconds after its pictures.
    mutating func add(parts: Int = 1, frameBytes: Int = 100, soundLate: Int64 = 0) {
        for _ in 0..<parts {
            let start = 900_000 + pictures * 3_600 + step * 90
            let reference = wall.map {
                ReferenceTime(track: 1, wallMilliseconds: $0 + pictures * 40, decodeTime: start).bytes
            }
            if let reference, pictures % 50 < 13 { bytes += reference }
            var shown: [Frame] = []
            for number in 0..<(pictures % 25 == 0 ? 13 : 12) as Range<Int64> {
                let isKey = (pictures + number) % keyEvery == 0
                var body = [UInt8](repeating: 1, count: frameBytes)
                body.replaceSubrange(0..<5, with: [0, 0, 0, UInt8(frameBytes - 4), isKey ? 0x65 : 0x41])
                shown.append(
                    Frame(
                        decodeTime: start + number * 3_600, duration: 3_600,
                        composition: compositions[Int(number) % compositions.count], isKey: isKey, bytes: body[...]))
            }
            pictures += Int64(shown.count)
            var heard: [Frame] = []
            while (480_000 + sounds * 1_024 + step * 48) * 1000 < (10_000 + step + pictures * 40 - soundLate) * 48_000 {
                heard.append(
                    Frame(
                        decodeTime: 480_000 + sounds * 1_024 + step * 48, duration: 1_024, isKey: true,
                        bytes: [UInt8](repeating: 2, count: 10)[...]))
                sounds += 1
            }
            sequence += 1
            let runs = [TrackRun(track: 1, frames: shown), TrackRun(track: 2, frames: heard)]
            bytes += fragment(sequence: sequence, runs)
        }
    }

    func index() -> FilmIndex {
        var index = FilmIndex()
        index.grow(to: Int64(bytes.count), reading(bytes))
        return index
    }
}
