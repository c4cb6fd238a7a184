// SPDX-License-Identifier: Apache-2.0

import Desk
import Logging
import Pages
import Studio

/// What the desk knows of the studio's meetings.
struct MeetingDesk {
    /// What the studio was told, by name.
    var seated: [String: Seating] = [:]
    /// Told to end since the studio came, and when.
    var closed: [String: Moment] = [:]
    /// Told to be known no more since the studio came, and to forget its people.
    var withdrawn: Set<String> = []
    var forgotten: Set<String> = []
    var states: [String: MeetingState] = [:]
    /// What an officer's devices and line could do when they last tried them, by the meeting's name.
    var checks: [String: DeviceCheck] = [:]
    /// Ended while the desk was away, and told before the plans were.
    var untold: [MeetingReport] = []
    var kept: [String: Moment] = [:]
    var lookers: [String: [Int: AsyncStream<MeetingSight>.Continuation]] = [:]

    /// Somebody sits in one.
    var isOn: Bool { states.values.contains { $0.phase == .open && $0.people > 0 } }

    /// Another studio knows nothing of what this one was told.
    mutating func leave() {
        (seated, closed, withdrawn, forgotten) = ([:], [:], [], [])
        states = [:]
    }
}

// MARK: What the studio says of meetings

extension StudioLink {
    func hearMeeting(_ bulletin: Bulletin) async {
        switch bulletin {
        case .meeting(let state):
            if meetings.states.updateValue(state, forKey: state.name) == nil { stir() }
            answer(nil, about: state.name)
            showMeeting(state.name)
            await keep(state)
        case .meetingOpened(let name, _):
            logger.notice("a meeting began", metadata: ["meeting": "\(name)"])
        case .meetingEnded(let report):
            let name = report.state.name
            logger.notice("a meeting ended", metadata: ["meeting": "\(name)"])
            meetings.states[name] = report.state
            showMeeting(name)
            if meetings.seated[name] == nil { meetings.untold.append(report) } else { await file(report) }
        case .meetingChecked(let name, let check) where check.key?.hasPrefix("p") == true:
            // An officer's: a guest's own telephone is no evidence.
            meetings.checks[name] = check
            showMeeting(name)
        default: break
        }
    }

    // MARK: What the folder is told

    /// Remembers what a sitting has come to so far.
    private func keep(_ state: MeetingState) async {
        let now = now()
        guard let seating = meetings.seated[state.name], !seating.plan.isTest, state.phase == .open,
            let figures = MeetFigures(state, at: now),
            meetings.kept[state.name].map({ $0 + Self.keepEvery <= now }) ?? true
        else { return }
        meetings.kept[state.name] = now
        guard await keep(figures, of: seating.matter) else {
            // Another sitting waits for the folder; it goes first.
            meetings.kept[state.name] = nil
            return stir()
        }
    }

    private func keep(_ figures: MeetFigures, of id: Matter.ID) async -> Bool {
        do { return try await cabinet.keep(running: figures, of: id) } catch {
            logger.error("a sitting's figures could not be kept", metadata: ["error": "\(error)"])
            return true
        }
    }

    private func file(_ report: MeetingReport) async {
        guard let seating = meetings.seated[report.state.name], !seating.plan.isTest,
            var sitting = Sitting(report, at: now())
        else { return }
        meetings.kept[report.state.name] = nil
        do {
            // A link for everybody says of nobody who they are.
            let shared = Set(try await cabinet.invitees(of: seating.matter).filter { !$0.isPersonal }.map(\.id))
            for index in sitting.attendance.indices {
                guard let invitee = sitting.attendance[index].invitee, shared.contains(invitee) else { continue }
                sitting.attendance[index].isIdentified = false
            }
            try await cabinet.keep(sitting, of: seating.matter)
            let folder = try await cabinet.matter(seating.matter)
            if folder?.sittings.contains(where: { $0.opened == sitting.opened }) == true { return }
        } catch {
            logger.error("who was at a meeting could not be kept", metadata: ["error": "\(error)"])
        }
        let figures = MeetFigures(of: sitting)
        // Kept first: the folder may not take it before somebody has opened the occasion.
        _ = await keep(figures, of: seating.matter)
        await file(figures, of: seating.matter)
    }

    /// Writes a sitting in the folder, once however often it is told.
    private func file(_ figures: MeetFigures, of id: Matter.ID) async {
        do {
            _ = try await cabinet.perform(
                .meet(figures), on: id, by: .sanyan, at: now(), seen: nil, contact: nil, lateReason: "",
                once: "meet/\(id)/\(figures.opened.milliseconds)")
        } catch let refusal as Refusal {
            // Told before; or nobody has opened the occasion yet, and what is kept is tried again.
            logger.debug("a sitting was not written down", metadata: ["why": "\(refusal.code)"])
        } catch {
            logger.error("a sitting could not be written down", metadata: ["error": "\(error)"])
        }
    }

