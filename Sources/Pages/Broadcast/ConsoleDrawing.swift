// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Puts a broadcast into the words of its console.
struct ConsoleDrawing {
    let scene: ConsoleScene
    let phrases: Phrases
    /// The folder's own words, for what is filed in it.
    let thai: Words
    let names: Names
    let reckoner: Reckoner
    let once: String
    let code: (String) -> String
    var returned: ReturnedForm?

    private var words: Words { phrases.words }
    private var matter: Matter { scene.matter }

    func page(_ frame: Frame) -> ConsolePage {
        let canLog = matter.stage == .inService && !scene.roles.isDisjoint(with: [.officer, .network])
        return ConsolePage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) },
            livePath: "\(scene.path)/live", reloadPath: scene.path, ways: ways, preview: preview, state: state,
            complaints: complaints, air: air,
            signal: signal, audience: audience, remarks: remarks, others: others, films: films,
            tools: scene.mayAct ? tools : nil,
            incident: canLog
                ? .init(matter: matter, once: once, back: scene.path, words: words, returned: returned) : nil,
            evidence: evidence, encoder: scene.mayAct ? encoder : nil, closing: closing, watch: watch)
    }

    private var ways: [ActRow] {
        [("service", "run.title"), ("preparation", "preparation.title")].map { place, key in
            ActRow(label: words(key), path: "/matters/\(matter.id)/\(place)", look: "quiet")
        } + [ActRow(label: words("preparation.matter"), path: "/matters/\(matter.id)", look: "quiet")]
    }

    private var preview: ConsolePage.PreviewBox? {
        guard scene.sight.isThere, scene.time != nil, let ticket = scene.ticket else { return nil }
        return .init(
            address: scene.doors.watch(scene.plan.name) + "?embed&preview=\(ticket)",
            title: words("console.preview"))
    }

    private var tools: ConsolePage.ToolsBox {
        .init(
            markPath: "\(scene.path)/markers", captionPath: "\(scene.path)/captions",
            sayPath: scene.plan.settings.talk == .off ? nil : "\(scene.path)/remarks")
    }

    private var encoder: ConsolePage.EncoderBox {
        let doors = scene.doors
        let servers = [("rtmp", "RTMP", doors.rtmp), ("rtmps", "RTMPS", doors.rtmps), ("srt", "SRT", doors.srt)]
            .compactMap { id, name, address in
                address.map { ConsolePage.CopyRow(id: "server-\(id)", label: words("console.server", name), value: $0) }
            }
        return .init(
            servers: servers,
            keysPath: scene.roles.contains(.officer) ? "/matters/\(matter.id)/stream-keys" : nil)
    }

    private var closing: ConsolePage.PressForm? {
        guard scene.mayAct, scene.time == .occasion, scene.state.openedAt != nil, scene.state.phase != .ended
        else { return nil }
        return .init(path: "\(scene.path)/closing", value: "1", label: words("console.close"), look: "danger")
    }

    private var watch: ConsolePage.WatchBox {
        let address = watchAddress(scene.plan, doors: scene.doors, office: reckoner.office, matter: matter)
        return .init(
            link: .init(id: "watch-link", label: words("console.watchLink"), value: address),
            said: words("air.door.\(scene.plan.settings.door.rawValue).said"), code: Markup(code(address)),
            settingsPath: scene.roles.isDisjoint(with: [.officer, .secretariat]) || matter.stage.isFinal
                ? nil : "/matters/\(matter.id)/broadcast")
    }

    // MARK: Evidence

    var measured: ConsolePage.MeasuredBox {
        .init(said: scene.measured(thai) ?? words("console.nothingMeasured"))
    }

    /// Before the occasion: what is measured can be filed at once.
    private var evidence: ConsolePage.EvidenceBox? {
        let open = matter.openChecks.filter { $0.isSystemTest || $0.needsEvidence }
        guard scene.mayAct, matter.stage == .toPrepare, !open.isEmpty else { return nil }
        let mine = returned?.place == "evidence" ? returned : nil
        let chosen = mine?.form.text("check") ?? open.first { $0.isSystemTest }?.id ?? ""
        let ends = matter.openChecks.count == 1 && matter.networkNotice != nil
        let isLate = reckoner.deadline(of: matter)?.isOverdue(at: scene.now) == true
        return .init(
            path: "\(scene.path)/evidence", once: "\(once)-evidence",
            measured: measured,
            check: FieldRow(
                "check", words("console.check"),
                .select(open.map { .init($0.id, phrases.check($0), isChosen: $0.id == chosen) }),
                error: mine?.error.text),
            late: ends && isLate ? .init(id: "late-evidence", text: mine?.form.text("late_reason") ?? "") : nil)
    }
}
