// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Puts one occasion into the words of its run sheet.
struct ServiceDrawing {
    let matter: Matter
    let offers: [Act.Name]
    let names: Names
    let phrases: Phrases
    let now: Moment
    let once: String
    let evaluation: ServicePage.EvaluationBox?
    var air: AirLine?
    /// The most who watched at once, when the studio counted them.
    var peak = 0
    var returned: ReturnedForm?

    private var words: Words { phrases.words }
    private var path: String { "/matters/\(matter.id)" }

    func page(_ frame: Frame) -> ServicePage {
        let network = names.networkCalls
        let canLog = matter.stage == .inService && offers.contains(.logIncident)
        return ServicePage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) },
            chip: ChipRow(matter.stage, phrases), when: phrases.span(matter.letter.span),
            place: [matter.letter.place, names.rooms(matter.assignment)].compactMap(\.self).joined(separator: " · "),
            matterPath: path, preparationPath: "\(path)/preparation", clock: clock, notReady: notReady,
            join: LinkRow(matter.link), air: air,
            open: offers.contains(.open) ? .init(path: "\(path)/opening", once: "\(once)-opening") : nil,
            incident: canLog
                ? .init(matter: matter, once: once, back: "\(path)/service", words: words, returned: returned) : nil,
            incidents: incidentRows(matter, names, phrases), end: offers.contains(.end) ? end : nil,
            evaluation: evaluation, officers: names.calls(matter.assignment),
            network: network.isEmpty ? nil : .init(officers: network))
    }

    private var notReady: String? {
        switch matter.stage {
        case .ready, .inService, .toEvaluate, .closed: nil
        case .toPrepare: words("run.toPrepare")
        default: words("run.notYet", phrases.stage(matter.stage))
        }
    }

    private var clock: ServicePage.Clock? {
        let span = matter.letter.span
        switch matter.stage {
        case .toPrepare, .ready:
            return span.start > now
                ? .init(
                    name: words("run.startsIn"), said: phrases.length(span.start - now), since: nil,
                    until: span.start.milliseconds)
                : .init(
                    name: words("run.lateBy"), said: phrases.length(now - span.start), since: span.start.milliseconds,
                    until: nil)
        case .inService:
            let opened = matter.openedAt ?? now
            return .init(
                name: words("run.onFor"), said: phrases.length(now - opened), since: opened.milliseconds, until: nil)
        case .toEvaluate, .closed:
            guard let opened = matter.openedAt, let ended = matter.endedAt else { return nil }
            return .init(name: words("run.lasted"), said: phrases.length(ended - opened), since: nil, until: nil)
        default: return nil
        }
    }

    private var end: ServicePage.EndForm {
        let mine = returned?.place == "ending" ? returned : nil
        return .init(
            path: "\(path)/ending", once: "\(once)-ending", isOpen: mine != nil,
            fields: [
                FieldRow(
                    "audience", words("run.audience"), .line(type: "text"),
                    value: mine?.form.text("audience") ?? (peak > 0 ? String(peak) : ""),
                    hint: words("run.audienceHint"), error: mine?.error.text, isRequired: false, isShort: true),
                FieldRow(
                    "summary", words("run.summary"), .area, value: mine?.form.text("summary") ?? "", isRequired: false),
            ])
    }
}

extension ServicePage {
    static let sampleCode = Markup(
        "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 29 29\" aria-label=\"QR\"><rect width=\"29\" height=\"29\" fill=\"#fff\"/>"
            + "<path d=\"M4 4h7v7h-7zM18 4h7v7h-7zM4 18h7v7h-7zM14 14h3v3h-3zM20 20h3v3h-3z\"/></svg>")

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let noWords = ReturnedForm(
            place: "incident-12", form: Form(fields: [FormField(name: "note", value: "<script>")]),
            error: ErrorRow(field: "incident-12", text: words("incident.noSeverity")))
        let crowd = ReturnedForm(
            place: "ending",
            form: Form(fields: [
                FormField(name: "audience", value: "หลายคน"), FormField(name: "summary", value: "เรียบร้อยดี"),
            ]), error: ErrorRow(field: "audience", text: Refusal.audienceOutOfRange.sentence(words)))
        return [
            Sample("before", sample(paper, .ready, [.open])),
            Sample("not-ready", sample(paper, .inPreparation, [.tick])),
            Sample("on", sample(paper, .inService, [.logIncident, .end])),
            Sample("incident-refused", sample(paper, .inService, [.logIncident, .end], noWords)),
            Sample("end-refused", sample(paper, .inService, [.logIncident, .end], crowd)),
            Sample("after", sample(paper, .ended, [])),
        ]
    }

    private static func sample(
        _ paper: Stationery, _ matter: SampleOccasion, _ offers: [Act.Name], _ returned: ReturnedForm? = nil
    ) -> ServicePage {
        let visit = Visit.sample(path: "/matters/12/service")
        let drawing = ServiceDrawing(
            matter: matter.matter, offers: offers, names: SampleOffice.names, phrases: Phrases(paper.words(visit)),
            now: matter.now, once: "once",
            evaluation: matter.matter.stage == .toEvaluate
                ? .init(
                    address: "http://127.0.0.1:8080/evaluate/sample", qr: sampleCode, path: "/matters/12/evaluation-qr")
                : nil,
            air: matter.matter.stage == .inService
                ? AirLine(
                    StudioSight(isThere: true, state: ConsoleSamples.onAir), of: matter.matter.id,
                    Phrases(paper.words(visit))) : nil, returned: returned)
        return drawing.page(
            paper.frame(
                visit, title: paper.words(visit)("run.title"), lead: matter.matter.letter.title,
                scripts: ["enhance.js", "clock.js", "inbox.js"]))
    }
}
