// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("การประชุมออนไลน์: ตัวเลขเข้าแฟ้ม การตั้งค่าเป็นของใคร")
struct MeetTests {
    private static let letter = Samples.letter(service: .meeting)

    private static func matter(_ stage: Stage, secrecy: Secrecy = .open, service: Service = .meeting) -> Matter {
        var matter = Samples.matter(at: stage, letter: Samples.letter(service: service))
        guard secrecy != .open else { return matter }
        let how = Classification(origin: .internal, service: service, secrecy: secrecy)
        matter.append([
            Entry(
                number: matter.folder.count + 1,
                fact: .registered(
                    RegisterNumber(number: 9, buddhistYear: 2569), how, papers: Samples.allPapers), role: .secretariat,
                person: Samples.somsri.id, at: Samples.now, stage: stage)
        ])
        return matter
    }

    private func answer(_ body: () throws(Refusal) -> Void) -> Refusal? {
        do throws(Refusal) {
            try body()
            return nil
        } catch { return error }
    }

    // MARK: Figures

    @Test(
        "ตัวเลขเข้าแฟ้มโดยโปรแกรม ระหว่างให้บริการ รอประเมิน และเมื่อปิดเรื่องแล้ว โดยเรื่องไม่ขยับขั้น",
        arguments: [Stage.inService, .toEvaluate, .closed])
    func met(_ stage: Stage) throws {
        var matter = Self.matter(stage)
        let end = matter.letter.span.end
        matter.append(try decideSample(.meet(sitting(until: end)), in: matter, by: .sanyan, at: end).get())
        #expect(matter.stage == stage)
        #expect(matter.sittings.map(\.ended) == [end])
        #expect(matter.folder.last?.role == .sanyan)
        #expect(matter.peakAttendance == 17)
        #expect(matter.attendance == 20)
        #expect(matter.metMinutes == 90)
    }

    @Test("บอกซ้ำไม่นับซ้ำ แต่ที่เปิดใหม่หลังปิดนับเป็นอีกช่วง คนเดิมไม่นับสองครั้ง")
    func toldTwice() throws {
        var matter = Self.matter(.inService)
        let end = matter.letter.span.end
        let first = sitting(until: end - .hours(2), votes: 1)
        matter.append(try decideSample(.meet(first), in: matter, by: .sanyan, at: end).get())
        #expect(refusal(decideSample(.meet(first), in: matter, by: .sanyan, at: end)) == .alreadyMet)
        matter.append(try decideSample(.meet(sitting(until: end, peak: 9)), in: matter, by: .sanyan, at: end).get())
        #expect(matter.sittings.count == 2)
        #expect(matter.metMinutes == 180)
        #expect(matter.attendance == 20)
        #expect(matter.personMinutes == 80 * 26)
        #expect(matter.meetInterruptions == 2)
        #expect(matter.votes == 1)
    }

    @Test("เหตุขัดข้องระหว่างประชุมนับจากแฟ้ม ไม่ใช่จากที่บอกมา")
    func incidentsAreTheFolders() throws {
        let matter = Self.matter(.inService)
        let logged = try #require(matter.incidents.first?.at)
        var figures = sitting(until: logged + .minutes(30))
        figures.incidents = 99
        let told = try decideSample(.meet(figures), in: matter, by: .sanyan, at: figures.ended).get()
        guard case .met(let kept)? = told.first?.fact else { throw Refusal.figuresOutOfRange }
        #expect(kept.incidents == 1)
    }

