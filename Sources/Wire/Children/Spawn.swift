// SPDX-License-Identifier: Apache-2.0
import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program that was just started, and our ends of its pipes, which do not block.
struct Spawned {
    var process: pid_t
    var input: Int32
    var output: Int32
    var words: Int32

    /// What a program may know of the world. It has no shell, no home, and no proxy leads it anywhere.
    private static let environment = [
        "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent", "http_proxy=http://127.0.0.1:9",
        "https_proxy=http://127.0.0.1:9",
    ]

    /// Starts a program in a process group of its own, with three pipes and no other file of ours.
    /// - Throws: what the system says.
    init(_ program: String, _ arguments: [String]) throws(WireFault) {
        // A write to a program that has died shall be an error, not our end.
        signal(SIGPIPE, SIG_IGN)
        var pipes: [(ours: Int32, theirs: Int32)] = []
        func closeAll() {
            for pipe in pipes {
                close(pipe.ours)
                close(pipe.theirs)
            }
        }
        for place in 0..<3 {
            var ends: [Int32] = [-1, -1]
            let code = cs_pipe(&ends)
            guard code == 0 else {
                closeAll()
                throw WireFault(doing: "make a pipe", -code)
            }
            pipes.append(place == 0 ? (ends[1], ends[0]) : (ends[0], ends[1]))
        }
        var process = pid_t()
        let code = Spawned.start(&process, program, arguments, pipes.map(\.theirs))
        guard code == 0 else {
            closeAll()
            throw WireFault(doing: "start \(program)", code)
        }
        for pipe in pipes {
            close(pipe.theirs)
            _ = fcntl(pipe.ours, F_SETFL, fcntl(pipe.ours, F_GETFL) | O_NONBLOCK)
        }
        self.process = process
        (input, output, words) = (pipes[0].ours, pipes[1].ours, pipes[2].ours)
    }

    private static func start(
        _ process: inout pid_t, _ program: String, _ arguments: [String], _ files: [Int32]
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (place, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(place)) }
        // Everything of ours is closed on exec; this is for what a library forgot.
        _ = cs_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals are as at the beginning, whatever our threads have made of them; group 0 is one of its own.
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let world = environment.map { strdup($0) } + [nil]
        defer { for word in words + world { free(word) } }
        return posix_spawn(&process, program, &actions, &attributes, words, world)
    }
}
