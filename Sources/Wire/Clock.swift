// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import NIOCore
import RTMP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two clocks, asked here and handed to everything else.
enum Clock {
    /// The clock that never runs backwards.
    static func now() -> Instant { Instant(milliseconds: Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000)) }

    /// The world's clock.
    static func wall() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// One timer of a machine. It may ring early, never late: the machine is asked again and says when next.
final class Alarm {
    private var scheduled: Scheduled<Void>?
    private var due: Instant?

    func set(_ instant: Instant?, on loop: any EventLoop, ring: @escaping @Sendable () -> Void) {
        guard let instant else { return cancel() }
        if let due, due <= instant { return }
        cancel()
        due = instant
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(max(0, instant.milliseconds)) * 1_000_000)
        scheduled = loop.scheduleTask(deadline: deadline, ring)
    }

    /// It rang: the next `set` is taken whatever it says.
    func rang() { (scheduled, due) = (nil, nil) }

    func cancel() {
        scheduled?.cancel()
        rang()
    }
}
