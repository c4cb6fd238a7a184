// SPDX-License-Identifier: Apache-2.0
import Media
import Studio
import Testing

@Suite("ChildDies") struct ChildDies {
    /// A supervision with a clock that only the test moves.
    struct Watch {
        var supervision = Supervision(name: "ladder")
        var now = Instant(milliseconds: 1_000)
        /// When it was started, and when it was ended, in milliseconds.
        var starts: [Int64] = []
        var stops: [Int64] = []
        var wake: Instant?

        mutating func take(_ input: Supervision.Input) {
            supervision.take(input, at: now)
            while true {
                switch supervision.next() {
                case .start: starts.append(now.milliseconds)
                case .stop: stops.append(now.milliseconds)
                case .wake(let at):
                    wake = at
                    return
                }
            }
        }

        mutating func pass(_ milliseconds: Int64) {
            let end = now.later(by: milliseconds)
            while let wake, wake <= end {
                now = max(now, wake)
                take(.time)
            }
            now = end
        }
    }

    @Test("it begins at once, and works when it gives something") func begins() {
        var watch = Watch()
        #expect(watch.supervision.helper == State.Companion(name: "ladder", condition: .resting))
        watch.take(.want(true))
        watch.take(.want(true))
        #expect(watch.starts == [1_000])
        #expect(watch.supervision.helper == State.Companion(name: "ladder", condition: .starting))
        watch.take(.gave)
        #expect(watch.supervision.helper == State.Companion(name: "ladder", condition: .working))
        #expect(watch.wake == nil)
    }

    @Test("it waits 1, 2, 5, 10, 30 and 30 seconds, with its reason") func pauses() {
        var watch = Watch()
        watch.take(.want(true))
        for pause in [1_000, 2_000, 5_000, 10_000, 30_000, 30_000] as [Int64] {
            watch.take(.died(reason: "no memory"))
            #expect(
                watch.supervision.helper
                    == State.Companion(name: "ladder", condition: .waiting, reason: "no memory"))
            let count = watch.starts.count
            watch.pass(pause - 1)
            #expect(watch.starts.count == count)
            watch.pass(1)
            #expect(watch.starts.count == count + 1)
            #expect(watch.supervision.helper == State.Companion(name: "ladder", condition: .starting))
        }
        #expect(watch.stops == [])
    }

    @Test("a minute of good work makes up for earlier deaths, and less does not") func makesUp() {
        var watch = Watch()
        watch.take(.want(true))
        for _ in 0..<3 {
            watch.take(.died(reason: ""))
            watch.pass(30_000)
        }
        watch.take(.gave)
        watch.pass(59_999)
        watch.take(.died(reason: ""))
        #expect(watch.wake == watch.now.later(by: 10_000))
        watch.pass(10_000)
        watch.take(.gave)
        watch.pass(60_000)
        watch.take(.died(reason: ""))
        #expect(watch.wake == watch.now.later(by: 1_000))
    }

    @Test("fed and silent for twenty seconds, it is ended and begins anew; unfed it may be silent for ever")
    func silence() {
        var watch = Watch()
        watch.take(.want(true))
        watch.pass(3_600_000)
        #expect(watch.stops == [])
        watch.take(.fed)
        watch.pass(10_000)
        watch.take(.fed)
        watch.take(.gave)
        let fed = watch.now.milliseconds
        for _ in 0..<4 {
            watch.take(.fed)
            watch.pass(4_999)
        }
        #expect(watch.stops == [])
        watch.pass(4)
        #expect(watch.stops == [fed + 20_000])
        #expect(
            watch.supervision.helper
                == State.Companion(
                    name: "ladder", condition: .waiting,
                    reason: "ไม่ทำงานต่อภายใน 20 วินาที · It gave nothing for 20 s"))
        watch.take(.died(reason: "of what was ended"))
        watch.pass(1_000)
        #expect(watch.starts == [1_000, fed + 21_000])
    }

    @Test("the last that it was given may stay with it, when nothing follows") func keeps() {
        var watch = Watch()
        watch.take(.want(true))
        watch.take(.gave)
        watch.take(.fed)
        watch.pass(9_999)
        watch.take(.fed)
        watch.pass(3_600_000)
        #expect(watch.stops == [])
        #expect(watch.wake == nil)
        watch.take(.fed)
        watch.pass(10_000)
        watch.take(.fed)
        watch.pass(10_000)
        #expect(watch.stops.count == 1)
    }

    @Test("no longer wanted, it is ended; wanted again, all is forgiven") func unwanted() {
        var watch = Watch()
        watch.take(.want(true))
        watch.take(.died(reason: ""))
        watch.take(.want(false))
        #expect(watch.supervision.helper.condition == .resting)
        watch.pass(60_000)
        #expect(watch.starts == [1_000])
        watch.take(.want(true))
        watch.take(.want(false))
        #expect(watch.stops == [61_000])
        watch.take(.died(reason: ""))
        #expect(watch.supervision.helper.condition == .resting)
        watch.take(.want(true))
        watch.take(.died(reason: ""))
        #expect(watch.wake == watch.now.later(by: 1_000))
    }
}
