// SPDX-License-Identifier: Apache-2.0

/// How a limit of hours is counted. The kind is shown wherever a deadline is.
public enum Counting: String, Codable, Hashable, Sendable, CaseIterable {
    /// Hours of the clock, as the procedure writes them.
    case clock
    /// Hours in which the office works.
    case working
}

/// A limit as this office keeps it.
public struct OfficeLimit: Hashable, Codable, Sendable {
    public var limit: Limit
    public var counting: Counting

    public init(_ limit: Limit, counting: Counting = .clock) {
        self.limit = limit
        self.counting = counting
    }
}

/// The office (หน่วยงานที่รับผิดชอบ): its names, hours, limits and checklists. Names of units are data, never types.
public struct Office: Hashable, Codable, Sendable {
    public var thaiName: String
    public var englishName: String
    /// The university or body it belongs to.
    public var organisation: String
    /// ส่วนราชการ as the head of a memo prints it, with an inside telephone number.
    public var memoHead: String
    /// The letters before an outgoing number (ที่), as `อว 0605`.
    public var outgoingPrefix: String
    /// Where people reach this program from outside, without a slash at the end; links in QR codes begin with it.
    public var address: String
    /// Where people reach the studio from outside, without a slash at the end; nil for this machine's own door.
    public var studioAddress: String?
    public var opens: TimeOfDay
    public var closes: TimeOfDay
    /// Limits that differ from the published ones, or are ours.
    public var limits: [Step: OfficeLimit]
    public var setUpMinutes: Int
    public var tearDownMinutes: Int
    public var reminderMinutes: Int
    /// A matter that nobody evaluates closes after so many days.
    public var evaluationDays: Int
    public var meetingChecklist: [Check]
    public var broadcastChecklist: [Check]
    public var usesThaiDigits: Bool
    /// How notices climb from way to way; nil for the usual ladder.
    public var ownLadder: Ladder?

    public var ladder: Ladder { ownLadder ?? .usual }

    public init(
        thaiName: String, englishName: String, organisation: String, memoHead: String, outgoingPrefix: String,
        address: String, studioAddress: String? = nil, opens: TimeOfDay, closes: TimeOfDay,
        limits: [Step: OfficeLimit] = [:],
        setUpMinutes: Int = 60, tearDownMinutes: Int = 30, reminderMinutes: Int = 30, evaluationDays: Int = 7,
        meetingChecklist: [Check] = Office.publishedMeetingChecklist,
        broadcastChecklist: [Check] = Office.publishedBroadcastChecklist, usesThaiDigits: Bool = false
    ) {
        self.thaiName = thaiName
        self.englishName = englishName
        self.organisation = organisation
        self.memoHead = memoHead
        self.outgoingPrefix = outgoingPrefix
        self.address = address
        self.studioAddress = studioAddress
        self.opens = opens
        self.closes = closes
        self.limits = limits
        self.setUpMinutes = setUpMinutes
        self.tearDownMinutes = tearDownMinutes
        self.reminderMinutes = reminderMinutes
        self.evaluationDays = evaluationDays
        self.meetingChecklist = meetingChecklist
        self.broadcastChecklist = broadcastChecklist
        self.usesThaiDigits = usesThaiDigits
    }

    /// An office that nobody has named yet.
    public static let unnamed = Office(
        thaiName: "งานบริการเทคโนโลยีดิจิทัล สำนักคอมพิวเตอร์", englishName: "Digital technology services, Computer Centre",
        organisation: "มหาวิทยาลัย", memoHead: "สำนักคอมพิวเตอร์ งานบริการเทคโนโลยีดิจิทัล", outgoingPrefix: "อว",
        address: "http://127.0.0.1:8080", opens: .eightThirty, closes: .halfPastFour)

    /// The limit in force for a step: the office's own, else the published one, else ours.
    public func limit(for step: Step) -> OfficeLimit? {
        if let own = limits[step] { return own }
        if let row = procedure.first(where: { $0.step == step }), let limit = row.limit ?? row.prose {
            return OfficeLimit(limit)
        }
        switch step {
        case .sendBack: return OfficeLimit(.hours(24))
        case .evaluation: return OfficeLimit(.days(evaluationDays))
        case .networkNotice: return OfficeLimit(.workingDaysBefore(1))
        default: return nil
        }
    }

