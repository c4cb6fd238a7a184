// SPDX-License-Identifier: Apache-2.0

import Archive
import ArgumentParser
import Desk
import Logging
import Messenger
import Rehearsal
import Synchronization

/// `sanyan day`: a letter's whole journey, played in a stopped world and told line by line.
///
/// Nothing is pretended: the desk decides, a real database keeps, the outbox carries. Only the clock stands still.
struct PlayDay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "day", abstract: "Plays a simulated working day, told line by line.")

    func run() async throws { try await DayStory().play() }
}

/// The clock of the story, which everybody in it reads.
private final class StoryClock: Sendable {
    private let moment: Mutex<Moment>
    init(at moment: Moment) { self.moment = Mutex(moment) }
    var now: Moment { moment.withLock { $0 } }
    func step(to later: Moment) { moment.withLock { $0 = max($0, later) } }
}

/// A Monday on which a letter comes, and the Tuesday on which it is served.
private struct DayStory {
    let clock = StoryClock(at: Samples.moment(2569, 11, 23, "08:30"))
    let cabinet: SQLiteCabinet
    let outbox: Outbox
    let monday = Samples.day(2569, 11, 23)
    let tuesday = Samples.day(2569, 11, 24)

    init() throws {
        let clock = clock
        cabinet = try SQLiteCabinet.inMemory()
        var logger = Logger(label: "day")
        logger.logLevel = .critical
        outbox = Outbox(cabinet: cabinet, bell: Doorbell(), logger: logger, now: { clock.now })
    }

    func play() async throws {
        try await furnish()
        Voice.say("\n  \(ThaiDate.long(monday)) · \(Samples.office.thaiName)\n")
        let matter = try await theLetter()
        try await theDecision(matter)
        try await thePreparation(matter)
        Voice.say("\n  \(ThaiDate.long(tuesday))\n")
        try await theOccasion(matter)
        try await theReport()
    }

