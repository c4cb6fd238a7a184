// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The form on which a meeting is settled before its day.
enum MeetingForm {
    /// What is ticked under one heading, by the word of its check box.
    private static func kinds(_ settings: MeetSettings) -> [(String, Bool)] {
        [("legal", settings.isLegal), ("webinar", settings.isWebinar), ("aired", settings.isAired)]
    }

    static func typed(_ settings: MeetSettings) -> Form {
        var fields = [
            FormField(name: "title", value: settings.title), FormField(name: "door", value: settings.door.rawValue),
            FormField(name: "lobby", value: settings.lobby.rawValue),
            FormField(name: "domains", value: settings.domains.joined(separator: "\n")),
            FormField(name: "early", value: String(settings.earlyMinutes)),
            FormField(name: "agenda", value: settings.agenda.joined(separator: "\n")),
            FormField(name: "quorum", value: settings.quorum > 0 ? String(settings.quorum) : ""),
            FormField(name: "consent", value: settings.consent),
            FormField(name: "days", value: settings.keepsDays.map { String($0) } ?? ""),
        ]
        fields += kinds(settings).filter(\.1).map { FormField(name: "kinds", value: $0.0) }
        fields += settings.freedoms.map { FormField(name: "freedoms", value: $0.rawValue) }
        if settings.records { fields.append(FormField(name: "recording", value: "records")) }
        return Form(fields: fields)
    }

    static func fields(_ words: Words, _ form: Form, of matter: Matter, faults: [String: String]) -> [FieldRow] {
        func radios<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ choices: Choice.Type) -> FieldRow
        {
            FieldRow(
                name, words("meet.\(name)"),
                .radios(
                    choices.allCases.map {
                        .init(
                            $0.rawValue, words("meet.\(name).\($0.rawValue)"), isChosen: form.text(name) == $0.rawValue)
                    }), hint: words("meet.hint.\(name)"), error: faults[name])
        }
        func checks(_ name: String, _ choices: [String]) -> FieldRow {
            FieldRow(
                name, words("meet.\(name)"),
                .checks(
                    choices.map {
                        .init($0, words("meet.\(name).\($0)"), isChosen: form.texts(name).contains($0))
                    }), hint: words("meet.hint.\(name)"), error: faults[name], isRequired: false)
        }
        func line(_ name: String, _ hint: String, isShort: Bool = true) -> FieldRow {
            FieldRow(
                name, words("meet.\(name)"), value: form.text(name), hint: hint, error: faults[name], isRequired: false,
                isShort: isShort, autocomplete: "off")
        }
        func area(_ name: String) -> FieldRow {
            FieldRow(
                name, words("meet.\(name)"), .area, value: form.text(name), hint: words("meet.hint.\(name)"),
                error: faults[name], isRequired: false)
        }
        return [
            line("title", words("meet.hint.title", matter.letter.title), isShort: false),
            checks("kinds", ["legal", "webinar"] + (matter.service == .both ? ["aired"] : [])),
            radios("door", AirDoor.self), radios("lobby", MeetLobby.self), area("domains"),
            line("early", words("meet.hint.early", MeetSettings.mostEarlyMinutes)),
            checks("freedoms", MeetFreedom.allCases.map(\.rawValue)), area("agenda"),
            line("quorum", words("meet.hint.quorum")), checks("recording", ["records"]), area("consent"),
            line("days", words("meet.hint.days", MeetSettings.legalDays)),
        ]
    }

    /// The settings as filled in.
    static func read(_ form: Form, into kept: MeetSettings, of matter: Matter) -> MeetSettings {
        var settings = MeetSettings()
        func lines(_ name: String) -> [String] {
            form.text(name).split(whereSeparator: \.isNewline).map { String($0).trimming() }.filter { !$0.isEmpty }
        }
        /// -1 for what is no number: no setting takes it.
        func number(_ name: String) -> Int? {
            let text = ThaiDate.arabicDigits(form.text(name))
            return text.isEmpty ? nil : Int(text) ?? -1
        }
        let kinds = form.texts("kinds")
        settings.title = form.text("title")
        settings.isLegal = kinds.contains("legal")
        settings.isWebinar = kinds.contains("webinar")
        settings.isAired = matter.service == .both ? kinds.contains("aired") : kept.isAired
        settings.door = AirDoor(rawValue: form.text("door")) ?? kept.door
        settings.lobby = MeetLobby(rawValue: form.text("lobby")) ?? kept.lobby
        settings.domains = form.text("domains").split { $0.isWhitespace || $0 == "," }.map { $0.lowercased() }
        settings.earlyMinutes = number("early") ?? kept.earlyMinutes
        settings.freedoms = MeetFreedom.allCases.filter { form.texts("freedoms").contains($0.rawValue) }
        settings.agenda = lines("agenda")
        settings.quorum = number("quorum") ?? 0
        settings.records = form.texts("recording").contains("records")
        settings.consent = form.text("consent")
        settings.keepsDays = number("days")
        return settings
    }

    /// Sentences by field.
    static func sentences(_ faults: [MeetFault], _ words: Words) -> [String: String] {
        var sentences: [String: String] = [:]
        for fault in faults { sentences[fault.field, default: fault.sentence(words)] += "" }
        return sentences
    }
}

