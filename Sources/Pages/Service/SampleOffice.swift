// SPDX-License-Identifier: Apache-2.0

import Desk

/// The invented office of the sample pages of the service desk.
enum SampleOffice {
    static let office = Office(
        thaiName: "งานบริการเทคโนโลยีดิจิทัล สำนักคอมพิวเตอร์", englishName: "Digital technology services, Computer Centre",
        organisation: "มหาวิทยาลัยตัวอย่าง", memoHead: "สำนักคอมพิวเตอร์", outgoingPrefix: "อว 0000",
        address: "http://127.0.0.1:8080", opens: .eightThirty, closes: .halfPastFour)
    static let reckoner = Reckoner(
        office: office,
        calendar: WorkingCalendar(opens: office.opens, closes: office.closes, holidays: ThaiHolidays.table))
    static let people = [
        Person(id: .init(1), username: "anan", name: "นายอนันต์ เสียงใส", roles: [.officer], phone: "ต่อ 1201"),
        Person(id: .init(2), username: "kanya", name: "นางสาวกัญญา กล้องนิ่ง", roles: [.officer], phone: "0-0000-0000"),
        Person(id: .init(3), username: "narong", name: "นายณรงค์ เน็ตลื่น", roles: [.network], phone: "0-0000-0001"),
    ]
    static let names = Names(
        people: people,
        rooms: [
            Room(id: .init(1), name: "ห้องประชุมราชพฤกษ์", building: "อาคารสำนักคอมพิวเตอร์ ชั้น 3", seats: 40),
            Room(id: .init(2), name: "หอประชุมใหญ่", building: "อาคารเฉลิมการเรียนรู้", seats: 1200, megabitsPerSecond: 60),
        ])
    /// Monday 23 November 2569, 09:00.
    static let monday = Day(number: 20_780).at(.eightThirty) + .minutes(30)
}

extension Matter {
    /// One more entry in a sample's folder, by its first officer unless the program wrote it.
    mutating func then(_ fact: Fact, _ stage: Stage, _ role: Role, at moment: Moment, _ note: String = "") {
        append([
            Entry(
                number: folder.count + 1, fact: fact, role: role, person: role == .sanyan ? nil : .init(1), at: moment,
                stage: stage, note: note)
        ])
    }

    /// Everything but one check is done, and the network section knows: seen days later, the last one is late.
    mutating func thenNearlyReady(but check: Check.ID) {
        let facts = checklist.filter { $0.id != check }.map { Fact.ticked($0.id, Evidence(value: "ปกติ")) }
        for fact in facts + [.networkNotified(NetworkNotice(megabitsPerSecond: 40))] {
            then(fact, .toPrepare, .officer, at: SampleOffice.monday + .hours(40))
        }
    }
}

/// A matter that real acts have brought somewhere, with the moment at which it is looked at.
struct SampleOccasion {
    let matter: Matter
    let now: Moment

    static let notAssigned = walk(to: 4, seenAfter: .hours(27))
    static let inPreparation = walk(to: 8, seenAfter: .hours(40))
    /// Seen after the last working day's end.
    static let lastCheckLate = walk(to: 12, but: ["uplink"], seenAfter: .days(7) - .hours(1))
    /// Everything is checked, and too late nobody has told the network section.
    static let notTold = walk(to: 11, seenAfter: .days(7) - .hours(1))
    static let ready = walk(to: 14, seenAfter: .hours(40))
    static let inService = walk(to: 17, seenAfter: .days(7) + .minutes(72))
    static let ended = walk(to: 18, seenAfter: .days(7) + .hours(4))

    /// Another occasion on another day, for boards with more than one line.
    static func ready(_ id: Int64, days: Int, room: Int64, title: String) -> Matter {
        walk(to: 13, id: id, days: days, room: room, title: title, seenAfter: .hours(40)).matter
    }

