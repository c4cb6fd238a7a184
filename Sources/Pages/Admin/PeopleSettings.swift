// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The form of a person: what it shows, what it understands, what is wrong with it.
enum PersonForm {
    static func typed(_ person: Person) -> Form {
        var fields = [
            ("name", person.name), ("position", person.position), ("username", person.username),
            ("phone", person.phone), ("mail", person.mail),
        ]
        fields += Role.held.filter { person.roles.contains($0) }.map { ("roles", $0.rawValue) }
        if person.isActive { fields.append(("active", "yes")) }
        return Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String], isNew: Bool) -> [FieldRow] {
        func line(
            _ name: String, _ label: String, hint: String? = nil, type: String = "text", isRequired: Bool = true,
            complete: String = "off"
        ) -> FieldRow {
            FieldRow(
                name, label, .line(type: type), value: type == "password" ? "" : form.text(name), hint: hint,
                error: faults[name], isRequired: isRequired, autocomplete: complete)
        }
        let roles = Role.held.map { role in
            FieldRow.Option(
                role.rawValue, words("role.\(role.rawValue)"), isChosen: form.texts("roles").contains(role.rawValue))
        }
        return [
            line("name", words("people.name"), hint: words("people.nameHint")),
            line("position", words("people.position"), hint: words("people.positionHint"), isRequired: false),
            line("username", words("signin.username"), hint: words("people.usernameHint")),
            FieldRow("roles", words("people.roles"), .checks(roles), error: faults["roles"]),
            line("phone", words("people.phone"), hint: words("people.phoneHint"), isRequired: false),
            line("mail", words("people.mail"), type: "email", isRequired: false),
            FieldRow(
                "active", words("people.state"),
                .checks([.init("yes", words("people.active"), isChosen: form.isOn("active"))]),
                hint: words("people.activeHint"), error: faults["active"], isRequired: false),
            line(
                "password", isNew ? words("signin.password") : words("people.newPassword"),
                hint: isNew
                    ? words("people.passwordHint", AccountRules.shortestPassword)
                    : words("people.newPasswordHint", AccountRules.shortestPassword),
                type: "password", isRequired: isNew, complete: "new-password"),
        ]
    }

    /// The person as typed.
    static func person(_ form: Form, id: Person.ID) -> Person {
        Person(
            id: id, username: form.text("username").lowercased(), name: form.text("name"),
            position: form.text("position"), roles: Set(form.texts("roles").compactMap(Role.init(rawValue:))),
            phone: form.text("phone"), mail: form.text("mail"), isActive: form.isOn("active"))
    }

    /// Sentences by field; the last active administrator stays one.
    static func faults(_ person: Person, password: String, isNew: Bool, people: [Person], _ words: Words)
        -> [String: String]
    {
        var faults: [String: String] = [:]
        if person.name.isEmpty { faults["name"] = words("account.name") }
        if person.name.count > 200 { faults["name"] = words("account.nameLong") }
        for (name, text) in [("position", person.position), ("phone", person.phone), ("mail", person.mail)]
        where text.count > 200 {
            faults[name] = words("admin.tooLong", 200)
        }
        faults["username"] = AccountRules.fault(username: person.username, taken: people, but: person.id)
            .map { words("\($0)") }
        let isMail = Contact(name: "–", phone: "–", mail: person.mail).faults.isEmpty
        if !person.mail.isEmpty, !isMail { faults["mail"] = words("fault.malformedMail") }
        if person.roles.isEmpty || !person.roles.isSubset(of: Role.held) { faults["roles"] = words("account.roles") }
        if isNew || !password.isEmpty {
            faults["password"] = AccountRules.fault(password: password)
                .map { words("\($0)", AccountRules.shortestPassword) }
        }
        let others = people.contains { $0.isActive && $0.roles.contains(.administrator) && $0.id != person.id }
        let was = people.contains { $0.id == person.id && $0.isActive && $0.roles.contains(.administrator) }
        if was, !others {
            if !person.isActive { faults["active"] = words("account.lastAdministrator") }
            if !person.roles.contains(.administrator) { faults["roles"] = words("account.lastAdministrator") }
        }
        return faults
    }
}

extension Counter {
    /// GET /admin/people
    func showPeople(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let words = words(visit)
        let columns = [
            words("people.name"), words("people.position"), words("signin.username"), words("people.roles"),
            words("people.phone"), words("people.state"),
        ]
        let people = try await cabinet.people().sorted { ($1.isActive ? 1 : 0, $0.id) < ($0.isActive ? 1 : 0, $1.id) }
        let stopped = try await cabinet.stoppedDevices(at: now())
        let rows = people.map { person in
            let state = person.isActive ? words("people.active") : words("people.inactive")
            let roles = Role.held.filter { person.roles.contains($0) }.map { words("role.\($0.rawValue)") }
            return SettingsListPage.row(
                columns,
                [
                    person.name, person.position, person.username, roles.joined(separator: " · "), person.phone,
                    stopped[person.id] == nil ? state : "\(state) · ! \(words("people.deviceStopped"))",
                ], path: "/admin/people/\(person.id)")
        }
        let page = SettingsListPage(
            frame: frame(visit, words("people.title")), tabs: [], columns: columns, rows: rows, empty: "",
            add: .init(label: words("people.add"), path: "/admin/people/new"), back: adminLink(visit))
        return paper.show(page, to: visit)
    }

    /// GET and POST /admin/people/new and /admin/people/:id
    func editPerson(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        let people = try await cabinet.people()
        let number = visit.parameters.get("id")
        let known = number.flatMap { Person.ID($0) }.flatMap { id in people.first { $0.id == id } }
        let isNew = number == "new"
        guard isNew || known != nil else { throw HTTPError(.notFound) }
        let back = SettingsFormPage.Link(label: words("people.title"), path: "/admin/people")
        let title = isNew ? words("people.add") : words("people.edit")
        let isLinked = try await cabinet.entranceRoster().identities.contains { $0.person == known?.id }
        let removal =
            isLinked
            ? SettingsFormPage.Removal(label: words("people.unlink"), warning: words("people.unlinkWarning")) : nil
        guard request.method == .post else {
            let start = known ?? Person(id: Person.ID(0), username: "", name: "", roles: [])
            let fields = PersonForm.fields(words, PersonForm.typed(start), faults: [:], isNew: isNew)
            return settingsForm(visit, title: title, fields: fields, back: back, removal: removal)
        }
        let form = try await Form.read(request)
        if form.isOn("remove"), let known {
            try await cabinet.unlink(known.id, by: administrator.id, at: now())
            return .seeOther("/admin/people?done=person_saved")
        }
        let person = PersonForm.person(form, id: known?.id ?? Person.ID(0))
        let password = form.text("password")
        let faults = PersonForm.faults(person, password: password, isNew: isNew, people: people, words)
        guard faults.isEmpty else {
            let fields = PersonForm.fields(words, form, faults: faults, isNew: isNew)
            return settingsForm(visit, title: title, fields: fields, back: back, removal: removal)
        }
        let hash = password.isEmpty ? nil : try await passwordHash(password)
        _ = try await cabinet.save(person, passwordHash: hash, by: administrator.id, at: now())
        return .seeOther("/admin/people?done=person_saved")
    }
}
