// SPDX-License-Identifier: Apache-2.0

/// The numbers of a month (รายงานผลการปฏิบัติงานประจำเดือน): pure arithmetic over the month's matters.
///
/// A matter belongs to the month in which its occasion begins. Every count keeps the matters behind it.
public struct MonthlyReport: Hashable, Sendable {
    /// A count that opens: the matters it counts.
    public struct Count: Hashable, Sendable {
        public var label: Label
        public var matters: [Matter.ID]
        public var count: Int { matters.count }
    }

    public enum Label: Hashable, Sendable {
        case service(Service)
        case unit(String)
        case room(Room.ID)
        case ownPlace
        case stage(Stage)
        case officer(Person.ID)
        case severity(Severity)
        case origin(Letter.Origin)
        case week(Int)
    }

    /// How one limit was kept.
    public struct Compliance: Hashable, Sendable {
        public struct Late: Hashable, Sendable {
            public var matter: Matter.ID
            public var by: Length
            public var reason: String
        }

        public var step: Step
        public var limit: Limit
        public var counting: Counting
        /// Every matter that went through the step.
        public var matters: [Matter.ID]
        public var median: Length?
        /// The 90th percentile by the nearest-rank method.
        public var ninetieth: Length?
        public var late: [Late]
        /// How much of its limit each passage used, smallest first; 1 is the whole limit, more is late.
        public var shares: [Double]

        /// The share that `percent` of one hundred do not exceed, by nearest rank; nil when nothing went through.
        public func share(_ percent: Int) -> Double? {
            shares.isEmpty ? nil : shares[max(0, (percent * shares.count + 99) / 100 - 1)]
        }

        /// Of one hundred, how many were in time; nil when nothing went through.
        public var percentInTime: Double? {
            matters.isEmpty ? nil : 100 * Double(matters.count - late.count) / Double(matters.count)
        }
    }

    /// What one officer carried.
    public struct Load: Hashable, Sendable {
        public var officer: Person.ID
        public var matters: [Matter.ID]
        public var minutes: Int
    }

    /// What the month's broadcasts came to.
    public struct Air: Hashable, Sendable {
        /// Matters that were broadcast.
        public var matters: [Matter.ID]
        public var minutes: Int
        public var viewerMinutes: Int
        public var peak: Int
        /// The matters, one as a rule, that had the peak.
        public var atPeak: [Matter.ID]
        /// How many watched, in the mean of all minutes on air.
        public var average: Int
        public var interruptions: Int
        /// Matters whose signal was away.
        public var interrupted: [Matter.ID]
    }

    /// What the month's online meetings came to.
    public struct Meetings: Hashable, Sendable {
        /// Matters that met in our rooms.
        public var matters: [Matter.ID]
        public var minutes: Int
        /// How many took part, of all of them together.
        public var people: Int
        public var personMinutes: Int
        /// The most who were inside at once.
        public var peak: Int
        /// The matters, one as a rule, that had the peak.
        public var atPeak: [Matter.ID]
        public var votes: Int
        /// Matters in which something was voted on.
        public var voted: [Matter.ID]
        /// How often somebody's line broke.
        public var interruptions: Int
        /// Matters in which somebody's did.
        public var interrupted: [Matter.ID]
        /// Packets that did not come, in hundredths of a per cent: the mean of all people.
        public var lossBasisPoints: Int
    }

    public struct Satisfaction: Hashable, Sendable {
        public var matters: [Matter.ID]
        public var overall: Double
        public var signal: Double
        public var staff: Double
        /// How often each overall mark from 1 to 5 was given.
        public var distribution: [Int]
    }

    public var month: Month
    /// Until when the figures reach.
    public var drawnAt: Moment
    public var matters: [Matter.ID]
    public var served: [Matter.ID]
    public var byService: [Count]
    public var byOrigin: [Count]
    public var byUnit: [Count]
    public var byRoom: [Count]
    public var byOutcome: [Count]
    public var byWeek: [Count]
    public var compliance: [Compliance]
    public var servedMinutes: Int
    public var audience: Int
    public var peakAudience: Int
    /// Matters whose audience was counted.
    public var counted: [Matter.ID]
    public var incidents: [Count]
    public var withIncidents: [Matter.ID]
    public var air: Air
    public var meetings: Meetings
    public var satisfaction: Satisfaction?
    public var loads: [Load]
    /// Declared ready although something was missing.
    public var overridden: [Matter.ID]

