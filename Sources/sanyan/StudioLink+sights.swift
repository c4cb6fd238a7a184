// SPDX-License-Identifier: Apache-2.0

import Desk
import Pages
import Studio

// What the pages see.
extension StudioLink {
    func doors() async throws -> StudioDoors {
        let office = try await cabinet.office()
        return StudioDoors(settings, office: office, open: open)
    }

    func sight(of name: String) -> StudioSight {
        let refusal = refusals[name].flatMap { $0.at + Self.refusalsLast > now() ? $0.refusal : nil }
        return StudioSight(isThere: open != nil, state: states[name], refusal: refusal)
    }

    func sights(of name: String) -> AsyncStream<StudioSight> {
        let (sights, pen) = AsyncStream.makeStream(of: StudioSight.self, bufferingPolicy: .bufferingNewest(1))
        lastNumber += 1
        let number = lastNumber
        lookers[name, default: [:]][number] = pen
        pen.onTermination = { _ in Task { await self.forget(number, of: name) } }
        pen.yield(sight(of: name))
        return sights
    }

    private func forget(_ number: Int, of name: String) {
        lookers[name]?[number] = nil
        if lookers[name]?.isEmpty == true { lookers[name] = nil }
    }

    func show(_ name: String) {
        guard let looking = lookers[name] else { return }
        let sight = sight(of: name)
        for pen in looking.values { pen.yield(sight) }
    }
}

// The same of meetings.
extension StudioLink {
    func meetingSight(of name: String) -> MeetingSight {
        let refusal = refusals[name].flatMap { $0.at + Self.refusalsLast > now() ? $0.refusal : nil }
        return MeetingSight(
            isThere: open != nil, state: meetings.states[name], check: meetings.checks[name], refusal: refusal)
    }

    func meetingSights(of name: String) -> AsyncStream<MeetingSight> {
        let (sights, pen) = AsyncStream.makeStream(of: MeetingSight.self, bufferingPolicy: .bufferingNewest(1))
        lastNumber += 1
        let number = lastNumber
        meetings.lookers[name, default: [:]][number] = pen
        pen.onTermination = { _ in Task { await self.forgetMeeting(number, of: name) } }
        pen.yield(meetingSight(of: name))
        return sights
    }

    private func forgetMeeting(_ number: Int, of name: String) {
        meetings.lookers[name]?[number] = nil
        if meetings.lookers[name]?.isEmpty == true { meetings.lookers[name] = nil }
    }

    func showMeeting(_ name: String) {
        guard let looking = meetings.lookers[name] else { return }
        let sight = meetingSight(of: name)
        for pen in looking.values { pen.yield(sight) }
    }
}

extension StudioDoors {
    /// The doors by their public addresses: as the command line says, else as the office says, else on this machine.
    ///
    /// - Parameter open: the doors that are really open; nil while no studio is there.
    init(_ settings: StudioLink.Settings, office: Office, open: Bulletin.Doors?) {
        let host = Self.host(of: office.address)
        let port = open.map(\.http) ?? settings.http.port
        let viewers = settings.address ?? office.studioAddress ?? "http://\(HostPort(host: host, port: port))"
        let name = Self.host(of: viewers)
        func door(_ scheme: String, _ port: Int, usual: Int) -> String? {
            if port == 0 { return nil }
            let place = port == usual ? HostPort.bracketed(name) : "\(HostPort(host: name, port: port))"
            return "\(scheme)://\(place)"
        }
        self.init(
            viewers: viewers,
            rtmp: door("rtmp", open.map(\.rtmp) ?? settings.rtmp.port, usual: 1935).map { $0 + "/live" },
            rtmps: door("rtmps", open?.rtmps ?? 0, usual: 443).map { $0 + "/live" },
            srt: door("srt", open.map(\.srt) ?? settings.srt?.port ?? 0, usual: 0))
    }

    /// The name or address in `https://name:port`, without brackets.
    private static func host(of address: String) -> String {
        let rest = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
        if rest.hasPrefix("[") { return String(rest.dropFirst().prefix { $0 != "]" }) }
        return String(rest.prefix { $0 != ":" && $0 != "/" })
    }
}
