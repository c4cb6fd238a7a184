// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// แจ้งเตือน, calendars by key, and a page of one's own.
@Suite struct InboxRouteTests {
    @Test func noticesAreAcknowledgedByTheirPersonOnly() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        office.clock.set(Samples.now + .hours(28))
        let notice = try #require(try await office.carry(at: office.clock.now, for: Samples.anan).last)
        let page = try await office.get("/inbox", as: Samples.anan)
        #expect(page.text.contains("ท่านได้รับมอบหมายให้ดูแลงานนี้"))
        #expect(page.body.contains("href=\"/matters/\(matter.id)/preparation\""))
        let path = "/inbox/\(notice.id)/acknowledgement"
        #expect(try await office.post(path, [:], as: Samples.malee).status == 404)
        #expect(try await office.cabinet.unacknowledged(of: Samples.anan.id) == 1)
        #expect(try await office.post(path, ["back": "//evil.example"], as: Samples.anan).location == "/inbox")
        office.clock.set(Samples.now + .hours(30))
        #expect(try await office.post(path, [:], as: Samples.anan).status == 303)
        let kept = try #require(try await office.cabinet.inbox(of: Samples.anan.id, limit: 1).first)
        #expect(kept.acknowledgedAt == Samples.now + .hours(28), "the second press changes nothing")
        #expect(try await office.post("/inbox/x/acknowledgement", [:], as: Samples.anan).status == 404)
    }

    @Test func allMeansAllThatThePageShowed() async throws {
        let office = try await OfficeFixture()
        for days in [7, 8, 9] { try await office.matter(at: .toPrepare, letter: Samples.letter(inDays: days)) }
        let notices = try await office.carry(at: Samples.now + .hours(28), for: Samples.anan)
        #expect(notices.count == 3)
        let answer = try await office.post(
            "/inbox/acknowledgement", ["up_to": "\(notices[1].id)"], as: Samples.anan)
        #expect(answer.location == "/inbox?done=all_acknowledged")
        #expect(try await office.cabinet.unacknowledged(of: Samples.anan.id) == 1)
    }

    @Test func theLineTellsFirstWhatWasMissedThenWhatComes() async throws {
        let office = try await OfficeFixture()
        for days in [7, 8, 9] { try await office.matter(at: .toPrepare, letter: Samples.letter(inDays: days)) }
        var notices = try await office.carry(at: Samples.now + .hours(28), for: Samples.anan)
        let old = notices
        try await office.matter(at: .toPrepare, letter: Samples.letter(inDays: 10))
        let site = office.site { parts in
            parts.bell = RingingBell(rung: [
                old[2],
                Notice(
                    id: .init(99), person: Samples.anan.id, kind: .reminder, matter: old[0].matter, due: Samples.now,
                    at: Samples.now, isLate: true),
            ])
        }
        var headers = office.cookie(Samples.anan)
        headers["Last-Event-ID"] = "\(old[0].id)"
        let answer = try await site.ask("GET", "/inbox/live", headers: headers)
        #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
        let ids = answer.body.matches(of: /id: (\d+)/).map { String($0.1) }
        #expect(ids == ["\(old[1].id)", "\(old[2].id)", "\(old[2].id)", "99"], "missed, missed, how many wait, new")
        let kinds = answer.body.matches(of: /event: (\w+)/).map { String($0.1) }
        #expect(kinds == ["notice", "notice", "waiting", "notice"])
        #expect(answer.body.contains("{\"waiting\":3}"))
        notices.removeAll()
    }

    @Test func aLineEndsWithItsSession() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let notice = Notice(
            id: .init(99), person: Samples.anan.id, kind: .reminder, matter: matter.id, due: Samples.now,
            at: Samples.now,
            isLate: false)
        let cabinet = office.cabinet
        let site = office.site { parts in
            parts.bell = SignOutBell(notice: notice) { try await cabinet.closeSession(hash: sessionHash("key-anan")) }
        }
        let answer = try await site.ask("GET", "/inbox/live", headers: office.cookie(Samples.anan))
        #expect(!answer.body.contains("event: notice"))
        #expect(try await office.get("/inbox/live").location == "/sign-in?to=/inbox/live")
    }

    @Test func aCalendarOpensByItsKeyAlone() async throws {
        let office = try await OfficeFixture()
        let mine = try await office.matter(at: .toPrepare)
        let rooms = Assignment(
            officers: [Samples.malee.id], rooms: [Samples.rooms[1].id], setUpMinutes: 0, tearDownMinutes: 0)
        let other = try await office.matter(at: .toPrepare, letter: Samples.letter(inDays: 8), assignment: rooms)
        let first = try await office.feedPath("/me/feed", as: Samples.anan)
        let feed = try await office.get(first)
        #expect(feed.status == 200)
        #expect(feed.headers["content-type"] == "text/calendar; charset=utf-8")
        #expect(feed.headers["cache-control"] == "private, max-age=300")
        #expect(feed.headers["last-modified"] == "Tue, 24 Nov 2026 05:00:00 GMT")
        #expect(feed.body == "นายอนันต์ เสียงใส · \(Samples.office.thaiName): \(mine.id)")
        let tag = try #require(feed.headers["etag"])
        let same = try await office.site.ask("GET", first, headers: ["If-None-Match": tag])
        #expect(same.status == 304)
        #expect(same.body == "")

        let all = try await office.feedPath("/me/feed", as: Samples.somsri)
        #expect(try await office.get(all).body.hasSuffix(": \(mine.id) \(other.id)"))
        let whole = try await office.feedPath("/me/office-feed", as: Samples.prasert)
        #expect(try await office.get(whole).body == "สัญญาณ · \(Samples.office.thaiName): \(mine.id) \(other.id)")
        #expect(try await office.post("/me/office-feed", [:], as: Samples.anan).status == 403)
    }

    @Test func aKeyThatWasTakenBackOpensNothing() async throws {
        let office = try await OfficeFixture()
        let first = try await office.feedPath("/me/feed", as: Samples.anan)
        let second = try await office.feedPath("/me/feed", as: Samples.anan)
        #expect(try await office.get(first).status == 404)
        #expect(try await office.get(second).status == 200)
        #expect(try await office.get(String(second.dropLast(4))).status == 404)
        #expect(try await office.get("/feed/.ics").status == 404)
        var gone = Samples.anan
        gone.isActive = false
        _ = try await office.cabinet.save(gone, passwordHash: nil, by: nil, at: Samples.now)
        #expect(try await office.get(second).status == 404)
    }

    @Test func aPasswordIsChangedByWhoKnowsIt() async throws {
        let office = try await OfficeFixture()
        let old = try await passwordHash("ใส่ใจทุกสัญญาณ")
        _ = try await office.cabinet.save(Samples.anan, passwordHash: old, by: nil, at: Samples.now)
        func comeBack() async throws {
            try await office.cabinet.openSession(
                hash: sessionHash("key-anan"), person: Samples.anan.id, until: Samples.now + .days(1))
        }
        try await comeBack()
        func change(_ current: String, _ new: String, _ again: String) async throws -> Answer {
            try await office.post(
                "/me/password", ["current": current, "password": new, "again": again], as: Samples.anan)
        }
        let wrong = try await change("ผิด", "ยาวพอแน่นอนแล้ว", "ยาวพอแน่นอนแล้ว")
        #expect(wrong.text.contains("รหัสผ่านปัจจุบันไม่ถูกต้อง"), "\(wrong.status) \(wrong.text)")
        #expect(try await change("ใส่ใจทุกสัญญาณ", "สั้น", "สั้น").status == 422)
        #expect(try await change("ใส่ใจทุกสัญญาณ", "ยาวพอแน่นอนแล้ว", "ยาวพอแน่นอน").status == 422)
        #expect(
            try await change("ใส่ใจทุกสัญญาณ", "ยาวพอแน่นอนแล้ว", "ยาวพอแน่นอนแล้ว").location == "/me?done=password_changed")
        #expect(try await office.get("/me", as: Samples.anan).status == 303, "every open session has ended")
        try await comeBack()
        let kept = try #require(try await office.cabinet.credential(username: "anan"))
        #expect(await isPassword("ยาวพอแน่นอนแล้ว", of: kept.passwordHash))
        for _ in 0..<5 { _ = try await change("ผิด", "ยาวพอแน่นอนแล้ว", "ยาวพอแน่นอนแล้ว") }
        #expect(try await change("ยาวพอแน่นอนแล้ว", "อีกครั้งหนึ่งนะครับ", "อีกครั้งหนึ่งนะครับ").status == 429)
    }
}

/// Rings once, just after its listener has signed out.
private struct SignOutBell: Bell {
    let notice: Notice
    let signOut: @Sendable () async throws -> Void
    func notices(for person: Person.ID) async -> AsyncStream<Notice> {
        AsyncStream { line in
            Task {
                do { try await signOut() } catch { Issue.record(error) }
                line.yield(notice)
                line.finish()
            }
        }
    }
}

extension OfficeFixture {
    /// Makes a calendar's key and gives its path.
    func feedPath(_ path: String, as person: Person) async throws -> String {
        let page = try await post(path, [:], as: person)
        #expect(page.status == 200)
        return String(try #require(page.body.firstMatch(of: /http:\/\/127\.0\.0\.1:8080(\/feed\/[^<"]+\.ics)/)).1)
    }
}
