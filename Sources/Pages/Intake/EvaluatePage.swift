// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Three questions from 1 to 5 and a free line (แบบประเมินผล), by a signed link and without an account.
struct EvaluatePage: Page {
    static let template = "evaluate"
    let frame: Frame
    let errors: ErrorSummary?
    let about: [PairRow]
    let questions: [Question]
    let comment: FieldRow?
    let path: String
    let once: String
    /// The answers are in; nothing is asked any more.
    let thanks: String?

    /// One question with five large buttons.
    struct Question: Sendable {
        let name: String
        let text: String
        let wrong: String?
        let scores: [Score]

        struct Score: Sendable {
            let field: String
            let value: String
            let word: String
            let isChosen: Bool
        }
    }

    init(frame: Frame, matter: Matter, form: Form, wasSent: Bool, token: String, once: String, words: Words) {
        self.frame = frame
        self.once = once
        path = "/evaluate/\(token)"
        about = [
            PairRow(words("field.title"), matter.letter.title),
            PairRow(words("track.when"), Phrases(words).span(matter.letter.span)),
        ]
        let isOpen = matter.stage == .toEvaluate
        thanks = isOpen ? nil : words(matter.evaluation == nil ? "evaluate.closed" : "evaluate.thanks.text")
        questions = !isOpen ? [] : EvaluatePage.names.map { EvaluatePage.question($0, form, wasSent: wasSent, words) }
        comment =
            !isOpen
            ? nil
            : FieldRow(
                "comment", words("evaluate.comment"), .area, value: form.text("comment"),
                hint: words("evaluate.comment.hint"),
                error: form.text("comment").count > noteLimit ? words("refusal.note_too_long", noteLimit) : nil,
                isRequired: false)
        let lines =
            questions.compactMap { question in
                question.wrong.map { ErrorRow(field: question.name, text: "\(question.text): \($0)") }
            }
            + [comment?.errorRow].compactMap(\.self)
        errors = ErrorSummary(lines: lines)
    }

    private static let names = ["overall", "signal", "staff"]

    private static func question(_ name: String, _ form: Form, wasSent: Bool, _ words: Words) -> Question {
        let chosen = form.number(name)
        let isWrong = wasSent && !(1...5).contains(chosen ?? 0)
        return Question(
            name: name, text: words("evaluate.question.\(name)"), wrong: isWrong ? words("evaluate.choose") : nil,
            scores: (1...5).map { score in
                .init(
                    field: name, value: String(score), word: words("evaluate.score.\(score)"),
                    isChosen: chosen == score)
            })
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let officer = Hand.person(Person.ID(5), [.officer])
        let ended: [(Act, Hand)] = [
            SampleMatter.registered, (.submit, SampleMatter.secretary), SampleMatter.approved, SampleMatter.assigned,
            (.override(reason: "ทดสอบแล้ว"), officer), (.open, officer),
            (.end(Summary(audience: 400), note: ""), officer),
        ]
        func page(_ acts: [(Act, Hand)], _ form: Form, wasSent: Bool) -> EvaluatePage {
            EvaluatePage(
                frame: paper.frame(
                    .sample(isSignedIn: false, path: "/evaluate/sample"), title: words("evaluate.title"),
                    lead: words("evaluate.lead")), matter: SampleMatter.matter(acts), form: form, wasSent: wasSent,
                token: "sample", once: "sample", words: words)
        }
        let half = Form(fields: [
            FormField(name: "overall", value: "5"), FormField(name: "comment", value: "ภาพคมชัดมาก <3"),
        ])
        let answered = (Act.evaluate(Evaluation(overall: 5, signal: 4, staff: 5), note: ""), Hand.requester)
        return [
            Sample("blank", page(ended, Form(), wasSent: false)), Sample("half", page(ended, half, wasSent: true)),
            Sample("thanks", page(ended + [answered], Form(), wasSent: false)),
        ]
    }
}

extension Counter {
    func showEvaluation(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "evaluate", visit)
        return paper.show(evaluationPage(matter, Form(), wasSent: false, visit), to: visit)
    }

    func evaluate(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "evaluate", visit)
        let form = try await Form.read(request)
        let answers = Evaluation(
            overall: form.number("overall") ?? 0, signal: form.number("signal") ?? 0, staff: form.number("staff") ?? 0)
        do {
            _ = try await cabinet.perform(
                .evaluate(answers, note: form.text("comment")), on: matter.id, by: .requester, at: now(), seen: nil,
                contact: nil, lateReason: "", once: form.once)
            return .seeOther("/evaluate/\(visit.parameters.get("token") ?? "")?done=evaluated")
        } catch let refusal as Refusal {
            let page = evaluationPage(try await self.matter(by: "evaluate", visit), form, wasSent: true, visit)
            return paper.show(page, to: visit, status: refusal.status)
        }
    }

    private func evaluationPage(_ matter: Matter, _ form: Form, wasSent: Bool, _ visit: Visit) -> EvaluatePage {
        let words = words(visit)
        let isAsked = matter.stage == .toEvaluate
        return EvaluatePage(
            frame: frame(
                visit, words(isAsked || matter.evaluation == nil ? "evaluate.title" : "evaluate.thanks"),
                lead: isAsked ? words("evaluate.lead") : nil, scripts: ["enhance.js"]),
            matter: matter, form: form, wasSent: wasSent, token: visit.parameters.get("token") ?? "",
            once: form.once ?? onceMark(), words: words)
    }
}
