// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("การถ่ายทอดสด: ตัวเลขเข้าแฟ้ม คีย์และการตั้งค่าเป็นของใคร")
struct AirTests {
    private static let letter = Samples.letter(service: .broadcast)
    private let officer = Samples.hand(.officer)

    private static func matter(_ stage: Stage, secrecy: Secrecy = .open) -> Matter {
        var matter = Samples.matter(at: stage, letter: letter)
        guard secrecy != .open else { return matter }
        let how = Classification(origin: .internal, service: .broadcast, secrecy: secrecy)
        matter.append([
            Entry(
                number: matter.folder.count + 1,
                fact: .registered(
                    RegisterNumber(number: 9, buddhistYear: 2569), how,
                    papers: Samples.allPapers), role: .secretariat, person: Samples.somsri.id, at: Samples.now,
                stage: stage)
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
    func aired(_ stage: Stage) throws {
        var matter = Self.matter(stage)
        let figures = airing(until: matter.letter.span.end)
        matter.append(try decideSample(.air(figures), in: matter, by: .sanyan, at: matter.letter.span.end).get())
        #expect(matter.stage == stage)
        #expect(matter.airings.map(\.opened) == [figures.opened])
        #expect(matter.folder.last?.role == .sanyan)
        #expect(matter.viewerMinutes == figures.viewerMinutes)
        #expect(matter.peakAudience == 382)
        #expect(matter.averageAudience == 254)
    }

    @Test("บอกซ้ำไม่นับซ้ำ แต่ที่เปิดใหม่หลังล่มนับเป็นอีกช่วง")
    func toldTwice() throws {
        var matter = Self.matter(.inService)
        let end = matter.letter.span.end
        let first = airing(until: end - .hours(2))
        matter.append(try decideSample(.air(first), in: matter, by: .sanyan, at: end).get())
        #expect(refusal(decideSample(.air(first), in: matter, by: .sanyan, at: end)) == .alreadyAired)
        matter.append(try decideSample(.air(airing(until: end, peak: 100)), in: matter, by: .sanyan, at: end).get())
        #expect(matter.airings.count == 2)
        #expect(matter.airMinutes == 180)
        #expect(matter.interruptions == 2)
        #expect(matter.peakAudience == 382)
        // 22,920 and 6,000 viewer-minutes in 180 minutes.
        #expect(matter.averageAudience == 161)
    }

    @Test("เหตุขัดข้องระหว่างออกอากาศนับจากแฟ้ม ไม่ใช่จากที่บอกมา")
    func incidentsAreTheFolders() throws {
        let matter = Self.matter(.inService)
        let logged = try #require(matter.incidents.first?.at)
        var figures = airing(until: logged + .minutes(30))
        figures.incidents = 99
        let told = try decideSample(.air(figures), in: matter, by: .sanyan, at: figures.ended).get()
        guard case .aired(let kept)? = told.first?.fact else { throw Refusal.figuresOutOfRange }
        #expect(kept.incidents == 1)
        figures.opened = logged + .minutes(1)
        let later = try decideSample(.air(figures), in: matter, by: .sanyan, at: figures.ended).get()
        guard case .aired(let none)? = later.first?.fact else { throw Refusal.figuresOutOfRange }
        #expect(none.incidents == 0)
    }

    @Test("เส้นผู้ชมยาวเพียงใดก็เก็บไม่เกินหนึ่งวันเป็นนาที และยอดสูงสุดไม่หาย")
    func longCurves() throws {
        var figures = airing(until: Samples.now, peak: 500)
        figures.opened = Samples.now - .days(3)
        figures.curve = [Int](repeating: 10, count: 4320)
        figures.curve[4000] = 500
        let shorter = figures.shortened
        #expect(shorter.curve.count == 1440)
        #expect(shorter.curveMinutes == 3)
        #expect(shorter.curve.max() == 500)
        #expect(shorter.curve.firstIndex(of: 500) == 1333)
        #expect(airing(until: Samples.now).shortened == airing(until: Samples.now))
    }

    @Test(
        "ตัวเลขที่ขัดกันเองไม่เข้าแฟ้ม",
        arguments: [
            { $0.ended = $0.opened - .seconds(1) }, { $0.average = $0.peak + 1 }, { $0.curve = [$0.peak + 1] },
            { $0.viewerMinutes = -1 }, { $0.interruptions = -1 }, { $0.curveMinutes = 0 },
            { $0.opened = $0.ended - .days(41) },
        ] as [@Sendable (inout AirFigures) -> Void])
    func unsound(_ change: @Sendable (inout AirFigures) -> Void) {
        var figures = airing(until: Samples.now)
        change(&figures)
        #expect(
            refusal(decideSample(.air(figures), in: Self.matter(.inService), by: .sanyan)) == .figuresOutOfRange)
    }

    @Test("รายงานประจำเดือน: เรื่องที่ถ่ายทอด นาทีรับชม สูงสุด เฉลี่ย และสัญญาณขาด เปิดดูเรื่องได้ทุกตัวเลข")
    func report() throws {
        let peaks = [200, 382, 50]
        var matters = try peaks.enumerated().map { index, peak in
            var matter = Samples.matter(at: .inService, id: Matter.ID(Int64(index + 1)), letter: Self.letter)
            let figures = airing(until: matter.letter.span.end, peak: peak, interruptions: index)
            matter.append(try decideSample(.air(figures), in: matter, by: .sanyan).get())
            return matter
        }
        matters.append(Samples.matter(at: .closed, id: Matter.ID(4)))
        let month = Month(of: Self.letter.span.start)
        let drawn = MonthlyReport(month, of: matters, reckoner: Samples.reckoner, at: Samples.now + .days(30)).air
        #expect(drawn.matters.map(\.number) == [1, 2, 3])
        #expect(drawn.minutes == 270)
        #expect(drawn.viewerMinutes == matters.reduce(0) { $0 + $1.viewerMinutes })
        #expect(drawn.peak == 382)
        #expect(drawn.atPeak.map(\.number) == [2])
        #expect(drawn.average == 140)
        #expect(drawn.interruptions == 3)
        #expect(drawn.interrupted.map(\.number) == [2, 3])
        let none = MonthlyReport(month, of: [matters[3]], reckoner: Samples.reckoner, at: Samples.now).air
        #expect(none.matters == [])
        #expect(none.average == 0)
    }

    // MARK: When

    @Test("มีห้องส่งเมื่ออนุมัติแล้วและขอถ่ายทอด", arguments: Stage.allCases)
    func hasAStudio(_ stage: Stage) {
        let approved: Set<Stage> = [.toAssign, .toPrepare, .ready, .inService, .toEvaluate, .closed]
        #expect(Self.matter(stage).hasStudio == approved.contains(stage))
        #expect(!Samples.matter(at: stage).hasStudio)
    }

    @Test("ก่อนพร้อมและก่อนเวลาเตรียมเป็นการทดลอง ถึงเวลาเตรียมหรือเปิดงานแล้วเป็นงานจริง สิ้นสุดแล้วไม่ออกอากาศอีก")
    func trialAndOccasion() {
        let setUp = Self.letter.span.start - .minutes(Samples.assignment.setUpMinutes)
        let before = setUp - .minutes(1)
        #expect(Self.matter(.toDecide).airTime(at: setUp) == nil)
        #expect(Self.matter(.toAssign).airTime(at: setUp) == .trial)
        #expect(Self.matter(.toPrepare).airTime(at: setUp) == .trial)
        #expect(Self.matter(.ready).airTime(at: before) == .trial)
        #expect(Self.matter(.ready).airTime(at: setUp) == .occasion)
        #expect(Self.matter(.inService).airTime(at: before) == .occasion)
        #expect(Self.matter(.toEvaluate).airTime(at: setUp) == .over)
        #expect(Self.matter(.closed).airTime(at: setUp) == .over)
        #expect(Self.matter(.withdrawn).airTime(at: setUp) == nil)
        #expect(Samples.matter(at: .inService).airTime(at: setUp) == nil)
    }

    // MARK: Settings and keys

    @Test("การตั้งค่าเป็นของเจ้าหน้าที่และเลขานุการ ตั้งแต่อนุมัติจนสิ้นสุด", arguments: Stage.allCases)
    func settling(_ stage: Stage) {
        let matter = Self.matter(stage)
        func answer(_ role: Role) -> Refusal? {
            self.answer { () throws(Refusal) in try maySettle(AirSettings(), of: matter, by: Samples.hand(role)) }
        }
        let expected: Refusal? = !matter.hasStudio ? .noBroadcast : stage.isFinal ? .notNow(.link, stage: stage) : nil
        #expect(answer(.officer) == expected)
        #expect(answer(.secretariat) == expected)
        for role in [Role.requester, .executive, .network, .administrator] {
            #expect(answer(role) == .notYourRole(.link))
        }
    }

    @Test("สตรีมคีย์ให้ดูเฉพาะเจ้าหน้าที่ที่ได้รับมอบหมาย")
    func keysAreForItsOfficers() {
        let matter = Self.matter(.ready)
        func answer(_ hand: Hand, _ matter: Matter) -> Refusal? {
            self.answer { () throws(Refusal) in try maySeeKeys(of: matter, by: hand) }
        }
        #expect(answer(Hand(Samples.anan), matter) == nil)
        #expect(answer(Hand(Samples.kanya), matter) == nil)
        #expect(answer(Hand(Samples.malee), matter) == .notItsOfficer)
        #expect(answer(Hand(Samples.somsri), matter) == .notYourRole(.open))
        #expect(answer(Hand(Samples.anan), Self.matter(.toAssign)) == .notItsOfficer)
        #expect(answer(Hand(Samples.anan), Self.matter(.closed)) == .notNow(.link, stage: .closed))
        #expect(answer(Hand(Samples.anan), Samples.matter(at: .ready)) == .noBroadcast)
    }

    @Test("เรื่องที่มีชั้นความลับ ไม่เปิดให้ทุกคนที่มีลิงก์")
    func secretIsNotOpen() {
        let secret = Self.matter(.toPrepare, secrecy: .confidential)
        #expect(AirSettings.usual(for: secret).door == .signedIn)
        #expect(AirSettings.usual(for: Self.matter(.toPrepare)).door == .open)
        #expect(AirSettings().faults(for: secret) == [.secretIsNotOpen])
        #expect(AirSettings.usual(for: secret).faults(for: secret) == [])
        #expect(
            answer { () throws(Refusal) in try maySettle(AirSettings(), of: secret, by: officer) }
                == .airFaults([.secretIsNotOpen]))
    }

    @Test("การตั้งค่าที่กรอกผิด บอกตรงข้อ")
    func faults() {
        let matter = Self.matter(.toPrepare)
        var settings = AirSettings()
        settings.title = String(repeating: "ก", count: 301)
        settings.embedders = ["https://lms.example.ac.th", "lms.example.ac.th"]
        settings.targets = [
            AirTarget(name: "YouTube", address: "rtmps://a.example.com/live2/key"),
            AirTarget(name: "YouTube", address: "https://example.com/x"),
            AirTarget(name: " ", address: "rtmp://b.example.com/x"),
        ]
        #expect(
            settings.faults(for: matter) == [
                .titleTooLong(limit: 300), .noOrigin("lms.example.ac.th"), .noStreamAddress("YouTube"), .targetUnnamed,
                .targetTwice,
            ])
        settings = AirSettings()
        settings.targets = (1...6).map { AirTarget(name: "\($0)", address: "rtmp://a.example.com/\($0)") }
        #expect(settings.faults(for: matter) == [.tooManyTargets(limit: 5)])
        settings = AirSettings()
        settings.sounds = [
            AirSound(number: 0, name: "ในห้อง", language: "th"), AirSound(number: 1, name: "", language: "en"),
        ]
        settings.srtPassphrase = "สั้น"
        #expect(settings.faults(for: matter) == [.soundUnnamed, .passphraseMalformed])
        settings.sounds = [AirSound(number: 4, name: "a")]
        settings.srtPassphrase = String(repeating: "a", count: 80)
        #expect(settings.faults(for: matter) == [.soundMalformed, .passphraseMalformed])
        settings.sounds = [AirSound(number: 3, name: "English", language: "en-GB")]
        settings.srtPassphrase = "a.b_c-d123"
        #expect(settings.faults(for: matter) == [])
    }

