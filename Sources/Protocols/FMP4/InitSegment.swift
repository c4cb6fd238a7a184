// SPDX-License-Identifier: Apache-2.0

/// A track as a file has it.
public struct Track: Hashable, Sendable {
    /// Picture or sound, with its format.
    public enum Format: Hashable, Sendable {
        case video(VideoFormat)
        case audio(AudioFormat)
    }

    /// Its number in the file, from 1.
    public var number: UInt32
    /// Picture or sound, with its format.
    public var format: Format
    /// Its language as ISO 639-2/T has it, three small letters.
    public var language: String

    /// A track of this number and format.
    public init(number: UInt32, format: Format, language: String = "und") {
        self.number = number
        self.format = format
        self.language = language
    }

    /// The ticks per second that the track's times are counted in: 90000 for pictures, the rate for sounds.
    public var timescale: Int {
        switch format {
        case .video: 90_000
        case .audio(let audio): audio.rate
        }
    }

    /// The exact CODECS string.
    public var codecs: String {
        switch format {
        case .video(let video): video.codecs
        case .audio(let audio): audio.codecs
        }
    }
}

/// The bytes a player needs before the first fragment: `ftyp` and `moov` (ISO/IEC 14496-12, 4.3 and 8.2).
/// - Parameter tracks: at least one; the numbers differ.
public func initSegment(_ tracks: [Track]) -> [UInt8] {
    var writer = BoxWriter()
    writer.box("ftyp") { box in
        box.bytes += "iso6".utf8
        box.number(0, 4)
        box.bytes += "iso6mp41".utf8
    }
    writer.box("moov") { moov in
        moov.movieHeader(nextTrack: (tracks.map(\.number).max() ?? 0) + 1)
        for track in tracks { moov.track(track) { $0.emptyTables() } }
        moov.box("mvex") { mvex in
            for track in tracks {
                mvex.fullBox("trex") { trex in
                    for value in [track.number, 1, 0, 0, 0] as [UInt32] { trex.number(value, 4) }
                }
            }
        }
    }
    return writer.bytes
}

extension BoxWriter {
    /// `milliseconds` is how long the whole plays (8.2.2); 0 where fragments say so.
    package mutating func movieHeader(nextTrack: UInt32, milliseconds: Int64 = 0) {
        fullBox("mvhd") { box in
            for value in [0, 0, 1000, UInt32(clamping: milliseconds), 0x0001_0000] as [UInt32] { box.number(value, 4) }
            box.number(0x0100, 2)
            box.zeros(10)
            box.matrix()
            box.zeros(24)
            box.number(nextTrack, 4)
        }
    }

    /// The unity matrix (6.2.2).
    private mutating func matrix() {
        for value in [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] as [UInt32] { number(value, 4) }
    }

    /// A track with these sample tables. `milliseconds` and `ticks` are its lengths; 0 where fragments say so.
    package mutating func track(
        _ track: Track, milliseconds: Int64 = 0, ticks: Int64 = 0, edits: (inout BoxWriter) -> Void = { _ in },
        tables: (inout BoxWriter) -> Void
    ) {
        box("trak") { trak in
            trak.trackHeader(track, milliseconds)
            edits(&trak)
            trak.box("mdia") { mdia in
                // Thirteen hours are all that 32 bits have for pictures (8.4.2).
                let isLong = ticks > Int64(UInt32.max)
                mdia.fullBox("mdhd", version: isLong ? 1 : 0) { box in
                    box.zeros(isLong ? 16 : 8)
                    box.number(UInt32(track.timescale), 4)
                    box.number(ticks, isLong ? 8 : 4)
                    box.language(track.language)
                    box.zeros(2)
                }
                mdia.handler(track)
                mdia.box("minf") { minf in
                    minf.mediaHeader(track)
                    minf.box("stbl") { stbl in
                        stbl.descriptions(track)
                        tables(&stbl)
                    }
                }
            }
        }
    }

    fileprivate mutating func emptyTables() {
        fullBox("stts") { $0.zeros(4) }
        fullBox("stsc") { $0.zeros(4) }
        fullBox("stsz") { $0.zeros(8) }
        fullBox("stco") { $0.zeros(4) }
    }