    /// Draws up a month.
    ///
    /// - Parameter all: matters whose occasion begins in the month; others are left out.
    public init(_ month: Month, of all: [Matter], reckoner: Reckoner, at now: Moment) {
        let matters = all.filter { month.span.contains($0.letter.span.start) }.sorted { $0.id < $1.id }
        let served = matters.filter { $0.openedAt != nil }
        self.month = month
        drawnAt = now
        self.matters = matters.map(\.id)
        self.served = served.map(\.id)
        byService = Service.allCases.map { service in
            Count(label: .service(service), matters: matters.filter { $0.service == service }.map(\.id))
        }
        byOrigin = Letter.Origin.allCases.map { origin in
            Count(label: .origin(origin), matters: matters.filter { $0.letter.origin == origin }.map(\.id))
        }
        byUnit = Self.grouped(matters) { [.unit($0.letter.unit)] }
        byRoom = Self.grouped(served) { matter in
            let rooms = matter.assignment?.rooms ?? []
            return rooms.isEmpty ? [.ownPlace] : rooms.map { .room($0) }
        }
        byOutcome = Stage.allCases.map { stage in
            Count(label: .stage(stage), matters: matters.filter { $0.stage == stage }.map(\.id))
        }.filter { $0.count > 0 }
        byWeek = (0..<5).map { week in
            Count(
                label: .week(week + 1),
                matters: served.filter { (Day(of: $0.letter.span.start).dayOfMonth - 1) / 7 == week }.map(\.id))
        }
        compliance = Self.compliance(of: matters, reckoner: reckoner)
        servedMinutes = served.reduce(0) { $0 + $1.servedMinutes }
        let audiences = served.compactMap { matter in matter.audience.map { (matter.id, $0) } }
        audience = audiences.reduce(0) { $0 + $1.1 }
        peakAudience = audiences.map(\.1).max() ?? 0
        counted = audiences.map(\.0)
        incidents = Severity.allCases.map { severity in
            Count(
                label: .severity(severity),
                matters: served.flatMap { matter in
                    matter.incidents.filter { $0.severity == severity }.map { _ in matter.id }
                })
        }
        withIncidents = served.filter { !$0.incidents.isEmpty }.map(\.id)
        air = Self.air(of: matters)
        meetings = Self.meetings(of: matters)
        satisfaction = Self.satisfaction(of: matters)
        loads = Self.loads(of: served)
        overridden = matters.filter(\.isOverridden).map(\.id)
    }

    private static func grouped(_ matters: [Matter], by labels: (Matter) -> [Label]) -> [Count] {
        var groups: [Label: [Matter.ID]] = [:]
        for matter in matters {
            for label in labels(matter) { groups[label, default: []].append(matter.id) }
        }
        return groups.map { Count(label: $0.key, matters: $0.value) }
            .sorted { ($1.count, $0.matters.first?.number ?? 0) < ($0.count, $1.matters.first?.number ?? 0) }
    }

    private static func compliance(of matters: [Matter], reckoner: Reckoner) -> [Compliance] {
        var passages: [Step: [(Matter.ID, Passage)]] = [:]
        for matter in matters {
            for passage in reckoner.passages(of: matter) where passage.ended != nil {
                passages[passage.deadline.step, default: []].append((matter.id, passage))
            }
        }
        return Step.allCases.compactMap { step in
            guard let limit = reckoner.office.limit(for: step), let all = passages[step] else { return nil }
            let lengths = all.compactMap { $0.1.length }.sorted()
            let late = all.filter { $0.1.isLate }.map { id, passage in
                Compliance.Late(
                    matter: id, by: (passage.ended ?? passage.deadline.due) - passage.deadline.due,
                    reason: passage.lateReason)
            }
            return Compliance(
                step: step, limit: limit.limit, counting: limit.counting, matters: all.map(\.0),
                median: percentile(50, of: lengths), ninetieth: percentile(90, of: lengths), late: late,
                shares: all.compactMap { _, passage in passage.ended.map { passage.deadline.used(at: $0) } }.sorted())
        }
    }

    /// Nearest rank: the smallest value that at least `percent` of one hundred do not exceed.
    static func percentile(_ percent: Int, of sorted: [Length]) -> Length? {
        guard !sorted.isEmpty else { return nil }
        let rank = (percent * sorted.count + 99) / 100
        return sorted[max(0, rank - 1)]
    }

