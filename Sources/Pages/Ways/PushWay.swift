// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation
import Secure

/// Sets Web Push up: nothing has to be brought but an address for the push services; the key is drawn here, once.
enum PushWay: WayForm {
    static let way = Way.push

    static func typed(_ settings: String) -> Form {
        let kept = SettingsText.read(PushSettings.self, settings) ?? PushSettings()
        var fields = [FormField(name: "contact", value: kept.contact)]
        if kept.mayStayInside { fields.append(FormField(name: "inside", value: "yes")) }
        return Form(fields: fields)
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        [
            FieldRow(
                "contact", words("push.contact"), value: form.text("contact"), hint: words("push.contactHint"),
                error: faults["contact"], autocomplete: "off"),
            FieldRow(
                "inside", words("push.inside"),
                .checks([.init("yes", words("push.insideAllowed"), isChosen: form.isOn("inside"))]),
                hint: words("push.insideHint"), isRequired: false),
        ]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var kept = SettingsText.read(PushSettings.self, settings) ?? PushSettings()
        let contact = contact(form.text("contact"))
        guard let contact else { return (settings, ["contact": words("push.contactWrong")]) }
        kept.contact = contact
        kept.mayStayInside = form.isOn("inside")
        if kept.key.isEmpty, let drawn = try? TokenKey.make(), let point = drawn.publicPoint {
            (kept.key, kept.publicKey) = (drawn.stored, Base64URL.text(point))
        }
        // Without a key the way stays incomplete, and its test says so.
        return (SettingsText.write(kept), [:])
    }

    /// RFC 8292 section 2.1: `mailto:` or `https:`. A bare address is taken for mail.
    private static func contact(_ typed: String) -> String? {
        guard typed.utf8.count <= 200, typed.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
        else { return nil }
        if typed.hasPrefix("https://"), typed.count > "https://".count { return typed }
        let mail = typed.hasPrefix("mailto:") ? String(typed.dropFirst("mailto:".count)) : typed
        return Contact(name: "–", phone: "–", mail: mail).faults.isEmpty && !mail.isEmpty ? "mailto:\(mail)" : nil
    }
}

/// Sets a server of ntfy up.
enum NtfyWay: WayForm {
    static let way = Way.ntfy

    static func typed(_ settings: String) -> Form {
        let kept = SettingsText.read(NtfySettings.self, settings) ?? NtfySettings()
        var fields = [FormField(name: "address", value: kept.address)]
        if kept.isReduced { fields.append(FormField(name: "reduced", value: "yes")) }
        return Form(fields: fields)
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        [
            FieldRow(
                "address", words("ntfy.address"), .line(type: "url"), value: form.text("address"),
                hint: words("ntfy.addressHint"), error: faults["address"], autocomplete: "off"),
            FieldRow(
                "token", words("ntfy.token"), .line(type: "password"), hint: words("ntfy.tokenHint"),
                error: faults["token"], isRequired: false, autocomplete: "off"),
            FieldRow(
                "reduced", words("ntfy.content"),
                .checks([.init("yes", words("ntfy.reduced"), isChosen: form.isOn("reduced"))]),
                hint: words("ntfy.reducedHint"), isRequired: false),
        ]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var kept = SettingsText.read(NtfySettings.self, settings) ?? NtfySettings()
        var faults: [String: String] = [:]
        if let address = address(form.text("address")) {
            kept.address = address
        } else {
            faults["address"] = words("ntfy.addressWrong")
        }
        let token = form.text("token")
        if token.utf8.count > 200 || !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            faults["token"] = words("ntfy.tokenWrong")
        } else if !token.isEmpty {
            kept.token = token
        }
        kept.isReduced = form.isOn("reduced")
        return (SettingsText.write(kept), faults)
    }

    /// A scheme and a host, perhaps a port and a folder, without a slash at the end.
    private static func address(_ typed: String) -> String? {
        var plain = typed
        while plain.hasSuffix("/") { plain.removeLast() }
        guard plain.utf8.count <= 200, let url = URL(string: plain), ["http", "https"].contains(url.scheme ?? ""),
            url.host()?.isEmpty == false, url.user() == nil, url.query() == nil, url.fragment() == nil
        else { return nil }
        return plain
    }
}
