// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// How the pictures of a meeting are put into one, as the studio calls it.
enum MeetLayout: String, CaseIterable { case speaker, side, grid, one }

/// The boxes from which an officer changes the room, and its recordings.
extension MeetingDrawing {
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
                presses: [], airing: nil, nothing: words(scene.mayAct ? "meet.steer.closed" : "meet.steer.looking"))
        }
        func press(_ place: String, _ isOn: Bool, _ key: String) -> ConsolePage.PressForm {
            .init(
                path: "\(scene.path)/\(place)", value: isOn ? "on" : "off", label: words("\(key)"), look: "quiet",
                anchor: "steer-\(place)")
        }
        var presses: [ConsolePage.PressForm] = []
        if now.waiting > 0 { presses.append(press("lobby", true, "meet.admitAll")) }
        presses.append(press("lock", !now.isLocked, now.isLocked ? "meet.unlock" : "meet.lock"))
        if settings.records, scene.time == .occasion {
            presses.append(
                press("recording", !now.isRecording, now.isRecording ? "meet.recordOff" : "meet.recordOn"))
        }
        let isAired = settings.isAired && matter.hasStudio
        if isAired, now.isOnAir { presses.append(press("air", false, "meet.airOff")) }
        return .init(
            presses: presses,
            airing: isAired && !now.isOnAir ? .init(path: "\(scene.path)/air", layout: layouts("layout")) : nil,
            nothing: nil)
    }

    var films: ConsolePage.FilmsBox {
        .init(
            about: words(settings.records ? "meet.recording.on" : "meet.recording.off"),
            free: scene.sight.isThere ? now.freeBytes.map { words("console.free", phrases.bytes($0)) } : nil,
            rows: scene.sight.isThere && scene.mayKeep ? now.recordings.reversed().map(row) : [])
    }

    private func row(_ recording: MeetingRecording) -> ConsolePage.FilmRow {
        let film = recording.film
        let isMaking = film.stage == .making
        let percent = min(100, max(0, film.percent))
        let place = film.stage == .made ? film.file : nil
        return .init(
            file: recording.name, name: phrases.moment(Moment(milliseconds: recording.startedAt)),
            said: [phrases.clock(recording.milliseconds), phrases.bytes(recording.bytes)].joined(separator: " · "),
            chip: chip(recording),
            progress: isMaking
                ? .init(percent: String(percent), percentSaid: words("meet.film.percent", percent)) : nil,
            reason: film.stage == .failed && !film.reason.isEmpty ? film.reason : nil,
            download: place.flatMap { file in
                scene.ticket.map { scene.doors.film(file, of: recording.name, in: scene.plan.name, ticket: $0) }
            },
            making: !recording.isOpen && !isMaking
                ? .init(
                    path: "\(scene.path)/recordings/\(recording.name)/film",
                    layout: layouts("layout-\(recording.name)")) : nil,
            removal: erasing(recording.name, isOpen: recording.isOpen))
    }

    private func chip(_ recording: MeetingRecording) -> ChipRow {
        if recording.isOpen { return ChipRow(.live, words("console.film.open")) }
        return switch recording.film.stage {
        case .none: ChipRow(.done, words("console.film.kept"))
        case .making: ChipRow(.waiting, words("meet.film.making"))
        case .made: ChipRow(.approved, words("meet.film.made"))
        case .failed: ChipRow(.overdue, words("meet.film.failed"))
        }
    }
}
