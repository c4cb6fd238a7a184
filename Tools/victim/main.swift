// SPDX-License-Identifier: Apache-2.0
// Works at a desk as fast as it can until it is killed, and says on its standard output what has been acknowledged:
// `entry MATTER NUMBER`, `carried ERRAND`, `kept HASH`. IntegrationTests compare that with what is on the disk.
import Archive
import Desk
import Glibc

guard CommandLine.arguments.count == 2 else {
    say("usage: victim FOLDER")
    exit(64)
}
let desk = try await BusyDesk(at: CommandLine.arguments[1])
try await desk.work()

/// One line in one write(2): whole or not there, and nothing waits in a buffer.
func say(_ line: String) {
    var bytes = Array((line + "\n").utf8)
    _ = write(1, &bytes, bytes.count)
}

/// The time of day; the only clock here.
func now() -> Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}
