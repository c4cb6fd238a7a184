// SPDX-License-Identifier: Apache-2.0
import Desk
import FoundationEssentials
import Secure

/// What a push says to the service worker that reads it: JSON with short names, sealed for one device.
struct PushMessage: Encodable {
    enum Kind: String, Encodable {
        case notice, trial, check
    }

    var kind: Kind
    /// Who may answer with the token (`PushBearer`), and the notice's number or 0.
    var by: String
    var notice: Int64
    var token: String
    var title: String
    var body: String
    /// The page that a press opens.
    var path: String
    /// A later message with the same tag takes the place of this one on the screen.
    var tag: String
    var language: String
    /// The button's word; empty for no button.
    var button: String
    /// Stays on the screen until somebody answers.
    var isPressing: Bool

    /// The message for a device; nil for what does not travel by push.
    init?(_ freight: Delivery.Freight, _ told: Notice?, _ matter: Matter?, to device: Device) {
        let isThai = device.language != "en"
        by = PushBearer.device(device.id).mark
        (token, language) = ("", device.language)
        switch freight {
        case .notice:
            guard let told else { return nil }
            let text = NoticeText(told, matter: matter)
            (kind, notice) = (.notice, told.id.number)
            title = (isThai ? text.thai : text.english).clipped(utf16: 120)
            body = [text.title, matter?.letter.place].compactMap { $0 }.filter { !$0.isEmpty }
                .map { $0.clipped(utf16: 200) }.joined(separator: "\n")
            (path, tag) = (text.path, "n\(told.id)")
            button = told.acknowledgedAt == nil ? (isThai ? "รับทราบ" : "Acknowledge") : ""
            isPressing = told.kind == .reminder || told.kind == .assignment
        case .trial:
            (kind, notice, path, tag, button, isPressing) = (.trial, 0, "/me#devices", "trial", "", false)
            title = isThai ? "ทดลองเสียงเรียก" : "A trial call"
            body =
                isThai ? "\(device.name) รับการแจ้งเตือนได้" : "Notices reach \(device.name)."
        case .check:
            (kind, notice, path, tag, button, isPressing) = (.check, 0, "/me#devices", "check", "", false)
            title = isThai ? "ตรวจว่าเครื่องนี้ยังรับการแจ้งเตือน" : "Checking that notices still reach this device"
            body = ""
        default: return nil
        }
    }

    /// The same in few words, for a push service that finds it too large.
    var short: PushMessage {
        var short = self
        (short.title, short.body) = (title.clipped(utf16: 60), "")
        return short
    }

    /// The JSON text, with the token that lets this device answer until a moment.
    func text(sealedBy seal: Seal, until: Moment) throws -> [UInt8] {
        var whole = self
        if let bearer = PushBearer(mark: by) {
            whole.token = seal.sign(purpose: bearer.purpose, subject: notice, expires: until.milliseconds / 1000)
        }
        let writer = JSONEncoder()
        writer.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try writer.encode(whole))
    }
}

extension Errand.Kind {
    /// RFC 8030 section 5.3: wakes a sleeping telephone.
    var isUrgent: Bool {
        switch self {
        case .reminder, .assignment, .unanswered, .withdrawal: true
        default: false
        }
    }
}
