// SPDX-License-Identifier: Apache-2.0
import HTTP
import Secure
import Testing

@testable import Wire

@Suite("A pass") struct PassTests {
    private let pass = Pass(key: [UInt8](repeating: 3, count: 32))

    @Test("lets into its broadcast for a day, and into no other") func good() {
        let word = pass.draw(into: "hall", atMinute: 1_000)
        #expect(pass.goodUntil(word, into: "hall", atMinute: 1_000) == 1_000 + Pass.minutes)
        #expect(pass.goodUntil(word, into: "hall", atMinute: 1_000 + Pass.minutes) == nil)
        #expect(pass.goodUntil(word, into: "annex", atMinute: 1_000) == nil)
        #expect(Pass(key: [1]).goodUntil(word, into: "hall", atMinute: 1_000) == nil)
        #expect(pass.draw(into: "hall", atMinute: 1_000) != word)
    }

    @Test("changed anywhere is none") func forged() {
        let word = Array(pass.draw(into: "hall", atMinute: 1_000))
        for place in word.indices {
            var changed = word
            changed[place] = changed[place] == "A" ? "B" : "A"
            #expect(pass.goodUntil(String(changed), into: "hall", atMinute: 1_000) == nil)
        }
    }
}

@Suite("A key ring") struct KeyRingTests {
    @Test("opens to each of its keys and to nothing else") func opens() {
        let digests = ["old", "new"].map { Hex.text(Digest.sha256($0)) }
        #expect(KeyRing.opens(digests, to: "old"))
        #expect(KeyRing.opens(digests, to: "new"))
        #expect(!KeyRing.opens(digests, to: "newer"))
        #expect(!KeyRing.opens([], to: ""))
        #expect(!KeyRing.opens(["", "zz"], to: ""))
    }
}

@Suite("An address") struct RouteTests {
    @Test(
        "means one thing",
        arguments: [
            ("/healthz", Route.health), ("/metrics", .metrics), ("/watch/hall", .watch(broadcast: "hall")),
            ("/watch/-/player.js", .asset("player.js")), ("/watch/-/1f2e/player.js", .asset("1f2e/player.js")),
            ("/live/hall/index.m3u8", .entrance(broadcast: "hall", plain: false)),
            ("/live/hall/plain.m3u8", .entrance(broadcast: "hall", plain: true)),
            ("/live/hall/captions", .captions(broadcast: "hall")),
            ("/live/hall/v0.m3u8", .walkIn(broadcast: "hall", .playlist(Name("v0.m3u8"), plain: false))),
            (
                "/live/hall/v/p/v0.plain.m3u8",
                .live(broadcast: "hall", pass: "p", .playlist(Name("v0.m3u8"), plain: true))
            ),
            ("/live/hall/v/p/a-v0-p1.m4s", .live(broadcast: "hall", pass: "p", .file(Name("a-v0-p1.m4s")))),
            ("/live/hall/v/p/events", .live(broadcast: "hall", pass: "p", .events)),
            (
                "/live/hall/v/p/films/a.mp4/index.m3u8",
                .live(broadcast: "hall", pass: "p", .film("a.mp4", "index.m3u8"))
            ),
            ("/live/hall/preview/t/index.m3u8", .preview(broadcast: "hall", ticket: "t", .index(plain: false))),
            ("/", .nothing), ("", .nothing), ("/live", .nothing), ("/live/hall/v/p/films/a.mp4", .nothing),
            ("/live/hall/v/p/films/a/b/c", .nothing), ("/watch/hall/more", .nothing),
        ])
    func means(_ path: String, _ route: Route) { #expect(Route(path: path) == route) }

    @Test("is read the same by its bytes, where it is a stream's piece") func bytes() {
        func media(_ name: String) -> Route.Thing? { Array(name.utf8).withUnsafeBytes { Route.Thing(media: $0) } }
        #expect(media("a-v0-p1.m4s") == .file(Name("a-v0-p1.m4s")))
        #expect(media("v0.m3u8") == .playlist(Name("v0.m3u8"), plain: false))
        #expect(media("v12.plain.m3u8") == .playlist(Name("v12.m3u8"), plain: true))
        for other in [
            "index.m3u8", "past.m3u8", "captions.m3u8", "plain.m3u8", ".plain.m3u8", "events", "x.mp4", ".m4s",
        ] {
            #expect(media(other) == nil || other == ".m4s", "\(other)")
        }
    }

    @Test("has only names that need no escape") func names() {
        for name in ["hall", "พิธี", "", ".", "..", "a/b", "a b", String(repeating: "a", count: 65), "A-1_2.3"] {
            #expect(Route.isName(name) == ["hall", "A-1_2.3"].contains(name), "\(name)")
        }
    }
}
