// SPDX-License-Identifier: Apache-2.0
// Rings many telephones at once, and reads a mailbox, for the tests that kill it and the benchmark that times it:
//
//     ringer seed FOLDER DOOR COUNT SPREAD_MS DELAY_MS    an office in which COUNT reminders fall due within SPREAD_MS
//     ringer run FOLDER                                   carries them, until it is killed
//     ringer fetch FOLDER AUTHORITIES                     fetches the office's mail once, trusting these authorities
//
// DOOR is the address of a server that speaks LINE's Messaging API, which knows each message by its retry key.
import Archive
import Desk
import Foundation
import Logging
import Messenger
import Post

let words = CommandLine.arguments.dropFirst()
switch (words.first, words.count) {
case ("seed", 6):
    let numbers = words.dropFirst(3).compactMap { Int($0) }
    guard numbers.count == 3 else { fallthrough }
    try await seed(words[2], door: words[3], count: numbers[0], spread: numbers[1], delay: numbers[2])
case ("run", 2): try await run(words[2])
case ("fetch", 3): try await fetch(words[2], authorities: words[3])
default:
    FileHandle.standardError.write(
        Data("usage: ringer seed FOLDER DOOR COUNT SPREAD_MS DELAY_MS | run FOLDER | fetch FOLDER AUTHORITIES\n".utf8))
    exit(64)
}

@Sendable func now() -> Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

/// Two hundred officers with LINE, ten occasions that begin in half an hour, and the reminders.
func seed(_ folder: String, door: String, count: Int, spread: Int, delay: Int) async throws {
    let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
    let settings = """
        {"token":"t0ken","secret":"s3cret","address":"\(door)","isReduced":true}
        """
    try await cabinet.save(.line, settings: settings, isOn: true, by: nil, at: now())
    var officers: [Person.ID] = []
    for number in 1...200 {
        let person = Person(id: .init(0), username: "officer\(number)", name: "เจ้าหน้าที่ \(number)", roles: [.officer])
        let id = try await cabinet.save(person, passwordHash: nil, by: nil, at: now()).id
        let user = "U" + String(repeating: "0", count: 29) + String(1000 + number).suffix(3)
        try await cabinet.setReach(of: id, by: .line, to: user, at: now())
        officers.append(id)
    }
    let first = now() + Length(milliseconds: Int64(delay))
    var matters: [Matter.ID] = []
    for number in 1...10 {
        let span = Span(start: first + .minutes(30), end: first + .hours(3))
        let letter = Letter(
            origin: .internal, unit: "คณะทดสอบ", title: "งานทดสอบที่ \(number)", service: .meeting, span: span,
            place: "ห้องทดสอบ", expectedAudience: 10)
        matters.append(
            try await cabinet.receive(
                letter, contact: Contact(name: "ผู้ทดสอบ", phone: "0000", mail: ""), documents: [], via: .web,
                keyingSeconds: nil, by: .requester, at: first - .days(20), once: nil
            ).id)
    }
    for number in 0..<count {
        let due = first + Length(milliseconds: Int64(number * spread / count))
        try await cabinet.issue(
            Errand(
                id: "ring/\(number)", matter: matters[number % matters.count], kind: .reminder,
                to: .person(officers[number % officers.count]), due: due, stale: first + .minutes(30)))
    }
    try cabinet.close()
}

/// The outbox and the postman as the house runs them.
func run(_ folder: String) async throws {
    let bells = Bells()
    let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: { bells.stir() })
    let logger = Logger(label: "ringer") { StreamLogHandler.standardError(label: $0) }
    let postman = Postman(
        cabinet: cabinet, carriers: [LineCarrier(cabinet: cabinet, courier: try PostOffice())], logger: logger,
        now: now)
    let outbox = Outbox(cabinet: cabinet, bell: Doorbell(), postman: postman, logger: logger, now: now)
    bells.serve(outbox)
    await withDiscardingTaskGroup { group in
        group.addTask { await outbox.run() }
        group.addTask { await postman.run() }
    }
}

/// One round of the mailbox as the house makes it.
func fetch(_ folder: String, authorities: String) async throws {
    let office = try PostOffice(authorities: authorities)
    let rounds = MailRounds(
        cabinet: try SQLiteCabinet.open(at: folder, errandsChanged: {}), shelf: try FileShelf(at: folder + "/shelf"),
        office: office, logger: Logger(label: "ringer") { StreamLogHandler.standardError(label: $0) }, now: now)
    let trouble = await rounds.fetch()
    office.close()
    if let trouble {
        FileHandle.standardError.write(Data("\(trouble)\n".utf8))
        exit(1)
    }
}
