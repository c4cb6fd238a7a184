// SPDX-License-Identifier: Apache-2.0
import CCurl

/// One folder of a mailbox, fetched from by IMAP (RFC 9051) and left as it is.
///
/// A mail is named by the folder's UIDVALIDITY and its UID; both together never name another one.
public struct Mailbox: Sendable {
    private let office: PostOffice
    private let server: MailServer
    private let folder: String

    /// - Parameter folder: `INBOX` or another name, as people write it.
    public init(_ folder: String, at server: MailServer, through office: PostOffice) {
        self.folder = folder
        self.server = server
        self.office = office
    }

    /// What a folder says of itself.
    public struct Standing: Hashable, Sendable {
        /// Another number means that all UIDs are new ones.
        public var validity: UInt32
        /// The UID that the next mail gets.
        public var next: UInt32
    }

    public func standing() async throws(MailFault) -> Standing {
        let transfer = try exchange("")
        transfer.set(CURLOPT_CUSTOMREQUEST, "STATUS \(quotedFolder) (UIDVALIDITY UIDNEXT)")
        try transfer.succeed(await office.carry(transfer))
        let words = Self.words(of: transfer)
        func number(after name: String) -> UInt32? {
            words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? UInt32(words[$0 + 1]) : nil }
        }
        guard let validity = number(after: "UIDVALIDITY"), let next = number(after: "UIDNEXT") else { throw .nonsense }
        return Standing(validity: validity, next: next)
    }

    /// The UIDs of mails that came at or after one, rising.
    public func uids(from first: UInt32) async throws(MailFault) -> [UInt32] {
        let transfer = try exchange(Transfer.quoted(modifiedUTF7(folder)))
        transfer.set(CURLOPT_CUSTOMREQUEST, "UID SEARCH UID \(max(1, first)):*")
        try transfer.succeed(await office.carry(transfer))
        // "n:*" names the last mail even when its UID is less than n (RFC 9051 section 6.4.4).
        return Set(Self.words(of: transfer).compactMap { UInt32($0) }.filter { $0 >= first && $0 > 0 }).sorted()
    }

    /// A whole mail; nil when it is there no longer.
    public func mail(_ uid: UInt32, validity: UInt32, limit: Int) async throws(MailFault) -> [UInt8]? {
        let place = "\(Transfer.quoted(modifiedUTF7(folder)));UIDVALIDITY=\(validity)/;UID=\(uid)"
        let transfer = try exchange(place, limit: limit)
        do {
            try transfer.succeed(await office.carry(transfer))
        } catch .never {
            return nil
        }
        return transfer.answer
    }

    private func exchange(_ path: String, limit: Int = 1 << 20) throws(MailFault) -> Transfer {
        try Transfer.mail(
            server, scheme: "imap", path: path, timeoutSeconds: 60, answerLimit: limit, authorities: office.authorities)
    }

    private var quotedFolder: String {
        "\"" + modifiedUTF7(folder).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// What the server answered, word by word.
    private static func words(of transfer: Transfer) -> [String] {
        String(decoding: transfer.answer, as: UTF8.self)
            .split { $0.isWhitespace || $0 == "(" || $0 == ")" }.map { $0.uppercased() }
    }
}

/// A folder's name as IMAP writes it (RFC 3501 section 5.1.3).
func modifiedUTF7(_ name: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,")
    var result = ""
    var units: [UInt16] = []
    func shifted(_ units: [UInt16]) -> String {
        var bits: UInt32 = 0
        var count = 0
        var text = ""
        for unit in units {
            bits = bits << 16 | UInt32(unit)
            count += 16
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
            bits &= (1 << UInt32(count)) - 1
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        return units.isEmpty ? "" : "&\(text)-"
    }
    for scalar in name.unicodeScalars {
        if (0x20...0x7E).contains(scalar.value) {
            result += shifted(units) + (scalar == "&" ? "&-" : String(Character(scalar)))
            units = []
        } else {
            units += Array(String(Character(scalar)).utf16)
        }
    }
    return result + shifted(units)
}
