// SPDX-License-Identifier: Apache-2.0

import Desk

/// How the office says things: dates, stages, limits, deadlines. One sentence exists once, here or in the words.
struct Phrases: Sendable {
    let words: Words
    init(_ words: Words) { self.words = words }
    private var isThai: Bool { words.language == .thai }

    /// `วันจันทร์ที่ 14 ธันวาคม 2569` / `Monday 14 December 2026`
    func date(_ day: Day) -> String { isThai ? ThaiDate.long(day) : ThaiDate.english(day) }
    func date(_ moment: Moment) -> String { date(Day(of: moment)) }

    /// `จ. 14 ธ.ค. 69 09:30 น.`
    func moment(_ moment: Moment) -> String {
        let time = TimeOfDay(of: moment)
        return isThai
            ? "\(ThaiDate.short(Day(of: moment))) \(time) น." : "\(ThaiDate.english(Day(of: moment))), \(time)"
    }

    /// Until when something is good: what ends at midnight is good until the end of the day before.
    func until(_ moment: Moment) -> String {
        guard TimeOfDay(of: moment).minutes == 0 else { return self.moment(moment) }
        let last = Day(of: moment).adding(days: -1)
        return isThai ? "สิ้นวันที่ \(ThaiDate.short(last))" : "the end of \(ThaiDate.english(last))"
    }

    func time(_ moment: Moment) -> String {
        let time = TimeOfDay(of: moment)
        return isThai ? "\(time) น." : "\(time)"
    }

    /// `วันจันทร์ที่ 14 ธันวาคม 2569 เวลา 09:30–12:00 น.`, or both days when it lasts over midnight.
    func span(_ span: Span) -> String {
        let first = Day(of: span.start)
        if first == Day(of: span.end) {
            return words("phrase.span", date(first), TimeOfDay(of: span.start), TimeOfDay(of: span.end))
        }
        return words(
            "phrase.span_days", date(first), TimeOfDay(of: span.start), date(span.end), TimeOfDay(of: span.end))
    }

    /// `2 วัน 3 ชั่วโมง`, `45 นาที`: the two largest units.
    func length(_ length: Length) -> String {
        let minutes = abs(length.wholeMinutes)
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
        if days > 0 {
            return hours == 0
                ? words("phrase.days", days) : words("phrase.days", days) + " " + words("phrase.hours", hours)
        }
        if hours > 0 {
            return rest == 0
                ? words("phrase.hours", hours) : words("phrase.hours", hours) + " " + words("phrase.minutes", rest)
        }
        return words("phrase.minutes", rest)
    }

    func stage(_ stage: Stage) -> String { words("stage.\(stage.rawValue)") }
    func service(_ service: Service) -> String { words("service.\(service.rawValue)") }
    func role(_ role: Role) -> String { words("role.\(role.rawValue)") }
    func step(_ step: Step) -> String { words("step.\(step.rawValue)") }
    func urgency(_ urgency: Urgency) -> String { words("urgency.\(urgency.rawValue)") }
    func secrecy(_ secrecy: Secrecy) -> String { words("secrecy.\(secrecy.rawValue)") }
    func origin(_ origin: Letter.Origin) -> String { words("origin.\(origin.rawValue)") }
    func check(_ check: Check) -> String { isThai ? check.thai : check.english }
    func paper(_ paper: PaperCheck) -> String { words("paper.\(paper.rawValue)") }
    func severity(_ severity: Severity) -> String { words("severity.\(severity.rawValue)") }
    func declineReason(_ reason: DeclineReason) -> String { words("reason.\(reason.rawValue)") }
    func act(_ act: Act.Name) -> String { words("act.\(act.rawValue)") }

    /// Who is awaited, as `รอผู้บริหาร`.
    func awaited(_ stage: Stage) -> String {
        let roles = stage.awaited.sorted { $0.rawValue < $1.rawValue }.map(role)
        return roles.isEmpty ? words("phrase.nobody_awaited") : roles.joined(separator: ", ")
    }

    /// `ไม่เกิน 24 ชั่วโมง (ชั่วโมงนาฬิกา)`: the kind of counting is always said.
    func limit(_ limit: Limit, _ counting: Counting) -> String {
        let counted = words("counting.\(counting.rawValue)")
        switch limit {
        case .minutes(let count): return words("limit.minutes", count, counted)
        case .hours(let count): return words("limit.hours", count, counted)
        case .days(let count): return words("limit.days", count)
        case .workingDaysBefore(let count): return words("limit.workingDaysBefore", count)
        case .minutesBefore(let count): return words("limit.minutesBefore", count)
        case .asTheLetterSays: return words("limit.asTheLetterSays")
        case .everyMonth: return words("limit.everyMonth")
        }
    }

    /// How a deadline was counted, line by line.
    func reckoning(_ deadline: Deadline) -> [String] {
        deadline.reckoning.map { line in
            switch line {
            case .began(let began): return words("reckoning.began", moment(began))
            case .limit(let kept, let counting): return words("reckoning.limit", limit(kept, counting))
            case .skipped(.weekend(let day)): return words("reckoning.weekend", date(day))
            case .skipped(.holiday(let holiday)): return words("reckoning.holiday", date(holiday.day), holiday.name)
            case .stricter(let kept): return words("reckoning.stricter", limit(kept, .clock))
            case .due(let due): return words("reckoning.due", moment(due))
            }
        }
    }
}

extension ChipRow {
    /// A stage as colour, icon and word.
    init(_ stage: Stage, _ phrases: Phrases) {
        let tone: StateTone =
            switch stage {
            case .letterAwaited, .toRegister, .toComplete, .toSubmit, .toDecide, .toReturn, .toEvaluate: .waiting
            case .toAssign, .toPrepare, .ready: .approved
            case .inService: .live
            case .closed: .done
            case .returned, .withdrawn, .voided: .returned
            }
        self.init(tone, phrases.stage(stage))
    }

    /// Nil for a letter that is not urgent.
    init?(_ urgency: Urgency?, _ phrases: Phrases) {
        guard let urgency, urgency != .normal else { return nil }
        self.init(.overdue, phrases.urgency(urgency))
    }
}

extension LimitRow {
    /// A deadline as name, what is left, a bar, and how it was counted.
    init(_ deadline: Deadline, at now: Moment, _ phrases: Phrases) {
        let used = deadline.used(at: now)
        let isOverdue = deadline.isOverdue(at: now)
        let left =
            isOverdue
            ? phrases.words("limit.over", phrases.length(now - deadline.due))
            : phrases.words("limit.left", phrases.length(deadline.due - now))
        self.init(
            isOverdue ? .overdue : used >= 0.5 ? .due : .waiting, name: phrases.step(deadline.step), left: left,
            usedPercent: Int((min(1, used) * 100).rounded()),
            why: phrases.limit(deadline.limit, deadline.counting) + " · "
                + phrases.words("limit.due", phrases.moment(deadline.due)))
    }
}

extension Moment {
    /// For `<time datetime>`: `2026-12-14T09:30+07:00`.
    var iso: String { "\(Day(of: self))T\(TimeOfDay(of: self))+07:00" }
}
