// SPDX-License-Identifier: Apache-2.0
import FMP4

/// A recording as an ordinary MP4 file: a head with sample tables that is made, and behind it the frames' bytes as they
/// stand in the recording. So it has a length and byte ranges, and costs no second file.
public struct Progressive: Sendable {
    /// `ftyp`, `moov`, and the head of the one `mdat`.
    public let head: [UInt8]
    /// Where each fragment's frames begin in this file, and where in the recording. The last line is the end.
    private let ranges: [(place: Int64, source: Int64)]

    /// How many bytes it has.
    public var byteCount: Int64 { ranges.last?.place ?? Int64(head.count) }

    /// More frames than this are not put into one table: a day at 60 pictures a second has half as many.
    public static let mostFrames = 20_000_000

    /// Reads every fragment's `moof` again. Nil when the recording is empty, too long, or no longer what it was.
    public init?<Trouble: Error>(
        _ index: FilmIndex, _ read: (_ offset: Int64, _ count: Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) {
        var tables = [index.picture, index.sound].compactMap { $0 }.map { SampleTable($0) }
        var ranges: [(place: Int64, source: Int64)] = []
        var place: Int64 = 0
        var frames = 0
        for number in index.fragments.indices {
            guard let shape = try index.shape(number, read), frames < Progressive.mostFrames else { return nil }
            ranges.append((place, index.fragments[number].mediaOffset))
            for run in shape.runs {
                guard let table = tables.firstIndex(where: { $0.track.number == run.track }) else { return nil }
                tables[table].add(run, at: place)
                place += Int64(run.byteCount)
                frames += run.frames.count
            }
        }
        tables.removeAll { $0.count == 0 }
        guard !tables.isEmpty else { return nil }
        head = Progressive.head(tables, mediaBytes: place)
        let headBytes = Int64(head.count)
        self.ranges = ranges.map { ($0.place + headBytes, $0.source) } + [(place + headBytes, 0)]
    }

    /// What stands in these bytes of it, piece by piece.
    public func pieces(_ wanted: Range<Int64>) -> [Piece] {
        let wanted = wanted.clamped(to: 0..<byteCount)
        guard !wanted.isEmpty else { return [] }
        var pieces: [Piece] = []
        let made = wanted.clamped(to: 0..<Int64(head.count))
        if !made.isEmpty { pieces.append(.bytes(head[Int(made.lowerBound)..<Int(made.upperBound)])) }
        var number = firstRange(after: wanted.lowerBound)
        while number + 1 < ranges.count, ranges[number].place < wanted.upperBound {
            let here = wanted.clamped(to: ranges[number].place..<ranges[number + 1].place)
            if !here.isEmpty {
                let source = ranges[number].source + here.lowerBound - ranges[number].place
                pieces.append(.range(offset: source, byteCount: here.upperBound - here.lowerBound))
            }
            number += 1
        }
        return pieces
    }

    /// The last range that begins at or before this place, or the first of all.
    private func firstRange(after place: Int64) -> Int {
        var (low, high) = (0, ranges.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if ranges[middle].place <= place { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: The head

    private static func head(_ tables: [SampleTable], mediaBytes: Int64) -> [UInt8] {
        // The tables' size does not depend on what the offsets are, so it is written once to see how long it is.
        let isLong = mediaBytes > 4_000_000_000
        let size = movie(tables, base: 0, isLong: isLong).count + (isLong ? 16 : 8)
        var writer = BoxWriter()
        writer.bytes = movie(tables, base: Int64(size), isLong: isLong)
        // A size of eight bytes stands behind the type, and 1 in its usual place (4.2.2).
        writer.number(isLong ? 1 : mediaBytes + 8, 4)
        writer.bytes += "mdat".utf8
        if isLong { writer.number(mediaBytes + 16, 8) }
        return writer.bytes
    }

    private static func movie(_ tables: [SampleTable], base: Int64, isLong: Bool) -> [UInt8] {
        let start = tables.map { milliseconds($0.start + $0.firstComposition, $0.track) }.min() ?? 0
        let edits = tables.map { Edit($0, after: start) }
        var writer = BoxWriter()
        writer.box("ftyp") { box in
            box.bytes += "isom".utf8
            box.number(512, 4)
            box.bytes += "isomiso2mp41mp42".utf8
        }
        writer.box("moov") { moov in
            moov.movieHeader(
                nextTrack: (tables.map(\.track.number).max() ?? 0) + 1, milliseconds: edits.map(\.end).max() ?? 0)
            for (table, edit) in zip(tables, edits) {
                moov.track(
                    table.track, milliseconds: edit.end, ticks: table.length, edits: { edit.write(to: &$0) },
                    tables: { table.write(to: &$0, base: base, isLong: isLong) })
            }
        }
        return writer.bytes
    }

    fileprivate static func milliseconds(_ ticks: Int64, _ track: Track) -> Int64 {
        (ticks * 1000 + Int64(track.timescale) / 2) / Int64(track.timescale)
    }
}

/// A track's edit list (8.6.6): what is shown first is shown at 0, or when its turn comes.
private struct Edit {
    /// Nothing is shown for so long, in milliseconds.
    var emptiness: Int64
    /// Then so much of the track is.
    var length: Int64
    /// From here, in its timescale.
    var from: Int64

    var end: Int64 { emptiness + length }

    init(_ table: SampleTable, after start: Int64) {
        emptiness = Progressive.milliseconds(table.start + table.firstComposition, table.track) - start
        let scale = Int64(table.track.timescale)
        length = (table.shownLength * 1000 + scale - 1) / scale
        from = table.firstShown
    }

    func write(to writer: inout BoxWriter) {
        guard emptiness > 0 || from > 0 else { return }
        writer.box("edts") { edts in
            edts.fullBox("elst") { box in
                box.number(emptiness > 0 ? 2 : 1, 4)
                if emptiness > 0 { write(&box, emptiness, -1) }
                write(&box, length, Int32(clamping: from))
            }
        }
    }

    private func write(_ box: inout BoxWriter, _ length: Int64, _ from: Int32) {
        box.number(UInt32(clamping: length), 4)
        box.number(from, 4)
        box.number(0x0001_0000, 4)
    }
}
