// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

/// Reads `2569-11-23 09:00` on Bangkok's wall.
func moment(_ text: String) -> Moment {
    let halves = text.split(separator: " ")
    let parts = halves[0].split(separator: "-").compactMap { Int($0) }
    return Samples.moment(parts[0], parts[1], parts[2], String(halves[1]))
}

@Suite("กำหนดเวลา: ตามที่ประกาศ และตามปฏิทินวันทำการ")
struct DeadlineTests {
    private func reckoner(_ limits: [Step: OfficeLimit] = [:]) -> Reckoner {
        var office = Samples.office
        office.limits = limits
        return Reckoner(office: office, calendar: Samples.calendar)
    }

    private func due(_ step: Step, _ began: String, occasion: String = "2571-01-15 09:00", _ reckoner: Reckoner)
        -> Moment?
    {
        let start = moment(occasion)
        return reckoner.deadline(for: step, began: moment(began), span: Span(start: start, end: start + .hours(3)))?.due
    }

    // swift-format-ignore
    static let clock: [(String, Step, String, String)] = [
        ("ลงรับภายใน 5 นาที",              .registration, "2569-11-23 09:00", "2569-11-23 09:05"),
        ("ลงรับ ข้ามเที่ยงคืน",                .registration, "2569-11-23 23:58", "2569-11-24 00:03"),
        ("กรอกหนังสือภายใน 5 นาที",         .letter,       "2569-11-23 13:00", "2569-11-23 13:05"),
        ("เสนอแฟ้มภายใน 24 ชั่วโมง",        .submission,   "2569-11-23 09:05", "2569-11-24 09:05"),
        ("พิจารณาภายใน 24 ชั่วโมง",         .decision,     "2569-11-23 10:00", "2569-11-24 10:00"),
        ("พิจารณา ศุกร์เย็น ครบเสาร์เย็น",       .decision,     "2569-11-27 16:25", "2569-11-28 16:25"),
        ("พิจารณา ก่อนสงกรานต์ ตามนาฬิกา",   .decision,     "2569-04-12 20:00", "2569-04-13 20:00"),
        ("พิจารณา ข้ามปี ตามนาฬิกา",         .decision,     "2569-12-31 12:00", "2570-01-01 12:00"),
        ("ส่งคืนหน่วยงานภายใน 24 ชั่วโมง",    .sendBack,     "2569-11-23 11:30", "2569-11-24 11:30"),
        ("ประเมินภายใน 7 วัน",              .evaluation,   "2569-11-23 12:00", "2569-11-30 12:00"),
        ("ประเมิน ข้ามปี",                   .evaluation,   "2569-12-28 12:00", "2570-01-04 12:00"),
    ]

    @Test("ชั่วโมงตามนาฬิกา อย่างที่ประกาศเขียน", arguments: clock.indices)
    func clockHours(_ index: Int) {
        let (rule, step, began, expected) = Self.clock[index]
        #expect(due(step, began, reckoner()) == moment(expected), "\(rule)")
    }

