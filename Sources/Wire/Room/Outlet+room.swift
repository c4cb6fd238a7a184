// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP
import Media
import SDP
import Secure
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// The doors of a meeting's room. Everything here runs on the outlet's loop; what must be asked of a room is asked on its
// own and answered later.

extension Outlet {
    /// What is read of a room.
    func room(_ name: String, _ thing: RoomThing, _ request: Request, _ asker: any Asker, _ number: UInt32) {
        guard let (rooms, place) = rooms else { return asker.send(.notFound, to: number) }
        let reply = reply(to: asker, number)
        let token = Outlet.bearer(request)
        switch thing {
        case .about: rooms.ask(name, reply: reply) { RoomBodies.json(200, RoomAbout($0, pass: token)) }
        case .events:
            let stream = RoomStream(outlet: place, id: floor.expect(asker, number))
            rooms.listen(name, token: token, stream, last: UInt64(request.lastEvent))
        case .page(let deck, let page): picture(name, deck, page, token, reply)
        case .file(let id): file(name, id, token, reply)
        case .check: asker.send(RoomCheck.bytes(request), to: number)
        case .recording(let folder, let file): recording(folder, file, of: name, request, reply)
        case .session, .people, .asks, .calls, .decks, .files, .checkResult: asker.send(Outlet.notAllowed, to: number)
        }
    }

    /// What is asked of a room.
    func roomPost(
        _ name: String, _ thing: RoomThing, _ request: Request, _ peer: String, _ asker: any Asker, _ number: UInt32
    ) {
        guard let (rooms, _) = rooms else { return asker.send(.notFound, to: number) }
        let reply = reply(to: asker, number)
        let token = Outlet.bearer(request)
        switch thing {
        case .people: enter(name, request, peer, reply)
        case .asks:
            guard request.content.count <= RoomAsk.mostBytes, let ask = JSON.decode(RoomAsk.self, request.content)
            else {
                return asker.send(RoomBodies.unreadable, to: number)
            }
            rooms.ask(name, token: token, reply: reply) { hall, person in
                do throws(RoomRefusal) {
                    try hall.take(ask, from: person)
                    return .done
                } catch {
                    return RoomBodies.refusal(error)
                }
            }
        case .calls(let way): call(way, name, request, token, asker, number)
        case .check: asker.send(RoomCheck.counted(request.content.count), to: number)
        case .checkResult: checked(name, request, token, reply)
        case .about, .events, .session, .decks, .page, .files, .file, .recording:
            asker.send(Outlet.notAllowed, to: number)
        }
    }

    // MARK: Coming in

    private func enter(_ name: String, _ request: Request, _ peer: String, _ reply: @escaping @Sendable (Body) -> Void)
    {
        guard let (rooms, _) = rooms, let written = JSON.decode(RoomEntry.self, request.content) else {
            return reply(RoomBodies.unreadable)
        }
        // A proxy on this machine says who it asks for.
        let isProxied = peer == "127.0.0.1" || peer == "::1"
        let address = isProxied && !request.forwardedFor.isEmpty ? request.forwardedFor : peer
        let ice = door?.relay(at: Clock.wall()).map { [$0] } ?? []
        rooms.ask(name, reply: reply) { hall in
            do throws(RoomRefusal) {
                guard rooms.mayTry(address) else { throw .tooOften }
                let newcomer: Newcomer
                do throws(RoomRefusal) {
                    newcomer = try written.newcomer(to: hall.plan, at: Clock.wall())
                } catch {
                    if error == .wrongPass { rooms.tried(address) }
                    throw error
                }
                let (person, token) = try hall.enter(newcomer)
                return RoomBodies.json(201, RoomWelcome(person, token, hall, ice))
            } catch {
                return RoomBodies.refusal(error)
            }
        }
    }

    private func checked(
        _ name: String, _ request: Request, _ token: String, _ reply: @escaping @Sendable (Body) -> Void
    ) {
        guard let (rooms, _) = rooms, let written = JSON.decode(RoomCheck.Written.self, request.content) else {
            return reply(RoomBodies.unreadable)
        }
        let (agent, person) = (request.agent, rooms.keys.person(token, in: name))
        rooms.ask(name, reply: reply) { hall in
            hall.checked(written, by: person, agent: agent) ? .done : RoomBodies.noToken
        }
    }

    // MARK: Calls

