// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Puts a broadcast into the words of its console.
struct ConsoleDrawing: LiveConsole {
    var scene: ConsoleScene
    let phrases: Phrases
    /// The folder's own words, for what is filed in it.
    let thai: Words
    let names: Names
    let reckoner: Reckoner
    let once: String
    let code: @Sendable (String) -> String
    var returned: ReturnedForm?

    func page(_ frame: Frame) -> ConsolePage {
        ConsolePage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) },
            livePath: "\(scene.path)/live", reloadPath: scene.path, ways: ways, preview: preview, state: state,
            complaints: complaints, air: air,
            signal: signal, audience: audience, remarks: remarks, others: others, films: films,
            tools: scene.mayAct ? tools : nil,
            incident: incident, evidence: evidence(measured, about: "console.evidence.about"),
            encoder: scene.mayAct ? encoder : nil, closing: closing, watch: watch)
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

    private var closing: ConsolePage.ConfirmForm? {
        guard scene.mayAct, scene.time == .occasion, scene.state.openedAt != nil, scene.state.phase != .ended
        else { return nil }
        return closeForm("console.close", warning: "console.close.warning")
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
}
