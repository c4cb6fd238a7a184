// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("หนังสือขอความอนุเคราะห์: สิ่งที่กรอกผิดถูกบอกตรงช่อง")
struct LetterTests {
    static let faulty: [(String, [LetterFault], @Sendable (inout Letter) -> Void)] = [
        ("ครบถ้วน", [], { _ in }),
        ("ไม่มีหน่วยงาน", [.missing(.unit)], { $0.unit = "  " }),
        ("ไม่มีเรื่อง", [.missing(.title)], { $0.title = "" }),
        ("ไม่มีสถานที่", [.missing(.place)], { $0.place = "\n" }),
        ("เรื่องยาวเกิน", [.tooLong(.title, limit: 300)], { $0.title = String(repeating: "ก", count: 301) }),
        ("ที่ ยาวเกิน", [.tooLong(.reference, limit: 100)], { $0.reference = String(repeating: "1", count: 101) }),
        ("หมายเหตุยาวเกิน", [.tooLong(.remarks, limit: 4000)], { $0.remarks = String(repeating: "ก", count: 4001) }),
        ("ไม่มีผู้เข้าร่วม", [.audienceOutOfRange], { $0.expectedAudience = 0 }),
        ("จบก่อนเริ่ม", [.endsBeforeStart], { $0.span.end = $0.span.start - .minutes(1) }),
        ("จบพร้อมเริ่ม", [.endsBeforeStart], { $0.span.end = $0.span.start }),
        ("นานเกินหนึ่งเดือน", [.tooLongAnOccasion], { $0.span.end = $0.span.start + .days(31) + .minutes(1) }),
        ("หนึ่งเดือนพอดี", [], { $0.span.end = $0.span.start + .days(31) }),
        ("ผ่านไปแล้ว", [.inThePast], { $0.span.start = Samples.now - .minutes(1) }),
        ("เริ่มเดี๋ยวนี้", [], { $0.span.start = Samples.now }),
        (
            "ไกลเกินสองปี", [.tooFarAhead],
            {
                $0.span = Span(start: Samples.now + .days(732), end: Samples.now + .days(733))
            }
        ),
        ("ลงวันที่พรุ่งนี้", [.datedInTheFuture], { $0.dated = Samples.day(2569, 11, 24) }),
        ("ไม่ลงวันที่", [], { $0.dated = nil }),
    ]

    @Test("แต่ละช่อง", arguments: faulty.indices)
    func faults(_ index: Int) {
        let (rule, expected, change) = Self.faulty[index]
        #expect(Samples.letter().with(change).faults(at: Samples.now) == expected, "\(rule)")
    }

    @Test("ผู้ประสานงานต้องติดต่อได้ ทางโทรศัพท์หรือจดหมายอิเล็กทรอนิกส์")
    func contacts() {
        #expect(Samples.contact.faults == [])
        #expect(Contact(name: "", phone: "ต่อ 1", mail: "").faults == [.missing(.contactName)])
        #expect(Contact(name: "ก", phone: " ", mail: "").faults == [.unreachableContact])
        for mail in ["a", "a@", "@b.th", "a@b", "a b@c.th", "a@b@c.th"] {
            #expect(Contact(name: "ก", phone: "", mail: mail).faults == [.malformedMail], "\(mail)")
        }
        #expect(Contact(name: "ก", phone: "", mail: "a@example.ac.th").faults == [])
    }

    @Test("ทุกข้อผิดพลาดมีช่องของตน")
    func everyFaultHasItsField() {
        let fields = Self.faulty.flatMap(\.1).map(\.field)
        #expect(Set(fields) == [.unit, .title, .place, .reference, .remarks, .audience, .start, .end, .dated])
        #expect(LetterFault.unreachableContact.field == .contactPhone)
        #expect(LetterFault.malformedMail.field == .contactMail)
        #expect(LetterFault.tooLong(.place, limit: 1).field == .place)
    }
}
