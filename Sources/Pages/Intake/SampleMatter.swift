// SPDX-License-Identifier: Apache-2.0

import Desk

/// Invented matters for the sample pages of this folder, made by the desk's own rules.
enum SampleMatter {
    /// Monday 23 November 2569, 09:00 in Bangkok.
    static let now = Day(number: 20_780).at(.eight) + .hours(1)
    static let contact = Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: "duangjai@example.ac.th")
    static let secretary = Hand.person(Person.ID(1), [.secretariat])
    static let document = Document(
        id: Document.ID(7), hash: String(repeating: "a", count: 64), name: "หนังสือขอความอนุเคราะห์.pdf", kind: .pdf,
        bytes: 1_468_006)
    static let photo = Document(
        id: Document.ID(8), hash: String(repeating: "b", count: 64), name: "แผนผังห้อง.jpg", kind: .jpeg, bytes: 320_000)

    static let letter = Letter(
        origin: .internal, unit: "คณะตัวอย่างศาสตร์", reference: "อว 0000.4/123", dated: Day(of: now),
        title: "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู ประจำปีการศึกษา 2569", service: .broadcast,
        span: Span(start: now + .days(7), end: now + .days(7) + .hours(3)), place: "หอประชุมใหญ่", expectedAudience: 450,
        remarks: "ขอกล้อง 2 ตัว", wantsRecording: true)

    /// A form with the mistakes people make.
    static let wrongForm = Form(fields: [
        FormField(name: "unit", value: "คณะตัวอย่างศาสตร์ <b>"), FormField(name: "service", value: "broadcast"),
        FormField(name: "start_date", value: "31/2/2570"), FormField(name: "start_time", value: "25:00"),
        FormField(name: "end_date", value: "14/12/2026"), FormField(name: "end_time", value: "12:00"),
        FormField(name: "contact_name", value: "นางสาวดวงใจ ประสานดี"),
        FormField(name: "contact_mail", value: "duangjai"),
    ])

    /// A matter after some acts, five minutes apart. Acts that the rules refuse are left out.
    static func matter(_ acts: (Act, Hand)...) -> Matter { matter(acts) }

    static func matter(_ acts: [(Act, Hand)]) -> Matter {
        var matter = Matter(id: Matter.ID(12), letter: letter)
        let receive = Act.receive(letter, documents: [document.id, photo.id], via: .web, keyingSeconds: nil)
        let calendar = WorkingCalendar(opens: .eightThirty, closes: .halfPastFour, holidays: [])
        let circumstances = Circumstances(
            office: .unnamed, calendar: calendar, nextIncoming: RegisterNumber(number: 128, buddhistYear: 2569),
            nextOutgoing: RegisterNumber(number: 31, buddhistYear: 2569), officers: [Person.ID(5)], rooms: [Room.ID(1)])
        for (step, (act, hand)) in ([(receive, Hand.requester)] + acts).enumerated() {
            do {
                matter.append(
                    try decide(act, in: matter, by: hand, at: now + .minutes(5 * step), given: circumstances))
            } catch { continue }
        }
        return matter
    }

    static let registered: (Act, Hand) = (
        .register(Classification(origin: .internal, service: .broadcast), papers: Set(PaperCheck.allCases)), secretary
    )
    static let incomplete: (Act, Hand) = (
        .returnForCompletion(missing: [.signature, .place], note: "ขอให้ระบุห้อง และลงนามโดยหัวหน้าหน่วยงาน"), secretary
    )
    static let declined: (Act, Hand) = (
        .decline(.noOfficers, note: "เจ้าหน้าที่ไปราชการในวันดังกล่าวทั้งหมด"), .person(Person.ID(3), [.executive])
    )
    static let approved: (Act, Hand) = (.approve(note: ""), .person(Person.ID(3), [.executive]))
    static let assigned: (Act, Hand) = (
        .assign(Assignment(officers: [Person.ID(5)], rooms: [Room.ID(1)], setUpMinutes: 60, tearDownMinutes: 30)),
        secretary
    )
    static let linked: (Act, Hand) = (.link("https://meet.example.ac.th/waikru"), secretary)

    static let reckoner = Reckoner(
        office: .unnamed, calendar: WorkingCalendar(opens: .eightThirty, closes: .halfPastFour, holidays: []))
}
