// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Logging
import Messenger
import Post
import Rehearsal
import Testing

@testable import Stagehands

/// A real calendar server (Radicale) on a free loopback port, and an office whose occasions go there by the real post.
final class RadicaleDesk {
    let address: String
    let cabinet: SQLiteCabinet
    let office = try? PostOffice()
    private let folder: URL
    private let child: Child
    private(set) var now = Samples.now

    private init(folder: URL, port: UInt16) async throws {
        self.folder = folder
        address = "http://127.0.0.1:\(port)/"
        cabinet = try SQLiteCabinet.inMemory(errandsChanged: {})
        try "office:s3cret\n".write(to: folder.appending(path: "users"), atomically: true, encoding: .utf8)
        try """
        [server]
        hosts = 127.0.0.1:\(port)
        [auth]
        type = htpasswd
        htpasswd_filename = \(folder.path)/users
        htpasswd_encryption = plain
        delay = 0
        [storage]
        filesystem_folder = \(folder.path)/collections
        [logging]
        level = warning
        """.write(to: folder.appending(path: "config"), atomically: true, encoding: .utf8)
        child = try Child(
            Harness.python, ["-m", "radicale", "--config", folder.path + "/config"],
            ProcessInfo.processInfo.environment,
            log: folder.appending(path: "log"), echo: false)
    }

    /// Radicale with one calendar, and an office that knows it.
    static func open() async throws -> RadicaleDesk {
        let desk = try await RadicaleDesk(folder: try scratch("radicale"), port: try freePort())
        try await desk.prepare()
        return desk
    }

    private func prepare() async throws {
        var isOpen = false
        // It refuses connections until it listens: that is what is waited for.
        for _ in 0..<400 where !isOpen && child.isRunning {
            isOpen = (try? await ask("GET", ".web/"))?.status != nil
            if !isOpen { try await Task.sleep(for: .milliseconds(25)) }
        }
        try #require(isOpen, "it never listened; it said: \(child.said)")
        try await makeCalendar("room")
        try await cabinet.save(Samples.office, by: nil, at: now)
        for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: now) }
        for room in Samples.rooms {
            var new = room
            new.id = Room.ID(0)
            _ = try await cabinet.save(new, by: nil, at: now)
        }
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            _ = try await cabinet.save(new, passwordHash: nil, by: nil, at: now)
        }
        try await use(CalDAVSettings(address: address, user: "office", password: "s3cret"))
    }

    func stop() async {
        child.signal(SIGTERM)
        _ = await child.end(withinSeconds: 5)
        office?.close()
        remove(folder)
    }

    func use(_ settings: CalDAVSettings) async throws {
        let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        try await cabinet.save(.caldav, settings: text, isOn: true, by: nil, at: now)
    }

    // MARK: The server itself, as another program sees it

    func ask(_ method: String, _ path: String, _ body: String = "", headers: [HeaderLine] = []) async throws -> Incoming
    {
        let name = Data("office:s3cret".utf8).base64EncodedString()
        return try await #require(office).send(
            Outgoing(
                method, address + path, headers: [HeaderLine("Authorization", "Basic \(name)")] + headers,
                body: Array(body.utf8), timeoutSeconds: 5, mayStayInside: true))
    }

    func makeCalendar(_ name: String) async throws {
        let body = """
            <?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
            <d:displayname>\(name)</d:displayname><c:supported-calendar-component-set><c:comp name="VEVENT"/>
            </c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>
            """
        #expect(try await ask("MKCALENDAR", "office/\(name)/", body).status == 201)
    }

    /// What stands there as text; nil when nothing does.
    func text(_ copy: CalendarCopy?) async throws -> String? {
        guard let copy else { return nil }
        let answer = try await ask("GET", "office/room/\(copy.event)")
        return answer.status == 200 ? String(decoding: answer.body, as: UTF8.self) : nil
    }

    // MARK: The office

    func matter(at stage: Desk.Stage) async throws -> Matter {
        let letter = Samples.letter()
        var matter = try await cabinet.receive(
            letter, contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil, by: .requester, at: now,
            once: nil)
        for stride in Samples.strides(to: stage, letter: letter, received: now) {
            matter = try await act(stride.act, matter.id, by: stride.hand)
        }
        return matter
    }

    @discardableResult
    func act(_ act: Act, _ id: Matter.ID, by hand: Hand) async throws -> Matter {
        try await cabinet.perform(
            act, on: id, by: hand, at: now, seen: nil, contact: nil, lateReason: "", once: nil)
    }

    /// Everything that waits is carried, by the outbox and the postman themselves.
    func carry(_ matter: Matter) async throws -> [Delivery] {
        let quiet = Logger(label: "radicale", factory: { _ in SwiftLogNoOpLogHandler() })
        let moment = now
        let post = try #require(office)
        let postman = Postman(
            cabinet: cabinet, carriers: [CalDAVCarrier(cabinet: cabinet, courier: post)], logger: quiet, now: { moment }
        )
        let outbox = Outbox(cabinet: cabinet, bell: Doorbell(), postman: postman, logger: quiet, now: { moment })
        try await outbox.carryDue()
        _ = try await postman.carryDue()
        return try await cabinet.deliveries(of: matter.id).filter { $0.way == .caldav }
    }

    func copy(of matter: Matter) async throws -> CalendarCopy? {
        try await cabinet.calendarCopies(of: matter.id).first { $0.way == .caldav }
    }

    func probe() async throws -> Trouble? {
        await CalDAVCarrier(cabinet: cabinet, courier: try #require(office)).probe(for: nil, at: now)
    }

    func look() async throws {
        let post = try #require(office)
        let moment = now
        await CalendarRounds(
            cabinet: cabinet, google: GoogleCarrier(cabinet: cabinet, courier: post),
            caldav: CalDAVCarrier(cabinet: cabinet, courier: post),
            logger: Logger(label: "rounds", factory: { _ in SwiftLogNoOpLogHandler() }), now: { moment }
        ).look()
    }
}