    private func furnish() async throws {
        try await cabinet.save(Samples.office, by: nil, at: clock.now)
        for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: clock.now) }
        for person in Samples.people {
            var newcomer = person
            newcomer.id = Person.ID(0)
            _ = try await cabinet.save(newcomer, passwordHash: "!", by: nil, at: clock.now)
        }
        for room in Samples.rooms {
            var newcomer = room
            newcomer.id = Room.ID(0)
            _ = try await cabinet.save(newcomer, by: nil, at: clock.now)
        }
    }

    private func theLetter() async throws -> Matter.ID {
        let letter = Letter(
            origin: .internal, unit: "คณะเทคโนโลยีตัวอย่าง", reference: "อว 0000.7/112", dated: monday,
            title: "ขอความอนุเคราะห์ถ่ายทอดสดพิธีเปิดสัปดาห์วิทยาศาสตร์", service: .broadcast,
            span: Span(start: Samples.moment(2569, 11, 24, "13:00"), end: Samples.moment(2569, 11, 24, "15:00")),
            place: "หอประชุมใหญ่", expectedAudience: 400, wantsRecording: true)
        clock.step(to: monday.at(Samples.time("09:00")))
        let matter = try await cabinet.receive(
            letter, contact: Contact(name: "นางสาวใจดี ประสานไว", phone: "ต่อ 0000", mail: "contact@example.ac.th"),
            documents: [], via: .web, keyingSeconds: 170, by: .requester, at: clock.now, once: nil)
        tell("หนังสือเข้าทางแบบฟอร์ม: \(letter.title) จาก\(letter.unit)")
        try await carry()
        try await act(
            "09:04",
            .register(
                Classification(origin: .internal, service: .broadcast, urgency: .urgent), papers: Samples.allPapers),
            matter.id, .secretariat
        ) { "สำนักงานเลขานุการตรวจครบ ลงทะเบียนรับ เลขรับ \($0.incoming?.description ?? "") ชั้นความเร็ว: ด่วน" }
        return matter.id
    }

    private func theDecision(_ id: Matter.ID) async throws {
        try await act("09:20", .submit, id, .secretariat) { _ in "นำแฟ้มเสนอผู้บริหาร" }
        try await act("10:05", .approve(note: ""), id, .executive) { _ in "ผู้บริหารอนุมัติ" }
        let officers = try await cabinet.people().filter { $0.roles == [.officer] }
        let rooms = try await cabinet.rooms()
        let assignment = Assignment(
            officers: officers.prefix(2).map(\.id), rooms: rooms.prefix(1).map(\.id), setUpMinutes: 60,
            tearDownMinutes: 30)
        try await act("10:30", .assign(assignment), id, .secretariat) { matter in
            let names = officers.prefix(2).map(\.name).joined(separator: " และ ")
            let held = assignment.held(around: matter.letter.span)
            return
                "มอบหมาย \(names) จอง\(rooms.first?.name ?? "") \(TimeOfDay(of: held.start))–\(TimeOfDay(of: held.end)) น."
        }
    }

    private func thePreparation(_ id: Matter.ID) async throws {
        try await act("11:00", .notifyNetwork(NetworkNotice(megabitsPerSecond: 25), note: ""), id, .officer) { _ in
            "แจ้งงานเครือข่าย: คาดว่าใช้ 25 Mbit/s"
        }
        try await act("11:10", .acknowledgeNetwork, id, .network) { _ in "งานเครือข่ายรับทราบ เฝ้าระวัง" }
        try await act("14:00", .link("https://live.example.ac.th/science-week"), id, .officer) { _ in "ใส่ลิงก์รับชม" }
        guard let checks = try await cabinet.matter(id)?.checklist else { return }
        for (number, check) in checks.enumerated() {
            let evidence = Evidence(value: check.needsEvidence ? "-16 LUFS / 94 Mbit/s" : "")
            try await act("14:\((10 + 5 * number).twoDigits)", .tick(check.id, evidence, note: ""), id, .officer) {
                "ตรวจแล้ว: \(check.thai)" + ($0.stage == .ready ? " — พร้อมให้บริการ" : "")
            }
        }
    }

    private func theOccasion(_ id: Matter.ID) async throws {
        clock.step(to: tuesday.at(Samples.time("12:30")))
        try await carry()
        try await act("12:52", .open, id, .officer, on: tuesday) { _ in "เริ่มให้บริการ ถ่ายทอดสด" }
        try await act("13:40", .logIncident(.disturbed, note: "ไมค์ตัวที่ 2 เสียงขาด"), id, .officer, on: tuesday) { _ in
            "เหตุขัดข้อง: ไมค์ตัวที่ 2 เสียงขาด เปลี่ยนไมค์แล้ว"
        }
        try await act("15:06", .end(Summary(audience: 382), note: "เรียบร้อย"), id, .officer, on: tuesday) { _ in
            "สิ้นสุดการให้บริการ ผู้ชม 382 คน"
        }
        try await act(
            "16:10", .evaluate(Evaluation(overall: 5, signal: 4, staff: 5), note: ""), id, .requester, on: tuesday
        ) { _ in
            "ผู้ขอประเมินผล 5 · 4 · 5 — จบเรื่อง"
        }
    }

    private func theReport() async throws {
        let month = Month(of: clock.now)
        try await outbox.scheduleDraft(of: month)
        guard let draft = try await cabinet.nextErrandDue() else { return }
        clock.step(to: draft)
        Voice.say("\n  \(ThaiDate.long(Day(of: clock.now)))\n")
        try await carry()
        let matters = try await cabinet.matters(month)
        let report = MonthlyReport(month, of: matters, reckoner: Samples.reckoner, at: clock.now)
        tell(
            "รายงานประจำเดือน\(ThaiDate.long(month)) ร่างเสร็จ: \(report.matters.count) เรื่อง ให้บริการ \(report.servedMinutes) นาที"
        )
        for row in report.compliance {
            let kept = row.percentInTime.map { "\(Int($0)) %" } ?? "–"
            Voice.say("         \(Self.stepNames[row.step] ?? row.step.rawValue): ทันกำหนด \(kept)")
        }
        Voice.say("")
    }

    private static let stepNames: [Step: String] = [
        .registration: "รับและลงทะเบียน", .submission: "เสนอแฟ้ม", .decision: "พิจารณา", .calendar: "มอบหมายและบันทึกปฏิทิน",
        .preparation: "จัดเตรียมและทดสอบ", .evaluation: "ประเมินผล",
    ]

    /// One act at a time of day, told with what came of it, and the errands it sent.
    private func act(
        _ time: String, _ act: Act, _ id: Matter.ID, _ role: Role, on day: Day? = nil, _ line: (Matter) -> String
    ) async throws {
        clock.step(to: (day ?? monday).at(Samples.time(time)))
        try await carry()
        let matter = try await cabinet.perform(
            act, on: id, by: try await hand(role), at: clock.now, seen: nil, contact: nil, lateReason: "", once: nil)
        tell(line(matter))
        try await carry()
    }

    private func hand(_ role: Role) async throws -> Hand {
        guard role != .requester else { return .requester }
        let person = try await cabinet.people().first { $0.roles == [role] }
        return person.map { Hand($0) } ?? .sanyan
    }

    /// Carries what is due and tells whose inbox it reached.
    private func carry() async throws {
        let before = try await heard()
        try await outbox.carryDue()
        for notice in try await heard() where !before.contains(notice) {
            let name = try await cabinet.people().first { $0.id == notice.person }?.name ?? ""
            let what: String =
                switch notice.kind {
                case .awaiting: "มีแฟ้มรอ"
                case .assignment: "ได้รับมอบหมายงาน"
                case .reminder: "อีก 30 นาทีจะเริ่ม"
                case .change: "มีการเปลี่ยนแปลง"
                case .withdrawal: "งานยกเลิก"
                case .networkNotice: "โปรดเฝ้าระวังเครือข่าย"
                case .unanswered: "มีผู้ยังไม่รับทราบ โปรดติดต่อ"
                case .calendarEntry: "ลงปฏิทิน"
                case .drift: "มีผู้แก้ในปฏิทินภายนอก"
                case .lapse: "ปิดเรื่อง"
                case .draftReport: "ร่างรายงานประจำเดือนพร้อมแล้ว"
                }
            Voice.say("  \(TimeOfDay(of: notice.at))    🔔 \(name): \(what)")
        }
    }

    private func heard() async throws -> [Notice] {
        var notices: [Notice] = []
        for person in try await cabinet.people() { notices += try await cabinet.inbox(of: person.id, limit: 100) }
        return notices
    }

    private func tell(_ line: String) { Voice.say("  \(TimeOfDay(of: clock.now))  \(line)") }
}
