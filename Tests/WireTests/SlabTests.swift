// SPDX-License-Identifier: Apache-2.0
import CLinux
import Foundation
import Testing

@testable import Wire

@Suite("A slab") struct SlabTests {
    @Test("is the array's own memory, and stays as it was when somebody changes the array") func shared() {
        var bytes = [UInt8](repeating: 7, count: 100_000)
        let slab = Slab.of(bytes)
        let isShared = bytes.withUnsafeBytes { $0.baseAddress == slab.base }
        #expect(isShared)
        bytes[0] = 8
        bytes.append(9)
        #expect(slab.count == 100_000)
        #expect(slab.bytes.allSatisfy { $0 == 7 })
    }

    @Test("of nothing has no bytes") func empty() {
        #expect(Slab.of([]).bytes.isEmpty)
        #expect(Slab.of("").count == 0)
        #expect(Array(Slab.of("ก").bytes) == [0xE0, 0xB8, 0x81])
    }
}

@Suite("A slab in pages") struct PagedSlabTests {
    private static func noise(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var state = seed | 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    @Test("is a copy of both, and the second by itself is in the same pages") func both() throws {
        let (first, second) = (Slab.of("head"), Slab.of(Self.noise(100_000, 1)))
        let paged = try #require(Slab.paged(first, second))
        #expect(Array(paged.whole.bytes) == Array(first.bytes) + Array(second.bytes))
        #expect(Array(paged.second.bytes) == Array(second.bytes))
        #expect(paged.second.base == paged.whole.base + 4)
        #expect(paged.whole.isPaged && paged.second.isPaged && !first.isPaged && !second.isPaged)
        #expect(Slab.paged(.of(""), .of("")) == nil)
    }

    @Test("is what a large file that may be kept for ever goes out of, head and all, in one piece") func files() {
        let bytes = Self.noise(Body.largeBytes, 2)
        let body = Body.media([.of(bytes)])
        #expect(body.line.count == 1 && body.line[0].isPaged)
        #expect(Array(body.line[0].bytes) == Array(body.head.bytes) + bytes)
        #expect(body.pieces.map { Array($0.bytes) } == [bytes])
        let segment = Body.media([body.pieces[0], body.pieces[0]])
        #expect(segment.line.map(\.isPaged) == [false, true, true])
        #expect(segment.line[1].base == body.pieces[0].base)
        #expect(!Body.media([.of(Self.noise(Body.largeBytes - 1, 3))]).line.contains { $0.isPaged })
        #expect(!Body([.of(bytes)], type: "text/html", cache: "no-cache").line.contains { $0.isPaged })
        #expect(!Body.media([.of(bytes)], isForMany: false).line.contains { $0.isPaged })
    }

    /// Two slow readers of one loop, whose sockets never take a whole piece; what was sent is given back while sockets
    /// still hold it, and the same memory is written over.
    @Test("arrives whole wherever a socket stops taking, its memory given back meanwhile", arguments: [true, false])
    func slow(_ hasChute: Bool) async throws {
        let loop = try Loop("slabs")
        defer { loop.stop() }
        if !hasChute { await loop.ask { [loop] in cs_close_chute(loop.chute) } }
        let (contents, told) = (
            (0..<6).map { Self.noise(700_000 + 12_345 * $0, UInt64($0)) }, (0..<6).map { "head \($0)\r\n" }
        )
        let expected = zip(told, contents).flatMap { Array($0.utf8) + $1 + $1 } + Array("the end".utf8)
        let listener = cs_listen("127.0.0.1", 0, 8, 0)
        try #require(listener >= 0)
        defer { close(listener) }
        let ends = try (0..<2).map { _ in try Self.pair(listener) }
        let lines = Lines()
        await loop.ask { lines.all = ends.map { Line($0.ours, peer: "", on: loop) } }
        async let first = Self.read(ends[0].theirs, expected.count)
        async let second = Self.read(ends[1].theirs, expected.count)
        for place in contents.indices {
            await loop.ask {
                guard let paged = Slab.paged(.of(""), .of(contents[place])) else { return }
                for line in lines.all { line.send(.of(told[place]), paged.whole, paged.second) }
            }
            while await loop.ask({ lines.all.contains { $0.unsent > 0 } }) {
                await loop.ask { _ = Slab.paged(.of(""), .of([UInt8](repeating: 0, count: 700_000))) }
            }
        }
        await loop.ask { for line in lines.all { line.send(.of("the end")) } }
        let got = await (first, second)
        // Told apart before they are expected: nobody wants to read millions of bytes.
        #expect([got.0 == expected, got.1 == expected] == [true, true])
        await loop.ask {
            for line in lines.all { line.close() }
            lines.all = []
        }
    }

    // `all` is touched on the loop alone.
    private final class Lines: @unchecked Sendable { var all: [Line] = [] }

    private static func pair(_ listener: Int32) throws -> (ours: Int32, theirs: Int32) {
        let theirs = cs_connect("127.0.0.1", cs_port(listener))
        try #require(theirs >= 0)
        // Small, so that sockets are full all the time.
        _ = cs_set(theirs, Int32(SOL_SOCKET), SO_RCVBUF, 20_000)
        var ours: Int32 = -1
        while ours < 0 { ours = cs_accept(listener, nil, 0) }
        _ = cs_set(ours, Int32(SOL_SOCKET), SO_SNDBUF, 50_000)
        return (ours, theirs)
    }

    private static func read(_ file: Int32, _ count: Int) async -> [UInt8] {
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
                var (got, piece) = ([UInt8](), [UInt8](repeating: 0, count: 9_000))
                while got.count < count {
                    let came = Glibc.read(file, &piece, piece.count)
                    guard came > 0 else { break }
                    got += piece[..<came]
                }
                close(file)
                done.resume(returning: got)
            }
        }
    }
}
