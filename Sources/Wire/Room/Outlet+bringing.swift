// SPDX-License-Identifier: Apache-2.0
import HTTP
import Secure
import Studio

// Slides and files that people bring, and the test of a line: content that is taken as it comes.

extension Outlet {
    /// Whether a request's content is taken as it comes, however short it is.
    static func wantsSink(_ request: Request) -> Bool {
        if request.method == .put { return true }
        guard request.method == .post, case .roomDoor(_, .check) = Route(path: request.path) else { return false }
        return true
    }

    /// Who takes a request's content, or why nobody does. `length` is nil where it is not said before.
    func sink(
        for request: Request, length: Int?, from asker: any Asker, number: UInt32, peer: String
    ) -> SinkAnswer {
        let answer = { (body: Body) in asker.send(body, to: number) }
        let tooLong = SinkAnswer.refused(.sentence(413, "This address takes nothing so long."))
        guard case .roomDoor(let name, let thing) = Route(path: request.path), let (rooms, _) = rooms else {
            return tooLong
        }
        if thing == .check, request.method == .post {
            guard length ?? 0 <= RoomCheck.mostBytes else { return .refused(RoomBodies.refusal(.tooLong)) }
            return .sink(Drain(most: RoomCheck.mostBytes) { answer(RoomCheck.counted($0)) })
        }
        guard request.method == .put else { return tooLong }
        guard thing == .decks || thing == .files else { return .refused(Outlet.notAllowed) }
        guard let person = rooms.keys.person(Outlet.bearer(request), in: name) else {
            return .refused(RoomBodies.noToken)
        }
        guard length ?? 0 <= SinkAnswer.mostBytes else { return .refused(RoomBodies.refusal(.fileTooLarge)) }
        if thing == .decks, Outlet.type(of: request) != "application/pdf" {
            return .refused(RoomBodies.refusal(.notPDF))
        }
        guard rooms.keys.mayUpload(person, in: name) else { return .refused(RoomBodies.refusal(.tooOften)) }
        let visit = Bringing(
            name: name, person: person, title: request.parameter("name") ?? "", isDeck: thing == .decks)
        guard let path = rooms.draft(name), let file = file(path, visit, asker, number) else {
            rooms.keys.uploaded(person, in: name)
            return .refused(RoomBodies.refusal(.noFiles))
        }
        return .sink(file)
    }

    /// What somebody brings, and where.
    struct Bringing: Sendable {
        let name: String
        let person: PersonNumber
        let title: String
        let isDeck: Bool
    }

    private func file(_ path: String, _ visit: Bringing, _ asker: any Asker, _ number: UInt32) -> FileSink? {
        guard let (rooms, _) = rooms else { return nil }
        let reply = reply(to: asker, number)
        return FileSink(path, most: SinkAnswer.mostBytes, on: loop) { ending in
            rooms.keys.uploaded(visit.person, in: visit.name)
            switch ending {
            case .broken: break
            case .tooLong: reply(RoomBodies.refusal(.fileTooLarge))
            case .failed: reply(RoomBodies.refusal(.diskFull))
            case .written(let bytes):
                rooms.ask(visit.name, later: reply) { hall, done in hall.bring(visit, path, bytes, done) }
            }
        }
    }
}

extension RoomHouse {
    /// A path for something that is just coming into a room. Called from anywhere.
    func draft(_ name: String) -> String? {
        guard let folder = folder(of: name), door.plan(name) != nil else { return nil }
        let shelf = folder + "/shelf"
        // What is in the way is told to who brings something.
        guard (try? makeFolder(shelf)) != nil else { return nil }
        return shelf + "/" + Token.random(bytes: 12)
    }

    /// Does something in a room whose answer comes later.
    func ask(
        _ name: String, later reply: @escaping @Sendable (Body) -> Void,
        _ work: @escaping @Sendable (RoomHall, @escaping @Sendable (Body) -> Void) -> Void
    ) {
        loop.execute { [self] in
            guard let hall = hall(name) else { return reply(.notFound) }
            work(hall, reply)
        }
    }
}

extension RoomHall {
    private struct DeckAnswer: Encodable {
        var deck: String
        var pages: Int
    }

    /// Something has come whole.
    func bring(_ visit: Outlet.Bringing, _ path: String, _ bytes: Int, _ done: @escaping @Sendable (Body) -> Void) {
        do throws(RoomRefusal) {
            guard shelf.isOpen, bytes > 0 else { throw .empty }
            guard bytes <= shelf.room else { throw .diskFull }
            if visit.isDeck {
                guard DeckPages.program != nil else { throw .noFiles }
                try checkDeck(by: visit.person)
                guard RoomHall.isPDF(path) else { throw .notPDF }
                return draw(visit, path, bytes, done)
            }
            try checkFile(by: visit.person)
            let file = shelf.keep(path, name: visit.title, bytes: bytes)
            try add(file, by: visit.person)
            done(RoomBodies.json(201, file))
        } catch {
            shelf.forget(path)
            done(RoomBodies.refusal(error))
        }
    }

    private func draw(
        _ visit: Outlet.Bringing, _ path: String, _ bytes: Int, _ done: @escaping @Sendable (Body) -> Void
    ) {
        let folder = path + ".pages"
        drawPages(path, into: folder) { [weak self] pages in
            guard let self else { return }
            // The pages are enough; nobody reads the file itself any more.
            shelf.forget(path)
            do throws(RoomRefusal) {
                guard let pages else { throw .pagesFailed }
                let id = String(path.split(separator: "/").last ?? "")
                let deck = DeckCard(
                    id: id, name: RoomShelf.name(visit.title), pages: pages.names.count, by: visit.person,
                    width: pages.width, height: pages.height)
                try add(deck)
                shelf.keepDeck(id, path: folder, pages: pages.names, bytes: pages.bytes)
                done(RoomBodies.json(201, DeckAnswer(deck: id, pages: pages.names.count)))
            } catch {
                shelf.forget(folder)
                done(RoomBodies.refusal(error))
            }
        }
    }

    /// `%PDF-` stands within the first kilobyte (ISO 32000-1, annex H, note 13).
    private static func isPDF(_ path: String) -> Bool {
        let front = OpenFile(path)?.read(from: 0, count: 1_024) ?? []
        return front.firstRange(of: Array("%PDF-".utf8)) != nil
    }
}
