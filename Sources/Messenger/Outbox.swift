// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Logging

/// Carries errands out when their time has come (ตู้ขาออก): durable timers on the cabinet's own rows.
///
/// An errand is due when its moment is past and it has no fate. What an outage held back is carried afterwards and marked
/// late; what makes no sense any more is dropped with a record. The fate is written in the transaction that carries, so
/// nothing is carried twice.
public actor Outbox {
    private let cabinet: any Cabinet
    private let bell: Doorbell
    /// Carries what the notices send out of the house; nil where nothing leaves it.
    private let postman: Postman?
    private let now: @Sendable () -> Moment
    private let logger: Logger
    private var sleeper: Task<Void, Never>?
    private var isStirred = false

    /// Later than this after it was due, an errand is marked late.
    public static let lateAfter = Length.minutes(1)
    /// The clock is looked at this often even when nothing is due, so that a clock that was set is noticed.
    private static let longestSleep = Length.seconds(30)

    public init(
        cabinet: any Cabinet, bell: Doorbell, postman: Postman? = nil, logger: Logger,
        now: @escaping @Sendable () -> Moment
    ) {
        self.cabinet = cabinet
        self.bell = bell
        self.postman = postman
        self.logger = logger
        self.now = now
    }

    /// Carries errands until its task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            isStirred = false
            var pause = Self.longestSleep
            do {
                try await carryDue()
                if let next = try await cabinet.nextErrandDue() { pause = min(pause, max(.zero, next - now())) }
            } catch {
                logger.error(
                    "the outbox could not be read; trying again in five seconds", metadata: ["error": "\(error)"])
                pause = .seconds(5)
            }
            if !isStirred { await sleep(pause) }
        }
    }

    /// Something was written: look again now.
    public func stir() {
        isStirred = true
        sleeper?.cancel()
        if let postman { Task { await postman.stir() } }
    }

    /// Carries everything that is due at this moment.
    ///
    /// One errand that cannot be carried holds up no other; it stays due, and what hindered it is thrown at the end.
    ///
    /// - Returns: how many errands found their fate.
    @discardableResult
    public func carryDue() async throws -> Int {
        var count = 0
        var hindered: Set<Errand.ID> = []
        var hindrance: (any Error)?
        while !Task.isCancelled {
            let due = try await cabinet.dueErrands(at: now(), limit: 500 + hindered.count)
                .filter { !hindered.contains($0.id) }
            if due.isEmpty { break }
            let moment = now()
            let isFresh = { (errand: Errand) in errand.stale.map { moment < $0 } ?? true }
            let forPeople = due.filter { $0.to != .sanyan && isFresh($0) }
            var single = due.filter { $0.to == .sanyan || !isFresh($0) }
            do {
                try await deliver(forPeople, at: moment)
                count += forPeople.count
            } catch {
                // One of them spoils it for all: each by itself, so that only that one stays.
                single += forPeople
            }
            for errand in single {
                do {
                    try await carry(errand, at: moment)
                    count += 1
                } catch {
                    hindered.insert(errand.id)
                    hindrance = error
                }
            }
        }
        if let hindrance { throw hindrance }
        return count
    }

    private func sleep(_ pause: Length) async {
        let task = Task { () -> Void in
            // Cancelled means stirred: waking early is what was asked for.
            try? await Task.sleep(for: .milliseconds(pause.milliseconds))
        }
        sleeper = task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        sleeper = nil
    }

    private func carry(_ errand: Errand, at moment: Moment) async throws {
        if let stale = errand.stale, moment >= stale {
            logger.notice("dropped a stale errand", metadata: ["errand": "\(errand.id)"])
            return try await cabinet.settle(errand.id, .dropped(at: moment, why: .stale))
        }
        if errand.to == .sanyan {
            try await act(on: errand, at: moment)
        } else {
            try await deliver([errand], at: moment)
        }
    }

    /// Into the inboxes of their addressees, all in one transaction: a power cut's backlog is thousands.
    private func deliver(_ errands: [Errand], at moment: Moment) async throws {
        guard !errands.isEmpty else { return }
        let everybody = try await cabinet.people().filter(\.isActive)
        let handings = errands.map { errand in
            let people = everybody.filter { person in
                switch errand.to {
                case .person(let id): person.id == id
                case .role(let role): person.roles.contains(role)
                case .sanyan: false
                }
            }
            if people.isEmpty { logger.notice("nobody is there for an errand", metadata: ["errand": "\(errand.id)"]) }
            return Handing(errand.id, to: people.map(\.id), isLate: moment - errand.due > Self.lateAfter)
        }
        await bell.ring(try await cabinet.deliver(handings, at: moment))
        await postman?.stir()
    }

    /// What the clock itself does. A second try after a crash meets the mark or the refusal of the first.
    private func act(on errand: Errand, at moment: Moment) async throws {
        let late = moment - errand.due > Self.lateAfter
        switch errand.kind {
        case .lapse:
            guard let matter = errand.matter else { break }
            do {
                _ = try await cabinet.perform(
                    .lapse, on: matter, by: .sanyan, at: moment, seen: nil, contact: nil, lateReason: "",
                    once: errand.id)
            } catch Refusal.notYetLapsed {
                // The office gives more days than it did when the occasion ended.
                try await lapseLater(errand, matter: matter)
                return try await cabinet.settle(errand.id, .dropped(at: moment, why: .refused))
            } catch is Refusal {
                return try await cabinet.settle(errand.id, .dropped(at: moment, why: .refused))
            }
        case .draftReport(let month):
            if try await !cabinet.reports().contains(where: { $0.month == month }) {
                try await cabinet.save(ReportRecord(month: month, draftedAt: moment))
            }
            try await cabinet.issue(
                Errand(
                    id: "report/\(month)/ready", matter: nil, kind: errand.kind, to: .role(.secretariat), due: moment))
            try await scheduleDraft(of: month.next)
        case .calendarEntry:
            guard let id = errand.matter, let matter = try await cabinet.matter(id) else { break }
            let recipients = try await cabinet.calendarRecipients(of: matter)
            try await cabinet.issue(Delivery.entries(of: errand, matter: matter, to: recipients))
        case .awaiting, .assignment, .reminder, .change, .withdrawal, .networkNotice, .unanswered, .drift:
            logger.error("an errand for people was addressed to the program", metadata: ["errand": "\(errand.id)"])
        }
        try await cabinet.settle(errand.id, .carried(at: moment, late: late))
    }

    /// Sets the timer that closes a matter for the day on which its time is really over.
    private func lapseLater(_ errand: Errand, matter id: Matter.ID) async throws {
        let days = try await cabinet.office().evaluationDays
        guard let since = try await cabinet.matter(id)?.stageSince else { return }
        let due = since + .days(days)
        try await cabinet.issue(
            Errand(id: "m\(id)/lapse/\(due.milliseconds)", matter: id, kind: .lapse, to: .sanyan, due: due))
    }

    /// Sets the timer by which a month's report drafts itself; setting it twice is harmless.
    public func scheduleDraft(of month: Month) async throws {
        let office = try await cabinet.office()
        let calendar = WorkingCalendar(
            opens: office.opens, closes: office.closes, holidays: try await cabinet.holidays())
        try await cabinet.issue(.draft(month, calendar: calendar))
    }
}