    private static func air(of matters: [Matter]) -> Air {
        let aired = matters.filter { !$0.airings.isEmpty }
        let minutes = aired.reduce(0) { $0 + $1.airMinutes }
        let viewerMinutes = aired.reduce(0) { $0 + $1.viewerMinutes }
        let peak = aired.map(\.peakAudience).max() ?? 0
        return Air(
            matters: aired.map(\.id), minutes: minutes, viewerMinutes: viewerMinutes, peak: peak,
            atPeak: aired.filter { $0.peakAudience == peak }.map(\.id),
            average: minutes == 0 ? 0 : (viewerMinutes + minutes / 2) / minutes,
            interruptions: aired.reduce(0) { $0 + $1.interruptions },
            interrupted: aired.filter { $0.interruptions > 0 }.map(\.id))
    }

    private static func meetings(of matters: [Matter]) -> Meetings {
        let met = matters.filter { !$0.sittings.isEmpty }
        let peak = met.map(\.peakAttendance).max() ?? 0
        return Meetings(
            matters: met.map(\.id), minutes: met.reduce(0) { $0 + $1.metMinutes },
            people: met.reduce(0) { $0 + $1.attendance }, personMinutes: met.reduce(0) { $0 + $1.personMinutes },
            peak: peak, atPeak: met.filter { $0.peakAttendance == peak }.map(\.id),
            votes: met.reduce(0) { $0 + $1.votes }, voted: met.filter { $0.votes > 0 }.map(\.id),
            interruptions: met.reduce(0) { $0 + $1.meetInterruptions },
            interrupted: met.filter { $0.meetInterruptions > 0 }.map(\.id),
            lossBasisPoints: loss(of: met.flatMap(\.sittings)))
    }

    /// Each sitting counts by how many were there.
    private static func loss(of sittings: [MeetFigures]) -> Int {
        let people = sittings.reduce(0) { $0 + $1.people }
        let sum = sittings.reduce(0) { $0 + $1.lossBasisPoints * $1.people }
        return people == 0 ? 0 : (sum + people / 2) / people
    }

    private static func satisfaction(of matters: [Matter]) -> Satisfaction? {
        let answered = matters.compactMap { matter in matter.evaluation.map { (matter.id, $0) } }
        guard !answered.isEmpty else { return nil }
        func mean(_ part: (Evaluation) -> Int) -> Double {
            Double(answered.reduce(0) { $0 + part($1.1) }) / Double(answered.count)
        }
        return Satisfaction(
            matters: answered.map(\.0), overall: mean(\.overall), signal: mean(\.signal), staff: mean(\.staff),
            distribution: (1...5).map { mark in answered.filter { $0.1.overall == mark }.count })
    }

    private static func loads(of served: [Matter]) -> [Load] {
        var loads: [Person.ID: Load] = [:]
        for matter in served {
            for officer in matter.assignment?.officers ?? [] {
                loads[officer, default: Load(officer: officer, matters: [], minutes: 0)].matters.append(matter.id)
                loads[officer]?.minutes += matter.servedMinutes
            }
        }
        return loads.values.sorted { ($1.minutes, $0.officer) < ($0.minutes, $1.officer) }
    }
}

extension Matter {
    /// Minutes from opening to end; 0 until it has ended.
    public var servedMinutes: Int {
        guard let openedAt, let endedAt else { return 0 }
        return max(0, (endedAt - openedAt).wholeMinutes)
    }
}

/// A month's report as the office keeps it (ฉบับรายงาน): drafted by the clock, presented to the executives by a person.
public struct ReportRecord: Hashable, Sendable {
    public var month: Month
    public var draftedAt: Moment
    public var presentedAt: Moment?
    public var presentedBy: Person.ID?
    public var acknowledgedAt: Moment?
    public var acknowledgedBy: Person.ID?
    /// What the secretariat adds in its own words.
    public var remarks: String

    public init(
        month: Month, draftedAt: Moment, presentedAt: Moment? = nil, presentedBy: Person.ID? = nil,
        acknowledgedAt: Moment? = nil, acknowledgedBy: Person.ID? = nil, remarks: String = ""
    ) {
        self.month = month
        self.draftedAt = draftedAt
        self.presentedAt = presentedAt
        self.presentedBy = presentedBy
        self.acknowledgedAt = acknowledgedAt
        self.acknowledgedBy = acknowledgedBy
        self.remarks = remarks
    }
}
