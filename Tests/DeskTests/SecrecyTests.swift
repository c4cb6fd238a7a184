// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

/// Who reads a letter that has a class of secrecy.
@Suite("ชั้นความลับ") struct SecrecyTests {
    private func matter(_ secrecy: Secrecy, assigned: Bool = true) throws -> Matter {
        var archive = PaperArchive()
        let how = Classification(origin: .internal, service: .meeting, secrecy: secrecy)
        var acts: [(Act, Role)] = [(.register(how, papers: Samples.allPapers), .secretariat)]
        if assigned {
            acts += [
                (.submit, .secretariat), (.approve(note: ""), .executive), (.assign(Samples.assignment), .secretariat),
                (.link("https://meet.example/j/1"), .officer),
            ]
        }
        var matter = try archive.receive(Samples.letter(), at: Samples.now, id: .init(1))
        for (act, role) in acts {
            matter = try archive.perform(act, on: matter.id, by: Samples.hand(role), at: Samples.now + .hours(1))
        }
        return matter
    }

    @Test("เปิดได้เฉพาะเลขานุการ ผู้บริหาร และเจ้าหน้าที่ที่ได้รับมอบหมาย", arguments: Secrecy.allCases)
    func reading(secrecy: Secrecy) throws {
        let (assigned, waiting) = (try matter(secrecy), try matter(secrecy, assigned: false))
        let isOpen = secrecy == .open
        for person in [Samples.somsri, Samples.wichai] {
            #expect(maySee(assigned, person: person) && maySee(waiting, person: person))
        }
        #expect(Samples.assignment.officers.contains(Samples.anan.id))
        #expect(maySee(assigned, person: Samples.anan))
        #expect(maySee(waiting, person: Samples.anan) == isOpen)
        for person in [Samples.malee, Samples.narong, Samples.prasert] {
            #expect(maySee(assigned, person: person) == isOpen, "\(person.username)")
        }
        var gone = Samples.somsri
        gone.isActive = false
        #expect(!maySee(assigned, person: gone))
    }

    @Test("ผู้ไม่มีสิทธิเห็นเพียงว่ามีการจอง วันเวลาเดิม ขั้นเดิม")
    func veiling() throws {
        let matter = try matter(.secret)
        let veiled = matter.veiled(title: "ลับ", blank: "–", keepsPlace: false)
        #expect(veiled.letter.title == "ลับ")
        #expect([veiled.letter.unit, veiled.letter.place] == ["–", "–"])
        #expect([veiled.letter.reference, veiled.letter.remarks, veiled.link ?? ""] == ["", "", ""])
        #expect(veiled.letters == [veiled.letter])
        #expect(veiled.letter.span == matter.letter.span)
        #expect(veiled.folder == matter.folder && veiled.stage == matter.stage && veiled.bookings == matter.bookings)
        #expect(matter.veiled(title: "ลับ", blank: "–", keepsPlace: true).letter.place == matter.letter.place)
    }
}
