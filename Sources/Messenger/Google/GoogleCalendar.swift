// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import FoundationEssentials

/// One calendar of Google Calendar, by its API v3 (https://developers.google.com/workspace/calendar/api/v3/reference).
struct GoogleCalendar: OutsideCalendar {
    static let address = "https://www.googleapis.com/calendar/v3"

    let courier: any Courier
    let tokens: GoogleTokens
    let key: GoogleKey
    /// The calendar's id; a person's own is their mail address.
    let name: String
    /// Whom the account acts for; nil for itself.
    let person: String?
    let now: Moment
    /// For the wait before the next try.
    var tries = 0

    func eventName(for entry: CalendarEntry) -> String { GoogleEvent.id(of: entry.uid) }

    func add(_ entry: CalendarEntry, as event: String) async throws(Hindrance) -> Placement {
        let answer = try await ask("POST", events + "?sendUpdates=none", GoogleEvent(entry, id: event))
        switch answer.status {
        case 200: return .taken(etag: try read(GoogleEvent.self, answer).etag ?? "")
        case 409: return .isThere
        default: throw hindrance(answer)
        }
    }

    func change(_ entry: CalendarEntry, as event: String, over etag: String) async throws(Hindrance) -> Placement {
        let condition = etag.isEmpty ? [] : [HeaderLine("If-Match", etag)]
        let answer = try await ask(
            "PUT", "\(events)/\(escaped(event))?sendUpdates=none", GoogleEvent(entry, id: event), condition)
        switch answer.status {
        case 200: return .taken(etag: try read(GoogleEvent.self, answer).etag ?? "")
        case 412: return .changedThere
        case 404, 410: return .isGone
        default: throw hindrance(answer)
        }
    }

    func remove(_ event: String, over etag: String) async throws(Hindrance) -> Placement {
        let condition = etag.isEmpty ? [] : [HeaderLine("If-Match", etag)]
        let answer = try await ask("DELETE", "\(events)/\(escaped(event))?sendUpdates=none", nil, condition)
        switch answer.status {
        case 200, 204: return .taken(etag: "")
        case 412: return .changedThere
        case 404, 410: return .isGone
        default: throw hindrance(answer)
        }
    }

    func read(_ event: String) async throws(Hindrance) -> Standing? {
        let answer = try await ask("GET", "\(events)/\(escaped(event))", nil)
        if answer.status == 404 || answer.status == 410 {
            // Not there: or is the whole calendar gone, which is another thing?
            _ = try await accessRole()
            return nil
        }
        guard answer.status == 200 else { throw hindrance(answer) }
        let found = try read(GoogleEvent.self, answer)
        return Standing(content: found.content, etag: found.etag ?? "", isCancelled: found.status == "cancelled")
    }

    /// The most pages of one look; a calendar with more than so many times 250 changes is looked at anew the next time.
    private static let mostPages = 200

    func changes(since token: String) async throws(Hindrance) -> Changes {
        var changes = Changes(isWhole: token.isEmpty)
        var page = ""
        for _ in 0..<Self.mostPages {
            // Only names and versions: what else is in the calendar is none of our business.
            var query = "maxResults=250&fields=nextPageToken%2CnextSyncToken%2Citems(id%2Cstatus%2Cetag)"
            if !token.isEmpty { query += "&syncToken=\(escaped(token))" }
            if !page.isEmpty { query += "&pageToken=\(escaped(page))" }
            let answer = try await ask("GET", "\(events)?\(query)", nil)
            // The token is too old: everything is looked at anew.
            if answer.status == 410, !token.isEmpty { return try await self.changes(since: "") }
            guard answer.status == 200 else { throw hindrance(answer) }
            let listed = try read(Listing.self, answer)
            for item in listed.items ?? [] {
                guard let id = item.id else { continue }
                if item.status == "cancelled" {
                    changes.deleted.insert(id)
                    changes.present[id] = nil
                } else {
                    changes.present[id] = item.etag ?? ""
                }
            }
            if let next = listed.nextPageToken {
                page = next
            } else {
                changes.token = listed.nextSyncToken ?? ""
                return changes
            }
        }
        throw Hindrance.later(.tooLarge)
    }

