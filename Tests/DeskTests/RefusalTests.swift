// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("คำปฏิเสธ: ทุกข้อเกิดขึ้นได้จริง และบอกเหตุตรงข้อ")
struct RefusalTests {
    /// A refusal and how somebody comes by it.
    struct Case: CustomTestStringConvertible, Sendable {
        var rule: String
        var expected: Refusal
        var stage: Stage
        var role: Role
        var act: @Sendable (Matter) -> Act
        var at: Moment = Samples.now + .hours(33)
        var testDescription: String { rule }
    }

    private static func assign(_ change: (inout Assignment) -> Void) -> Act {
        var assignment = Samples.assignment
        change(&assignment)
        return .assign(assignment)
    }

    private static let stranger = Person.ID(999)
    private static let nowhere = Room.ID(999)
    private static let long = String(repeating: "ก", count: noteLimit + 1)

    static let cases: [Case] = [
        Case(rule: "ผิดบทบาท", expected: .notYourRole(.approve), stage: .toDecide, role: .officer) { _ in
            .approve(note: "")
        },
        Case(rule: "ผิดขั้น", expected: .notNow(.approve, stage: .toSubmit), stage: .toSubmit, role: .executive) { _ in
            .approve(note: "")
        },
        Case(
            rule: "วันงานผ่านไปแล้ว", expected: .letterFaults([.inThePast]), stage: .letterAwaited, role: .requester,
            act: { .receive($0.letter, documents: [], via: .web, keyingSeconds: nil) }, at: Samples.now + .days(8)),
        Case(rule: "ไม่อนุมัติต้องมีเหตุผล", expected: .reasonMissing, stage: .toDecide, role: .executive) { _ in
            .decline(.other, note: " \n")
        },
        Case(
            rule: "ข้อความยาวเกิน", expected: .noteTooLong(limit: noteLimit), stage: .toDecide, role: .executive,
            act: { _ in .approve(note: long) }),
        Case(
            rule: "เอกสารไม่ครบ ลงรับไม่ได้", expected: .papersMissing([.signature]), stage: .toRegister, role: .secretariat
        ) {
            _ in .register(Samples.classification, papers: Samples.allPapers.subtracting([.signature]))
        },
        Case(rule: "คืนให้แก้ไขต้องบอกว่าขาดอะไร", expected: .nothingMissing, stage: .toRegister, role: .secretariat) { _ in
            .returnForCompletion(missing: [], note: "")
        },
        Case(rule: "มอบหมายโดยไม่มีเจ้าหน้าที่", expected: .noOfficer, stage: .toAssign, role: .secretariat) { _ in
            assign { $0.officers = [] }
        },
        Case(rule: "ชื่อซ้ำในคำสั่งมอบหมาย", expected: .noSuchPerson, stage: .toAssign, role: .secretariat) { _ in
            assign { $0.officers = [Samples.anan.id, Samples.anan.id] }
        },
        Case(rule: "ผู้ที่ไม่ใช่เจ้าหน้าที่", expected: .notAnOfficer(stranger), stage: .toAssign, role: .secretariat) { _ in
            assign { $0.officers = [stranger] }
        },
        Case(rule: "ห้องที่ไม่มี", expected: .noSuchRoom(nowhere), stage: .toAssign, role: .secretariat) { _ in
            assign { $0.rooms = [nowhere] }
        },
        Case(rule: "เวลาเตรียมเกินหนึ่งวัน", expected: .setUpOutOfRange, stage: .toAssign, role: .secretariat) { _ in
            assign { $0.setUpMinutes = 1441 }
        },
        Case(rule: "เวลาเก็บติดลบ", expected: .setUpOutOfRange, stage: .toAssign, role: .secretariat) { _ in
            assign { $0.tearDownMinutes = -1 }
        },
        Case(rule: "รายการตรวจที่ไม่มี", expected: .noSuchCheck, stage: .toPrepare, role: .officer) { _ in
            .tick("nothing", Evidence(), note: "")
        },
        Case(rule: "ยกเลิกรายการที่ยังไม่ได้ตรวจ", expected: .noSuchCheck, stage: .toPrepare, role: .officer) { _ in
            .untick("sound")
        },
        Case(rule: "ต้องมีหลักฐาน", expected: .evidenceMissing, stage: .toPrepare, role: .officer) { _ in
            .tick("sound", Evidence(value: " "), note: " ")
        },
        Case(rule: "ค่าที่วัดยาวเกิน", expected: .noteTooLong(limit: 200), stage: .toPrepare, role: .officer) { _ in
            .tick("sound", Evidence(value: String(repeating: "9", count: 201)), note: "")
        },
        Case(rule: "ปริมาณข้อมูลเป็นศูนย์", expected: .trafficOutOfRange, stage: .toPrepare, role: .officer) { _ in
            .notifyNetwork(NetworkNotice(megabitsPerSecond: 0), note: "")
        },
        Case(rule: "รับทราบก่อนได้รับแจ้ง", expected: .notNotified, stage: .toPrepare, role: .network) { _ in
            .acknowledgeNetwork
        },
        Case(rule: "รับทราบสองครั้ง", expected: .alreadyAcknowledged, stage: .ready, role: .network) { _ in
            .acknowledgeNetwork
        },
        Case(rule: "ลิงก์ที่ไม่ใช่ https", expected: .badLink, stage: .toPrepare, role: .officer) { _ in
            .link("http://meet.example.ac.th/1")
        },
        Case(rule: "พร้อมอยู่แล้ว", expected: .alreadyReady, stage: .ready, role: .officer) { _ in .override(reason: "รีบ")
        },
        Case(rule: "เหตุการณ์ต้องมีคำอธิบาย", expected: .reasonMissing, stage: .inService, role: .officer) { _ in
            .logIncident(.minor, note: "")
        },
        Case(rule: "จำนวนผู้ชมติดลบ", expected: .audienceOutOfRange, stage: .inService, role: .officer) { _ in
            .end(Summary(audience: -1), note: "")
        },
        Case(rule: "คะแนนนอกช่วง 1–5", expected: .scoreOutOfRange, stage: .toEvaluate, role: .requester) { _ in
            .evaluate(Evaluation(overall: 6, signal: 5, staff: 5), note: "")
        },
        Case(
            rule: "ยังไม่พ้นเวลาประเมิน", expected: .notYetLapsed, stage: .toEvaluate, role: .sanyan, act: { _ in .lapse },
            at: Samples.matter(at: .toEvaluate).letter.span.end + .days(7) - .minutes(1)),
        Case(rule: "ตัวเลขการถ่ายทอดที่เป็นไปไม่ได้", expected: .figuresOutOfRange, stage: .inService, role: .sanyan) { _ in
            .air(airing(until: Samples.now, peak: -1))
        },
        Case(rule: "แก้ไขโดยไม่มีอะไรเปลี่ยน", expected: .nothingChanged, stage: .toDecide, role: .secretariat) {
            .amend($0.letter, reason: "แก้")
        },
        Case(rule: "แก้ไขต้องมีเหตุผล", expected: .reasonMissing, stage: .toDecide, role: .secretariat) {
            .amend($0.letter.with(remarks: "ใหม่"), reason: "")
        },
        Case(rule: "ถอนเรื่องต้องมีเหตุผล", expected: .reasonMissing, stage: .toDecide, role: .requester) { _ in
            .withdraw(reason: "")
        },
        Case(rule: "ยกเลิกเลขรับต้องมีเหตุผล", expected: .reasonMissing, stage: .toDecide, role: .secretariat) { _ in
            .void(reason: "")
        },
    ]

