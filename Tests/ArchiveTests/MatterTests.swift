// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Testing

/// Acts on matters: marks, stale pages, what comes with a letter, what a list finds.
@Suite struct MatterTests {
    @Test func `a form sent twice receives one letter`() async throws {
        let bureau = try await Bureau.inMemory()
        let first = try await bureau.receive(once: "mark-1")
        let again = try await bureau.receive(letter("อีกเรื่องหนึ่ง"), once: "mark-1")
        #expect(again == first)
        #expect(try await bureau.receive(once: "mark-2").id != first.id)
        #expect(try await bureau.cabinet.counts() == [.toRegister: 2])
    }

    @Test func `an act sent twice is done once`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.receive()
        let first = try await bureau.act(registration, matter.id, seen: 1, once: "mark")
        #expect(try await bureau.act(registration, matter.id, seen: 1, once: "mark") == first)
        await #expect(throws: Refusal.stalePage(stage: .toSubmit, by: bureau.secretary.id)) {
            try await bureau.act(registration, matter.id, seen: 1, once: "another mark")
        }
    }

    @Test func `a refused act uses no mark up`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.receive()
        await #expect(throws: Refusal.notNow(.submit, stage: .toRegister)) {
            try await bureau.act(.submit, matter.id, once: "mark")
        }
        try await bureau.act(registration, matter.id)
        #expect(try await bureau.act(.submit, matter.id, once: "mark").stage == .toDecide)
    }

    @Test func `a folder that grew meanwhile is told with who wrote in it`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .toDecide)
        try await bureau.act(.approve(note: "เห็นชอบ"), matter.id, seen: 3)
        await #expect(throws: Refusal.stalePage(stage: .toAssign, by: bureau.executive.id)) {
            try await bureau.act(.decline(.noRoom, note: "ห้องเต็ม"), matter.id, seen: 3)
        }
        await #expect(throws: Refusal.noSuchMatter) { try await bureau.act(.submit, Matter.ID(77)) }
    }

    @Test func `the role is checked by the desk whatever the page says`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .toDecide)
        await #expect(throws: Refusal.notYourRole(.approve)) {
            try await bureau.cabinet.perform(
                .approve(note: ""), on: matter.id, by: Hand(bureau.secretary), at: monday, seen: nil, contact: nil,
                lateReason: "", once: nil)
        }
    }

    @Test func `a contact's faults are told with the letter's`() async throws {
        let bureau = try await Bureau.inMemory()
        var wrong = letter()
        wrong.title = ""
        let nobody = Contact(name: "", phone: "", mail: "")
        await #expect(
            throws: Refusal.letterFaults([.missing(.title), .missing(.contactName), .unreachableContact])
        ) {
            try await bureau.cabinet.receive(
                wrong, contact: nobody, documents: [], via: .web, keyingSeconds: nil, by: .requester, at: monday,
                once: nil)
        }
        #expect(try await bureau.cabinet.counts() == [:])
    }

    @Test func `a completed letter brings its revision, its contact and its documents`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.receive()
        try await bureau.act(.returnForCompletion(missing: [.signature], note: "ยังไม่ลงนาม"), matter.id)
        let scan = try await bureau.cabinet.record(hash: "ab", name: "สแกน.pdf", kind: .pdf, bytes: 9, at: monday)
        let newer = letter("ขอความอนุเคราะห์ประชุมออนไลน์")
        let other = Contact(name: "นางสาวคนใหม่ ใจดี", phone: "ต่อ 1234", mail: "")
        let after = try await bureau.cabinet.perform(
            .complete(newer, documents: [scan.id]), on: matter.id, by: .requester, at: monday, seen: 2, contact: other,
            lateReason: "", once: nil)
        #expect(after.letter == newer)
        #expect(after.revision == 2)
        #expect(try await bureau.cabinet.contact(of: matter.id) == other)
        #expect(try await bureau.cabinet.documents(after.documents) == [scan])
        #expect(try await bureau.cabinet.matter(holding: scan.id) == matter.id)
        #expect(try await bureau.cabinet.matter(matter.id) == after)
    }

    @Test func `a document in one matter is not taken into another`() async throws {
        let bureau = try await Bureau.inMemory()
        let scan = try await bureau.cabinet.record(hash: "ab", name: "ลับ.pdf", kind: .pdf, bytes: 9, at: monday)
        func receive() async throws -> Matter {
            try await bureau.cabinet.receive(
                letter(), contact: contact, documents: [scan.id], via: .web, keyingSeconds: nil, by: .requester,
                at: monday, once: nil)
        }
        let first = try await receive()
        await #expect(throws: Mishap.self) { try await receive() }
        #expect(try await bureau.cabinet.matter(holding: scan.id) == first.id)
        #expect(try await bureau.cabinet.counts() == [.toRegister: 1])
    }

    @Test func `notes and late reasons come back with their entries`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .toDecide)
        let after = try await bureau.cabinet.perform(
            .approve(note: "อนุมัติตามเสนอ"), on: matter.id, by: Hand(bureau.executive), at: monday + .days(3), seen: 3,
            contact: nil, lateReason: " ติดราชการ ", once: nil)
        #expect(after.folder.last?.lateReason == "ติดราชการ")
        let read = try #require(try await bureau.cabinet.matter(matter.id))
        #expect(read == after)
        #expect(read.decision?.note == "อนุมัติตามเสนอ")
    }
}