extension MeetFault {
    /// The field of the form that it stands at.
    fileprivate var field: String {
        switch self {
        case .titleTooLong: "title"
        case .secretIsNotOpen, .legalIsNotOpen: "door"
        case .secretIsNotRecorded, .legalIsRecorded: "recording"
        case .tooManyDomains, .noDomain: "domains"
        case .earlyOutOfRange: "early"
        case .agendaTooLong: "agenda"
        case .quorumOutOfRange: "quorum"
        case .consentTooLong: "consent"
        case .legalIsKept, .daysOutOfRange: "days"
        }
    }

    /// What is wrong, and how to put it right, in one sentence.
    func sentence(_ words: Words) -> String {
        switch self {
        case .titleTooLong(let limit): words("fault.air.titleTooLong", limit)
        case .secretIsNotOpen: words("fault.meet.secretIsNotOpen")
        case .secretIsNotRecorded: words("fault.meet.secretIsNotRecorded")
        case .legalIsNotOpen: words("fault.meet.legalIsNotOpen")
        case .legalIsRecorded: words("fault.meet.legalIsRecorded")
        case .legalIsKept(let days): words("fault.meet.legalIsKept", days)
        case .tooManyDomains(let limit): words("fault.meet.tooManyDomains", limit)
        case .noDomain(let text): words("fault.meet.noDomain", text)
        case .earlyOutOfRange(let limit): words("fault.meet.earlyOutOfRange", limit)
        case .agendaTooLong(let points, let limit): words("fault.meet.agendaTooLong", points, limit)
        case .quorumOutOfRange(let limit): words("fault.meet.quorumOutOfRange", limit)
        case .consentTooLong(let limit): words("fault.meet.consentTooLong", limit)
        case .daysOutOfRange(let limit): words("fault.meet.daysOutOfRange", limit)
        }
    }
}

extension Counter {
    /// GET and POST /matters/:id/meeting
    func editMeeting(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let (matter, plan, _) = try await meeting(visit)
        let words = words(visit)
        func page(_ form: Form, _ faults: [String: String]) -> Response {
            settingsForm(
                visit, title: words("meet.settings"),
                fields: MeetingForm.fields(words, form, of: matter, faults: faults),
                back: .init(label: words("meet.console"), path: roomPath(matter.id)), note: words("meet.settings.about")
            )
        }
        guard request.method == .post else { return page(MeetingForm.typed(plan.settings), [:]) }
        let form = try await Form.read(request)
        let settings = MeetingForm.read(form, into: plan.settings, of: matter)
        do {
            try await cabinet.save(settings, of: matter.id, by: try hand(visit), at: now())
            return .seeOther(said("meeting_saved", on: roomPath(matter.id)))
        } catch Refusal.meetFaults(let faults) {
            return page(form, MeetingForm.sentences(faults, words))
        }
    }
}
