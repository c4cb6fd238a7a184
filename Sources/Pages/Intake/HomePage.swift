// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The first page: what the service is, how it goes, and the three ways on from here.
struct HomePage: Page {
    static let template = "home"
    let frame: Frame
    let services: [PairRow]
    let steps: [StepRow]
    /// Signed in already: the way to the own desk instead of the sign-in page.
    let isStaff: Bool
    let following: FieldRow
    let errors: ErrorSummary?

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let broken = words("home.follow.unreadable")
        func page(_ visit: Visit, error: String?) -> HomePage {
            HomePage(
                frame: paper.frame(visit, title: words("home.title"), lead: words("home.lead")), words: words,
                office: .unnamed, isStaff: visit.signedIn != nil, link: error == nil ? "" : "http://example.ac.th/",
                error: error)
        }
        return [
            Sample("visitor", page(.sample(isSignedIn: false, path: "/"), error: nil)),
            Sample("broken-link", page(.sample(path: "/"), error: broken)),
        ]
    }

    init(frame: Frame, words: Words, office: Office, isStaff: Bool, link: String = "", error: String? = nil) {
        self.frame = frame
        self.isStaff = isStaff
        services = [
            PairRow(words("service.meeting"), words("home.meeting")),
            PairRow(words("service.broadcast"), words("home.broadcast")),
        ]
        steps = HomePage.steps(words, office: office)
        following = FieldRow(
            "link", words("home.follow.link"), value: link, hint: words("home.follow.hint"), error: error,
            autocomplete: "off")
        errors = ErrorSummary([following])
    }

    /// The published table's numbered rows, one line to a number, with the strictest limit said.
    private static func steps(_ words: Words, office: Office) -> [StepRow] {
        let phrases = Phrases(words)
        var labels: [String] = []
        for row in procedure where Int(row.label) != nil && !labels.contains(row.label) { labels.append(row.label) }
        return labels.map { label in
            let limits = procedure.filter { $0.label == label }.compactMap { row in
                office.limit(for: row.step).map { phrases.limit($0.limit, $0.counting) }
            }
            var once: [String] = []
            for limit in limits where !once.contains(limit) { once.append(limit) }
            return StepRow(
                row: label, .ahead, name: words("home.step.\(label)"), placeWord: words("home.step"),
                said: once.isEmpty ? nil : once.joined(separator: " · "))
        }
    }
}

extension Counter {
    func showHome(_ request: Request, _ visit: Visit) async throws -> Response {
        paper.show(try await home(visit), to: visit)
    }

    /// Opens the page that a pasted tracking link, or only its last part, names.
    func follow(_ request: Request, _ visit: Visit) async throws -> Response {
        let typed = try await Form.read(request).text("link")
        guard let token = trackedToken(typed) else {
            let page = try await home(visit, link: typed, error: words(visit)("home.follow.unreadable"))
            return paper.show(page, to: visit, status: .unprocessableContent)
        }
        return .seeOther("/track/\(token)")
    }

    private func home(_ visit: Visit, link: String = "", error: String? = nil) async throws -> HomePage {
        let words = words(visit)
        return HomePage(
            frame: frame(visit, words("home.title"), lead: words("home.lead")), words: words,
            office: try await cabinet.office(), isStaff: visit.person != nil, link: link, error: error)
    }
}

/// The token in a pasted link: what follows `/track/`, or the whole text; nil when it cannot be a token.
func trackedToken(_ text: String) -> String? {
    let marker = "/track/"
    var token = Substring(text.trimmed)
    if let found = token.firstRange(of: marker) { token = token[found.upperBound...] }
    token = token.prefix { !"/?# \n".contains($0) }
    let isToken =
        token.count == 43 && token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    return isToken ? String(token) : nil
}
