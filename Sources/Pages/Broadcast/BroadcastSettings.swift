// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The form on which a broadcast is settled before its day.
enum BroadcastForm {
    static func typed(_ settings: AirSettings) -> Form {
        var fields = [
            FormField(name: "title", value: settings.title), FormField(name: "door", value: settings.door.rawValue),
            FormField(name: "profile", value: settings.profile.rawValue),
            FormField(name: "second", value: settings.second.rawValue),
            FormField(name: "talk", value: settings.talk.rawValue),
            FormField(name: "embedders", value: settings.embedders.joined(separator: "\n")),
        ]
        fields += settings.rungs.map { FormField(name: "rungs", value: $0.rawValue) }
        for (index, target) in settings.targets.enumerated() {
            fields.append(FormField(name: "target-\(index + 1)", value: target.name))
        }
        for sound in settings.sounds {
            fields.append(FormField(name: "sound-\(sound.number)", value: sound.name))
            fields.append(FormField(name: "sound-\(sound.number)-language", value: sound.language))
        }
        let films = [("records", settings.records), ("offers", settings.offersFilms), ("forgets", settings.mayForget)]
        fields += films.filter(\.1).map { FormField(name: "films", value: $0.0) }
        return Form(fields: fields)
    }

    static func fields(
        _ words: Words, _ form: Form, of matter: Matter, kept: AirSettings, faults: [String: String]
    ) -> [FieldRow] {
        let (targets, hasPassphrase) = (kept.targets, !kept.srtPassphrase.isEmpty)
        func radios<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ choices: Choice.Type) -> FieldRow
        {
            FieldRow(
                name, words("air.\(name)"),
                .radios(
                    choices.allCases.map {
                        .init(
                            $0.rawValue, words("air.\(name).\($0.rawValue)"), isChosen: form.text(name) == $0.rawValue)
                    }), hint: words("air.hint.\(name)"), error: faults[name])
        }
        func checks(_ name: String, _ choices: [String]) -> FieldRow {
            FieldRow(
                name, words("air.\(name)"),
                .checks(
                    choices.map {
                        .init($0, words("air.\(name).\($0)"), isChosen: form.texts(name).contains($0))
                    }), hint: words("air.hint.\(name)"), error: faults[name], isRequired: false)
        }
        let title = FieldRow(
            "title", words("air.title"), value: form.text("title"), hint: words("air.hint.title", matter.letter.title),
            error: faults["title"], isRequired: false)
        let embedders = FieldRow(
            "embedders", words("air.embedders"), .area, value: form.text("embedders"),
            hint: words("air.hint.embedders"),
            error: faults["embedders"], isRequired: false)
        let films =
            matter.letter.wantsRecording
            ? [checks("films", ["records", "offers", "forgets"])] : []
        let passphrase = FieldRow(
            "srt-passphrase", words("air.passphrase"), value: form.text("srt-passphrase"),
            hint: words(hasPassphrase ? "air.hint.passphraseKept" : "air.hint.passphrase"),
            error: faults["srt-passphrase"], isRequired: false, isShort: true, autocomplete: "off")
        let lines = hasPassphrase ? [passphrase, checks("srt", ["open"])] : [passphrase]
        return [
            title, radios("door", AirDoor.self), radios("talk", AirTalk.self), radios("profile", AirProfile.self),
            radios("second", SecondEncoder.self), checks("rungs", AirRung.allCases.map(\.rawValue)),
        ] + films + [embedders] + (0..<AirSettings.mostSounds).flatMap { soundFields(words, form, $0, faults) } + lines
            + (1...AirSettings.mostTargets).flatMap { number in
                targetFields(words, form, number, kept: targets.dropFirst(number - 1).first, faults)
            }
    }

    /// A sound's name and language. Most encoders send one, which needs no name.
    private static func soundFields(
        _ words: Words, _ form: Form, _ number: Int, _ faults: [String: String]
    ) -> [FieldRow] {
        let name = "sound-\(number)"
        // Empty places beyond the next free one would only be long.
        guard number == 0 || !form.text("sound-\(number - 1)").isEmpty || !form.text(name).isEmpty else { return [] }
        return [
            FieldRow(
                name, words("air.sound", number + 1), value: form.text(name), hint: words("air.hint.sound"),
                error: faults[name], isRequired: false, isShort: true, autocomplete: "off"),
            FieldRow(
                "\(name)-language", words("air.soundLanguage", number + 1), value: form.text("\(name)-language"),
                hint: words("air.hint.soundLanguage"), error: faults["\(name)-language"], isRequired: false,
                isShort: true, autocomplete: "off"),
        ]
    }

    /// A name and an address. The address holds a key, so only its server is shown again; left empty it stays.
    private static func targetFields(
        _ words: Words, _ form: Form, _ number: Int, kept: AirTarget?, _ faults: [String: String]
    ) -> [FieldRow] {
        let name = "target-\(number)"
        // Empty places beyond the next free one would only be long.
        guard number == 1 || kept != nil || !form.text("target-\(number - 1)").isEmpty || !form.text(name).isEmpty
        else { return [] }
        return [
            FieldRow(
                name, words("air.target", number), value: form.text(name), hint: words("air.hint.target"),
                error: faults[name], isRequired: false, isShort: true, autocomplete: "off"),
            FieldRow(
                "\(name)-address", words("air.targetAddress", number), value: form.text("\(name)-address"),
                hint: kept.map { words("air.hint.targetKept", $0.host) } ?? words("air.hint.targetAddress"),
                error: faults["\(name)-address"], isRequired: false, autocomplete: "off"),
        ]
    }

    /// The settings as filled in. An empty address keeps the one of the same name.
    static func read(_ form: Form, into kept: AirSettings, of matter: Matter) -> AirSettings {
        var settings = AirSettings()
        settings.title = form.text("title")
        settings.door = AirDoor(rawValue: form.text("door")) ?? kept.door
        settings.profile = AirProfile(rawValue: form.text("profile")) ?? kept.profile
        settings.second = SecondEncoder(rawValue: form.text("second")) ?? kept.second
        settings.talk = AirTalk(rawValue: form.text("talk")) ?? kept.talk
        settings.rungs = AirRung.allCases.filter { form.texts("rungs").contains($0.rawValue) }
        settings.embedders = form.text("embedders").split(whereSeparator: \.isWhitespace).map(String.init)
        if matter.letter.wantsRecording {
            let films = form.texts("films")
            settings.records = films.contains("records")
            settings.offersFilms = films.contains("offers")
            settings.mayForget = films.contains("forgets")
        } else {
            (settings.records, settings.offersFilms, settings.mayForget) = (
                kept.records, kept.offersFilms, kept.mayForget
            )
        }
        settings.sounds = (0..<AirSettings.mostSounds).compactMap { number in
            let (name, language) = (form.text("sound-\(number)"), form.text("sound-\(number)-language"))
            return name.isEmpty && language.isEmpty ? nil : AirSound(number: number, name: name, language: language)
        }
        let passphrase = form.text("srt-passphrase")
        settings.srtPassphrase =
            passphrase.isEmpty && !form.texts("srt").contains("open") ? kept.srtPassphrase : passphrase
        settings.targets = (1...AirSettings.mostTargets).compactMap { number in
            let name = form.text("target-\(number)")
            let address = form.text("target-\(number)-address")
            if name.isEmpty, address.isEmpty { return nil }
            let known = kept.targets.first { $0.name == name }?.address ?? ""
            return AirTarget(name: name, address: address.isEmpty ? known : address)
        }
        return settings
    }

    /// Sentences by field.
    static func sentences(_ faults: [AirFault], _ settings: AirSettings, _ words: Words) -> [String: String] {
        var sentences: [String: String] = [:]
        for fault in faults { sentences[field(of: fault, settings), default: fault.sentence(words)] += "" }
        return sentences
    }

    private static func field(of fault: AirFault, _ settings: AirSettings) -> String {
        func place(_ isIt: (AirTarget) -> Bool) -> Int { (settings.targets.firstIndex(where: isIt) ?? 0) + 1 }
        switch fault {
        case .titleTooLong: return "title"
        case .secretIsNotOpen: return "door"
        case .tooManyEmbedders, .noOrigin: return "embedders"
        case .tooManyTargets: return "target-1"
        case .targetUnnamed: return "target-\(place { $0.name.trimming().isEmpty || $0.name.count > 60 })"
        case .targetTwice:
            let names = settings.targets.map(\.name)
            let twice = names.indices.last { names[..<$0].contains(names[$0]) } ?? 0
            return "target-\(twice + 1)"
        case .noStreamAddress: return "target-\(place { !isStreamAddress($0.address) })-address"
        case .soundUnnamed: return "sound-\(settings.sounds.first { $0.name.isEmpty }?.number ?? 0)"
        case .soundMalformed: return "sound-\(settings.sounds.first?.number ?? 0)-language"
        case .passphraseMalformed: return "srt-passphrase"
        }
    }
}

extension Counter {
    /// GET and POST /matters/:id/broadcast
    func editBroadcast(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let (matter, plan, _) = try await broadcast(visit)
        let words = words(visit)
        let kept = plan.settings
        func page(_ form: Form, _ faults: [String: String]) -> Response {
            settingsForm(
                visit, title: words("air.settings"),
                fields: BroadcastForm.fields(words, form, of: matter, kept: kept, faults: faults),
                back: .init(label: words("console.title"), path: consolePath(matter.id)),
                note: matter.letter.wantsRecording ? nil : words("console.films.notAsked"))
        }
        guard request.method == .post else { return page(BroadcastForm.typed(kept), [:]) }
        let form = try await Form.read(request)
        let settings = BroadcastForm.read(form, into: kept, of: matter)
        do {
            try await cabinet.save(settings, of: matter.id, by: try hand(visit), at: now())
            return .seeOther(said("broadcast_saved", on: consolePath(matter.id)))
        } catch Refusal.airFaults(let faults) {
            return page(form, BroadcastForm.sentences(faults, settings, words))
        }
    }
}
