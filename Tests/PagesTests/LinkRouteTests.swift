// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Testing

@testable import Pages

/// Links into a meeting: who gets one, what it says, who is shown it.
@Suite struct LinkRouteTests {
    @Test func peopleAreInvitedByNameAndEachLinkSaysWhoTheyAre() async throws {
        let seated = try await Seated()
        let day = ThaiDate.typed(Day(of: seated.start))
        let fields = [
            "people": "รศ.มานะ ใจกว้าง <mana@Example.ac.th>\nนางสาวปิติ", "role": "speaker", "until": day,
        ]
        let sent = try await seated.office.post("\(seated.path)/links", fields: fields, as: Samples.somsri)
        #expect(sent.location == "\(seated.path)/links?done=invited")
        let list = try await seated.office.get("\(seated.path)/links", as: Samples.anan)
        #expect(list.text.contains("รศ.มานะ ใจกว้าง"))
        #expect(!list.body.contains("#pass="), "an address alone shows no link")

        let people = try await seated.office.cabinet.invitees(of: seated.id)
        let mana = try #require(people.first { $0.mail == "mana@Example.ac.th" })
        let shown = try await seated.office.post(
            "\(seated.path)/links/shown", ["invitee": "\(mana.id)"], as: Samples.anan)
        #expect(shown.headers["cache-control"] == "no-store")
        let links = seated.links(shown)
        #expect(links.count == 1)
        let pass = try #require(try await seated.pass(links[0]))
        #expect(pass.role == .speaker)
        #expect(pass.person == RoomPass.Person(key: "i\(mana.id)@example.ac.th", name: "รศ.มานะ ใจกว้าง"))
        #expect(pass.untilSecond == Day(of: seated.start).adding(days: 1).start.milliseconds / 1000)
        #expect(shown.body.contains("<svg"), "one link alone has a code")

        let all = try await seated.office.post("\(seated.path)/links/shown", ["x": ""], as: Samples.somsri)
        #expect(seated.links(all).count == 3, "the contact's and the two")
        #expect(!all.body.contains("qr-frame"))
        #expect(
            try await seated.office.get("\(seated.path)/links/shown", as: Samples.anan).location
                == "\(seated.path)/links")
        #expect(try await seated.office.post("\(seated.path)/links/shown", ["x": ""], as: Samples.narong).status == 403)
        let changes = try await seated.office.get("/admin/changes", as: Samples.prasert)
        #expect(changes.text.matches(of: /เปิดดูลิงก์เข้าประชุม/).count == 4)
        #expect(!changes.body.contains("#pass="))
    }

    @Test func whatIsWrongWithAnInvitationIsSaidWhereItWasTyped() async throws {
        let seated = try await Seated()
        let day = ThaiDate.typed(Day(of: seated.start))
        for (fields, field) in [
            (["people": "ก <ก@x>", "role": "speaker", "until": day], "people"),
            (["people": "", "role": "speaker", "until": day], "people"),
            (["people": "นายมานะ", "role": "speaker", "until": "เมื่อวาน"], "until"),
            (["people": "นายมานะ", "role": "speaker", "until": "1/1/2560"], "until"),
            (["people": "", "shared": "yes", "role": "host", "until": day], "people"),
        ] {
            let wrong = try await seated.office.post("\(seated.path)/links", fields: fields, as: Samples.anan)
            #expect(wrong.status == 422)
            #expect(wrong.body.contains("href=\"#\(field)\""), "\(fields)")
        }
        #expect(try await seated.office.cabinet.invitees(of: seated.id).count == 1)
        try await seated.settle { ($0.isLegal, $0.records) = (true, true) }
        let legal = try await seated.office.post(
            "\(seated.path)/links", fields: ["shared": "yes", "role": "listener", "until": day], as: Samples.anan)
        #expect(legal.status == 422)
    }

    @Test func aLinkThatWasTakenBackIsShownNoMore() async throws {
        let seated = try await Seated()
        let guest = try await seated.invite("นายวีระ")
        let back = try await seated.office.post(
            "\(seated.path)/links/\(guest.id)/removal", ["x": ""], as: Samples.anan)
        #expect(back.location == "\(seated.path)/links?done=link_revoked")
        #expect(try await seated.plan().revoked == [guest.id])
        let shown = try await seated.office.post(
            "\(seated.path)/links/shown", ["invitee": "\(guest.id)"], as: Samples.anan)
        #expect(seated.links(shown) == [])
        #expect(shown.text.contains("ไม่มีลิงก์ที่ใช้ได้"))
        let gone = try await seated.office.post("\(seated.path)/links/99/removal", ["x": ""], as: Samples.anan)
        #expect(gone.status == 404)
    }

    @Test func theHostsLinkIsForTheOfficersWhoAreAssigned() async throws {
        let seated = try await Seated()
        let page = try await seated.office.post("\(seated.path)/room/host", ["x": ""], as: Samples.anan)
        let pass = try #require(try await seated.pass(seated.links(page)[0]))
        #expect(pass.role == .host)
        #expect(pass.person == RoomPass.Person(key: "p\(Samples.anan.id)", name: Samples.anan.name))
        #expect(pass.untilSecond == (seated.office.clock.now + .hours(12)).milliseconds / 1000)
        #expect(try await seated.office.post("\(seated.path)/room/host", ["x": ""], as: Samples.malee).status == 403)
        #expect(try await seated.office.post("\(seated.path)/room/host", ["x": ""], as: Samples.somsri).status == 403)
        #expect(
            try await seated.office.get("\(seated.path)/room/host", as: Samples.anan).location == "\(seated.path)/room")
    }

    @Test func mailGoesWhereItIsSetUpAndItsLinkLeadsIn() async throws {
        let seated = try await Seated()
        let mana = try await seated.invite("นายมานะ", mail: "mana@example.ac.th")
        #expect(try await seated.office.get("\(seated.path)/links", as: Samples.anan).text.contains("ยังไม่ได้ตั้งค่าอีเมล"))
        let none = try await seated.office.post("\(seated.path)/links/mailing", ["x": ""], as: Samples.anan)
        #expect(none.location == "\(seated.path)/links?done=links_not_mailed")
        try await seated.office.cabinet.save(.mail, settings: "{}", isOn: true, by: nil, at: Samples.now)
        let sent = try await seated.office.post("\(seated.path)/links/mailing", ["x": ""], as: Samples.anan)
        #expect(sent.location == "\(seated.path)/links?done=links_mailed")
        let deliveries = try await seated.office.cabinet.deliveries(of: seated.id)
        #expect(deliveries.filter { $0.freight == .seat }.map(\.to) == [.invitee(mana.id)])

        let token = Seal(key: [UInt8](repeating: 7, count: 32)).seatToken(mana)
        let way = try await seated.office.get("/seat/\(token)")
        #expect(way.status == 303)
        #expect(try await seated.pass(try #require(way.location))?.person?.name == "นายมานะ")
        #expect(try await seated.office.get("/seat/\(token.dropLast())x").status == 404)
        try await seated.office.cabinet.revoke(mana.id, of: seated.id, by: Samples.hand(.officer), at: Samples.now)
        #expect(try await seated.office.get("/seat/\(token)").status == 410)
        #expect(loggedPath("/seat/\(token)") == "/seat/…")
    }

    @Test func aLinkForEverybodyNamesNobody() async throws {
        let seated = try await Seated()
        let list = InviteeList(role: .listener, people: [.anybody], until: seated.start)
        let shared = try await seated.office.cabinet.invite(
            list, to: seated.id, by: Samples.hand(.officer), at: seated.office.clock.now)[0]
        let shown = try await seated.office.post(
            "\(seated.path)/links/shown", ["invitee": "\(shared.id)"], as: Samples.anan)
        let pass = try #require(try await seated.pass(seated.links(shown)[0]))
        #expect(pass.role == .listener)
        #expect(pass.person?.name == "")
    }

    @Test func peopleOfTheOfficeAreShownIn() async throws {
        let seated = try await Seated()
        let path = "/meet/\(seated.name)"
        #expect(try await seated.office.get(path).location?.hasPrefix("/sign-in") == true)
        for (person, role) in [(Samples.anan, RoomPass.Role.host), (Samples.prasert, .speaker)] {
            let shown = try await seated.office.get(path, as: person)
            #expect(try await seated.pass(try #require(shown.location))?.role == role)
        }
        try await seated.settle { $0.isWebinar = true }
        let listening = try await seated.office.get(path, as: Samples.prasert)
        #expect(try await seated.pass(try #require(listening.location))?.role == .listener)
        #expect(try await seated.office.get("/meet/nobody", as: Samples.prasert).status == 404)
    }

    @Test func theRequesterGetsTheirsWhenApproved() async throws {
        let seated = try await Seated()
        let matter = try await seated.office.now(seated.id)
        let track = "/track/\(seated.office.counter.trackingToken(matter))"
        let page = try await seated.office.get(track)
        let link = try #require(page.body.firstMatch(of: /href="([^"]*#pass=[^"]*)"/)).1
        let pass = try #require(try await seated.pass(link))
        #expect(pass.role == .cohost)
        #expect(pass.person?.name == Samples.contact.name)
        seated.office.clock.set(seated.start + .days(2))
        let closed = try await Seated(at: .closed)
        let over = "/track/\(closed.office.counter.trackingToken(try await closed.office.now(closed.id)))"
        #expect(try await !closed.office.get(over).body.contains("#pass="))
    }
}
