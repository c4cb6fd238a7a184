// SPDX-License-Identifier: Apache-2.0

public import Desk
public import HTTPTypes
public import Secure
public import Studio

/// The studio (ห้องส่ง) as the pages know it: a process of its own that may be away, started by `sanyan`.
public protocol StudioRoom: Sendable {
    /// Where encoders and viewers come, as people outside write it.
    func doors() async throws -> StudioDoors
    /// Asks the studio for something, and waits a moment for a refusal.
    ///
    /// - Throws: a `StudioRefusal`, or a `Sentence` when no studio is there.
    func tell(_ order: Order) async throws
    /// What is known of a broadcast now.
    func sight(of name: String) async -> StudioSight
    /// What is known of a broadcast now, and whenever that changes.
    func sights(of name: String) async -> AsyncStream<StudioSight>
    /// What is known of a meeting now.
    func meetingSight(of name: String) async -> MeetingSight
    /// What is known of a meeting now, and whenever that changes.
    func meetingSights(of name: String) async -> AsyncStream<MeetingSight>
}

/// The studio's doors by their public addresses, none with a slash at its end.
public struct StudioDoors: Hashable, Sendable {
    /// `https://live.example.ac.th`: watch pages are below it.
    public var viewers: String
    /// `rtmp://live.example.ac.th/live`: what an encoder is given as its server; nil while that door is shut.
    public var rtmp: String?
    /// The same by TLS.
    public var rtmps: String?
    /// `srt://live.example.ac.th:8890`; the key goes behind `?streamid=publish:`.
    public var srt: String?

    public init(viewers: String, rtmp: String?, rtmps: String? = nil, srt: String? = nil) {
        self.viewers = viewers
        self.rtmp = rtmp
        self.rtmps = rtmps
        self.srt = srt
    }

    /// Where the audience watches a broadcast.
    ///
    /// - Parameter ticket: for a broadcast that is not open to whoever has the address.
    public func watch(_ name: String, ticket: String? = nil) -> String {
        "\(viewers)/watch/\(name)" + (ticket.map { "?ticket=\($0)" } ?? "")
    }
}

/// What is known of one meeting at one moment.
public struct MeetingSight: Hashable, Sendable {
    /// A studio is connected.
    public var isThere: Bool
    /// Nil until the studio has told of this meeting.
    public var state: MeetingState?
    /// What an officer's devices and line could do when they last tried them at its door.
    public var check: DeviceCheck?
    /// The newest order that could not be carried out, for a minute.
    public var refusal: StudioRefusal?

    public init(
        isThere: Bool, state: MeetingState?, check: DeviceCheck? = nil, refusal: StudioRefusal? = nil
    ) {
        self.isThere = isThere
        self.state = state
        self.check = check
        self.refusal = refusal
    }

    /// Nobody is there.
    public static let away = MeetingSight(isThere: false, state: nil)
}

/// What is known of one broadcast at one moment.
public struct StudioSight: Hashable, Sendable {
    /// A studio is connected.
    public var isThere: Bool
    /// Nil until the studio has told of this broadcast.
    public var state: State?
    /// The newest order that could not be carried out, for a minute.
    public var refusal: StudioRefusal?

    public init(isThere: Bool, state: State?, refusal: StudioRefusal? = nil) {
        self.isThere = isThere
        self.state = state
        self.refusal = refusal
    }

    /// Nobody is there.
    public static let away = StudioSight(isThere: false, state: nil)
}

/// The studio could not do what it was asked, and says why in both languages.
public struct StudioRefusal: Spoken, Hashable {
    public var thai: String
    public var english: String
    public var status: HTTPResponse.Status { .conflict }

    public init(thai: String, english: String) {
        self.thai = thai
        self.english = english
    }

    public func sentence(_ words: Words) -> String { words.language == .thai ? thai : english }
    public func remedy(_ words: Words) -> String { words("studio.refused.remedy") }
}

extension Sentence {
    /// No studio is connected; one is being started.
    public static let studioIsAway = Sentence("studio.away", status: .serviceUnavailable)
}

extension StudioDoors {
    /// Where people come into a meeting. The pass stands behind the mark: no browser sends that by itself, so it is in no
    /// log.
    public func room(_ name: String, pass: String? = nil) -> String {
        "\(viewers)/room/\(name)" + (pass.map { "#pass=\($0)" } ?? "")
    }
}