    /// The checklist for a kind of service; a matter that asks for both gets both, without repeats.
    public func checklist(for service: Service) -> [Check] {
        switch service {
        case .meeting: meetingChecklist
        case .broadcast: broadcastChecklist
        case .both:
            meetingChecklist + broadcastChecklist.filter { check in !meetingChecklist.contains { $0.id == check.id } }
        }
    }

    public static let publishedMeetingChecklist: [Check] = [
        Check(id: "computer", thai: "คอมพิวเตอร์ควบคุมและจอแสดงผลพร้อม", english: "Control computer and display ready"),
        Check(id: "camera", thai: "กล้องและขาตั้งพร้อม ภาพคมชัด", english: "Camera and tripod ready, picture sharp"),
        Check(
            id: "sound", thai: "ไมโครโฟนและลำโพง ไม่มีเสียงหอน วัดระดับเสียงแล้ว",
            english: "Microphones and speakers, no feedback, level measured", needsEvidence: true),
        Check(
            id: "uplink", thai: "ทดสอบความเร็วเครือข่ายขาออก ณ ห้องจริง", english: "Uplink speed tested in the room itself",
            needsEvidence: true, isSystemTest: true),
        Check(
            id: "meeting-test", thai: "ทดลองเปิดห้องประชุมและเข้าร่วมจากอีกเครื่อง",
            english: "Meeting opened and joined from a second machine", isSystemTest: true),
        Check(id: "power", thai: "ไฟฟ้าและปลั๊กสำรองพร้อม", english: "Power and spare sockets ready"),
    ]

    public static let publishedBroadcastChecklist: [Check] = [
        Check(
            id: "switcher", thai: "กล้องหรือ OB Switching ต่อเข้าคอมพิวเตอร์ควบคุมแล้ว",
            english: "Camera or OB switcher connected to the control computer"),
        Check(
            id: "sound", thai: "ไมโครโฟนและลำโพง ไม่มีเสียงหอน วัดระดับเสียงแล้ว",
            english: "Microphones and speakers, no feedback, level measured", needsEvidence: true),
        Check(
            id: "uplink", thai: "ทดสอบความเร็วเครือข่ายขาออก ณ ห้องจริง", english: "Uplink speed tested in the room itself",
            needsEvidence: true, isSystemTest: true),
        Check(
            id: "broadcast-test", thai: "ทดลองส่งสัญญาณถึงเซิร์ฟเวอร์ และเปิดดูจากอีกเครื่อง",
            english: "Test signal sent to the server and watched on a second machine", needsEvidence: true,
            isSystemTest: true),
        Check(id: "recording", thai: "พื้นที่บันทึกเพียงพอ", english: "Enough room to record"),
        Check(id: "power", thai: "ไฟฟ้าและปลั๊กสำรองพร้อม", english: "Power and spare sockets ready"),
    ]
}

extension TimeOfDay {
    /// 08:30, when Thai government offices open.
    public static let eightThirty = TimeOfDay(wholeMinutes: 510)
    /// 16:30, when they close.
    public static let halfPastFour = TimeOfDay(wholeMinutes: 990)
    /// 08:00
    public static let eight = TimeOfDay(wholeMinutes: 480)

    /// 20:00
    public static let eightInTheEvening = TimeOfDay(wholeMinutes: 1200)
    /// 07:00
    public static let sevenInTheMorning = TimeOfDay(wholeMinutes: 420)

    /// For the constants above, which are within a day.
    private init(wholeMinutes: Int) { minutes = wholeMinutes }
}

/// Everything outside the folder that a decision may depend on, read in the same transaction.
public struct Circumstances: Sendable {
    public var office: Office
    public var calendar: WorkingCalendar
    public var nextIncoming: RegisterNumber
    public var nextOutgoing: RegisterNumber
    /// Active officers.
    public var officers: Set<Person.ID>
    /// Active rooms.
    public var rooms: Set<Room.ID>

    public init(
        office: Office, calendar: WorkingCalendar, nextIncoming: RegisterNumber, nextOutgoing: RegisterNumber,
        officers: Set<Person.ID>, rooms: Set<Room.ID>
    ) {
        self.office = office
        self.calendar = calendar
        self.nextIncoming = nextIncoming
        self.nextOutgoing = nextOutgoing
        self.officers = officers
        self.rooms = rooms
    }
}
