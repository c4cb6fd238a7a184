// SPDX-License-Identifier: Apache-2.0

/// A step of the published procedure (ขั้นตอน).
public enum Step: String, Codable, Hashable, Sendable, CaseIterable, CodingKeyRepresentable {
    case letter, registration, submission, decision, calendar, preparation, networkNotice, phoneNotice, service, report
    /// Ours: a declined letter goes back. The prose names the act and gives it no limit.
    case sendBack
    /// Ours: the requester is asked. In row 6 of the table, absent from the prose.
    case evaluation
}

/// The table's own column ผู้รับผิดชอบ.
public enum Side: String, Codable, Hashable, Sendable {
    /// ผู้ให้บริการ
    case provider
    /// ผู้ให้บริการ / ผู้รับบริการ
    case both

    public var wording: String { self == .provider ? "ผู้ให้บริการ" : "ผู้ให้บริการ / ผู้รับบริการ" }
}

/// A paper that the table names (เอกสารที่เกี่ยวข้อง).
public enum Paper: String, Codable, Hashable, Sendable {
    case requestLetter, monthlyReport

    public var wording: String {
        self == .requestLetter ? "หนังสือขอความอนุเคราะห์" : "รายงานผลการปฏิบัติงานประจำเดือน"
    }
}

/// How long a step may take (ระยะเวลาดำเนินการ).
public enum Limit: Codable, Hashable, Sendable {
    case minutes(Int)
    case hours(Int)
    case days(Int)
    case workingDaysBefore(Int)
    case minutesBefore(Int)
    case asTheLetterSays
    case everyMonth

    /// The table's wording; nil for a limit that only the prose or we give.
    public var wording: String? {
        switch self {
        case .minutes(let count): "\(count) นาที"
        case .hours(let count): "ไม่เกิน \(count) ชั่วโมง"
        case .asTheLetterSays: "ตามหนังสือขอความอนุเคราะห์"
        case .everyMonth: "ทุกเดือน"
        case .days, .workingDaysBefore, .minutesBefore: nil
        }
    }
}

/// One row of the published table, with what the prose adds to it.
public struct Row: Hashable, Sendable {
    /// The first column, as printed.
    public let label: String
    public let step: Step
    /// ผู้รับผิดชอบ, as the table has it.
    public let side: Side
    /// Who the prose names; the program follows this one.
    public let roles: Set<Role>
    public let paper: Paper?
    /// The table's limit; nil where its cell is empty.
    public let limit: Limit?
    /// The limit that the prose adds; the stricter of the two is due.
    public let prose: Limit?
    /// การให้บริการ, letter for letter, misprints included.
    public let wording: String

    init(
        _ label: String, _ step: Step, _ side: Side, _ roles: Set<Role>, _ paper: Paper?, _ limit: Limit?,
        _ prose: Limit?, _ wording: String
    ) {
        self.label = label
        self.step = step
        self.side = side
        self.roles = roles
        self.paper = paper
        self.limit = limit
        self.prose = prose
        self.wording = wording
    }
}