    @Test(
        "ที่อยู่เว็บที่ฝังหน้าได้",
        arguments: [
            ("https://lms.example.ac.th", true), ("https://lms.example.ac.th:8443", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true), ("https://lms.example.ac.th/", false), ("https://", false), ("*", false),
            ("https://a.example'; script-src *", false), ("https://a.example b.example", false),
            ("https://a.example:0", false), ("ftp://a.example", false), ("https://-a.example", false),
        ])
    func origins(_ text: String, _ isGood: Bool) { #expect(isOrigin(text) == isGood) }

    @Test(
        "ที่อยู่ส่งต่อ และส่วนที่แสดงได้",
        arguments: [
            ("rtmp://a.rtmp.example.com/live2/abcd-efgh", true, "rtmp://a.rtmp.example.com"),
            ("rtmps://live.example.com:443/rtmp/FB-1?s_bl=1", true, "rtmps://live.example.com:443"),
            ("rtmp://a.example.com/", false, "rtmp://a.example.com"),
            ("rtmp://a.example.com", false, "rtmp://a.example.com"),
            ("https://a.example.com/x", false, "https://a.example.com"), ("rtmp://a b/x", false, "rtmp://a b"),
            ("", false, ""),
        ])
    func streamAddresses(_ text: String, _ isGood: Bool, _ shown: String) {
        #expect(isStreamAddress(text) == isGood)
        #expect(AirTarget(name: "", address: text).host == shown)
    }

    @Test("ออกคีย์ใหม่: ใช้ได้ทันที คีย์เดิมใช้ได้ถึงเวลาที่บอกหรือหยุดทันที และนานสุดสองวัน")
    func renewing() {
        let now = Samples.now
        func key(_ word: String, _ from: Moment = Samples.now) -> AirKey { AirKey(hash: word, from: from) }
        var plan = AirPlan(
            matter: Matter.ID(1), name: "abc", keys: [key("first")], ticketKey: "", settings: AirSettings())
        plan.renew(with: key("second"), at: now, oldUntil: now + .hours(1))
        #expect(plan.keys.map(\.hash) == ["second", "first"])
        #expect(plan.keys.map(\.until) == [nil, now + .hours(1)])
        #expect(plan.keys[1].isGood(at: now + .minutes(59)))
        #expect(!plan.keys[1].isGood(at: now + .hours(1)))
        plan.renew(with: key("third"), at: now + .minutes(10), oldUntil: now + .days(9))
        #expect(plan.keys.map(\.until) == [nil, now + .minutes(10) + .days(2), now + .hours(1)])
        plan.renew(with: key("fourth"), at: now + .minutes(20), oldUntil: nil)
        #expect(plan.keys.map(\.hash) == ["fourth"])
    }

    @Test("ตู้แฟ้มกระดาษ: อนุมัติแล้วมีแผนถ่ายทอด เปลี่ยนประเภทแล้วอนุมัติใหม่ไม่ได้ชื่อใหม่")
    func onPaper() throws {
        var archive = PaperArchive()
        let id = try archive.receive(Self.letter, at: Samples.now).id
        for stride in Samples.strides(to: .toPrepare, letter: Self.letter, received: Samples.now) {
            #expect(archive.airPlans[id] == nil || archive.matters[id]?.hasStudio == true)
            try archive.perform(stride.act, on: id, by: stride.hand, at: Samples.now + stride.after)
        }
        let plan = try #require(archive.airPlans[id])
        #expect(plan.settings == AirSettings())
        #expect(plan.keys.count == 1)
        var settings = AirSettings()
        settings.talk = .questions
        try archive.settle(settings, of: id, by: officer)
        try archive.renewKey(of: id, by: officer, at: Samples.now + .hours(28), oldUntil: nil)
        let changed = try #require(archive.airPlans[id])
        #expect(changed.name == plan.name)
        #expect(changed.settings.talk == .questions)
        #expect(changed.keys.count == 1)
        #expect(changed.keys != plan.keys)
    }
}
