// SPDX-License-Identifier: Apache-2.0
public import Desk

/// An invented office that never changes: people, rooms and letters for tests and sample pages.
public enum Samples {
    /// Monday 23 November 2569, 09:00 in Bangkok.
    public static let now = moment(2569, 11, 23, "09:00")

    /// A moment on Bangkok's wall clock, by the Buddhist year; for tests, so a wrong date stops at once.
    public static func moment(_ buddhistYear: Int, _ month: Int, _ day: Int, _ time: String = "00:00") -> Moment {
        Self.day(buddhistYear, month, day).at(Self.time(time))
    }

    /// A day, by the Buddhist year.
    public static func day(_ buddhistYear: Int, _ month: Int, _ day: Int) -> Day {
        guard let found = Day(year: buddhistYear - 543, month: month, day: day) else {
            preconditionFailure("no such day: \(day)/\(month)/\(buddhistYear)")
        }
        return found
    }

    /// A time such as `09:30`; `24:00` is the end of the day.
    public static func time(_ text: String) -> TimeOfDay {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, let time = TimeOfDay(minutes: parts[0] * 60 + parts[1]) else {
            preconditionFailure("no such time: \(text)")
        }
        return time
    }

    public static let office = Office(
        thaiName: "งานบริการเทคโนโลยีดิจิทัล สำนักคอมพิวเตอร์", englishName: "Digital technology services, Computer Centre",
        organisation: "มหาวิทยาลัยตัวอย่าง", memoHead: "สำนักคอมพิวเตอร์ งานบริการเทคโนโลยีดิจิทัล โทร. 0000",
        outgoingPrefix: "อว 0000", address: "http://127.0.0.1:8080", opens: .eightThirty, closes: .halfPastFour)

    public static let calendar = WorkingCalendar(
        opens: office.opens, closes: office.closes, holidays: ThaiHolidays.table)

    public static let reckoner = Reckoner(office: office, calendar: calendar)

    // MARK: People

    public static let somsri = person(1, "somsri", "นางสมศรี ใจเย็น", "นักจัดการงานทั่วไปชำนาญการ", [.secretariat], "1101")
    public static let pimjai = person(2, "pimjai", "นางสาวพิมพ์ใจ ยิ้มง่าย", "เจ้าหน้าที่บริหารงานทั่วไป", [.secretariat], "1102")
    public static let wichai = person(
        3, "wichai", "ผู้ช่วยศาสตราจารย์วิชัย ฟังก่อน", "ผู้อำนวยการสำนักคอมพิวเตอร์", [.executive], "1001")
    public static let ratana = person(
        4, "ratana", "รองศาสตราจารย์รัตนา ตัดสินไว", "รองผู้อำนวยการสำนักคอมพิวเตอร์", [.executive], "1002")
    public static let anan = person(5, "anan", "นายอนันต์ เสียงใส", "นักวิชาการโสตทัศนศึกษาชำนาญการ", [.officer], "1201")
    public static let kanya = person(6, "kanya", "นางสาวกัญญา กล้องนิ่ง", "นักวิชาการโสตทัศนศึกษา", [.officer], "1202")
    public static let thongchai = person(7, "thongchai", "นายธงไชย สายไม่พัน", "นักวิชาการโสตทัศนศึกษา", [.officer], "1203")
    public static let malee = person(8, "malee", "นางสาวมาลี สัญญาณแรง", "นักวิชาการโสตทัศนศึกษา", [.officer], "1204")
    public static let narong = person(9, "narong", "นายณรงค์ เน็ตลื่น", "นักวิชาการคอมพิวเตอร์ งานเครือข่าย", [.network], "1301")
    public static let prasert = person(
        10, "prasert", "นายประเสริฐ รอบคอบ", "นักวิชาการคอมพิวเตอร์ ผู้ดูแลระบบ", [.administrator], "1401")
    public static let somchai = person(
        11, "somchai", "นายสมชาย หลายบทบาท", "หัวหน้างานบริการเทคโนโลยีดิจิทัล",
        [.secretariat, .officer, .administrator], "1200")

    public static let people = [
        somsri, pimjai, wichai, ratana, anan, kanya, thongchai, malee, narong, prasert, somchai,
    ]

    /// Ids of everybody who may be assigned.
    public static let officers = Set(people.filter { $0.roles.contains(.officer) }.map(\.id))

    private static func person(
        _ id: Int64, _ username: String, _ name: String, _ position: String, _ roles: Set<Role>, _ phone: String
    ) -> Person {
        Person(
            id: Person.ID(id), username: username, name: name, position: position, roles: roles, phone: "ต่อ \(phone)",
            mail: "\(username)@example.ac.th")
    }

    /// A hand that holds the role; the requester's link and the program's clock included.
    public static func hand(_ role: Role) -> Hand {
        switch role {
        case .requester: .requester
        case .sanyan: .sanyan
        case .secretariat: Hand(somsri)
        case .executive: Hand(wichai)
        case .officer: Hand(anan)
        case .network: Hand(narong)
        case .administrator: Hand(prasert)
        }
    }

    // MARK: Rooms

    public static let rooms = [
        Room(id: Room.ID(1), name: "ห้องประชุมราชพฤกษ์", building: "อาคารสำนักคอมพิวเตอร์ ชั้น 3", seats: 40),
        Room(id: Room.ID(2), name: "ห้องประชุมกันเกรา", building: "อาคารสำนักคอมพิวเตอร์ ชั้น 2", seats: 20),
        Room(
            id: Room.ID(3), name: "หอประชุมใหญ่", building: "อาคารเฉลิมการเรียนรู้", seats: 1200, megabitsPerSecond: 60),
        Room(id: Room.ID(4), name: "ห้องสตูดิโอ 1", building: "อาคารสื่อการเรียนรู้ ชั้น 1", seats: 12, megabitsPerSecond: 40),
        Room(
            id: Room.ID(5), name: "ห้องบรรยายรวม 401", building: "อาคารเรียนรวม ชั้น 4", seats: 300, megabitsPerSecond: 30),
        Room(
            id: Room.ID(6), name: "ห้องประชุมสภาวิชาการ", building: "อาคารอำนวยการ ชั้น 5", seats: 60, megabitsPerSecond: 30),
    ]

    // MARK: Letters

    /// A meeting a week after a moment, 09:00 to 12:00.
    public static func letter(at now: Moment = now, service: Service = .meeting, inDays days: Int = 7) -> Letter {
        let day = Day(of: now).adding(days: days)
        return Letter(
            origin: .internal, unit: "คณะวิทยาศาสตร์", reference: "อว 0000.4/123", dated: Day(of: now),
            title: "ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการบริหารหลักสูตร", service: service,
            span: Span(start: day.at(time("09:00")), end: day.at(time("12:00"))), place: "ห้องประชุมราชพฤกษ์",
            expectedAudience: 45)
    }

    public static let contact = Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: "duangjai@example.ac.th")

    public static let classification = Classification(origin: .internal, service: .meeting)
    public static let allPapers = Set(PaperCheck.allCases)

    public static let assignment = Assignment(
        officers: [anan.id, kanya.id], rooms: [rooms[0].id], setUpMinutes: 60, tearDownMinutes: 30)
}
