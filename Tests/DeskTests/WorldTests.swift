// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("โลกที่นาฬิกาหยุดรอ")
struct WorldTests {
    @Test("ก้าวไปยังเวลาปลุกที่ใกล้ที่สุดเสมอ และเวลาเดียวกันตามลำดับที่ตั้ง")
    func stepsToTheEarliest() {
        var world = World<String>(at: Samples.now)
        world.wake(at: Samples.now + .hours(2), "c")
        world.wake(at: Samples.now + .hours(1), "a")
        world.wake(at: Samples.now + .hours(1), "b")
        world.wake(at: Samples.now - .hours(1), "past")
        #expect(world.next() == "past")
        #expect(world.now == Samples.now)
        #expect(world.next() == "a")
        #expect(world.now == Samples.now + .hours(1))
        #expect(world.next() == "b")
        #expect(world.next(until: Samples.now + .minutes(90)) == nil)
        #expect(world.now == Samples.now + .minutes(90))
        #expect(world.next() == "c")
        #expect(world.next() == nil)
        #expect(world.nextWake == nil)
    }
}
