// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Logging
import Pages
import Rehearsal
import Secure
import Studio
import Synchronization
import Testing

@testable import sanyan

/// The link with a studio that is played: the lines are the real ones, without the socket.
@Suite struct StudioLinkTests {
    @Test func `after hello the studio is told every plan, and what changes`() async throws {
        let desk = try await PlayedDesk()
        let studio = try await desk.studioComes()
        let plan = try await studio.nextPlan()
        #expect(plan.name == desk.name)
        #expect(plan.isTest)
        #expect(plan.keyHashes.count == 1)
        #expect(try await studio.next() == .report)
        var settings = AirSettings()
        settings.talk = .open
        try await desk.cabinet.save(settings, of: desk.id, by: Hand(Samples.anan), at: desk.wall.now)
        #expect(try await studio.nextPlan().talk == .open)
        _ = try await desk.cabinet.renewStreamKey(of: desk.id, by: Hand(Samples.anan), at: desk.wall.now, oldUntil: nil)
        #expect(try await studio.nextPlan().keyHashes != plan.keyHashes)
        await desk.end()
    }

    @Test func `when the time comes, the trial is over and the occasion is told`() async throws {
        let desk = try await PlayedDesk(at: .ready)
        let studio = try await desk.studioComes()
        #expect(try await studio.nextPlan().isTest)
        desk.wall.set(desk.start)
        desk.link.stir()
        #expect(try await studio.nextPlan().isTest == false)
        await desk.end()
    }

