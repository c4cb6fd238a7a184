// SPDX-License-Identifier: Apache-2.0
import Desk

/// What the letters of the demo office ask for; all invented.
struct DemoLetter: Sendable {
    var title: String
    var unit: String
    var service: Service
    /// Index into the demo's rooms; nil for a place of the requester's own.
    var room: Int?
    var place: String
    var audience: Int
    var origin: Letter.Origin = .internal

    init(
        _ title: String, _ unit: String, _ service: Service, room: Int?, _ place: String, _ audience: Int,
        _ origin: Letter.Origin = .internal
    ) {
        self.title = title
        self.unit = unit
        self.service = service
        self.room = room
        self.place = place
        self.audience = audience
        self.origin = origin
    }

    private static let ratchaphruek = "ห้องประชุมราชพฤกษ์"
    private static let kankrao = "ห้องประชุมกันเกรา"
    private static let hall = "หอประชุมใหญ่"
    private static let studio = "ห้องสตูดิโอ 1"
    private static let lecture = "ห้องบรรยายรวม 401"
    private static let council = "ห้องประชุมสภาวิชาการ"

    /// Last month's, in the order of their occasions.
    // swift-format-ignore
    static let lastMonth: [DemoLetter] = [
        .init("ขอความอนุเคราะห์จัดประชุมสภาวิชาการผ่านระบบออนไลน์", "กองบริการการศึกษา", .meeting, room: 5, council, 38),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครูประจำปีการศึกษา", "คณะครุศาสตร์", .broadcast, room: 2, hall, 1450),
        .init("ขอใช้บริการประชุมทางไกลร่วมกับวิทยาเขต", "กองแผนงาน", .meeting, room: 0, ratchaphruek, 24),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดเสวนาวิชาการ เรื่อง ปัญญาประดิษฐ์กับห้องเรียน", "คณะวิทยาศาสตร์", .both, room: 4, lecture, 520),
        .init("ขอความอนุเคราะห์จัดสอบวิทยานิพนธ์ออนไลน์", "บัณฑิตวิทยาลัย", .meeting, room: 1, kankrao, 9),
        .init("ขอความอนุเคราะห์ประชุมออนไลน์โครงการความร่วมมือด้านสุขภาพชุมชน", "โรงพยาบาลส่งเสริมสุขภาพบ้านตัวอย่าง", .meeting, room: 0, ratchaphruek, 31, .external),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดการแข่งขันทักษะภาษาไทย", "คณะมนุษยศาสตร์และสังคมศาสตร์", .broadcast, room: 4, lecture, 640),
        .init("ขอความอนุเคราะห์จัดอบรมการใช้งานระบบทะเบียนออนไลน์", "กองทะเบียนและประมวลผล", .meeting, room: 1, kankrao, 85),
        .init("ขอความอนุเคราะห์บันทึกและถ่ายทอดสดบรรยายพิเศษ", "คณะนิติศาสตร์", .broadcast, room: 3, studio, 275),
        .init("ขอใช้บริการประชุมออนไลน์คณะกรรมการบริหารคณะ", "คณะการบัญชีและการจัดการ", .meeting, room: 0, ratchaphruek, 18),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดพิธีเปิดงานสัปดาห์วิทยาศาสตร์", "คณะวิทยาศาสตร์", .broadcast, room: 2, hall, 980),
        .init("ขอความอนุเคราะห์จัดประชุมออนไลน์เครือข่ายห้องสมุด", "สำนักวิทยบริการ", .meeting, room: 5, council, 47),
        .init("ขอความอนุเคราะห์ประชุมหารือหลักสูตรนานาชาติร่วมกับต่างประเทศ", "กองวิเทศสัมพันธ์", .meeting, room: 1, kankrao, 14),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดเวทีรับฟังความคิดเห็นของชุมชน", "องค์การบริหารส่วนตำบลบ้านตัวอย่าง", .broadcast, room: nil, "ศาลาประชาคมบ้านตัวอย่าง", 210, .external),
        .init("ขอความอนุเคราะห์จัดสัมมนาออนไลน์นักวิจัยรุ่นใหม่", "กองส่งเสริมการวิจัย", .both, room: 4, lecture, 165),
        .init("ขอใช้บริการสัมภาษณ์ผู้สมัครทางไกล", "กองการเจ้าหน้าที่", .meeting, room: 1, kankrao, 12),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดคอนเสิร์ตวงดนตรีนิสิต", "วิทยาลัยดุริยางคศิลป์", .broadcast, room: 2, hall, 1820),
        .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการประกันคุณภาพ", "งานประกันคุณภาพการศึกษา", .meeting, room: 0, ratchaphruek, 33),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดปฐมนิเทศนักศึกษาฝึกประสบการณ์", "คณะครุศาสตร์", .broadcast, room: 4, lecture, 430),
        .init("ขอความอนุเคราะห์จัดประชุมสภาคณาจารย์", "สภาคณาจารย์", .meeting, room: 5, council, 29),
        .init("ขอความอนุเคราะห์ประชุมออนไลน์โครงการอนุรักษ์พันธุกรรมพืช", "คณะเกษตรศาสตร์", .meeting, room: 0, ratchaphruek, 41),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดการประกวดนวัตกรรมนักเรียน", "โรงเรียนสาธิต", .broadcast, room: 2, hall, 760),
        .init("ขอใช้บริการประชุมทางไกลคณะกรรมการจริยธรรมการวิจัย", "กองส่งเสริมการวิจัย", .meeting, room: 1, kankrao, 16),
        .init("ขอความอนุเคราะห์จัดอบรมเชิงปฏิบัติการสื่อการสอน", "สำนักศึกษาทั่วไป", .both, room: 3, studio, 92),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดบรรยายธรรมวันพระ", "กองกิจการนิสิต", .broadcast, room: 4, lecture, 340),
        .init("ขอความอนุเคราะห์จัดประชุมออนไลน์ผู้ประสานงานเครือข่าย", "สำนักงานสาธารณสุขอำเภอตัวอย่าง", .meeting, room: 0, ratchaphruek, 27, .external),
        .init("ขอความอนุเคราะห์ประชุมคณะทำงานจัดทำแผนยุทธศาสตร์", "กองแผนงาน", .meeting, room: 5, council, 22),
        .init("ขอความอนุเคราะห์ถ่ายทอดสดพิธีมอบทุนการศึกษา", "กองกิจการนิสิต", .broadcast, room: 2, hall, 590),
        .init("ขอความอนุเคราะห์จัดสอบปากเปล่าดุษฎีนิพนธ์", "บัณฑิตวิทยาลัย", .meeting, room: 1, kankrao, 8),
        .init("ขอความอนุเคราะห์จัดประชุมใหญ่สามัญสหกรณ์", "สหกรณ์ออมทรัพย์ตัวอย่าง", .both, room: 2, hall, 870, .external),
    ]

    /// Those that are on their way now, by the word under which `DemoScript` moves them.
    // swift-format-ignore
    static let current: [String: DemoLetter] = [
        "register-1": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์ชี้แจงงบประมาณประจำปี", "กองคลังและพัสดุ", .meeting, room: 0, ratchaphruek, 60),
        "register-2": .init("ขอความอนุเคราะห์ถ่ายทอดสดงานมหกรรมอาชีพ", "สำนักงานจัดหางานจังหวัดตัวอย่าง", .broadcast, room: 2, hall, 900, .external),
        "complete": .init("ขอความอนุเคราะห์ถ่ายทอดสดกีฬาสีบุคลากร", "กองการเจ้าหน้าที่", .broadcast, room: nil, "สนามกีฬากลาง", 350),
        "submit": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการสหกิจศึกษา", "คณะวิศวกรรมศาสตร์", .meeting, room: 1, kankrao, 19),
        "decide-1": .init("ขอความอนุเคราะห์ถ่ายทอดสดพิธีลงนามความร่วมมือ", "กองวิเทศสัมพันธ์", .broadcast, room: 5, council, 220),
        "decide-2": .init("ขอความอนุเคราะห์ประชุมทางไกลโครงการบริการวิชาการ", "คณะเภสัชศาสตร์", .meeting, room: 1, kankrao, 26),
        "decide-3": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์เครือข่ายครูผู้สอน", "สำนักงานเขตพื้นที่การศึกษาตัวอย่าง", .both, room: 4, lecture, 310, .external),
        "return": .init("ขอความอนุเคราะห์ถ่ายทอดสดงานเลี้ยงสังสรรค์ศิษย์เก่า", "สมาคมศิษย์เก่าตัวอย่าง", .broadcast, room: nil, "โรงแรมตัวอย่าง", 150, .external),
        "assign-1": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการหลักสูตร", "คณะศิลปกรรมศาสตร์", .meeting, room: 0, ratchaphruek, 15),
        "assign-2": .init("ขอความอนุเคราะห์ถ่ายทอดสดการประชุมวิชาการระดับชาติ", "กองส่งเสริมการวิจัย", .both, room: 2, hall, 1100),
        "prepare-1": .init("ขอความอนุเคราะห์ถ่ายทอดสดเปิดบ้านวิชาการ", "โรงเรียนสาธิต", .broadcast, room: 2, hall, 700),
        "prepare-2": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณบดีทั่วประเทศ", "คณะพยาบาลศาสตร์", .meeting, room: 5, council, 55),
        "ready-1": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการกองทุน", "กองคลังและพัสดุ", .meeting, room: 1, kankrao, 21),
        "ready-2": .init("ขอความอนุเคราะห์ถ่ายทอดสดบรรยายพิเศษนักเขียนรางวัล", "คณะมนุษยศาสตร์และสังคมศาสตร์", .broadcast, room: 4, lecture, 380),
        "service": .init("ขอความอนุเคราะห์ถ่ายทอดสดพิธีเปิดนิทรรศการศิลปนิพนธ์", "คณะสถาปัตยกรรมศาสตร์", .both, room: 2, hall, 650),
        "evaluate-1": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการพัสดุ", "กองคลังและพัสดุ", .meeting, room: 3, studio, 11),
        "evaluate-2": .init("ขอความอนุเคราะห์ถ่ายทอดสดตลาดนัดหลักสูตร", "สำนักศึกษาทั่วไป", .broadcast, room: nil, "ลานกิจกรรมอาคารเรียนรวม", 480),
        "closed": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์ผู้ปกครองนิสิตใหม่", "กองกิจการนิสิต", .meeting, room: nil, "ห้องประชุมกองกิจการนิสิต", 240),
        "returned": .init("ขอความอนุเคราะห์ถ่ายทอดสดงานมงคลสมรส", "ชมรมบุคลากรตัวอย่าง", .broadcast, room: nil, "โรงแรมตัวอย่าง", 200, .external),
        "withdrawn": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์ทบทวนระเบียบ", "กองกลาง", .meeting, room: 5, council, 17),
        "voided": .init("ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการกองทุน (ฉบับซ้ำ)", "กองคลังและพัสดุ", .meeting, room: 1, kankrao, 21),
    ]
}
