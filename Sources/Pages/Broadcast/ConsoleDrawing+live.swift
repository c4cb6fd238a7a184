// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// The boxes that change by themselves.
extension ConsoleDrawing {
    private var now: Studio.State { scene.state }
    private var isThere: Bool { scene.sight.isThere }

    // MARK: Where it stands

    var state: ConsolePage.StateBox {
        let isOn = now.openedAt != nil && now.phase != .ended
        return .init(
            name: words("console.state"), chip: ChipRow(scene, words),
            clock: clock(since: isOn ? now.openedAt : nil, "console.onAirFor"),
            inside: isOn ? words("console.viewers", grouped(now.viewers)) : nil)
    }

    var complaints: ConsolePage.ComplaintsBox {
        .init(
            notices: notices(
                trial: "console.trial", over: "console.over", isThere: isThere, refusal: scene.sight.refusal),
            complaints: isThere ? now.complaints.map(sentence) : [],
            isWell: isThere && now.isReceiving && now.complaints.isEmpty)
    }

    // MARK: On air

    var air: ConsolePage.AirBox {
        let canAct = scene.mayAct && isThere && now.phase != .ended
        return .init(
            said: words("console.air.\(airWord)"), press: canAct ? airForm : nil,
            slatePath: canAct && now.isOnAir ? "\(scene.path)/slate" : nil,
            slates: canAct && now.isOnAir ? slates : [])
    }

    private var airWord: String {
        switch now.phase {
        case .ended: "ended"
        case .onAir: "on"
        case .slated: "slated"
        case .awaited, .rehearsing: now.isOnAir ? "awaited" : scene.time == .trial ? "trial" : "off"
        }
    }

    private var airForm: ConsolePage.PressForm {
        if now.isOnAir {
            return .init(
                path: "\(scene.path)/air", value: "off", label: words("console.goOff"), look: "big quiet",
                anchor: "air-off")
        }
        let key =
            scene.time == .trial
            ? "console.goOn.trial" : scene.matter.stage == .ready ? "console.goOn.opens" : "console.goOn"
        return .init(
            path: "\(scene.path)/air", value: "on", label: words("\(key)"), look: "big live", anchor: "air-on")
    }

    private var slates: [ConsolePage.SlateButton] {
        [nil, Slate.backSoon, .testCard].map { slate in
            .init(
                value: slate?.rawValue ?? "none", label: words("console.slate.\(slate?.rawValue ?? "none")"),
                isOn: now.slate == slate)
        }
    }

    // MARK: What comes in

    var signal: ConsolePage.SignalBox {
        let codes = Set(now.complaints.map(\.code))
        let isIn = isThere && now.isReceiving
        func figure(_ key: String, _ value: String?, bad: Set<String> = []) -> ConsolePage.Figure {
            .init(
                name: words("console.figure.\(key)"), value: isIn ? value ?? "–" : "–",
                isBad: isIn && !codes.isDisjoint(with: bad))
        }
        let loudness = now.loudness
        let said = loudness.momentary.map { phrases.lufs($0) } ?? words("console.noLoudness")
        return .init(
            figures: [
                figure("bits", phrases.bits(now.bitsPerSecond)),
                figure("pictures", tenths(Double(now.milliPictures) / 1000), bad: ["picture-too-long"]),
                figure(
                    "keyFrames", now.keyFrameMilliseconds.map { words("console.secondsValue", phrases.seconds($0)) },
                    bad: ["key-frames-too-far"]),
                figure("drops", grouped(now.drops), bad: ["unusable", "sound-gap"]),
            ],
            meter: loudnessMeter(
                momentary: isIn ? loudness.momentary : nil, integrated: isIn ? loudness.integrated : nil,
                said: words("console.meterSaid", said)),
            loudness: isIn ? loudnessPairs(loudness) : [], about: isIn ? about + line : [],
            drop: isIn && scene.mayAct
                ? .init(
                    path: "\(scene.path)/publisher", value: "drop", label: words("console.drop"), look: "quiet",
                    anchor: "publisher-drop") : nil)
    }

    private func loudnessPairs(_ loudness: Studio.State.Loudness) -> [PairRow] {
        [
            ("shortTerm", loudness.shortTerm.map(phrases.lufs)), ("integrated", loudness.integrated.map(phrases.lufs)),
            ("peak", loudness.peak.map { "\(phrases.signedTenths($0)) dBFS" }),
        ].compactMap { key, value in value.map { PairRow(words("console.loudness.\(key)"), $0) } }
    }

    /// How the line to the encoder does, where that is known.
    private var line: [PairRow] {
        guard let line = now.line else { return [] }
        let loss = phrases.hundredths(line.lossBasisPoints)
        return [
            PairRow(
                words("console.line.roundTrip"),
                words("console.line.milliseconds", line.roundTripMilliseconds, line.latencyMilliseconds)),
            PairRow(words("console.line.lost"), words("console.line.loss", loss, grouped(Int(clamping: line.missing)))),
        ]
    }

    private var about: [PairRow] {
        var pairs = [PairRow(words("console.publisher"), now.publisher.isEmpty ? "–" : now.publisher)]
        if let since = now.receivingSince {
            pairs.append(PairRow(words("console.receivingSince"), phrases.time(Moment(milliseconds: since))))
        }
        if !now.tracks.isEmpty {
            let tracks = now.tracks.map { $0.width > 0 ? "\($0.codecs) \($0.width)×\($0.height)" : $0.codecs }
            pairs.append(PairRow(words("console.tracks"), tracks.joined(separator: " · ")))
        }
        return pairs
    }