    /// What the account may do with the calendar: `writer` and `owner` may write (`accessRole` of a list).
    func accessRole() async throws(Hindrance) -> String {
        let answer = try await ask("GET", "\(events)?maxResults=1&fields=accessRole", nil)
        guard answer.status == 200 else { throw hindrance(answer) }
        return try read(Listing.self, answer).accessRole ?? ""
    }

    private struct Listing: Decodable {
        let items: [GoogleEvent]?
        let nextPageToken: String?
        let nextSyncToken: String?
        let accessRole: String?
    }

    // MARK: Asking

    private var events: String { "\(Self.address)/calendars/\(escaped(name))/events" }

    private func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default: out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return out
    }

    /// Asks once; a token that Google no longer knows is drawn anew, once.
    private func ask(
        _ method: String, _ address: String, _ body: GoogleEvent?, _ more: [HeaderLine] = []
    ) async throws(Hindrance) -> Incoming {
        let answer = try await askOnce(method, address, body, more)
        guard answer.status == 401 else { return answer }
        await tokens.forget(key, as: person)
        return try await askOnce(method, address, body, more)
    }

    private func askOnce(
        _ method: String, _ address: String, _ body: GoogleEvent?, _ more: [HeaderLine]
    ) async throws(Hindrance) -> Incoming {
        let token = try await tokens.token(key, as: person, at: now)
        var outgoing = Outgoing(method, address, headers: [HeaderLine("Authorization", "Bearer \(token)")] + more)
        if let body {
            guard let text = try? JSONEncoder().encode(body) else { throw Hindrance.never(.ourFault) }
            outgoing.headers.append(HeaderLine("Content-Type", "application/json"))
            outgoing.body = Array(text)
        }
        do {
            return try await courier.send(outgoing)
        } catch {
            throw Hindrance(trouble: Trouble(error), isPassing: true, after: nil)
        }
    }

    private func read<Answer: Decodable>(_ type: Answer.Type, _ answer: Incoming) throws(Hindrance) -> Answer {
        // Reading again later finds the same event, so nothing is lost by not understanding an answer.
        guard let read = try? JSONDecoder().decode(type, from: Data(answer.body)) else {
            throw Hindrance.later(.nonsense)
        }
        return read
    }

    /// https://developers.google.com/workspace/calendar/api/guides/errors
    private func hindrance(_ answer: Incoming) -> Hindrance {
        struct Refusal: Decodable {
            struct Fault: Decodable {
                struct Reason: Decodable { let reason: String? }
                let message: String?
                let errors: [Reason]?
            }
            let error: Fault
        }
        let fault = (try? JSONDecoder().decode(Refusal.self, from: Data(answer.body)))?.error
        let reason = fault?.errors?.first?.reason ?? ""
        let said = [reason, fault?.message ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        let pause = answer.retryAfter ?? BackOff.pause(tries: tries, for: name)
        switch (answer.status, reason) {
        case (401, _): return .mended(.wrongCredentials, said)
        case (403, "rateLimitExceeded"), (403, "userRateLimitExceeded"): return .later(.busy, said, after: pause)
        case (403, "quotaExceeded"), (403, "dailyLimitExceeded"), (403, "calendarUsageLimitsExceeded"):
            return .later(.quotaUsed, said, after: max(pause, .minutes(10)))
        case (403, _): return .mended(.notAllowed, said)
        case (404, _): return .mended(.gone, said)
        case (429, _): return .later(.busy, said, after: pause)
        case (500..., _): return .later(.unreachable, said.isEmpty ? "\(answer.status)" : said, after: pause)
        default: return .never(.rejected, said.isEmpty ? "\(answer.status)" : said)
        }
    }
}
