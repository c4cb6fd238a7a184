// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation

/// What is said in LINE's talk, as the Messaging API wants it: a push, a reply, and the limits of their parts.
enum LineTalk {
    /// Text of a buttons template without picture and title, in UTF-16 units.
    static let textLimit = 160
    /// Text that a closed telephone shows for a template.
    static let altLimit = 400
    static let replyLimit = 5_000

    /// A notice with its two buttons: รับทราบ, and the page on which the work is done.
    ///
    /// - Parameter office: the address under which people reach the office; only https can be opened from LINE.
    static func push(_ text: NoticeText, notice: Notice, to user: String, office: String) throws -> [UInt8] {
        var lines = [text.thai, text.english]
        let rest = textLimit - lines.reduce(0) { $0 + $1.utf16.count + 1 }
        if let title = text.title, rest >= 12 { lines.insert(title.clipped(utf16: rest), at: 1) }
        var actions: [Action] = []
        if notice.acknowledgedAt == nil {
            actions.append(
                Action(type: "postback", label: "รับทราบ", data: acknowledging(notice.id), displayText: "รับทราบ"))
        }
        if office.hasPrefix("https://") {
            actions.append(Action(type: "uri", label: "เปิดดู · Open", uri: office + text.path))
        }
        let whole = [text.thai, text.title, text.english].compactMap(\.self).joined(separator: "\n")
        guard !actions.isEmpty else { return try push(saying: whole, to: user) }
        let message = Message(
            type: "template", altText: whole.clipped(utf16: altLimit),
            template: Template(
                type: "buttons", text: lines.joined(separator: "\n").clipped(utf16: textLimit), actions: actions))
        return try json(Push(to: user, messages: [message]))
    }

    static func push(saying text: String, to user: String) throws -> [UInt8] {
        try json(Push(to: user, messages: [Message(type: "text", text: text.clipped(utf16: replyLimit))]))
    }

    static func reply(_ reply: LineReply, token: String, office: String) throws -> [UInt8] {
        try json(Reply(replyToken: token, messages: [Message(type: "text", text: said(reply, office))]))
    }

    /// What a button under a notice sends back.
    static func acknowledging(_ notice: Notice.ID) -> String { "acknowledge/\(notice)" }

    static let trial = "ทดสอบการแจ้งเตือนทาง LINE สำเร็จ\nThis is a trial: LINE reaches you."

    static func said(_ reply: LineReply, _ office: String) -> String {
        switch reply {
        case .howTo:
            """
            บัญชีนี้แจ้งเตือนงานประชุมออนไลน์และถ่ายทอดสด เปิด \(office)/me แล้วส่งรหัสที่เห็นมาที่นี่เพื่อผูกบัญชี
            This account brings notices of the office. Open \(office)/me and send the code you see there.
            """
        case .bound:
            """
            ผูกบัญชีแล้ว การแจ้งเตือนจะมาที่นี่ ยกเลิกได้ที่ \(office)/me
            Bound: notices come here from now on. Undo it at \(office)/me.
            """
        case .wrongCode:
            """
            รหัสไม่ถูกต้อง ใช้ไปแล้ว หรือเกิน 10 นาที เปิด \(office)/me เพื่อขอรหัสใหม่
            The code is wrong, used, or older than 10 minutes. Ask for a new one at \(office)/me.
            """
        case .acknowledged: "บันทึกการรับทราบแล้ว\nAcknowledged."
        case .notYours: "รายการนี้ไม่ใช่ของบัญชีนี้\nThis notice is not for this account."
        }
    }

    // MARK: The parts, by the names of LINE's reference

    private struct Push: Encodable {
        var to: String
        var messages: [Message]
    }

    private struct Reply: Encodable {
        var replyToken: String
        var messages: [Message]
    }

    private struct Message: Encodable {
        var type: String
        var text: String?
        var altText: String?
        var template: Template?
    }

    private struct Template: Encodable {
        var type: String
        var text: String
        var actions: [Action]
    }

    private struct Action: Encodable {
        var type: String
        var label: String
        var data: String?
        var displayText: String?
        var uri: String?
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

/// What LINE answers, as far as it is read.
enum LineAnswer {
    struct Sent: Decodable {
        struct One: Decodable { var id: String }
        var sentMessages: [One]
    }

    struct Fault: Decodable {
        struct Detail: Decodable {
            var message: String?
            var property: String?
        }
        var message: String
        var details: [Detail]?

        /// What was wrong, with the places LINE names.
        var said: String {
            let places = (details ?? []).map { [$0.property, $0.message].compactMap(\.self).joined(separator: ": ") }
            return ([message] + places).joined(separator: " · ")
        }
    }

    struct Quota: Decodable {
        var type: String
        var value: Int?
    }

    struct Consumption: Decodable { var totalUsage: Int }

    struct Bot: Decodable {
        var basicId: String
        var displayName: String
    }

    struct Endpoint: Decodable {
        var endpoint: String
        var active: Bool
    }

    static func read<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Value? {
        // What cannot be read is told as an answer that makes no sense.
        try? JSONDecoder().decode(type, from: Data(body))
    }
}
