// SPDX-License-Identifier: Apache-2.0

import Desk

/// What was typed about a letter, read once for every desk that types letters: the requester's form, the counter, a
/// completion. Whatever could not be read has its sentence in `faults`, by the field's name; nothing typed is lost.
struct LetterForm: Sendable {
    let form: Form
    let words: Words
    /// What is wrong, by the field's name.
    private(set) var faults: [String: String] = [:]
    /// The letter as typed; only to be received when `faults` is empty.
    private(set) var letter: Letter
    private(set) var contact: Contact

    /// A form that nobody has typed in yet.
    init(blank words: Words, at now: Moment) { self.init(unchecked: Form(), words: words, at: now) }

    /// A form with some fields filled in already, and nothing judged.
    init(hints form: Form, words: Words, at now: Moment) { self.init(unchecked: form, words: words, at: now) }

    /// The form as a letter says it, for correcting.
    init(_ letter: Letter, contact: Contact?, words: Words) {
        let known = contact ?? .forgotten
        form = Form(fields: LetterForm.typed(letter) + LetterForm.typed(known))
        self.words = words
        self.letter = letter
        self.contact = known
    }

    /// Reads what was typed.
    ///
    /// - Parameters:
    ///   - now: an occasion may not lie in the past.
    ///   - asksContact: false where the form shows no contact.
    init(_ form: Form, words: Words, at now: Moment, asksContact: Bool = true) {
        self.init(unchecked: form, words: words, at: now)
        readChoices()
        let isTimed = readTimes()
        readAudience()
        readDated()
        for fault in letter.faults(at: now) where isTimed || !LetterForm.isAboutTime(fault) { note(fault) }
        if asksContact { for fault in contact.faults { note(fault) } }
        for (field, fault) in form.fileFaults { faults[field] = fault.sentence(words) }
    }

    private init(unchecked form: Form, words: Words, at now: Moment) {
        self.form = form
        self.words = words
        let tomorrow = now + .days(1)
        letter = Letter(
            origin: .internal, unit: line(form.text("unit")), reference: line(form.text("reference")),
            title: line(form.text("title")), service: .meeting,
            span: Span(start: tomorrow, end: tomorrow + .hours(1)), place: line(form.text("place")),
            expectedAudience: 1, remarks: form.text("remarks"), wantsRecording: form.isOn("recording"))
        contact = Contact(
            name: line(form.text("contact_name")), phone: line(form.text("contact_phone")),
            mail: line(form.text("contact_mail")))
    }

    // MARK: Reading

    private mutating func readChoices() {
        if let origin = Letter.Origin(rawValue: form.text("origin")) {
            letter.origin = origin
        } else {
            faults["origin"] = words("letter.origin.missing")
        }
        if let service = Service(rawValue: form.text("service")) {
            letter.service = service
        } else {
            faults["service"] = words("letter.service.missing")
        }
    }

    /// Both ends of the occasion; false when one of them could not be read.
    private mutating func readTimes() -> Bool {
        let endDate = form.text("end_date").isEmpty ? "start_date" : "end_date"
        guard let start = moment("start_date", "start_time"), let end = moment(endDate, "end_time") else {
            return false
        }
        letter.span = Span(start: start, end: end)
        return true
    }

    private mutating func moment(_ dateField: String, _ timeField: String) -> Moment? {
        var day: Day?
        var time: TimeOfDay?
        do { day = try ThaiDate.parse(form.text(dateField)) } catch { faults[dateField] = error.sentence(words) }
        do {
            time = try ThaiDate.parseTime(form.text(timeField))
        } catch { faults[timeField] = words("letter.time.\(error == .empty ? "empty" : "unreadable")") }
        guard let day, let time else { return nil }
        return day.at(time)
    }

    private mutating func readAudience() {
        let digits = ThaiDate.arabicDigits(form.text("audience")).filter { $0 != "," && !$0.isWhitespace }
        letter.expectedAudience = Int(digits) ?? 0
    }

    private mutating func readDated() {
        guard !form.text("dated").isEmpty else { return }
        do { letter.dated = try ThaiDate.parse(form.text("dated")) } catch { faults["dated"] = error.sentence(words) }
    }

    private mutating func note(_ fault: LetterFault) {
        let name = LetterForm.name(fault.field)
        if faults[name] == nil { faults[name] = fault.sentence(words) }
    }

    private static func isAboutTime(_ fault: LetterFault) -> Bool { fault.field == .start || fault.field == .end }

    /// The form's name of a place on it.
    private static func name(_ field: LetterField) -> String {
        switch field {
        case .start: "start_date"
        case .end: "end_time"
        case .contactName: "contact_name"
        case .contactPhone: "contact_phone"
        case .contactMail: "contact_mail"
        default: field.rawValue
        }
    }

    // MARK: A letter as it would be typed

    private static func typed(_ letter: Letter) -> [FormField] {
        let (start, end) = (letter.span.start, letter.span.end)
        let texts: [(String, String)] = [
            ("origin", letter.origin.rawValue), ("unit", letter.unit), ("service", letter.service.rawValue),
            ("title", letter.title), ("start_date", ThaiDate.typed(Day(of: start))),
            ("start_time", TimeOfDay(of: start).description), ("end_date", ThaiDate.typed(Day(of: end))),
            ("end_time", TimeOfDay(of: end).description), ("place", letter.place),
            ("audience", String(letter.expectedAudience)), ("reference", letter.reference),
            ("dated", letter.dated.map(ThaiDate.typed) ?? ""), ("remarks", letter.remarks),
        ]
        return texts.map { FormField(name: $0.0, value: $0.1) }
            + (letter.wantsRecording ? [FormField(name: "recording", value: "yes")] : [])
    }

    private static func typed(_ contact: Contact) -> [FormField] {
        [
            FormField(name: "contact_name", value: contact.name),
            FormField(name: "contact_phone", value: contact.phone),
            FormField(name: "contact_mail", value: contact.mail),
        ]
    }
}

/// One line of text: line ends and control characters, which no field of one line can mean, become blanks.
private func line(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 })).trimmed
}
