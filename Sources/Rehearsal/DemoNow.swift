// SPDX-License-Identifier: Apache-2.0
import Desk

extension DemoScript {
    /// What is on its way now: at least one matter at every stage.
    mutating func current() {
        atTheSecretariat()
        atTheExecutives()
        preparing()
        today()
        atAnEnd()
    }

    /// The occasion of a letter that is still far ahead: a working day, nine or half past one.
    private func ahead(days: Int, hours: Int = 3) -> Span {
        let start = calendar.firstWorkingDay(from: Day(of: now).adding(days: days)).at(
            minutes: days % 2 == 0 ? 540 : 810)
        return Span(start: start, end: start + .hours(hours))
    }

    /// A letter as it comes in; answers what it asks for.
    private mutating func come(_ matter: String, _ span: Span, ago: Length) -> DemoLetter {
        guard let demo = DemoLetter.current[matter] else { preconditionFailure("no letter called \(matter)") }
        letter(matter, demo, span, at: now - ago)
        return demo
    }

    /// A letter that has come and been registered.
    private mutating func registered(
        _ matter: String, _ span: Span, ago: Length, urgency: Urgency = .normal
    ) -> DemoLetter {
        let demo = come(matter, span, ago: ago)
        register(matter, demo, at: now - ago + .minutes(3), urgency: urgency)
        return demo
    }

    /// A letter that has been approved so long ago.
    private mutating func approved(_ matter: String, _ span: Span, ago: Length) -> DemoLetter {
        let demo = registered(matter, span, ago: ago + .hours(20))
        then(matter, .submit, hand("somsri"), at: now - ago - .hours(18))
        then(matter, .approve(note: ""), hand("wichai"), at: now - ago)
        return demo
    }

    private mutating func atTheSecretariat() {
        _ = come("register-1", ahead(days: 8), ago: .minutes(2))
        _ = come("register-2", ahead(days: 15), ago: .minutes(11))
        _ = come("complete", ahead(days: 11), ago: .hours(26))
        then(
            "complete", .returnForCompletion(missing: [.signature, .attachment], note: "ขาดลายมือชื่อและกำหนดการแนบท้าย"),
            hand("pimjai"), at: now - .hours(26) + .minutes(4))
        _ = registered("submit", ahead(days: 9), ago: .minutes(95))
        _ = registered("return", ahead(days: 6), ago: .hours(30))
        then("return", .submit, hand("somsri"), at: now - .hours(28))
        then(
            "return", .decline(.outsideMission, note: "ไม่อยู่ในภารกิจของสำนักคอมพิวเตอร์"), hand("ratana"),
            at: now - .minutes(40))
        _ = approved("assign-1", ahead(days: 7), ago: .hours(3))
        _ = approved("assign-2", ahead(days: 20, hours: 8), ago: .minutes(35))
    }

    private mutating func atTheExecutives() {
        for (matter, hours, urgency) in [
            ("decide-1", 5, Urgency.veryUrgent), ("decide-2", 22, .normal), ("decide-3", 27, .urgent),
        ] {
            _ = registered(matter, ahead(days: 4 + hours / 4), ago: .hours(hours + 2), urgency: urgency)
            then(matter, .submit, hand("somsri"), at: now - .hours(hours))
        }
    }

    private mutating func preparing() {
        let first = approved("prepare-1", ahead(days: 3), ago: .hours(30))
        then("prepare-1", .assign(assignment(first, ["thongchai", "malee"])), hand("pimjai"), at: now - .hours(28))
        tick("prepare-1", first.service, first: 2, by: "thongchai", at: now - .hours(3))

        let tomorrow = Day(of: now).adding(days: 1)
        let morning = Span(start: tomorrow.at(minutes: 540), end: tomorrow.at(minutes: 720))
        let second = approved("prepare-2", morning, ago: .hours(50))
        then("prepare-2", .assign(assignment(second, ["anan", "malee"])), hand("pimjai"), at: now - .hours(48))
        then(
            "prepare-2", .notifyNetwork(NetworkNotice(megabitsPerSecond: 30), note: "ผู้เข้าร่วมกระจายทุกภาค"), hand("anan"),
            at: now - .hours(7))
        then("prepare-2", .acknowledgeNetwork, hand("narong"), at: now - .hours(6))
        tick("prepare-2", second.service, first: 4, by: "anan", at: now - .hours(2))
        settle("prepare-2", Self.council, morning, by: "anan", at: now - .hours(5))

        let afternoon = Span(start: tomorrow.at(minutes: 810), end: tomorrow.at(minutes: 960))
        ready("ready-2", afternoon, ["kanya"], ago: .hours(5), acknowledged: false)
    }

