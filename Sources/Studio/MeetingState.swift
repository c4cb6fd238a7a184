// SPDX-License-Identifier: Apache-2.0

/// How a meeting is at one moment, for the console and the desk: numbers, no names.
public struct MeetingState: Codable, Hashable, Sendable {
    /// Where it stands.
    public enum Phase: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody has come in yet.
        case awaited
        /// Somebody is there, or has been and may come again.
        case open
        /// It is over.
        case over
    }

    public var name: String
    public var phase = Phase.awaited
    /// When the first came in and when it was over, in milliseconds since 1970.
    public var openedAt: Int64?
    public var endedAt: Int64?
    /// How many are inside, and how many of them may publish.
    public var people = 0
    public var speakers = 0
    /// How many wait to be let in.
    public var waiting = 0
    /// The most who were inside at once.
    public var peak = 0
    /// Whether a host is there.
    public var hasHost = false
    public var isLocked = false
    public var isRecording = false
    public var isOnAir = false
    /// Groups that people are divided into just now.
    public var groups = 0
    /// Hands that are up.
    public var hands = 0
    /// How many are served badly just now: more than a twentieth lost, or longer than half a second there and back.
    public var troubled = 0
    /// Connections that broke and came back, all in all.
    public var interruptions = 0

    /// What is wrong, in words.
    public var complaints: [State.Complaint] = []
    public var recordings: [MeetingRecording] = []
    /// Free bytes on the recordings' disk; nil when it is not known.
    public var freeBytes: Int64?

    /// A meeting of which nothing is known.
    public init(name: String) { self.name = name }

    /// Reads what a studio of another version wrote.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        name = try box.decode(String.self, forKey: .name)
        func read<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
            try box.decodeIfPresent(Value.self, forKey: key) ?? usual
        }
        phase = try read(.phase, phase)
        openedAt = try box.decodeIfPresent(Int64.self, forKey: .openedAt)
        endedAt = try box.decodeIfPresent(Int64.self, forKey: .endedAt)
        (people, speakers) = (try read(.people, people), try read(.speakers, speakers))
        (waiting, peak) = (try read(.waiting, waiting), try read(.peak, peak))
        (hasHost, isLocked) = (try read(.hasHost, hasHost), try read(.isLocked, isLocked))
        (isRecording, isOnAir) = (try read(.isRecording, isRecording), try read(.isOnAir, isOnAir))
        (groups, hands) = (try read(.groups, groups), try read(.hands, hands))
        (troubled, interruptions) = (try read(.troubled, troubled), try read(.interruptions, interruptions))
        (complaints, recordings) = (try read(.complaints, complaints), try read(.recordings, recordings))
        freeBytes = try box.decodeIfPresent(Int64.self, forKey: .freeBytes)
    }
}

/// One recording of a meeting on the disk: a folder of tracks with its event log, of which a film can be made.
public struct MeetingRecording: Codable, Hashable, Sendable {
    /// What became of the film.
    public struct Film: Codable, Hashable, Sendable {
        public enum Stage: String, Codable, Hashable, Sendable, CaseIterable { case none, making, made, failed }
        public var stage: Stage
        public var percent: Int
        /// Its file's name, when it is made.
        public var file: String?
        public var bytes: Int64
        /// Why it failed; empty otherwise.
        public var reason: String
        public init(
            stage: Stage = .none, percent: Int = 0, file: String? = nil, bytes: Int64 = 0, reason: String = ""
        ) {
            (self.stage, self.percent, self.file) = (stage, percent, file)
            (self.bytes, self.reason) = (bytes, reason)
        }
    }

    public var name: String
    public var bytes: Int64
    public var milliseconds: Int64
    /// When it began, in milliseconds since 1970.
    public var startedAt: Int64
    public var isOpen: Bool
    public var film: Film
    public init(
        name: String, bytes: Int64, milliseconds: Int64, startedAt: Int64, isOpen: Bool, film: Film = Film()
    ) {
        (self.name, self.bytes, self.milliseconds) = (name, bytes, milliseconds)
        (self.startedAt, self.isOpen, self.film) = (startedAt, isOpen, film)
    }
}

/// What a meeting came to, told once when it is over.
public struct MeetingReport: Codable, Hashable, Sendable {
    /// Its last state.
    public var state: MeetingState
    /// Everybody who was let in, in the order in which they first came.
    public var attendance: [Attendance] = []
    /// Every poll and vote that was held, in their order.
    public var votes: [VoteCount] = []
    /// What of the agenda was taken up, in the order in which that happened.
    public var marks: [Mark] = []
    /// Minutes of all people together.
    public var personMinutes: Int64 = 0
    /// The most people inside in each minute since it was opened, at most a day of them.
    public var curve: [Int] = []
    /// How many messages were written to everybody, and hands raised.
    public var messages = 0
    public var hands = 0
    /// The event log's file below the studio's folder; empty where nothing is written.
    public var log = ""

    /// A point of the agenda that was taken up.
    public struct Mark: Codable, Hashable, Sendable {
        public var text: String
        /// In milliseconds since 1970.
        public var at: Int64
        public init(text: String, at: Int64) { (self.text, self.at) = (text, at) }
    }

    /// A report of this state.
    public init(_ state: MeetingState) { self.state = state }
}

