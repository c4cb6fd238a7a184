// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// Calendars outside on pages: set up, chosen, and what drifts in them.
@Suite struct CalendarRouteTests {
    /// A matter whose entry stands in the office's Google Calendar, and was changed there.
    private func drifting(_ office: OfficeFixture) async throws -> (Matter, Drift) {
        let matter = try await office.matter(at: .ready)
        let copy = CalendarCopy(
            matter: matter.id, way: .google, to: .office, calendar: "c", event: "e", etag: "1",
            revision: matter.sequence, digest: "ours", putAt: Samples.now)
        try await office.cabinet.keep(copy)
        let theirs = CalendarContent(
            title: "ของเขา <b>", place: "ที่อื่น", description: "", span: matter.letter.span)
        let drift = Drift(
            id: .init(0), matter: matter.id, way: .google, to: .office, noticedAt: Samples.now, theirs: theirs,
            etag: "2", digest: "theirs")
        #expect(try await office.cabinet.note(drift, over: "1"))
        return (matter, try #require(try await office.cabinet.openDrifts(limit: 0).first))
    }

    @Test("the board shows ours and theirs to the secretariat, and to nobody else")
    func board() async throws {
        let office = try await OfficeFixture()
        let (matter, _) = try await drifting(office)
        let page = try await office.get("/drift", as: Samples.somsri)
        #expect(page.status == 200)
        for text in [matter.letter.title, "ของเขา &lt;b&gt;", "ที่อื่น", "ห้องประชุมราชพฤกษ์", "ปฏิทิน Google"] {
            #expect(page.body.contains(text), "\(text)")
        }
        for person in [Samples.anan, Samples.wichai, Samples.prasert, Samples.narong] {
            #expect(try await office.get("/drift", as: person).status == 403)
        }
        #expect(try await office.get("/drift").location == "/sign-in?to=/drift")
        #expect(try await office.get("/matters/\(matter.id)", as: Samples.somsri).body.contains("href=\"/drift\""))
    }

    @Test("put back: ours is on its way again; a second press finds nothing that waits")
    func restoration() async throws {
        let office = try await OfficeFixture()
        let (matter, drift) = try await drifting(office)
        #expect(try await office.post("/drift/\(drift.id)/restoration", [:], as: Samples.anan).status == 403)
        let answer = try await office.post("/drift/\(drift.id)/restoration", [:], as: Samples.somsri)
        #expect(answer.location == "/drift?done=drift_restored")
        let deliveries = try await office.cabinet.deliveries(of: matter.id)
        #expect(deliveries.map(\.id) == ["drift/\(drift.id)/google/office"])
        #expect(
            try await office.post("/drift/\(drift.id)/acceptance", [:], as: Samples.somsri).location
                == "/drift?done=drift_past")
        let judged = try #require(try await office.cabinet.drift(drift.id))
        #expect(judged.fate == .putBack)
        #expect(judged.judgedBy == Samples.somsri.id)
    }

