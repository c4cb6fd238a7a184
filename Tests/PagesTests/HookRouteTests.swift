// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Secure
import Testing

@testable import Pages

/// A room that finds what it was told to find.
private struct PlayedWays: WayRoom {
    var trouble: Trouble?
    func probe(_ way: Way, for person: Person) async -> Trouble? { trouble }
    func probe(hook: Int64) async -> Trouble? { trouble }
}

/// Webhooks: made, tried, given a new secret, and removed on pages.
@Suite struct HookRouteTests {
    private static let address = "https://saraban.example.ac.th/hooks?key=k3y"

    private func secret(_ page: Answer) -> String? {
        page.body.firstMatch(of: /value="(whsec_[^"]+)"/).map { String($0.1) }
    }

    @Test func aSecretIsShownOnceAndEverythingElseCanBeChanged() async throws {
        let office = try await OfficeFixture(ways: PlayedWays())
        let made = try await office.post(
            "/admin/hooks/new", ["name": "สารบรรณ", "address": Self.address, "on": "yes"], as: Samples.prasert)
        #expect(made.status == 200)
        let first = try #require(secret(made))
        let hook = try #require(try await office.cabinet.hooks().first)
        #expect(hook.secret == first)
        #expect(WebhookSecret.key(first)?.count == 32)
        #expect(secret(try await office.get("/admin/hooks/\(hook.id)", as: Samples.prasert)) == nil)
        let list = try await office.get("/admin/hooks", as: Samples.prasert)
        #expect(list.text.contains("สารบรรณ"))
        #expect(list.text.contains("saraban.example.ac.th"))
        #expect(!list.body.contains("k3y"))

        let saved = try await office.post(
            "/admin/hooks/\(hook.id)",
            ["name": "สารบรรณใหม่", "address": "http://10.0.0.7:8080/in", "inside": "yes"], as: Samples.prasert)
        #expect(saved.location == "/admin/hooks/\(hook.id)?done=hook_saved")
        let changed = try #require(try await office.cabinet.hook(hook.id))
        #expect(changed.secret == first)
        #expect(changed.mayStayInside)
        #expect(!changed.isOn)

        let rotated = try await office.post("/admin/hooks/\(hook.id)/secret", [:], as: Samples.prasert)
        let second = try #require(secret(rotated))
        #expect(second != first)
        #expect(
            try await office.cabinet.hook(hook.id)?.secrets(at: Samples.now + .hours(23)) == [second, first])
        #expect(try await office.cabinet.hook(hook.id)?.secrets(at: Samples.now + .hours(24)) == [second])

        let removed = try await office.post("/admin/hooks/\(hook.id)", ["remove": "1"], as: Samples.prasert)
        #expect(removed.location == "/admin/hooks?done=hook_removed")
        #expect(try await office.get("/admin/hooks/\(hook.id)", as: Samples.prasert).status == 404)
        #expect(try await office.get("/admin/changes", as: Samples.prasert).text.contains("ลบเว็บฮุก"))
    }

    @Test(arguments: [
        ("", false, false), ("ftp://a.example", true, false), ("http://a.example", false, false),
        ("http://a.example", true, true), ("https://a.example/x?y=1", false, true),
        ("https://user:pass@a.example/", false, false), ("https://", false, false), ("https://a b", false, false),
        ("https://a.example/#x", false, false), ("javascript:alert(1)", true, false),
        ("https://ก.example", false, false),
        ("https://[::1]:8080/", false, true),
    ])
    func addresses(_ address: String, mayBePlain: Bool, isGood: Bool) {
        #expect(isHookAddress(address, mayBePlain: mayBePlain) == isGood)
    }

    @Test func whatIsWrongIsSaidAndNothingIsKept() async throws {
        let office = try await OfficeFixture()
        let answer = try await office.post(
            "/admin/hooks/new", ["name": "", "address": "http://a.example", "on": "yes"], as: Samples.prasert)
        #expect(answer.status == 422)
        #expect(answer.text.contains("ต้องเป็นที่อยู่ https://"))
        #expect(try await office.cabinet.hooks() == [])
        for path in ["/admin/hooks", "/admin/hooks/new"] {
            #expect(try await office.get(path, as: Samples.somsri).status == 403)
        }
        #expect(try await office.get("/admin/hooks/7", as: Samples.prasert).status == 404)
        #expect(try await office.get("/admin/hooks/x", as: Samples.prasert).status == 404)
    }

    @Test func theTestButtonSaysWhatItFound() async throws {
        let office = try await OfficeFixture(ways: PlayedWays(trouble: Trouble(.unreachable, "connection refused")))
        _ = try await office.post(
            "/admin/hooks/new", ["name": "a", "address": Self.address, "on": "yes"], as: Samples.prasert)
        let answer = try await office.post("/admin/hooks/1/test", [:], as: Samples.prasert)
        #expect(answer.text.contains("ติดต่อเซิร์ฟเวอร์ปลายทางไม่ได้"))
        #expect(answer.text.contains("(connection refused)"))
    }

    @Test func oneThatWasGivenUpGetsItsPatienceBackWhenItIsSwitchedOn() async throws {
        let office = try await OfficeFixture(ways: PlayedWays())
        _ = try await office.post(
            "/admin/hooks/new", ["name": "a", "address": Self.address, "on": "yes"], as: Samples.prasert)
        try await office.cabinet.note(hook: 1, .never(Trouble(.gone, "HTTP 410")), at: Samples.now)
        let page = try await office.get("/admin/hooks/1", as: Samples.prasert)
        #expect(page.text.contains("หยุดเองแล้ว"))
        #expect(try await office.get("/admin/changes", as: Samples.prasert).text.contains("เว็บฮุกหยุดเอง"))
        _ = try await office.post(
            "/admin/hooks/1", ["name": "a", "address": Self.address, "on": "yes"], as: Samples.prasert)
        let kept = try #require(try await office.cabinet.hook(1))
        #expect(kept.isOn)
        #expect(kept.stoppedAt == nil)
        #expect(kept.failingSince == nil)
    }

    @Test func anOfficeHasSoManyHooksAtMost() async throws {
        let office = try await OfficeFixture()
        for number in 1...Hook.limit {
            _ = try await office.cabinet.save(
                Hook(id: 0, name: "\(number)", address: Self.address, secret: WebhookSecret.draw()), by: nil,
                at: Samples.now)
        }
        #expect(try await !office.get("/admin/hooks", as: Samples.prasert).body.contains("/admin/hooks/new"))
        let answer = try await office.post(
            "/admin/hooks/new", ["name": "a", "address": Self.address], as: Samples.prasert)
        #expect(answer.status == 409)
    }
}
