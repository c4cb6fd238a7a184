// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The form of a room.
enum RoomForm {
    static func typed(_ room: Room?) -> Form {
        guard let room else {
            return Form(fields: [.init(name: "megabits", value: "20"), .init(name: "active", value: "yes")])
        }
        let texts = [
            ("name", room.name), ("building", room.building), ("seats", String(room.seats)),
            ("megabits", String(room.megabitsPerSecond)),
        ]
        return Form(
            fields: texts.map { FormField(name: $0, value: $1) }
                + (room.isActive ? [FormField(name: "active", value: "yes")] : []))
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        func line(_ name: String, _ label: String, hint: String? = nil, isShort: Bool = false) -> FieldRow {
            FieldRow(name, label, value: form.text(name), hint: hint, error: faults[name], isShort: isShort)
        }
        return [
            line("name", words("rooms.name")), line("building", words("rooms.building")),
            line("seats", words("rooms.seats"), isShort: true),
            line("megabits", words("rooms.megabits"), hint: words("rooms.megabitsHint"), isShort: true),
            FieldRow(
                "active", words("people.state"),
                .checks([.init("yes", words("rooms.active"), isChosen: form.isOn("active"))]),
                hint: words("rooms.activeHint"), isRequired: false),
        ]
    }

    static func faults(_ form: Form, _ words: Words) -> [String: String] {
        var faults: [String: String] = [:]
        for name in ["name", "building"] {
            if form.text(name).isEmpty { faults[name] = words("admin.missing") }
            if form.text(name).count > 200 { faults[name] = words("admin.tooLong", 200) }
        }
        if !(form.wholeNumber("seats").map { (1...100_000).contains($0) } ?? false) {
            faults["seats"] = words("admin.range", 1, "100,000")
        }
        if !(form.wholeNumber("megabits").map { (1...100_000).contains($0) } ?? false) {
            faults["megabits"] = words("admin.range", 1, "100,000")
        }
        return faults
    }
}

extension Form {
    /// A whole number in Arabic or Thai digits, with or without commas.
    func wholeNumber(_ name: String) -> Int? { Int(ThaiDate.arabicDigits(text(name)).filter { $0 != "," }) }
}

extension Counter {
    /// GET /admin/rooms
    func showRooms(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let words = words(visit)
        let columns = [
            words("rooms.name"), words("rooms.building"), words("rooms.seats"), words("rooms.megabits"),
            words("people.state"),
        ]
        let rows = try await cabinet.rooms().map { room in
            SettingsListPage.row(
                columns,
                [
                    room.name, room.building, grouped(room.seats), grouped(room.megabitsPerSecond),
                    room.isActive ? words("rooms.active") : words("rooms.inactive"),
                ], path: "/admin/rooms/\(room.id)")
        }
        let page = SettingsListPage(
            frame: frame(visit, words("rooms.title")), tabs: [], columns: columns, rows: rows,
            empty: words("rooms.empty"), add: .init(label: words("rooms.add"), path: "/admin/rooms/new"),
            back: adminLink(visit))
        return paper.show(page, to: visit)
    }

    /// GET and POST /admin/rooms/new and /admin/rooms/:id
    func editRoom(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        let number = visit.parameters.get("id")
        let rooms = try await cabinet.rooms()
        let known = number.flatMap { Room.ID($0) }.flatMap { id in rooms.first { $0.id == id } }
        guard number == "new" || known != nil else { throw HTTPError(.notFound) }
        let back = SettingsFormPage.Link(label: words("rooms.title"), path: "/admin/rooms")
        let title = known == nil ? words("rooms.add") : words("rooms.edit")
        guard request.method == .post else {
            let fields = RoomForm.fields(words, RoomForm.typed(known), faults: [:])
            return settingsForm(visit, title: title, fields: fields, back: back)
        }
        let form = try await Form.read(request)
        let faults = RoomForm.faults(form, words)
        guard faults.isEmpty, let seats = form.wholeNumber("seats"), let megabits = form.wholeNumber("megabits")
        else {
            let fields = RoomForm.fields(words, form, faults: faults)
            return settingsForm(visit, title: title, fields: fields, back: back)
        }
        let room = Room(
            id: known?.id ?? Room.ID(0), name: form.text("name"), building: form.text("building"), seats: seats,
            megabitsPerSecond: megabits, isActive: form.isOn("active"))
        _ = try await cabinet.save(room, by: administrator.id, at: now())
        return .seeOther("/admin/rooms?done=room_saved")
    }
}
