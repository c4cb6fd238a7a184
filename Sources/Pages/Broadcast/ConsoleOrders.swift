// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Studio

/// What an officer does at the console. Most of it is the studio's alone; what the folder has to know is an act.
extension Counter {
    /// POST /matters/:id/console/air: on air, or off it. The first time on the day, the occasion is opened with it.
    func putOnAir(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "air", focus: "console-air", done: nil) { form, matter, name in
            let isOn = form.text("press") == "on"
            if isOn, matter.stage == .ready, matter.airTime(at: now()) == .occasion {
                _ = try await perform(.open, on: matter.id, form: form, visit: visit, ignoresAge: true)
            }
            return .air(name: name, isOn: isOn)
        }
    }

    /// POST /matters/:id/console/slate
    func showSlate(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "slate", focus: "console-air", done: nil) { form, _, name in
            .slate(name: name, Slate(rawValue: form.text("slate")))
        }
    }

    /// POST /matters/:id/console/markers
    func markAiring(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "mark", focus: "mark", done: "air_marked") { form, _, name in
            .mark(name: name, text: try written(form, "mark"))
        }
    }

    /// POST /matters/:id/console/captions
    func captionAiring(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "caption", focus: "caption", done: nil) { form, _, name in
            .caption(name: name, text: try written(form, "caption"))
        }
    }

    /// POST /matters/:id/console/remarks: the office writes to the audience.
    func sayToAudience(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "say", focus: "say", done: nil) { form, _, name in
            .say(name: name, text: try written(form, "say"))
        }
    }

    /// POST /matters/:id/console/remarks/:number
    func judgeRemark(_ request: Request, _ visit: Visit) async throws -> Response {
        let number = visit.parameters.get("number").flatMap { Int($0) }
        return try await order(request, visit, at: "remarks", focus: "console-remarks", done: nil) { form, _, name in
            guard let number, let verdict = Verdict(rawValue: form.text("verdict")) else {
                throw HTTPError(.badRequest)
            }
            return .judge(name: name, remark: number, verdict)
        }
    }

    /// POST /matters/:id/console/publisher: lets the encoder go, so that another can come.
    func dropPublisher(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "publisher", focus: "console-signal", done: "air_dropped") { _, _, name in
            .drop(name: name)
        }
    }

    /// POST /matters/:id/console/closing
    func closeAiring(_ request: Request, _ visit: Visit) async throws -> Response {
        try await order(request, visit, at: "closing", focus: "console-air", done: "air_closed") { _, matter, name in
            guard matter.airTime(at: now()) == .occasion else { throw Refusal.notNow(.end, stage: matter.stage) }
            return .close(name: name)
        }
    }

    /// POST /matters/:id/console/recordings/:file/trim
    func trimRecording(_ request: Request, _ visit: Visit) async throws -> Response {
        let file = visit.parameters.get("file") ?? ""
        return try await order(
            request, visit, at: "trim-\(file)", focus: "console-films", done: "film_trimmed", late: true
        ) { form, _, name in
            guard let from = readClock(form.text("from")), let to = readClock(form.text("to")), from < to else {
                throw Sentence("console.fault.trim", status: .unprocessableContent)
            }
            return .trim(name: name, recording: file, from: from, to: to)
        }
    }

    /// POST /matters/:id/console/recordings/:file/removal
    func eraseRecording(_ request: Request, _ visit: Visit) async throws -> Response {
        let file = visit.parameters.get("file") ?? ""
        return try await order(request, visit, at: "erase", focus: "console-films", done: "film_erased", late: true) {
            _, _, name in .erase(name: name, recording: file)
        }
    }

    /// POST /matters/:id/console/evidence: what is measured now is what shows that a check was done.
    func fileEvidence(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, plan, studio) = try await broadcast(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "evidence", focus: "check", visit) { returned in
            try await console(of: matter.id, visit, returned)
        } work: {
            let scene = ConsoleScene(
                matter: matter, plan: plan, doors: try await studio.doors(), sight: await studio.sight(of: plan.name),
                roles: [.officer], ticket: nil, now: now())
            guard let measured = scene.measured(paper.words(.thai)) else {
                throw Sentence("console.nothingMeasured", status: .conflict)
            }
            let act = Act.tick(form.text("check"), Evidence(value: measured), note: form.text("note"))
            _ = try await perform(act, on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("check_ticked", on: consolePath(matter.id))
        }
    }

    func consolePath(_ id: Matter.ID) -> String { "/matters/\(id)/console" }

    /// Words that somebody wrote; none are no order.
    private func written(_ form: Form, _ field: String) throws -> String {
        let text = form.text(field)
        guard !text.isEmpty else { throw Sentence("console.fault.empty", status: .unprocessableContent) }
        guard text.count <= 300 else { throw Refusal.noteTooLong(limit: 300) }
        return text
    }

    /// Sends what a form asks for to the studio, and comes back to the console.
    ///
    /// - Parameter late: also when nothing more goes on air, for recordings.
    private func order(
        _ request: Request, _ visit: Visit, at place: String, focus: String, done: String?, late: Bool = false,
        _ make: (Form, Matter, String) async throws -> Order
    ) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, plan, studio) = try await broadcast(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: place, focus: focus, visit) { returned in
            try await console(of: matter.id, visit, returned)
        } work: {
            let time = matter.airTime(at: now())
            guard time == .trial || time == .occasion || (late && time == .over) else {
                throw Refusal.notNow(.open, stage: matter.stage)
            }
            try await studio.tell(try await make(form, matter, plan.name))
            let path = consolePath(matter.id)
            return done.map { said($0, on: path) } ?? "\(path)#\(focus)"
        }
    }
}
