// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Testing

@testable import Pages

/// Devices on a page of one's own, and what service workers say without being signed in.
@Suite struct DeviceRouteTests {
    private let reader: PushReader
    private let key: TokenKey

    init() throws {
        reader = try PushReader()
        key = try TokenKey.make()
    }

    /// An office in which push is on.
    private func office(inside: Bool = false) async throws -> OfficeFixture {
        let office = try await OfficeFixture()
        let settings = PushSettings(
            key: key.stored, publicKey: Base64URL.text(try #require(key.publicPoint)),
            contact: "mailto:desk@example.ac.th", mayStayInside: inside)
        try await office.cabinet.save(
            .push, settings: SettingsText.write(settings), isOn: true, by: Samples.prasert.id, at: office.clock.now)
        return office
    }

    private func typed(_ endpoint: String = "https://push.example.com/a") -> [String: String] {
        [
            "endpoint": endpoint, "point": Base64URL.text(reader.keys.point),
            "secret": Base64URL.text(reader.keys.secret), "expires": "",
        ]
    }

    private func device(_ office: OfficeFixture, of person: Person = Samples.anan) async throws -> Device {
        #expect(try await office.post("/me/devices", fields: typed(), as: person).status == 303)
        return try #require(try await office.cabinet.devices(of: person.id).first)
    }

    private func token(_ bearer: PushBearer, _ subject: Int64, until: Moment) -> String {
        Seal(key: [UInt8](repeating: 7, count: 32))
            .sign(purpose: bearer.purpose, subject: subject, expires: until.milliseconds / 1000)
    }

    @Test func aBrowserIsPutOnTheListRungAndTakenOff() async throws {
        let office = try await office()
        let device = try await device(office)
        #expect(device.subscription?.endpoint == "https://push.example.com/a")
        #expect(device.language == "th")
        let page = try await office.get("/me", as: Samples.anan)
        let mark = Hex.text(Digest.sha256("https://push.example.com/a"))
        #expect(page.body.contains("data-mark=\"\(mark)\""))
        #expect(page.body.contains("data-key=\"\(Base64URL.text(try #require(key.publicPoint)))\""))
        #expect(!page.body.contains("push.example.com"), "an endpoint is nobody's to read")
        for path in ["/me/devices/\(device.id)/trial", "/me/devices/\(device.id)/removal"] {
            #expect(try await office.post(path, [:], as: Samples.malee).status == 404)
            #expect(try await office.post(path, [:]).status == 401)
        }
        #expect(try await office.post("/me/devices/\(device.id)/trial", [:], as: Samples.anan).status == 303)
        let waiting = try await office.cabinet.waitingDeliveries(at: office.clock.now, limits: [.push: 9])
        #expect(waiting.map(\.freight) == [.trial])
        #expect(waiting.map(\.to) == [.person(Samples.anan.id)])
        #expect(waiting.allSatisfy { $0.id.hasSuffix("/d\(device.id)") && $0.stale == office.clock.now + .minutes(1) })
        #expect(try await office.post("/me/devices/\(device.id)/removal", [:], as: Samples.anan).status == 303)
        #expect(try await office.cabinet.devices(of: Samples.anan.id) == [])
    }

    @Test func whatABrowserSaysIsLookedAt() async throws {
        let office = try await office()
        var odd: [[String: String]] = [
            "http://push.example.com/a", "https://10.0.0.1:x@y/", "", "javascript:alert(1)", "https://",
            "https://push.example.com/" + String(repeating: "a", count: 1000), "https://push.example.com/a b",
        ].map(typed)
        for (name, value) in [
            ("point", ""), ("point", "AAAA"), ("secret", "AAAA"), ("secret", "!"),
            ("point", Base64URL.text([4] + [UInt8](repeating: 1, count: 64))),
        ] {
            var fields = typed()
            fields[name] = value
            odd.append(fields)
        }
        for fields in odd {
            #expect(try await office.post("/me/devices", fields: fields, as: Samples.anan).status == 422, "\(fields)")
        }
        #expect(try await office.cabinet.devices(of: Samples.anan.id) == [])
        #expect(try await office.post("/me/devices", fields: typed()).status == 401)
        let open = try await self.office(inside: true)
        let inside = typed("http://127.0.0.1:9/a")
        #expect(try await open.post("/me/devices", fields: inside, as: Samples.anan).status == 303)
    }

    @Test func nothingIsOfferedWhilePushIsOff() async throws {
        let office = try await OfficeFixture()
        #expect(try await office.post("/me/devices", fields: typed(), as: Samples.anan).status == 404)
        #expect(try await !office.get("/me", as: Samples.anan).body.contains("id=\"devices\""))
    }

    @Test func aNoticeIsShownAndAcknowledgedByItsTokenAlone() async throws {
        let office = try await office()
        let device = try await device(office)
        try await office.matter(at: .toPrepare)
        office.clock.set(Samples.now + .hours(28))
        let notice = try #require(try await office.carry(at: office.clock.now, for: Samples.anan).last)
        let bearer = PushBearer.device(device.id)
        let good = token(bearer, notice.id.number, until: office.clock.now + .hours(1))
        func say(_ path: String, _ by: String, _ token: String) async throws -> Int {
            Int(try await office.post("/push/\(path)", ["by": by, "token": token]).status)
        }
        // Another device, another person's topic, another notice, a changed token, one that is too old.
        #expect(try await say("acknowledgement", "d\(device.id.number + 1)", good) == 404)
        #expect(try await say("acknowledgement", "p\(Samples.anan.id)", good) == 404)
        #expect(try await say("acknowledgement", "x", good) == 404)
        #expect(try await say("acknowledgement", bearer.mark, String(good.dropLast()) + "A") == 404)
        let other = token(bearer, notice.id.number + 1, until: office.clock.now + .hours(1))
        #expect(try await say("acknowledgement", bearer.mark, other) == 404)
        #expect(try await say("shown", bearer.mark, token(bearer, notice.id.number, until: office.clock.now)) == 410)
        #expect(try await office.cabinet.unacknowledged(of: Samples.anan.id) == 1)
        #expect(try await office.cabinet.device(device.id)?.answeredAt == nil)

        #expect(try await say("shown", bearer.mark, good) == 204)
        #expect(try await office.cabinet.device(device.id)?.answeredAt == office.clock.now)
        #expect(try await office.cabinet.unacknowledged(of: Samples.anan.id) == 1)
        office.clock.set(office.clock.now + .minutes(2))
        #expect(try await say("acknowledgement", bearer.mark, good) == 204)
        #expect(try await say("acknowledgement", bearer.mark, good) == 204)
        #expect(try await office.cabinet.notice(notice.id)?.acknowledgedAt == office.clock.now)
        let delivery = try await office.cabinet.deliveries(of: notice.id).first { $0.way == .push }
        #expect(delivery?.shownAt == office.clock.now - .minutes(2))
        // Taken off the list, the device says nothing any more.
        _ = try await office.cabinet.remove(device.id, of: Samples.anan.id)
        #expect(try await say("shown", bearer.mark, good) == 404)
    }

    @Test func anotherSitesPagePressesNothing() async throws {
        let office = try await office()
        let device = try await device(office)
        let bearer = PushBearer.device(device.id)
        let good = token(bearer, 0, until: office.clock.now + .hours(1))
        let headers = [
            "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site",
            "Origin": "https://evil.example",
        ]
        let answer = try await office.site.ask(
            "POST", "/push/shown", headers: headers, body: "by=\(bearer.mark)&token=\(good)")
        #expect(answer.status == 403)
        #expect(try await office.post("/push/shown", ["by": bearer.mark, "token": good]).status == 204)
        #expect(try await office.cabinet.device(device.id)?.answeredAt == office.clock.now)
    }

    @Test func aBrowserProvesItselfByItsOldAddress() async throws {
        let office = try await office()
        let device = try await device(office)
        var fresh = typed("https://push.example.com/b")
        fresh["old"] = "https://push.example.com/unknown"
        #expect(try await office.post("/push/renewal", fields: fresh).status == 404)
        fresh["old"] = "https://push.example.com/a"
        #expect(try await office.post("/push/renewal", fields: fresh).status == 204)
        #expect(try await office.cabinet.device(device.id)?.subscription?.endpoint == "https://push.example.com/b")
        fresh["endpoint"] = "http://10.0.0.1/"
        #expect(try await office.post("/push/renewal", fields: fresh).status == 422)
    }

    @Test func aSilentDeviceIsSeenByItsPersonAndByTheSecretariat() async throws {
        let office = try await office()
        let device = try await device(office)
        for week in [1, 2] { try await office.cabinet.note(checked: device.id, at: Samples.now + .days(7 * week)) }
        let matter = try await office.matter(at: .toAssign)
        let assignment = "/matters/\(matter.id)/assignment"
        office.clock.set(Samples.now + .days(14) + .hours(23))
        #expect(try await !office.get("/desk", as: Samples.anan).body.contains("class=\"alarm\""))
        #expect(try await !office.get(assignment, as: Samples.somsri).text.contains("เครื่องรับแจ้งเตือนไม่ตอบ"))
        office.clock.set(Samples.now + .days(15))
        #expect(try await office.get("/desk", as: Samples.anan).body.contains("class=\"alarm\""))
        #expect(try await !office.get("/desk", as: Samples.malee).body.contains("class=\"alarm\""))
        #expect(try await office.get(assignment, as: Samples.somsri).text.contains("เครื่องรับแจ้งเตือนไม่ตอบ"))
        #expect(try await office.get("/admin/people", as: Samples.prasert).text.contains("เครื่องรับแจ้งเตือนไม่ตอบ"))
        #expect(try await office.get("/me", as: Samples.anan).text.contains("มี 1 เครื่องที่ไม่ตอบ"))
    }

    @Test func aTopicIsMadeAndItsButtonAcknowledges() async throws {
        let office = try await office()
        #expect(try await office.post("/me/topic", [:], as: Samples.anan).status == 404)
        let settings = NtfySettings(address: "https://ntfy.example.ac.th", token: "tk_x")
        try await office.cabinet.save(
            .ntfy, settings: SettingsText.write(settings), isOn: true, by: Samples.prasert.id, at: office.clock.now)
        #expect(try await office.post("/me/topic", [:], as: Samples.anan).status == 303)
        let topic = try #require(try await office.cabinet.reach(of: Samples.anan.id, by: .ntfy))
        #expect(topic.count == 31 && topic.hasPrefix("sanyan-"))
        let page = try await office.get("/me", as: Samples.anan)
        #expect(page.body.contains("https://ntfy.example.ac.th/\(topic)"))
        #expect(!page.body.contains("tk_x"))
        try await office.matter(at: .toPrepare)
        office.clock.set(Samples.now + .hours(28))
        let notice = try #require(try await office.carry(at: office.clock.now, for: Samples.anan).last)
        let bearer = PushBearer.topic(Samples.anan.id)
        let good = token(bearer, notice.id.number, until: office.clock.now + .hours(1))
        #expect(try await office.post("/push/acknowledgement", ["by": bearer.mark, "token": good]).status == 204)
        #expect(try await office.cabinet.notice(notice.id)?.acknowledgedAt == office.clock.now)
        #expect(try await office.post("/me/topic/removal", [:], as: Samples.anan).status == 303)
        #expect(try await office.post("/push/acknowledgement", ["by": bearer.mark, "token": good]).status == 404)
    }

    @Test func whatATelephoneInstalls() async throws {
        let office = try await office()
        let manifest = try await office.get("/manifest.webmanifest")
        let read = try #require(try JSONSerialization.jsonObject(with: Data(manifest.body.utf8)) as? [String: Any])
        #expect(read["display"] as? String == "standalone")
        #expect(read["start_url"] as? String == "/desk")
        #expect(read["scope"] as? String == "/" && read["id"] as? String == "/")
        let icons = try #require(read["icons"] as? [[String: String]])
        #expect(
            icons.map { "\($0["sizes"] ?? "") \($0["purpose"] ?? "")" } == [
                "192x192 any", "512x512 any", "512x512 maskable", "96x96 monochrome", "any any",
            ])
        for icon in icons {
            let answer = try await office.get(try #require(icon["src"]))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == icon["type"])
        }
        let worker = try await office.get("/sw.js")
        #expect(worker.headers["service-worker-allowed"] == "/")
        #expect(worker.headers["cache-control"] == "no-cache")
        #expect(worker.headers["content-security-policy"] == "default-src 'none'; connect-src 'self'; img-src 'self'")
        #expect(worker.body.hasPrefix("const icons = { icon: \"/assets/icon-192-"))
    }

    @Test(arguments: [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
            false, "Chrome · Android"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1",
            true, "Safari · iPhone · App"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/130.0 Safari/537.36 Edg/130.0", false,
            "Edge · Windows"
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", false, "Firefox · Linux"),
        ("", false, "? · ?"),
    ])
    func devicesHaveNames(_ agent: String, _ isInstalled: Bool, _ name: String) {
        #expect(DeviceName.text(agent, isInstalled: isInstalled) == name)
    }
}

/// The forms by which an administrator sets the two ways up.
@Suite struct PushWayTests {
    private let words: Words

