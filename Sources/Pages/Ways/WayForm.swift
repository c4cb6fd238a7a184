// SPDX-License-Identifier: Apache-2.0

import Desk

/// The form with which an administrator sets a way up: fields out of settings, settings out of fields.
///
/// Settings are the way's own JSON text. A secret is never shown again: its field is empty, and left empty it stays.
protocol WayForm: SendableMetatype {
    static var way: Way { get }
    /// What the form shows of the settings as they are; an empty text is a way that nobody has set up.
    static func typed(_ settings: String) -> Form
    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow]
    /// The settings as typed, over those that are kept, and sentences by field.
    static func read(_ form: Form, over settings: String, _ words: Words) -> (
        settings: String, faults: [String: String]
    )
}

/// Every way's form, one line each.
let wayForms: [any WayForm.Type] = [
    PushWay.self,
    LineWay.self,
    NtfyWay.self,
    MailWay.self,
    GoogleWay.self,
    CalDAVWay.self,
    InvitationWay.self,
]

extension Trouble {
    /// What is wrong, in the person's language.
    func said(_ words: Words) -> String { words("trouble.\(kind.rawValue)") }
    /// What to do about it.
    func remedy(_ words: Words) -> String { words("trouble.remedy.\(kind.rawValue)") }
}
