// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Wire

/// Programs that work beside us: started without a shell, fed, heard, and gone when nobody holds them.
@Suite("a child process", .timeLimit(.minutes(4))) struct ChildTests {
    /// A program with everything that it gave.
    final class Play {
        var child: ChildProcess?
        var gave: [UInt8] = []
        var ending: Ending?

        init(_ program: String, _ arguments: [String], on loop: Loop, mostWaitingBytes: Int = 32 << 20) throws {
            child = try ChildProcess(
                program, arguments, on: loop, mostWaitingBytes: mostWaitingBytes,
                reads: { [weak self] in self?.gave += $0 }, ends: { [weak self] in self?.ending = $0 })
        }

        var text: String { String(decoding: gave, as: UTF8.self) }
    }

    private func play(_ program: String, _ arguments: [String] = []) async throws -> Stage<Play> {
        try await Stage { try Play(program, arguments, on: $0) }
    }

    /// What a program says until its end.
    private func said(_ program: String, _ arguments: [String]) async throws -> (text: String, ending: Ending?) {
        let stage = try await play(program, arguments)
        try await stage.ask { $0.child?.finish() }
        try await stage.wait("\(program) ended") { $0.ending != nil }
        let answer = try await stage.ask { ($0.text, $0.ending) }
        await stage.clear()
        return answer
    }

    @Test("megabytes go through it whole, and it ends when its input does") func through() async throws {
        let stage = try await play("/bin/cat")
        let piece = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let isTaken = try await stage.ask { play in (0..<30).allSatisfy { _ in play.child?.send(piece) == true } }
        #expect(isTaken)
        try await stage.ask { $0.child?.finish() }
        try await stage.wait("cat ended") { $0.ending != nil }
        let (gave, ending) = try await stage.ask { ($0.gave, $0.ending) }
        #expect(gave == Array(repeatElement(piece, count: 30).joined()))
        #expect(ending == Ending(code: 0, words: ""))
        await stage.clear()
    }

    @Test("its queue has an end, and what does not fit is not taken") func bounded() async throws {
        let stage = try await Stage { try Play("/bin/sleep", ["60"], on: $0, mostWaitingBytes: 1 << 20) }
        let taken = try await stage.ask { play in
            (0..<20).map { _ in play.child?.send([UInt8](repeating: 0, count: 100_000)) == true }
        }
        // The pipe itself holds 64 kB, the queue a megabyte.
        #expect(taken.prefix { $0 }.count == 11)
        #expect(taken.filter { $0 }.count == 11)
        await stage.clear()
    }

    @Test("its answer and the last 4 kB of its complaints are kept") func complaints() async throws {
        let (_, ending) = try await said(
            "/bin/sh", ["-c", "yes complaint | head -c 100000 >&2; echo >&2; echo last words >&2; exit 3"])
        #expect(ending?.code == 3)
        #expect(ending?.reason == "last words")
        #expect(ending?.words.utf8.count == 4_096)
        let (_, killed) = try await said("/bin/sh", ["-c", "kill -9 $$"])
        #expect(killed == Ending(code: -9, words: ""))
        #expect(killed?.reason == "signal 9")
    }

    @Test("it knows nothing of our world: a bare environment, three files, no ignored signals") func bare() async throws
    {
        setenv("SANYAN_TEST_SECRET", "a word that must not leave", 1)
        let open = open("/dev/null", O_RDONLY)  // Without FD_CLOEXEC, as a careless library would.
        defer { close(open) }
        let (environment, _) = try await said("/usr/bin/env", [])
        #expect(
            environment.split(separator: "\n").map { String($0.prefix { $0 != "=" }) }.sorted()
                == ["HOME", "LANG", "PATH", "http_proxy", "https_proxy"])
        let (files, _) = try await said("/bin/ls", ["/proc/self/fd"])
        #expect(files == "0\n1\n2\n3\n")  // The last one is the folder that it reads.
        let (masks, _) = try await said("/bin/grep", ["-E", "^Sig(Blk|Ign)", "/proc/self/status"])
        let signals = masks.split(separator: "\n").compactMap { UInt64($0.suffix(16), radix: 16) }
        // Bits 31 and 32 are the C library's own.
        #expect(signals.map { $0 & 0x7FFF_FFFF } == [0, 0])
    }

    @Test("it yields to us: nice 10, and one processor is spared where there are several") func humble() async throws {
        let (text, _) = try await said("/bin/sh", ["-c", "sleep 0.2; nice; nproc"])
        let processors = ProcessInfo.processInfo.activeProcessorCount
        #expect(text == "10\n\(max(1, processors - 1))\n")
    }

    @Test("no longer held, it dies with everything that it started") func killed() async throws {
        let stage = try await play("/bin/sh", ["-c", "sleep 1000 & echo $$ $!; wait"])
        try await stage.wait("it said who it is") { $0.text.hasSuffix("\n") }
        let processes = try await stage.ask { $0.text }.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        #expect(processes.count == 2)
        for process in processes { #expect(kill(process, 0) == 0) }
        try await stage.ask { $0.child = nil }
        // A process that is dead and not yet taken note of would still answer.
        try await stage.wait("both are gone") { _ in processes.allSatisfy { kill($0, 0) != 0 } }
        #expect(try await stage.ask { $0.ending } == nil)
        await stage.clear()
    }

    @Test("what cannot be started says why") func missing() async throws {
        await #expect(throws: WireFault.self) {
            _ = try await Stage { try Play("/nowhere/program", [], on: $0) }
        }
    }
}