    private func call(
        _ way: CallWay, _ name: String, _ request: Request, _ token: String, _ asker: any Asker, _ number: UInt32
    ) {
        guard let (rooms, _) = rooms else { return asker.send(.notFound, to: number) }
        guard Outlet.type(of: request) == Outlet.offerType else {
            return asker.send(Outlet.unsupported(Outlet.offerType), to: number)
        }
        guard let person = rooms.keys.person(token, in: name) else { return asker.send(RoomBodies.noToken, to: number) }
        let (offer, reply) = (String(decoding: request.content, as: UTF8.self), reply(to: asker, number))
        rooms.loop.execute {
            guard let hall = rooms.hall(name) else { return reply(.notFound) }
            do throws(RoomRefusal) {
                try hall.checkCall(way, by: person)
            } catch {
                return reply(RoomBodies.refusal(error))
            }
            rooms.door.call(way, name, offer: offer) { result in
                rooms.loop.execute {
                    switch result {
                    case .failure(let refusal): reply(Outlet.body(refusal))
                    case .success(let seated):
                        guard let hall = rooms.hall(name) else { return reply(.notFound) }
                        // What follows is told to the engine before the answer goes out, so before anything can come in.
                        hall.called(person, way, seated)
                        reply(
                            Outlet.created(
                                "/room/\(name)/calls", seated.welcome, rooms.door.links(at: Clock.wall())))
                    }
                }
            }
        }
    }

    /// A session of somebody's is changed (PATCH) or ended (DELETE).
    func roomSession(_ name: String, _ session: String, _ request: Request, _ asker: any Asker, _ number: UInt32) {
        guard let (rooms, _) = rooms else { return asker.send(.notFound, to: number) }
        guard let person = rooms.keys.person(Outlet.bearer(request), in: name) else {
            return asker.send(RoomBodies.noToken, to: number)
        }
        let (seat, outlet) = (Seat(asker, number), self)
        rooms.loop.execute {
            let isTheirs = rooms.hall(name)?.has(session, person) ?? false
            outlet.loop.execute {
                guard isTheirs else { return seat.asker.send(.notFound, to: seat.number) }
                outlet.change(session, request, seat.asker, seat.number)
            }
        }
    }

    // MARK: What people brought

    private func picture(
        _ name: String, _ deck: String, _ page: Int, _ token: String, _ reply: @escaping @Sendable (Body) -> Void
    ) {
        guard let (rooms, _) = rooms else { return reply(.notFound) }
        rooms.ask(name, token: token, reply: reply) { hall, person in
            guard hall.isInside(person), let path = hall.shelf.page(page, of: deck) else { return .notFound }
            let type = path.hasSuffix(".png") ? "image/png" : "image/jpeg"
            return Outlet.body(of: path, type: type, cache: "private, max-age=86400, immutable")
        }
    }

    private func file(
        _ name: String, _ id: String, _ token: String, _ reply: @escaping @Sendable (Body) -> Void
    ) {
        guard let (rooms, _) = rooms else { return reply(.notFound) }
        rooms.ask(name, token: token, reply: reply) { hall, person in
            guard hall.isInside(person), let (file, path) = hall.shelf.files[id] else { return .notFound }
            // Whatever it is, it is kept and not shown: a page of somebody's must not run in our name.
            let named = "attachment; filename=\"file\"; filename*=UTF-8''\(Outlet.escaped(file.name))"
            return Outlet.body(
                of: path, type: "application/octet-stream", cache: "private, no-store",
                more: [("content-disposition", named), ("content-security-policy", "sandbox")])
        }
    }

    private static func body(of path: String, type: String, cache: String, more: [(String, String)] = []) -> Body {
        guard let file = OpenFile(path), let count = file.count else { return .notFound }
        return Body([], type: type, cache: cache, more: more, file: (file, 0, count))
    }

    /// RFC 5987: what is no plain character is written as its bytes.
    private static func escaped(_ name: String) -> String {
        name.utf8.map { Route.isPlain($0) ? String(UnicodeScalar($0)) : "%" + Hex.text([$0]).uppercased() }.joined()
    }
}

extension OpenFile {
    /// How many bytes it has.
    var count: Int? {
        var about = stat()
        return fstat(number, &about) == 0 && about.st_mode & S_IFMT == S_IFREG ? Int(about.st_size) : nil
    }
}
