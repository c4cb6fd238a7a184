// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Studio

extension Counter {
    /// GET /matters/:id/room
    func showMeetingRoom(_ visit: Visit) async throws -> Response {
        try await meetingRoom(of: try await meeting(visit).matter.id, visit)
    }

    /// GET /matters/:id/room/live: server-sent events, each a part of the page that has changed. What does not change by
    /// itself is read once.
    func liveMeetingRoom(_ request: Request, _ visit: Visit) async throws -> Response {
        let (matter, plan, studio) = try await meeting(visit)
        let drawing = try await meetingDrawing(of: matter.id, visit)
        return liveParts(request, await studio.meetingSights(of: plan.name)) { sight in
            try await meetingParts(drawing, sight, visit)
        }
    }

    /// The matter that the address names, what was settled for its meeting, and the studio: for who may look.
    func meeting(_ visit: Visit) async throws -> (matter: Matter, plan: MeetPlan, studio: any StudioRoom) {
        try require(.officer, .network, .secretariat, .executive, visit: visit)
        guard let studio = parts.studio else { throw HTTPError(.notFound) }
        let matter = try await matter(visit)
        guard matter.hasMeeting, let plan = try await cabinet.meetPlan(of: matter.id) else { throw Refusal.noMeeting }
        return (matter, plan, studio)
    }

    // MARK: What is done

    /// POST /matters/:id/room/opening: the occasion begins; people may come in as soon as it was announced for.
    func openMeeting(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, _, _) = try await meeting(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "opening", focus: "console-state", visit) { returned in
            try await meetingRoom(of: matter.id, visit, returned)
        } work: {
            _ = try await perform(.open, on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("occasion_opened", on: roomPath(matter.id))
        }
    }

