// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Pages

/// The router with every middleware, asked without a connection.
@Suite struct SiteTests {
    let site: Site

    init() throws {
        var site = try Site(paper: Stationery())
        site.showsStorybook = true
        self.site = site
    }

    @Test func health() async throws {
        let answer = try await site.ask("GET", "/healthz")
        #expect(answer.status == 200)
        #expect(answer.body == "ok\n")
    }

    @Test func everyAnswerCarriesTheSecurityHeaders() async throws {
        for path in ["/healthz", "/nowhere", site.paper.assets.stylesheet, "/storybook"] {
            let answer = try await site.ask("GET", path)
            for (name, value) in securityHeaders { #expect(answer.headers["\(name)".lowercased()] == value, "\(path)") }
        }
    }

    @Test(arguments: [("th", "ไม่พบหน้าที่ต้องการ"), ("en", "There is no such page")])
    func unknownAddressesAreAPage(language: String, heading: String) async throws {
        let answer = try await site.ask("GET", "/nowhere", headers: ["Cookie": "a=b; sanyan_lang=\(language)"])
        #expect(answer.status == 404)
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["content-language"] == language)
        #expect(answer.body.firstMatch(of: /<h1>([^<]*)<\/h1>/).map { String($0.1) } == heading)
    }

    @Test func theLanguageIsChosenAndRemembered() async throws {
        let form = ["Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"]
        let answer = try await site.ask("POST", "/language", headers: form, body: "language=en&path=%2Fregister")
        #expect(answer.status == 303)
        #expect(answer.headers["location"] == "/register")
        #expect(
            answer.headers["set-cookie"] == "sanyan_lang=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")
        let away = try await site.ask("POST", "/language", headers: form, body: "language=en&path=//evil.example")
        #expect(away.headers["location"] == "/")
        #expect(try await site.ask("POST", "/language", headers: form, body: "language=xx").status == 400)
    }

    @Test func otherSitesFormsAreRefused() async throws {
        let headers = ["Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"]
        #expect(try await site.ask("POST", "/language", headers: headers, body: "language=en").status == 403)
    }

    @Test func aBodyThatIsTooLargeIsAPage() async throws {
        let answer = try await site.ask(
            "POST", "/language", headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: String(repeating: "a", count: Form.plainLimit + 1))
        #expect(answer.status == 413)
    }

    @Test func assetsAreKeptForEver() async throws {
        for path in site.paper.assets.addresses {
            let answer = try await site.ask("GET", path)
            #expect(answer.status == 200)
            #expect(answer.headers["cache-control"] == "public, max-age=31536000, immutable")
            let tag = try #require(answer.headers["etag"])
            let again = try await site.ask("GET", path, headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.body == "")
        }
        #expect(try await site.ask("GET", "/assets/site-0.css").status == 404)
        #expect(try await site.ask("HEAD", site.paper.assets.stylesheet).status == 200)
    }

    @Test func theLayersAreOrderedBeforeAnySheetUsesThem() {
        let sheet = Assets.sheet(embeddedText)
        #expect(
            sheet.firstMatch(of: /@layer [^;{]*[;{]/).map { String($0.0) }
                == "@layer reset, tokens, base, layout, components, steps, utilities, print;")
    }

    @Test func everyStorybookPageOpens() async throws {
        let index = try await site.ask("GET", "/storybook").body
        let paths = index.matches(of: /href="(\/storybook\/[^"]*)"/).map { String($0.1) }
        #expect(paths == storybook(site.paper).map(\.path))
        for path in paths { #expect(try await site.ask("GET", path).status == 200, "\(path)") }
    }

    @Test func theManifestNamesTheOffice() async throws {
        let answer = try await site.ask("GET", "/manifest.webmanifest")
        #expect(answer.headers["content-type"] == "application/manifest+json")
        #expect(answer.body.firstMatch(of: /"short_name": "([^"]*)"/).map { String($0.1) } == "สัญญาณ")
    }
}
