// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import Secure

/// One calendar collection of a CalDAV server (RFC 4791), one resource for each matter.
struct CalDAVCalendar: OutsideCalendar {
    let server: CalDAVServer
    /// Ends with a slash.
    let address: WebAddress

    var name: String { address.text }

    /// A name of letters and digits alone, so that no server writes it in another way.
    func eventName(for entry: CalendarEntry) -> String {
        "sanyan\(Hex.text(Digest.sha256(entry.uid).prefix(16))).ics"
    }

    func add(_ entry: CalendarEntry, as event: String) async throws(Hindrance) -> Placement {
        try await put(entry, event, HeaderLine("If-None-Match", "*"), ifNot: .isThere)
    }

    func change(_ entry: CalendarEntry, as event: String, over etag: String) async throws(Hindrance) -> Placement {
        let condition = etag.isEmpty ? nil : HeaderLine("If-Match", etag)
        return try await put(entry, event, condition, ifNot: .changedThere)
    }

    private func put(
        _ entry: CalendarEntry, _ event: String, _ condition: HeaderLine?, ifNot other: Placement
    ) async throws(Hindrance) -> Placement {
        var text = ICalendarText()
        text.begin(method: nil)
        text.event(entry)
        text.end()
        let answer = try await server.ask(
            "PUT", resource(event), text.text, type: "text/calendar; charset=utf-8",
            headers: condition.map { [$0] } ?? [])
        switch answer.status {
        case 200, 201, 204:
            if let etag = answer.header("ETag") { return .taken(etag: etag) }
            // A server that has changed something in it says no version (RFC 4791, 5.3.4).
            return .taken(etag: try await read(event)?.etag ?? "")
        case 412: return other
        default: throw server.hindrance(answer)
        }
    }

    func remove(_ event: String, over etag: String) async throws(Hindrance) -> Placement {
        let answer = try await server.ask(
            "DELETE", resource(event), headers: etag.isEmpty ? [] : [HeaderLine("If-Match", etag)])
        switch answer.status {
        case 200, 202, 204: return .taken(etag: "")
        case 404, 410: return .isGone
        // Some servers say so of a resource that is not there at all (RFC 9110 section 13.1.1).
        case 412: return .changedThere
        default: throw server.hindrance(answer)
        }
    }

    func read(_ event: String) async throws(Hindrance) -> Standing? {
        let answer = try await server.ask("GET", resource(event), headers: [HeaderLine("Accept", "text/calendar")])
        if answer.status == 404 || answer.status == 410 {
            // Not there: or is the whole calendar gone, which is another thing?
            _ = try await server.find("<d:resourcetype/>", at: address)
            return nil
        }
        guard answer.status == 200 else { throw server.hindrance(answer) }
        // What cannot be read is shown as such, with its times unknown.
        let content =
            ICalendarReader.content(answer.body)
            ?? CalendarContent(title: "", place: "", description: "", span: nil)
        return Standing(
            content: content, etag: answer.header("ETag") ?? "",
            isCancelled: ICalendarReader.isCancelled(answer.body))
    }

    func changes(since token: String) async throws(Hindrance) -> Changes {
        var changes = Changes(isWhole: token.isEmpty, token: token)
        // A server may cut a long answer (RFC 6578 section 3.6): then its token leads on.
        for _ in 0..<50 {
            let body = """
                <?xml version="1.0" encoding="utf-8"?>
                <d:sync-collection xmlns:d="DAV:"><d:sync-token>\(escaped(changes.token))</d:sync-token>\
                <d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>
                """
            let answer = try await server.ask("REPORT", address, body, headers: [HeaderLine("Depth", "0")])
            if answer.status != 207 { return try await afterRefusal(answer, token) }
            guard let root = DAVNode.read(answer.body) else { throw Hindrance.later(.nonsense) }
            let isCut = take(DAVResponse.all(root), into: &changes)
            let before = changes.token
            changes.token = root.first("DAV:|sync-token")?.trimmed ?? ""
            if !isCut || changes.token == before { return changes }
        }
        throw Hindrance.later(.tooLarge)
    }

    /// The token is too old (RFC 6578 section 3.2: a failed precondition), or the server knows no such report at all.
    private func afterRefusal(_ answer: Incoming, _ token: String) async throws(Hindrance) -> Changes {
        switch answer.status {
        case 401, 404, 410, 423, 429, 503: throw server.hindrance(answer)
        default: if !token.isEmpty { return try await changes(since: "") }
        }
        guard answer.status < 500 || answer.status == 501 else { throw server.hindrance(answer) }
        var changes = Changes(isWhole: true)
        _ = take(try await server.find("<d:getetag/><d:resourcetype/>", at: address, depth: 1), into: &changes)
        return changes
    }

    /// - Returns: whether the server has cut its answer short.
    private func take(_ responses: [DAVResponse], into changes: inout Changes) -> Bool {
        var isCut = false
        for response in responses {
            let event = WebAddress.lastPart(response.href)
            if response.status == 507 {
                isCut = true
            } else if response.status == 404 {
                changes.deleted.insert(event)
                changes.present[event] = nil
            } else if let etag = response.property("DAV:|getetag")?.trimmed, !etag.isEmpty {
                changes.present[event] = etag
                changes.deleted.remove(event)
            }
        }
        return isCut
    }

    private func resource(_ event: String) -> WebAddress {
        var resource = address
        resource.path += event
        return resource
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
