// SPDX-License-Identifier: Apache-2.0

import Desk

/// The form of a webhook.
enum HookForm {
    private static let longest = 1000

    static func typed(_ hook: Hook?) -> Form {
        guard let hook else { return Form(fields: [.init(name: "on", value: "yes")]) }
        var fields = [FormField(name: "name", value: hook.name), FormField(name: "address", value: hook.address)]
        if hook.mayStayInside { fields.append(.init(name: "inside", value: "yes")) }
        if hook.isOn { fields.append(.init(name: "on", value: "yes")) }
        return Form(fields: fields)
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        [
            FieldRow("name", words("hook.name"), value: form.text("name"), error: faults["name"]),
            FieldRow(
                "address", words("hook.address"), .line(type: "url"), value: form.text("address"),
                hint: words("hook.address.hint"), error: faults["address"]),
            FieldRow(
                "inside", words("hook.inside"),
                .checks([.init("yes", words("hook.inside.say"), isChosen: form.isOn("inside"))]),
                hint: words("hook.inside.hint"), isRequired: false),
            FieldRow(
                "on", words("ways.use"), .checks([.init("yes", words("hook.on"), isChosen: form.isOn("on"))]),
                isRequired: false),
        ]
    }

    static func faults(_ form: Form, _ words: Words) -> [String: String] {
        var faults: [String: String] = [:]
        if form.text("name").isEmpty { faults["name"] = words("admin.missing") }
        if form.text("name").count > 100 { faults["name"] = words("admin.tooLong", 100) }
        let address = form.text("address")
        if !isHookAddress(address, mayBePlain: form.isOn("inside")) { faults["address"] = words("hook.fault.address") }
        if address.count > longest { faults["address"] = words("admin.tooLong", longest) }
        return faults
    }
}

/// An address that a webhook may be sent to: https, or http too where it stays inside; no sign-in in front of the host.
func isHookAddress(_ address: String, mayBePlain: Bool) -> Bool {
    let scheme = ["https://", "http://"].first { address.hasPrefix($0) }
    guard let scheme, scheme == "https://" || mayBePlain else { return false }
    let rest = address.dropFirst(scheme.count)
    let host = rest.prefix { !"/?#".contains($0) }
    let named = host.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || ".-:[]".unicodeScalars.contains(scalar))
    }
    return (1...253).contains(host.count) && named
        && rest.unicodeScalars.allSatisfy { (0x21..<0x7F).contains($0.value) } && !rest.contains("#")
}
