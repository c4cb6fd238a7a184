// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// A form of the settings: one thing is added or changed.
struct SettingsFormPage: Page {
    static let template = "settings-form"
    let frame: Frame
    let errors: ErrorSummary?
    /// Said above the fields; nil for nothing.
    let note: String?
    let path: String
    let fields: [FieldRow]
    let back: Link
    /// How the thing is taken away; nil where it stays.
    let removal: Removal?

    struct Link: Sendable {
        let label: String
        let path: String
    }

    struct Removal: Sendable {
        let label: String
        let warning: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/people/1")
        let words = paper.words(visit)
        let back = Link(label: words("people.title"), path: "/admin/people")
        let form = Form(fields: [
            .init(name: "name", value: "นางสมศรี ใจเย็น"), .init(name: "username", value: "Som sri"),
        ])
        let faults = ["username": words("account.username"), "roles": words("account.lastAdministrator")]
        let wrong = PersonForm.fields(words, form, faults: faults, isNew: false)
        let holiday = HolidayForm.fields(words, Form(), faults: [:])
        return [
            Sample(
                "person",
                SettingsFormPage(
                    frame: paper.frame(visit, title: words("people.edit")), errors: ErrorSummary(wrong), note: nil,
                    path: "/admin/people/1", fields: wrong, back: back, removal: nil)),
            Sample(
                "holiday",
                SettingsFormPage(
                    frame: paper.frame(visit, title: words("holidays.edit")), errors: nil, note: words("holidays.note"),
                    path: "/admin/holidays/2026-12-10", fields: holiday, back: back,
                    removal: Removal(label: words("holidays.remove"), warning: words("holidays.removeWarning")))),
        ]
    }
}

/// A list of the settings, with the way to each line and to a new one.
struct SettingsListPage: Page {
    static let template = "settings-list"
    let frame: Frame
    /// Other lists of the same kind, such as years; empty for none.
    let tabs: [Tab]
    let columns: [String]
    let rows: [Row]
    let empty: String
    let add: SettingsFormPage.Link?
    let back: SettingsFormPage.Link

    struct Tab: Sendable {
        let label: String
        let path: String
        let isHere: Bool
    }

    struct Row: Sendable {
        let head: Cell
        let cells: [Cell]
    }

    struct Cell: Sendable {
        let label: String
        let text: String
        let link: String?
    }

    /// A row from its texts under the columns; the first is the row's head and leads to `path`.
    static func row(_ columns: [String], _ texts: [String], path: String?) -> Row {
        Row(
            head: Cell(label: columns[0], text: texts[0], link: path),
            cells: zip(columns, texts).dropFirst().map { Cell(label: $0, text: $1, link: nil) })
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/holidays")
        let words = paper.words(visit)
        let columns = [words("holidays.day"), words("holidays.name"), words("holidays.kind")]
        let back = SettingsFormPage.Link(label: words("admin.title"), path: "/admin")
        return [
            Sample(
                "holidays",
                SettingsListPage(
                    frame: paper.frame(visit, title: words("holidays.title")),
                    tabs: [
                        Tab(label: "2569", path: "/admin/holidays?year=2569", isHere: true),
                        Tab(label: "2570", path: "/admin/holidays?year=2570", isHere: false),
                    ],
                    columns: columns,
                    rows: [
                        row(
                            columns, ["วันพฤหัสบดีที่ 10 ธันวาคม 2569", "วันรัฐธรรมนูญ", words("holidays.kind.law")],
                            path: "/admin/holidays/2026-12-10")
                    ], empty: words("holidays.empty"),
                    add: .init(label: words("holidays.add"), path: "/admin/holidays/new"), back: back)),
            Sample(
                "empty",
                SettingsListPage(
                    frame: paper.frame(visit, title: words("changes.title")), tabs: [], columns: columns, rows: [],
                    empty: words("changes.empty"), add: nil, back: back)),
        ]
    }
}

extension Counter {
    /// Shows a form of the settings; `faults` are sentences by the field's name.
    func settingsForm(
        _ visit: Visit, title: String, fields: [FieldRow], back: SettingsFormPage.Link, note: String? = nil,
        removal: SettingsFormPage.Removal? = nil
    ) -> Response {
        let errors = ErrorSummary(fields)
        let page = SettingsFormPage(
            frame: frame(visit, title), errors: errors, note: note, path: visit.path, fields: fields, back: back,
            removal: removal)
        return paper.show(page, to: visit, status: errors == nil ? .ok : .unprocessableContent)
    }

    func adminLink(_ visit: Visit) -> SettingsFormPage.Link {
        .init(label: words(visit)("admin.title"), path: "/admin")
    }
}