    /// A matter that waits for its hour; `ago` is when the test was done.
    private mutating func ready(
        _ matter: String, _ span: Span, _ crew: [String], ago: Length, acknowledged: Bool = true
    ) {
        let demo = approved(matter, span, ago: ago + .hours(40))
        then(matter, .assign(assignment(demo, crew)), hand("pimjai"), at: now - ago - .hours(38))
        tick(matter, demo.service, by: crew[0], at: now - ago - .hours(1))
        then(
            matter, .notifyNetwork(NetworkNotice(megabitsPerSecond: 25), note: ""), hand(crew[0]), at: now - ago)
        if acknowledged { then(matter, .acknowledgeNetwork, hand("narong"), at: now - ago + .minutes(15)) }
    }

    /// One that is on, one later today, one that has just ended.
    private mutating func today() {
        let later = Moment(milliseconds: (now + .minutes(150)).milliseconds / 1_800_000 * 1_800_000)
        ready("ready-1", Span(start: later, end: later + .hours(2)), ["thongchai"], ago: .hours(20))

        let on = Span(start: now - .minutes(20), end: now + .minutes(100))
        ready("service", on, ["anan", "kanya"], ago: .hours(22))
        then("service", .open, hand("anan"), at: now - .minutes(30))
        then(
            "service", .logIncident(.minor, note: "ปรับแสงหน้าเวทีเพิ่ม ภาพสว่างขึ้น"), hand("kanya"), at: now - .minutes(9))

        ended("evaluate-1", ["malee"], began: .hours(4), lasted: .hours(2), audience: 13)
        ended("evaluate-2", ["somchai"], began: .hours(75), lasted: .hours(3), audience: 512)
    }

    /// An occasion that began so long ago and is over.
    private mutating func ended(
        _ matter: String, _ crew: [String], began: Length, lasted: Length, audience: Int
    ) {
        let start = now - began
        ready(matter, Span(start: start, end: start + lasted), crew, ago: began + .hours(18))
        then(matter, .open, hand(crew[0]), at: start - .minutes(6))
        then(matter, .end(Summary(audience: audience), note: ""), hand(crew[0]), at: start + lasted)
        if let demo = DemoLetter.current[matter] {
            air(matter, demo, from: start, to: start + lasted)
            meet(matter, demo, from: start - .minutes(5), to: start + lasted, isCouncil: matter == "evaluate-1")
        }
    }

    private mutating func atAnEnd() {
        ended("closed", ["somchai"], began: .hours(51), lasted: .hours(2), audience: 231)
        then(
            "closed", .evaluate(Evaluation(overall: 5, signal: 5, staff: 5), note: "ประทับใจมาก"), .requester,
            at: now - .hours(46))

        _ = registered("returned", ahead(days: 13), ago: .hours(60))
        then("returned", .submit, hand("somsri"), at: now - .hours(58))
        then(
            "returned", .decline(.outsideMission, note: "เป็นงานส่วนบุคคล ไม่ใช่ภารกิจของมหาวิทยาลัย"), hand("wichai"),
            at: now - .hours(50))
        then("returned", .sendBack, hand("somsri"), at: now - .hours(48))

        let withdrawn = approved("withdrawn", ahead(days: 5), ago: .hours(45))
        then("withdrawn", .assign(assignment(withdrawn, ["somchai"])), hand("pimjai"), at: now - .hours(44))
        then("withdrawn", .withdraw(reason: "เลื่อนประชุมไปปีงบประมาณหน้า"), .requester, at: now - .hours(8))

        _ = registered("voided", ahead(days: 8), ago: .hours(33))
        then("voided", .void(reason: "ลงรับซ้ำกับเรื่องเดียวกันที่ส่งทางเว็บ"), hand("somsri"), at: now - .hours(32))
    }
}
