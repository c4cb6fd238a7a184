// SPDX-License-Identifier: Apache-2.0

/// When a step is due (กำหนดเวลา), and how that was counted.
public struct Deadline: Hashable, Sendable {
    /// One line of the working.
    public enum Reckoning: Hashable, Sendable {
        /// The clock of the step began here.
        case began(Moment)
        case limit(Limit, Counting)
        /// Passed over because nobody works then.
        case skipped(DayOff)
        /// Row 4 has two limits; this one is the earlier and counts.
        case stricter(Limit)
        case due(Moment)
    }

    public var step: Step
    public var began: Moment
    public var due: Moment
    public var limit: Limit
    public var counting: Counting
    public var reckoning: [Reckoning]

    /// How much of the limit is used, 0 and up; 1 when due now.
    public func used(at now: Moment) -> Double {
        let whole = (due - began).milliseconds
        return whole <= 0 ? 1 : max(0, Double((now - began).milliseconds) / Double(whole))
    }

    public func isOverdue(at now: Moment) -> Bool { now > due }
}

/// How long one step of one matter took (การผ่านขั้นตอน).
public struct Passage: Hashable, Sendable {
    public var deadline: Deadline
    /// When the step was done; nil while it is awaited.
    public var ended: Moment?
    /// Who did it.
    public var by: Person.ID?
    public var lateReason: String

    public var length: Length? { ended.map { $0 - deadline.began } }
    public var isLate: Bool { ended.map { $0 > deadline.due } ?? false }
}

/// Reckons deadlines. They are never stored: a new holiday moves them by itself.
public struct Reckoner: Sendable {
    public let office: Office
    public let calendar: WorkingCalendar

    public init(office: Office, calendar: WorkingCalendar) {
        self.office = office
        self.calendar = calendar
    }

    /// When a step is due that began at a moment; nil where no limit is set.
    public func deadline(for step: Step, began: Moment, span: Span) -> Deadline? {
        guard let limit = office.limit(for: step) else { return nil }
        var deadline = reckon(step, limit, began: began, span: span)
        if let second = secondLimit(for: step) {
            let other = reckon(step, second, began: began, span: span)
            if other.due < deadline.due {
                deadline = other
                deadline.reckoning.insert(.stricter(second.limit), at: deadline.reckoning.count - 1)
            }
        }
        return deadline
    }

    /// The other limit of a row that has two, of which the stricter is due: row 4 holds the 24 hours of the booking and the
    /// working day of the test, row 5 the letter's own hour and the prose's thirty minutes.
    private func secondLimit(for step: Step) -> OfficeLimit? {
        switch step {
        case .calendar: office.limit(for: .preparation)
        case .phoneNotice: OfficeLimit(.minutesBefore(office.reminderMinutes))
        default: nil
        }
    }

    private func reckon(_ step: Step, _ limit: OfficeLimit, began: Moment, span: Span) -> Deadline {
        var lines: [Deadline.Reckoning] = [.began(began), .limit(limit.limit, limit.counting)]
        let due: Moment
        switch limit.limit {
        case .minutes(let minutes): due = reach(.minutes(minutes), limit.counting, from: began, &lines)
        case .hours(let hours): due = reach(.hours(hours), limit.counting, from: began, &lines)
        case .days(let days): due = began + .days(days)
        case .workingDaysBefore(let days):
            let (day, skipped) = calendar.workingDay(days, before: Day(of: span.start))
            lines += skipped.map { .skipped($0) }
            due = day.at(calendar.closes)
        case .minutesBefore(let minutes): due = span.start - .minutes(minutes)
        case .asTheLetterSays: due = step == .service ? span.end : span.start
        case .everyMonth:
            due = calendar.firstWorkingDay(from: Month(of: span.start).next.firstDay).at(calendar.closes)
        }
        lines.append(.due(due))
        return Deadline(
            step: step, began: began, due: due, limit: limit.limit, counting: limit.counting, reckoning: lines)
    }

    private func reach(
        _ length: Length, _ counting: Counting, from began: Moment, _ lines: inout [Deadline.Reckoning]
    ) -> Moment {
        guard counting == .working else { return began + length }
        let (moment, skipped) = calendar.after(length, from: began)
        lines += skipped.map { .skipped($0) }
        return moment
    }

    /// When the step that a matter waits for is due; nil at an end, and while the requester completes.
    public func deadline(of matter: Matter) -> Deadline? {
        guard let step = matter.stage.step, let since = matter.stageSince else { return nil }
        // Until the doors open a matter that is ready is measured by the beginning, then by the end.
        if matter.stage == .ready {
            let start = matter.letter.span.start
            return Deadline(
                step: .service, began: since, due: start, limit: .asTheLetterSays, counting: .clock,
                reckoning: [.began(since), .limit(.asTheLetterSays, .clock), .due(start)])
        }
        return deadline(for: step, began: since, span: matter.letter.span)
    }

    /// Every step a matter has gone through or waits for, in order, with its limit.
    public func passages(of matter: Matter) -> [Passage] {
        var passages: [Passage] = []
        var stage = Stage.letterAwaited
        var began: Moment?
        for entry in matter.folder {
            if let aside = aside(entry, of: matter) { passages.append(aside) }
            if entry.stage != stage {
                if let began, let passage = passage(stage, began: began, entry: entry, matter: matter) {
                    passages.append(passage)
                }
                stage = entry.stage
                began = entry.at
            }
        }
        if !stage.isFinal, stage != .ready, let began, let step = stage.step,
            let deadline = deadline(for: step, began: began, span: matter.letter.span)
        {
            passages.append(Passage(deadline: deadline, ended: nil, by: nil, lateReason: ""))
        }
        return passages
    }

    /// A step with a limit that is not a stage: the keying at the counter, and telling the network section.
    private func aside(_ entry: Entry, of matter: Matter) -> Passage? {
        let span = matter.letter.span
        switch entry.fact {
        case .received(_, _, _, let keyingSeconds?):
            return deadline(for: .letter, began: entry.at - .seconds(keyingSeconds), span: span).map {
                Passage(deadline: $0, ended: entry.at, by: entry.person, lateReason: entry.lateReason)
            }
        case .networkNotified:
            let earlier = matter.folder.prefix(entry.number - 1)
            let began = earlier.last { if case .assigned = $0.fact { true } else { false } }
            // A notice that is only corrected was given in time or late already.
            let isFirst = !earlier.suffix(from: began.map { $0.number - 1 } ?? 0).contains {
                if case .networkNotified = $0.fact { true } else { false }
            }
            guard isFirst, let began else { return nil }
            return deadline(for: .networkNotice, began: began.at, span: span).map {
                Passage(deadline: $0, ended: entry.at, by: entry.person, lateReason: entry.lateReason)
            }
        default: return nil
        }
    }

    private func passage(_ stage: Stage, began: Moment, entry: Entry, matter: Matter) -> Passage? {
        // Waiting in readiness is no work with a limit; a withdrawal or a changed wish is no way of doing the step.
        if case .amended = entry.fact { return nil }
        guard stage != .ready, stage != .inService, entry.stage != .withdrawn, entry.stage != .voided,
            let step = stage.step, let deadline = deadline(for: step, began: began, span: matter.letter.span)
        else { return nil }
        return Passage(deadline: deadline, ended: entry.at, by: entry.person, lateReason: entry.lateReason)
    }
}
