// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation

/// The studio as a child of the desk, in a session of its own: what ends the desk does not end it, and it goes on when
/// the desk is started anew.
struct StudioChild: Sendable {
    let process: pid_t
    private let endings: AsyncStream<Int32>

    /// A process that is running. Whoever started it is told of its end.
    init(process: pid_t) {
        self.process = process
        let (endings, told) = AsyncStream.makeStream(of: Int32.self)
        self.endings = endings
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            told.yield(signal == 0 ? (status >> 8) & 0xFF : -signal)
            told.finish()
        }
    }

    /// Starts the program.
    ///
    /// - Throws: a `Mishap`.
    static func start(_ program: String, _ arguments: [String]) throws(Mishap) -> StudioChild {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        // It would keep the desk's door open, and a desk that comes after could not open it.
        for file in Self.openFiles where file > STDERR_FILENO { posix_spawn_file_actions_addclose(&actions, file) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of Swift's pool take no signals, and a process begins with the mask of the thread that starts it.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Self.ownSession | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let words = ([program] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        let code = posix_spawn(&process, program, &actions, &attributes, words + [nil], environ)
        guard code == 0 else { throw Mishap(doing: "start the studio: error \(code)") }
        return StudioChild(process: process)
    }

    /// `POSIX_SPAWN_SETSID` of glibc's spawn.h, which Swift does not see.
    private static let ownSession: Int16 = 0x80

    /// What this program has open now; closing what is closed meanwhile does no harm in a child (posix_spawn(3)).
    private static var openFiles: [Int32] {
        // Without /proc nothing can be listed, and what is marked close-on-exec closes by itself.
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    /// Waits for its end: its exit code, or minus the signal that ended it; nil when the task is cancelled before.
    func end() async -> Int32? {
        for await code in endings { return code }
        return nil
    }

    /// Not yet waited for.
    var isRunning: Bool { kill(process, 0) == 0 }

    /// Asks it to end.
    func stop() { kill(process, SIGTERM) }
    func killNow() { kill(process, SIGKILL) }

    /// This program's own file, also when a newer one has been put in its place meanwhile.
    static var ownProgram: String {
        // Without /proc there is still the name that it was started by.
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let gone = " (deleted)"
        return path.hasSuffix(gone) ? String(path.dropLast(gone.count)) : path
    }
}
