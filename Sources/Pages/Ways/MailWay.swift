// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation

/// The form of the office's mail: the server that takes our mails, and the mailbox where letters come.
enum MailWay: WayForm {
    static let way = Way.mail
    private static let longest = 500
    /// Without these nothing leaves.
    private static let required: Set<String> = ["outHost", "outPort", "from"]
    /// The two servers, by the words before their fields' names.
    private static var servers: [(String, WritableKeyPath<MailSettings, MailSettings.Server>)] {
        [("out", \.out), ("in", \.mailbox)]
    }

    static func typed(_ settings: String) -> Form {
        let kept = MailSettings(json: settings) ?? MailSettings()
        var texts = [("from", kept.from), ("fromName", kept.fromName), ("bounces", kept.bounces)]
        for (name, path) in servers {
            let server = kept[keyPath: path]
            texts += [
                (name + "Host", server.host), (name + "Port", String(server.port)),
                (name + "Protection", server.protection.rawValue), (name + "User", server.user),
            ]
        }
        texts.append(("folder", kept.folder))
        return Form(fields: texts.map { FormField(name: $0.0, value: $0.1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        func line(_ name: String, _ kind: FieldRow.Kind = .line(), _ label: String? = nil, isShort: Bool = false)
            -> FieldRow
        {
            FieldRow(
                name, words("mail.\(label ?? name)"), kind,
                value: kind == .line(type: "password") ? "" : form.text(name),
                hint: words("mail.\(label ?? name).hint"), error: faults[name], isRequired: required.contains(name),
                isShort: isShort,
                autocomplete: "off")
        }
        func server(_ name: String) -> [FieldRow] {
            let chosen = form.text(name + "Protection")
            let options = MailSettings.Protection.allCases.map {
                FieldRow.Option($0.rawValue, words("mail.protection.\($0.rawValue)"), isChosen: $0.rawValue == chosen)
            }
            return [
                line(name + "Host"), line(name + "Port", .line(type: "number"), isShort: true),
                line(name + "Protection", .select(options), "protection"), line(name + "User"),
                line(name + "Password", .line(type: "password")),
            ]
        }
        return server("out")
            + [line("from", .line(type: "email")), line("fromName"), line("bounces", .line(type: "email"))]
            + server("in")
            + [line("folder")]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var (next, faults) = (MailSettings(json: settings) ?? MailSettings(), [String: String]())
        for (name, path) in servers {
            read(form, name, into: &next[keyPath: path], isNeeded: name == "out", &faults, words)
        }
        for (name, path) in [("from", \MailSettings.from), ("bounces", \MailSettings.bounces)] {
            next[keyPath: path] = form.text(name)
            if !next[keyPath: path].isEmpty, !isMailAddress(next[keyPath: path]) {
                faults[name] = words("mail.fault.address")
            }
        }
        if next.from.isEmpty { faults["from"] = words("admin.missing") }
        // The mark takes 33 of the 64 characters that stand before the @ (RFC 5321 section 4.5.3.1.1).
        if next.bounces.prefix(while: { $0 != "@" }).count > 30 { faults["bounces"] = words("admin.tooLong", 30) }
        next.fromName = form.text("fromName")
        next.folder = form.text("folder").isEmpty ? "INBOX" : form.text("folder")
        for name in ["fromName", "folder"] {
            let text = form.text(name)
            if text.count > 100 { faults[name] = words("admin.tooLong", 100) }
            if text.contains(where: \.isNewline) { faults[name] = words("mail.fault.line") }
        }
        return (next.json, faults)
    }

    private static func read(
        _ form: Form, _ name: String, into server: inout MailSettings.Server, isNeeded: Bool,
        _ faults: inout [String: String], _ words: Words
    ) {
        server.host = form.text(name + "Host").lowercased()
        server.user = form.text(name + "User")
        if !form.text(name + "Password").isEmpty { server.password = form.text(name + "Password") }
        server.protection = MailSettings.Protection(rawValue: form.text(name + "Protection")) ?? .startTLS
        if server.host.isEmpty {
            if isNeeded { faults[name + "Host"] = words("admin.missing") }
            return
        }
        let isHost = server.host.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || ".-:[]".unicodeScalars.contains(scalar)
        }
        if !isHost || server.host.count > 253 { faults[name + "Host"] = words("mail.fault.host") }
        if let port = form.wholeNumber(name + "Port"), (1...65_535).contains(port) {
            server.port = port
        } else {
            faults[name + "Port"] = words("admin.range", 1, 65_535)
        }
        if server.protection == .none, !server.user.isEmpty {
            faults[name + "Protection"] = words("mail.fault.unprotected")
        }
        for text in [server.user, server.password] where text.count > longest || text.contains(where: \.isNewline) {
            faults[name + "User"] = words("admin.tooLong", longest)
        }
    }

    /// One address, as a mail server takes it; whether somebody reads there only a mail can tell.
    private static func isMailAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.count <= 254
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "@.-_+'&=".unicodeScalars.contains(scalar)
            }
    }
}

extension MailSettings {
    /// The settings as the cabinet keeps them; nil for a text that is none.
    init?(json: String) {
        // A text that cannot be read is a way that has to be set up anew.
        guard let read = try? JSONDecoder().decode(MailSettings.self, from: Data(json.utf8)) else { return nil }
        self = read
    }

    var json: String {
        // Plain values are always JSON.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
