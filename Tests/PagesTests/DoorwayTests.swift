// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Pages

@Suite struct DoorwayTests {
    @Test(
        arguments: [
            ("GET", "cross-site", "https://evil.example", true), ("POST", "same-origin", nil, true),
            ("POST", "none", nil, true), ("POST", "cross-site", nil, false), ("POST", "same-site", nil, false),
            ("DELETE", "cross-site", nil, false), ("POST", "surprise", nil, false), ("POST", nil, nil, true),
            ("POST", nil, "http://office.example.ac.th", true), ("POST", nil, "https://OFFICE.example.ac.th:443", true),
            ("POST", nil, "https://office.example.ac.th:8443", false), ("POST", nil, "null", false),
            ("POST", nil, "https://evil.example", false), ("POST", nil, "ftp://office.example.ac.th", false),
        ] as [(String, String?, String?, Bool)])
    func onlyOurOwnPagesChangeAnything(method: String, site: String?, origin: String?, allowed: Bool) {
        #expect(isOurOwn(method: method, fetchSite: site, origin: origin, host: "office.example.ac.th") == allowed)
    }

    @Test(arguments: [
        ("/matters/12?q=x", "/matters/12"), ("/track/abc/def", "/track/…"), ("/evaluate/abc", "/evaluate/…"),
        ("/feed/abc.ics", "/feed/…"), ("/welcome/abc", "/welcome/…"), ("//track/abc", "/track/…"), ("/track", "/track"),
        ("/", "/"),
    ])
    func theLogKnowsNoSecret(path: String, logged: String) { #expect(loggedPath(path) == logged) }

    @Test(arguments: [
        ("/inbox?a=1", "/inbox?a=1"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"),
        ("/a\r\nSet-Cookie: x", "/"), ("", "/"),
    ])
    func onlyPathsOfThisSiteAreComeBackTo(text: String, path: String) { #expect(localPath(text) == path) }

    @Test func cookies() {
        #expect(cookie("b", in: "a=1; b=2=3; b=4") == "2=3")
        #expect(cookie("b", in: "ab=1; =b; b") == nil)
        #expect(cookie("b", in: nil) == nil)
        #expect(
            SetCookie("k", "v;x", path: "/", maxAgeSeconds: nil, isSecure: true).headerValue
                == "k=vx; Path=/; HttpOnly; SameSite=Lax; Secure")
        #expect(
            SetCookie.removing("k", isSecure: false).headerValue
                == "k=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    @Test func eventsOnTheWire() {
        #expect(LiveEvent("inbox", "a\nb", id: "7").wire == "event: inbox\nid: 7\ndata: a\ndata: b\n\n")
        #expect(LiveEvent("in\nbox", "").wire == "event: inbox\ndata: \n\n")
    }

    @Test func referencesCanBeReadAloud() {
        for _ in 0..<50 { #expect(Visit.newReference().wholeMatch(of: /[2-9A-HJKMNP-TV-Z]{8}/) != nil) }
    }
}
