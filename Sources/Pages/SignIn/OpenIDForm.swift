// SPDX-License-Identifier: Apache-2.0

import Desk

/// The form of the OpenID provider. The secret is never shown; left empty, it stays as it is.
enum OpenIDForm {
    private static let texts = ["label", "issuer", "clientID", "scopes", "groupClaims", "usernameClaim"]
    private static let longest = 500

    static func typed(_ settings: OpenIDSettings) -> Form {
        var fields = [
            ("label", settings.label), ("issuer", settings.issuer), ("clientID", settings.clientID),
            ("scopes", settings.scopes), ("groupClaims", settings.groupClaims.joined(separator: " ")),
            ("usernameClaim", settings.usernameClaim),
        ]
        if settings.isOn { fields.append(("isOn", "yes")) }
        if settings.endsThere { fields.append(("endsThere", "yes")) }
        return Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String], keepsSecret: Bool) -> [FieldRow] {
        func line(_ name: String, type: String = "text", isRequired: Bool = true) -> FieldRow {
            FieldRow(
                name, words("openid.\(name)"), .line(type: type), value: type == "password" ? "" : form.text(name),
                hint: words("openid.hint.\(name)"), error: faults[name], isRequired: isRequired,
                autocomplete: type == "password" ? "new-password" : "off")
        }
        func check(_ name: String) -> FieldRow {
            FieldRow(
                name, words("openid.\(name)"),
                .checks([.init("yes", words("openid.choice.\(name)"), isChosen: form.isOn(name))]), error: faults[name],
                isRequired: false)
        }
        return [
            check("isOn"), line("label"), line("issuer", type: "url"), line("clientID"),
            FieldRow(
                "clientSecret", words("openid.clientSecret"), .line(type: "password"),
                hint: words(keepsSecret ? "entrance.secretKept" : "openid.hint.clientSecret"), isRequired: false,
                autocomplete: "new-password"),
            line("scopes"), line("groupClaims"), line("usernameClaim"), check("endsThere"),
        ]
    }

    static func read(_ form: Form, over settings: OpenIDSettings, _ words: Words) -> (OpenIDSettings, [String: String])
    {
        var (next, faults) = (settings, [String: String]())
        for name in texts {
            if form.text(name).isEmpty { faults[name] = words("entrance.missing") }
            if form.text(name).count > longest { faults[name] = words("admin.tooLong", longest) }
        }
        next.isOn = form.isOn("isOn")
        next.label = form.text("label")
        next.issuer = form.text("issuer")
        next.clientID = form.text("clientID")
        if !form.text("clientSecret").isEmpty { next.clientSecret = String(form.text("clientSecret").prefix(longest)) }
        // Another provider is not handed the secret of the one before.
        if next.issuer != settings.issuer, form.text("clientSecret").isEmpty { next.clientSecret = "" }
        next.scopes = split(form.text("scopes")).joined(separator: " ")
        next.groupClaims = Array(split(form.text("groupClaims")).prefix(10))
        next.usernameClaim = form.text("usernameClaim")
        next.endsThere = form.isOn("endsThere")
        if faults["issuer"] == nil, !isIssuer(next.issuer) { faults["issuer"] = words("openid.fault.issuer") }
        return (next, faults)
    }

    private static func split(_ text: String) -> [String] {
        text.split { $0.isWhitespace || $0 == "," }.map(String.init)
    }

    /// https, or http on this machine; no query and no fragment (OpenID Connect Discovery section 3).
    static func isIssuer(_ text: String) -> Bool {
        guard !text.contains("?"), !text.contains("#"), !text.contains("@"), let start = text.firstRange(of: "://"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return false }
        let origin = text[..<start.upperBound] + text[start.upperBound...].prefix { $0 != "/" }
        return isOfficeAddress(String(origin))
    }
}
