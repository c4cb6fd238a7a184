// SPDX-License-Identifier: Apache-2.0

import Desk

/// Checking, classifying and registering a letter (ตรวจ แยกประเภท ลงทะเบียนรับ), and what came of it.
struct RegistrationPage: Page {
    static let template = "registration"
    let frame: Frame
    let errors: ErrorSummary?
    /// Where the matter's folder is shown.
    let folder: String
    let chip: ChipRow
    let limit: LimitRow?
    let summary: [PairRow]
    let sheets: [Sheet]
    let form: Checking?
    let stamp: Stamp?
    let returned: Returned?
    let submission: Submission?
    /// The next letter that waits at this desk.
    let following: PairRow?

    /// A file of the letter; a picture is shown at once, everything else opens beside.
    struct Sheet: Sendable {
        let address: String
        let text: String
        let isPicture: Bool
    }

    /// The checklist and the classification.
    struct Checking: Sendable {
        let papers: FieldRow
        let classes: [FieldRow]
        let lateness: FieldRow?
        let remark: FieldRow
        let isReturnOpen: Bool
        let seen: String
        let once: String
    }

    /// The receiving stamp (ตรารับหนังสือ): number, date, time.
    struct Stamp: Sendable {
        let office: String
        let number: String
        let date: String
        let time: String
    }

    /// The letter went back; its paper is ready.
    struct Returned: Sendable {
        let number: String
        let missing: [String]
        let paper: String
    }

    /// The folder goes before the executives.
    struct Submission: Sendable {
        let address: String
        let lateness: FieldRow?
        let seen: String
        let once: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        func page(
            _ matter: Matter, after: Length = .minutes(9), _ change: (inout RegistrationScene) -> Void = { _ in }
        ) -> RegistrationPage {
            var scene = RegistrationScene(matter, reckoner: SampleMatter.reckoner, at: SampleMatter.now + after)
            scene.contact = SampleMatter.contact
            scene.documents = [SampleMatter.document, SampleMatter.photo]
            scene.following = Matter(id: Matter.ID(13), letter: SampleMatter.letter)
            change(&scene)
            return RegistrationPage(
                frame: paper.frame(
                    .sample(path: "/matters/12/registration"), title: words("registration.title"),
                    lead: matter.letter.title), scene: scene, words: words)
        }
        return [
            Sample("to-register", page(SampleMatter.matter())),
            Sample(
                "refused",
                page(SampleMatter.matter()) { scene in
                    scene.typed = Form(fields: [
                        FormField(name: "papers", value: "date"), FormField(name: "note", value: "ขอลายมือชื่อ"),
                        FormField(name: "act", value: "return"),
                    ])
                    scene.refusal = .nothingMissing
                }),
            Sample("registered", page(SampleMatter.matter(SampleMatter.registered))),
            Sample("late-to-submit", page(SampleMatter.matter(SampleMatter.registered), after: .days(2))),
            Sample("returned", page(SampleMatter.matter(SampleMatter.incomplete))),
        ]
    }
}

/// What the registration page shows.
struct RegistrationScene {
    let matter: Matter
    let reckoner: Reckoner
    let at: Moment
    var contact: Contact?
    var documents: [Document] = []
    var following: Matter?
    /// The form as it was sent, when it was refused.
    var typed: Form?
    var refusal: Refusal?
    var once = "sample"

    init(_ matter: Matter, reckoner: Reckoner, at: Moment) {
        self.matter = matter
        self.reckoner = reckoner
        self.at = at
    }

    /// What the form itself proves; the signature is for a person's eyes.
    var provenPapers: Set<PaperCheck> {
        var proven: Set<PaperCheck> = [.date, .time, .place, .kind]
        if let contact, contact.faults.isEmpty { proven.insert(.contact) }
        if !documents.isEmpty { proven.insert(.attachment) }
        return proven
    }
}

extension RegistrationPage {
    init(frame: Frame, scene: RegistrationScene, words: Words) {
        let phrases = Phrases(words)
        let matter = scene.matter
        let deadline = scene.reckoner.deadline(of: matter)
        self.frame = frame
        folder = "/matters/\(matter.id)"
        chip = ChipRow(matter.stage, phrases)
        limit = deadline.map { LimitRow($0, at: scene.at, phrases) }
        summary = RegistrationPage.summary(scene, phrases)
        sheets = scene.documents.map {
            Sheet(
                address: documentPath($0.id), text: phrases.document($0), isPicture: $0.kind == .jpeg || $0.kind == .png
            )
        }
        let isLate = deadline?.isOverdue(at: scene.at) ?? false
        let lateness = isLate ? RegistrationPage.lateness(scene.typed, words) : nil
        let checking = matter.stage == .toRegister ? Checking(scene, lateness: lateness, phrases) : nil
        form = checking
        stamp = RegistrationPage.stamp(matter, scene.reckoner.office, phrases)
        returned = RegistrationPage.returned(matter, phrases)
        submission =
            matter.stage != .toSubmit
            ? nil
            : Submission(
                address: "/matters/\(matter.id)/submission", lateness: lateness, seen: String(matter.folder.count),
                once: scene.once)
        following = scene.following.map {
            PairRow(words("registration.following"), $0.letter.title, link: "/matters/\($0.id)/registration")
        }
        let pinned: Set<String> = ["papers_missing", "nothing_missing"]
        errors = ErrorSummary(
            lines: scene.refusal.map { refusal in
                let field = checking != nil && pinned.contains(refusal.code) ? "papers" : "main"
                return [ErrorRow(field: field, text: refusal.sentence(words) + " " + refusal.remedy(words))]
            } ?? [])
    }