    /// POST /matters/:id/room/closing: everybody goes, and what it came to is told.
    func closeMeeting(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, plan, studio) = try await meeting(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "closing", focus: "console-state", visit) { returned in
            try await meetingRoom(of: matter.id, visit, returned)
        } work: {
            let time = matter.meetTime(at: now())
            guard time == .trial || time == .occasion else { throw Refusal.notNow(.end, stage: matter.stage) }
            try await studio.tell(.closeMeeting(name: plan.name))
            return said("meeting_closed", on: roomPath(matter.id))
        }
    }

    /// POST /matters/:id/room/evidence: what was measured at the room's door is what shows that a check was done.
    func fileMeetingEvidence(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, _, _) = try await meeting(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "evidence", focus: "check", visit) { returned in
            try await meetingRoom(of: matter.id, visit, returned)
        } work: {
            let scene = try await meetingScene(of: matter.id, visit)
            guard let measured = scene.measured(paper.words(.thai)) else {
                throw Sentence("meet.nothingMeasured", status: .conflict)
            }
            let act = Act.tick(form.text("check"), Evidence(value: measured), note: form.text("note"))
            _ = try await perform(act, on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("check_ticked", on: roomPath(matter.id))
        }
    }

    /// POST /matters/:id/room/forgetting: the names that a meeting left.
    func forgetMeeting(_ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        try await cabinet.forgetMeeting(of: matter.id, by: try hand(visit), at: now())
        return .seeOther(said("meeting_forgotten", on: roomPath(matter.id)))
    }

    /// GET /matters/:id/minutes.pdf: the draft of the minutes, for who leads the meeting to finish.
    func minutesPDF(_ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, .executive, visit: visit)
        let (matter, plan, _) = try await meeting(visit)
        let sittings = try await cabinet.sittings(of: matter.id)
        guard !sittings.isEmpty else { throw Sentence("meet.noMinutes", status: .notFound) }
        let bytes = try await parts.papers.minutesPDF(
            of: matter, settings: plan.settings, sittings: sittings, office: try await cabinet.office())
        return .paper(bytes, name: "minutes-\(matter.id).pdf")
    }

    /// POST /matters/:id/room/lobby, lock, recording: what an officer changes in the room from outside.
    func steerMeeting(_ request: Request, _ visit: Visit, at place: String) async throws -> Response {
        try await meetingOrder(request, visit, at: place, focus: "meeting-steer") { form, name in
            let isOn = form.text("press") == "on"
            return switch place {
            case "lobby": .admitAll(name: name)
            case "lock": .lockMeeting(name: name, isLocked: isOn)
            default: .recordMeeting(name: name, isOn: isOn)
            }
        }
    }

    /// POST /matters/:id/room/air: on the air of the matter's broadcast, or off it.
    func airMeeting(_ request: Request, _ visit: Visit) async throws -> Response {
        let settings = try await meeting(visit).plan.settings
        return try await meetingOrder(request, visit, at: "air", focus: "meeting-steer") { form, name in
            guard settings.isAired else { throw Refusal.noBroadcast }
            let layout = MeetLayout(rawValue: form.text("layout")) ?? .speaker
            return .airMeeting(name: name, isOn: form.text("press") == "on", layout: layout.rawValue)
        }
    }

    /// POST /matters/:id/room/recordings/:file/film: one film is made of all of it.
    func composeFilm(_ request: Request, _ visit: Visit) async throws -> Response {
        let file = visit.parameters.get("file") ?? ""
        return try await meetingOrder(request, visit, at: "film", focus: "console-films", late: true) { form, name in
            let layout = MeetLayout(rawValue: form.text("layout-\(file)")) ?? .speaker
            return .composeMeeting(name: name, recording: file, layout: layout.rawValue)
        }
    }

    /// POST /matters/:id/room/recordings/:file/removal
    func eraseMeetingRecording(_ request: Request, _ visit: Visit) async throws -> Response {
        let file = visit.parameters.get("file") ?? ""
        return try await meetingOrder(
            request, visit, at: "erase", focus: "console-films", done: "film_erased", late: true
        ) { _, name in .eraseMeeting(name: name, recording: file) }
    }

    /// Sends what a form asks for to the studio, and comes back to the console.
    ///
    /// - Parameter late: also when nobody comes in any more, for recordings.
    private func meetingOrder(
        _ request: Request, _ visit: Visit, at place: String, focus: String, done: String? = nil, late: Bool = false,
        _ make: (Form, String) throws -> Order
    ) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, plan, studio) = try await meeting(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: place, focus: focus, visit) { returned in
            try await meetingRoom(of: matter.id, visit, returned)
        } work: {
            let time = matter.meetTime(at: now())
            guard time == .trial || time == .occasion || (late && time == .over) else {
                throw Refusal.notNow(.open, stage: matter.stage)
            }
            try await studio.tell(try make(form, plan.name))
            return done.map { said($0, on: roomPath(matter.id)) } ?? "\(roomPath(matter.id))#\(focus)"
        }
    }

    // MARK: The page

    func roomPath(_ id: Matter.ID) -> String { "/matters/\(id)/room" }

    /// The console, also with a form on it that was not accepted.
    func meetingRoom(of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm? = nil) async throws -> Response {
        let drawing = try await meetingDrawing(of: id, visit, returned)
        let page = drawing.page(
            frame(
                visit, words(visit)("meet.console"), lead: drawing.scene.matter.letter.title,
                scripts: ["enhance.js", "clock.js", "copy.js", "console.js", "inbox.js"]))
        return paper.show(page, to: visit, status: returned?.status ?? .ok)
    }

    /// The parts of an open console as they are now.
    private func meetingParts(
        _ drawing: MeetingDrawing, _ sight: MeetingSight, _ visit: Visit
    ) async throws -> [LivePart] {
        var drawing = drawing
        let id = drawing.matter.id
        guard let matter = try await cabinet.matter(id), let plan = try await cabinet.meetPlan(of: id)
        else { throw Refusal.noSuchMatter }
        (drawing.scene.matter, drawing.scene.plan) = (matter, plan)
        (drawing.scene.sight, drawing.scene.now) = (sight, now())
        // What a sitting came to is filed when it is over.
        if sight.state?.phase == .over { drawing.scene.sittings = try await cabinet.sittings(of: id) }
        return [
            livePart("console-state", drawing.state, visit), livePart("console-complaints", drawing.complaints, visit),
            livePart("meeting-steer", drawing.steer, visit), livePart("meeting-people", drawing.people, visit),
            livePart("meeting-sittings", drawing.sittings, visit),
            livePart("console-films", drawing.films, visit), livePart("console-measured", drawing.measured, visit),
        ]
    }

    private func meetingDrawing(
        of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm? = nil
    ) async throws -> MeetingDrawing {
        MeetingDrawing(
            scene: try await meetingScene(of: id, visit), phrases: phrases(visit), thai: paper.words(.thai),
            reckoner: try await reckoner(), once: onceMark(), returned: returned)
    }

    private func meetingScene(of id: Matter.ID, _ visit: Visit) async throws -> MeetingScene {
        guard let studio = parts.studio else { throw HTTPError(.notFound) }
        guard let matter = try await cabinet.matter(id), let plan = try await cabinet.meetPlan(of: id)
        else { throw Refusal.noSuchMatter }
        let now = now()
        return MeetingScene(
            matter: matter, plan: plan, doors: try await studio.doors(),
            sight: await studio.meetingSight(of: plan.name), person: try person(visit),
            ticket: plan.ticket(until: consoleTicketEnd),
            invited: try await cabinet.invitees(of: id).count { $0.isGood(at: now) },
            sittings: try await cabinet.sittings(of: id), officeAddress: try await cabinet.office().address, now: now)
    }
}
