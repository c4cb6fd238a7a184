// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP
import SDP
import Secure
import Studio

// WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): a call begins with one HTTP request. Everything here runs on the
// outlet's loop.

extension Outlet {
    static let offerType = "application/sdp"
    static let fragmentType = "application/trickle-ice-sdpfrag"

    /// Somebody wants to publish or to play: an offer, which is answered.
    func call(_ kind: CallKind, _ name: String, _ request: Request, _ asker: any Asker, _ number: UInt32) {
        guard let door else { return asker.send(.notFound, to: number) }
        guard Outlet.type(of: request) == Outlet.offerType else {
            return asker.send(Outlet.unsupported(Outlet.offerType), to: number)
        }
        // What is no UTF-8 is no SDP either; its own words tell.
        let offer = String(decoding: request.content, as: UTF8.self)
        let reply = reply(to: asker, number)
        let done: @Sendable (Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) -> Void = { result in
            switch result {
            case .success(let welcome):
                reply(Outlet.created("/\(kind.rawValue)/\(name)", welcome, door.links(at: Clock.wall())))
            case .failure(let refusal): reply(Outlet.body(refusal))
            }
        }
        if let plan = door.plan(name) {
            guard mayCall(kind, plan, request) else { return asker.send(Outlet.noKey, to: number) }
            return door.call(kind, name, offer: offer, done: done)
        }
        guard let house = houses[name], let pump else { return asker.send(.notFound, to: number) }
        if kind == .whep {
            guard mayPlay(house.plan.name, house.plan.door, house.plan.ticketKey, request) else {
                return asker.send(.noTicket, to: number)
            }
            return door.watch(name, offer: offer, done: done)
        }
        let (key, agent) = (Outlet.bearer(request), request.agent)
        pump.loop.execute {
            pump.call(name, key: key, offer: offer, agent: agent, through: door, answered: done)
        }
    }

    /// A session is changed (PATCH) or ended (DELETE). Its address is the secret that permits it.
    func change(_ request: Request, _ route: Route, _ asker: any Asker, _ number: UInt32) {
        if case .roomDoor(let name, .session(let session)) = route {
            return roomSession(name, session, request, asker, number)
        }
        guard case .call(_, _, let session?) = route else { return asker.send(Outlet.notAllowed, to: number) }
        change(session, request, asker, number)
    }

    /// Changes or ends a session that may be.
    func change(_ session: String, _ request: Request, _ asker: any Asker, _ number: UInt32) {
        guard let door else { return asker.send(.notFound, to: number) }
        let reply = reply(to: asker, number)
        if request.method == .delete {
            return door.hangUp(session) { reply($0 ? Outlet.ended : .notFound) }
        }
        guard Outlet.type(of: request) == Outlet.fragmentType else {
            return asker.send(Outlet.unsupported(Outlet.fragmentType), to: number)
        }
        let fragment: TrickleFragment
        do throws(Violation) {
            fragment = try TrickleFragment(String(decoding: request.content, as: UTF8.self))
        } catch {
            return asker.send(Outlet.body(.offer(error)), to: number)
        }
        door.change(session, fragment, ifMatch: request.ifMatch) { result in
            switch result {
            case .success(nil): reply(.done)
            case .success(let (text, tag)?):
                reply(
                    Body(
                        [.of(text)], type: Outlet.fragmentType, cache: "no-store", more: [("etag", "\"\(tag)\"")]))
            case .failure(let refusal): reply(Outlet.body(refusal))
            }
        }
    }

    /// Sends an answer that comes from another loop.
    func reply(to asker: any Asker, _ number: UInt32) -> @Sendable (Body) -> Void {
        let (seat, loop) = (Seat(asker, number), loop)
        return { body in loop.execute { seat.asker.send(body, to: seat.number) } }
    }

    /// Publishing wants a key where the plan has one; playing wants a ticket where the door is not open.
    private func mayCall(_ kind: CallKind, _ plan: MeetingPlan, _ request: Request) -> Bool {
        let word = Outlet.bearer(request)
        switch kind {
        case .whip:
            return plan.keyHashes.isEmpty ? plan.entry == .open : KeyRing.opens(plan.keyHashes, to: word)
        case .whep:
            // A room that lets only some in is not open to everybody by another door.
            let door = plan.door == .open && plan.entry != .open ? Plan.Door.link : plan.door
            return mayPlay(plan.name, door, plan.ticketKey, request)
        }
    }

    private func mayPlay(_ name: String, _ door: Plan.Door, _ ticketKey: String, _ request: Request) -> Bool {
        guard door != .open else { return true }
        let word = Outlet.bearer(request)
        let ticket = word.isEmpty ? request.parameter("ticket") ?? "" : word
        guard !ticketKey.isEmpty, let key = Hex.bytes(ticketKey) else { return false }
        return Ticket.isGood(
            ticket, key: key, name: name, kind: .viewer, atSecond: Clock.wall().milliseconds / 1_000)
    }

    /// The token behind `Bearer` (RFC 6750, 2.1); empty without one.
    static func bearer(_ request: Request) -> String {
        let words = request.authorization.split(separator: " ", maxSplits: 1)
        return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : ""
    }

    static func type(of request: Request) -> String {
        let type = request.contentType.split(separator: ";", maxSplits: 1).first ?? ""
        return type.lowercased().filter { $0 != " " }
    }

    // MARK: Answers

    /// An answer, with where its session is.
    static func created(
        _ place: String, _ welcome: MeetingDoor.Welcome, _ links: [(String, String)]
    ) -> Body {
        Body(
            [.of(welcome.answer)], type: offerType, cache: "no-store", status: 201,
            more: [
                ("location", "\(place)/\(welcome.session)"), ("etag", "\"\(welcome.tag)\""),
                ("accept-patch", fragmentType), ("access-control-expose-headers", "location, etag, link, accept-patch"),
            ] + links)
    }

    private static let ended = Body([], type: "text/plain", cache: "no-store")
    static let noKey = Body.sentence(
        401, "กุญแจไม่ถูกต้อง · The key is not known here.", more: [("www-authenticate", "Bearer")])

    static func unsupported(_ type: String) -> Body {
        .sentence(
            415, "This address takes \(type).", more: [("accept-post", offerType), ("accept-patch", fragmentType)])
    }

    static func body(_ refusal: MeetingDoor.Refusal) -> Body {
        switch refusal {
        case .unknown: .notFound
        case .offer(.nothingToTake): .sentence(422, Violation.nothingToTake.sentence)
        case .offer(let violation): .sentence(400, violation.sentence)
        case .full: .sentence(503, "ห้องเต็ม · There is no more room here.", more: [("retry-after", "10")])
        case .silent:
            .sentence(
                503, "ยังไม่มีสัญญาณ WebRTC ออกอากาศ · Nothing that came by WebRTC is on air.",
                more: [("retry-after", "2")])
        case .wrongKey: noKey
        case .stale: .sentence(412, "The session is not as it was.")
        case .refused(let sentence): .sentence(409, sentence)
        }
    }
}
