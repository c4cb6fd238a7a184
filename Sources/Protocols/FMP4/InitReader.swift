// SPDX-License-Identifier: Apache-2.0

/// What `initSegment` wrote, read again.
public struct InitSegment: Hashable, Sendable {
    /// At least one track; the numbers differ.
    public var tracks: [Track]

    /// More than this is none of ours: the longest parameter sets are some kilobytes.
    public static let mostBytes = 1 << 17

    /// Reads a whole init segment, `ftyp` and `moov`.
    /// - Throws: `Violation` when it is not one that is written here.
    public init(_ bytes: ArraySlice<UInt8>) throws(Violation) {
        var reader = BoxReader(bytes, type: "file")
        var brands = try reader.box("ftyp")
        guard Array(brands.all()) == Array("iso6\0\0\0\0iso6mp41".utf8) else { throw .boxFormUnknown("ftyp") }
        var moov = try reader.box("moov")
        try reader.end()
        _ = try moov.box("mvhd")
        tracks = []
        var next = try moov.next()
        while next.type == "trak", tracks.count < 8 {
            let track = try InitSegment.track(&next)
            guard !tracks.contains(where: { $0.number == track.number }) else {
                throw .trackUnknown(Int(track.number))
            }
            tracks.append(track)
            next = try moov.next()
        }
        guard next.type == "mvex" else { throw .boxUnexpected(next.type, awaited: "mvex") }
        guard !tracks.isEmpty else { throw .boxUnexpected(next.type, awaited: "trak") }
        for track in tracks {
            var box = try next.box("trex")
            try box.form()
            guard try box.number(4) == track.number, try box.number(4) == 1 else { throw .boxFormUnknown("trex") }
        }
        try next.end()
        try moov.end()
    }

    private static func track(_ trak: inout BoxReader) throws(Violation) -> Track {
        var header = try trak.box("tkhd")
        try header.form(flags: 7)
        try header.skip(8)
        let number = UInt32(truncatingIfNeeded: try header.number(4))
        var mdia = try trak.box("mdia")
        try trak.end()
        var media = try mdia.box("mdhd")
        try media.form()
        try media.skip(8)
        let timescale = try media.number(4)
        try media.skip(4)
        let code = try media.number(2)
        var handler = try mdia.box("hdlr")
        try handler.form()
        try handler.skip(4)
        let kind = String(decoding: try handler.slice(4), as: UTF8.self)
        var minf = try mdia.box("minf")
        try mdia.end()
        _ = try minf.box(kind == "vide" ? "vmhd" : "smhd")
        _ = try minf.box("dinf")
        var stbl = try minf.box("stbl")
        var descriptions = try stbl.box("stsd")
        try descriptions.form()
        guard try descriptions.number(4) == 1 else { throw .boxFormUnknown("stsd") }
        var entry = try descriptions.next()
        try descriptions.end()
        let format = try kind == "vide" ? videoFormat(&entry) : audioFormat(&entry)
        let track = Track(number: number, format: format, language: language(code))
        guard track.timescale == timescale, number > 0 else { throw .boxFormUnknown("mdhd") }
        return track
    }

    private static func language(_ code: Int) -> String {
        let letters = [10, 5, 0].map { UInt8(code >> $0 & 0x1F) + 0x60 }
        return letters.allSatisfy { (0x61...0x7A).contains($0) } ? String(decoding: letters, as: UTF8.self) : "und"
    }

    private static func videoFormat(_ entry: inout BoxReader) throws(Violation) -> Track.Format {
        guard let kind = VideoFormat.Kind(rawValue: entry.type) else { throw .boxFormUnknown(entry.type) }
        try entry.skip(24)
        let (width, height) = (try entry.number(2), try entry.number(2))
        try entry.skip(50)
        var record = try entry.next()
        try entry.end()
        switch (kind, record.type) {
        case (.avc1, "avcC"): return .video(try .avc(record.all()))
        case (.hvc1, "hvcC"): return .video(try .hevc(record.all()))
        case (.av01, "av1C"): return .video(try .av1(record.all()))
        case (.vp09, "vpcC"):
            try record.form(version: 1)
            return .video(try .vp9(record.all(), width: width, height: height))
        default: throw .boxUnexpected(record.type, awaited: "configuration")
        }
    }

    private static func audioFormat(_ entry: inout BoxReader) throws(Violation) -> Track.Format {
        guard let kind = AudioFormat.Kind(rawValue: entry.type) else { throw .boxFormUnknown(entry.type) }
        try entry.skip(28)
        var record = try entry.next()
        try entry.end()
        switch (kind, record.type) {
        case (.mp4a, "esds"):
            try record.form()
            return .audio(try .aac(try config(&record)))
        case (.opus, "dOps"): return .audio(try .opus(box: record.all()))
        default: throw .boxUnexpected(record.type, awaited: "configuration")
        }
    }

    /// The AudioSpecificConfig among the descriptors (ISO/IEC 14496-1, 7.2.6.5).
    private static func config(_ esds: inout BoxReader) throws(Violation) -> ArraySlice<UInt8> {
        _ = try descriptor(3, &esds)
        try esds.skip(3)
        _ = try descriptor(4, &esds)
        try esds.skip(13)
        return try esds.slice(try descriptor(5, &esds))
    }

    /// A descriptor's length, in four bytes as it is written here.
    private static func descriptor(_ tag: Int, _ esds: inout BoxReader) throws(Violation) -> Int {
        guard try esds.number(1) == tag else { throw .boxFormUnknown("esds") }
        var length = 0
        for _ in 0..<4 { length = length << 7 | (try esds.number(1) & 0x7F) }
        return length
    }
}