/// One person's attendance of a meeting, with how it was for them.
public struct Attendance: Codable, Hashable, Sendable {
    /// From coming in to leaving, in milliseconds since 1970.
    public struct Visit: Codable, Hashable, Sendable {
        public var from: Int64
        /// Nil while they are there.
        public var to: Int64?
        public init(from: Int64, to: Int64? = nil) { (self.from, self.to) = (from, to) }
    }

    /// By the name that they gave, or that the pass gave them.
    public var name: String
    /// Who they are, as the desk signed it; nil for a guest by name.
    public var key: String?
    /// The highest role that they had.
    public var role: RoomRole
    public var visits: [Visit] = []
    /// The median of there and back; nil where nothing was measured.
    public var roundTripMilliseconds: Int?
    /// Lost on the way to them on the average, in thousandths; nil where nothing was measured.
    public var lossPerMille: Int?
    /// How often their connection broke and came back.
    public var interruptions = 0
    /// Whether they agreed to be recorded; nil where nobody asked.
    public var consented: Bool?
    /// When they said so, in milliseconds since 1970.
    public var consentedAt: Int64?

    /// Somebody of this name.
    public init(name: String, key: String? = nil, role: RoomRole) {
        (self.name, self.key, self.role) = (name, key, role)
    }
}

/// What a poll or a formal vote came to.
public struct VoteCount: Codable, Hashable, Sendable {
    /// Whose voice was for what, in an open vote.
    public struct Ballot: Codable, Hashable, Sendable {
        public var name: String
        public var key: String?
        /// Which choice, counted from 0.
        public var choice: Int
        public init(name: String, key: String?, choice: Int) {
            (self.name, self.key, self.choice) = (name, key, choice)
        }
    }

    /// Counted from 1.
    public var number: Int
    public var question: String
    public var choices: [String]
    /// How many were for each choice.
    public var counts: [Int]
    /// Nobody knows who was for what, not even the studio.
    public var isSecret: Bool
    /// A resolution: only hosts, co-hosts and speakers vote, each person once, and a quorum may be wanted.
    public var isFormal: Bool
    /// How many had to be there; 0 for any number.
    public var quorum: Int
    /// How many who might vote were there when it was closed.
    public var present: Int
    /// In milliseconds since 1970.
    public var openedAt: Int64
    public var closedAt: Int64?
    /// In the order of voting; empty for a secret one, and for a poll that is no formal vote.
    public var ballots: [Ballot] = []

    /// Whether enough were there.
    public var hasQuorum: Bool { present >= quorum }
    /// How many voted.
    public var cast: Int { counts.reduce(0, +) }

    /// A count of these parts.
    public init(
        number: Int, question: String, choices: [String], counts: [Int], isSecret: Bool, isFormal: Bool, quorum: Int,
        present: Int, openedAt: Int64, closedAt: Int64? = nil
    ) {
        (self.number, self.question, self.choices, self.counts) = (number, question, choices, counts)
        (self.isSecret, self.isFormal, self.quorum, self.present) = (isSecret, isFormal, quorum, present)
        (self.openedAt, self.closedAt) = (openedAt, closedAt)
    }
}

/// What somebody's device and line could do before they entered, as the room's page measured it: evidence when an officer
/// tests.
public struct DeviceCheck: Codable, Hashable, Sendable {
    /// Who tested, as the desk signed it; nil for a guest.
    public var key: String?
    public var name = ""
    /// In milliseconds since 1970.
    public var at: Int64 = 0
    /// What worked; nil for what was not tried.
    public var camera: Bool?
    public var microphone: Bool?
    public var speaker: Bool?
    /// Of the camera's picture, in pixels.
    public var height: Int?
    /// To us and from us, in kilobits in a second.
    public var upKilobits: Int?
    public var downKilobits: Int?
    public var roundTripMilliseconds: Int?
    public var lossPerMille: Int?
    /// How media came through: `udp`, `tcp` or `relay`.
    public var way: String?
    /// What browser it was.
    public var agent = ""

    /// A check of which nothing is known.
    public init() {}

    /// Reads what a page wrote: what it does not say was not tried.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        key = try box.decodeIfPresent(String.self, forKey: .key)
        name = try box.decodeIfPresent(String.self, forKey: .name) ?? ""
        at = try box.decodeIfPresent(Int64.self, forKey: .at) ?? 0
        camera = try box.decodeIfPresent(Bool.self, forKey: .camera)
        microphone = try box.decodeIfPresent(Bool.self, forKey: .microphone)
        speaker = try box.decodeIfPresent(Bool.self, forKey: .speaker)
        height = try box.decodeIfPresent(Int.self, forKey: .height)
        upKilobits = try box.decodeIfPresent(Int.self, forKey: .upKilobits)
        downKilobits = try box.decodeIfPresent(Int.self, forKey: .downKilobits)
        roundTripMilliseconds = try box.decodeIfPresent(Int.self, forKey: .roundTripMilliseconds)
        lossPerMille = try box.decodeIfPresent(Int.self, forKey: .lossPerMille)
        way = try box.decodeIfPresent(String.self, forKey: .way)
        agent = try box.decodeIfPresent(String.self, forKey: .agent) ?? ""
    }
}
