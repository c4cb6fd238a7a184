// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("ลิงก์เข้าประชุม: ใครออก ใครเห็น ใช้ได้ถึงเมื่อใด ชื่อลบได้เมื่อใด")
struct InviteeTests {
    private static let letter = Samples.letter(service: .meeting)
    private let officer = Samples.hand(.officer)

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

    private static func plan(_ change: (inout MeetSettings) -> Void = { _ in }) -> MeetPlan {
        var settings = MeetSettings()
        change(&settings)
        return MeetPlan(matter: Matter.ID(1), name: "abc", passKey: "", settings: settings)
    }

    private func answer(_ body: () throws(Refusal) -> Void) -> Refusal? {
        do throws(Refusal) {
            try body()
            return nil
        } catch { return error }
    }

    // MARK: Links

    @Test("รายชื่อที่พิมพ์: บรรทัดละคน ชื่อ อีเมล หรือทั้งสอง")
    func typedPeople() {
        let typed = """
            นายมานะ ใจกว้าง <mana@example.ac.th>
              นางสาวปิติ ยินดี, piti@example.ac.th

            choojai@example.ac.th
            นายวีระ กล้าหาญ
            """
        #expect(
            InviteeList.people(typed) == [
                .named(name: "นายมานะ ใจกว้าง", mail: "mana@example.ac.th"),
                .named(name: "นางสาวปิติ ยินดี", mail: "piti@example.ac.th"),
                .named(name: "choojai", mail: "choojai@example.ac.th"), .named(name: "นายวีระ กล้าหาญ", mail: ""),
            ])
        #expect(InviteeList.people(" \n\n<>") == [])
    }

    @Test("ออกลิงก์: ต้องมีคน อีเมลถูกรูป ถึงวันที่ไม่เกิน 30 วันหลังงาน ลิงก์กลางไม่เป็นผู้ดำเนินการและไม่ใช้ในประชุมตามกฎหมาย")
    func invitations() {
        let matter = Self.matter(.toPrepare)
        let end = matter.letter.span.end
        func list(_ people: [Invitee.Who], _ role: MeetRole = .speaker, until: Moment? = nil) -> InviteeList {
            InviteeList(role: role, people: people, until: until ?? end)
        }
        func faults(_ list: InviteeList, _ plan: MeetPlan = Self.plan(), already: Int = 0) -> [InviteeFault] {
            list.faults(for: plan, of: matter, already: already, at: Samples.now)
        }
        let mana = Invitee.Who.named(name: "มานะ", mail: "mana@example.ac.th")
        #expect(faults(list([mana])) == [])
        #expect(faults(list([])) == [.nobody])
        #expect(faults(list([mana]), already: 1000) == [.tooMany(limit: 1000)])
        #expect(faults(list([.named(name: "ก", mail: "ก@x")])) == [.malformedMail("ก@x")])
        #expect(faults(list([.anybody])) == [])
        #expect(faults(list([.anybody], .host)) == [.hostHasName])
        #expect(faults(list([.anybody]), Self.plan { $0.isLegal = true }) == [.legalHasNames])
        #expect(faults(list([mana], until: Samples.now)) == [.untilOutOfRange])
        #expect(faults(list([mana], until: end + .days(30))) == [])
        #expect(faults(list([mana], until: end + .days(31))) == [.untilOutOfRange])
        let secret = Self.matter(.toPrepare, secrecy: .secret)
        #expect(
            list([.anybody], .listener).faults(for: Self.plan(), of: secret, already: 0, at: Samples.now)
                == [.legalHasNames])
        #expect(
            answer { () throws(Refusal) in
                try mayInvite(list([]), to: Self.plan(), of: matter, already: 0, by: officer, at: Samples.now)
            } == .inviteeFaults([.nobody]))
        #expect(
            answer { () throws(Refusal) in
                try mayInvite(
                    list([mana]), to: Self.plan(), of: matter, already: 0, by: Samples.hand(.network), at: Samples.now)
            } == .notYourRole(.link))
    }

    @Test("ลิงก์ใช้ได้จนหมดเวลา เพิกถอน หรือลบชื่อ")
    func goodLinks() {
        var invitee = Invitee(
            matter: Matter.ID(1), role: .speaker, who: .named(name: "ก", mail: ""), until: Samples.now + .hours(1),
            invitedAt: Samples.now)
        #expect(invitee.isGood(at: Samples.now))
        #expect(invitee.isPersonal)
        #expect(!invitee.isGood(at: Samples.now + .hours(1)))
        invitee.revokedAt = Samples.now
        #expect(!invitee.isGood(at: Samples.now))
        invitee.revokedAt = nil
        invitee.who = .forgotten
        #expect(!invitee.isGood(at: Samples.now))
        #expect(!invitee.isPersonal)
    }

    @Test("ลิงก์ของผู้ดำเนินการเป็นของเจ้าหน้าที่ที่ได้รับมอบหมาย")
    func hosting() {
        let matter = Self.matter(.ready)
        func answer(_ hand: Hand, _ matter: Matter) -> Refusal? {
            self.answer { () throws(Refusal) in try mayHost(matter, by: hand) }
        }
        #expect(answer(Hand(Samples.anan), matter) == nil)
        #expect(answer(Hand(Samples.malee), matter) == .notItsOfficer)
        #expect(answer(Hand(Samples.somsri), matter) == .notYourRole(.open))
        #expect(answer(Hand(Samples.anan), Self.matter(.toAssign)) == .notItsOfficer)
        #expect(answer(Hand(Samples.anan), Self.matter(.closed)) == .notNow(.open, stage: .closed))
        #expect(answer(Hand(Samples.anan), Self.matter(.ready, service: .broadcast)) == .noMeeting)
    }

    @Test(
        "ที่อยู่อีเมลที่ส่งได้",
        arguments: [
            ("a@example.ac.th", true), ("a.b+c@example.com", true), ("a@b", false), ("@example.com", false),
            ("a b@example.com", false), ("a@b@example.com", false), ("a@example.com\r\nBcc: x@example.com", false),
            ("ก@example.com", false), ("a@-.example", false), ("", false),
        ])
    func mails(_ text: String, _ isGood: Bool) { #expect(isMailAddress(text) == isGood) }

    // MARK: Forgetting

    @Test("ชื่อลบได้เมื่อจบเรื่อง ประชุมตามกฎหมายต้องพ้นกำหนดเก็บ", arguments: Stage.allCases)
    func forgetting(_ stage: Stage) {
        let matter = Self.matter(stage)
        let end = matter.letter.span.end
        func answer(_ hand: Hand, _ settings: MeetSettings = MeetSettings(), _ now: Moment = end) -> Refusal? {
            self.answer { () throws(Refusal) in
                try mayForgetMeeting(of: matter, settings: settings, by: hand, at: now)
            }
        }
        let usual: Refusal? = stage.isFinal ? nil : .notForgettable(stage: stage)
        #expect(answer(Samples.hand(.secretariat)) == usual)
        #expect(answer(.sanyan) == usual)
        #expect(answer(officer) == .notYourRole(.withdraw))
        guard stage.isFinal else { return }
        var legal = MeetSettings()
        legal.isLegal = true
        #expect(answer(.sanyan, legal, end + .days(90) - .seconds(1)) == .keptByLaw(until: end + .days(90)))
        #expect(answer(.sanyan, legal, end + .days(90)) == nil)
        legal.keepsDays = 365
        #expect(answer(.sanyan, legal, end + .days(90)) == .keptByLaw(until: end + .days(365)))
        #expect(forgettingDue(matter, settings: legal) == end + .days(365))
        #expect(forgettingDue(matter, settings: MeetSettings()) == nil)
    }

    @Test("ตู้แฟ้มกระดาษ: อนุมัติแล้วมีแผนประชุม ตั้งค่าได้ตามสิทธิ")
    func onPaper() throws {
        var archive = PaperArchive()
        let id = try archive.receive(Self.letter, at: Samples.now).id
        for stride in Samples.strides(to: .toPrepare, letter: Self.letter, received: Samples.now) {
            try archive.perform(stride.act, on: id, by: stride.hand, at: Samples.now + stride.after)
        }
        #expect(archive.meetPlans[id]?.settings == MeetSettings())
        var settings = MeetSettings()
        settings.isWebinar = true
        try archive.settle(settings, of: id, by: officer)
        #expect(archive.meetPlans[id]?.settings.isWebinar == true)
        #expect(archive.airPlans[id] == nil)
    }
}
