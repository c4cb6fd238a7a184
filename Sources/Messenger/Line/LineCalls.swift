// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope

/// One conversation with LINE's interface: signed in, by one office's settings.
struct LineCalls: Sendable {
    let settings: LineSettings
    let courier: any Courier

    func get(_ path: String) async throws(PostFault) -> Incoming {
        try await courier.send(outgoing("GET", path, headers: []))
    }

    /// - Parameter retryKey: the mark of sameness; only where LINE takes one.
    func post(_ path: String, _ body: [UInt8], retryKey: String?) async throws(PostFault) -> Incoming {
        var headers = [HeaderLine("Content-Type", "application/json")]
        if let retryKey { headers.append(HeaderLine("X-Line-Retry-Key", retryKey)) }
        var request = outgoing("POST", path, headers: headers)
        request.body = body
        return try await courier.send(request)
    }

    private func outgoing(_ method: String, _ path: String, headers: [HeaderLine]) -> Outgoing {
        Outgoing(
            method, settings.address + path,
            headers: [HeaderLine("Authorization", "Bearer \(settings.token)")] + headers,
            timeoutSeconds: 15, answerLimit: 64 * 1024, mayStayInside: settings.address != LineSettings.realAddress)
    }

    // MARK: What an answer means

    /// What became of a message, by LINE's answer.
    static func carriage(_ answer: Incoming) -> Carriage {
        switch answer.status {
        case 200:
            let sent = LineAnswer.read(LineAnswer.Sent.self, answer.body)?.sentMessages.first?.id
            return .accepted(reference: sent ?? answer.header("x-line-request-id") ?? "")
        case 409:
            // The same key was accepted before: what it carried has arrived, and the first answer was lost.
            guard let first = answer.header("x-line-accepted-request-id") else { return .later(trouble(answer)) }
            return .accepted(reference: first)
        case 401: return .later(trouble(answer), after: .minutes(5))
        case 429:
            let why = trouble(answer)
            return why.kind == .quotaUsed ? .never(why) : .later(why, after: answer.retryAfter)
        case 400, 402...499: return .never(trouble(answer))
        default: return .later(trouble(answer), after: answer.retryAfter)
        }
    }

    /// What hinders, by LINE's answer; its own words go to the administrator.
    static func trouble(_ answer: Incoming) -> Trouble {
        let said = LineAnswer.read(LineAnswer.Fault.self, answer.body)?.said ?? "HTTP \(answer.status)"
        return switch answer.status {
        case 400: Trouble(.rejected, said)
        case 401: Trouble(.wrongCredentials, said)
        case 403: Trouble(.notAllowed, said)
        case 404, 410: Trouble(.gone, said)
        case 413: Trouble(.tooLarge, said)
        case 429: Trouble(said.lowercased().contains("monthly limit") ? .quotaUsed : .busy, said)
        case 402..<500 where answer.status != 409: Trouble(.rejected, said)
        case 500...: Trouble(.busy, said)
        default: Trouble(.nonsense, said)
        }
    }

    /// What a request that was never answered means: the same again later, under the same key.
    static func carriage(_ fault: PostFault) -> Carriage {
        switch fault {
        case .badAddress, .unsafeAddress: .never(Trouble(fault))
        default: .later(Trouble(fault))
        }
    }
}