    // Twenty-four working hours are three whole working days of eight hours.
    // swift-format-ignore
    static let working24: [(String, String, String)] = [
        ("จันทร์เช้า",                    "2569-11-23 08:30", "2569-11-25 16:30"),
        ("จันทร์สาย",                   "2569-11-23 10:00", "2569-11-26 10:00"),
        ("ก่อนเปิดทำการ",               "2569-11-23 05:00", "2569-11-25 16:30"),
        ("หลังเลิกงาน นับวันรุ่งขึ้น",       "2569-11-23 18:00", "2569-11-26 16:30"),
        ("เลิกงานพอดี",                  "2569-11-23 16:30", "2569-11-26 16:30"),
        ("ศุกร์ 16:25",                  "2569-11-20 16:25", "2569-11-25 16:25"),
        ("วันเสาร์ นับจันทร์",             "2569-11-21 11:00", "2569-11-25 16:30"),
        ("วันอาทิตย์ นับจันทร์",           "2569-11-22 23:59", "2569-11-25 16:30"),
        ("มาฆบูชา 2569",               "2569-03-02 10:00", "2569-03-06 10:00"),
        ("วันจักรี 2569",                "2569-04-03 10:00", "2569-04-09 10:00"),
        ("สงกรานต์ 2569",              "2569-04-10 10:00", "2569-04-20 10:00"),
        ("ก่อนสงกรานต์สองวัน",           "2569-04-09 10:00", "2569-04-17 10:00"),
        ("กลางสงกรานต์",               "2569-04-14 10:00", "2569-04-20 16:30"),
        ("ฉัตรมงคล 2569",              "2569-05-01 09:00", "2569-05-07 09:00"),
        ("พืชมงคล 2569",               "2569-05-12 14:00", "2569-05-18 14:00"),
        ("ชดเชยวิสาขบูชา และ 3 มิถุนายน",  "2569-05-29 15:00", "2569-06-05 15:00"),
        ("28–30 กรกฎาคม หยุดสามวัน",     "2569-07-27 11:00", "2569-08-04 11:00"),
        ("วันแม่",                       "2569-08-11 13:00", "2569-08-17 13:00"),
        ("วันนวมินทรมหาราช",            "2569-10-12 09:00", "2569-10-16 09:00"),
        ("ปิยมหาราช ติดเสาร์อาทิตย์",       "2569-10-22 16:00", "2569-10-28 16:00"),
        ("ชดเชยวันพ่อ และวันรัฐธรรมนูญ",    "2569-12-04 09:00", "2569-12-11 09:00"),
        ("ปีใหม่ 2570",                 "2569-12-30 14:00", "2570-01-06 14:00"),
        ("วันหยุดพิเศษ 2 มกราคม 2569",    "2569-01-02 12:00", "2569-01-07 16:30"),
        ("ชดเชยมาฆบูชา 2570",           "2570-02-19 10:00", "2570-02-25 10:00"),
        ("สงกรานต์ 2570",              "2570-04-12 10:00", "2570-04-20 10:00"),
        ("วิสาขบูชา 2570 วันพฤหัสบดี",      "2570-05-19 10:00", "2570-05-25 10:00"),
        ("ชดเชยอาสาฬหบูชา 2570",        "2570-07-16 10:00", "2570-07-23 10:00"),
        ("ชดเชยปิยมหาราช 2570",         "2570-10-22 10:00", "2570-10-28 10:00"),
        ("ชดเชยวันพ่อ 2570",             "2570-12-03 10:00", "2570-12-09 10:00"),
    ]

    @Test("ชั่วโมงทำการ เมื่อหน่วยงานตั้งไว้เช่นนั้น", arguments: working24.indices)
    func workingHours(_ index: Int) {
        let (rule, began, expected) = Self.working24[index]
        let limits = [Step.decision: OfficeLimit(.hours(24), counting: .working)]
        #expect(due(.decision, began, reckoner(limits)) == moment(expected), "\(rule)")
    }

    // swift-format-ignore
    static let working5: [(String, String, String)] = [
        ("ในเวลา",                "2569-11-23 09:00", "2569-11-23 09:05"),
        ("ศุกร์ 16:25 ครบพอดีเลิกงาน", "2569-11-20 16:25", "2569-11-20 16:30"),
        ("ศุกร์ 16:26 เหลือไปจันทร์",   "2569-11-20 16:26", "2569-11-23 08:31"),
        ("ศุกร์เลิกงาน",              "2569-11-20 16:30", "2569-11-23 08:35"),
        ("เสาร์",                   "2569-11-21 12:00", "2569-11-23 08:35"),
        ("ก่อนสงกรานต์ 16:28",       "2569-04-10 16:28", "2569-04-16 08:33"),
        ("วันสิ้นปี",                 "2569-12-31 10:00", "2570-01-04 08:35"),
    ]

    @Test("ห้านาทีทำการ", arguments: working5.indices)
    func workingMinutes(_ index: Int) {
        let (rule, began, expected) = Self.working5[index]
        let limits = [Step.registration: OfficeLimit(.minutes(5), counting: .working)]
        #expect(due(.registration, began, reckoner(limits)) == moment(expected), "\(rule)")
    }

