// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP
import Media
import Secure
import Studio

// What a request is answered with. Everything here runs on the outlet's loop.

extension Outlet {
    func receive(_ request: Request, from asker: any Asker, number: UInt32, peer: String) {
        let route = Route(path: request.path)
        switch request.method {
        case .get, .head: break
        case .options: return asker.send(Outlet.options, to: number)
        case .post: return post(request, route, peer, asker, number)
        case .patch, .delete: return change(request, route, asker, number)
        // Content that is put is taken as it comes; what comes here has none of it.
        case .put: return asker.send(Outlet.notAllowed, to: number)
        case .other: return asker.send(Outlet.notAllowed, to: number)
        }
        switch route {
        case .health: asker.send(.sentence(200, "ok"), to: number)
        case .metrics: metrics(asker, number)
        case .watch(let name): asker.send(watchPage(name, request), to: number)
        case .asset(let name): asker.send(WatchPage.files[name], to: number)
        case .entrance(let name, let isPlain): asker.send(showIn(name, isPlain: isPlain, request), to: number)
        case .live(let name, let word, let thing):
            guard let house = houses[name] else { return asker.send(.notFound, to: number) }
            guard let viewer = member(word, of: house, name) else { return asker.send(.noTicket, to: number) }
            live(house, viewer, thing, request, asker, number)
        case .walkIn(let name, let thing):
            guard let house = houses[name] else { return asker.send(.notFound, to: number) }
            guard house.plan.door == .open else { return asker.send(.noTicket, to: number) }
            // A proxy on this machine says who it asks for.
            let isProxied = peer == "127.0.0.1" || peer == "::1"
            let address = isProxied && !request.forwardedFor.isEmpty ? request.forwardedFor : peer
            live(house, Pass.number(address + " " + request.agent), thing, request, asker, number)
        case .preview(let name, let ticket, let thing):
            guard let house = houses[name] else { return asker.send(.notFound, to: number) }
            guard isGood(ticket, .preview, house.plan) else { return asker.send(.noTicket, to: number) }
            switch thing {
            case .past, .film: film(house, thing, request, asker, number)
            default: stream(house.preview, thing, request, asker, number)
            }
        case .room(let name): asker.send(roomPage(name), to: number)
        case .roomAsset(let name): asker.send(RoomPage.files[name], to: number)
        case .roomDoor(let name, let thing): room(name, thing, request, asker, number)
        case .captions, .call: asker.send(Outlet.notAllowed, to: number)
        case .nothing: asker.send(.notFound, to: number)
        }
    }

    // MARK: Who may come in

    /// Sends a viewer to addresses with a pass of their own.
    private func showIn(_ name: String, isPlain: Bool, _ request: Request) -> Body {
        guard let house = houses[name] else { return .notFound }
        if house.plan.door != .open {
            guard let ticket = request.parameter("ticket"), isGood(Substring(ticket), .viewer, house.plan) else {
                return .noTicket
            }
        }
        let word = pass.draw(into: name, atMinute: Clock.wall().milliseconds / 60_000)
        let place = "/live/\(name)/v/\(word)/\(isPlain ? "plain" : "index").m3u8"
        return Body([], type: "text/plain", cache: "no-store", status: 302, more: [("location", place)])
    }

    private func isGood(_ ticket: Substring, _ kind: Ticket.Kind, _ plan: Plan) -> Bool {
        guard !plan.ticketKey.isEmpty, let key = Hex.bytes(plan.ticketKey) else { return false }
        return Ticket.isGood(
            String(ticket), key: key, name: plan.name, kind: kind, atSecond: Clock.wall().milliseconds / 1_000)
    }

    /// The viewer's number, when the pass is good. A pass is reckoned once and remembered.
    private func member(_ word: Substring, of house: House, _ name: String) -> UInt64? {
        let number = Pass.number(word)
        if house.program.members[number] != nil { return number }
        let minute = Clock.wall().milliseconds / 60_000
        guard let until = pass.goodUntil(String(word), into: name, atMinute: minute) else { return nil }
        house.program.members[number] = until
        return number
    }

    private func roomPage(_ name: String) -> Body {
        guard let plan = door?.plan(name) else { return .notFound }
        return RoomPage.page(name: plan.name, title: plan.title, embedders: plan.embedders)
    }

