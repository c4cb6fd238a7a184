// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// A client of a meeting's room that speaks HTTP/1.1 by hand, one connection for each request.
struct RoomClient {
    struct Answer {
        var status = 0
        var head = ""
        var text = ""
        /// The content as a JSON object.
        var json: [String: Any] {
            // What is no object has nothing in it.
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        }
        var code: String { json["code"] as? String ?? "" }
    }

    let port: UInt16
    let room: String
    var token = ""

    init(_ studio: RunningStudio, _ room: String) throws {
        port = try #require(studio.http.split(separator: ":").last.flatMap { UInt16($0) })
        self.room = room
    }

    init(port: UInt16, room: String) { (self.port, self.room) = (port, room) }

    private func request(_ method: String, _ path: String, _ content: [UInt8]?, _ more: [String]) -> [UInt8] {
        var lines = ["\(method) /room/\(room)\(path) HTTP/1.1", "host: 127.0.0.1"] + more
        if !token.isEmpty { lines.append("authorization: Bearer \(token)") }
        if let content { lines.append("content-length: \(content.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (content ?? [])
    }

    func send(
        _ method: String, _ path: String, _ content: [UInt8]? = nil, _ more: [String] = []
    ) throws -> Answer {
        let line = try Caller(port)
        line.say(request(method, path, content, more + ["connection: close"]))
        var heard: [UInt8] = []
        while let bytes = line.hear(), !bytes.isEmpty { heard += bytes }
        let text = String(decoding: heard, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return Answer() }
        let head = String(text[..<end.lowerBound])
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, head: head.lowercased(), text: String(text[end.upperBound...]))
    }

    func get(_ path: String) throws -> Answer { try send("GET", path) }
    func post(_ path: String, _ json: String) throws -> Answer { try send("POST", path, Array(json.utf8)) }
    func ask(_ json: String) throws -> Answer { try post("/asks", json) }

    /// Comes in and keeps the token.
    mutating func enter(_ json: String) throws -> Answer {
        let answer = try post("/people", json)
        token = answer.json["token"] as? String ?? ""
        return answer
    }

    /// Listens to the events.
    func listen(after last: String? = nil) throws -> RoomEvents {
        let line = try Caller(port)
        line.say(request("GET", "/events", nil, last.map { ["last-event-id: \($0)"] } ?? []))
        return RoomEvents(line)
    }
}

/// A stream of events, as it comes.
final class RoomEvents {
    private let line: Caller
    private var rest = ""
    private(set) var status = 0
    private(set) var last = ""
    private(set) var all: [[String: Any]] = []
    private(set) var isOver = false

    init(_ line: Caller) { self.line = line }

    var kinds: [String] { all.compactMap { $0["kind"] as? String } }
    func find(_ kind: String) -> [[String: Any]] { all.filter { $0["kind"] as? String == kind } }

    /// Reads until it is so. False when the stream ends first, or nothing comes for eight seconds.
    func wait(until condition: (RoomEvents) -> Bool) -> Bool {
        while !condition(self) {
            guard let bytes = line.hear(), !bytes.isEmpty else {
                isOver = true
                return condition(self)
            }
            take(String(decoding: bytes, as: UTF8.self))
        }
        return true
    }

    func hangUp() { line.hangUp() }

    private func take(_ text: String) {
        rest += text
        if status == 0, let end = rest.range(of: "\r\n\r\n") {
            status = rest.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            rest = String(rest[end.upperBound...])
        }
        var blocks = rest.components(separatedBy: "\n\n")
        rest = blocks.removeLast()
        for line in blocks.flatMap({ $0.components(separatedBy: "\n") }) {
            if line.hasPrefix("id: ") { last = String(line.dropFirst(4)) }
            guard line.hasPrefix("data: ") else { continue }
            // A line that is no object shows in what is missing.
            let found = try? JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8))
            if let object = found as? [String: Any] { all.append(object) }
        }
    }
}
