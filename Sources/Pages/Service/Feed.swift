// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import NIOCore
import Secure

/// What the keys of calendars are kept for: one person's, or the whole office's.
enum FeedKey {
    static let person = "feed"
    static let office = "office-feed"
}

extension Counter {
    /// GET /feed/:token, which ends in `.ics`: a calendar (RFC 5545) for whoever holds the key, without signing in.
    ///
    /// Programs that subscribe ask again and again: an unchanged calendar is answered with 304 (RFC 9110, 13.1.2).
    func showFeed(_ request: Request, _ visit: Visit) async throws -> Response {
        let token = visit.parameters.get("token") ?? ""
        guard token.hasSuffix(".ics"), token.count <= 100 else { throw HTTPError(.notFound) }
        let hash = Hex.text(Digest.sha256(String(token.dropLast(4))))
        guard let feed = try await feed(hash) else { throw HTTPError(.notFound) }
        let office = try await cabinet.office()
        // Without a title, a unit and a place where the holder may not read the letter.
        let matters = try await cabinet.matters(feed.filter).map {
            $0.shown(to: feed.person, title: words(visit)("secret.title"), blank: "")
        }
        let text = parts.papers.calendarFeed(
            matters, name: "\(feed.name) · \(office.thaiName)", office: office, at: now())
        let tag = "\"\(Hex.text(Digest.sha256(text)).prefix(32))\""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "private, max-age=300"]
        if let last = matters.compactMap({ $0.folder.last?.at }).max() { headers[.lastModified] = httpDate(last) }
        let known = request.headers[.ifNoneMatch] ?? ""
        if known.split(separator: ",").contains(where: { $0.trimming() == tag || $0.trimming() == "W/\(tag)" }) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "text/calendar; charset=utf-8"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Whose calendar a key opens and what is in it; nil for a key that was taken back, and when its person has left.
    private func feed(_ hash: String) async throws -> (filter: MatterFilter, name: String, person: Person?)? {
        let now = now()
        var filter = MatterFilter()
        filter.during = Span(start: now - .days(90), end: now + .days(740))
        filter.order = .occasion
        filter.limit = 0
        if let key = try await cabinet.key(hash: hash, purpose: FeedKey.office, at: now), !key.isSpent {
            return (filter, "สัญญาณ", nil)
        }
        guard let key = try await cabinet.key(hash: hash, purpose: FeedKey.person, at: now), !key.isSpent,
            let person = try await cabinet.people().first(where: { $0.id == key.person }), person.isActive
        else { return nil }
        if !seesWholeOffice(person) { filter.officer = person.id }
        return (filter, person.name, person)
    }

    /// Who answers for all occasions sees all of them; officers see their own.
    func seesWholeOffice(_ person: Person) -> Bool {
        !person.roles.isDisjoint(with: [.secretariat, .executive, .network])
    }
}

/// A moment as HTTP writes it (RFC 9110, 5.6.7): `Mon, 23 Nov 2026 02:00:00 GMT`.
func httpDate(_ moment: Moment) -> String {
    // The Bangkok day of a moment seven hours earlier is the day in Greenwich.
    let greenwich = moment - .hours(7)
    let day = Day(of: greenwich)
    let seconds = Int((greenwich - day.start).milliseconds / 1000)
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(\.twoDigits).joined(separator: ":")
    return "\(weekdays[day.weekday]), \(day.dayOfMonth.twoDigits) \(months[day.month - 1]) \(day.year) \(time) GMT"
}
