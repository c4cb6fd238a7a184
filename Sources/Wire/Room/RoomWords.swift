// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP
import Secure
import Studio

// What is written at a room's door, and what is answered there.

extension RoomAsk {
    /// No ask is longer: the longest is a stroke.
    static let mostBytes = 96 << 10
}

/// What somebody says who wants to come in.
struct RoomEntry: Decodable {
    var name: String?
    var pass: String?
    var language: String?
    /// What the browser keeps, to be known again by.
    var device: String?
    /// Whether they agree to be recorded.
    var consent: Bool?

    /// Who it is, with what the pass says.
    /// - Throws: when the pass is good for nothing.
    func newcomer(to plan: MeetingPlan, at now: WallTime) throws(RoomRefusal) -> Newcomer {
        var newcomer = Newcomer(name: String((name ?? "").prefix(400)))
        (newcomer.device, newcomer.consents) = (device, consent)
        guard let pass, !pass.isEmpty else { return newcomer }
        guard let found = try RoomEntry.read(pass, of: plan, at: now) else {
            // A word that makes a host, by its digest.
            guard KeyRing.opens(plan.hostKeyHashes, to: pass) else { throw .wrongPass }
            newcomer.role = .host
            return newcomer
        }
        newcomer.role = RoomRole(found.role)
        newcomer.key = found.person?.key
        newcomer.knownName = found.person.flatMap { $0.name.isEmpty ? nil : $0.name }
        return newcomer
    }

    /// What a pass says; nil when it is none of this meeting's.
    static func read(_ pass: String, of plan: MeetingPlan, at now: WallTime) throws(RoomRefusal) -> RoomPass? {
        guard !plan.passKey.isEmpty, let key = Hex.bytes(plan.passKey),
            let found = RoomPass.read(pass, key: key, into: plan.name)
        else { return nil }
        guard found.untilSecond > now.milliseconds / 1_000 else { throw .passExpired }
        return found
    }
}

extension RoomRole {
    init(_ role: RoomPass.Role) {
        switch role {
        case .listener: self = .listener
        case .speaker: self = .speaker
        case .cohost: self = .cohost
        case .host: self = .host
        }
    }
}

/// What the page must know before anybody comes in.
struct RoomAbout: Encodable {
    var title: String
    var startsAt: Int64?
    var endsAt: Int64?
    var opensAt: Int64?
    /// `before`, `open`, `over`.
    var state: String
    var needsPass: Bool
    var asksName: Bool
    /// Who the pass says that it is.
    var name: String?
    var identified: Bool
    var lobby: Bool
    var locked: Bool
    var languages = ["th", "en"]
    var recording: Bool
    var consentSentence: ConsentSentence?
    /// Where those who find no room, or would rather listen, watch instead; `onAir` when there is something to be watched.
    var overflow: String?
    var onAir: Bool
    var isTest: Bool
    /// Now, in milliseconds since 1970.
    var now: Int64

    /// - Parameter pass: of who asks; empty without one.
    init(_ hall: RoomHall, pass: String) {
        let (plan, state) = (hall.plan, hall.assembly.state)
        title = plan.title.isEmpty ? plan.name : plan.title
        (startsAt, endsAt, opensAt) = (plan.startsAt, plan.endsAt, plan.opensAt)
        self.state = state.phase == .awaited ? "before" : state.phase.rawValue
        needsPass = plan.entry != .open
        // Whatever is wrong with a pass is said to who enters with it.
        if let known = try? RoomEntry.read(pass, of: plan, at: Clock.wall())?.person?.name, !known.isEmpty {
            name = known
        }
        asksName = plan.entry != .identified && name == nil
        identified = plan.entry == .identified
        lobby = plan.lobby != .off
        locked = state.isLocked
        recording = hall.assembly.asksConsent
        if recording { consentSentence = ConsentSentence(of: plan) }
        (overflow, onAir) = (plan.overflow, state.isOnAir)
        isTest = plan.isTest
        now = Clock.wall().milliseconds
    }
}

/// Who came in learns this.
struct RoomWelcome: Encodable {
    struct You: Encodable {
        var id: PersonNumber
        var role: RoomRole
        var inside: Bool
    }
    struct Most: Encodable {
        var pictures = 12
        var voices = 4
        var screens = 2
    }
    var token: String
    var you: You
    var ice: [MeetingDoor.Relay]
    var limits = Most()

    init(_ person: PersonNumber, _ token: String, _ hall: RoomHall, _ ice: [MeetingDoor.Relay]) {
        let role = hall.assembly.role(of: person)
        (self.token, self.ice) = (token, ice)
        you = You(id: person, role: role?.role ?? .listener, inside: role?.isInside ?? false)
    }
}

/// The test of a line before somebody enters.
enum RoomCheck {
    static let mostBytes = 4 << 20

    /// So many bytes that nothing on the way can make smaller.
    static func bytes(_ request: Request) -> Body {
        let count = min(max(0, request.parameter("bytes").flatMap(Int.init) ?? 0), mostBytes)
        var pieces = [Slab](repeating: noise, count: count / noise.count)
        if count % noise.count > 0 { pieces.append(.of(Array(noise.bytes.prefix(count % noise.count)))) }
        return Body(pieces, type: "application/octet-stream", cache: "no-store")
    }

    private static let noise = Slab.of(Token.randomBytes(64 << 10))

    private struct Counted: Encodable { var bytes: Int }
    static func counted(_ count: Int) -> Body { RoomBodies.json(200, Counted(bytes: count)) }

    /// As the page has it: rates in bits in a second.
    struct Written: Decodable {
        var pass: String?
        var camera: Bool?
        var microphone: Bool?
        var speaker: Bool?
        var height: Double?
        var uplink: Double?
        var downlink: Double?
        var roundTrip: Double?
        var loss: Double?
        var way: String?

        /// What the desk files.
        func check(key: String?, name: String, agent: String, at now: WallTime) -> DeviceCheck {
            var check = DeviceCheck()
            (check.key, check.name, check.at) = (key, name, now.milliseconds)
            (check.camera, check.microphone, check.speaker) = (camera, microphone, speaker)
            check.height = RoomCheck.whole(height, most: 10_000)
            check.upKilobits = RoomCheck.whole(uplink.map { $0 / 1_000 }, most: 100_000_000)
            check.downKilobits = RoomCheck.whole(downlink.map { $0 / 1_000 }, most: 100_000_000)
            check.roundTripMilliseconds = RoomCheck.whole(roundTrip, most: 600_000)
            check.lossPerMille = RoomCheck.whole(loss.map { $0 * 1_000 }, most: 1_000)
            check.way = way.flatMap { ["udp", "tcp", "relay"].contains($0) ? $0 : nil }
            check.agent = String(agent.prefix(200))
            return check
        }
    }

    private static func whole(_ number: Double?, most: Double) -> Int? {
        guard let number, number.isFinite, number >= 0 else { return nil }
        return Int(min(number, most).rounded())
    }
}
