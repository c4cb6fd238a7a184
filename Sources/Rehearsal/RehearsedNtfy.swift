// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import Foundation

/// A stand-in for a server of ntfy, strict by its documentation ("Publish as JSON", "Action buttons", "Access tokens"):
/// an unknown field, a wrong topic or too large a message is refused, where the real one would be silent.
public struct RehearsedNtfy: Sendable {
    public struct Message: Hashable, Sendable {
        public var topic: String
        public var title: String
        public var message: String
        public var priority: Int
        public var click: String
        /// Label, address and body of the one button; empty for none.
        public var button: [String]
    }

    private let address: String
    private let token: String
    public private(set) var messages: [Message] = []
    public private(set) var faults: [String] = []
    /// Statuses that the next requests meet, with Retry-After when there are seconds.
    public var moods: [(status: Int, retryAfterSeconds: Int?)] = []

    public init(address: String = "https://ntfy.example.ac.th", token: String = "tk_example") {
        self.address = address
        self.token = token
    }

    public mutating func answer(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        if !moods.isEmpty {
            let mood = moods.removeFirst()
            let wait = mood.retryAfterSeconds.map { [HeaderLine("Retry-After", "\($0)")] } ?? []
            return Incoming(status: mood.status, headers: wait)
        }
        if outgoing.method == "GET", outgoing.address == address + "/v1/health" {
            return Incoming(status: 200, body: Array(#"{"healthy":true}"#.utf8))
        }
        guard outgoing.method == "POST", outgoing.address == address + "/" else { return refuse(404, "page not found") }
        guard outgoing.headers.first(where: { $0.isNamed("Authorization") })?.value == "Bearer \(token)" else {
            return refuse(401, "unauthorized")
        }
        if outgoing.body.count > 8192 { return refuse(413, "message too large") }
        guard let read = try? JSONSerialization.jsonObject(with: Data(outgoing.body)) as? [String: Any],
            let message = Self.message(read)
        else { return refuse(400, "invalid request: request body must be valid JSON") }
        messages.append(message)
        return Incoming(
            status: 200,
            body: Array(#"{"id":"m\#(messages.count)","event":"message","topic":"\#(message.topic)"}"#.utf8))
    }

    private mutating func refuse(_ status: Int, _ why: String) -> Incoming {
        faults.append("\(status) \(why)")
        return Incoming(status: status, body: Array(#"{"code":\#(status)01,"http":\#(status),"error":"\#(why)"}"#.utf8))
    }

    private static func message(_ read: [String: Any]) -> Message? {
        let known: Set = ["topic", "title", "message", "priority", "tags", "click", "actions"]
        guard Set(read.keys).isSubset(of: known), let topic = read["topic"] as? String, isTopic(topic),
            let title = read["title"] as? String, let text = read["message"] as? String, text.utf8.count <= 4096,
            let priority = read["priority"] as? Int, (1...5).contains(priority), read["tags"] is [String],
            let click = read["click"] as? String, click.hasPrefix("http")
        else { return nil }
        let actions = read["actions"] as? [[String: Any]] ?? []
        guard actions.count <= 3, let buttons = buttons(actions) else { return nil }
        return Message(
            topic: topic, title: title, message: text, priority: priority, click: click, button: buttons.first ?? [])
    }

    private static func isTopic(_ topic: String) -> Bool {
        (1...64).contains(topic.utf8.count)
            && topic.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    }

    private static func buttons(_ actions: [[String: Any]]) -> [[String]]? {
        var buttons: [[String]] = []
        for action in actions {
            let known: Set = ["action", "label", "url", "method", "headers", "body", "clear"]
            guard Set(action.keys).isSubset(of: known), action["action"] as? String == "http",
                action["method"] as? String == "POST", let label = action["label"] as? String,
                let url = action["url"] as? String, let body = action["body"] as? String,
                action["headers"] is [String: String]
            else { return nil }
            buttons.append([label, url, body])
        }
        return buttons
    }
}
