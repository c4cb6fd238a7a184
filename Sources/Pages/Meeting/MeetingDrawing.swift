// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Puts a meeting into the words of its console.
struct MeetingDrawing: LiveConsole {
    var scene: MeetingScene
    let phrases: Phrases
    /// The folder's own words, for what is filed in it.
    let thai: Words
    let reckoner: Reckoner
    let once: String
    var returned: ReturnedForm?

    private var now: MeetingState { scene.state }
    private var settings: MeetSettings { scene.plan.settings }

    func page(_ frame: Frame) -> MeetingPage {
        let isDesk = !scene.roles.isDisjoint(with: [.officer, .secretariat])
        return MeetingPage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) }, livePath: "\(scene.path)/live",
            reloadPath: scene.path, ways: ways, state: state, complaints: complaints, host: scene.mayAct ? host : nil,
            steer: steer, people: people, films: films, incident: incident,
            evidence: evidence(measured, about: "meet.evidence.about", usual: "meeting-test"), settled: settled,
            settingsPath: isDesk && !matter.stage.isFinal ? "/matters/\(matter.id)/meeting" : nil,
            links: isDesk ? links : nil, sittings: sittings, closing: closing, forgetting: forgetting)
    }

    // MARK: Where it stands

    var state: ConsolePage.StateBox {
        let signs: [(Bool, StateTone, String)] = [
            (now.isRecording, .live, "recording"), (now.isOnAir, .live, "onAir"), (now.isLocked, .due, "locked"),
        ]
        return .init(
            name: words("meet.state"), chip: ChipRow(scene.sight, words),
            clock: clock(since: scene.isOpen ? now.openedAt : nil, "meet.onFor"),
            inside: scene.isOpen ? words("meet.inside", grouped(now.people)) : nil,
            signs: scene.isOpen ? signs.filter(\.0).map { ChipRow($0.1, words("meet.sign.\($0.2)")) } : [])
    }

    var complaints: ConsolePage.ComplaintsBox {
        let said = scene.isOpen ? faults + now.complaints.map(sentence) : []
        return .init(
            notices: notices(
                trial: "meet.trial", over: "meet.over", isThere: scene.sight.isThere, refusal: scene.sight.refusal),
            complaints: said, isWell: scene.isOpen && now.people > 0 && said.isEmpty)
    }

    /// What is wrong in the room, with what to do.
    private var faults: [String] {
        var faults: [String] = []
        if now.people + now.waiting > 0, !now.hasHost { faults.append(words("meet.fault.noHost")) }
        if now.waiting > 0 { faults.append(words("meet.fault.waiting", grouped(now.waiting))) }
        if now.troubled > 0 { faults.append(words("meet.fault.troubled", grouped(now.troubled))) }
        if settings.isLegal, !matter.isSecret, scene.time == .occasion, !now.isRecording, now.people > 0 {
            faults.append(words("meet.fault.notRecorded"))
        }
        return faults
    }

    var people: MeetingPage.PeopleBox {
        func figure(_ key: String, _ value: Int, isBad: Bool = false) -> ConsolePage.Figure {
            .init(
                name: words("meet.figure.\(key)"), value: now.openedAt == nil && value == 0 ? "–" : grouped(value),
                isBad: isBad)
        }
        return .init(figures: [
            figure("people", now.people), figure("speakers", now.speakers), figure("waiting", now.waiting),
            figure("hands", now.hands), figure("peak", now.peak),
            figure("troubled", now.troubled, isBad: now.troubled > 0), figure("interruptions", now.interruptions),
            figure("groups", now.groups),
        ])
    }

    // MARK: What is done

    private var host: MeetingPage.HostBox {
        let canOpen = scene.time == .occasion && matter.stage == .ready
        return .init(
            hostPath: scene.isAssigned ? "\(scene.path)/host" : nil,
            notAssigned: scene.isAssigned ? nil : words("meet.notAssigned"),
            opening: canOpen
                ? .init(path: "\(scene.path)/opening", value: "on", label: words("meet.open"), look: "big live") : nil,
            consolePath: settings.isAired && matter.hasStudio ? "/matters/\(matter.id)/console" : nil)
    }

    private var closing: ConsolePage.ConfirmForm? {
        scene.mayAct && scene.isOpen ? closeForm("meet.close", warning: "meet.close.warning") : nil
    }

    var measured: ConsolePage.MeasuredBox {
        .init(said: scene.measured(thai) ?? words("meet.nothingMeasured"))
    }

    // MARK: What was settled

    private var settled: [PairRow] {
        var pairs = [
            PairRow(words("meet.door"), words("meet.door.\(settings.door.rawValue)")),
            PairRow(words("meet.lobby"), words("meet.lobby.\(settings.lobby.rawValue)")),
            PairRow(words("meet.opensAt"), phrases.moment(scene.plan.opens(matter))),
            PairRow(
                words("meet.freedoms"),
                settings.freedoms.isEmpty
                    ? words("meet.freedoms.none")
                    : settings.freedoms.map { words("meet.freedoms.\($0.rawValue)") }.joined(separator: " · ")),
            PairRow(
                words("meet.recording"), words(settings.records ? "meet.recording.on" : "meet.recording.off")),
            PairRow(
                words("meet.days"),
                settings.keepsDays.map { words("phrase.days", $0) } ?? words("meet.days.none")),
        ]
        let kinds = [("legal", settings.isLegal), ("webinar", settings.isWebinar), ("aired", settings.isAired)]
        let chosen = kinds.filter(\.1).map { words("meet.kinds.\($0.0)") }
        if !chosen.isEmpty { pairs.insert(PairRow(words("meet.kinds"), chosen.joined(separator: " · ")), at: 0) }
        if settings.records {
            let sentence = settings.consent.isEmpty ? words("meet.consent.usual") : "“\(settings.consent)”"
            pairs.insert(PairRow(words("meet.consent"), sentence), at: pairs.count - 1)
        }
        if settings.quorum > 0 { pairs.append(PairRow(words("meet.quorum"), grouped(settings.quorum))) }
        return pairs
    }

    private var links: MeetingPage.LinksBox {
        let open: String? =
            switch settings.door {
            case .open: scene.doors.room(scene.plan.name)
            case .link: nil
            case .signedIn: "\(scene.officeAddress)/meet/\(scene.plan.name)"
            }
        return .init(
            said: words("meet.door.\(settings.door.rawValue).said"),
            link: open.map { .init(id: "room-link", label: words("links.link"), value: $0) },
            path: "/matters/\(matter.id)/links", count: words("links.count", grouped(scene.invited)))
    }

    private var forgetting: MeetingPage.ForgettingBox? {
        guard !scene.roles.isDisjoint(with: [.secretariat, .administrator]), matter.stage.isFinal,
            !scene.sittings.isEmpty || scene.invited > 0, !scene.sittings.contains(where: \.isForgotten)
        else { return nil }
        do throws(Refusal) {
            try mayForgetMeeting(of: matter, settings: settings, by: Hand(scene.person), at: scene.now)
            return .init(path: "\(scene.path)/forgetting", said: words("meet.forget.about"))
        } catch { return .init(path: nil, said: error.sentence(words)) }
    }
}

extension ChipRow {
    /// Where a meeting stands, as colour, icon and word.
    init(_ sight: MeetingSight, _ words: Words) {
        guard sight.isThere else {
            self.init(.overdue, words("console.phase.away"))
            return
        }
        let state = sight.state
        switch state?.phase ?? .awaited {
        case .awaited: self.init(.waiting, words("meet.phase.awaited"))
        case .open:
            self.init(
                state?.people == 0 ? .due : .live, words(state?.people == 0 ? "meet.phase.empty" : "meet.phase.open"))
        case .over: self.init(.done, words("meet.phase.over"))
        }
    }
}
