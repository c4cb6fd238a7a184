// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Messenger
import Rehearsal
import Secure
import Testing

@Suite("LINE: ผูกบัญชี รับทราบ และเลิกผูก") struct LineTalkTests {
    private static let stranger = "U" + String(repeating: "f", count: 32)
    private static let code = "abcd2345"
    private static let hash = Hex.text(Digest.sha256(code))

    /// The code from a person's page, ten minutes good.
    private func draw(_ desk: LineDesk, for person: Person, code: String = Self.code) async throws {
        try await desk.cabinet.keep(
            key: Hex.text(Digest.sha256(code)), purpose: LineEvent.codePurpose, person: person.id,
            until: desk.post.clock.now + LineEvent.codeLife)
    }

    private func event(
        _ id: String, _ what: LineEvent.What, from user: String = Self.stranger, at moment: Moment
    ) -> LineEvent {
        LineEvent(id: id, user: user, at: moment, what: what, replyToken: "token-\(id)")
    }

    @Test("the code binds the account once; the answer goes out by the outbox")
    func binds() async throws {
        let desk = try await LineDesk()
        let now = desk.post.clock.now
        try await draw(desk, for: Samples.kanya)
        await desk.line.change { $0.replyTokens = ["token-1"] }
        #expect(try await desk.cabinet.take(event("1", .code(hash: Self.hash), at: now), at: now) == .bound)
        #expect(try await desk.cabinet.person(reachedAt: Self.stranger, by: .line) == Samples.kanya.id)
        #expect(await desk.line.requests == [], "no request waits for LINE")
        try await desk.postman.carryDue()
        let shown = await desk.shown
        #expect(shown.map(\.to) == ["reply:token-1"])
        #expect(shown.first?.texts.first?.hasPrefix("ผูกบัญชีแล้ว") == true)
        #expect(shown.first?.retryKey == nil)
        #expect(try await desk.cabinet.delivery("line/1")?.fate == .accepted)
        let change = try #require(try await desk.cabinet.rosterChanges(limit: 1).first)
        #expect(change.what == "lineBound")
        #expect(change.by == Samples.kanya.id)
    }

    @Test("a code used twice, expired, or of somebody who has left, binds nobody")
    func wrongCodes() async throws {
        let desk = try await LineDesk()
        let now = desk.post.clock.now
        try await draw(desk, for: Samples.kanya)
        #expect(try await desk.cabinet.take(event("1", .code(hash: Self.hash), at: now), at: now) == .bound)
        let other = LineDesk.user
        #expect(
            try await desk.cabinet.take(event("2", .code(hash: Self.hash), from: other, at: now), at: now)
                == .wrongCode)
        #expect(try await desk.cabinet.person(reachedAt: other, by: .line) == Samples.anan.id)

        try await draw(desk, for: Samples.malee, code: "wxyz6789")
        let late = now + LineEvent.codeLife
        let hash = Hex.text(Digest.sha256("wxyz6789"))
        #expect(try await desk.cabinet.take(event("3", .code(hash: hash), at: late), at: late) == .wrongCode)

        var gone = Samples.thongchai
        try await draw(desk, for: gone, code: "gggg2222")
        gone.isActive = false
        _ = try await desk.cabinet.save(gone, passwordHash: nil, by: nil, at: now)
        let left = Hex.text(Digest.sha256("gggg2222"))
        #expect(try await desk.cabinet.take(event("4", .code(hash: left), at: now), at: now) == .wrongCode)
    }

    @Test("an event that comes again changes nothing and is answered once")
    func replay() async throws {
        let desk = try await LineDesk()
        let now = desk.post.clock.now
        await desk.line.change { $0.replyTokens = ["token-1"] }
        let followed = event("1", .followed, at: now)
        #expect(try await desk.cabinet.take(followed, at: now) == .howTo)
        #expect(try await desk.cabinet.take(followed, at: now + .days(6)) == nil)
        try await desk.postman.carryDue()
        #expect(await desk.shown.count == 1)
        // After a week it is forgotten, as LINE has long stopped sending it.
        #expect(try await desk.cabinet.take(event("2", .followed, at: now), at: now + .days(8)) == .howTo)
        #expect(try await desk.cabinet.take(followed, at: now + .days(8)) == .howTo)
    }

    @Test("the button acknowledges for its own person only, and the climb stops")
    func acknowledges() async throws {
        let desk = try await LineDesk()
        let (matter, delivery) = try await desk.assigned()
        guard case .notice(let notice) = delivery.freight else { throw Refusal.noSuchMatter }
        try await desk.postman.carryDue()
        let now = desk.post.clock.now
        #expect(try await desk.cabinet.take(event("1", .acknowledged(notice), at: now), at: now) == .notYours)
        #expect(try await desk.cabinet.notice(notice)?.acknowledgedAt == nil)
        let pressed = event("2", .acknowledged(notice), from: LineDesk.user, at: now)
        #expect(try await desk.cabinet.take(pressed, at: now + .seconds(3)) == .acknowledged)
        #expect(try await desk.cabinet.notice(notice)?.acknowledgedAt == now + .seconds(3))
        #expect(try await desk.deliveries(of: matter).map(\.acknowledgedAt) == [now + .seconds(3)])
    }

    @Test("blocking the account unbinds it, but not when the news of it is older than the binding")
    func unfollows() async throws {
        let desk = try await LineDesk()
        let now = desk.post.clock.now
        try await draw(desk, for: Samples.kanya)
        _ = try await desk.cabinet.take(event("1", .code(hash: Self.hash), at: now), at: now + .seconds(2))
        _ = try await desk.cabinet.take(event("2", .unfollowed, at: now - .seconds(1)), at: now + .seconds(3))
        #expect(try await desk.cabinet.reach(of: Samples.kanya.id, by: .line) == Self.stranger)
        _ = try await desk.cabinet.take(event("3", .unfollowed, at: now + .seconds(1)), at: now + .seconds(4))
        #expect(try await desk.cabinet.reach(of: Samples.kanya.id, by: .line) == nil)
        #expect(try await desk.cabinet.rosterChanges(limit: 1).first?.what == "lineUnbound")
    }

    @Test("whoever is bound and says thank you is left alone; an answer that is late is not sent")
    func quiet() async throws {
        let desk = try await LineDesk()
        let now = desk.post.clock.now
        #expect(try await desk.cabinet.take(event("1", .wrote, from: LineDesk.user, at: now), at: now) == nil)
        #expect(try await desk.cabinet.take(event("2", .wrote, at: now), at: now) == .howTo)
        try await desk.pass(LineEvent.replyLife)
        #expect(await desk.line.requests == [])
        #expect(try await desk.cabinet.delivery("line/2")?.fate == .stale)
    }
}
