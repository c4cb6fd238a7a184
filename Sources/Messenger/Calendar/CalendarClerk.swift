// SPDX-License-Identifier: Apache-2.0
import Desk

/// Puts a matter's occasion into one calendar, changes it there or takes it out, as the folder says now.
///
/// Nobody's hand is overwritten: what stands there is put over only while it is what we know. A second try after a crash,
/// or after an answer that never came, finds what the first has done and is content.
struct CalendarClerk: Sendable {
    let cabinet: any Cabinet
    let calendar: any OutsideCalendar
    let delivery: Delivery
    let now: Moment

    /// What is to be in the calendar, and what is known to be in it.
    private struct Job {
        var matter: Matter
        /// Nil when it is to be taken out.
        var entry: CalendarEntry?
        var copy: CalendarCopy?
    }

    func carry() async -> Carriage {
        do {
            guard let job = try await job() else { return .never(Trouble(.rejected)) }
            guard let entry = job.entry else { return try await takeOut(job).carriage }
            return try await put(entry, job).carriage
        } catch let hindrance as Hindrance {
            return hindrance.carriage
        } catch {
            // The cabinet could not be read or written; what was done outside is found again by the next try.
            return .later(Trouble(.ourFault))
        }
    }

    private enum Done {
        case taken(String)
        case drifted

        var carriage: Carriage {
            switch self {
            case .taken(let event): .accepted(reference: event)
            case .drifted: .never(Trouble(.changedThere))
            }
        }
    }

    private func job() async throws -> Job? {
        guard let id = delivery.matter, let matter = try await cabinet.matter(id) else { return nil }
        let copy = try await cabinet.calendarCopies(of: id).first { $0.way == delivery.way && $0.to == delivery.to }
        let entry = CalendarEntry(matter, office: try await cabinet.office(), rooms: try await cabinet.rooms())
        let isWanted = try await cabinet.isWanted(matter, by: delivery.way, to: delivery.to)
        return Job(matter: matter, entry: isWanted ? entry : nil, copy: copy)
    }

    // MARK: Putting in

    private func put(_ entry: CalendarEntry, _ job: Job) async throws -> Done {
        guard let copy = job.copy, copy.calendar == calendar.name else {
            return try await add(entry, as: calendar.eventName(for: entry), job)
        }
        let isCurrent = copy.revision == entry.revision
        if isCurrent, copy.isLeft { return .taken(copy.event) }
        if copy.isOut || copy.etag.isEmpty { return try await add(entry, as: copy.event, job) }
        if isCurrent, copy.digest == entry.content.digest { return .taken(copy.event) }
        return try await change(entry, over: copy, job)
    }

    private func add(_ entry: CalendarEntry, as event: String, _ job: Job) async throws -> Done {
        if case .taken(let etag) = try await calendar.add(entry, as: event) {
            return try await keep(entry, event, etag)
        }
        // It is there already: from a try whose answer was lost, from before a backup, or deleted with its name still taken.
        let standing = try await calendar.read(event)
        if let standing, !standing.isCancelled, standing.content.digest == entry.content.digest {
            return try await keep(entry, event, standing.etag)
        }
        let etag = standing.map { $0.isCancelled ? "" : $0.etag } ?? ""
        switch try await calendar.change(entry, as: event, over: etag) {
        case .taken(let etag): return try await keep(entry, event, etag)
        case .isThere, .changedThere, .isGone: throw Hindrance.later(.busy)
        }
    }

    private func change(_ entry: CalendarEntry, over copy: CalendarCopy, _ job: Job) async throws -> Done {
        if case .taken(let etag) = try await calendar.change(entry, as: copy.event, over: copy.etag) {
            return try await keep(entry, copy.event, etag)
        }
        guard let standing = try await calendar.read(copy.event), !standing.isCancelled else {
            return try await drift(nil, over: copy)
        }
        let digest = standing.content.digest
        // The answer to our own last try was lost.
        if digest == entry.content.digest { return try await keep(entry, copy.event, standing.etag) }
        // Only what nobody reads was changed, such as a colour.
        guard digest == copy.digest else { return try await drift(standing, over: copy) }
        if case .taken(let etag) = try await calendar.change(entry, as: copy.event, over: standing.etag) {
            return try await keep(entry, copy.event, etag)
        }
        throw Hindrance.later(.busy)
    }

    // MARK: Taking out

    private func takeOut(_ job: Job) async throws -> Done {
        guard var copy = job.copy, !copy.isOut, copy.calendar == calendar.name else { return .taken("") }
        var outcome = try await calendar.remove(copy.event, over: copy.etag)
        if outcome == .changedThere {
            let standing = try await calendar.read(copy.event)
            if let standing, !standing.isCancelled {
                guard standing.content.digest == copy.digest else { return try await drift(standing, over: copy) }
                outcome = try await calendar.remove(copy.event, over: standing.etag)
            }
        }
        copy.isOut = true
        copy.etag = ""
        copy.revision = job.matter.sequence
        copy.isLeft = false
        copy.putAt = now
        try await cabinet.keep(copy)
        return .taken(copy.event)
    }

    // MARK: What is remembered

    private func keep(_ entry: CalendarEntry, _ event: String, _ etag: String) async throws -> Done {
        guard let matter = delivery.matter else { return .taken(event) }
        try await cabinet.keep(
            CalendarCopy(
                matter: matter, way: delivery.way, to: delivery.to, calendar: calendar.name, event: event, etag: etag,
                revision: entry.revision, digest: entry.content.digest, putAt: now))
        return .taken(event)
    }

    private func drift(_ standing: Standing?, over copy: CalendarCopy) async throws -> Done {
        _ = try await cabinet.note(Drift(copy, standing: standing, at: now), over: copy.etag)
        return .drifted
    }
}

extension Drift {
    /// What stands there instead of a copy.
    init(_ copy: CalendarCopy, standing: Standing?, at now: Moment) {
        self.init(
            id: .init(0), matter: copy.matter, way: copy.way, to: copy.to, noticedAt: now, theirs: standing?.content,
            etag: standing?.etag ?? "", digest: standing?.content.digest ?? "")
    }
}
