// SPDX-License-Identifier: Apache-2.0
import Desk

extension DemoScript {
    /// Last month: thirty occasions, two a day at most, so that nobody is booked twice.
    mutating func lastMonth() {
        let month = Month(of: now).previous
        let days = (0..<31).map { month.firstDay.adding(days: $0) }
            .filter { Month(of: $0) == month && calendar.isWorking($0) }
        guard !days.isEmpty else { return }
        for (index, demo) in DemoLetter.lastMonth.enumerated() where index / days.count < 2 {
            let isMorning = (index % days.count + index / days.count) % 2 == 0
            let start = days[index % days.count].at(minutes: isMorning ? 540 : 810)
            occasion(index, demo, Span(start: start, end: start + .minutes(90 + index % 3 * 30)))
        }
    }

    /// One occasion from the letter to the evaluation.
    private mutating func occasion(_ index: Int, _ demo: DemoLetter, _ span: Span) {
        let matter = "last-\(index)"
        let day = Day(of: span.start)
        let received = calendar.workingDay(7 + index % 4, before: day).day.at(minutes: 520 + index * 37 % 380)
        letter(matter, demo, span, at: received)
        let isSlow = index % 11 == 6
        let registered = received + .minutes(isSlow ? 14 : 2 + index % 3)
        register(
            matter, demo, at: registered, urgency: index % 9 == 1 ? .urgent : .normal,
            late: isSlow ? "เจ้าหน้าที่ติดรับหนังสือพร้อมกันหลายฉบับ" : "")
        let submitted = registered + .minutes(50 + index * 13 % 160)
        then(matter, .submit, hand("somsri"), at: submitted)
        let isLate = index % 8 == 3
        let decided = submitted + .minutes(isLate ? 27 * 60 + index * 11 : 180 + index * 41 % 1100)
        let executive = hand(index % 3 == 0 ? "ratana" : "wichai")
        then(
            matter, .approve(note: index % 5 == 0 ? "มอบเจ้าหน้าที่ดำเนินการ" : ""), executive, at: decided,
            late: isLate ? "ผู้บริหารเดินทางไปราชการต่างจังหวัด" : "")
        prepare(index, demo, span, decided: decided)
        serve(index, demo, span)
    }

    private mutating func prepare(_ index: Int, _ demo: DemoLetter, _ span: Span, decided: Moment) {
        let matter = "last-\(index)"
        let crew = Self.crews[index % Self.crews.count]
        then(
            matter, .assign(assignment(demo, crew)), hand("pimjai"), at: decided + .minutes(30 + index * 17 % 150))
        let isLate = index == 7 || index == 20
        let tested =
            isLate
            ? span.start - .minutes(100) : calendar.workingDay(1, before: Day(of: span.start)).day.at(minutes: 850)
        let officer = hand(crew[0])
        let reason = "ห้องไม่ว่างให้เข้าทดสอบในวันก่อนหน้า"
        then(
            matter, .notifyNetwork(NetworkNotice(megabitsPerSecond: demo.service == .meeting ? 20 : 40), note: ""),
            officer, at: tested - .minutes(60), late: isLate ? reason : "")
        then(matter, .acknowledgeNetwork, hand("narong"), at: tested - .minutes(35))
        if index == 0 { settle(matter, Self.council, span, by: crew[0], at: tested - .minutes(90)) }
        if index == 16 {
            then(matter, .override(reason: "กล้องสำรองส่งซ่อม ใช้กล้องหลักตัวเดียว"), officer, at: tested)
        } else {
            tick(
                matter, demo.service, by: crew[0], at: tested, late: isLate ? reason : "")
        }
    }

    private static let crews = [
        ["anan", "kanya"], ["thongchai", "malee"], ["kanya"], ["malee", "anan"], ["thongchai"], ["anan", "thongchai"],
    ]

    private mutating func serve(_ index: Int, _ demo: DemoLetter, _ span: Span) {
        let matter = "last-\(index)"
        let officer = hand(Self.crews[index % Self.crews.count][0])
        then(matter, .open, officer, at: span.start - .minutes(5 + index % 6))
        for (severity, note, minute) in Self.incidents[index] ?? [] {
            then(matter, .logIncident(severity, note: note), officer, at: span.start + .minutes(minute))
        }
        let end = span.end + .minutes(index % 4 * 5)
        let audience = index % 10 == 9 ? nil : demo.audience * (85 + index * 7 % 40) / 100
        then(matter, .end(Summary(audience: audience), note: ""), officer, at: end)
        let cuts = Self.incidents[index]?.count { $0.0 == .interrupted } ?? 0
        air(matter, demo, from: span.start - .minutes(2), to: end, interruptions: cuts)
        meet(
            matter, demo, from: span.start - .minutes(8), to: end, interruptions: index % 4, isCouncil: index == 0)
        // Three are never answered, and lapse by themselves.
        guard index % 9 != 4 else { return }
        let overall = index % 7 == 2 ? 3 : 4 + index % 2
        let answers = Evaluation(
            overall: overall, signal: Self.incidents[index] == nil ? 5 : 3, staff: 5 - index % 5 / 4)
        let note = index % 6 == 1 ? "เจ้าหน้าที่ดูแลดีมาก อยากให้มีกล้องเพิ่มอีกตัว" : ""
        then(matter, .evaluate(answers, note: note), .requester, at: end + .minutes(40 + index * 53 % 1300))
    }

    private static let incidents: [Int: [(Severity, String, Int)]] = [
        1: [(.minor, "ไมโครโฟนตัวที่สองแบตเตอรี่อ่อน เปลี่ยนระหว่างพัก", 25)],
        3: [(.disturbed, "เสียงสะท้อนจากลำโพงห้อง ลดระดับแล้วปกติ", 12)],
        10: [(.interrupted, "สัญญาณขาด 2 นาที สลับไปสายสำรอง", 41), (.minor, "ภาพกระตุกช่วงสั้น", 70)],
        16: [(.disturbed, "เสียงวงดนตรีดังเกินระดับ ปรับลดแล้ว", 18)],
        21: [(.minor, "สไลด์เปิดไม่ขึ้น เปลี่ยนเครื่องนำเสนอ", 9)],
        29: [(.interrupted, "ไฟฟ้าดับ 1 นาที เครื่องสำรองไฟทำงาน", 55)],
    ]
}

extension Day {
    /// This day, so many minutes after midnight.
    func at(minutes: Int) -> Moment { start + .minutes(minutes) }
}