/// The published procedure: "ขั้นตอนการให้บริการ ประชุมออนไลน์และถ่ายทอดสดออนไลน์", section 6.
// swift-format-ignore
public let procedure: [Row] = [
//      label         step            side       roles (prose)           paper           limit             prose                  wording
    Row("(เริ่มต้น)",   .letter,        .provider, [.requester],           .requestLetter, .minutes(5),      nil,                   "หนังสือภายใน/ภายนอก"),
    Row("1",          .registration,  .provider, [.secretariat],         .requestLetter, .minutes(5),      nil,                   "สำนักงานเลขานุการ สำนักคอมพิวเตอร์ รับเรื่อง"),
    Row("2",          .submission,    .provider, [.secretariat],         .requestLetter, .hours(24),       nil,                   "ผู้บริการ สำนักคอมพิวเตอร์ แจ้ง ผู้บริการ"),
    Row("3",          .decision,      .provider, [.executive],           nil,            .hours(24),       nil,                   "อนุมัติ / ไม่อนุมัติ"),
    Row("4",          .calendar,      .provider, [.secretariat],         nil,            .hours(24),       nil,                   "บันทึกข้อมูลการขอใช้ห้องผ่าน Google Calendar"),
    Row("4",          .preparation,   .provider, [.officer],             nil,            nil,              .workingDaysBefore(1), "เจ้าหน้าที่จัดเตรียมอุปกรณ์และทดสอบ"),
    Row("4",          .networkNotice, .provider, [.officer],             nil,            nil,              nil,                   "แจ้งงานเครือข่ายทราบ วัน เวลา ที่ ให้บริการ เฝ้าระวัง"),
    Row("5",          .phoneNotice,   .both,     [.sanyan],              nil,            .asTheLetterSays, .minutesBefore(30),    "แจ้งผ่านสมาร์ตโฟนก่อนมีกิจกรรม"),
    Row("5",          .service,       .both,     [.officer],             nil,            .asTheLetterSays, nil,                   "เจ้าหน้าที่ให้บริการประชุมทางไกลตามคำขอ"),
    Row("6",          .report,        .provider, [.officer, .secretariat], .monthlyReport, .everyMonth,    nil,                   "สรุป/ประเมินผล/รายงานต่อผู้บริหาร"),
]

/// Whose turn it is (ขั้นที่รออยู่): a stage says who is awaited.
public enum Stage: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing has come yet; no folder says this.
    case letterAwaited
    /// The secretariat checks, classifies and registers.
    case toRegister
    /// The requester completes what was missing.
    case toComplete
    /// The secretariat puts the folder before the executives.
    case toSubmit
    /// The executives decide.
    case toDecide
    /// The secretariat sends a declined letter back.
    case toReturn
    /// The secretariat assigns officers and rooms.
    case toAssign
    /// The officers prepare, test and tell the network section.
    case toPrepare
    /// Everything waits for the hour.
    case ready
    /// The occasion is on.
    case inService
    /// The requester is asked how it was.
    case toEvaluate
    case closed
    case returned
    case withdrawn
    case voided

    /// Nothing more happens to a matter here.
    public var isFinal: Bool {
        switch self {
        case .closed, .returned, .withdrawn, .voided: true
        default: false
        }
    }

    /// The step of the procedure that is being waited for here.
    public var step: Step? {
        switch self {
        case .toRegister: .registration
        case .toSubmit: .submission
        case .toDecide: .decision
        case .toReturn: .sendBack
        case .toAssign: .calendar
        case .toPrepare: .preparation
        case .ready, .inService: .service
        case .toEvaluate: .evaluation
        case .letterAwaited: .letter
        case .toComplete, .closed, .returned, .withdrawn, .voided: nil
        }
    }

    /// Who is awaited; empty at an end.
    public var awaited: Set<Role> {
        switch self {
        case .letterAwaited, .toComplete, .toEvaluate: [.requester]
        case .toRegister, .toSubmit, .toReturn, .toAssign: [.secretariat]
        case .toDecide: [.executive]
        case .toPrepare, .ready, .inService: [.officer]
        case .closed, .returned, .withdrawn, .voided: []
        }
    }
}

/// One permitted move: who may do what from where, and where it leads.
public struct Move: Hashable, Sendable {
    public let act: Act.Name
    public let roles: Set<Role>
    public let from: [Stage]
    public let to: Stage
    /// The other stage it can lead to, when the act's content decides.
    public let or: Stage?
    /// A move of our own, on which the published procedure is silent.
    public let isOurs: Bool

    init(_ act: Act.Name, _ roles: Set<Role>, _ from: [Stage], _ to: Stage, or: Stage? = nil, ours: Bool = false) {
        self.act = act
        self.roles = roles
        self.from = from
        self.to = to
        self.or = or
        self.isOurs = ours
    }
}

