// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Logging

extension Counter {
    /// Lets somebody in whom the university vouches for, or says why not.
    func letIn(_ outsider: Outsider, _ request: Request, _ visit: Visit, to: String) async throws -> Response {
        let judgement = try await cabinet.arrive(outsider, at: now())
        if let reason = judgement.turnedAway {
            return try await signInPage(
                visit, to: to, trouble: EntranceWords(words(visit)).sentence(reason), .forbidden)
        }
        guard let person = judgement.person else { throw HTTPError(.forbidden) }
        return try await letIn(person, request, visit, to: to)
    }

    /// The sign-in page again, with what went wrong outside and what to do. The details are for the log.
    func outsideFailed(_ fault: EntranceFault, _ visit: Visit, to: String) async throws -> Response {
        visit.logger.notice(
            "sign-in from outside", metadata: ["fault": "\(fault.kind.rawValue)", "detail": "\(fault.detail)"])
        let words = EntranceWords(words(visit))
        // Never 502 or the like, also when the other end is to blame: what stands before us would put its own page there.
        return try await signInPage(
            visit, to: to, trouble: words.sentence(fault) + " " + words.remedy(fault), .unprocessableContent)
    }
}

/// The sentences of the entrance.
struct EntranceWords: Sendable {
    let words: Words

    init(_ words: Words) { self.words = words }

    func sentence(_ fault: EntranceFault) -> String {
        let text = words("entrance.fault.\(fault.kind.rawValue)")
        return fault.detail.isEmpty ? text : "\(text) (\(fault.detail))"
    }

    func remedy(_ fault: EntranceFault) -> String { words("entrance.remedy.\(fault.kind.rawValue)") }
    func sentence(_ reason: TurnedAway) -> String { words("entrance.away.\(reason.rawValue)") }

    func row(_ finding: EntranceFinding) -> FindingRow {
        if let fault = finding.fault {
            return FindingRow(
                tone: "bad", icon: "!", name: words("entrance.step.\(finding.step.rawValue)"), text: sentence(fault),
                remedy: remedy(fault))
        }
        let step = finding.step.rawValue
        let text =
            finding.isRemark
            ? words("entrance.remark.\(step)", finding.detail) : words("entrance.well.\(step)", finding.detail)
        return FindingRow(
            tone: finding.isRemark ? "warn" : "good", icon: finding.isRemark ? "i" : "✓",
            name: words("entrance.step.\(step)"), text: text, remedy: nil)
    }

    func roles(_ roles: Set<Role>) -> String {
        roles.isEmpty
            ? words("entrance.noRole")
            : Role.held.filter { roles.contains($0) }.map { words("role.\($0.rawValue)") }
                .joined(separator: " · ")
    }
}

/// One line of what a test found: colour, icon and words.
struct FindingRow: Sendable {
    let tone: String
    let icon: String
    let name: String
    let text: String
    let remedy: String?
}
