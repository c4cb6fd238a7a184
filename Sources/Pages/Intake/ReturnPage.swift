// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Sending a declined letter back to the requesting unit (ส่งเรื่องคืน): its reason, its outgoing number, its paper.
struct ReturnPage: Page {
    static let template = "return"
    let frame: Frame
    let errors: ErrorSummary?
    let folder: String
    let decision: [PairRow]
    let limit: LimitRow?
    /// The button; nil when the letter has gone back.
    let sending: Sending?
    let sent: Sent?

    struct Sending: Sendable {
        let lateness: FieldRow?
        let seen: String
        let once: String
    }

    struct Sent: Sendable {
        let number: String
        let paper: String
    }

    init(
        frame: Frame, matter: Matter, contact: Contact?, names: Names, reckoner: Reckoner, at now: Moment, once: String,
        words: Words, typed: Form? = nil, refusal: Refusal? = nil
    ) {
        let phrases = Phrases(words)
        let deadline = reckoner.deadline(of: matter)
        let isLate = deadline?.isOverdue(at: now) ?? false
        self.frame = frame
        folder = "/matters/\(matter.id)"
        limit = deadline.map { LimitRow($0, at: now, phrases) }
        decision = ReturnPage.decision(matter, contact, names, phrases)
        sending =
            matter.stage != .toReturn
            ? nil
            : Sending(
                lateness: isLate ? RegistrationPage.lateness(typed, words) : nil, seen: String(matter.folder.count),
                once: once)
        sent =
            matter.stage != .returned
            ? nil : matter.outgoing.last.map { Sent(number: $0.description, paper: "/matters/\(matter.id)/return.pdf") }
        errors = ErrorSummary(
            lines: refusal.map {
                [ErrorRow(field: "main", text: $0.sentence(words) + " " + $0.remedy(words))]
            } ?? [])
    }

    private static func decision(
        _ matter: Matter, _ contact: Contact?, _ names: Names, _ phrases: Phrases
    ) -> [PairRow] {
        let words = phrases.words
        var rows = [
            PairRow(words("return.to"), matter.letter.unit), PairRow(words("field.title"), matter.letter.title),
            PairRow(words("track.incoming"), matter.incoming?.description ?? "–"),
        ]
        if let decision = matter.decision, !decision.isApproval {
            rows += [
                PairRow(words("return.reason"), decision.reason.map(phrases.declineReason) ?? "–"),
                PairRow(words("return.words"), decision.note.isEmpty ? "–" : decision.note),
                PairRow(words("return.by"), "\(names.person(decision.by)) · \(phrases.moment(decision.at))"),
            ]
        }
        let ways = [contact?.name, contact?.phone, contact?.mail].compactMap(\.self).filter { !$0.isEmpty }
        rows.append(PairRow(words("letter.about_contact"), ways.isEmpty ? "–" : ways.joined(separator: " · ")))
        return rows
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let declined: [(Act, Hand)] = [
            SampleMatter.registered, (.submit, SampleMatter.secretary), SampleMatter.declined,
        ]
        func page(_ acts: [(Act, Hand)], after: Length, refusal: Refusal? = nil) -> ReturnPage {
            ReturnPage(
                frame: paper.frame(.sample(path: "/matters/12/return"), title: words("return.title")),
                matter: SampleMatter.matter(acts), contact: SampleMatter.contact, names: Names(people: [], rooms: []),
                reckoner: SampleMatter.reckoner, at: SampleMatter.now + after, once: "sample", words: words,
                refusal: refusal)
        }
        return [
            Sample("to-return", page(declined, after: .hours(1))),
            Sample(
                "late", page(declined, after: .days(2), refusal: .stalePage(stage: .toReturn, by: nil))),
            Sample("returned", page(declined + [(.sendBack, SampleMatter.secretary)], after: .hours(1))),
        ]
    }
}

extension Counter {
    func showReturn(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        return try await returnPage(try await matter(visit), visit)
    }

    func sendBack(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        do {
            _ = try await perform(.sendBack, on: matter.id, form: form, visit: visit)
            return .seeOther("/matters/\(matter.id)/return?done=sent_back")
        } catch let refusal as Refusal {
            return try await returnPage(try await self.matter(visit), visit, typed: form, refusal: refusal)
        }
    }

    /// The paper that goes back with the letter, signed by who decided, or by who found it incomplete.
    func returnPDF(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .executive, visit: visit)
        let matter = try await matter(visit)
        let signer = matter.folder.last { entry in
            switch entry.fact {
            case .declined, .returnedForCompletion: true
            default: false
            }
        }
        guard !matter.outgoing.isEmpty, let signer else { throw HTTPError(.notFound) }
        let bytes = try await parts.papers.returnPDF(
            of: matter, contact: try await cabinet.contact(of: matter.id),
            signer: try await names().people[signer.person ?? Person.ID(0)], office: try await cabinet.office())
        return .paper(bytes, name: "return-\(matter.id).pdf")
    }

    private func returnPage(
        _ matter: Matter, _ visit: Visit, typed: Form? = nil, refusal: Refusal? = nil
    ) async throws -> Response {
        let words = words(visit)
        let page = ReturnPage(
            frame: frame(visit, words("return.title"), lead: matter.letter.title, scripts: ["enhance.js"]),
            matter: matter, contact: try await cabinet.contact(of: matter.id), names: try await names(),
            reckoner: try await reckoner(), at: now(), once: typed?.once ?? onceMark(), words: words, typed: typed,
            refusal: refusal)
        return paper.show(page, to: visit, status: refusal?.status ?? .ok)
    }
}
