// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Footage
import Testing

@Suite struct Progressives {
    private func film(_ recording: [UInt8]) throws -> (Progressive, [UInt8]) {
        var index = FilmIndex()
        index.grow(to: Int64(recording.count), reading(recording))
        let made = try #require(Progressive(index, reading(recording)))
        return (made, joined(made.pieces(0..<made.byteCount), of: recording))
    }

    /// The boxes that are about times and places, their content as numbers of four bytes.
    private func tables(_ head: some Sequence<UInt8>) -> [String] {
        boxText(Array(head)[...]).split(separator: "\n").map { $0.split(separator: " ") }.filter {
            ["elst", "stts", "ctts", "stss", "stsc", "stco", "co64", "edts"].contains($0.first)
        }.map { words in
            let digits = Array(words.last ?? "")
            // An edit list stands in a box of its own.
            let numbers = stride(from: words.first == "edts" ? 24 : 8, to: digits.count - 7, by: 8).map {
                String(Int32(bitPattern: UInt32(String(digits[$0..<($0 + 8)]), radix: 16) ?? 0))
            }
            return ([String(words.first ?? "")] + numbers).joined(separator: " ")
        }
    }

    @Test func itsTablesAsText() throws {
        var film = try MadeFilm()
        film.compositions = [7_200]
        film.add(parts: 2)
        let (made, whole) = try self.film(film.bytes)
        #expect(whole.count == made.byteCount)
        #expect(
            tables(made.head) == [
                "edts 2 80 -1 65536 1000 7200 65536", "stts 1 25 3600", "ctts 1 25 7200", "stss 1 1",
                "stsc 2 1 13 1 2 12 1", "stco 2 1490 3040", "stts 1 47 1024", "stsc 2 1 25 1 2 22 1",
                "stco 2 2790 4240",
            ])
    }

    /// Where times run back or leave a hole, decode times grow all the same, and what is shown is shown when it was to
    /// be shown.
    @Test func timesThatRunBack() throws {
        var film = try MadeFilm()
        film.compositions = [0]
        film.add()
        film.step = -120
        film.add()
        film.step = 3_000
        film.add()
        let head = try self.film(film.bytes).0.head
        #expect(
            tables(head) == [
                "edts 1 4520 7201 65536", "stts 6 12 3600 3 1 1 3597 8 3600 1 284400 13 3600",
                "ctts 5 13 7201 1 0 1 3599 1 7198 22 7201", "stss 1 1", "stsc 3 1 13 1 2 12 1 3 13 1",
                "stco 3 1742 3292 4712",
                // Of the sound, what would have been heard twice is left out.
                "stts 5 24 1024 1 1408 15 1024 1 150784 25 1024", "stsc 3 1 25 1 2 16 1 3 25 1",
                "stco 3 3042 4552 6012",
            ])
    }

    /// More than four gigabytes: places and the size have eight bytes.
    @Test func aLongFilm() throws {
        let head = initSegment([Track(number: 1, format: .audio(try .aac([0x11, 0x90])))])
        let parts = (0..<3 as Range<Int64>).map { number in
            let frame = FrameShape(
                decodeTime: number * 1_024, duration: 1_024, isKey: true, byteCount: 2_000_000_000)
            return FragmentShape(sequence: UInt32(number), runs: [RunShape(track: 1, frames: [frame])]).head
        }
        let part = Int64(parts[0].count) + 2_000_000_000
        let length = Int64(head.count) + 3 * part
        func read(_ offset: Int64, _ count: Int) -> [UInt8] {
            let place = offset - Int64(head.count)
            if place < 0 { return Array((head + parts[0]).dropFirst(Int(offset)).prefix(count)) }
            return Array(parts[Int(place / part)].dropFirst(Int(place % part)).prefix(count))
        }
        var index = FilmIndex()
        index.grow(to: length, read)
        #expect(index.fragments.count == 3)
        let made = try #require(Progressive(index, read))
        #expect(made.byteCount == Int64(made.head.count) + 6_000_000_000)
        #expect(tables(made.head) == ["stts 1 3 1024", "stsc 1 1 1 1", "co64 3 0 632 0 2000000632 0 -294966664"])
        #expect(made.head.suffix(16) == [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 1, 0x65, 0xA0, 0xBC, 0x10])
        let end = made.byteCount
        #expect(made.pieces(end - 5..<end) == [.range(offset: length - 5, byteCount: 5)])
        #expect(
            made.pieces(Int64(made.head.count) + 1_999_999_999..<Int64(made.head.count) + 2_000_000_001)
                == [
                    .range(offset: Int64(head.count) + part - 1, byteCount: 1),
                    .range(offset: Int64(head.count) + part + Int64(parts[0].count), byteCount: 1),
                ])
    }

    /// Every frame's bytes, in order, and nothing else.
    @Test(arguments: fixtures) func everyFrameIsThere(_ name: String) throws {
        let recording = try Recording(fixture: name)
        let (made, whole) = try film(recording.bytes)
        #expect(Array(whole.dropFirst(made.head.count)) == (try Framed.all(recording.bytes)).flatMap(\.bytes))
    }

    @Test func anyRangeIsThatRange() throws {
        var film = try MadeFilm()
        film.add(parts: 9)
        let (made, whole) = try self.film(film.bytes)
        let edges = [made.head.count - 1, made.head.count, whole.count]
        let places = Array(stride(from: 0, through: whole.count, by: 311)) + edges
        for start in places {
            for count in [1, 2, 1_000, 5_000, 100_000] {
                let end = min(whole.count, start + count)
                let pieces = made.pieces(Int64(start)..<Int64(start + count))
                #expect(joined(pieces, of: film.bytes) == Array(whole[start..<end]))
            }
        }
        #expect(made.pieces(Int64(whole.count)..<Int64(whole.count + 5)) == [])
    }

    @Test func aFileThatChangedIsRefused() throws {
        var film = try MadeFilm()
        film.add(parts: 9)
        let index = film.index()
        #expect(Progressive(index, reading([])) == nil)
        #expect(Progressive(try MadeFilm().index(), reading(film.bytes)) == nil)
        var other = try MadeFilm(keyEvery: 3)
        other.add(parts: 9, frameBytes: 50)
        #expect(Progressive(index, reading(other.bytes)) == nil)
    }
}
