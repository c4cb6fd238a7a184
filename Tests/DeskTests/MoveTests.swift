// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("การเดินเรื่อง: ใครทำอะไรได้ จากขั้นใด ไปขั้นใด")
struct MoveTests {
    /// One permitted step of the table of moves.
    struct Case: CustomTestStringConvertible, Sendable {
        var move: Move
        var from: Stage
        var role: Role
        var testDescription: String { "\(role) \(move.act) · \(from)" }
    }

    static let permitted = moves.flatMap { move in
        move.from.flatMap { from in
            move.roles.sorted { $0.rawValue < $1.rawValue }.map { Case(move: move, from: from, role: $0) }
        }
    }

    @Test("ทุกแถวของตารางการเดินเรื่องทำได้จริง และไปถึงขั้นที่ตารางบอก", arguments: permitted)
    func everyMoveLeads(_ item: Case) throws {
        let matter = ground(item.from, for: item.move.act)
        let now = item.move.act == .lapse ? Samples.now + .days(20) : Samples.now + .hours(33)
        let entries = try decideSample(
            act(item.move.act, for: matter, at: now), in: matter, by: Samples.hand(item.role), at: now
        ).get()
        let entry = try #require(entries.first)
        #expect(entries.count == 1)
        #expect([item.move.to, item.move.or].contains(entry.stage))
        #expect(entry.number == matter.folder.count + 1)
        #expect(entry.role == item.role)
        #expect(entry.at == now)
    }

    @Test("สิ่งที่ไม่อยู่ในตารางทำไม่ได้: ผิดบทบาทหรือผิดขั้น", arguments: Stage.allCases)
    func nothingElseIsPermitted(_ stage: Stage) {
        for name in Act.Name.allCases {
            for role in Role.allCases {
                let matter = ground(stage, for: name)
                let mayEver = moves.contains { $0.act == name && $0.roles.contains(role) }
                let mayNow = moves.contains { $0.act == name && $0.roles.contains(role) && $0.from.contains(stage) }
                guard !mayNow else { continue }
                let answer = refusal(
                    decideSample(act(name, for: matter, at: Samples.now), in: matter, by: Samples.hand(role)))
                let expected: Refusal =
                    if !mayEver {
                        .notYourRole(name)
                    } else if name == .override, stage == .ready {
                        .alreadyReady
                    } else {
                        .notNow(name, stage: stage)
                    }
                #expect(answer == expected, "\(role) \(name) at \(stage)")
            }
        }
    }

    @Test("ผู้ดูแลระบบเพียงบทบาทเดียว เดินเรื่องไม่ได้เลย", arguments: Act.Name.allCases)
    func administratorsMoveNothing(_ name: Act.Name) {
        let matter = Samples.matter(at: .toDecide)
        #expect(
            refusal(decideSample(act(name, for: matter, at: Samples.now), in: matter, by: Hand(Samples.prasert)))
                == .notYourRole(name))
    }

    @Test("บัญชีที่ปิดแล้วไม่มีมือ แม้เคยมีบทบาท")
    func inactivePeopleHaveNoHands() {
        var gone = Samples.wichai
        gone.isActive = false
        let matter = Samples.matter(at: .toDecide)
        #expect(refusal(decideSample(.approve(note: ""), in: matter, by: Hand(gone))) == .notYourRole(.approve))
    }

    @Test("ไม่มีใครสวมบทผู้ขอใช้บริการหรือบทของโปรแกรมด้วยบัญชีของตน")
    func accountsCannotHoldTheLinkOrTheClock() {
        let forged = Hand.person(Samples.anan.id, [.requester, .sanyan])
        let matter = Samples.matter(at: .toEvaluate)
        let answers = Evaluation(overall: 5, signal: 5, staff: 5)
        #expect(refusal(decideSample(.evaluate(answers, note: ""), in: matter, by: forged)) == .notYourRole(.evaluate))
        #expect(refusal(decideSample(.lapse, in: matter, by: forged)) == .notYourRole(.lapse))
    }

    @Test("ผู้มีหลายบทบาททำได้ทุกบทของตน และแฟ้มบันทึกบทที่ใช้")
    func severalRoles() throws {
        let matter = Samples.matter(at: .toRegister)
        let entry = try decideSample(
            .register(Samples.classification, papers: Samples.allPapers), in: matter, by: Hand(Samples.somchai)
        ).get().first
        #expect(entry?.role == .secretariat)
        #expect(entry?.person == Samples.somchai.id)
    }

    @Test("ตรวจรายการสุดท้ายเมื่อแจ้งงานเครือข่ายแล้ว เรื่องจึงพร้อม")
    func readyWhenAllIsTickedAndTheNetworkIsTold() throws {
        var archive = PaperArchive()
        let letter = Samples.letter()
        let id = try archive.receive(letter, at: Samples.now).id
        for stride in Samples.strides(to: .toPrepare, letter: letter, received: Samples.now) {
            try archive.perform(stride.act, on: id, by: stride.hand, at: Samples.now + stride.after)
        }
        let then = Samples.now + .hours(30)
        let officer = Samples.hand(.officer)
        for check in Samples.office.meetingChecklist {
            let matter = try archive.perform(
                .tick(check.id, Evidence(value: "ปกติ"), note: ""), on: id, by: officer, at: then)
            #expect(matter.stage == .toPrepare)
        }
        let told = try archive.perform(
            .notifyNetwork(NetworkNotice(megabitsPerSecond: 20), note: ""), on: id, by: officer, at: then)
        #expect(told.stage == .ready)
        let loosened = try archive.perform(.untick("sound"), on: id, by: officer, at: then)
        #expect(loosened.stage == .toPrepare)
        #expect(loosened.openChecks.map(\.id) == ["sound"])
        let again = try archive.perform(
            .tick("sound", Evidence(value: "-16 LUFS"), note: ""), on: id, by: officer, at: then)
        #expect(again.stage == .ready)
    }

    @Test("เปลี่ยนเจ้าหน้าที่ในห้องเดิมที่ทดสอบแล้ว เรื่องยังพร้อม เปลี่ยนห้องต้องเตรียมใหม่")
    func reassignment() throws {
        let ready = Samples.matter(at: .ready)
        var other = Samples.assignment
        other.officers = [Samples.malee.id]
        let same = try decideSample(.assign(other), in: ready, by: Samples.hand(.secretariat)).get()
        #expect(same.last?.stage == .ready)
        other.rooms = [Samples.rooms[1].id]
        let moved = try decideSample(.assign(other), in: ready, by: Samples.hand(.secretariat)).get()
        #expect(moved.last?.stage == .toPrepare)
        var after = ready
        after.append(moved)
        #expect(after.ticks.isEmpty)
    }

    @Test("ประกาศพร้อมทั้งที่ยังขาด ต้องมีเหตุผล และแฟ้มบอกไว้")
    func overriding() throws {
        var matter = Samples.matter(at: .toPrepare)
        let officer = Samples.hand(.officer)
        #expect(refusal(decideSample(.override(reason: "  "), in: matter, by: officer)) == .reasonMissing)
        matter.append(try decideSample(.override(reason: "ใช้กล้องตัวเดียว"), in: matter, by: officer).get())
        #expect(matter.stage == .ready)
        #expect(matter.isOverridden)
        #expect(matter.folder.last?.note == "ใช้กล้องตัวเดียว")
    }
}