    @Test("left as it is: nothing is on its way, the folder is what it was, and the matter says so")
    func acceptance() async throws {
        let office = try await OfficeFixture()
        let (matter, drift) = try await drifting(office)
        let answer = try await office.post("/drift/\(drift.id)/acceptance", [:], as: Samples.somsri)
        #expect(answer.location == "/drift?done=drift_left")
        #expect(try await office.cabinet.deliveries(of: matter.id) == [])
        #expect(try await office.now(matter.id) == matter)
        let words = office.counter.paper.words(.thai)
        #expect(try await office.get("/drift", as: Samples.somsri).body.contains(words("drift.none")))
        #expect(
            try await office.get("/matters/\(matter.id)", as: Samples.somsri).body.contains(
                words("calendars.line.left")))
    }

    @Test("a secret left empty stays, is never shown, and goes to no other server")
    func secrets() async throws {
        let office = try await OfficeFixture()
        let first = try await office.post(
            "/admin/ways/caldav",
            ["address": "https://cloud.example.ac.th/", "user": "office", "password": "s3cret-word", "on": "yes"],
            as: Samples.prasert)
        #expect(first.location == "/admin/ways/caldav?done=way_saved")
        #expect(try await !office.get("/admin/ways/caldav", as: Samples.prasert).body.contains("s3cret-word"))
        _ = try await office.post(
            "/admin/ways/caldav", ["address": "https://cloud.example.ac.th/dav/", "user": "office", "on": "yes"],
            as: Samples.prasert)
        let kept = try await office.cabinet.way(.caldav).settings
        #expect(
            SettingsText.read(CalDAVSettings.self, kept)
                == CalDAVSettings(address: "https://cloud.example.ac.th/dav/", user: "office", password: "s3cret-word"))
        for address in [
            "https://elsewhere.example.com/", "http://cloud.example.ac.th/", "cloud", "https://a@b.example.com/",
        ] {
            let wrong = try await office.post(
                "/admin/ways/caldav", ["address": address, "user": "office", "on": "yes"], as: Samples.prasert)
            #expect(wrong.status == 422, "\(address)")
        }
        #expect(try await office.cabinet.way(.caldav).settings == kept)
    }

    @Test("a key file that is none is refused with a sentence; a good one is kept and not shown")
    func keyFile() async throws {
        let office = try await OfficeFixture()
        let path = "/admin/ways/google"
        let words = office.counter.paper.words(.thai)
        let wrong = try await office.post(path, ["keyFile": "{}", "calendar": "c@example.com"], as: Samples.prasert)
        #expect(wrong.status == 422)
        #expect(wrong.body.contains(words("calendars.google.keyFile.wrong")))
        let file = """
            {"type":"service_account","client_email":"a@b.example.com","private_key_id":"1","private_key":"-----BEGIN X-----"}
            """
        let nowhere = try await office.post(path, ["keyFile": file], as: Samples.prasert)
        #expect(nowhere.status == 422)
        #expect(
            try await office.post(path, ["keyFile": file, "calendar": "c@example.com"], as: Samples.prasert).location
                == path + "?done=way_saved")
        let page = try await office.get(path, as: Samples.prasert)
        #expect(!page.body.contains("BEGIN"))
        #expect(page.body.contains(words("calendars.google.delegated.hint")))
    }

    @Test("what is switched on puts the occasions to come on their way into calendars")
    func switchedOn() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .ready)
        _ = try await office.matter(at: .toDecide)
        let later = office.clock.now + .minutes(1)
        office.clock.set(later)
        _ = try await office.post(
            "/admin/ways/invitation", ["organiser": "office@example.ac.th", "on": "yes"], as: Samples.prasert)
        let due = try await office.cabinet.dueErrands(at: later + .days(1), limit: 0).filter {
            $0.kind == .calendarEntry && $0.id.hasSuffix("/\(later.milliseconds)")
        }
        #expect(due.map(\.matter) == [matter.id])
    }

    @Test("an officer chooses by the roster's address, and is offered what the office offers")
    func choosing() async throws {
        let office = try await OfficeFixture()
        let words = office.counter.paper.words(.thai)
        #expect(try await !office.get("/me", as: Samples.anan).body.contains(words("me.calendars")))
        _ = try await office.post(
            "/admin/ways/invitation", ["organiser": "office@example.ac.th", "on": "yes"], as: Samples.prasert)
        #expect(try await office.get("/me", as: Samples.anan).body.contains(words("me.calendars")))
        #expect(try await !office.get("/me", as: Samples.wichai).body.contains(words("me.calendars")))
        let answer = try await office.post(
            "/me/calendars", ["ways": "invitation", "ways": "google", "mail": "rector@example.ac.th"], as: Samples.anan)
        #expect(answer.location == "/me?done=calendars_chosen#calendars")
        #expect(try await office.cabinet.reach(of: Samples.anan.id, by: .invitation) == Samples.anan.mail)
        #expect(try await office.cabinet.reach(of: Samples.anan.id, by: .google) == nil)
        _ = try await office.post("/me/calendars", [:], as: Samples.anan)
        #expect(try await office.cabinet.reach(of: Samples.anan.id, by: .invitation) == nil)
        #expect(try await office.post("/me/calendars", [:], as: Samples.wichai).status == 403)
    }
}
