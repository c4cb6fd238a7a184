// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import FoundationEssentials

/// A calendar server that somebody may sign in to (RFC 4791, RFC 7617): one exchange, and what an answer means.
struct CalDAVServer: Sendable {
    let courier: any Courier
    let user: String
    let password: String
    /// For the wait before the next try.
    var tries = 0

    func ask(
        _ method: String, _ address: WebAddress, _ body: String = "", type: String = "application/xml; charset=utf-8",
        headers: [HeaderLine] = []
    ) async throws(Hindrance) -> Incoming {
        guard address.keepsSecrets else { throw Hindrance.mended(.unsafeAddress, "https://") }
        let name = Data("\(user):\(password)".utf8).base64EncodedString()
        var outgoing = Outgoing(
            method, address.text, headers: [HeaderLine("Authorization", "Basic \(name)")] + headers,
            body: Array(body.utf8), timeoutSeconds: 30, answerLimit: 8 << 20, mayStayInside: true)
        if !body.isEmpty { outgoing.headers.append(HeaderLine("Content-Type", type)) }
        do {
            return try await courier.send(outgoing)
        } catch {
            throw Hindrance(trouble: Trouble(error), isPassing: true, after: nil)
        }
    }

    /// A PROPFIND (RFC 4918 section 9.1).
    func find(
        _ properties: String, at address: WebAddress, depth: Int = 0
    ) async throws(Hindrance) -> [DAVResponse] {
        let body = """
            <?xml version="1.0" encoding="utf-8"?>
            <d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>\(properties)</d:prop></d:propfind>
            """
        let answer = try await ask("PROPFIND", address, body, headers: [HeaderLine("Depth", String(depth))])
        guard answer.status == 207 else { throw hindrance(answer) }
        guard let root = DAVNode.read(answer.body) else { throw Hindrance.later(.nonsense) }
        return DAVResponse.all(root)
    }

    /// What an answer that is no success means for who has to mend it.
    func hindrance(_ answer: Incoming) -> Hindrance {
        let pause = answer.retryAfter ?? BackOff.pause(tries: tries, for: user)
        let said = "HTTP \(answer.status)"
        switch answer.status {
        case 301, 302, 303, 307, 308: return .mended(.rejected, "\(said) \(answer.header("Location") ?? "")")
        case 401: return .mended(.wrongCredentials, said)
        case 403, 405: return .mended(.notAllowed, said)
        // The collection itself is missing (RFC 4918 section 9.7.1 says 409).
        case 404, 409, 410: return .mended(.gone, said)
        case 413: return .never(.tooLarge, said)
        case 423, 429, 503: return .later(.busy, said, after: pause)
        case 507: return .later(.quotaUsed, said, after: max(pause, .minutes(10)))
        case 500...: return .later(.unreachable, said, after: pause)
        default: return .never(.rejected, said)
        }
    }
}