    init() throws { words = try Stationery().words(.thai) }

    private func form(_ fields: [String: String]) -> Form {
        Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    @Test func theKeyIsDrawnOnce() throws {
        let first = PushWay.read(form(["contact": "desk@example.ac.th"]), over: "", words)
        #expect(first.faults == [:])
        let settings = try #require(SettingsText.read(PushSettings.self, first.settings))
        #expect(settings.contact == "mailto:desk@example.ac.th")
        #expect(settings.isComplete && !settings.mayStayInside)
        #expect(try TokenKey(stored: settings.key).publicPoint.map(Base64URL.text) == settings.publicKey)
        let second = PushWay.read(
            form(["contact": "https://example.ac.th/", "inside": "yes"]), over: first.settings, words)
        let kept = try #require(SettingsText.read(PushSettings.self, second.settings))
        #expect(kept.key == settings.key && kept.publicKey == settings.publicKey)
        #expect(kept.contact == "https://example.ac.th/" && kept.mayStayInside)
        let shown = PushWay.fields(words, PushWay.typed(second.settings), faults: [:])
        #expect(shown.allSatisfy { !$0.value.contains(settings.publicKey) && !$0.value.contains("kty") })
        for wrong in ["", "nobody", "http://example.ac.th", "a b@example.ac.th", "x\"@example.ac.th", "https://"] {
            #expect(PushWay.read(form(["contact": wrong]), over: "", words).faults["contact"] != nil, "\(wrong)")
        }
    }

    @Test func aTokenLeftEmptyStays() throws {
        let first = NtfyWay.read(form(["address": "https://ntfy.example.ac.th//", "token": "tk_a"]), over: "", words)
        #expect(first.faults == [:])
        #expect(
            SettingsText.read(NtfySettings.self, first.settings)
                == NtfySettings(address: "https://ntfy.example.ac.th", token: "tk_a", isReduced: false))
        let second = NtfyWay.read(
            form(["address": "http://10.1.1.1:8080/ntfy", "reduced": "yes"]), over: first.settings, words)
        #expect(
            SettingsText.read(NtfySettings.self, second.settings)
                == NtfySettings(address: "http://10.1.1.1:8080/ntfy", token: "tk_a", isReduced: true))
        #expect(!NtfyWay.fields(words, NtfyWay.typed(second.settings), faults: [:]).contains { $0.value == "tk_a" })
        for wrong in ["", "ntfy.example.ac.th", "ftp://x", "https://u:p@x", "https://x?a=1", "https://"] {
            #expect(NtfyWay.read(form(["address": wrong]), over: "", words).faults["address"] != nil, "\(wrong)")
        }
        #expect(NtfyWay.read(form(["address": "https://x", "token": "a b"]), over: "", words).faults["token"] != nil)
    }
}
