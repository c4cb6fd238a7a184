// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Footage
import Testing

/// Trims, and answers the new recording's bytes.
func trimmed(_ bytes: [UInt8], _ index: FilmIndex, from: Int64, to: Int64) -> [UInt8]? {
    guard var trim = Trim(index, from: from, to: to, reading(bytes)) else { return nil }
    var made: [UInt8] = []
    while let pieces = trim.next(reading(bytes)) { made += joined(pieces, of: bytes) }
    return made
}

@Suite struct Trimming {
    /// Sound that comes early or late is found in other fragments than its pictures.
    @Test(arguments: [0, 400, 1_300, -700] as [Int64])
    func everyFrameBetweenIsThereAndNoOther(_ soundLate: Int64) throws {
        var film = try MadeFilm()
        film.add(parts: 60, soundLate: soundLate)
        let frames = try Framed.all(film.bytes)
        for (from, to) in [(0, 4_000), (3_999, 9_001), (10_000, 10_100), (28_500, 99_000)] as [(Int64, Int64)] {
            let made = try #require(trimmed(film.bytes, film.index(), from: from, to: to))
            var index = FilmIndex()
            index.grow(to: Int64(made.count), reading(made))
            #expect(index.flaw == nil && index.end == made.count)
            let key = from / 2_000 * 2_000
            let wanted = frames.filter { frame in
                let milliseconds = (frame.track == 1 ? frame.time / 90 : frame.time / 48) - 10_000
                let isSame = frame.track == 1 ? frame.time % 90 == 0 : frame.time % 48 == 0
                return (milliseconds > key || (milliseconds == key && isSame)) && (milliseconds < to)
            }
            let found = try Framed.all(made)
            for track in [1, 2] as [UInt32] {
                let (left, right) = (found.filter { $0.track == track }, wanted.filter { $0.track == track })
                #expect(left.map(\.bytes) == right.map(\.bytes), "\(from) to \(to), track \(track)")
                let moved = track == 1 ? (key + 10_000) * 90 : (key + 10_000) * 48
                #expect(left.map(\.time) == right.map { $0.time - moved })
                #expect(left.map(\.composition) == right.map(\.composition))
                #expect(left.map(\.isKey) == right.map(\.isKey))
            }
            #expect(found.first?.isKey == true && found.first?.time == 0)
            #expect(index.fragments.first?.wall == 1_795_000_000_000 + key)
        }
    }

    @Test func whatWasFound() throws {
        var film = try MadeFilm()
        film.add(parts: 20)
        let trim = try #require(Trim(film.index(), from: 3_000, to: 7_500, reading(film.bytes)))
        #expect(trim.milliseconds == 2_000..<7_500)
        let end = try #require(Trim(film.index(), from: 0, to: .max, reading(film.bytes)))
        #expect(end.milliseconds == 0..<10_000)
    }

    /// A key frame in the middle of a fragment begins as well as any.
    @Test func aKeyFrameInTheMiddle() throws {
        var film = try MadeFilm(keyEvery: 7)
        film.add(parts: 20)
        let made = try #require(trimmed(film.bytes, film.index(), from: 1_000, to: 2_000))
        let pictures = try Framed.all(made).filter { $0.track == 1 }
        // Pictures 21, 28 and so on are keys; the 25th stands at one second.
        #expect(pictures.count == 50 - 21)
        #expect(pictures.map(\.isKey) == (21..<50).map { $0 % 7 == 0 })
    }

    @Test func trimmedTwiceIsTrimmedOnce() throws {
        var film = try MadeFilm()
        film.add(parts: 40)
        let once = try #require(trimmed(film.bytes, film.index(), from: 6_000, to: 12_000))
        let wide = try #require(trimmed(film.bytes, film.index(), from: 2_000, to: 16_000))
        var index = FilmIndex()
        index.grow(to: Int64(wide.count), reading(wide))
        let twice = try #require(trimmed(wide, index, from: 4_000, to: 10_000))
        #expect(try Framed.all(once).map(\.time) == Framed.all(twice).map(\.time))
        #expect(once == twice)
    }

    @Test(arguments: [(5_000, 5_000), (6_000, 2_000), (-5, -1), (0, 0)] as [(Int64, Int64)])
    func nothingBetween(_ from: Int64, _ to: Int64) throws {
        var film = try MadeFilm()
        film.add(parts: 20)
        #expect(trimmed(film.bytes, film.index(), from: from, to: to) == nil)
    }

    @Test func whatWasNeverThere() throws {
        let empty = try MadeFilm()
        #expect(trimmed(empty.bytes, empty.index(), from: 0, to: 1_000) == nil)
        var dull = try MadeFilm(keyEvery: 1_000_000)
        dull.pictures = 1
        dull.add(parts: 4)
        #expect(trimmed(dull.bytes, dull.index(), from: 0, to: 1_000) == nil)
    }
}
