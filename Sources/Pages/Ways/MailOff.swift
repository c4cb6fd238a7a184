// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird
import Secure

/// Ends mails of one kind for one person, by the link in such a mail; and lets them come again.
struct MailOffPage: Page {
    static let template = "mail-off"
    let frame: Frame
    let said: String
    let path: String
    let button: String
    /// What the button asks for: `off` or `on`.
    let wish: String

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        return [true, false].map { isWanted in
            Sample(
                isWanted ? "wanted" : "ended",
                MailOffPage(
                    frame: paper.frame(.sample(path: "/mail-off/awaiting/sample"), title: words("mailOff.title")),
                    .awaiting, isWanted: isWanted, path: "/mail-off/awaiting/sample", words))
        }
    }

    init(frame: Frame, _ nudge: Nudge, isWanted: Bool, path: String, _ words: Words) {
        self.frame = frame
        self.path = path
        let kind = words("mailOff.\(nudge.rawValue)")
        said = words(isWanted ? "mailOff.wanted" : "mailOff.ended", kind)
        button = words(isWanted ? "mailOff.end" : "mailOff.resume")
        wish = isWanted ? "off" : "on"
    }
}

extension Counter {
    /// GET /mail-off/:nudge/:token: asks, and changes nothing: scanners of mails press links (RFC 8058 section 1).
    func showMailOff(_ request: Request, _ visit: Visit) async throws -> Response {
        let (nudge, person) = try mailLink(visit)
        return try await mailOffPage(nudge, person, visit)
    }

    /// POST /mail-off/:nudge/:token: from the page, or from a mail program whose button says `List-Unsubscribe=One-Click`.
    func switchMail(_ request: Request, _ visit: Visit) async throws -> Response {
        let (nudge, person) = try mailLink(visit)
        let form = try await Form.read(request)
        try await cabinet.setMail(nudge, of: person, isWanted: form.text("wish") == "on", at: now())
        return try await mailOffPage(nudge, person, visit)
    }

    private func mailLink(_ visit: Visit) throws -> (Nudge, Person.ID) {
        guard let nudge = visit.parameters.get("nudge").flatMap(Nudge.init(rawValue:)) else {
            throw HTTPError(.notFound)
        }
        do {
            let subject = try seal.open(
                visit.parameters.get("token") ?? "", purpose: nudge.purpose, now: now().milliseconds / 1000)
            return (nudge, Person.ID(subject))
        } catch .expired {
            throw Sentence("link.expired", status: .gone)
        } catch {
            throw Sentence("link.broken", status: .notFound)
        }
    }

    private func mailOffPage(_ nudge: Nudge, _ person: Person.ID, _ visit: Visit) async throws -> Response {
        let words = words(visit)
        let isWanted = try await !cabinet.unwantedMail(of: person).contains(nudge)
        let page = MailOffPage(
            frame: frame(visit, words("mailOff.title")), nudge, isWanted: isWanted, path: visit.path, words)
        return paper.show(page, to: visit)
    }
}
