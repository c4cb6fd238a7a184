// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("บันไดแจ้งเตือน") struct LadderTests {
    let start = Samples.moment(2569, 12, 1, "13:00")

    private func climb(
        _ kind: Errand.Kind, reach: Set<Way>, at now: Moment, ladder: Ladder = .usual
    ) -> [String] {
        let errand = Errand(id: "m1/e5/x", matter: .init(1), kind: kind, to: .person(.init(5)), due: now)
        let notice = Notice(
            id: .init(1), person: .init(5), kind: kind, matter: .init(1), due: now, at: now, isLate: false)
        return deliveries(for: notice, of: errand, reach: reach, occasion: start, ladder: ladder, at: now).map {
            "\($0.way.rawValue) \(TimeOfDay(of: $0.due))"
        }
    }

    @Test("before an occasion: push at −30, LINE at −20, mail at −15, the other officer and the call list at −10")
    func usual() {
        let reach: Set<Way> = [.push, .line, .mail]
        #expect(
            climb(.reminder, reach: reach, at: start - .minutes(30)) == [
                "push 12:30", "line 12:40", "mail 12:45", "second 12:50", "callList 12:50",
            ])
    }

    @Test("whoever has no telephone with us is reached at once by the first way that does reach them")
    func withoutTelephone() {
        #expect(
            climb(.reminder, reach: [.mail], at: start - .minutes(30)) == [
                "mail 12:30", "second 12:50", "callList 12:50",
            ])
        #expect(
            climb(.reminder, reach: [], at: start - .minutes(30)) == ["second 12:30", "callList 12:30"])
    }

    @Test("late: the rungs that are past leave now, together")
    func late() {
        #expect(
            climb(.reminder, reach: [.push, .line, .mail], at: start - .minutes(12)) == [
                "push 12:48", "line 12:48", "mail 12:48", "second 12:50", "callList 12:50",
            ])
    }

    @Test("a reminder is stale when the occasion begins")
    func stale() {
        let now = start - .minutes(30)
        let errand = Errand(id: "x", matter: .init(1), kind: .reminder, to: .person(.init(5)), due: now)
        let notice = Notice(
            id: .init(1), person: .init(5), kind: .reminder, matter: .init(1), due: now, at: now, isLate: false)
        let all = deliveries(for: notice, of: errand, reach: [.push, .mail], occasion: start, ladder: .usual, at: now)
        #expect(Set(all.map(\.stale)) == [start])
        #expect(all.map(\.id) == ["x/p5/push", "x/p5/mail", "x/p5/second", "x/p5/callList"])
    }

    @Test("an assignment climbs with the same distances, and asks nobody else")
    func assignment() {
        let now = Samples.moment(2569, 11, 24, "10:00")
        #expect(
            climb(.assignment, reach: [.push, .line, .mail], at: now) == ["push 10:00", "line 10:10", "mail 10:15"])
    }

    @Test(
        "quiet hours hold back what can wait, never an occasion that is near",
        arguments: [
            ("19:59", "19:59"), ("20:00", "07:00"), ("23:30", "07:00"), ("03:00", "07:00"), ("07:00", "07:00"),
        ])
    func quiet(now: String, due: String) {
        #expect(climb(.assignment, reach: [.push], at: Samples.moment(2569, 11, 24, now)) == ["push \(due)"])
        let eve = Samples.moment(2569, 11, 30, "22:00")
        #expect(climb(.change, reach: [.push], at: eve) == ["push 22:00"])
    }

    @Test("quiet hours within one day, and none at all")
    func otherQuiet() throws {
        var ladder = Ladder.usual
        ladder.quietFrom = Samples.time("12:00")
        ladder.quietUntil = Samples.time("13:00")
        let noon = Samples.moment(2569, 11, 24, "12:15")
        #expect(climb(.assignment, reach: [.push], at: noon, ladder: ladder) == ["push 13:00"])
        ladder.quietUntil = ladder.quietFrom
        #expect(climb(.assignment, reach: [.push], at: noon, ladder: ladder) == ["push 12:15"])
    }

    @Test("every way gives up some day, and never waits less than before")
    func pauses() {
        for way in Way.allCases {
            var last = Length.zero
            var tries = 1
            while let pause = way.pause(afterTries: tries) {
                #expect(pause >= last)
                last = pause
                tries += 1
            }
            #expect((9...300).contains(tries))
        }
        #expect(
            (1...4).compactMap { Way.mail.pause(afterTries: $0) } == [
                .minutes(1), .minutes(5), .minutes(30), .minutes(30),
            ])
    }
}