    @Test func `what an airing came to is in the folder, once`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextPlan()
        let state = desk.aired(minutes: 90)
        for _ in 1...3 { await studio.say(.ended(state)) }
        let matter = try #require(try await desk.cabinet.matter(desk.id))
        #expect(matter.airings.count == 1)
        #expect(matter.airings.first?.peak == 40)
        #expect(matter.airings.first?.ended == desk.start + .minutes(90))
        #expect(matter.stage == .inService)
        #expect(try await desk.cabinet.runningAirings() == [:])
        await desk.end()
    }

    @Test func `a trial is counted nowhere`() async throws {
        let desk = try await PlayedDesk()
        let studio = try await desk.studioComes()
        _ = try await studio.nextPlan()
        await studio.say(.state(desk.aired(minutes: 9, isOver: false)))
        await studio.say(.ended(desk.aired(minutes: 10)))
        #expect(try await desk.cabinet.matter(desk.id)?.airings == [])
        #expect(try await desk.cabinet.runningAirings() == [:])
        await desk.end()
    }

    @Test func `a studio that dies on air loses no figures`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextPlan()
        desk.wall.set(desk.start + .minutes(41))
        await studio.say(.state(desk.aired(minutes: 41, isOver: false)))
        #expect(await desk.link.sight(of: desk.name).state?.viewers == 40)
        await studio.leave()
        #expect(await desk.link.sight(of: desk.name) == .away)
        await #expect(throws: Sentence.self) { try await desk.link.tell(.air(name: desk.name, isOn: true)) }
        #expect(try await desk.cabinet.matter(desk.id)?.airings == [])

        // The next one knows nothing of it.
        let next = try await desk.studioComes()
        _ = try await next.nextPlan()
        await next.say(.state(State(name: desk.name)))
        try await desk.waitUntil { try await $0.matter(desk.id)?.airings.count == 1 }
        let lost = try #require(try await desk.cabinet.matter(desk.id)?.airings.first)
        #expect(lost.opened == desk.start)
        #expect(lost.ended == desk.start + .minutes(41))
        // Opened anew: another airing.
        desk.wall.set(desk.start + .minutes(60))
        var again = desk.aired(minutes: 15)
        again.openedAt = (desk.start + .minutes(45)).milliseconds
        again.endedAt = (desk.start + .minutes(60)).milliseconds
        await next.say(.ended(again))
        #expect(try await desk.cabinet.matter(desk.id)?.airings.map(\.span.length) == [.minutes(41), .minutes(15)])
        await desk.end()
    }

    @Test func `a desk that was away finds the broadcast still on`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let first = try await desk.studioComes()
        _ = try await first.nextPlan()
        await first.say(.state(desk.aired(minutes: 10, isOver: false)))
        await first.leave()
        let same = try await desk.studioComes()
        _ = try await same.nextPlan()
        desk.wall.set(desk.start + .minutes(12))
        await same.say(.state(desk.aired(minutes: 12, isOver: false)))
        #expect(try await desk.cabinet.runningAirings()[desk.id]?.opened == desk.start)
        await same.say(.ended(desk.aired(minutes: 20)))
        try await desk.waitUntil { try await $0.matter(desk.id)?.airings.count == 1 }
        #expect(try await desk.cabinet.matter(desk.id)?.airings.map(\.span.length) == [.minutes(20)])
        await desk.end()
    }

    @Test func `what ended while the desk was away is told with the hello, and written down`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let studio = try await desk.studioComes()
        await studio.say(.ended(desk.aired(minutes: 25)))
        _ = try await studio.nextPlan()
        try await desk.waitUntil { try await $0.matter(desk.id)?.airings.count == 1 }
        #expect(try await desk.cabinet.matter(desk.id)?.airings.map(\.span.length) == [.minutes(25)])
        #expect(try await desk.cabinet.runningAirings() == [:])
        await desk.end()
    }

    @Test func `the end of the occasion ends what is on air, and a withdrawn one lets nobody in`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let studio = try await desk.studioComes()
        #expect(try await studio.nextPlan().keyHashes.count == 1)
        try await desk.act(.end(Summary(audience: 40), note: ""), .officer, at: desk.start + .hours(3))
        #expect(try await studio.nextPlan().keyHashes == [])
        #expect(try await studio.next(but: .report) == .close(name: desk.name))
        await desk.end()

        let other = try await PlayedDesk()
        let its = try await other.studioComes()
        _ = try await its.nextPlan()
        try await other.act(.withdraw(reason: "งด"), .secretariat, at: other.wall.now)
        #expect(try await its.nextPlan().keyHashes == [])
        #expect(try await its.next(but: .report) == .close(name: other.name))
        await other.end()
    }

    @Test func `what the studio refuses is said to whoever asked`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextPlan()
        let order = Order.air(name: desk.name, isOn: true)
        async let asked: Void = desk.link.tell(order)
        #expect(try await studio.next(but: .report) == order)
        await studio.say(.refused(order, thai: "ยังไม่มีสัญญาณ", english: "Nothing comes in yet."))
        let refusal = StudioRefusal(thai: "ยังไม่มีสัญญาณ", english: "Nothing comes in yet.")
        do {
            try await asked
            Issue.record("nothing was refused")
        } catch let said as StudioRefusal { #expect(said == refusal) }
        #expect(await desk.link.sight(of: desk.name).refusal == refusal)
        desk.wall.set(desk.wall.now + .minutes(1))
        #expect(await desk.link.sight(of: desk.name).refusal == nil)
        await desk.end()
    }

    @Test func `an order is done when the studio says how things are`() async throws {
        let desk = try await PlayedDesk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextPlan()
        var sights = await desk.link.sights(of: desk.name).makeAsyncIterator()
        #expect(await sights.next()?.state == nil)
        async let asked: Void = desk.link.tell(.mark(name: desk.name, text: "เปิดพิธี"))
        #expect(try await studio.next(but: .report) == .mark(name: desk.name, text: "เปิดพิธี"))
        var state = State(name: desk.name)
        state.markers = ["เปิดพิธี"]
        await studio.say(.state(state))
        try await asked
        #expect(await sights.next()?.state?.markers == ["เปิดพิธี"])
        await studio.leave()
        #expect(await sights.next() == .away)
        await desk.end()
    }

    @Test func `a second studio is sent away`() async throws {
        let desk = try await PlayedDesk()
        let first = try await desk.studioComes()
        _ = try await first.nextPlan()
        let second = try await desk.studioComes()
        #expect(await second.isClosed())
        #expect(await desk.link.hasLine)
        await second.leave()
        #expect(await desk.link.hasLine, "whose end that was is known")
        await desk.end()
    }
}
