// SPDX-License-Identifier: Apache-2.0

import Desk

/// Invented matters for the storybook: folders as the desk would have written them.
enum SampleMatters {
    static let office = Office.unnamed
    static let calendar = WorkingCalendar(opens: office.opens, closes: office.closes, holidays: ThaiHolidays.table)
    static let reckoner = Reckoner(office: office, calendar: calendar)
    static let day = Day(year: 2026, month: 11, day: 23) ?? Day(number: 20_780)
    static let now = day.start + .hours(10)

    static let people = [
        Person(id: .init(1), username: "somsri", name: "นางสมศรี ใจเย็น", roles: [.secretariat]),
        Person(id: .init(3), username: "wichai", name: "ผู้ช่วยศาสตราจารย์วิชัย ฟังก่อน", roles: [.executive]),
        Person(id: .init(5), username: "anan", name: "นายอนันต์ เสียงใส", roles: [.officer]),
        Person(id: .init(6), username: "kanya", name: "นางสาวกัญญา กล้องนิ่ง", roles: [.officer]),
    ]
    static let rooms = [
        Room(id: .init(1), name: "ห้องประชุมราชพฤกษ์", building: "อาคารสำนักคอมพิวเตอร์ ชั้น 3", seats: 40),
        Room(id: .init(3), name: "หอประชุมใหญ่", building: "อาคารเฉลิมการเรียนรู้", seats: 1200),
    ]
    static let names = Names(people: people, rooms: rooms)

    static func letter(_ title: String = "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู", inDays days: Int = 3) -> Letter {
        let start = day.adding(days: days).start + .hours(9)
        return Letter(
            origin: .internal, unit: "คณะวิทยาศาสตร์", reference: "อว 0000.4/123", dated: day.adding(days: -1),
            title: title,
            service: .both, span: Span(start: start, end: start + .hours(3)), place: "หอประชุมใหญ่",
            expectedAudience: 300,
            remarks: "ขอไมโครโฟนไร้สาย 2 ตัว", wantsRecording: true)
    }

    static let assignment = Assignment(
        officers: [.init(5), .init(6)], rooms: [.init(3)], setUpMinutes: 60, tearDownMinutes: 30)

    /// Facts in order, each with the role, the person, the hours before `now`, the stage it led to and its note.
    private typealias Line = (fact: Fact, role: Role, person: Int64?, hoursAgo: Int, stage: Stage, note: String)

    private static let start: [Line] = [
        (
            .received(revision: 1, documents: [.init(1)], via: .web, keyingSeconds: nil), .requester, nil, 30,
            .toRegister, ""
        ),
        (
            .registered(
                RegisterNumber(number: 128, buddhistYear: 2569),
                Classification(origin: .internal, service: .both, urgency: .veryUrgent, secrecy: .confidential),
                papers: Set(PaperCheck.allCases)), .secretariat, 1, 29, .toSubmit, ""
        ),
        (.submitted, .secretariat, 1, 20, .toDecide, ""),
    ]

    private static let rest: [Line] = [
        (.approved, .executive, 3, 15, .toAssign, "ดูแลให้เรียบร้อย"),
        (.assigned(assignment, checklist: Office.publishedMeetingChecklist), .secretariat, 1, 14, .toPrepare, ""),
        (.ticked("camera", Evidence()), .officer, 5, 12, .toPrepare, ""),
        (.networkNotified(NetworkNotice(megabitsPerSecond: 20)), .officer, 5, 11, .toPrepare, ""),
        (.networkAcknowledged, .network, nil, 10, .toPrepare, ""),
        (.linked("https://meet.example.ac.th/room/1"), .officer, 5, 9, .toPrepare, ""),
        (.amended(revision: 2, approvalStands: true), .secretariat, 1, 8, .toPrepare, "ผู้เข้าร่วมเพิ่มขึ้น"),
        (.overridden, .officer, 5, 7, .ready, "กล้องสำรองกำลังมา"),
        (.opened, .officer, 5, 6, .inService, ""),
        (.incidentLogged(.disturbed), .officer, 5, 5, .inService, "ภาพค้าง 20 วินาที"),
        (.ended(Summary(audience: 312)), .officer, 5, 3, .toEvaluate, "เรียบร้อยดี"),
        (.evaluated(Evaluation(overall: 5, signal: 4, staff: 5)), .requester, nil, 2, .closed, "ขอบคุณมาก"),
    ]

    private static func matter(_ id: Int64, _ lines: [Line], letters: [Letter]) -> Matter {
        let folder = lines.enumerated().map { index, line in
            Entry(
                number: index + 1, fact: line.fact, role: line.role, person: line.person.map { Person.ID($0) },
                at: now - .hours(line.hoursAgo), stage: line.stage, note: line.note,
                lateReason: index == 2 ? "ผู้บริหารเดินทางไปราชการ" : "")
        }
        return Matter(id: .init(id), letters: letters, folder: folder) ?? Matter(id: .init(id), letter: letter())
    }

    /// Three folders before the executives: one late, one early, one just come.
    static let waiting = [
        matter(1, start, letters: [letter()]),
        matter(2, start, letters: [letter("ขอความอนุเคราะห์จัดประชุมคณะกรรมการบริหารหลักสูตร", inDays: 9)]),
        matter(3, Array(start.prefix(1)), letters: [letter("ขอใช้ห้องประชุมออนไลน์", inDays: 12)]),
    ]

    /// A declined one.
    static let declined = matter(
        4, start + [(.declined(.noOfficers), .executive, 3, 12, .toReturn, "เจ้าหน้าที่ติดภารกิจทุกคน")], letters: [letter()])

    /// One on its way to the officers.
    static let prepared = matter(5, start + rest.prefix(2), letters: [letter()])

    /// One that has gone the whole way, with a changed letter.
    static let closed: Matter = {
        var changed = letter()
        changed.expectedAudience = 350
        changed.remarks = "ขอไมโครโฟนไร้สาย 4 ตัว"
        return matter(6, start + rest, letters: [letter(), changed])
    }()
}
