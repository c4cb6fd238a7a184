// SPDX-License-Identifier: Apache-2.0

import Desk
import FoundationEssentials

/// Settings as their JSON text.
enum SettingsText {
    /// What cannot be read is as if nobody had typed it.
    static func read<Settings: Decodable>(_ type: Settings.Type, _ text: String) -> Settings? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }

    static func write(_ settings: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Texts and flags alone are always JSON.
        return (try? encoder.encode(settings)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// Google Calendar: a service account's key file, the shared calendar, and whether people's own calendars are written.
enum GoogleWay: WayForm {
    static let way = Way.google

    static func typed(_ settings: String) -> Form {
        let kept = SettingsText.read(GoogleSettings.self, settings) ?? GoogleSettings()
        var form = Form(fields: [.init(name: "calendar", value: kept.calendar)])
        if kept.isDelegated { form.fields.append(.init(name: "delegated", value: "yes")) }
        return form
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        [
            FieldRow(
                "keyFile", words("calendars.google.keyFile"), .area, hint: words("calendars.google.keyFile.hint"),
                error: faults["keyFile"], isRequired: false, autocomplete: "off"),
            FieldRow(
                "calendar", words("calendars.google.calendar"), value: form.text("calendar"),
                hint: words("calendars.google.calendar.hint"), error: faults["calendar"], isRequired: false),
            FieldRow(
                "delegated", words("calendars.google.delegated"),
                .checks([
                    .init("yes", words("calendars.google.delegated.yes"), isChosen: form.isOn("delegated"))
                ]), hint: words("calendars.google.delegated.hint"), error: faults["delegated"], isRequired: false),
        ]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var kept = SettingsText.read(GoogleSettings.self, settings) ?? GoogleSettings()
        var faults: [String: String] = [:]
        let file = form.text("keyFile")
        if !file.isEmpty {
            kept.keyFile = file
        } else if kept.keyFile.isEmpty {
            faults["keyFile"] = words("admin.missing")
        }
        if !file.isEmpty, !isKeyFile(file) { faults["keyFile"] = words("calendars.google.keyFile.wrong") }
        kept.calendar = form.text("calendar")
        kept.isDelegated = form.isOn("delegated")
        if kept.calendar.isEmpty, !kept.isDelegated { faults["calendar"] = words("calendars.google.nowhere") }
        if kept.calendar.count > 200 { faults["calendar"] = words("calendars.google.calendar.wrong") }
        return (SettingsText.write(kept), faults)
    }

    /// Whether a text looks like what Google hands out; whether the key is good the test says.
    private static func isKeyFile(_ text: String) -> Bool {
        struct KeyFile: Decodable {
            let type: String
            let client_email: String
            let private_key: String
        }
        guard text.utf8.count <= 16_384, let file = SettingsText.read(KeyFile.self, text) else { return false }
        return file.type == "service_account" && file.client_email.contains("@") && file.private_key.contains("BEGIN")
    }
}

/// A calendar by CalDAV: where it is, and who signs in.
enum CalDAVWay: WayForm {
    static let way = Way.caldav

    static func typed(_ settings: String) -> Form {
        let kept = SettingsText.read(CalDAVSettings.self, settings) ?? CalDAVSettings()
        return Form(fields: [
            .init(name: "address", value: kept.address), .init(name: "user", value: kept.user),
            .init(name: "calendar", value: kept.calendar),
        ])
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        [
            FieldRow(
                "address", words("calendars.caldav.address"), .line(type: "url"), value: form.text("address"),
                hint: words("calendars.caldav.address.hint"), error: faults["address"]),
            FieldRow(
                "user", words("calendars.caldav.user"), value: form.text("user"), error: faults["user"],
                autocomplete: "off"),
            FieldRow(
                "password", words("calendars.caldav.password"), .line(type: "password"), hint: words("ways.kept"),
                error: faults["password"], isRequired: false, autocomplete: "off"),
            FieldRow(
                "calendar", words("calendars.caldav.calendar"), value: form.text("calendar"),
                hint: words("calendars.caldav.calendar.hint"), error: faults["calendar"], isRequired: false),
        ]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var kept = SettingsText.read(CalDAVSettings.self, settings) ?? CalDAVSettings()
        var faults: [String: String] = [:]
        let before = kept.address
        kept.address = form.text("address")
        if !isAddress(kept.address) { faults["address"] = words("calendars.caldav.address.wrong") }
        kept.user = form.text("user")
        // A colon would end the name where the password begins (RFC 7617 section 2).
        if kept.user.isEmpty || kept.user.contains(":") || kept.user.count > 200 {
            faults["user"] = words("calendars.caldav.user.wrong")
        }
        let password = form.text("password")
        if !password.isEmpty {
            kept.password = String(password.prefix(500))
        } else if kept.password.isEmpty {
            faults["password"] = words("admin.missing")
        } else if host(before) != host(kept.address) {
            // A password that is kept goes to the server it was typed for, and to no other.
            faults["password"] = words("calendars.caldav.password.again")
        }
        kept.calendar = String(form.text("calendar").prefix(200))
        return (SettingsText.write(kept), faults)
    }

    /// `https://…`, or `http://` to this very machine: the password travels with every request.
    private static func isAddress(_ text: String) -> Bool {
        guard text.count <= 500, !text.contains(where: \.isWhitespace), let host = host(text), !host.contains("@")
        else {
            return false
        }
        if text.lowercased().hasPrefix("https://") { return true }
        let name = host.hasPrefix("[") ? String(host.prefix { $0 != "]" }) + "]" : String(host.prefix { $0 != ":" })
        return ["localhost", "127.0.0.1", "[::1]"].contains(name)
    }

    private static func host(_ text: String) -> String? {
        for scheme in ["https://", "http://"] where text.lowercased().hasPrefix(scheme) {
            let host = text.dropFirst(scheme.count).prefix { $0 != "/" }
            return host.isEmpty ? nil : host.lowercased()
        }
        return nil
    }
}

/// Invitations by mail: from whom they come.
enum InvitationWay: WayForm {
    static let way = Way.invitation

    static func typed(_ settings: String) -> Form {
        let kept = SettingsText.read(InvitationSettings.self, settings) ?? InvitationSettings()
        return Form(fields: [
            .init(name: "organiser", value: kept.organiser), .init(name: "organiserName", value: kept.organiserName),
        ])
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        [
            FieldRow(
                "organiser", words("calendars.invitation.organiser"), .line(type: "email"),
                value: form.text("organiser"), hint: words("calendars.invitation.organiser.hint"),
                error: faults["organiser"], autocomplete: "off"),
            FieldRow(
                "organiserName", words("calendars.invitation.name"), value: form.text("organiserName"),
                hint: words("calendars.invitation.name.hint"), error: faults["organiserName"], isRequired: false),
        ]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var kept = SettingsText.read(InvitationSettings.self, settings) ?? InvitationSettings()
        var faults: [String: String] = [:]
        kept.organiser = form.text("organiser")
        kept.organiserName = String(form.text("organiserName").prefix(200))
        let contact = Contact(name: "–", phone: "", mail: kept.organiser)
        if kept.organiser.isEmpty || !contact.faults.isEmpty || kept.organiser.contains(where: { !$0.isASCII }) {
            faults["organiser"] = words("calendars.invitation.organiser.wrong")
        }
        return (SettingsText.write(kept), faults)
    }
}
