// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The form of the limits: each step's published limit, and beside it the office's own.
enum LimitForm {
    /// The steps whose limit is a number that an office may set.
    static let steps: [Step] = [
        .registration, .submission, .decision, .calendar, .preparation, .networkNotice, .sendBack,
    ]

    /// The limit in force when the office has set none of its own.
    static func published(_ step: Step, _ office: Office) -> OfficeLimit? {
        var plain = office
        plain.limits = [:]
        return plain.limit(for: step)
    }

    static func typed(_ office: Office) -> Form {
        var texts: [(String, String)] = []
        for step in steps {
            guard let limit = office.limit(for: step) else { continue }
            texts.append(("\(step.rawValue)-amount", limit.limit.amount.map { String($0) } ?? ""))
            texts.append(("\(step.rawValue)-counting", limit.counting.rawValue))
        }
        texts += [
            ("reminder", String(office.reminderMinutes)), ("evaluation", String(office.evaluationDays)),
            ("setup", String(office.setUpMinutes)), ("teardown", String(office.tearDownMinutes)),
        ]
        return Form(fields: texts.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ phrases: Phrases, _ office: Office, _ form: Form, faults: [String: String]) -> [FieldRow] {
        let words = phrases.words
        var rows: [FieldRow] = []
        for step in steps {
            guard let published = published(step, office) else { continue }
            let isOurs = !procedure.contains { $0.step == step && ($0.limit ?? $0.prose) != nil }
            let said = phrases.limit(published.limit, published.counting)
            let amount = "\(step.rawValue)-amount"
            rows.append(
                FieldRow(
                    amount, words("limits.amount", phrases.step(step), words("limits.unit.\(published.limit.unit)")),
                    value: form.text(amount),
                    hint: isOurs ? words("limits.ours", said) : words("limits.published", said), error: faults[amount],
                    isShort: true))
            guard published.limit.isCounted else { continue }
            let counting = "\(step.rawValue)-counting"
            rows.append(
                FieldRow(
                    counting, words("limits.counting", phrases.step(step)),
                    .select(
                        Counting.allCases.map { kind in
                            .init(
                                kind.rawValue, words("counting.\(kind.rawValue)"),
                                isChosen: form.text(counting) == kind.rawValue)
                        })))
        }
        for (name, _, _) in numbers {
            rows.append(
                FieldRow(
                    name, words("limits.\(name)"), value: form.text(name), hint: words("limits.hint.\(name)"),
                    error: faults[name], isShort: true))
        }
        return rows
    }

    /// Name, smallest, largest.
    static let numbers: [(String, Int, Int)] = [
        ("reminder", 5, 1440), ("evaluation", 1, 90), ("setup", 0, 1440), ("teardown", 0, 1440),
    ]

    /// The office with the limits as typed, or sentences by field.
    static func read(_ form: Form, into office: Office, _ words: Words) -> (Office, [String: String]) {
        var (next, faults) = (office, [String: String]())
        for (name, least, most) in numbers
        where !(form.wholeNumber(name).map { (least...most).contains($0) } ?? false) {
            faults[name] = words("admin.range", least, grouped(most))
        }
        next.reminderMinutes = form.wholeNumber("reminder") ?? office.reminderMinutes
        next.evaluationDays = form.wholeNumber("evaluation") ?? office.evaluationDays
        next.setUpMinutes = form.wholeNumber("setup") ?? office.setUpMinutes
        next.tearDownMinutes = form.wholeNumber("teardown") ?? office.tearDownMinutes
        for step in steps {
            guard let published = published(step, office) else { continue }
            let amount = form.wholeNumber("\(step.rawValue)-amount") ?? 0
            guard (1...published.limit.most).contains(amount) else {
                faults["\(step.rawValue)-amount"] = words("admin.range", 1, grouped(published.limit.most))
                continue
            }
            let counting = Counting(rawValue: form.text("\(step.rawValue)-counting")) ?? .clock
            let own = OfficeLimit(published.limit.with(amount), counting: counting)
            next.limits[step] = own == published ? nil : own
        }
        return (next, faults)
    }
}

extension Limit {
    /// The number in it; nil for a limit that has none.
    var amount: Int? {
        switch self {
        case .minutes(let count), .hours(let count), .days(let count), .workingDaysBefore(let count),
            .minutesBefore(let count):
            count
        case .asTheLetterSays, .everyMonth: nil
        }
    }

    /// The same kind of limit with another number.
    func with(_ amount: Int) -> Limit {
        switch self {
        case .minutes: .minutes(amount)
        case .hours: .hours(amount)
        case .days: .days(amount)
        case .workingDaysBefore: .workingDaysBefore(amount)
        case .minutesBefore: .minutesBefore(amount)
        case .asTheLetterSays, .everyMonth: self
        }
    }

    /// `limits.unit.<unit>` in the words.
    var unit: String {
        switch self {
        case .minutes: "minutes"
        case .hours: "hours"
        case .days: "days"
        case .workingDaysBefore: "workingDaysBefore"
        case .minutesBefore: "minutesBefore"
        case .asTheLetterSays, .everyMonth: "none"
        }
    }

    /// Whether it matters how its hours are counted.
    var isCounted: Bool { unit == "minutes" || unit == "hours" }

    /// The largest number that makes sense: a week of minutes, a month of hours.
    var most: Int {
        switch self {
        case .minutes, .minutesBefore: 10_080
        case .hours: 720
        case .days: 90
        case .workingDaysBefore: 30
        case .asTheLetterSays, .everyMonth: 1
        }
    }
}

extension Counter {
    /// GET and POST /admin/limits
    func editLimits(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let phrases = phrases(visit)
        let office = try await cabinet.office()
        func page(_ form: Form, _ faults: [String: String], notice: NoticeRow? = nil) -> Response {
            let fields = LimitForm.fields(phrases, office, form, faults: faults)
            let errors = ErrorSummary(fields)
            let page = SettingsFormPage(
                frame: frame(visit, phrases.words("limits.title"), lead: phrases.words("limits.lead"), notice: notice),
                errors: errors, note: nil, path: visit.path, fields: fields, back: adminLink(visit), removal: nil)
            return paper.show(page, to: visit, status: errors == nil ? .ok : .unprocessableContent)
        }
        guard request.method == .post else {
            return page(LimitForm.typed(office), [:], notice: movedNotice(request, phrases.words))
        }
        let form = try await Form.read(request)
        let (next, faults) = LimitForm.read(form, into: office, phrases.words)
        guard faults.isEmpty else { return page(form, faults) }
        let before = try await dueMoments()
        try await cabinet.save(next, by: administrator.id, at: now())
        return try await moved(before, to: "/admin/limits?")
    }
}
