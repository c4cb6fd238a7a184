// SPDX-License-Identifier: Apache-2.0
import Envelope
import Foundation

/// The body of a push or a reply, read as strictly as LINE's reference describes it: every property known, every limit
/// kept. Lengths are in UTF-16 units, as LINE counts them.
struct LineMessage {
    struct Fault: Hashable, Sendable {
        var property: String
        var message: String
    }

    struct Order: Hashable, Sendable {
        var to: String
        var messages: [One]
    }

    struct One: Hashable, Sendable {
        var text: String
        var altText: String?
        var postbacks: [String] = []
        var links: [String] = []
    }

    /// In a fault's property: the body was not even looked at.
    static let wrongType = "content-type"
    static let noJSON = "json"

    private var faults: [Fault] = []

    /// - Parameter addressed: `to` for a push, `replyToken` for a reply.
    static func read(_ outgoing: Outgoing, addressed: String) -> (order: Order?, faults: [Fault]) {
        let types = outgoing.headers.filter { $0.isNamed("Content-Type") }.map(\.value)
        guard types.count == 1, types[0].split(separator: ";").first?.lowercased() == "application/json"
        else { return (nil, [Fault(property: wrongType, message: "")]) }
        // What is no JSON has no other name than that.
        guard let body = (try? JSONSerialization.jsonObject(with: Data(outgoing.body))) as? [String: Any]
        else { return (nil, [Fault(property: noJSON, message: "")]) }
        var reader = LineMessage()
        let order = reader.order(body, addressed: addressed)
        return reader.faults.isEmpty ? (order, []) : (nil, reader.faults)
    }

    private mutating func order(_ body: [String: Any], addressed: String) -> Order {
        know(
            body,
            [addressed, "messages", "notificationDisabled"] + (addressed == "to" ? ["customAggregationUnits"] : []), "")
        let to = body[addressed] as? String ?? ""
        if addressed == "to" ? !Self.isRecipient(to) : to.isEmpty {
            fault(addressed, "The property, '\(addressed)', in the request body is invalid (line: -, column: -)")
        }
        if let silent = body["notificationDisabled"], !(silent is Bool) {
            fault("notificationDisabled", "must be boolean")
        }
        let messages = body["messages"] as? [[String: Any]] ?? []
        if !(1...5).contains(messages.count) { fault("messages", "Size must be between 1 and 5") }
        return Order(
            to: to, messages: messages.enumerated().map { one($0.element, "messages[\($0.offset)]") })
    }

    private mutating func one(_ message: [String: Any], _ place: String) -> One {
        switch message["type"] as? String {
        case "text":
            know(message, ["type", "text"], place)
            return One(text: text(message, "text", 1...5000, place))
        case "template":
            know(message, ["type", "altText", "template"], place)
            let alt = text(message, "altText", 1...400, place)
            var one = template(message["template"] as? [String: Any] ?? [:], place + ".template")
            one.altText = alt
            return one
        default:
            fault(place + ".type", "must be one of the following values: [text, template]")
            return One(text: "")
        }
    }

    /// The buttons template without picture and title.
    private mutating func template(_ template: [String: Any], _ place: String) -> One {
        know(template, ["type", "text", "actions"], place)
        if template["type"] as? String != "buttons" { fault(place + ".type", "must be buttons") }
        var one = One(text: text(template, "text", 1...160, place))
        let actions = template["actions"] as? [[String: Any]] ?? []
        if !(1...4).contains(actions.count) { fault(place + ".actions", "Size must be between 1 and 4") }
        for (index, action) in actions.enumerated() {
            let spot = "\(place).actions[\(index)]"
            _ = text(action, "label", 1...20, spot)
            switch action["type"] as? String {
            case "postback":
                know(action, ["type", "label", "data", "displayText"], spot)
                one.postbacks.append(text(action, "data", 1...300, spot))
                if action["displayText"] != nil { _ = text(action, "displayText", 1...300, spot) }
            case "uri":
                know(action, ["type", "label", "uri"], spot)
                let uri = text(action, "uri", 1...1000, spot)
                if !["https://", "http://", "line://", "tel:"].contains(where: uri.hasPrefix) {
                    fault(spot + ".uri", "invalid uri scheme")
                }
                one.links.append(uri)
            default: fault(spot + ".type", "must be one of the following values: [postback, uri]")
            }
        }
        return one
    }

    // MARK: Rules

    private mutating func fault(_ property: String, _ message: String) {
        faults.append(Fault(property: property, message: message))
    }

    private mutating func know(_ object: [String: Any], _ names: [String], _ place: String) {
        for name in object.keys.sorted() where !names.contains(name) {
            fault(place.isEmpty ? name : "\(place).\(name)", "Unknown property")
        }
    }

    private mutating func text(
        _ object: [String: Any], _ name: String, _ lengths: ClosedRange<Int>, _ place: String
    ) -> String {
        guard let text = object[name] as? String, !text.isEmpty else {
            fault("\(place).\(name)", "May not be empty")
            return ""
        }
        if !lengths.contains(text.utf16.count) {
            fault("\(place).\(name)", "Length must be between \(lengths.lowerBound) and \(lengths.upperBound)")
        }
        return text
    }

    /// A user, a room or a group: its letter and 32 hexadecimal digits.
    static func isRecipient(_ text: String) -> Bool {
        text.utf8.count == 33 && "UCR".contains(text.first ?? " ") && text.dropFirst().allSatisfy(isLowerHex)
    }

    /// `123e4567-e89b-12d3-a456-426614174000`
    static func isUUID(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(isLowerHex) }
    }

    private static func isLowerHex(_ letter: Character) -> Bool { "0123456789abcdef".contains(letter) }
}

extension Incoming {
    /// An answer in JSON, its keys sorted.
    static func json(_ status: Int, _ body: [String: Any]) -> Incoming {
        // The values above are strings, numbers and lists of them, which are always JSON.
        let text = (try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])) ?? Data()
        return Incoming(
            status: status, headers: [HeaderLine("Content-Type", "application/json")], body: Array(text))
    }
}
