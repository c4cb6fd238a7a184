// SPDX-License-Identifier: Apache-2.0

import Desk

/// The form of the directory. The searcher's password is never shown; left empty, it stays as it is.
enum DirectoryForm {
    private static let required = ["host", "port", "subjectAttribute", "usernameAttribute", "nameAttribute"]
    private static let optional = [
        "label", "trustFile", "searcher", "base", "filter", "namePattern", "groupBase", "groupFilter", "mailAttribute",
        "positionAttribute", "groupAttributes",
    ]
    private static let longest = 500

    static func typed(_ settings: DirectorySettings) -> Form {
        var fields = [
            ("label", settings.label), ("host", settings.host), ("port", String(settings.port)),
            ("security", settings.security.rawValue), ("trustFile", settings.trustFile),
            ("searcher", settings.searcher), ("base", settings.base), ("filter", settings.filter),
            ("namePattern", settings.namePattern), ("groupBase", settings.groupBase),
            ("groupFilter", settings.groupFilter), ("subjectAttribute", settings.subjectAttribute),
            ("usernameAttribute", settings.usernameAttribute), ("nameAttribute", settings.nameAttribute),
            ("mailAttribute", settings.mailAttribute), ("positionAttribute", settings.positionAttribute),
            ("groupAttributes", settings.groupAttributes.joined(separator: " ")),
        ]
        if settings.isOn { fields.append(("isOn", "yes")) }
        return Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String], keepsSecret: Bool) -> [FieldRow] {
        func line(_ name: String, type: String = "text") -> FieldRow {
            FieldRow(
                name, words("directory.\(name)"), .line(type: type), value: form.text(name),
                hint: words("directory.hint.\(name)"), error: faults[name], isRequired: required.contains(name),
                isShort: name == "port", autocomplete: "off")
        }
        let security = DirectorySettings.Security.allCases.map { choice in
            FieldRow.Option(
                choice.rawValue, words("directory.security.\(choice.rawValue)"),
                isChosen: form.text("security") == choice.rawValue)
        }
        return [
            FieldRow(
                "isOn", words("directory.isOn"),
                .checks([.init("yes", words("directory.choice.isOn"), isChosen: form.isOn("isOn"))]), isRequired: false),
            line("label"), line("host"), line("port", type: "number"),
            FieldRow("security", words("directory.security"), .radios(security), error: faults["security"]),
            line("trustFile"), line("searcher"),
            FieldRow(
                "searcherPassword", words("directory.searcherPassword"), .line(type: "password"),
                hint: words(keepsSecret ? "entrance.secretKept" : "directory.hint.searcherPassword"), isRequired: false,
                autocomplete: "new-password"),
        ]
            + [
                "base", "filter", "namePattern", "groupBase", "groupFilter", "subjectAttribute", "usernameAttribute",
                "nameAttribute", "mailAttribute", "positionAttribute", "groupAttributes",
            ].map { line($0) }
    }

    /// Somebody to try the settings on.
    static func trial(_ words: Words, _ typed: String) -> FieldRow {
        FieldRow(
            "trial", words("directory.trial"), value: typed, hint: words("directory.hint.trial"), isRequired: false,
            autocomplete: "off")
    }

    static func read(
        _ form: Form, over settings: DirectorySettings, _ words: Words
    ) -> (DirectorySettings, [String: String]) {
        var faults: [String: String] = [:]
        for name in required where form.text(name).isEmpty { faults[name] = words("entrance.missing") }
        for name in required + optional where form.text(name).count > longest {
            faults[name] = words("admin.tooLong", longest)
        }
        let next = typed(form, over: settings)
        if !(1...65_535).contains(form.number("port") ?? 0) { faults["port"] = words("directory.fault.port") }
        let isHere = ["127.0.0.1", "localhost", "::1"].contains(next.host)
        if next.security == .loopback, !isHere { faults["security"] = words("directory.fault.loopback") }
        if next.base.isEmpty, next.namePattern.isEmpty { faults["base"] = words("directory.fault.base") }
        if !next.base.isEmpty, !next.filter.contains("{user}") { faults["filter"] = words("directory.fault.user") }
        if !next.namePattern.isEmpty, !next.namePattern.contains("{user}") {
            faults["namePattern"] = words("directory.fault.user")
        }
        if !next.namePattern.isEmpty, !next.namePattern.contains("="), next.base.isEmpty {
            faults["base"] = words("directory.fault.baseForMail")
        }
        return (next, faults)
    }

    private static func typed(_ form: Form, over settings: DirectorySettings) -> DirectorySettings {
        var next = settings
        next.isOn = form.isOn("isOn")
        next.label = form.text("label")
        next.host = form.text("host").lowercased()
        next.port = form.number("port") ?? 0
        next.security = DirectorySettings.Security(rawValue: form.text("security")) ?? .startTLS
        next.trustFile = form.text("trustFile")
        next.searcher = form.text("searcher")
        let password = form.text("searcherPassword")
        if !password.isEmpty { next.searcherPassword = String(password.prefix(longest)) }
        // Another directory, or another searcher, is not handed the password of the one before.
        if next.host != settings.host || next.searcher != settings.searcher, password.isEmpty {
            next.searcherPassword = ""
        }
        next.base = form.text("base")
        next.filter = form.text("filter")
        next.namePattern = form.text("namePattern")
        next.groupBase = form.text("groupBase")
        next.groupFilter = form.text("groupFilter")
        next.subjectAttribute = form.text("subjectAttribute")
        next.usernameAttribute = form.text("usernameAttribute")
        next.nameAttribute = form.text("nameAttribute")
        next.mailAttribute = form.text("mailAttribute")
        next.positionAttribute = form.text("positionAttribute")
        next.groupAttributes = form.text("groupAttributes").split { $0.isWhitespace || $0 == "," }.map(String.init)
        return next
    }
}
