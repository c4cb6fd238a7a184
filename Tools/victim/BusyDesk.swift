// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk

/// A desk at which several hands work at once.
struct BusyDesk: Sendable {
    let cabinet: SQLiteCabinet
    let shelf: FileShelf
    let secretary: Person
    let executive: Person
    let officer: Person
    let room: Room

    /// Opens the archive and fills in whoever is missing: the last run may have been killed while it did so.
    init(at folder: String) async throws {
        let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
        let people = try await cabinet.people()
        func person(_ username: String, _ role: Role) async throws -> Person {
            if let person = people.first(where: { $0.username == username }) { return person }
            let person = Person(id: Person.ID(0), username: username, name: username, roles: [role])
            return try await cabinet.save(person, passwordHash: nil, by: nil, at: now())
        }
        secretary = try await person("mali", .secretariat)
        executive = try await person("singha", .executive)
        officer = try await person("klong", .officer)
        let there = try await cabinet.rooms().first
        let room = Room(id: Room.ID(0), name: "ห้องทดสอบ", building: "อาคารทดสอบ", seats: 10)
        if let there { self.room = there } else { self.room = try await cabinet.save(room, by: nil, at: now()) }
        self.cabinet = cabinet
        shelf = try FileShelf(at: folder)
    }

    func work() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { while true { try await oneMatter() } } }
            group.addTask { while true { try await carry() } }
            try await group.waitForAll()
        }
    }

    /// A letter with a file, from its arrival to the assignment, and sometimes its withdrawal.
    private func oneMatter() async throws {
        let arrival = now()
        let upload = try await shelf.begin()
        try await upload.write(Array("%PDF-1.7\n\(arrival.milliseconds) \(UInt64.random(in: 0...UInt64.max))".utf8))
        let (hash, kind, bytes) = try await upload.finish()
        say("kept \(hash)")
        let document = try await cabinet.record(hash: hash, name: "letter.pdf", kind: kind, bytes: bytes, at: arrival)
        // Every occasion has a time of its own within two years, so that the one room is free.
        let start = arrival + .days(10) + .minutes(Int.random(in: 0..<900_000))
        let letter = Letter(
            origin: .internal, unit: "คณะทดสอบ", title: "งานทดสอบ", service: .meeting,
            span: Span(start: start, end: start + .minutes(1)), place: "ห้องทดสอบ", expectedAudience: 10)
        let contact = Contact(name: "ผู้ทดสอบ", phone: "0000", mail: "")
        let matter = try await cabinet.receive(
            letter, contact: contact, documents: [document.id], via: .web, keyingSeconds: nil, by: .requester,
            at: arrival, once: hash)
        say("entry \(matter.id) 1")
        let papers = Set(PaperCheck.allCases)
        try await act(
            .register(Classification(origin: .internal, service: .meeting), papers: papers), matter.id, secretary)
        try await act(.submit, matter.id, secretary)
        try await act(.approve(note: "เห็นชอบ"), matter.id, executive)
        let both = Assignment(officers: [officer.id], rooms: [room.id], setUpMinutes: 0, tearDownMinutes: 0)
        try await act(.assign(both), matter.id, secretary)
        if Bool.random() { try await act(.withdraw(reason: "เลื่อนไม่มีกำหนด"), matter.id, secretary) }
    }

    private func act(_ act: Act, _ id: Matter.ID, _ person: Person) async throws {
        do {
            let matter = try await cabinet.perform(
                act, on: id, by: Hand(person), at: now(), seen: nil, contact: nil, lateReason: "", once: nil)
            say("entry \(id) \(matter.folder.count)")
        } catch is Refusal {
            // Two occasions drew the same minute; what is refused is not acknowledged.
        }
    }

    /// Carries what is due, the reminders of two years included, each to one person.
    private func carry() async throws {
        for errand in try await cabinet.dueErrands(at: now() + .days(800), limit: 10) {
            let notices = try await cabinet.deliver(
                [Handing(errand.id, to: [officer.id], isLate: false)], at: now())
            if !notices.isEmpty { say("carried \(errand.id)") }
        }
    }
}
