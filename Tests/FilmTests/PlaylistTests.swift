// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Footage
import HLS
import Testing

@Suite struct FilmPlaylists {
    private func reel(_ index: FilmIndex, isComplete: Bool = true) -> FilmReel {
        FilmReel(index: index, address: "media.mp4", isComplete: isComplete, startedAt: 1_790_000_000_000)
    }

    @Test func aFilmAsText() throws {
        let index = try Recording(fixture: "ffmpeg-avc-aac.rtmp").index()
        #expect(
            FilmPlaylist.vod(reel(index)) == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:4
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-MAP:URI="media.mp4",BYTERANGE="1096@0"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
                #EXTINF:4.00000,
                #EXT-X-BYTERANGE:102401@1096
                media.mp4
                #EXT-X-ENDLIST

                """)
        #expect(
            FilmPlaylist.multivariant(index, address: "v0.m3u8") == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-STREAM-INF:BANDWIDTH=204802,AVERAGE-BANDWIDTH=204802,CODECS="avc1.64000C,mp4a.40.2",\
                RESOLUTION=320x180,FRAME-RATE=25.000,VIDEO-RANGE=SDR
                v0.m3u8

                """)
    }

    @Test(arguments: fixtures) func theRulesAreKept(_ name: String) throws {
        let reel = reel(try Recording(fixture: name).index())
        for text in [
            FilmPlaylist.vod(reel), FilmPlaylist.multivariant(reel.index, address: "v0.m3u8"),
            FilmPlaylist.event([reel], isEnded: false), FilmPlaylist.event([reel, reel], isEnded: true),
        ] {
            #expect(PlaylistRules.breaches(in: try #require(text)) == [])
        }
    }

    /// Key frames every 1, 2, 4, 5, 10 and 25 seconds: segments of about six, and each begins with one.
    @Test(
        arguments: [(25, [5.0]), (50, [6.0]), (100, [8.0]), (125, [5.0]), (250, [10.0]), (625, [25.0])]
            as [(Int64, [Double])]
    )
    func segmentsBeginWithKeyFrames(_ keyEvery: Int64, _ lengths: [Double]) throws {
        var film = try MadeFilm(keyEvery: keyEvery)
        film.add(parts: 200)
        let index = film.index()
        let segments = index.segments(.vod, isComplete: true)
        #expect(Set(segments.dropLast().map { Double($0.microseconds) / 1_000_000 }) == Set(lengths))
        let keys = Set(index.fragments.filter(\.beginsWithKey).map(\.offset))
        #expect(segments.allSatisfy { keys.contains($0.offset) && !$0.isDiscontinuous })
        #expect(segments.first?.offset == index.headBytes)
        #expect(zip(segments, segments.dropFirst()).allSatisfy { $0.offset + $0.byteCount == $1.offset })
        #expect(segments.reduce(0) { $0 + $1.byteCount } + index.headBytes == index.end)
        #expect(segments.reduce(0) { $0 + $1.microseconds } == index.microseconds)
        #expect(segments.allSatisfy { $0.wall == 1_795_000_000_000 + $0.startMicroseconds / 1000 })
    }

    /// What an encoder without key frames sends is cut all the same.
    @Test func withoutKeyFrames() throws {
        var film = try MadeFilm(keyEvery: 1_000_000)
        film.add(parts: 200)
        let segments = film.index().segments(.event, isComplete: true)
        #expect(segments.dropLast().allSatisfy { $0.microseconds == 10_000_000 || $0.microseconds == 9_960_000 })
    }

    @Test func aStepInTheTimesIsADiscontinuity() throws {
        var film = try MadeFilm()
        film.add(parts: 10)
        film.step = 7_000
        film.add(parts: 10)
        let text = try #require(FilmPlaylist.vod(reel(film.index())))
        #expect(PlaylistRules.breaches(in: text) == [])
        #expect(
            text.split(separator: "\n").filter { $0.hasPrefix("#EXTINF") || $0 == "#EXT-X-DISCONTINUITY" }
                == ["#EXTINF:5.00000,", "#EXT-X-DISCONTINUITY", "#EXTINF:5.00000,"])
    }

    /// A publisher that was away: its times go on, the world's clock did not wait.
    @Test func theWorldsClockGoesItsOwnWay() throws {
        var film = try MadeFilm()
        film.add(parts: 4)
        film.wall? += 600_000
        film.add(parts: 8)
        let segments = film.index().segments(.vod, isComplete: true)
        #expect(segments.map { $0.microseconds / 1000 } == [2_000, 4_000])
        #expect(segments.map(\.wall) == [1_795_000_000_000, 1_795_000_602_000])
        #expect(segments.map(\.isDiscontinuous) == [false, false])
    }

    /// Older recordings do not say what time it was: then their names do.
    @Test func withoutTheWorldsClock() throws {
        var film = try MadeFilm()
        film.wall = nil
        film.add(parts: 30)
        let text = try #require(FilmPlaylist.vod(reel(film.index())))
        #expect(
            text.split(separator: "\n").filter { $0.hasPrefix("#EXT-X-PROGRAM") }
                == [
                    "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z",
                    "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:26.000Z",
                    "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:32.000Z",
                ])
    }

    /// While a broadcast goes on, over three files: what was listed stays, and every state keeps the rules.
    @Test func theEventGrows() throws {
        var closed: [FilmReel] = []
        var states: [String] = []
        for _ in 0..<3 {
            var film = try MadeFilm()
            for _ in 0..<31 {
                film.add()
                let open = reel(film.index(), isComplete: false)
                if let text = FilmPlaylist.event(closed + [open], isEnded: false), text != states.last {
                    states.append(text)
                }
            }
            closed.append(reel(film.index()))
        }
        states.append(try #require(FilmPlaylist.event(closed, isEnded: true)))
        for state in states { #expect(PlaylistRules.breaches(in: state) == []) }
        for (earlier, later) in zip(states, states.dropFirst()) {
            #expect(PlaylistRules.breaches(in: later, after: earlier) == [])
        }
        let last = states.last?.split(separator: "\n") ?? []
        #expect(states.count == 9)
        #expect(last.filter { $0 == "#EXT-X-DISCONTINUITY" }.count == 2)
        #expect(last.filter { $0.hasPrefix("#EXT-X-MAP") }.count == 3)
        #expect(
            last.filter { $0.hasPrefix("#EXTINF") }
                == (0..<3).flatMap { _ in ["#EXTINF:6.00000,", "#EXTINF:6.00000,", "#EXTINF:3.52000,"] })
    }

    @Test func nothingIsNoPlaylist() throws {
        let empty = reel(try MadeFilm().index())
        #expect(FilmPlaylist.vod(empty) == nil)
        #expect(FilmPlaylist.multivariant(empty.index, address: "v0.m3u8") == nil)
        #expect(FilmPlaylist.event([empty], isEnded: false) == nil)
        #expect(FilmPlaylist.event([], isEnded: true) == nil)
    }
}