    /// Why the step comes after its limit; asked for only when it does.
    static func lateness(_ typed: Form?, _ words: Words) -> FieldRow {
        FieldRow(
            "late_reason", words("registration.late_reason"), value: typed?.text("late_reason") ?? "",
            hint: words("registration.late_reason.hint"), isRequired: false, autocomplete: "off")
    }

    private static func summary(_ scene: RegistrationScene, _ phrases: Phrases) -> [PairRow] {
        let words = phrases.words
        let letter = scene.matter.letter
        let contact = scene.contact ?? .forgotten
        let ways = [contact.name, contact.phone, contact.mail].filter { !$0.isEmpty }
        var rows = [
            PairRow(words("field.unit"), "\(letter.unit) (\(phrases.origin(letter.origin)))"),
            PairRow(words("letter.service"), phrases.service(letter.service)),
            PairRow(words("track.when"), phrases.span(letter.span)), PairRow(words("field.place"), letter.place),
            PairRow(words("field.audience"), String(letter.expectedAudience)),
            PairRow(words("letter.about_contact"), ways.isEmpty ? "–" : ways.joined(separator: " · ")),
        ]
        if let dated = letter.dated { rows.insert(PairRow(words("field.dated"), phrases.date(dated)), at: 1) }
        if !letter.reference.isEmpty { rows.insert(PairRow(words("field.reference"), letter.reference), at: 1) }
        if letter.wantsRecording { rows.append(PairRow(words("letter.recording"), words("letter.recording.yes"))) }
        if !letter.remarks.isEmpty { rows.append(PairRow(words("field.remarks"), letter.remarks)) }
        return rows
    }

    private static func stamp(_ matter: Matter, _ office: Office, _ phrases: Phrases) -> Stamp? {
        let words = phrases.words
        for entry in matter.folder {
            guard case .registered(let number, _, _) = entry.fact else { continue }
            return Stamp(
                office: words.language == .thai ? office.thaiName : office.englishName,
                number: number.description, date: stampDate(entry.at, words), time: phrases.time(entry.at))
        }
        return nil
    }

    /// `23 พฤศจิกายน 2569`, as stamps have it.
    private static func stampDate(_ moment: Moment, _ words: Words) -> String {
        words.language == .thai ? ThaiDate.plain(Day(of: moment)) : ThaiDate.english(Day(of: moment))
    }

    private static func returned(_ matter: Matter, _ phrases: Phrases) -> Returned? {
        guard matter.stage == .toComplete, let number = matter.outgoing.last else { return nil }
        return Returned(
            number: number.description, missing: PaperCheck.allCases.filter(matter.missing.contains).map(phrases.paper),
            paper: "/matters/\(matter.id)/return.pdf")
    }
}

extension RegistrationPage.Checking {
    init(_ scene: RegistrationScene, lateness: FieldRow?, _ phrases: Phrases) {
        let words = phrases.words
        let letter = scene.matter.letter
        let typed = scene.typed
        let ticked = typed.map { Set($0.texts("papers")) } ?? Set(scene.provenPapers.map(\.rawValue))
        let isPinned = scene.refusal?.code == "papers_missing" || scene.refusal?.code == "nothing_missing"
        papers = FieldRow(
            "papers", words("registration.papers"),
            .checks(
                PaperCheck.allCases.map {
                    .init($0.rawValue, phrases.paper($0), isChosen: ticked.contains($0.rawValue))
                }
            ), hint: words("registration.papers.hint"), error: isPinned ? scene.refusal?.sentence(words) : nil)
        func chosen<T: RawRepresentable & CaseIterable>(
            _ name: String, _ given: T, _ text: (T) -> String
        ) -> [FieldRow.Option] where T.RawValue == String {
            let value = typed?.text(name) ?? given.rawValue
            return T.allCases.map { .init($0.rawValue, text($0), isChosen: $0.rawValue == value) }
        }
        classes = [
            FieldRow("origin", words("registration.origin"), .radios(chosen("origin", letter.origin, phrases.origin))),
            FieldRow("service", words("letter.service"), .radios(chosen("service", letter.service, phrases.service))),
            FieldRow("urgency", words("registration.urgency"), .radios(chosen("urgency", .normal, phrases.urgency))),
            FieldRow("secrecy", words("registration.secrecy"), .radios(chosen("secrecy", .open, phrases.secrecy))),
        ]
        self.lateness = lateness
        remark = FieldRow(
            "note", words("registration.note"), .area, value: typed?.text("note") ?? "",
            hint: words("registration.note.hint"), isRequired: false)
        isReturnOpen = typed?.text("act") == "return"
        seen = String(scene.matter.folder.count)
        once = scene.once
    }
}
