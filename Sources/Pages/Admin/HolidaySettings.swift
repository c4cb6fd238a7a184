// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The form of a holiday.
enum HolidayForm {
    static func typed(_ holiday: Holiday?) -> Form {
        guard let holiday else { return Form(fields: [.init(name: "kind", value: Holiday.Kind.law.rawValue)]) }
        let texts = [
            ("day", ThaiDate.typed(holiday.day)), ("name", holiday.name), ("kind", holiday.kind.rawValue),
            ("source", holiday.source),
        ]
        return Form(fields: texts.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        let kinds = Holiday.Kind.allCases.map { kind in
            FieldRow.Option(
                kind.rawValue, words("holidays.kind.\(kind.rawValue)"), isChosen: form.text("kind") == kind.rawValue)
        }
        return [
            FieldRow(
                "day", words("holidays.day"), value: form.text("day"), hint: words("holidays.dayHint"),
                error: faults["day"], isShort: true, autocomplete: "off"),
            FieldRow("name", words("holidays.name"), value: form.text("name"), error: faults["name"]),
            FieldRow("kind", words("holidays.kind"), .radios(kinds), error: faults["kind"]),
            FieldRow(
                "source", words("holidays.source"), value: form.text("source"), hint: words("holidays.sourceHint"),
                error: faults["source"]),
        ]
    }

    /// The holiday as typed, or sentences by field.
    static func read(_ form: Form, known: Holiday?, all: [Holiday], _ words: Words) -> (Holiday?, [String: String]) {
        var faults: [String: String] = [:]
        var day: Day?
        do throws(DateFault) { day = try ThaiDate.parse(form.text("day")) } catch {
            faults["day"] = error.sentence(words)
        }
        if let day, day != known?.day, all.contains(where: { $0.day == day }) {
            faults["day"] = words("holidays.taken")
        }
        for name in ["name", "source"] {
            if form.text(name).isEmpty { faults[name] = words("admin.missing") }
            if form.text(name).count > 300 { faults[name] = words("admin.tooLong", 300) }
        }
        let kind = Holiday.Kind(rawValue: form.text("kind"))
        if kind == nil { faults["kind"] = words("admin.choose") }
        guard faults.isEmpty, let day, let kind else { return (nil, faults) }
        return (Holiday(day: day, name: form.text("name"), kind: kind, source: form.text("source")), [:])
    }
}

extension Counter {
    /// GET /admin/holidays?year=2569
    func showHolidays(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let (words, phrases) = (words(visit), phrases(visit))
        let holidays = try await cabinet.holidays().sorted { $0.day < $1.day }
        let thisYear = Day(of: now()).buddhistYear
        let year = request.uri.queryParameters["year"].flatMap { Int($0) } ?? thisYear
        let years = Set(holidays.map(\.day.buddhistYear)).union([thisYear, thisYear + 1]).sorted()
        let columns = [
            words("holidays.day"), words("holidays.name"), words("holidays.kind"), words("holidays.source"),
        ]
        let rows = holidays.filter { $0.day.buddhistYear == year }.map { holiday in
            SettingsListPage.row(
                columns,
                [
                    phrases.date(holiday.day), holiday.name, words("holidays.kind.\(holiday.kind.rawValue)"),
                    holiday.source,
                ], path: "/admin/holidays/\(holiday.day)")
        }
        let page = SettingsListPage(
            frame: frame(
                visit, words("holidays.titleOf", year), lead: words("holidays.note"),
                notice: movedNotice(request, words)),
            tabs: years.map {
                .init(label: words("holidays.year", $0), path: "/admin/holidays?year=\($0)", isHere: $0 == year)
            },
            columns: columns, rows: rows, empty: words("holidays.empty"),
            add: .init(label: words("holidays.add"), path: "/admin/holidays/new"), back: adminLink(visit))
        return paper.show(page, to: visit)
    }

    /// GET and POST /admin/holidays/new and /admin/holidays/2026-12-10
    func editHoliday(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        let name = visit.parameters.get("day") ?? ""
        let holidays = try await cabinet.holidays()
        let known = Day(iso: name).flatMap { day in holidays.first { $0.day == day } }
        guard name == "new" || known != nil else { throw HTTPError(.notFound) }
        func page(_ form: Form, _ faults: [String: String]) -> Response {
            let removal =
                known == nil
                ? nil
                : SettingsFormPage.Removal(label: words("holidays.remove"), warning: words("holidays.removeWarning"))
            return settingsForm(
                visit, title: known == nil ? words("holidays.add") : words("holidays.edit"),
                fields: HolidayForm.fields(words, form, faults: faults),
                back: .init(label: words("holidays.title"), path: "/admin/holidays"), note: words("holidays.note"),
                removal: removal)
        }
        guard request.method == .post else { return page(HolidayForm.typed(known), [:]) }
        let form = try await Form.read(request)
        let before = try await dueMoments()
        if form.isOn("remove"), let known {
            try await cabinet.removeHoliday(on: known.day, by: administrator.id, at: now())
            return try await moved(before, to: "/admin/holidays?year=\(known.day.buddhistYear)&")
        }
        let (holiday, faults) = HolidayForm.read(form, known: known, all: holidays, words)
        guard let holiday else { return page(form, faults) }
        try await cabinet.save(holiday, by: administrator.id, at: now())
        if let known, known.day != holiday.day {
            try await cabinet.removeHoliday(on: known.day, by: administrator.id, at: now())
        }
        return try await moved(before, to: "/admin/holidays?year=\(holiday.day.buddhistYear)&")
    }

    /// When every open matter is due: the step it waits for, and the day of its test.
    func dueMoments() async throws -> [Matter.ID: [Moment?]] {
        var filter = MatterFilter()
        filter.stages = Set(Stage.allCases.filter { !$0.isFinal && $0 != .letterAwaited })
        filter.limit = 0
        let reckoner = try await reckoner()
        let matters = try await cabinet.matters(filter)
        return Dictionary(
            matters.map { matter in
                let test = reckoner.deadline(
                    for: .preparation, began: matter.letter.span.start, span: matter.letter.span)
                return (matter.id, [reckoner.deadline(of: matter)?.due, test?.due])
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Goes on to a list that says how many open deadlines have moved.
    func moved(_ before: [Matter.ID: [Moment?]], to path: String) async throws -> Response {
        let after = try await dueMoments()
        let count = before.filter { id, due in after[id].map { $0 != due } ?? false }.count
        return .seeOther("\(path)moved=\(count)")
    }

    func movedNotice(_ request: Request, _ words: Words) -> NoticeRow? {
        guard let count = request.uri.queryParameters["moved"].flatMap({ Int($0) }), count >= 0 else { return nil }
        return count == 0
            ? NoticeRow(.good, words("admin.movedNone")) : NoticeRow(.warn, words("admin.moved", count))
    }
}
