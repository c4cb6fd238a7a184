// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Rehearsal
import Secure
import Synchronization
import Testing

@testable import Pages

/// A whole office without a port: a cabinet in memory, a shelf in a folder of its own, invented people who are signed in.
///
/// Made for a page: "somsri opens /desk", "wichai presses approve".
struct OfficeFixture {
    let cabinet: any Cabinet
    let site: Site
    let counter: Counter
    let clock: Wall
    let folder: String

    /// A clock on the wall that stands where a test puts it.
    final class Wall: Sendable {
        private let moment: Mutex<Moment>
        init(_ now: Moment) { moment = Mutex(now) }
        var now: Moment { moment.withLock { $0 } }
        func set(_ now: Moment) { moment.withLock { $0 = now } }
    }

    init(
        at now: Moment = Samples.now, studio: (any StudioRoom)? = nil, ways: (any WayRoom)? = nil
    ) async throws {
        cabinet = try SQLiteCabinet.inMemory()
        folder = FileManager.default.temporaryDirectory.appending(path: "office-\(Token.random(bytes: 9))").path
        clock = Wall(now)
        let wall = clock
        let parts = SiteParts(
            cabinet: cabinet, shelf: try FileShelf(at: folder), papers: BlankPapers(), bell: StillBell(),
            studio: studio, ways: ways, secret: [UInt8](repeating: 7, count: 32), now: { wall.now }, isDemo: false)
        counter = Counter(paper: try Stationery(), parts: parts)
        site = Site(paper: counter.paper, parts: parts)
        try await cabinet.save(Samples.office, by: nil, at: now)
        for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: now) }
        for room in Samples.rooms {
            var new = room
            new.id = Room.ID(0)
            #expect(try await cabinet.save(new, by: nil, at: now).id == room.id)
        }
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            #expect(try await cabinet.save(new, passwordHash: nil, by: nil, at: now).id == person.id)
            try await cabinet.openSession(
                hash: sessionHash("key-\(person.username)"), person: person.id, until: now + .days(365))
        }
    }

    /// The cookie of a person who is signed in.
    func cookie(_ person: Person?) -> [String: String] {
        person.map { ["Cookie": "\(sessionCookie)=key-\($0.username)"] } ?? [:]
    }

    /// Opens a page as somebody; nobody is signed in when nil.
    func get(_ path: String, as person: Person? = nil, method: String = "GET") async throws -> Answer {
        try await site.ask(method, path, headers: cookie(person))
    }

    /// Sends a form without files. Names may stand more than once.
    func post(_ path: String, _ fields: KeyValuePairs<String, String>, as person: Person? = nil) async throws -> Answer
    {
        var headers = cookie(person)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        return try await site.ask("POST", path, headers: headers, body: body)
    }

    /// Sends a form whose names stand once each.
    func post(_ path: String, fields: [String: String], as person: Person? = nil) async throws -> Answer {
        var headers = cookie(person)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        return try await site.ask("POST", path, headers: headers, body: body)
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true).paddedToTwo
        }.joined()
    }

    /// A matter that real acts have brought to a stage; it came at the fixture's first moment.
    @discardableResult
    func matter(
        at stage: Stage, letter: Letter? = nil, contact: Contact = Samples.contact,
        assignment: Assignment = Samples.assignment, received: Moment = Samples.now
    ) async throws -> Matter {
        let letter = letter ?? Samples.letter(at: received)
        var matter = try await cabinet.receive(
            letter, contact: contact, documents: [], via: .web, keyingSeconds: nil, by: .requester, at: received,
            once: nil)
        for stride in Samples.strides(to: stage, letter: letter, received: received, assignment: assignment) {
            matter = try await cabinet.perform(
                stride.act, on: matter.id, by: stride.hand, at: received + stride.after, seen: nil, contact: nil,
                lateReason: "", once: nil)
        }
        #expect(matter.stage == stage)
        return matter
    }

    /// The matter as the cabinet has it now.
    func now(_ id: Matter.ID) async throws -> Matter { try #require(try await cabinet.matter(id)) }
}

/// Papers that say what they would have printed: the real room is tested where it is built.
struct BlankPapers: PaperRoom {
    func qrCode(_ text: String) -> String { "<svg viewBox=\"0 0 1 1\" role=\"img\"><title>QR</title></svg>" }
    func charts(of report: MonthlyReport, names: ReportNames) -> [ReportChart] { [] }
    func reportPDF(of report: MonthlyReport, record: ReportRecord, names: ReportNames, office: Office) async throws
        -> [UInt8]
    { Array("%PDF-report".utf8) }
    func spreadsheet(header: [String], rows: [[String]]) -> [UInt8] {
        Array(([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n").utf8)
    }
    func returnPDF(of matter: Matter, contact: Contact?, signer: Person?, office: Office) async throws -> [UInt8] {
        Array("%PDF-return".utf8)
    }
    func receiptPDF(of matter: Matter, trackingLink: String, office: Office) async throws -> [UInt8] {
        Array("%PDF-receipt".utf8)
    }
    func minutesPDF(
        of matter: Matter, settings: MeetSettings, sittings: [Sitting], office: Office
    ) async throws -> [UInt8] { Array("%PDF-minutes of \(sittings.count)".utf8) }
    func calendarFeed(_ matters: [Matter], name: String, office: Office, at now: Moment) -> String {
        "\(name): " + matters.map { "\($0.id)" }.joined(separator: " ")
    }
}

/// A bell that never rings.
struct StillBell: Bell {
    func notices(for person: Person.ID) async -> AsyncStream<Notice> { AsyncStream { $0.finish() } }
}

extension String {
    fileprivate var paddedToTwo: String { count < 2 ? "0" + self : self }
}

extension Answer {
    /// The text of the page without tags, its white space drawn together.
    var text: String {
        body.replacing(/<[^>]*>/, with: " ").split { $0.isWhitespace }.joined(separator: " ")
    }

    /// The value of the first hidden or typed field of a name.
    func field(_ name: String) -> String? {
        let marks = body.matches(of: /<input[^>]*>/).map { String($0.0) }
        return marks.first { $0.contains("name=\"\(name)\"") }?.firstMatch(of: /value="([^"]*)"/).map { String($0.1) }
    }

    var location: String? { headers["location"] }
}
