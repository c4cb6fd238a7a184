// SPDX-License-Identifier: Apache-2.0
import HLS
public import Media

/// What the audience writes (แชตและคำถาม), and what the office lets through.
struct Conversation: Sendable {
    /// A remark to be told to everybody, or to its author alone.
    struct Told: Equatable, Sendable {
        var remark: State.Remark
        var viewer: UInt64?
    }

    static let mostRemarks = 500
    static let mostCharacters = 500
    /// Nobody may write more often: a burst of three, then one every three seconds.
    private static let pauseMilliseconds: Int64 = 3_000
    private static let burst: Int64 = 3

    var mode: Plan.Talk
    private var remarks: [(remark: State.Remark, viewer: UInt64?)] = []
    private var nextNumber = 1
    /// Until when each viewer's allowance is used up.
    private var spent: [UInt64: Int64] = [:]

    init(_ mode: Plan.Talk) { self.mode = mode }

    /// The newest hundred, oldest first.
    var newest: [State.Remark] { remarks.suffix(100).map(\.remark) }

    /// Why a remark is not taken; nil when it is.
    func objection(viewer: UInt64, from: String, text: String, at now: Instant) -> Objection? {
        guard mode != .off else { return .off }
        guard !text.allSatisfy(\.isWhitespace) else { return .empty }
        guard text.count <= Conversation.mostCharacters, from.count <= 60 else { return .tooLong }
        let used = spent[viewer].map { max(0, $0 - now.milliseconds) } ?? 0
        return used > (Conversation.burst - 1) * Conversation.pauseMilliseconds ? .tooOften : nil
    }

    mutating func write(
        viewer: UInt64, from: String, text: String, isQuestion: Bool, at now: Instant, wall: WallTime
    ) -> [Told] {
        guard objection(viewer: viewer, from: from, text: text, at: now) == nil else { return [] }
        spent[viewer] = max(spent[viewer] ?? 0, now.milliseconds) + Conversation.pauseMilliseconds
        if spent.count > 10_000 { spent = spent.filter { $0.value > now.milliseconds } }
        let standing: State.Remark.Standing = mode == .open ? .shown : .waiting
        let remark = add(
            from: from, text: text, isQuestion: isQuestion || mode == .questions, isOffice: false, wall, standing,
            viewer)
        return [Told(remark: remark, viewer: standing == .waiting ? viewer : nil)]
    }

    /// The office writes.
    mutating func say(_ text: String, wall: WallTime) -> [Told] {
        let text = String(text.prefix(Conversation.mostCharacters))
        guard !text.allSatisfy(\.isWhitespace) else { return [] }
        return [
            Told(remark: add(from: "", text: text, isQuestion: false, isOffice: true, wall, .shown, nil), viewer: nil)
        ]
    }

    mutating func judge(_ number: Int, _ verdict: Verdict) -> [Told] {
        guard let place = remarks.firstIndex(where: { $0.remark.number == number }) else { return [] }
        let before = remarks[place].remark.standing
        let wasSeen = before == .shown || before == .answered
        switch verdict {
        case .show: remarks[place].remark.standing = .shown
        case .hide: remarks[place].remark.standing = .hidden
        case .answered: remarks[place].remark.standing = .answered
        }
        let (remark, viewer) = remarks[place]
        // What nobody saw and nobody shall see is told to its author alone.
        guard remark.standing == .hidden else { return [Told(remark: remark, viewer: nil)] }
        var taken = remark
        taken.text = ""
        return [Told(remark: taken, viewer: wasSeen ? nil : viewer)]
    }

    private mutating func add(
        from: String, text: String, isQuestion: Bool, isOffice: Bool, _ wall: WallTime,
        _ standing: State.Remark.Standing, _ viewer: UInt64?
    ) -> State.Remark {
        let remark = State.Remark(
            number: nextNumber, from: from, text: text, isQuestion: isQuestion, isOffice: isOffice,
            at: wall.milliseconds, standing: standing)
        nextNumber += 1
        remarks.append((remark, viewer))
        if remarks.count > Conversation.mostRemarks { remarks.removeFirst() }
        return remark
    }
}

/// Why something that a viewer wrote is not taken.
public enum Objection: String, Hashable, Sendable, CaseIterable {
    case off, empty, tooLong, tooOften

    /// One sentence in Thai, with what to do.
    public var thai: String {
        switch self {
        case .off: "ขณะนี้ไม่ได้เปิดรับข้อความ"
        case .empty: "โปรดพิมพ์ข้อความก่อนส่ง"
        case .tooLong: "ข้อความยาวเกินไป ไม่เกิน 500 ตัวอักษร และชื่อไม่เกิน 60 ตัวอักษร"
        case .tooOften: "ส่งถี่เกินไป โปรดรอสักครู่แล้วส่งใหม่"
        }
    }

    /// The same in English.
    public var english: String {
        switch self {
        case .off: "Nothing can be written at the moment."
        case .empty: "Please write something first."
        case .tooLong: "That is too long: at most 500 characters, and 60 for a name."
        case .tooOften: "That is too often: please wait a moment and send it again."
        }
    }
}

extension Broadcast {
    /// Why a remark would not be taken; nil when it would.
    public func objection(viewer: UInt64, from: String, text: String, at now: Instant) -> Objection? {
        isClosed ? .off : conversation.objection(viewer: viewer, from: from, text: text, at: now)
    }
}