    // swift-format-ignore
    static let dayBefore: [(String, String, String)] = [
        ("งานวันอังคาร",                 "2569-11-24 09:00", "2569-11-23 16:30"),
        ("งานวันจันทร์ ทดสอบวันศุกร์",        "2569-11-23 09:00", "2569-11-20 16:30"),
        ("งานวันอาทิตย์ ทดสอบวันศุกร์",      "2569-11-22 09:00", "2569-11-20 16:30"),
        ("งานหลังสงกรานต์",              "2569-04-16 09:00", "2569-04-10 16:30"),
        ("งานในวันสงกรานต์",             "2569-04-15 09:00", "2569-04-10 16:30"),
        ("งานวันศุกร์หลังสงกรานต์",         "2569-04-17 09:00", "2569-04-16 16:30"),
        ("งานหลังวันจักรี",                "2569-04-07 09:00", "2569-04-03 16:30"),
        ("งานหลังปีใหม่",                 "2570-01-04 09:00", "2569-12-30 16:30"),
        ("งานวันปีใหม่",                  "2570-01-01 09:00", "2569-12-30 16:30"),
        ("งานหลังวันหยุดชดเชยวันพ่อ",       "2569-12-08 09:00", "2569-12-04 16:30"),
        ("งานหลังวันรัฐธรรมนูญ",           "2569-12-11 09:00", "2569-12-09 16:30"),
        ("งานหลังชดเชยวิสาขบูชา",         "2569-06-02 09:00", "2569-05-29 16:30"),
        ("งานหลัง 3 มิถุนายน",            "2569-06-04 09:00", "2569-06-02 16:30"),
        ("งานหลังเข้าพรรษา",             "2569-07-31 09:00", "2569-07-27 16:30"),
        ("งานหลังวันแม่",                 "2569-08-13 09:00", "2569-08-11 16:30"),
        ("งานหลังวันนวมินทรมหาราช",       "2569-10-14 09:00", "2569-10-12 16:30"),
        ("งานหลังปิยมหาราช",             "2569-10-26 09:00", "2569-10-22 16:30"),
        ("งานหลังมาฆบูชา",               "2569-03-04 09:00", "2569-03-02 16:30"),
        ("หลังฉัตรมงคล วันแรงงานเป็นวันทำการ", "2569-05-05 09:00", "2569-05-01 16:30"),
        ("งานหลังพืชมงคล",               "2569-05-14 09:00", "2569-05-12 16:30"),
        ("งานหลังชดเชยมาฆบูชา 2570",      "2570-02-23 09:00", "2570-02-19 16:30"),
        ("งานหลังชดเชยอาสาฬหบูชา 2570",   "2570-07-21 09:00", "2570-07-16 16:30"),
        ("งานหลังสงกรานต์ 2570",          "2570-04-16 09:00", "2570-04-12 16:30"),
        ("งานก่อนรุ่งสาง นับวันตามปฏิทิน",     "2569-11-24 00:30", "2569-11-23 16:30"),
    ]

    @Test("ทดสอบระบบก่อนให้บริการ 1 วันทำการ", arguments: dayBefore.indices)
    func testedOneWorkingDayBefore(_ index: Int) {
        let (rule, occasion, expected) = Self.dayBefore[index]
        #expect(due(.preparation, "2569-01-05 09:00", occasion: occasion, reckoner()) == moment(expected), "\(rule)")
    }

    /// Began, occasion, due, and whether the test was the stricter limit.
    // swift-format-ignore
    static let rowFour: [(String, String, String, String, Bool)] = [
        ("งานยังไกล: 24 ชั่วโมงของการจอง",     "2569-11-23 10:00", "2569-11-30 09:00", "2569-11-24 10:00", false),
        ("งานพรุ่งนี้: ต้องทดสอบภายในวันนี้",        "2569-11-23 10:00", "2569-11-24 09:00", "2569-11-23 16:30", true),
        ("งานมะรืน มอบหมายเช้า",             "2569-11-23 10:00", "2569-11-25 09:00", "2569-11-24 10:00", false),
        ("งานมะรืน มอบหมายเย็น",             "2569-11-23 17:00", "2569-11-25 09:00", "2569-11-24 16:30", true),
        ("เท่ากันพอดี ถือการจอง",              "2569-11-23 16:30", "2569-11-25 09:00", "2569-11-24 16:30", false),
        ("ศุกร์ก่อนสงกรานต์ งานหลังสงกรานต์",    "2569-04-10 10:00", "2569-04-16 09:00", "2569-04-10 16:30", true),
        ("ศุกร์ก่อนสงกรานต์ งานวันศุกร์",          "2569-04-10 10:00", "2569-04-17 09:00", "2569-04-11 10:00", false),
        ("งานวันจันทร์ มอบหมายวันศุกร์บ่าย",       "2569-11-20 15:00", "2569-11-23 09:00", "2569-11-20 16:30", true),
    ]

