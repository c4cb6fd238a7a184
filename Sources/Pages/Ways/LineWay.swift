// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation

/// The form of the office's LINE Official Account.
enum LineWay: WayForm {
    static let way = Way.line
    /// Tokens of LINE have some 170 characters.
    private static let longest = 1000

    static func typed(_ settings: String) -> Form {
        let kept = LineSettings(json: settings) ?? LineSettings()
        let address = kept.address == LineSettings.realAddress ? "" : kept.address
        return Form(
            fields: [FormField(name: "address", value: address)]
                + (kept.isReduced ? [FormField(name: "reduced", value: "yes")] : []))
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        func secret(_ name: String) -> FieldRow {
            FieldRow(
                name, words("line.\(name)"), .line(type: "password"), hint: words("line.\(name).hint"),
                error: faults[name], isRequired: false, autocomplete: "off")
        }
        return [
            secret("token"), secret("secret"),
            FieldRow(
                "reduced", words("line.reduced"),
                .checks([.init("yes", words("line.reduced.say"), isChosen: form.isOn("reduced"))]),
                hint: words("line.reduced.hint"), isRequired: false),
            FieldRow(
                "address", words("line.address"), .line(type: "url"), value: form.text("address"),
                hint: words("line.address.hint"), error: faults["address"], isRequired: false),
        ]
    }

    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    ) {
        var (next, faults) = (LineSettings(json: settings) ?? LineSettings(), [String: String]())
        for (name, path) in [("token", \LineSettings.token), ("secret", \LineSettings.secret)] {
            let text = form.text(name)
            if !text.isEmpty { next[keyPath: path] = text }
            if next[keyPath: path].isEmpty { faults[name] = words("admin.missing") }
            if text.count > longest { faults[name] = words("admin.tooLong", longest) }
            if text.contains(where: { !$0.isASCII || $0.isWhitespace }) { faults[name] = words("line.fault.secret") }
        }
        next.isReduced = form.isOn("reduced")
        var address = form.text("address")
        while address.hasSuffix("/") { address.removeLast() }
        next.address = address.isEmpty ? LineSettings.realAddress : address
        if !isOfficeAddress(next.address) { faults["address"] = words("office.fault.address") }
        return (next.json, faults)
    }

    /// What is wrong with the webhook's address at LINE, in plain words; nil for any other trouble.
    static func said(_ trouble: Trouble, _ words: Words) -> String? {
        guard trouble.kind == .notSetUp, trouble.detail.hasPrefix("webhook") else { return nil }
        switch trouble.detail {
        case "webhook": return words("line.found.missing")
        case "webhook: off": return words("line.found.off")
        default: return words("line.found.elsewhere", trouble.detail.dropFirst("webhook: ".count))
        }
    }

    /// The meter, and the address that has to be typed at LINE.
    static func pairs(_ account: LineAccount?, office: Office, _ phrases: Phrases) -> [PairRow] {
        let words = phrases.words
        let webhook = [PairRow(words("line.webhook"), office.address + "/hooks/line")]
        guard let account else { return webhook + [PairRow(words("line.quota"), words("line.quota.unknown"))] }
        let used = grouped(account.used)
        let said = account.quota.map { words("line.quota.of", used, grouped($0), account.usedPercent ?? 0) }
        return webhook + [
            PairRow(words("line.account"), "\(account.name) \(account.basicID)", link: account.friendAddress),
            PairRow(words("line.quota"), said ?? words("line.quota.none", used)),
            PairRow(words("line.quota.at"), phrases.moment(account.at)),
        ]
    }
}

extension LineSettings {
    /// The settings as the cabinet keeps them; nil for a text that is none.
    init?(json: String) {
        // A text that cannot be read is a way that has to be set up anew.
        guard let read = try? JSONDecoder().decode(LineSettings.self, from: Data(json.utf8)) else { return nil }
        self = read
    }

    var json: String {
        // Four plain values are always JSON.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension Counter {
    /// What the administrator is told when little is left of the month's messages; nil while there is enough.
    func lowLine(_ words: Words) async throws -> String? {
        guard try await cabinet.way(.line).isOn, let account = try await cabinet.lineAccount(),
            account.isLow(at: now()),
            let quota = account.quota
        else { return nil }
        return words("line.quota.low", grouped(account.used), grouped(quota), account.usedPercent ?? 0)
    }
}
