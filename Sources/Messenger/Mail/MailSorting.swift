// SPDX-License-Identifier: Apache-2.0
import Desk
import Post

/// Tells letters that people wrote from everything else that comes into a mailbox (RFC 3834, RFC 2369, RFC 3464).
struct MailSorting: Sendable {
    /// The addresses from which we send.
    let ours: Set<String>

    init(_ settings: MailSettings) {
        ours = Set([settings.from, settings.bounces].filter { !$0.isEmpty }.map { $0.lowercased() })
    }

    /// Why a mail is no letter; nil when a person may have written it.
    func aside(_ mail: ReceivedMail) -> MailIn.Aside? {
        if mail.report != nil { return .report }
        if mail.from.address.isEmpty { return .noSender }
        // Our addresses with a mark behind the `+` are ours too.
        let local = mail.from.address.lowercased().split(separator: "@").map(String.init)
        let plain = local.count == 2 ? "\(local[0].prefix { $0 != "+" })@\(local[1])" : ""
        if ours.contains(plain) || ours.contains(mail.from.address.lowercased()) { return .own }
        let submitted = value(mail, "Auto-Submitted").prefix { $0 != ";" }.lowercased()
        if !submitted.isEmpty, submitted.trimmed != "no" { return .automatic }
        if value(mail, "Return-Path") == "<>" { return .automatic }
        if mail.header("X-Autoreply") != nil || mail.header("X-Autorespond") != nil { return .automatic }
        if mail.header("List-Id") != nil || mail.header("List-Unsubscribe") != nil || mail.header("List-Post") != nil {
            return .list
        }
        switch value(mail, "Precedence").lowercased() {
        case "bulk", "list", "junk": return .list
        case "auto_reply": return .automatic
        default: break
        }
        if value(mail, "X-Auto-Response-Suppress").lowercased().split(separator: ",").map(\.trimmed).contains("all") {
            return .automatic
        }
        return nil
    }

    /// The mark of our mail that a report is about, if it names one.
    static func mark(in mail: ReceivedMail) -> String? {
        guard let report = mail.report else { return nil }
        let addresses =
            [report.about] + mail.to.map(\.address)
            + ["Delivered-To", "X-Original-To"].compactMap { mail.header($0) }
        return addresses.lazy.compactMap { MailMark.found(in: $0) }.first
    }

    /// What a report says, when it says that it is over; nil while the other server still tries.
    static func trouble(_ report: ReceivedMail.Report) -> Trouble? {
        guard let failed = report.fates.first(where: { $0.action == "failed" }) else { return nil }
        let words = "\(failed.status) \(failed.diagnosis)".withoutAddresses
        return Trouble(Trouble.kind(0, failed.status + " "), words)
    }

    private func value(_ mail: ReceivedMail, _ name: String) -> String { (mail.header(name) ?? "").trimmed }
}

extension StringProtocol {
    /// Without blanks at both ends.
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