    private mutating func trackHeader(_ track: Track, _ milliseconds: Int64) {
        // Enabled, in the movie, in the preview.
        fullBox("tkhd", flags: 7) { box in
            for value in [0, 0, track.number, 0, UInt32(clamping: milliseconds)] as [UInt32] { box.number(value, 4) }
            box.zeros(8)
            box.zeros(4)
            switch track.format {
            case .video(let video):
                box.zeros(4)
                box.matrix()
                box.number(UInt32(video.width) << 16, 4)
                box.number(UInt32(video.height) << 16, 4)
            case .audio:
                box.number(0x0100, 2)
                box.zeros(2)
                box.matrix()
                box.zeros(8)
            }
        }
    }

    /// Three letters in fifteen bits (8.4.2.3).
    private mutating func language(_ code: String) {
        let letters = Array(code.utf8)
        guard letters.count == 3, letters.allSatisfy({ (0x61...0x7A).contains($0) }) else { return language("und") }
        number(letters.reduce(UInt16(0)) { $0 << 5 | UInt16($1 - 0x60) }, 2)
    }

    private mutating func handler(_ track: Track) {
        fullBox("hdlr") { box in
            box.zeros(4)
            switch track.format {
            case .video: box.bytes += "vide".utf8
            case .audio: box.bytes += "soun".utf8
            }
            box.zeros(13)
        }
    }

    private mutating func mediaHeader(_ track: Track) {
        switch track.format {
        case .video: fullBox("vmhd", flags: 1) { $0.zeros(8) }
        case .audio: fullBox("smhd") { $0.zeros(4) }
        }
        box("dinf") { dinf in
            dinf.fullBox("dref") { dref in
                dref.number(1, 4)
                dref.fullBox("url ", flags: 1) { _ in }
            }
        }
    }

    private mutating func descriptions(_ track: Track) {
        fullBox("stsd") { stsd in
            stsd.number(1, 4)
            switch track.format {
            case .video(let video): stsd.videoEntry(video)
            case .audio(let audio): stsd.audioEntry(audio)
            }
        }
    }

    private mutating func videoEntry(_ video: VideoFormat) {
        box(video.kind.rawValue) { box in
            box.zeros(6)
            box.number(1, 2)
            box.zeros(16)
            box.number(video.width, 2)
            box.number(video.height, 2)
            // 72 dots per inch, one frame, no name, 24 bits deep, no palette (12.1.3).
            box.number(0x0048_0000, 4)
            box.number(0x0048_0000, 4)
            box.zeros(4)
            box.number(1, 2)
            box.zeros(32)
            box.number(0x18, 2)
            box.number(0xFFFF, 2)
            switch video.kind {
            case .avc1: box.box("avcC") { $0.bytes += video.record }
            case .hvc1: box.box("hvcC") { $0.bytes += video.record }
            case .av01: box.box("av1C") { $0.bytes += video.record }
            case .vp09: box.fullBox("vpcC", version: 1) { $0.bytes += video.record }
            }
        }
    }

    private mutating func audioEntry(_ audio: AudioFormat) {
        box(audio.kind.rawValue) { box in
            box.zeros(6)
            box.number(1, 2)
            box.zeros(8)
            box.number(audio.channels, 2)
            box.number(16, 2)
            box.zeros(4)
            box.number(UInt32(min(audio.rate, 0xFFFF)) << 16, 4)
            switch audio.kind {
            case .mp4a: box.fullBox("esds") { $0.elementaryStream(audio.record) }
            case .opus: box.box("dOps") { $0.bytes += audio.record }
            }
        }
    }

    /// ISO/IEC 14496-1, 7.2.6.5: descriptors with lengths of four bytes, as everybody writes them.
    private mutating func elementaryStream(_ config: [UInt8]) {
        descriptor(3, 3 + 5 + 13 + 5 + config.count + 6)
        bytes += [0, 0, 0]
        descriptor(4, 13 + 5 + config.count)
        bytes += [0x40, 0x15]
        zeros(11)
        descriptor(5, config.count)
        bytes += config
        descriptor(6, 1)
        bytes.append(2)
    }

    private mutating func descriptor(_ tag: UInt8, _ length: Int) {
        bytes.append(tag)
        for shift in [21, 14, 7] { bytes.append(0x80 | UInt8(truncatingIfNeeded: (length >> shift) & 0x7F)) }
        bytes.append(UInt8(truncatingIfNeeded: length & 0x7F))
    }
}
