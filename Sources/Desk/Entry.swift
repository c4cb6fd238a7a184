// SPDX-License-Identifier: Apache-2.0

/// A number in one of the office's two registers, as 123/2569: gap-free within a year of the Buddhist era.
public struct RegisterNumber: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public var number: Int
    public var buddhistYear: Int

    public init(number: Int, buddhistYear: Int) {
        self.number = number
        self.buddhistYear = buddhistYear
    }

    public static func < (left: RegisterNumber, right: RegisterNumber) -> Bool {
        (left.buddhistYear, left.number) < (right.buddhistYear, right.number)
    }

    public var description: String { "\(number)/\(buddhistYear)" }
}

/// The two registers (ทะเบียนหนังสือรับ, ทะเบียนหนังสือส่ง).
public enum Register: String, Codable, Hashable, Sendable, CaseIterable {
    case incoming, outgoing
}

/// What happened, in the past tense; the folder (แฟ้ม) is a list of these and only grows.
///
/// A fact holds numbers and codes, never a name, a telephone or a mail address. A kind once written is never redefined.
public enum Fact: Hashable, Codable, Sendable {
    case received(revision: Int, documents: [Document.ID], via: Intake, keyingSeconds: Int?)
    case registered(RegisterNumber, Classification, papers: Set<PaperCheck>)
    case returnedForCompletion(RegisterNumber, missing: Set<PaperCheck>)
    case completed(revision: Int, documents: [Document.ID])
    case submitted
    case approved
    case declined(DeclineReason)
    case sentBack(RegisterNumber)
    case assigned(Assignment, checklist: [Check])
    case ticked(Check.ID, Evidence)
    case unticked(Check.ID)
    case networkNotified(NetworkNotice)
    case networkAcknowledged
    case linked(String)
    case overridden
    case opened
    case incidentLogged(Severity)
    case ended(Summary)
    case evaluated(Evaluation)
    case lapsed
    case amended(revision: Int, approvalStands: Bool)
    case withdrawn
    case voided(RegisterNumber)
    case aired(AirFigures)
    case met(MeetFigures)
}

/// One line of a folder: what happened, by whom, when, **and the stage it left the matter in**.
///
/// The rule book is for deciding, never for reading, so a folder written under yesterday's rules stays readable.
public struct Entry: Hashable, Sendable {
    /// 1, 2, 3… within the matter.
    public var number: Int
    public var fact: Fact
    /// The role in which it was done.
    public var role: Role
    public var person: Person.ID?
    public var at: Moment
    public var stage: Stage
    /// The words that were written with it; kept beside the folder, empty when none or forgotten.
    public var note: String
    /// Why it was late, when it was and somebody said so.
    public var lateReason: String

    public init(
        number: Int, fact: Fact, role: Role, person: Person.ID?, at: Moment, stage: Stage, note: String = "",
        lateReason: String = ""
    ) {
        self.number = number
        self.fact = fact
        self.role = role
        self.person = person
        self.at = at
        self.stage = stage
        self.note = note
        self.lateReason = lateReason
    }
}
