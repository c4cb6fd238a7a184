// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Secure

extension HTTPField.Name {
    static let lineSignature = HTTPField.Name("x-line-signature")
}

extension Counter {
    /// The largest body that LINE's webhook may send, in bytes.
    private static let lineLimit = 262_144
    /// So many things of one user are heard in ten minutes; codes cannot be guessed at leisure.
    private static let linePace = 20

    /// POST /hooks/line: what people do in the talk with the office's account.
    ///
    /// The signature is checked before anything is parsed. What is heard is written down and answered by the outbox; this
    /// request waits for nobody.
    func hearLine(_ request: Request, _ visit: Visit) async throws -> Response {
        let record = try await cabinet.way(.line)
        guard record.isOn, let settings = LineSettings(json: record.settings), settings.isComplete
        else { throw HTTPError(.notFound) }
        let body = Array(try await request.body.collect(upTo: Self.lineLimit).readableBytesView)
        let signature = HTTPField.Name.lineSignature.flatMap { request.headers[$0] }
        guard LineCall.isSigned(body, signature, secret: settings.secret) else { throw HTTPError(.unauthorized) }
        guard let events = LineCall.events(body) else { throw HTTPError(.badRequest) }
        for event in events where await mayBeHeard(event) { try await cabinet.take(event, at: now()) }
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: "{}")))
    }

    /// Blocking the account and pressing รับทราบ are always heard.
    private func mayBeHeard(_ event: LineEvent) async -> Bool {
        switch event.what {
        case .unfollowed, .acknowledged: true
        case .followed, .code, .wrote:
            await throttle.allows("line \(event.user)", limit: Self.linePace, within: .minutes(10), at: now())
        }
    }
}

/// What LINE's webhook says (Messaging API reference, "Webhook event objects").
enum LineCall {
    /// `x-line-signature` is base64 of the HMAC-SHA256 of the raw body under the channel secret.
    static func isSigned(_ body: [UInt8], _ signature: String?, secret: String) -> Bool {
        guard let signature, signature.utf8.count <= 100, let code = Data(base64Encoded: signature) else {
            return false
        }
        return HMAC.isEqual(Array(code), HMAC.sha256(body, key: Array(secret.utf8)))
    }

    /// The events that matter here, in their order; nil for a body that is none of LINE's. What is unknown is passed
    /// over, for LINE adds to its objects without notice.
    static func events(_ body: [UInt8]) -> [LineEvent]? {
        // Signed and no JSON is told to LINE as a bad request.
        guard let call = try? JSONDecoder().decode(Call.self, from: Data(body)) else { return nil }
        return call.events.compactMap(\.told)
    }

    private struct Call: Decodable { var events: [Event] }

    private struct Event: Decodable {
        struct Source: Decodable {
            var type: String
            var userId: String?
        }
        struct Message: Decodable {
            var type: String
            var text: String?
        }
        struct Postback: Decodable { var data: String }

        var type: String
        var mode: String?
        var timestamp: Int64?
        var webhookEventId: String?
        var source: Source?
        var replyToken: String?
        var message: Message?
        var postback: Postback?

        /// Nil for what is said in groups, on standby, or of a kind that means nothing here.
        var told: LineEvent? {
            guard mode != "standby", let id = webhookEventId, (1...64).contains(id.utf8.count), let source,
                source.type == "user", let user = source.userId, isUser(user), let timestamp, let what
            else { return nil }
            let token = replyToken.flatMap { (1...200).contains($0.utf8.count) ? $0 : nil }
            return LineEvent(
                id: id, user: user, at: Moment(milliseconds: timestamp), what: what, replyToken: token)
        }

        private var what: LineEvent.What? {
            switch type {
            case "follow": .followed
            case "unfollow": .unfollowed
            case "message": message.flatMap { LineCode.hash(typed: $0.text ?? "") }.map { .code(hash: $0) } ?? .wrote
            case "postback": postback.flatMap { notice($0.data) }.map { .acknowledged($0) }
            default: nil
            }
        }

        private func notice(_ data: String) -> Notice.ID? {
            data.hasPrefix("acknowledge/") ? Notice.ID(String(data.dropFirst("acknowledge/".count))) : nil
        }

        private func isUser(_ text: String) -> Bool {
            text.utf8.count == 33 && text.hasPrefix("U")
                && text.dropFirst().allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
        }
    }
}

/// The one-time code by which a person shows that a LINE account is theirs.
enum LineCode {
    static func draw() -> String { Token.word(letters: LineEvent.codeLength) }

    static func hash(of code: String) -> String { Hex.text(Digest.sha256(code)) }

    /// The hash of what was typed, when it looks like a code: in whatever case, with or without blanks.
    static func hash(typed text: String) -> String? {
        guard text.utf8.count <= 64 else { return nil }
        let plain = text.lowercased().filter { !$0.isWhitespace && $0 != "-" }
        guard plain.count == LineEvent.codeLength, plain.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        return hash(of: plain)
    }
}
