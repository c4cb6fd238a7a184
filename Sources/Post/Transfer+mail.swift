// SPDX-License-Identifier: Apache-2.0
import CCurl

extension Transfer {
    /// An exchange with a server of mail; `scheme` is `smtp` or `imap`, and `path` what follows the port.
    static func mail(
        _ server: MailServer, scheme: String, path: String, timeoutSeconds: Int, answerLimit: Int, authorities: String?
    ) throws(MailFault) -> Transfer {
        let hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
        let isNumber = server.host.hasPrefix("[") && server.host.hasSuffix("]")
        guard
            isNumber && InternetAddress(String(server.host.dropFirst().dropLast())) != nil
                || !server.host.isEmpty
                    && server.host.allSatisfy({ hostLetters.contains($0) || !$0.isASCII && $0.isLetter }),
            (1...65_535).contains(server.port), isClean(path), isClean(server.user), isClean(server.password)
        else { throw .badAddress }
        let full = server.protection == .tls ? scheme + "s" : scheme
        guard
            let transfer = Transfer(
                address: "\(full)://\(server.host):\(server.port)/\(path)", timeoutSeconds: timeoutSeconds,
                answerLimit: answerLimit, mayStayInside: true, authorities: authorities)
        else { throw .unreachable("no memory") }
        transfer.set(CURLOPT_PROTOCOLS_STR, full)
        if server.protection == .startTLS { transfer.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        // A password is never said in the clear.
        if !server.user.isEmpty, server.protection != .none {
            transfer.set(CURLOPT_USERNAME, server.user)
            transfer.set(CURLOPT_PASSWORD, server.password)
            transfer.set(CURLOPT_SASL_IR, 1)
        }
        return transfer
    }

    /// Whether an exchange came to its good end.
    func succeed(_ end: End) throws(MailFault) {
        switch end {
        case .done(CURLE_OK): return
        case .done(let code): throw mailFault(code)
        case .expired: throw .timedOut(wasSent: false)
        case .cancelled: throw .timedOut(wasSent: isUploaded)
        case .closed: throw isUploaded ? .cut : .unreachable("the program is ending")
        }
    }

    private func mailFault(_ code: CURLcode) -> MailFault {
        if isTooLarge { return .nonsense }
        let status = told(CURLINFO_RESPONSE_CODE)
        let reply = refusal(status)
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .badAddress
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(wasSent: isUploaded)
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR:
            return (400..<500).contains(status) ? .notNow(status, reply) : .wrongCredentials(reply)
        case CURLE_USE_SSL_FAILED: return .notProtected
        case CURLE_QUOTE_ERROR, CURLE_REMOTE_FILE_NOT_FOUND: return .never(0, reply)
        default: break
        }
        if (400..<500).contains(status) { return .notNow(status, reply) }
        if (500..<600).contains(status) { return .never(status, reply) }
        return isUploaded ? .cut : .unreachable(words(code))
    }

    /// The server's line that said no; what it says in parting is none.
    private func refusal(_ status: Int) -> String {
        let lines = head.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self).oneLine }
        let no = lines.last { $0.hasPrefix("\(status)") || $0.contains(" NO ") || $0.contains(" BAD ") }
        return String((no ?? lines.last ?? "").prefix(200))
    }

    /// A text as one part of an address (RFC 3986 section 2).
    static func quoted(_ text: String) -> String {
        text.utf8.map { byte in
            let letter = Character(UnicodeScalar(byte))
            if byte < 0x80, letter.isLetter || letter.isNumber || "-._~".contains(letter) { return String(letter) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

extension PostOffice {
    /// Hands a mail to a server that takes it on, to the mail's one recipient (RFC 5321).
    ///
    /// - Parameters:
    ///   - sender: where reports about it go (the envelope's address); the mail's own From when nil, nowhere when empty.
    ///   - greeting: the name by which we call ourselves; the sender's domain when nil.
    ///   - timeoutSeconds: for the whole of it; section 4.5.3.2 wants ten minutes for the end alone, an office less.
    public func send(
        _ mail: Mail, by server: MailServer, sender: String? = nil, greeting: String? = nil, timeoutSeconds: Int = 120
    ) async throws(MailFault) {
        let from = sender ?? mail.from.address
        guard Self.isAddress(mail.to.address), from.isEmpty || Self.isAddress(from) else { throw .badAddress }
        let name = greeting ?? mail.from.address.split(separator: "@").last.map(String.init) ?? ""
        let transfer = try Transfer.mail(
            server, scheme: "smtp", path: Transfer.quoted(name), timeoutSeconds: timeoutSeconds, answerLimit: 1 << 16,
            authorities: authorities)
        let bytes = mail.written()
        if bytes.isEmpty { throw .unreachable("no memory") }
        transfer.set(CURLOPT_MAIL_FROM, "<\(from)>")
        transfer.set(CURLOPT_MAIL_RCPT, ["<\(mail.to.address)>"])
        transfer.setUpload(bytes)
        try transfer.succeed(await carry(transfer))
    }

    /// Signs in at a server that takes mail, and sends none.
    public func greet(
        _ server: MailServer, greeting: String, timeoutSeconds: Int = 20
    ) async throws(MailFault) {
        let transfer = try Transfer.mail(
            server, scheme: "smtp", path: Transfer.quoted(greeting), timeoutSeconds: timeoutSeconds,
            answerLimit: 1 << 16,
            authorities: authorities)
        transfer.set(CURLOPT_CUSTOMREQUEST, "NOOP")
        transfer.set(CURLOPT_NOBODY, 1)
        try transfer.succeed(await carry(transfer))
    }

    /// One address without anything that would end it early; its parts are the servers' affair.
    public static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty, !domain.isEmpty,
            local.utf8.count <= 64, domain.utf8.count <= 255
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !"<>()[],;:\\\"".unicodeScalars.contains($0)
        }
    }
}