    // MARK: Who watches

    var audience: ConsolePage.AudienceBox {
        let opened = now.openedAt.map { Moment(milliseconds: $0) }
        func figure(_ key: String, _ value: Int) -> ConsolePage.Figure {
            .init(name: words("console.audience.\(key)"), value: opened == nil ? "–" : grouped(value), isBad: false)
        }
        let said = words("console.curveSaid", grouped(now.peak), grouped(now.average))
        return .init(
            figures: [
                figure("now", now.viewers), figure("peak", now.peak), figure("average", now.average),
                figure("minutes", Int(clamping: now.viewerMinutes)), figure("interruptions", now.interruptions),
            ],
            curve: opened.map { audienceCurve(now.curve, minutes: 1, opened: $0, said: said) } ?? Markup(""),
            markers: now.markers)
    }

    // MARK: What they write

    var remarks: ConsolePage.RemarksBox {
        if scene.plan.settings.talk == .off { return .init(nothing: words("console.remarks.off"), rows: []) }
        let rows = now.remarks.reversed().prefix(50).map { remark in
            let verdicts: [Verdict] =
                switch remark.standing {
                case .waiting: [.show, .hide]
                case .shown: remark.isQuestion ? [.answered, .hide] : [.hide]
                case .hidden: [.show]
                case .answered: [.hide]
                }
            return ConsolePage.RemarkRow(
                from: remark.isOffice ? words("console.office") : remark.from, text: remark.text,
                when: phrases.time(Moment(milliseconds: remark.at)), chip: chip(remark),
                path: "\(scene.path)/remarks/\(remark.number)",
                verdicts: scene.mayAct && !remark.isOffice
                    ? verdicts.map {
                        .init(value: $0.rawValue, label: words("console.verdict.\($0.rawValue)"), isOn: false)
                    } : [])
        }
        return .init(nothing: rows.isEmpty ? words("console.remarks.none") : nil, rows: Array(rows))
    }

    private func chip(_ remark: Studio.State.Remark) -> ChipRow {
        let tone: StateTone =
            switch remark.standing {
            case .waiting: .due
            case .shown: .approved
            case .hidden: .returned
            case .answered: .done
            }
        return ChipRow(tone, words("console.standing.\(remark.standing.rawValue)"))
    }

    // MARK: What works beside it

    var others: ConsolePage.OthersBox {
        let rows = isThere ? now.helpers.map(row) : []
        return .init(nothing: rows.isEmpty ? words("console.others.none") : nil, rows: rows)
    }

    private func row(_ helper: Studio.State.Companion) -> ConsolePage.OtherRow {
        let tone: StateTone =
            switch helper.condition {
            case .resting: .done
            case .starting: .waiting
            case .working: .approved
            case .waiting: .overdue
            }
        return .init(
            name: ["ladder", "loudness"].contains(helper.name)
                ? words("console.helper.\(helper.name)") : helper.name,
            chip: ChipRow(tone, words("console.condition.\(helper.condition.rawValue)")),
            reason: helper.reason.isEmpty ? nil : helper.reason)
    }

    // MARK: What was recorded

    var films: ConsolePage.FilmsBox {
        let settings = scene.plan.settings
        let said =
            !scene.matter.letter.wantsRecording
            ? "console.films.notAsked"
            : !settings.records
                ? "console.films.off" : settings.offersFilms ? "console.films.offered" : "console.films.kept"
        return .init(
            about: words("\(said)"),
            free: isThere ? now.freeBytes.map { words("console.free", phrases.bytes($0)) } : nil,
            rows: isThere ? now.recordings.reversed().map(row) : [])
    }

    private func row(_ recording: Studio.State.Recording) -> ConsolePage.FilmRow {
        let began = Moment(milliseconds: recording.startedAt)
        let place = scene.ticket.map { "\(scene.doors.viewers)/live/\(scene.plan.name)/preview/\($0)/films" }
        return .init(
            file: recording.file, name: phrases.moment(began),
            said: [phrases.clock(recording.milliseconds), phrases.bytes(recording.bytes), recording.file]
                .joined(separator: " · "),
            chip: recording.isOpen
                ? ChipRow(.live, words("console.film.open")) : ChipRow(.done, words("console.film.kept")),
            viewing: scene.ticket.map {
                scene.doors.watch(scene.plan.name) + "?film=\(recording.file)&preview=\($0)"
            },
            download: place.map { "\($0)/\(recording.file)/\(recording.file)" },
            trim: scene.mayKeep && !recording.isOpen
                ? .init(
                    path: "\(scene.path)/recordings/\(recording.file)/trim", id: recording.file,
                    length: phrases.clock(recording.milliseconds)) : nil,
            removal: erasing(recording.file, isOpen: recording.isOpen))
    }
}

extension ChipRow {
    /// Where a broadcast stands, as colour, icon and word.
    init(_ scene: ConsoleScene, _ words: Words) {
        self.init(scene.sight, words)
    }

    init(_ sight: StudioSight, _ words: Words) {
        guard sight.isThere else {
            self.init(.overdue, words("console.phase.away"))
            return
        }
        let phase = sight.state?.phase ?? .awaited
        let tone: StateTone =
            switch phase {
            case .awaited: .waiting
            case .rehearsing: .approved
            case .onAir: .live
            case .slated: .due
            case .ended: .done
            }
        self.init(tone, words("console.phase.\(phase.rawValue)"))
    }
}
