// SPDX-License-Identifier: Apache-2.0
public import Desk

/// One thing that happens in the demo office.
public struct Deed: Sendable {
    public enum What: Sendable {
        case letter(Letter, Contact, Intake, keyingSeconds: Int?)
        case act(Act)
        /// How the matter's meeting is settled.
        case settle(MeetSettings)
        /// Who is given links into it.
        case invite(InviteeList)
        /// Who was at it.
        case sitting(Sitting)
    }

    /// The word or number by which the script knows the matter.
    public var matter: String
    public var what: What
    public var hand: Hand
    public var at: Moment
    public var lateReason: String
}

/// Writes the script of the demo office: last month in full, and one matter or more waiting at every stage now.
///
/// Pure description, counted back from `now`, so it is right on any weekday and at any hour.
struct DemoScript {
    let now: Moment
    let calendar: WorkingCalendar
    let office: Office
    let people: [Person]
    let rooms: [Room]
    var deeds: [Deed] = []

    init(now: Moment, calendar: WorkingCalendar, office: Office, people: [Person], rooms: [Room]) {
        // Whole minutes look like an office's.
        self.now = Moment(milliseconds: now.milliseconds - now.milliseconds % 60_000)
        self.calendar = calendar
        self.office = office
        self.people = people
        self.rooms = rooms
    }

    /// What has happened until now, earliest first.
    mutating func written() -> [Deed] {
        lastMonth()
        current()
        let happened = deeds.enumerated().filter { $0.element.at <= now }
        return happened.sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    func person(_ username: String) -> Person {
        guard let person = people.first(where: { $0.username == username }) else {
            preconditionFailure("the demo office has no \(username)")
        }
        return person
    }

    func hand(_ username: String) -> Hand { Hand(person(username)) }

    mutating func then(
        _ matter: String, _ act: Act, _ hand: Hand, at moment: Moment, late reason: String = ""
    ) {
        deeds.append(Deed(matter: matter, what: .act(act), hand: hand, at: moment, lateReason: reason))
    }

    /// A letter comes: through the web form, or keyed in at the counter.
    mutating func letter(_ matter: String, _ demo: DemoLetter, _ span: Span, at moment: Moment) {
        let order = deeds.count
        let isCounter = order % 3 == 0
        let letter = Letter(
            origin: demo.origin, unit: demo.unit, reference: "อว 0000.\(order % 17 + 1)/\(100 + order % 800)",
            dated: Day(of: moment), title: demo.title, service: demo.service, span: span, place: demo.place,
            expectedAudience: demo.audience, wantsRecording: demo.service != .meeting)
        let names = ["นางสาวดวงใจ ประสานดี", "นายมานะ ตอบเร็ว", "นางสาวปิติ ยินดีช่วย", "นายชูใจ ใส่ใจ"]
        let contact = Contact(
            name: names[order % names.count], phone: "ต่อ 2\(100 + order % 900)",
            mail: "contact\(order % 40)@example.ac.th")
        let what = Deed.What.letter(
            letter, contact, isCounter ? .counter : .web, keyingSeconds: isCounter ? 120 + order % 7 * 30 : nil)
        deeds.append(
            Deed(
                matter: matter, what: what, hand: isCounter ? hand("pimjai") : .requester, at: moment, lateReason: ""))
    }

    mutating func register(
        _ matter: String, _ demo: DemoLetter, at moment: Moment, urgency: Urgency = .normal, late reason: String = ""
    ) {
        let how = Classification(origin: demo.origin, service: demo.service, urgency: urgency)
        then(matter, .register(how, papers: Set(PaperCheck.allCases)), hand("somsri"), at: moment, late: reason)
    }

    /// What the studio counted of a broadcast; nothing of a meeting.
    mutating func air(
        _ matter: String, _ demo: DemoLetter, from start: Moment, to end: Moment, interruptions: Int = 0
    ) {
        let minutes = (end - start).wholeMinutes
        guard demo.service != .meeting, minutes > 0 else { return }
        // Three of five watch from elsewhere; they come within a quarter of an hour and go in the last minutes.
        let most = max(3, demo.audience * 3 / 5)
        let curve = (0..<minutes).map { minute in
            max(1, most * min(15, minute + 1, 2 * (minutes - minute)) / 15 - minute * 37 % 11)
        }
        let sum = curve.reduce(0, +)
        let figures = AirFigures(
            opened: start, ended: end, peak: curve.max() ?? 0, average: (sum + minutes / 2) / minutes,
            viewerMinutes: sum, curve: curve, interruptions: interruptions)
        then(matter, .air(figures), .sanyan, at: end)
    }

    func assignment(_ demo: DemoLetter, _ officers: [String]) -> Assignment {
        Assignment(
            officers: officers.map { person($0).id }, rooms: demo.room.map { [rooms[$0 % rooms.count].id] } ?? [],
            setUpMinutes: office.setUpMinutes, tearDownMinutes: office.tearDownMinutes)
    }

    /// Ticks the first checks of the list; all of them without a bound.
    mutating func tick(
        _ matter: String, _ service: Service, first count: Int = .max, by officer: String, at moment: Moment,
        late reason: String = ""
    ) {
        let values = ["-16 LUFS", "94.2 Mbit/s ขึ้น", "ภาพและเสียงปกติ"]
        for (index, check) in office.checklist(for: service).prefix(count).enumerated() {
            let evidence = Evidence(value: check.needsEvidence ? values[index % values.count] : "")
            then(
                matter, .tick(check.id, evidence, note: ""), hand(officer), at: moment + .minutes(index * 3),
                late: reason)
        }
    }
}