    /// What was on when it was last heard of, and of which the studio that is here knows nothing, is over.
    private func settleSittings() async throws {
        for (id, figures) in try await cabinet.runningSittings() {
            if let name = meetings.seated.values.first(where: { $0.matter == id })?.plan.name {
                guard let state = meetings.states[name] else { continue }
                if state.openedAt == figures.opened.milliseconds, state.phase == .open { continue }
            }
            await file(figures, of: id)
        }
    }

    // MARK: What the studio is told of meetings

    /// Tells the studio at one line. Another that has come meanwhile is told everything in its turn, broadcasts first.
    func tellMeetings(to number: Int) async throws {
        let now = now()
        let office = try await cabinet.office()
        // As long as recordings may be kept for a number of days, and somewhat longer.
        let plans = try await cabinet.meetPlans(endingAfter: now - .days(MeetSettings.longestDays + 30))
        let matters = try await folders(of: plans.map(\.matter))
        let air = Dictionary(
            try await cabinet.airPlans(of: plans.filter(\.settings.isAired).map(\.matter)).map { ($0.matter, $0) },
            uniquingKeysWith: { first, _ in first })
        let doors = try await doors()
        let seatings = plans.compactMap { plan in
            matters[plan.matter].flatMap { matter in
                Seating(
                    plan, of: matter, air: air[matter.id], office: office, seal: seal, doors: doors,
                    titleOfSecrets: titleOfSecrets, at: now)
            }
        }
        // Nothing is awaited from here on, so what is sent belongs to one studio.
        guard let line, line.number == number, open != nil else { return }
        for seating in seatings { seat(seating, on: line, at: now) }
        for name in seatings.filter({ $0.isOver && $0.isForgotten }).map(\.plan.name)
        where meetings.forgotten.insert(name).inserted { line.send(.forgetMeeting(name: name)) }
        for name in Set(meetings.seated.keys).subtracting(seatings.map(\.plan.name)) {
            callOffMeeting(name, on: line, at: now)
        }
        if meetings.states.isEmpty, !meetings.seated.isEmpty { line.send(.report) }
        eraseOldRecordings(at: now, on: line)
        let ended = meetings.untold
        meetings.untold = []
        for report in ended { await file(report) }
        try await settleSittings()
        try await withdrawMeetings(at: now)
    }

    private func folders(of ids: [Matter.ID]) async throws -> [Matter.ID: Matter] {
        guard !ids.isEmpty else { return [:] }
        var filter = MatterFilter()
        filter.ids = ids
        filter.limit = 0
        return Dictionary(
            try await cabinet.matters(filter).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func seat(_ seating: Seating, on line: StudioLine, at now: Moment) {
        let name = seating.plan.name
        guard !seating.isOver || !meetings.withdrawn.contains(name) else { return }
        meetings.withdrawn.remove(name)
        if !seating.isOver { meetings.closed[name] = nil }
        let before = meetings.seated.updateValue(seating, forKey: name)?.plan
        if seating.plan != before { line.send(.meeting(seating.plan)) }
        guard seating.isOver, meetings.closed[name] == nil else { return }
        meetings.closed[name] = now
        line.send(.closeMeeting(name: name))
    }

    /// What is over, has been filed, and has left no recording is known to the studio no more. For a while people who come
    /// back are still told that it is over.
    private func withdrawMeetings(at now: Moment) async throws {
        let due = meetings.closed.filter { name, closed in
            closed + Self.farewell <= now && meetings.states[name]?.recordings.isEmpty == true
                && meetings.states[name]?.phase == .over
        }
        guard !due.isEmpty else { return }
        let running = try await cabinet.runningSittings()
        guard let line, open != nil else { return }
        for name in due.keys.sorted() where meetings.closed[name] != nil {
            if let matter = meetings.seated[name]?.matter, running[matter] != nil { continue }
            (meetings.seated[name], meetings.closed[name]) = (nil, nil)
            meetings.withdrawn.insert(name)
            line.send(.withdrawMeeting(name: name))
        }
    }

    /// What has been kept as long as was settled.
    private func eraseOldRecordings(at now: Moment, on line: StudioLine) {
        for (name, seating) in meetings.seated {
            guard let until = seating.keptUntil, until <= now, seating.isOver else { continue }
            for recording in meetings.states[name]?.recordings ?? [] where !recording.isOpen {
                line.send(.eraseMeeting(name: name, recording: recording.name))
            }
        }
    }

    /// Withdrawn, or approved no longer: no pass is good any more, and whoever is inside goes.
    private func callOffMeeting(_ name: String, on line: StudioLine, at now: Moment) {
        guard var plan = meetings.seated.removeValue(forKey: name)?.plan else { return }
        plan.isOver = true
        meetings.closed[name] = now
        line.send(.meeting(plan))
        line.send(.closeMeeting(name: name))
    }

    /// Names that have been kept as long as was settled are forgotten.
    func forgetMeetings() async {
        do {
            for id in try await cabinet.forgetMeetings(at: now()) {
                logger.notice("who was at a meeting is forgotten", metadata: ["matter": "\(id)"])
            }
        } catch {
            logger.error("what a meeting left could not be forgotten", metadata: ["error": "\(error)"])
        }
    }
}
