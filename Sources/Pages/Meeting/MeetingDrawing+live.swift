// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// How the pictures of a meeting are put into one, as the studio calls it.
enum MeetLayout: String, CaseIterable { case speaker, side, grid, one }

/// The boxes from which an officer changes the room, and its recordings.
extension MeetingDrawing {
    private var words: Words { phrases.words }
    private var now: MeetingState { scene.state }
    private var settings: MeetSettings { scene.plan.settings }

    private func layouts(_ name: String) -> FieldRow {
        FieldRow(
            name, words("meet.layout"),
            .select(
                MeetLayout.allCases.map {
                    .init($0.rawValue, words("meet.layout.\($0.rawValue)"), isChosen: $0 == .speaker)
                }))
    }

    var steer: MeetingPage.SteerBox {
        guard scene.mayAct, scene.isOpen else {
            return .init(
                presses: [], airPath: nil, layouts: [], offAir: nil,
                nothing: scene.mayAct ? words("meet.steer.closed") : words("meet.steer.looking"))
        }
        func press(_ place: String, _ isOn: Bool, _ key: String) -> ConsolePage.PressForm {
            .init(path: "\(scene.path)/\(place)", value: isOn ? "on" : "off", label: words("\(key)"), look: "quiet")
        }
        var presses: [ConsolePage.PressForm] = []
        if now.waiting > 0 { presses.append(press("lobby", true, "meet.admitAll")) }
        presses.append(press("lock", !now.isLocked, now.isLocked ? "meet.unlock" : "meet.lock"))
        if settings.records, scene.time == .occasion {
            presses.append(
                press("recording", !now.isRecording, now.isRecording ? "meet.recordOff" : "meet.recordOn"))
        }
        let isAired = settings.isAired && scene.matter.hasStudio
        return .init(
            presses: presses, airPath: isAired && !now.isOnAir ? "\(scene.path)/air" : nil,
            layouts: isAired && !now.isOnAir ? [layouts("layout")] : [],
            offAir: isAired && now.isOnAir ? press("air", false, "meet.airOff") : nil, nothing: nil)
    }

    var films: MeetingPage.FilmsBox {
        .init(
            said: words(settings.records ? "meet.recording.on" : "meet.recording.off"),
            free: scene.sight.isThere ? now.freeBytes.map { words("console.free", phrases.bytes($0)) } : nil,
            rows: scene.sight.isThere && scene.mayKeep ? now.recordings.reversed().map(row) : [])
    }

    private func row(_ recording: MeetingRecording) -> MeetingPage.FilmRow {
        let path = "\(scene.path)/recordings/\(recording.name)"
        let film = recording.film
        let began = Moment(milliseconds: recording.startedAt)
        let chip: ChipRow =
            if recording.isOpen {
                ChipRow(.live, words("console.film.open"))
            } else {
                switch film.stage {
                case .none: ChipRow(.done, words("console.film.kept"))
                case .making: ChipRow(.waiting, words("meet.film.making"))
                case .made: ChipRow(.approved, words("meet.film.made"))
                case .failed: ChipRow(.overdue, words("meet.film.failed"))
                }
            }
        let isMaking = film.stage == .making
        let percent = min(100, max(0, film.percent))
        return .init(
            id: recording.name, name: recording.name,
            said: [phrases.moment(began), phrases.clock(recording.milliseconds), phrases.bytes(recording.bytes)]
                .joined(separator: " · "),
            chip: chip, progress: isMaking ? String(percent) : nil,
            progressSaid: isMaking ? words("meet.film.percent", percent) : nil,
            reason: film.stage == .failed && !film.reason.isEmpty ? film.reason : nil,
            download: film.stage == .made
                ? film.file.flatMap { file in
                    scene.ticket.map {
                        scene.doors.film(file, of: recording.name, in: scene.plan.name, ticket: $0)
                    }
                } : nil,
            making: !recording.isOpen && !isMaking
                ? .init(path: "\(path)/film", layouts: [layouts("layout-\(recording.name)")]) : nil,
            removal: recording.isOpen
                ? nil : .init(path: "\(path)/removal", value: "1", label: words("console.erase"), look: "danger"))
    }
}