    @Test(
        "ตัวเลขที่ขัดกันเองไม่เข้าแฟ้ม",
        arguments: [
            { $0.ended = $0.opened - .seconds(1) }, { $0.people = $0.peak - 1 }, { $0.curve = [$0.peak + 1] },
            { $0.personMinutes = -1 }, { $0.interruptions = -1 }, { $0.identified = $0.people + 1 },
            { $0.lossBasisPoints = 10_001 }, { $0.votes = -1 }, { $0.opened = $0.ended - .days(41) },
        ] as [@Sendable (inout MeetFigures) -> Void])
    func unsound(_ change: @Sendable (inout MeetFigures) -> Void) {
        var figures = sitting(until: Samples.now)
        change(&figures)
        #expect(
            refusal(decideSample(.meet(figures), in: Self.matter(.inService), by: .sanyan)) == .figuresOutOfRange)
    }

    @Test("ตัวเลขจากผู้เข้าร่วม: คน นาที สูงสุด รายนาที สัญญาณ และเฉพาะการลงมติ")
    func figuresOfASitting() {
        let start = Samples.now
        func stay(_ from: Int, _ to: Int) -> Span { Span(start: start + .minutes(from), end: start + .minutes(to)) }
        func vote(_ isFormal: Bool) -> Sitting.Vote {
            .init(
                question: "?", isSecret: false, isFormal: isFormal, present: 2, opened: start, closed: start,
                choices: [.init(text: "ก", count: 1)])
        }
        let sitting = Sitting(
            opened: start, ended: start + .minutes(5), peak: 2,
            attendance: [
                .init(name: "ก", role: .host, isIdentified: true, stays: [stay(0, 5)], lossBasisPoints: 10),
                // Who leaves at an instant has left before somebody comes at it.
                .init(name: "ข", role: .speaker, stays: [stay(1, 2)], lossBasisPoints: 31, interruptions: 2),
                .init(name: "ค", role: .listener, stays: [stay(2, 3), stay(4, 5)]),
            ], votes: [vote(true), vote(false)])
        let figures = MeetFigures(of: sitting)
        #expect(figures.people == 3)
        #expect(figures.identified == 1)
        #expect(figures.peak == 2)
        #expect(figures.personMinutes == 8)
        #expect(figures.curve == [1, 2, 2, 2, 2])
        #expect(figures.interruptions == 2)
        #expect(figures.lossBasisPoints == 14)
        #expect(figures.votes == 1)
        #expect(MeetFigures(of: Sitting(opened: start, ended: start, peak: 0, attendance: [])).people == 0)
    }

    @Test("ประชุมยาวหลายวันเก็บเส้นไม่เกินหนึ่งวันเป็นนาที")
    func longSittings() {
        let end = Samples.now + .days(3)
        let sitting = Sitting(
            opened: Samples.now, ended: end, peak: 1,
            attendance: [.init(name: "ก", role: .host, stays: [Span(start: Samples.now, end: end)])])
        let figures = MeetFigures(of: sitting)
        #expect(figures.curve.count == 1440)
        #expect(figures.curveMinutes == 3)
        #expect(figures.curve.allSatisfy { $0 == 1 })
        #expect(
            refusal(decideSample(.meet(figures), in: Self.matter(.inService), by: .sanyan)) == nil)
    }

    @Test("ลงมติลับไม่มีใครรู้ว่าใครลงอย่างไร แม้มีผู้บอกมา")
    func secretVotesHaveNoBallots() {
        let vote = Sitting.Vote(
            question: "เลือกประธาน", isSecret: true, isFormal: true, quorum: 5, present: 4, opened: Samples.now,
            closed: Samples.now, choices: [.init(text: "ก", count: 3), .init(text: "ข", count: 1)],
            ballots: [.init(name: "นายมานะ", choice: "ก")])
        #expect(vote.ballots == [])
        #expect(vote.cast == 4)
        #expect(vote.hasQuorum == false)
        var told = Sitting(opened: Samples.now, ended: Samples.now, peak: 0, attendance: [], votes: [vote])
        told.votes[0].ballots = [.init(name: "นายมานะ", choice: "ก")]
        #expect(told.bounded.votes[0].ballots == [])
    }

    @Test("สิ่งที่บอกมายาวเกินถูกตัด และลืมชื่อแล้วตัวเลขยังอยู่")
    func boundedAndForgotten() {
        let long = String(repeating: "ก", count: 500)
        let stays = [Span](repeating: Span(start: Samples.now, end: Samples.now + .minutes(1)), count: 200)
        let told = Sitting(
            opened: Samples.now, ended: Samples.now + .hours(1), peak: 1,
            attendance: [
                .init(invitee: Invitee.ID(3), name: long, role: .host, stays: stays, lossBasisPoints: 99_999)
            ],
            votes: [
                .init(
                    question: long, isSecret: false, isFormal: true, present: 1, opened: Samples.now,
                    closed: Samples.now, choices: [.init(text: "ก", count: -4)],
                    ballots: [.init(name: long, choice: "ก")])
            ])
        let bounded = told.bounded
        #expect(bounded.attendance[0].name.count == 300)
        #expect(bounded.attendance[0].stays.count == 100)
        #expect(bounded.attendance[0].lossBasisPoints == 10_000)
        #expect(bounded.votes[0].choices[0].count == 0)
        #expect(bounded.bounded == bounded)
        let forgotten = bounded.forgotten
        #expect(forgotten.isForgotten)
        #expect(forgotten.attendance.map(\.name) == [""])
        #expect(forgotten.attendance.map(\.invitee) == [nil])
        #expect(forgotten.votes[0].ballots == [])
        #expect(MeetFigures(of: forgotten) == MeetFigures(of: bounded))
    }

    @Test("รายงานประจำเดือน: เรื่องที่ประชุม คน นาที สูงสุด มติ และหลุด เปิดดูเรื่องได้ทุกตัวเลข")
    func report() throws {
        var matters = try [(5, 0, 0), (17, 2, 1), (3, 0, 2)].enumerated().map { index, told in
            var matter = Samples.matter(at: .inService, id: Matter.ID(Int64(index + 1)), letter: Self.letter)
            var figures = sitting(
                until: matter.letter.span.end, peak: told.0, interruptions: told.2, votes: told.1)
            figures.lossBasisPoints = 100 * index
            matter.append(try decideSample(.meet(figures), in: matter, by: .sanyan).get())
            return matter
        }
        matters.append(Samples.matter(at: .closed, id: Matter.ID(4)))
        let month = Month(of: Self.letter.span.start)
        let drawn = MonthlyReport(month, of: matters, reckoner: Samples.reckoner, at: Samples.now + .days(30)).meetings
        #expect(drawn.matters.map(\.number) == [1, 2, 3])
        #expect(drawn.minutes == 270)
        #expect(drawn.people == 25 + 9)
        #expect(drawn.personMinutes == 80 * 25)
        #expect(drawn.peak == 17)
        #expect(drawn.atPeak.map(\.number) == [2])
        #expect(drawn.votes == 2)
        #expect(drawn.voted.map(\.number) == [2])
        #expect(drawn.interruptions == 3)
        #expect(drawn.interrupted.map(\.number) == [2, 3])
        #expect(drawn.lossBasisPoints == (100 * 20 + 200 * 6 + 17) / 34, "each sitting counts by its people")
    }

    // MARK: Settings

    @Test("มีห้องประชุมเมื่ออนุมัติแล้วและขอประชุม การถ่ายทอดอย่างเดียวไม่มี", arguments: Stage.allCases)
    func hasAMeeting(_ stage: Stage) {
        let approved: Set<Stage> = [.toAssign, .toPrepare, .ready, .inService, .toEvaluate, .closed]
        #expect(Self.matter(stage).hasMeeting == approved.contains(stage))
        #expect(Self.matter(stage, service: .both).hasMeeting == approved.contains(stage))
        #expect(!Self.matter(stage, service: .broadcast).hasMeeting)
        #expect(Self.matter(stage).meetTime(at: Samples.now) == nil || approved.contains(stage))
    }

    @Test("การตั้งค่าเป็นของเจ้าหน้าที่และเลขานุการ ตั้งแต่อนุมัติจนสิ้นสุด", arguments: Stage.allCases)
    func settling(_ stage: Stage) {
        let matter = Self.matter(stage)
        func answer(_ role: Role) -> Refusal? {
            self.answer { () throws(Refusal) in try maySettle(MeetSettings(), of: matter, by: Samples.hand(role)) }
        }
        let expected: Refusal? = !matter.hasMeeting ? .noMeeting : stage.isFinal ? .notNow(.link, stage: stage) : nil
        #expect(answer(.officer) == expected)
        #expect(answer(.secretariat) == expected)
        for role in [Role.requester, .executive, .network, .administrator] {
            #expect(answer(role) == .notYourRole(.link))
        }
    }

    @Test("ค่าเริ่มต้น: บันทึกเมื่อหนังสือขอ ออกอากาศเมื่อขอทั้งสองอย่าง เรื่องลับทุกคนรอและไม่บันทึก")
    func usual() {
        var letter = Self.letter
        letter.wantsRecording = true
        #expect(MeetSettings.usual(for: Samples.matter(at: .toPrepare, letter: letter)).records)
        #expect(!MeetSettings.usual(for: Self.matter(.toPrepare)).records)
        #expect(MeetSettings.usual(for: Self.matter(.toPrepare, service: .both)).isAired)
        let secret = Self.matter(.toPrepare, secrecy: .confidential)
        #expect(MeetSettings.usual(for: secret).lobby == .everybody)
        #expect(MeetSettings.usual(for: secret).faults(for: secret) == [])
    }

    @Test("การประชุมที่กฎหมายกำหนด: ทุกคนแสดงตน บันทึกไว้เว้นแต่ลับ และเก็บไม่น้อยกว่า 90 วัน")
    func legal() {
        var settings = MeetSettings()
        (settings.isLegal, settings.door, settings.keepsDays) = (true, .open, 30)
        #expect(
            settings.faults(for: Self.matter(.toPrepare)) == [
                .legalIsNotOpen, .legalIsRecorded, .legalIsKept(days: 90),
            ])
        (settings.door, settings.records, settings.keepsDays) = (.link, true, 90)
        #expect(settings.faults(for: Self.matter(.toPrepare)) == [])
        let secret = Self.matter(.toPrepare, secrecy: .secret)
        #expect(settings.faults(for: secret) == [.secretIsNotRecorded])
        settings.records = false
        #expect(settings.faults(for: secret) == [])
    }

    @Test("การตั้งค่าที่กรอกผิด บอกตรงข้อ")
    func faults() {
        var settings = MeetSettings()
        settings.title = String(repeating: "ก", count: 301)
        settings.domains = ["example.ac.th", "example", "a b.example", "-a.example"]
        settings.earlyMinutes = -1
        settings.agenda = [String](repeating: "วาระ", count: 61)
        settings.quorum = 1001
        settings.consent = String(repeating: "ก", count: 1001)
        settings.keepsDays = 0
        #expect(
            settings.faults(for: Self.matter(.toPrepare)) == [
                .titleTooLong(limit: 300), .noDomain("example"), .noDomain("a b.example"), .noDomain("-a.example"),
                .earlyOutOfRange(limit: 240), .agendaTooLong(points: 60, limit: 300), .quorumOutOfRange(limit: 1000),
                .consentTooLong(limit: 1000), .daysOutOfRange(limit: 365),
            ])
        settings = MeetSettings()
        settings.domains = [String](repeating: "example.ac.th", count: 21)
        #expect(settings.faults(for: Self.matter(.toPrepare)) == [.tooManyDomains(limit: 20)])
        settings.domains = []
        settings.door = .open
        #expect(settings.faults(for: Self.matter(.toPrepare, secrecy: .confidential)) == [.secretIsNotOpen])
    }
}