    private static func walk(
        to count: Int, but skipped: Set<Check.ID> = [], id: Int64 = 12, days: Int = 7, room: Int64 = 1,
        title: String = "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู ประจำปีการศึกษา 2569", seenAfter length: Length
    ) -> SampleOccasion {
        let monday = SampleOffice.monday
        let start = monday + .days(days)
        let letter = Letter(
            origin: .internal, unit: "คณะตัวอย่างศาสตร์", title: title, service: .meeting,
            span: Span(start: start, end: start + .hours(3)), place: "ห้องประชุมราชพฤกษ์", expectedAudience: 45)
        let assignment = Assignment(
            officers: [.init(1), .init(2)], rooms: [.init(room)], setUpMinutes: 60, tearDownMinutes: 30)
        var matter = Matter(id: Matter.ID(id), letter: letter)
        let circumstances = Circumstances(
            office: SampleOffice.office, calendar: SampleOffice.reckoner.calendar,
            nextIncoming: RegisterNumber(number: Int(id) + 100, buddhistYear: 2569),
            nextOutgoing: RegisterNumber(number: 1, buddhistYear: 2569), officers: [.init(1), .init(2)],
            rooms: [.init(1), .init(2)])
        let acts = strides(letter, assignment, start: start)
        for (act, hand, at) in acts.prefix(count) {
            if case .tick(let check, _, _) = act, skipped.contains(check) { continue }
            // A sample that the rules refuse stays where it is, and its golden page shows it.
            if let entries = try? decide(act, in: matter, by: hand, at: at, given: circumstances) {
                matter.append(entries)
            }
        }
        return SampleOccasion(matter: matter, now: monday + length)
    }

    private static func strides(_ letter: Letter, _ assignment: Assignment, start: Moment) -> [(Act, Hand, Moment)] {
        let monday = SampleOffice.monday
        let office = Hand.person(.init(9), [.secretariat, .executive])
        let officer = Hand.person(.init(1), [.officer])
        let network = Hand.person(.init(3), [.network])
        let ticks: [(Act, Hand, Moment)] = SampleOffice.office.checklist(for: .meeting).enumerated().map {
            index, check in
            let evidence = Evidence(
                value: check.id == "sound" ? "-16 LUFS" : check.id == "uplink" ? "94 Mbit/s" : "",
                photo: check.id == "sound" ? .init(7) : nil)
            let note = check.id == "camera" ? "กล้อง 2 เปลี่ยนขาตั้งแล้ว" : ""
            return (.tick(check.id, evidence, note: note), officer, monday + .hours(30) + .minutes(index * 7))
        }
        return [
            (.receive(letter, documents: [], via: .web, keyingSeconds: nil), .requester, monday),
            (
                .register(
                    Classification(origin: .internal, service: .meeting), papers: Set(PaperCheck.allCases)), office,
                monday + .minutes(4)
            ),
            (.submit, office, monday + .hours(2)),
            (.approve(note: ""), office, monday + .hours(26)),
            (.assign(assignment), office, monday + .hours(27)),
        ] + ticks + [
            (
                .notifyNetwork(NetworkNotice(megabitsPerSecond: 40), note: "ผู้ชมจากต่างวิทยาเขตประมาณ 300 คน"), officer,
                monday + .hours(31)
            ),
            (.link("https://zoom.us/j/12345678900"), officer, monday + .hours(32)),
            (.acknowledgeNetwork, network, monday + .hours(33)),
            (.open, officer, start - .minutes(4)),
            (.logIncident(.disturbed, note: "ภาพค้าง 20 วินาที สลับสายสัญญาณแล้วปกติ"), officer, start + .minutes(40)),
            (.logIncident(.minor, note: "ไมโครโฟนสำรองแบตเตอรี่อ่อน เปลี่ยนแล้ว"), officer, start + .minutes(55)),
            (.end(Summary(audience: 52), note: "เรียบร้อยดี"), officer, start + .hours(3)),
        ]
    }
}
