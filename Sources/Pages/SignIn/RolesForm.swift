// SPDX-License-Identifier: Apache-2.0

import Desk

/// The form of who comes in and what they may do: rules from groups to roles, newcomers, links to people who are here.
enum RolesForm {
    /// Empty lines below the rules that there are.
    static let spare = 3

    static func typed(_ settings: SignInSettings) -> Form {
        var fields: [(String, String)] = []
        for (index, rule) in settings.rules.enumerated() {
            fields += [("group\(index + 1)", rule.group), ("role\(index + 1)", rule.role.rawValue)]
        }
        fields.append(("newcomers", settings.newcomers.rawValue))
        fields += SignInSettings.Linking.allCases.filter { settings.linking.contains($0) }
            .map { ("linking", $0.rawValue) }
        if settings.rolesFollow { fields.append(("rolesFollow", "yes")) }
        return Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    /// The lines of rules: those that are written, and a few more.
    static func rules(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldLine] {
        let written = (1...SignInSettings.mostRules).last { !form.text("group\($0)").isEmpty } ?? 0
        return (1...min(written + spare, SignInSettings.mostRules)).map { number in
            let chosen = form.text("role\(number)")
            let roles = Role.held.map {
                FieldRow.Option($0.rawValue, words("role.\($0.rawValue)"), isChosen: chosen == $0.rawValue)
            }
            return FieldLine(
                FieldRow(
                    "group\(number)", words("roles.group", number), value: form.text("group\(number)"),
                    error: faults["group\(number)"], isRequired: false, autocomplete: "off"),
                FieldRow(
                    "role\(number)", words("roles.role", number),
                    .select([.init("", words("roles.choose"), isChosen: chosen.isEmpty)] + roles),
                    error: faults["role\(number)"], isRequired: false))
        }
    }

    static func settings(_ words: Words, _ form: Form) -> [FieldRow] {
        let newcomers = SignInSettings.Newcomers.allCases.map { choice in
            FieldRow.Option(
                choice.rawValue, words("roles.newcomers.\(choice.rawValue)"),
                isChosen: form.text("newcomers") == choice.rawValue)
        }
        let linking = SignInSettings.Linking.allCases.map { choice in
            FieldRow.Option(
                choice.rawValue, words("roles.linking.\(choice.rawValue)"),
                isChosen: form.texts("linking").contains(choice.rawValue))
        }
        return [
            FieldRow(
                "rolesFollow", words("roles.rolesFollow"),
                .checks([.init("yes", words("roles.choice.rolesFollow"), isChosen: form.isOn("rolesFollow"))]),
                hint: words("roles.hint.rolesFollow"), isRequired: false),
            FieldRow("newcomers", words("roles.newcomers"), .radios(newcomers)),
            FieldRow(
                "linking", words("roles.linking"), .checks(linking), hint: words("roles.hint.linking"),
                isRequired: false),
        ]
    }

    /// Whom the preview shows.
    static func preview(_ words: Words, _ form: Form, hasDirectory: Bool, faults: [String: String]) -> [FieldRow] {
        var rows = [
            FieldRow(
                "pasted", words("roles.pasted"), .area, value: form.text("pasted"), hint: words("roles.hint.pasted"),
                error: faults["pasted"], isRequired: false)
        ]
        if hasDirectory {
            rows =
                [
                    FieldRow(
                        "who", words("roles.who"), value: form.text("who"), hint: words("roles.hint.who"),
                        error: faults["who"], isRequired: false, isShort: true, autocomplete: "off"),
                    FieldRow(
                        "everybody", words("roles.everybody"),
                        .checks([.init("yes", words("roles.choice.everybody"), isChosen: form.isOn("everybody"))]),
                        isRequired: false),
                ] + rows
        }
        return rows
    }

    /// The settings as typed, or sentences by field.
    static func read(_ form: Form, over settings: SignInSettings, _ words: Words) -> (SignInSettings, [String: String])
    {
        var (next, faults) = (settings, [String: String]())
        next.rules = []
        for number in 1...SignInSettings.mostRules {
            let (group, role) = (form.text("group\(number)"), form.text("role\(number)"))
            if group.isEmpty { continue }
            if group.count > Outsider.longestText {
                faults["group\(number)"] = words("admin.tooLong", Outsider.longestText)
            }
            guard let role = Role(rawValue: role), Role.held.contains(role) else {
                faults["role\(number)"] = words("roles.fault.role")
                continue
            }
            let rule = RoleRule(group: group, role: role)
            if !next.rules.contains(rule) { next.rules.append(rule) }
        }
        next.newcomers = SignInSettings.Newcomers(rawValue: form.text("newcomers")) ?? .invited
        next.linking = Set(form.texts("linking").compactMap(SignInSettings.Linking.init(rawValue:)))
        next.rolesFollow = form.isOn("rolesFollow")
        return (next, faults)
    }
}