/// Every permitted move. A move whose `to` is its own `from` stays where it is.
// swift-format-ignore
public let moves: [Move] = [
    Move(.receive,             [.requester, .secretariat],   [.letterAwaited],                        .toRegister),
    Move(.register,            [.secretariat],               [.toRegister],                           .toSubmit),
    Move(.returnForCompletion, [.secretariat],               [.toRegister],                           .toComplete,              ours: true),
    Move(.complete,            [.requester, .secretariat],   [.toComplete],                           .toRegister,              ours: true),
    Move(.submit,              [.secretariat],               [.toSubmit],                             .toDecide),
    Move(.approve,             [.executive],                 [.toDecide],                             .toAssign),
    Move(.decline,             [.executive],                 [.toDecide],                             .toReturn),
    Move(.sendBack,            [.secretariat],               [.toReturn],                             .returned),
    Move(.assign,              [.secretariat],               [.toAssign],                             .toPrepare),
    Move(.assign,              [.secretariat],               [.toPrepare],                            .toPrepare,               ours: true),
    Move(.assign,              [.secretariat],               [.ready],                                .toPrepare, or: .ready,   ours: true),
    Move(.tick,                [.officer],                   [.toPrepare],                            .toPrepare, or: .ready),
    Move(.untick,              [.officer],                   [.toPrepare, .ready],                    .toPrepare,               ours: true),
    Move(.notifyNetwork,       [.officer],                   [.toPrepare],                            .toPrepare, or: .ready),
    Move(.notifyNetwork,       [.officer],                   [.ready],                                .ready,                   ours: true),
    Move(.acknowledgeNetwork,  [.network],                   [.toPrepare],                            .toPrepare,               ours: true),
    Move(.acknowledgeNetwork,  [.network],                   [.ready],                                .ready,                   ours: true),
    Move(.acknowledgeNetwork,  [.network],                   [.inService],                            .inService,               ours: true),
    Move(.link,                [.officer, .secretariat],     [.toPrepare],                            .toPrepare,               ours: true),
    Move(.link,                [.officer, .secretariat],     [.ready],                                .ready,                   ours: true),
    Move(.link,                [.officer, .secretariat],     [.inService],                            .inService,               ours: true),
    Move(.override,            [.officer],                   [.toPrepare],                            .ready,                   ours: true),
    Move(.open,                [.officer],                   [.ready],                                .inService),
    Move(.logIncident,         [.officer, .network],         [.inService],                            .inService,               ours: true),
    Move(.end,                 [.officer],                   [.inService],                            .toEvaluate),
    Move(.evaluate,            [.requester],                 [.toEvaluate],                           .closed),
    Move(.lapse,               [.sanyan],                    [.toEvaluate],                           .closed,                  ours: true),
    Move(.air,                 [.sanyan],                    [.inService],                            .inService,               ours: true),
    Move(.air,                 [.sanyan],                    [.toEvaluate],                           .toEvaluate,              ours: true),
    Move(.air,                 [.sanyan],                    [.closed],                               .closed,                  ours: true),
    Move(.meet,                [.sanyan],                    [.inService],                            .inService,               ours: true),
    Move(.meet,                [.sanyan],                    [.toEvaluate],                           .toEvaluate,              ours: true),
    Move(.meet,                [.sanyan],                    [.closed],                               .closed,                  ours: true),
    Move(.amend,               [.secretariat],               [.toSubmit],                             .toSubmit,                ours: true),
    Move(.amend,               [.secretariat],               [.toDecide],                             .toDecide,                ours: true),
    Move(.amend,               [.secretariat],               [.toAssign],                             .toAssign,  or: .toDecide, ours: true),
    Move(.amend,               [.secretariat],               [.toPrepare],                            .toPrepare, or: .toDecide, ours: true),
    Move(.amend,               [.secretariat],               [.ready],                                .ready,     or: .toDecide, ours: true),
    Move(.withdraw,            [.requester, .secretariat],   [.toRegister, .toComplete, .toSubmit, .toDecide, .toAssign, .toPrepare, .ready], .withdrawn, ours: true),
    Move(.void,                [.secretariat],               [.toSubmit, .toDecide],                  .voided,                  ours: true),
]
