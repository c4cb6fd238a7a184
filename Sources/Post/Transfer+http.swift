// SPDX-License-Identifier: Apache-2.0
import CCurl
import Envelope

extension Transfer {
    /// An exchange by HTTP/2 or HTTP/1.1 (RFC 9110), set up as the request says.
    static func http(_ outgoing: Outgoing, authorities: String?) throws(PostFault) -> Transfer {
        let isPlain = outgoing.address.lowercased().hasPrefix("http://")
        guard isPlain && outgoing.mayStayInside || outgoing.address.lowercased().hasPrefix("https://"),
            isToken(outgoing.method), isClean(outgoing.address),
            outgoing.headers.allSatisfy({ isToken($0.name) && isClean($0.value) })
        else { throw .badAddress }
        guard
            let transfer = Transfer(
                address: outgoing.address, timeoutSeconds: outgoing.timeoutSeconds, answerLimit: outgoing.answerLimit,
                mayStayInside: outgoing.mayStayInside, authorities: authorities)
        else { throw .unreachable("no memory") }
        transfer.set(CURLOPT_PROTOCOLS_STR, isPlain ? "http" : "https")
        transfer.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        transfer.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Rather one more stream of a connection that is being made than one more connection.
        if !isPlain { transfer.set(CURLOPT_PIPEWAIT, 1) }
        transfer.set(CURLOPT_USERAGENT, "Sanyan")
        let method = outgoing.method.uppercased()
        if method == "HEAD" {
            transfer.set(CURLOPT_NOBODY, 1)
        } else if outgoing.body.isEmpty, method != "POST", method != "PUT", method != "PATCH" {
            transfer.set(CURLOPT_HTTPGET, 1)
        } else {
            transfer.set(CURLOPT_POST, 1)
            transfer.setBody(outgoing.body)
        }
        if method != "HEAD" { transfer.set(CURLOPT_CUSTOMREQUEST, outgoing.method) }
        transfer.set(CURLOPT_HTTPHEADER, lines(outgoing.headers))
        return transfer
    }

    /// Header fields as libcurl takes them. What it would add of itself is left out.
    private static func lines(_ headers: [HeaderLine]) -> [String] {
        var lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for name in ["Content-Type", "Expect"] where !headers.contains(where: { $0.isNamed(name) }) {
            lines.append("\(name):")
        }
        return lines
    }

    /// A token of RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// No control character: nothing that would begin another line.
    static func isClean(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    /// The answer, or why there is none.
    func incoming(_ end: End) throws(PostFault) -> Incoming {
        if case .done(CURLE_OK) = end {
            return Incoming(status: told(CURLINFO_RESPONSE_CODE), headers: lastHeaders, body: answer)
        }
        throw fault(end)
    }

    /// Why an exchange came to nothing.
    func fault(_ end: End) -> PostFault {
        switch end {
        case .done(let code): fault(code)
        case .expired: .timedOut(wasSent: false)
        case .cancelled: .timedOut(wasSent: hasBegun)
        case .closed: hasBegun ? .cut : .unreachable("the program is ending")
        }
    }

    private func fault(_ code: CURLcode) -> PostFault {
        if isTooLarge { return .tooLarge }
        // An address outside may have been tried beside one inside; then it is the other one that did not answer.
        if metInside, !hasBegun { return .unsafeAddress }
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED: return .badAddress
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(wasSent: hasBegun)
        default: return hasBegun ? .cut : .unreachable(words(code))
        }
    }

    /// The header fields of the last of the answers: what came before were interim ones (RFC 9110 section 15.2).
    private var lastHeaders: [HeaderLine] {
        var headers: [HeaderLine] = []
        for line in head.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("HTTP/") { headers = [] }
            guard !text.hasPrefix("HTTP/"), let colon = text.firstIndex(of: ":") else { continue }
            headers.append(
                HeaderLine(String(text[..<colon]), text[text.index(after: colon)...].trimmed))
        }
        return headers
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: String {
        var rest = self[...]
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest.drop(while: \.isWhitespace))
    }
}