    @Test("แต่ละข้อ", arguments: cases)
    func isRefused(_ item: Case) {
        let matter = Samples.matter(at: item.stage)
        let hand = Samples.hand(item.role)
        #expect(refusal(decideSample(item.act(matter), in: matter, by: hand, at: item.at)) == item.expected)
    }

    @Test("ตรวจรายการเดียวกันสองครั้ง")
    func tickedTwice() throws {
        let matter = ground(.toPrepare, for: .untick)
        #expect(
            refusal(decideSample(.tick("computer", Evidence(), note: ""), in: matter, by: Samples.hand(.officer)))
                == .alreadyTicked)
    }

    @Test("เรื่องที่ไม่มี หน้าที่ล้าสมัย และการจองซ้อน")
    func outsideTheDecision() throws {
        var archive = PaperArchive()
        let letter = Samples.letter()
        let officer = Samples.hand(.secretariat)
        #expect(throws: Refusal.noSuchMatter) {
            try archive.perform(.submit, on: Matter.ID(7), by: officer, at: Samples.now)
        }
        for id in [Matter.ID(1), Matter.ID(2)] {
            try archive.receive(letter, at: Samples.now, id: id)
            for stride in Samples.strides(to: .toAssign, letter: letter, received: Samples.now) {
                try archive.perform(stride.act, on: id, by: stride.hand, at: Samples.now + stride.after)
            }
        }
        #expect(throws: Refusal.stalePage(stage: .toAssign, by: Samples.wichai.id)) {
            try archive.perform(.assign(Samples.assignment), on: Matter.ID(1), by: officer, at: Samples.now, seen: 3)
        }
        let first = try archive.perform(
            .assign(Samples.assignment), on: Matter.ID(1), by: officer, at: Samples.now, seen: 4)
        var second = Samples.assignment
        second.officers = [Samples.malee.id]
        #expect(throws: Refusal.doubleBooked(first.bookings.filter { $0.resource == .room(Samples.rooms[0].id) })) {
            try archive.perform(.assign(second), on: Matter.ID(2), by: officer, at: Samples.now)
        }
    }

    @Test("แฟ้มเต็มแล้วเพิ่มไม่ได้ แต่ยังจบงานได้")
    func folderFull() throws {
        var matter = Samples.matter(at: .inService)
        let entry = try #require(matter.folder.last)
        while matter.folder.count < folderLimit - 100 {
            matter.append([
                Entry(
                    number: matter.folder.count + 1, fact: .incidentLogged(.minor), role: .officer,
                    person: Samples.anan.id, at: entry.at, stage: .inService, note: "ซ้ำ")
            ])
        }
        let officer = Samples.hand(.officer)
        #expect(refusal(decideSample(.logIncident(.minor, note: "อีกครั้ง"), in: matter, by: officer)) == .folderFull)
        #expect(refusal(decideSample(.end(Summary(), note: ""), in: matter, by: officer)) == nil)
    }

    @Test("ลบข้อมูลผู้ประสานงานได้เมื่อเรื่องสิ้นสุดแล้ว โดยเลขานุการหรือผู้ดูแลระบบเท่านั้น", arguments: Stage.allCases)
    func forgetting(stage: Stage) {
        func answer(_ role: Role) -> Refusal? {
            do throws(Refusal) {
                try mayForgetContact(of: Samples.matter(at: stage), by: Samples.hand(role))
                return nil
            } catch { return error }
        }
        #expect(answer(.secretariat) == (stage.isFinal ? nil : .notForgettable(stage: stage)))
        #expect(answer(.administrator) == answer(.secretariat))
        #expect(answer(.officer) == .notYourRole(.withdraw))
    }

    @Test("แก้ไขผู้ประสานงานได้ขณะเรื่องยังไม่สิ้นสุด โดยเลขานุการเท่านั้น และต้องติดต่อได้", arguments: Stage.allCases)
    func correcting(stage: Stage) {
        let (old, new) = (Samples.contact, Contact(name: "นายชื่นใจ รับสายไว", phone: "ต่อ 9999", mail: ""))
        func answer(_ role: Role, _ contact: Contact) -> Refusal? {
            do throws(Refusal) {
                try mayCorrectContact(
                    of: Samples.matter(at: stage), from: old, to: contact, by: Samples.hand(role))
                return nil
            } catch { return error }
        }
        let ended = Refusal.notNow(.amend, stage: stage)
        #expect(answer(.secretariat, new) == (stage.isFinal ? ended : nil))
        #expect(answer(.secretariat, old) == (stage.isFinal ? ended : .nothingChanged))
        #expect(answer(.secretariat, .forgotten) == (stage.isFinal ? ended : .letterFaults(Contact.forgotten.faults)))
        for role in [Role.executive, .officer, .network, .administrator] {
            #expect(answer(role, new) == .notYourRole(.amend))
        }
    }

    @Test("การตั้งค่าเป็นของผู้ดูแลระบบ รหัสผ่านของตนเปลี่ยนเองได้ และสำนักงานไม่ขาดผู้ดูแลระบบ")
    func administering() {
        func answer(_ old: Person?, _ new: Person, by person: Person?, among others: [Person]) -> Refusal? {
            do throws(Refusal) {
                try mayChange(old, to: new, by: person, among: others)
                return nil
            } catch { return error }
        }
        let (administrator, officer) = (Samples.prasert, Samples.anan)
        var renamed = officer
        renamed.name = "นายอนันต์ ชื่อใหม่"
        var demoted = administrator
        demoted.roles = [.officer]
        var gone = administrator
        gone.isActive = false
        #expect(answer(officer, renamed, by: administrator, among: [administrator]) == nil)
        #expect(answer(officer, renamed, by: officer, among: [administrator]) == .administratorsOnly)
        #expect(answer(nil, renamed, by: gone, among: [administrator]) == .administratorsOnly)
        #expect(answer(officer, officer, by: officer, among: []) == nil, "one's own password")
        #expect(answer(officer, officer, by: Samples.malee, among: []) == .administratorsOnly)
        #expect(answer(nil, administrator, by: nil, among: []) == nil, "the program makes the first one")
        for change in [demoted, gone] {
            #expect(answer(administrator, change, by: administrator, among: [officer, gone]) == .lastAdministrator)
            #expect(answer(administrator, change, by: administrator, among: [Samples.somchai]) == nil)
        }
        #expect(throws: Refusal.administratorsOnly) { try mayAdminister(by: Samples.somsri) }
        #expect(throws: Never.self) { try mayAdminister(by: Samples.somchai) }
    }

    @Test("ครบทุกข้อที่ประกาศไว้")
    func everyCodeIsReached() {
        let elsewhere: Set<String> = [
            "no_such_matter", "stale_page", "double_booked", "already_ticked", "folder_full",
            "not_forgettable", "administrators_only", "last_administrator",
            // AirTests
            "already_aired", "no_broadcast", "air_faults", "not_its_officer",
            // MeetTests
            "already_met", "no_meeting", "meet_faults", "invitee_faults", "kept_by_law",
            // The archive's
            "no_such_invitee",
        ]
        #expect(Set(Self.cases.map(\.expected.code)).union(elsewhere) == Set(Refusal.codes))
        #expect(Set(Refusal.codes).count == Refusal.codes.count)
    }

    @Test(
        "ลิงก์ที่แสดงได้: https มีชื่อเครื่อง ไม่มีช่องว่างหรือเครื่องหมายคำพูด",
        arguments: [
            ("https://zoom.example/j/1?pwd=x", true), ("HTTPS://meet.example/a", true), ("https://", false),
            ("http://meet.example", false), ("javascript:alert(1)", false), ("https://a b.example", false),
            ("https://user@meet.example", false), ("https://x.example/\"><script>", false),
            (" https://ok.example ", true),
            ("https://ok.example/'", false), ("https:///path", false), ("", false), ("ftp://x.example", false),
            ("https://x.example/\u{7F}", false), ("https://x.example/ก", true),
            ("https://x.example/" + String(repeating: "a", count: 2000), false),
        ])
    func safeLinks(_ address: String, _ isSafe: Bool) {
        #expect(isSafeLink(address) == isSafe)
    }
}
