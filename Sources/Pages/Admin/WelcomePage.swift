// SPDX-License-Identifier: Apache-2.0

/// The one-time page on which the first administrator of an empty office makes their account.
struct WelcomePage: Page {
    static let template = "welcome"
    let frame: Frame
    let errors: ErrorSummary?
    let path: String
    let fields: [FieldRow]

    /// `faults` are keys of the words by the field's name; passwords are never sent back.
    static func fields(_ words: Words, _ form: Form = Form(), faults: [String: String] = [:]) -> [FieldRow] {
        func field(_ name: String, _ label: String, type: String = "text", hint: String? = nil, _ complete: String)
            -> FieldRow
        {
            FieldRow(
                name, words("\(label)"), .line(type: type), value: type == "password" ? "" : form.text(name),
                hint: hint, error: faults[name].map { words("\($0)", AccountRules.shortestPassword) },
                autocomplete: complete)
        }
        return [
            field("name", "people.name", hint: words("people.nameHint"), "name"),
            field("username", "signin.username", hint: words("people.usernameHint"), "username"),
            field(
                "password", "signin.password", type: "password",
                hint: words("people.passwordHint", AccountRules.shortestPassword), "new-password"),
            field("again", "welcome.again", type: "password", "new-password"),
        ]
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(isSignedIn: false, path: "/welcome/x")
        let words = paper.words(visit)
        let frame = paper.frame(visit, title: words("welcome.title"), lead: words("welcome.lead"))
        let form = Form(fields: [
            .init(name: "name", value: "นายประเสริฐ รอบคอบ"), .init(name: "username", value: "ประเสริฐ"),
        ])
        let wrong = fields(words, form, faults: ["username": "account.username", "again": "account.passwordsDiffer"])
        return [
            Sample("empty", WelcomePage(frame: frame, errors: nil, path: "/welcome/x", fields: fields(words))),
            Sample("wrong", WelcomePage(frame: frame, errors: ErrorSummary(wrong), path: "/welcome/x", fields: wrong)),
        ]
    }
}