    @Test("แถวที่ 4 มีสองกำหนด ถือกำหนดที่ถึงก่อน", arguments: rowFour.indices)
    func rowFourHasTwoLimits(_ index: Int) throws {
        let (rule, began, occasion, expected, isTest) = Self.rowFour[index]
        let start = moment(occasion)
        let deadline = try #require(
            reckoner().deadline(for: .calendar, began: moment(began), span: Span(start: start, end: start + .hours(1))))
        #expect(deadline.due == moment(expected), "\(rule)")
        #expect(deadline.reckoning.contains(.stricter(.workingDaysBefore(1))) == isTest, "\(rule)")
        #expect(deadline.limit == (isTest ? .workingDaysBefore(1) : .hours(24)))
        #expect(deadline.reckoning.last == .due(deadline.due))
        #expect(deadline.reckoning.first == .began(deadline.began))
    }

    @Test("แถวที่ 4 นับชั่วโมงทำการ: ข้ามสงกรานต์แล้วกำหนดทดสอบถึงก่อน")
    func rowFourInWorkingHours() {
        let limits = [Step.calendar: OfficeLimit(.hours(24), counting: .working)]
        #expect(
            due(.calendar, "2569-04-10 10:00", occasion: "2569-04-17 09:00", reckoner(limits))
                == moment("2569-04-16 16:30"))
    }

    @Test("แถวที่ 5: แจ้งก่อนมีกิจกรรม 30 นาที และให้บริการตามหนังสือ")
    func rowFive() {
        #expect(
            due(.phoneNotice, "2569-11-20 09:00", occasion: "2569-11-23 09:00", reckoner())
                == moment("2569-11-23 08:30"))
        #expect(
            due(.service, "2569-11-20 09:00", occasion: "2569-11-23 09:00", reckoner()) == moment("2569-11-23 12:00"))
        #expect(
            due(.networkNotice, "2569-11-16 09:00", occasion: "2569-11-23 09:00", reckoner())
                == moment("2569-11-20 16:30"))
    }

    // swift-format-ignore
    static let monthly: [(String, String, String)] = [
        ("พฤศจิกายน",                    "2569-11-23 09:00", "2569-12-01 16:30"),
        ("ธันวาคม: 1 มกราคมหยุด",          "2569-12-15 09:00", "2570-01-04 16:30"),
        ("พฤษภาคม: 1 มิถุนายนชดเชย",       "2569-05-15 09:00", "2569-06-02 16:30"),
        ("กรกฎาคม: 1 สิงหาคมวันเสาร์",       "2569-07-15 09:00", "2569-08-03 16:30"),
        ("เมษายน: วันแรงงานเป็นวันทำการ",      "2569-04-20 09:00", "2569-05-01 16:30"),
    ]

    @Test("รายงานทุกเดือน: วันทำการแรกของเดือนถัดไป", arguments: monthly.indices)
    func everyMonth(_ index: Int) {
        let (rule, occasion, expected) = Self.monthly[index]
        #expect(due(.report, "2569-01-05 09:00", occasion: occasion, reckoner()) == moment(expected), "\(rule)")
    }

    @Test("กำหนดเวลาอธิบายตนเอง: บอกวันหยุดที่ข้าม")
    func explainsItself() throws {
        let reckoner = reckoner([.decision: OfficeLimit(.hours(24), counting: .working)])
        let span = Samples.letter().span
        let deadline = try #require(reckoner.deadline(for: .decision, began: moment("2569-04-10 10:00"), span: span))
        let skipped = deadline.reckoning.compactMap { line -> Day? in
            if case .skipped(let off) = line { off.day } else { nil }
        }
        #expect(skipped.map(\.dayOfMonth) == [11, 12, 13, 14, 15, 18, 19])
        #expect(deadline.counting == .working)
    }

    @Test("วันหยุดใหม่เลื่อนกำหนดเองโดยไม่ต้องแก้อะไร")
    func aNewHolidayMovesIt() {
        let extra = Holiday(day: Samples.day(2569, 11, 24), name: "วันหยุดพิเศษ", kind: .special, source: "ทดสอบ")
        let calendar = WorkingCalendar(
            opens: .eightThirty, closes: .halfPastFour, holidays: ThaiHolidays.table + [extra])
        var office = Samples.office
        office.limits = [.decision: OfficeLimit(.hours(24), counting: .working)]
        let moved = Reckoner(office: office, calendar: calendar)
        #expect(due(.decision, "2569-11-23 10:00", moved) == moment("2569-11-27 10:00"))
    }

    @Test("ใช้เวลาไปเท่าใดแล้ว และเกินกำหนดเมื่อใด")
    func usedPart() throws {
        let began = moment("2569-11-23 10:00")
        let deadline = try #require(reckoner().deadline(for: .decision, began: began, span: Samples.letter().span))
        #expect(deadline.used(at: began) == 0)
        #expect(deadline.used(at: began + .hours(6)) == 0.25)
        #expect(deadline.used(at: began + .hours(36)) == 1.5)
        #expect(!deadline.isOverdue(at: deadline.due))
        #expect(deadline.isOverdue(at: deadline.due + .seconds(1)))
    }

    @Test("แต่ละขั้นรอใคร มีกำหนดหรือไม่", arguments: Stage.allCases)
    func deadlineOfAMatter(_ stage: Stage) {
        let matter = Samples.matter(at: stage)
        let due = Samples.reckoner.deadline(of: matter)?.due
        let start = matter.letter.span.start
        let expected: Moment? =
            switch stage {
            case .letterAwaited, .toComplete, .closed, .returned, .withdrawn, .voided: nil
            case .toRegister: Samples.now + .minutes(5)
            case .toSubmit: Samples.now + .minutes(4) + .hours(24)
            case .toDecide: Samples.now + .hours(26)
            case .toReturn: Samples.now + .hours(29)
            case .toAssign: Samples.now + .hours(50)
            case .toPrepare: moment("2569-11-27 16:30")
            case .ready: start
            case .inService: matter.letter.span.end
            case .toEvaluate: matter.letter.span.end + .days(7)
            }
        #expect(due == expected)
    }

    @Test("การผ่านขั้นตอน: ทุกขั้นที่ทำแล้ว พร้อมผู้ทำและเวลา")
    func passages() {
        let closed = Samples.matter(at: .closed)
        let passages = Samples.reckoner.passages(of: closed)
        #expect(
            passages.map(\.deadline.step) == [
                .registration, .submission, .decision, .calendar, .networkNotice, .preparation, .evaluation,
            ])
        #expect(passages.first?.length == .minutes(4))
        #expect(passages.first?.by == Samples.somsri.id)
        #expect(passages.filter(\.isLate).map(\.deadline.step) == [])
        let waiting = Samples.reckoner.passages(of: Samples.matter(at: .toDecide))
        #expect(waiting.last?.deadline.step == .decision)
        #expect(waiting.last?.ended == nil)
        #expect(waiting.last?.isLate == false)
    }

    @Test("กรอกหนังสือที่เคาน์เตอร์นานเกิน 5 นาที ถือว่าช้า")
    func keyingIsMeasured() throws {
        var archive = PaperArchive()
        let slow = try archive.receive(
            Samples.letter(), via: .counter, by: Samples.hand(.secretariat), at: Samples.now, keyingSeconds: 301)
        let passage = try #require(Samples.reckoner.passages(of: slow).first)
        #expect(passage.deadline.step == .letter)
        #expect(passage.isLate)
        #expect(passage.length == .seconds(301))
    }

    @Test("ตารางวันหยุด: เรียงตามวัน ไม่ซ้ำ มีที่มา และวันหยุดที่ตรงกับเสาร์อาทิตย์มีวันชดเชย")
    func holidayTable() {
        let table = ThaiHolidays.table
        #expect(table.count == 44)
        #expect(table.map(\.day) == table.map(\.day).sorted())
        #expect(Set(table.map(\.day)).count == table.count)
        #expect(table.allSatisfy { !$0.name.isEmpty && !$0.source.isEmpty })
        for holiday in table where holiday.day.isWeekend && holiday.kind == .law {
            #expect(
                table.contains {
                    $0.kind == .substitute && $0.day > holiday.day && $0.day <= holiday.day.adding(days: 3)
                }, "\(holiday.name)")
        }
        #expect(table.filter { $0.kind == .substitute }.allSatisfy { !$0.day.isWeekend })
        #expect(table.filter { $0.kind == .special }.map(\.source) == ["มติคณะรัฐมนตรี 12 พฤศจิกายน 2567"])
    }
}
