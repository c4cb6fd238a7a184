// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Voiding a register number with its reason (ยกเลิกเลขทะเบียน): the line stays in the register, struck through.
struct VoidPage: Page {
    static let template = "void"
    let frame: Frame
    let errors: ErrorSummary?
    let folder: String
    let about: [PairRow]
    /// Nil where nothing can be voided any more.
    let reason: FieldRow?
    let seen: String
    let once: String

    init(
        frame: Frame, matter: Matter, once: String, words: Words, typed: String = "", refusal: Refusal? = nil
    ) {
        let isOffered = offers(matter, to: [.secretariat]).contains(.void)
        self.frame = frame
        self.once = once
        folder = "/matters/\(matter.id)"
        seen = String(matter.folder.count)
        about = [
            PairRow(words("track.incoming"), matter.incoming?.description ?? "–"),
            PairRow(words("field.title"), matter.letter.title), PairRow(words("field.unit"), matter.letter.unit),
            PairRow(words("void.stage"), Phrases(words).stage(matter.stage)),
        ]
        let isMissing = refusal == .reasonMissing
        reason =
            !isOffered
            ? nil
            : FieldRow(
                "reason", words("void.reason"), .area, value: typed, hint: words("void.reason.hint"),
                error: isMissing ? words("refusal.reason_missing") : nil)
        errors = ErrorSummary(
            lines: refusal.map {
                [
                    ErrorRow(
                        field: isMissing ? "reason" : "main", text: $0.sentence(words) + " " + $0.remedy(words))
                ]
            } ?? [])
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        func page(_ matter: Matter, refusal: Refusal?) -> VoidPage {
            VoidPage(
                frame: paper.frame(.sample(path: "/matters/12/void"), title: words("void.title")), matter: matter,
                once: "sample", words: words, refusal: refusal)
        }
        return [
            Sample("blank", page(SampleMatter.matter(SampleMatter.registered), refusal: nil)),
            Sample("no-reason", page(SampleMatter.matter(SampleMatter.registered), refusal: .reasonMissing)),
            Sample("not-now", page(SampleMatter.matter(), refusal: nil)),
        ]
    }
}

extension Counter {
    func showVoid(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        return paper.show(voidPage(try await matter(visit), visit), to: visit)
    }

    func void(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        do {
            _ = try await perform(.void(reason: form.text("reason")), on: matter.id, form: form, visit: visit)
            return .seeOther("/matters/\(matter.id)?done=voided")
        } catch let refusal as Refusal {
            let page = voidPage(try await self.matter(visit), visit, typed: form, refusal: refusal)
            return paper.show(page, to: visit, status: refusal.status)
        }
    }

    private func voidPage(_ matter: Matter, _ visit: Visit, typed: Form? = nil, refusal: Refusal? = nil) -> VoidPage {
        let words = words(visit)
        return VoidPage(
            frame: frame(visit, words("void.title"), scripts: ["enhance.js"]), matter: matter,
            once: typed?.once ?? onceMark(), words: words, typed: typed?.text("reason") ?? "", refusal: refusal)
    }
}
