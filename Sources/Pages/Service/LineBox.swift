// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The box of one's own page that binds LINE; there only while the office uses LINE.
struct LineBox: Sendable {
    /// Bound already: notices go there, and it can be undone.
    let isBound: Bool
    /// Whom to write to, as `สำนักงาน @123abcde`; nil before LINE was asked.
    let account: String?
    let friendPath: String?
    /// The code that was just drawn: shown this once.
    let fresh: Fresh?

    struct Fresh: Sendable {
        let code: String
        let said: String
        /// Opens LINE with the code already written.
        let talkPath: String?
        let qr: Markup?
    }

    static func samples(_ words: Words) -> [LineBox] {
        let friend = "https://line.me/R/ti/p/%40123abcde"
        let fresh = Fresh(
            code: "kd7m2qpx", said: words("line.code.said", 10),
            talkPath: "https://line.me/R/oaMessage/%40123abcde/?kd7m2qpx", qr: ServicePage.sampleCode)
        return [
            LineBox(isBound: false, account: "สำนักคอมพิวเตอร์ @123abcde", friendPath: friend, fresh: fresh),
            LineBox(isBound: true, account: "สำนักคอมพิวเตอร์ @123abcde", friendPath: friend, fresh: nil),
        ]
    }
}

extension Counter {
    /// The box for the person; nil in an office without LINE.
    func lineBox(_ person: Person, _ words: Words, code: String? = nil) async throws -> LineBox? {
        guard try await cabinet.way(.line).isOn else { return nil }
        let account = try await cabinet.lineAccount()
        let talk = code.flatMap { code in account.map { $0.talkAddress(saying: code) } }
        return LineBox(
            isBound: try await cabinet.reach(of: person.id, by: .line) != nil,
            account: account.map { "\($0.name) \($0.basicID)" }, friendPath: account?.friendAddress,
            fresh: code.map { code in
                LineBox.Fresh(
                    code: code, said: words("line.code.said", LineEvent.codeLife.wholeMinutes), talkPath: talk,
                    qr: talk.map { Markup(parts.papers.qrCode($0)) })
            })
    }

    /// POST /me/line: a fresh code, good for ten minutes. The one before opens nothing any more.
    func drawLineCode(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard try await cabinet.way(.line).isOn else { throw HTTPError(.notFound) }
        guard await throttle.allows("line code \(person.id)", limit: 20, within: .minutes(15), at: now()) else {
            throw HTTPError(.tooManyRequests)
        }
        let code = LineCode.draw()
        try await cabinet.revokeKeys(purpose: LineEvent.codePurpose, person: person.id)
        try await cabinet.keep(
            key: LineCode.hash(of: code), purpose: LineEvent.codePurpose, person: person.id,
            until: now() + LineEvent.codeLife)
        return try await me(visit, lineCode: code)
    }

    /// POST /me/line/removal
    func unbindLine(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        try await cabinet.setReach(of: person.id, by: .line, to: nil, at: now())
        return .seeOther("/me?done=line_unbound#line")
    }
}
