// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Hummingbird
import NIOCore

/// The stationery (เครื่องเขียน): templates, words and assets, read once when the program starts and handed to every page.
public struct Stationery: Sendable {
    public let templates: Templates
    public let assets: Assets
    private let thai: Words
    private let english: Words

    /// Reads everything that is embedded in the binary; throws when a template or the words are broken.
    public init() throws { try self.init(files: embeddedText) }

    init(files: [String: String]) throws {
        thai = try Words(.thai, from: files)
        english = try Words(.english, from: files)
        templates = try Templates(files, words: [.thai: thai, .english: english])
        assets = Assets(files)
    }

    /// The words of a language.
    public func words(_ language: Language) -> Words { language == .thai ? thai : english }

    /// The words of the language a person reads.
    public func words(_ visit: Visit) -> Words { words(visit.language) }

    /// What surrounds a page. `scripts` are names in `Scripts`, as `inbox.js`.
    public func frame(
        _ visit: Visit, title: String, lead: String? = nil, notice: NoticeRow? = nil, scripts: [String] = []
    ) -> Frame {
        let words = words(visit)
        return Frame(
            title: title, lead: lead, officeName: visit.officeName ?? words("layout.office"),
            menu: (visit.signedIn?.menu ?? []).map { row in
                Frame.MenuRow(row.label, path: row.path, isHere: isHere(row.path, visit.path), count: row.count)
            },
            personName: visit.signedIn?.name, roleName: visit.signedIn?.role,
            demoBanner: visit.isDemo ? words("layout.demo") : nil, notice: notice,
            languages: [
                .init(code: "th", name: "ไทย", isHere: visit.language == .thai),
                .init(code: "en", name: "English", isHere: visit.language == .english),
            ],
            path: visit.path, language: visit.language.rawValue, styles: assets.stylesheet, icon: assets.icon,
            touchIcon: assets.picture("touch-180"), alarm: visit.signedIn?.alarm,
            scripts: scripts.map(assets.script), isSignedIn: visit.signedIn != nil)
    }

    private func isHere(_ item: String, _ path: String) -> Bool {
        path == item || (item != "/" && path.hasPrefix(item + "/"))
    }

    /// A page as an answer, never cached: what it shows may change, and another person may use the machine next.
    public func show<P: Page>(_ page: P, to visit: Visit, status: HTTPResponse.Status = .ok) -> Response {
        .html(templates.render(page, in: visit.language), status: status, language: visit.language)
    }
}

extension Response {
    /// A page of HTML that must not be kept.
    static func html(_ text: String, status: HTTPResponse.Status, language: Language) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentLanguage] = language.rawValue
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// "See other" (RFC 9110, 15.4.4): after a POST the browser fetches this page, so reloading sends nothing twice.
    public static func seeOther(_ path: String, setCookies: [SetCookie] = []) -> Response {
        var response = Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
        for cookie in setCookies { response.set(cookie) }
        return response
    }

    /// Adds a `Set-Cookie` line.
    public mutating func set(_ cookie: SetCookie) {
        headers.append(HTTPField(name: .setCookie, value: cookie.headerValue))
    }
}

/// A path on this site to come back to, or `fallback` when the text names another site or no path.
public func localPath(_ text: String, or fallback: String = "/") -> String {
    guard text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
        text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
    else { return fallback }
    return text
}