extension StudioDoors {
    /// A film of a meeting's recording, to be kept.
    public func film(_ file: String, of recording: String, in name: String, ticket: String) -> String {
        "\(viewers)/room/\(name)/recordings/\(recording)/\(file)?ticket=\(ticket)"
    }
}

extension MeetPlan {
    /// An invited person's pass into the meeting; nil without a key, and for a link that is good no more.
    ///
    /// - Parameter contact: the matter's contact, whose name and address theirs are.
    public func pass(for invitee: Invitee, contact: Contact?, at now: Moment) -> String? {
        guard invitee.isGood(at: now) else { return nil }
        let person: (name: String, mail: String)
        switch invitee.who {
        case .named(let name, let mail): person = (name, mail)
        case .contact:
            guard let contact, !contact.name.isEmpty else { return nil }
            person = (contact.name, contact.mail)
        // No name: who has it is asked for one.
        case .anybody: person = ("", "")
        case .forgotten: return nil
        }
        let domain = person.mail.split(separator: "@", omittingEmptySubsequences: false)
        let key = "i\(invitee.id)" + (domain.count == 2 ? "@\(domain[1].lowercased())" : "")
        return pass(RoomPass.Role(invitee.role), until: invitee.until, key: key, name: person.name)
    }

    /// A pass for somebody of the office: who is assigned leads the meeting, others speak in it, or listen.
    public func officePass(for person: Person, leads: Bool, until: Moment) -> String? {
        pass(
            leads ? .host : settings.isWebinar ? .listener : .speaker, until: until, key: "p\(person.id)",
            name: person.name)
    }

    /// A ticket to the meeting's recordings, for the console.
    public func ticket(until: Moment) -> String? {
        guard let secret = Hex.bytes(passKey), !secret.isEmpty else { return nil }
        return Ticket.sign(key: secret, name: name, kind: .preview, untilSecond: until.milliseconds / 1000)
    }

    private func pass(_ role: RoomPass.Role, until: Moment, key: String, name: String) -> String? {
        guard let secret = Hex.bytes(passKey), !secret.isEmpty else { return nil }
        return RoomPass(
            role: role, untilSecond: until.milliseconds / 1000, person: RoomPass.Person(key: key, name: name)
        ).signed(key: secret, into: self.name)
    }
}

extension RoomPass.Role {
    init(_ role: MeetRole) {
        switch role {
        case .host: self = .host
        case .cohost: self = .cohost
        case .speaker: self = .speaker
        case .listener: self = .listener
        }
    }
}

extension AirPlan {
    /// What captions may be sent with by API: 32 characters that go with the newest stream key; nil without a ticket key.
    public var captionKey: String? {
        guard let key = Hex.bytes(ticketKey), !key.isEmpty, let newest = keys.first else { return nil }
        return Base64URL.text(Array(HMAC.sha256(Array("captions \(newest.hash)".utf8), key: key).prefix(24)))
    }

    /// A ticket into the broadcast, good until a moment; nil without a ticket key.
    public func ticket(_ kind: Ticket.Kind, until: Moment) -> String? {
        guard let key = Hex.bytes(ticketKey), !key.isEmpty else { return nil }
        return Ticket.sign(key: key, name: name, kind: kind, untilSecond: until.milliseconds / 1000)
    }
}

extension Seal {
    /// The link in a mail by which an invited person comes to a meeting; as long good as theirs.
    public func seatToken(_ invitee: Invitee) -> String {
        sign(purpose: "seat", subject: invitee.id.number, expires: invitee.until.milliseconds / 1000)
    }

    /// The link by which a requester follows a matter; good for half a year after the occasion.
    public func trackingToken(_ matter: Matter) -> String {
        sign(
            purpose: "track", subject: matter.id.number,
            expires: (matter.letter.span.end + .days(180)).milliseconds / 1000)
    }

    /// The link by which three questions are answered; good until the matter closes by itself.
    public func evaluationToken(_ matter: Matter, office: Office) -> String {
        let from = matter.endedAt ?? matter.letter.span.end
        return sign(
            purpose: "evaluate", subject: matter.id.number,
            expires: (from + .days(office.evaluationDays)).milliseconds / 1000)
    }
}