    private func watchPage(_ name: String, _ request: Request) -> Body {
        guard let house = houses[name] else { return .notFound }
        return WatchPage.page(house.plan, request)
    }

    /// Where a request leads when it is for a piece of a stream that its sender may see.
    func visit(_ request: Request) -> Visit? {
        guard request.method == .get, case .live(let name, let word, let thing) = Route(path: request.path),
            let house = houses[name], let viewer = member(word, of: house, name)
        else { return nil }
        switch thing {
        case .index, .playlist, .file: break
        default: return nil
        }
        return Visit(prefix: Array("/live/\(name)/v/\(word)/".utf8), house: house, viewer: viewer, word: String(word))
    }

    /// Serves one more piece of the stream: `target` is what stands behind the visit's prefix. False when the visit is
    /// out of date, or it is something else.
    func serve(
        _ target: UnsafeRawBufferPointer, _ visit: Visit, zips: Bool, to asker: any Asker, number: UInt32
    ) -> Bool {
        let house = visit.house
        guard house.program.members[visit.viewer] != nil else { return false }
        var end = 0
        while end < target.count, target[end] != 0x3F {
            if target[end] == 0x2F { return false }
            end += 1
        }
        let name = UnsafeRawBufferPointer(rebasing: target[..<end])
        guard let thing = Route.Thing(media: name) else { return false }
        let query = UnsafeRawBufferPointer(rebasing: target[min(end + 1, target.count)...])
        guard let reload = Reload(bytes: query) else { return false }
        if case .file = thing { house.program.seen[visit.viewer] = loop.now }
        let ask = Ask(thing: thing, reload: reload, zips: zips)
        switch house.program.answer(ask) {
        case .send(let body): asker.send(body, to: number)
        case .wait: house.program.wait(asker, number: number, ask, since: loop.now)
        }
        return true
    }

    // MARK: The stream

    private func live(
        _ house: House, _ viewer: UInt64, _ thing: Route.Thing, _ request: Request, _ asker: any Asker, _ number: UInt32
    ) {
        switch thing {
        case .events: house.program.listen(asker, number: number, viewer: viewer)
        case .captions: asker.send(house.program.captions, to: number)
        case .past, .film:
            guard isOffered(thing, by: house) else { return asker.send(.notFound, to: number) }
            // Whoever looks back while it goes on is watching.
            if case .film(_, "media.mp4") = thing, house.program.past?.isEnded == false {
                house.program.seen[viewer] = loop.now
            }
            film(house, thing, request, asker, number)
        case .remarks: asker.send(Outlet.notAllowed, to: number)
        case .index, .playlist, .file:
            if case .file = thing { house.program.seen[viewer] = loop.now }
            stream(house.program, thing, request, asker, number)
        }
    }

    private func stream(
        _ hall: Hall, _ thing: Route.Thing, _ request: Request, _ asker: any Asker, _ number: UInt32
    ) {
        guard let reload = Reload(query: request.query) else {
            return asker.send(.sentence(400, "A parameter that begins with _HLS_ cannot be read."), to: number)
        }
        let ask = Ask(thing: thing, reload: reload, zips: request.zips)
        switch hall.answer(ask) {
        case .send(let body): asker.send(body, to: number)
        case .wait: hall.wait(asker, number: number, ask, since: loop.now)
        }
    }

    /// Recordings are read elsewhere, so that a slow disk stops nobody.
    private func film(
        _ house: House, _ thing: Route.Thing, _ request: Request, _ asker: any Asker, _ number: UInt32
    ) {
        let (seat, loop, name) = (Seat(asker, number), loop, house.plan.name)
        let done: @Sendable (Body) -> Void = { body in loop.execute { seat.asker.send(body, to: seat.number) } }
        switch thing {
        case .past:
            guard let films, let past = house.program.past else { break }
            return films.past(of: name, since: past.since, isEnded: past.isEnded, zips: request.zips, done: done)
        case .film(let file, let part):
            let ask = FilmAsk(broadcast: name, file: file, name: part, FilmAsk.Conditions(request))
            guard let films, let ask else { break }
            return films.answer(ask, done: done)
        default: break
        }
        asker.send(.notFound, to: number)
    }

