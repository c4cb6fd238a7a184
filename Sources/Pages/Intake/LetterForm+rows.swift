// SPDX-License-Identifier: Apache-2.0

import Desk

/// Fields that stand beside each other where there is room. `{{#lines}}<div class="together">{{#fields}}…`
struct FieldLine: Sendable {
    let fields: [FieldRow]
    init(_ fields: FieldRow...) { self.fields = fields }
}

/// A part of a form under its own heading.
struct FieldGroup: Sendable {
    let heading: String
    let lines: [FieldLine]
}

/// A file that an earlier try of the same form had brought.
struct KeptRow: Sendable {
    let token: String
    let name: String
    let size: String

    init(_ document: Document, token: String, _ words: Words) {
        self.token = token
        name = document.name
        size = fileSize(document.bytes, words)
    }
}

/// `1.4 MB`, `320 KB`
func fileSize(_ bytes: Int, _ words: Words) -> String {
    if bytes >= 1_048_576 {
        let tenths = (bytes * 10 + 524_288) / 1_048_576
        return words("document.megabytes", "\(tenths / 10).\(tenths % 10)")
    }
    return words("document.kilobytes", max(1, (bytes + 512) / 1024))
}

extension LetterForm {
    /// What the requester or the counter asks of a letter, in the order in which a letter says it.
    var letterGroup: FieldGroup {
        FieldGroup(
            heading: words("letter.about_letter"),
            lines: [
                FieldLine(origin), FieldLine(unit), FieldLine(reference, dated),
            ])
    }

    var occasionGroup: FieldGroup {
        FieldGroup(
            heading: words("letter.about_occasion"),
            lines: [
                FieldLine(title), FieldLine(service), FieldLine(startDate, startTime), FieldLine(endDate, endTime),
                FieldLine(place), FieldLine(audience), FieldLine(recording), FieldLine(remarks),
            ])
    }

    var contactGroup: FieldGroup {
        FieldGroup(
            heading: words("letter.about_contact"),
            lines: [FieldLine(contactName), FieldLine(contactPhone, contactMail)])
    }

    func fileGroup(_ hint: String) -> FieldGroup {
        FieldGroup(heading: words("letter.about_file"), lines: [FieldLine(file(hint))])
    }

    /// The error summary, in the order of the form's groups.
    func errors(_ groups: [FieldGroup], refusal: Refusal? = nil) -> ErrorSummary? {
        var lines = groups.flatMap(\.lines).flatMap(\.fields).compactMap(\.errorRow)
        if let refusal {
            lines.insert(ErrorRow(field: "main", text: refusal.sentence(words) + " " + refusal.remedy(words)), at: 0)
        }
        return ErrorSummary(lines: lines)
    }

    private func text(_ name: String) -> String { form.text(name) }

    private func options<T: RawRepresentable & CaseIterable>(
        _ type: T.Type, _ name: String, _ text: (T) -> String
    ) -> [FieldRow.Option] where T.RawValue == String {
        type.allCases.map { .init($0.rawValue, text($0), isChosen: $0.rawValue == form.text(name)) }
    }

    private var origin: FieldRow {
        FieldRow(
            "origin", words("letter.origin"),
            .radios(options(Letter.Origin.self, "origin") { words("letter.origin.\($0.rawValue)") }),
            error: faults["origin"])
    }
    private var unit: FieldRow {
        FieldRow(
            "unit", words("field.unit"), value: text("unit"), hint: words("letter.unit.hint"), error: faults["unit"],
            autocomplete: "organization", list: "units")
    }
    private var reference: FieldRow {
        FieldRow(
            "reference", words("field.reference"), value: text("reference"), hint: words("letter.reference.hint"),
            error: faults["reference"], isRequired: false, autocomplete: "off")
    }
    private var dated: FieldRow {
        FieldRow(
            "dated", words("field.dated"), value: text("dated"), hint: words("letter.date.hint"),
            error: faults["dated"],
            isRequired: false, isShort: true, autocomplete: "off")
    }
    private var title: FieldRow {
        FieldRow(
            "title", words("field.title"), value: text("title"), hint: words("letter.title.hint"),
            error: faults["title"],
            autocomplete: "off")
    }
    private var service: FieldRow {
        FieldRow(
            "service", words("letter.service"),
            .radios(options(Service.self, "service") { words("letter.service.\($0.rawValue)") }),
            error: faults["service"])
    }
    private var startDate: FieldRow { day("start_date", words("letter.start_date"), isRequired: true) }
    private var endDate: FieldRow {
        day("end_date", words("letter.end_date"), hint: words("letter.end_date.hint"), isRequired: false)
    }
    private var startTime: FieldRow { time("start_time", words("letter.start_time")) }
    private var endTime: FieldRow { time("end_time", words("letter.end_time")) }

    private func day(_ name: String, _ label: String, hint: String? = nil, isRequired: Bool) -> FieldRow {
        FieldRow(
            name, label, value: text(name), hint: hint ?? words("letter.date.hint"), error: faults[name],
            isRequired: isRequired, isShort: true, autocomplete: "off")
    }
    private func time(_ name: String, _ label: String) -> FieldRow {
        FieldRow(
            name, label, value: text(name), hint: words("letter.time.hint"), error: faults[name], isShort: true,
            autocomplete: "off")
    }

    private var place: FieldRow {
        FieldRow(
            "place", words("field.place"), value: text("place"), hint: words("letter.place.hint"),
            error: faults["place"],
            autocomplete: "off")
    }
    private var audience: FieldRow {
        FieldRow(
            "audience", words("field.audience"), value: text("audience"), hint: words("letter.audience.hint"),
            error: faults["audience"], isShort: true, autocomplete: "off")
    }
    private var recording: FieldRow {
        FieldRow(
            "recording", words("letter.recording"),
            .checks([.init("yes", words("letter.recording.yes"), isChosen: form.isOn("recording"))]),
            hint: words("letter.recording.hint"), isRequired: false)
    }
    private var remarks: FieldRow {
        FieldRow(
            "remarks", words("field.remarks"), .area, value: text("remarks"), hint: words("letter.remarks.hint"),
            error: faults["remarks"], isRequired: false)
    }
    private var contactName: FieldRow {
        FieldRow(
            "contact_name", words("field.contactName"), value: text("contact_name"), error: faults["contact_name"],
            autocomplete: "name")
    }
    private var contactPhone: FieldRow {
        FieldRow(
            "contact_phone", words("field.contactPhone"), .line(type: "tel"), value: text("contact_phone"),
            hint: words("letter.phone.hint"), error: faults["contact_phone"], isRequired: false, autocomplete: "tel")
    }
    private var contactMail: FieldRow {
        FieldRow(
            "contact_mail", words("field.contactMail"), .line(type: "email"), value: text("contact_mail"),
            hint: words("letter.mail.hint"), error: faults["contact_mail"], isRequired: false, autocomplete: "email")
    }
    func file(_ hint: String) -> FieldRow {
        FieldRow(
            "file", words("field.file"), .file(accept: ".pdf,.jpg,.jpeg,.png,.docx"), hint: hint, error: faults["file"],
            isRequired: false, isMultiple: true)
    }
}
