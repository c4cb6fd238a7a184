// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Messenger
import Rehearsal
import Testing

@Suite("บุรุษไปรษณีย์: ไต่บันไดจนกว่าจะมีคนรับทราบ") struct PostmanTests {
    /// An office with telephones and LINE for Anan and Kanya, and mail for nobody.
    private func office() async throws -> (Post, Matter) {
        let post = try await Post(ways: [.push, .line])
        for person in [Samples.anan, Samples.kanya] {
            try await post.cabinet.setReach(of: person.id, by: .push, to: "push \(person.id)", at: Samples.now)
            try await post.cabinet.setReach(of: person.id, by: .line, to: "line \(person.id)", at: Samples.now)
        }
        let matter = try await post.matter(at: .ready)
        try await post.live(to: matter.letter.span.start - .minutes(31))
        return (post, matter)
    }

    private func carried(_ post: Post, _ way: Way, since: Moment) async -> [String] {
        guard let notebook = post.notebooks[way] else { return [] }
        return await notebook.lines.filter { $0.at >= since }.map {
            "\(TimeOfDay(of: $0.at)) \($0.id.split(separator: "/").dropFirst(2).joined(separator: "/"))"
        }.sorted()
    }

    @Test("nobody acknowledges: push, LINE, the other officer, the call list, each in its minute")
    func climbs() async throws {
        let (post, matter) = try await office()
        let start = matter.letter.span.start
        let before = post.clock.now
        try await post.live(to: start)
        let begins = TimeOfDay(of: start).minutes
        func at(_ minutes: Int) -> String { TimeOfDay(minutes: begins - minutes)?.description ?? "" }
        let (anan, kanya) = (Samples.anan.id, Samples.kanya.id)
        let reminders = ["reminder/p\(anan)/p\(anan)", "reminder/p\(kanya)/p\(kanya)"]
        let push = await carried(post, .push, since: before)
        #expect(push.filter { $0.hasPrefix(at(30)) } == reminders.map { "\(at(30)) \($0)/push" })
        let line = await carried(post, .line, since: before)
        #expect(line.filter { $0.hasPrefix(at(20)) } == reminders.map { "\(at(20)) \($0)/line" })
        #expect(
            try await post.notices(.unanswered(anan), of: Samples.kanya).map(\.at) == [start - .minutes(10)])
        #expect(
            try await post.notices(.unanswered(kanya), of: Samples.anan).map(\.at) == [start - .minutes(10)])
        #expect(try await post.notices(.unanswered(anan), of: Samples.somsri).count == 1)
        #expect(try await post.cabinet.callList(at: start).map(\.person) == [anan, kanya])
    }

    @Test("รับทราบ stops the climb where it is, and the record says when")
    func stops() async throws {
        let (post, matter) = try await office()
        let start = matter.letter.span.start
        try await post.live(to: start - .minutes(29))
        let notice = try #require(try await post.notices(.reminder, of: Samples.anan).first)
        try await post.cabinet.shown(notice.id, by: .push, at: start - .minutes(29))
        #expect(try await post.cabinet.acknowledge(notice.id, by: Samples.anan.id, at: start - .minutes(28)))
        try await post.live(to: start)
        let all = try await post.cabinet.deliveries(of: notice.id)
        #expect(all.map(\.way) == [.push, .line, .callList, .second])
        #expect(all.map(\.fate) == [.accepted, .known, .known, .known])
        #expect(all[0].acceptedAt == start - .minutes(30))
        #expect(all[0].shownAt == start - .minutes(29))
        #expect(all[0].acknowledgedAt == start - .minutes(28))
        #expect(all[1].acknowledgedAt == nil)
        #expect(try await post.cabinet.callList(at: start).map(\.person) == [Samples.kanya.id])
        #expect(try await post.notices(.unanswered(Samples.anan.id), of: Samples.kanya) == [])
    }

    @Test("reached by telephone: the list is empty, and says who called")
    func called() async throws {
        let (post, matter) = try await office()
        let late = matter.letter.span.start - .minutes(5)
        try await post.live(to: late)
        for notice in try await post.cabinet.callList(at: late) {
            #expect(try await post.cabinet.acknowledge(notice.id, onBehalfBy: Samples.somsri.id, at: late))
            #expect(!(try await post.cabinet.acknowledge(notice.id, onBehalfBy: Samples.pimjai.id, at: late)))
            #expect(try await post.cabinet.notice(notice.id)?.acknowledgedBy == Samples.somsri.id)
        }
        #expect(try await post.cabinet.callList(at: late) == [])
    }

    @Test("refused for now: tried again by the way's schedule, and not before the other end allows")
    func again() async throws {
        let (post, matter) = try await office()
        let due = matter.letter.span.start - .minutes(30)
        await post.notebooks[.push]?.answer(
            Samples.anan, .later(Trouble(.unreachable)), .later(Trouble(.busy), after: .minutes(2)))
        try await post.live(to: due + .minutes(5))
        let notice = try #require(try await post.notices(.reminder, of: Samples.anan).first)
        let delivery = try #require(try await post.cabinet.deliveries(of: notice.id).first { $0.way == .push })
        let lines = try #require(await post.notebooks[.push]?.lines.filter { $0.id == delivery.id })
        #expect(lines.map(\.at) == [due, due + .seconds(5), due + .seconds(125)])
        #expect(delivery.fate == .acceptedLate)
        #expect(delivery.sentAt == due)
        #expect(delivery.tries == 3)
        #expect(delivery.trouble == nil)
    }

    @Test("never: refused with its reason, the way's record tells it, and a second try is somebody's choice")
    func never() async throws {
        let (post, matter) = try await office()
        let due = matter.letter.span.start - .minutes(30)
        await post.notebooks[.push]?.answer(Samples.anan, .never(Trouble(.wrongCredentials, "403")))
        try await post.live(to: due)
        let refused = try await post.cabinet.unfinishedDeliveries(refusedSince: due - .days(1), limit: 100)
            .filter { $0.fate == .refused }
        #expect(refused.map(\.trouble) == [Trouble(.wrongCredentials, "403")])
        try await post.cabinet.retry(refused[0].id, at: due + .seconds(1))
        try await post.live(to: due + .seconds(2))
        #expect(try await post.cabinet.delivery(refused[0].id)?.fate == .accepted)
        #expect(try await post.cabinet.way(.push).trouble == nil)
    }

    @Test("the program was killed while it carried: carried once more, under the same name")
    func killed() async throws {
        let (post, matter) = try await office()
        let due = matter.letter.span.start - .minutes(30)
        post.clock.set(due)
        try await post.outbox.carryDue()
        let waiting = try await post.cabinet.waitingDeliveries(at: due, limits: [.push: 10])
        let out = try await post.cabinet.handOver(waiting.map(\.id), at: due)
        #expect(out.count == 2)
        #expect(try await post.cabinet.waitingDeliveries(at: due + .days(1), limits: [.push: 10]) == [])
        try await post.cabinet.takeBackDeliveries(at: due + .seconds(3))
        post.clock.set(due + .seconds(3))
        #expect(try await post.postman.carryDue() == 2)
        for delivery in out {
            let after = try #require(try await post.cabinet.delivery(delivery.id))
            #expect(after.fate == .accepted)
            #expect(after.tries == 2)
            #expect(after.sentAt == due)
        }
    }

    @Test("an outage past the beginning sends nothing, and says that it did not")
    func outage() async throws {
        let (post, matter) = try await office()
        let start = matter.letter.span.start
        post.clock.set(start - .minutes(30))
        try await post.outbox.carryDue()
        let before = await post.notebooks[.push]?.lines.count
        post.clock.set(start)
        try await post.postman.carryDue()
        #expect(await post.notebooks[.push]?.lines.count == before)
        let notice = try #require(try await post.notices(.reminder, of: Samples.anan).first)
        #expect(try await post.cabinet.deliveries(of: notice.id).map(\.fate) == [.stale, .stale, .stale, .stale])
    }

    @Test("an occasion that is called off rings no telephone")
    func calledOff() async throws {
        let (post, matter) = try await office()
        let start = matter.letter.span.start
        try await post.live(to: start - .minutes(25))
        try await post.act(.withdraw(reason: "งดจัดงาน"), matter.id, by: .requester)
        try await post.live(to: start)
        let reminder = try #require(try await post.notices(.reminder, of: Samples.anan).first)
        #expect(
            try await post.cabinet.deliveries(of: reminder.id).map(\.fate) == [
                .accepted, .cancelled, .cancelled, .cancelled,
            ])
        #expect(try await post.cabinet.callList(at: start) == [])
    }
}