    /// Whether the audience may have it: while the broadcast goes on, its own past; after it, what the plan offers.
    private func isOffered(_ thing: Route.Thing, by house: House) -> Bool {
        if house.plan.offersFilms { return true }
        guard let past = house.program.past, !past.isEnded else { return false }
        guard case .film(let file, let part) = thing else { return true }
        guard let name = RecordingName(file) else { return false }
        return part == "media.mp4" && Films.isPast(name, since: past.since)
    }

    // MARK: What comes in

    private struct Written: Decodable {
        var from: String?
        var text: String
        var isQuestion: Bool?
    }

    private static let unreadable = Body.refusal(400, thai: "อ่านข้อความไม่ได้", english: "It cannot be read.")

    private func post(
        _ request: Request, _ route: Route, _ peer: String, _ asker: any Asker, _ number: UInt32
    ) {
        switch route {
        case .live(let name, let word, .remarks):
            guard let house = houses[name], let viewer = member(word, of: house, name) else {
                return asker.send(.noTicket, to: number)
            }
            guard let written = JSON.decode(Written.self, request.content) else {
                return asker.send(Outlet.unreadable, to: number)
            }
            answer(asker, number) { pump in
                pump.remark(
                    in: name, viewer: viewer, from: written.from ?? "", text: written.text,
                    isQuestion: written.isQuestion ?? false
                ).map { .refusal($0 == .tooOften ? 429 : 400, thai: $0.thai, english: $0.english) }
            }
        case .captions(let name): caption(name, request, asker, number)
        case .call(let kind, let name, nil): call(kind, name, request, asker, number)
        case .roomDoor(let name, let thing): roomPost(name, thing, request, peer, asker, number)
        default: asker.send(Outlet.notAllowed, to: number)
        }
    }

    private func caption(_ name: String, _ request: Request, _ asker: any Asker, _ number: UInt32) {
        let words = request.authorization.split(separator: " ", maxSplits: 1)
        guard let house = houses[name], words.count == 2, words[0].lowercased() == "bearer",
            KeyRing.opens(house.plan.captionKeyHashes, to: String(words[1]))
        else {
            return asker.send(.refusal(401, thai: "กุญแจไม่ถูกต้อง", english: "The key is not known here."), to: number)
        }
        guard let written = JSON.decode(Written.self, request.content) else {
            return asker.send(Outlet.unreadable, to: number)
        }
        answer(asker, number) { pump in
            pump.obey(.caption(name: name, text: written.text)).map {
                .refusal(404, thai: $0.thai, english: $0.english)
            }
        }
    }

    /// Asks the pump and answers with what it says.
    private func answer(
        _ asker: any Asker, _ number: UInt32, _ work: @escaping @Sendable (Pump) -> Body?
    ) {
        guard let pump else { return asker.send(.notNow, to: number) }
        let seat = Seat(asker, number)
        let loop = loop
        pump.loop.execute {
            let body = work(pump) ?? .done
            loop.execute { seat.asker.send(body, to: seat.number) }
        }
    }

    /// Carries an asker over another loop and back.
    // It is looked at on its own loop alone.
    struct Seat: @unchecked Sendable {
        let asker: any Asker
        let number: UInt32
        init(_ asker: any Asker, _ number: UInt32) { (self.asker, self.number) = (asker, number) }
    }

    private func metrics(_ asker: any Asker, _ number: UInt32) {
        guard let pump else { return asker.send(.notNow, to: number) }
        let (seat, loop, door) = (Seat(asker, number), loop, door)
        let send: @Sendable (String) -> Void = { text in
            let body = Body([.of(text)], type: "text/plain; version=0.0.4; charset=utf-8", cache: "no-store")
            loop.execute { seat.asker.send(body, to: seat.number) }
        }
        pump.loop.execute {
            let text = pump.metrics()
            guard let door else { return send(text) }
            door.figures { send(text + Metrics.text($0)) }
        }
    }

    private static let options = Body(
        [], type: "text/plain", cache: "max-age=86400", status: 204,
        more: [
            ("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
            (
                "access-control-allow-headers",
                "authorization, content-type, range, if-range, if-match, last-event-id"
            ),
            ("accept-post", "application/sdp"),
            ("access-control-max-age", "86400"),
        ])
    static let notAllowed = Body.sentence(
        405, "This address does not take that.", more: [("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")])
}
