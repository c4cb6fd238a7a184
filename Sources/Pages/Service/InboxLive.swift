// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A notice as an open page reads it: finished words, so that scripts have none of their own.
struct LiveNotice: Codable, Hashable {
    var text: String
    var title: String?
    var path: String?
    var late: String?
    var acknowledgePath: String
    var acknowledge: String
    var open: String
    /// How many ask for รับทราบ, with this one.
    var waiting: Int
}

/// How many notices ask for รับทราบ, told when a page connects.
struct LiveCount: Codable, Hashable {
    var waiting: Int
}

extension Counter {
    /// GET /inbox/live: server-sent events. First what the page has missed (`Last-Event-ID`), then what comes.
    ///
    /// A line ends after a quarter of an hour, or when its session has ended; the browser then connects again and is
    /// asked anew who it is.
    func liveInbox(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        let last = request.lastEventID
        let token = request.cookie(sessionCookie).map(sessionHash)
        // Listen first, then look what was missed: nothing falls between the two, and what comes twice is sent once.
        let bell = await parts.bell.notices(for: person.id)
        let inbox = try await cabinet.inbox(of: person.id, limit: 100)
        let missed = last.map { last in Array(inbox.filter { $0.id > last }.reversed()) } ?? []
        var sent = inbox.map(\.id).max() ?? Notice.ID(0)
        let hello = try await LiveEvent(
            "waiting", json(LiveCount(waiting: cabinet.unacknowledged(of: person.id))), id: "\(sent)")
        let (events, feed) = AsyncStream.makeStream(of: LiveEvent.self, bufferingPolicy: .bufferingNewest(256))
        let source = Task {
            defer { feed.finish() }
            for notice in missed { feed.yield(try await event(notice, visit)) }
            feed.yield(hello)
            for await notice in bell where notice.id > sent {
                guard let token, try await cabinet.session(hash: token, at: now()) != nil else { return }
                sent = notice.id
                feed.yield(try await event(notice, visit))
            }
        }
        let end = Task {
            try await Task.sleep(for: .seconds(15 * 60))
            source.cancel()
        }
        feed.onTermination = { _ in
            source.cancel()
            end.cancel()
        }
        return .live(events)
    }

    private func event(_ notice: Notice, _ visit: Visit) async throws -> LiveEvent {
        let row = try await drawing(of: [notice], visit).row(notice)
        let words = words(visit)
        let live = LiveNotice(
            text: row.text, title: row.title, path: row.path, late: row.late?.word,
            acknowledgePath: "/inbox/\(notice.id)/acknowledgement", acknowledge: words("inbox.acknowledge"),
            open: words("inbox.open"), waiting: try await cabinet.unacknowledged(of: notice.person))
        return LiveEvent("notice", try json(live), id: "\(notice.id)")
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension Request {
    /// The last notice a page has heard of before its line broke (WHATWG HTML, 9.2.4).
    fileprivate var lastEventID: Notice.ID? {
        HTTPField.Name("Last-Event-ID").flatMap { headers[$0] }.flatMap { Notice.ID($0) }
    }
}
