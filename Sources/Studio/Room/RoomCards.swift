// SPDX-License-Identifier: Apache-2.0

// What events are made of. The words are those of docs/signalling.md.

/// Somebody in a room, as the others see them.
public struct PersonCard: Hashable, Sendable, Encodable {
    public var id: PersonNumber
    public var name: String
    public var role: RoomRole
    /// The desk knows who it is.
    public var identified: Bool
    public var inside: Bool
    /// Since when a hand is up, in milliseconds since 1970.
    public var hand: Int64?
    public var microphone: Bool
    public var camera: Bool
    public var screen: Bool
    /// Whether a host has switched something off for them, and what.
    public var hardMuted: Bool
    public var hardMutes: [TrackKind]
    /// What they may do though it is closed to others.
    public var allowed: [TrackKind]
    /// Their stream of events broke less than a minute ago.
    public var away: Bool
    public var group: Int?
    /// An encoder, no person.
    public var device: Bool
    /// Which of their tracks there are, by the engine's numbers.
    public var sources: [String: UInt32]
}

/// Somebody who waits, as hosts see them.
public struct LobbyCard: Hashable, Sendable, Encodable {
    public var id: PersonNumber
    public var name: String
    public var identified: Bool
    /// What stands behind `@` in their key.
    public var domain: String?
    public var since: Int64
}

/// What is usual in the room just now.
public struct RoomCard: Hashable, Sendable, Encodable {
    public var title: String
    public var locked: Bool
    public var lobby: MeetingPlan.Lobby
    public var mayUnmute: Bool
    public var mayShare: Bool
    public var mayChat: Bool
    public var mayWhisper: Bool
    public var mayDraw: Bool
    public var webinar: Bool
    public var startsAt: Int64?
    public var endsAt: Int64?
    public var agenda: [String]
    public var quorum: Int
    public var mayRecord: Bool
    public var mayAir: Bool
    public var overflow: String?
    public var isTest: Bool
}

/// Hands in the order in which they went up, and who has the floor.
public struct HandsCard: Hashable, Sendable, Encodable {
    public struct Hand: Hashable, Sendable, Encodable {
        public var person: PersonNumber
        public var since: Int64
    }
    public struct Floor: Hashable, Sendable, Encodable {
        public var person: PersonNumber
        public var since: Int64
        public var until: Int64?
    }
    public var queue: [Hand]
    public var floor: Floor?
}

/// Something that was written.
public struct ChatMessage: Hashable, Sendable, Encodable {
    /// A file that goes with it.
    public struct File: Hashable, Sendable, Codable {
        public var id: String
        public var name: String
        public var bytes: Int
        public init(id: String, name: String, bytes: Int) { (self.id, self.name, self.bytes) = (id, name, bytes) }
    }
    /// What has become of a listener's question in a webinar.
    public enum Standing: String, Hashable, Sendable, Encodable { case shown, waiting, answered }

    public var number: Int
    public var from: PersonNumber
    public var name: String
    /// Nil for everybody.
    public var to: PersonNumber?
    public var text: String
    public var at: Int64
    public var file: File?
    public var hidden = false
    public var standing = Standing.shown
    /// In which group it was written.
    public var group: Int?
}

/// A poll or a vote, as somebody sees it.
public struct PollCard: Hashable, Sendable, Encodable {
    public struct Ballot: Hashable, Sendable, Encodable {
        public var name: String
        public var choice: Int
    }
    /// Its number, counted from 1.
    public var poll: Int
    public var by: PersonNumber
    public var question: String
    public var choices: [String]
    public var secret: Bool
    public var formal: Bool
    public var quorum: Int
    /// How many may vote and are there.
    public var eligible: Int
    /// How many have voted.
    public var cast: Int
    public var isOpen: Bool
    public var openedAt: Int64
    public var closedAt: Int64?
    /// Nil while it is secret and open.
    public var counts: [Int]?
    /// Who was for what, of an open vote that is closed.
    public var ballots: [Ballot]?
    /// Whether enough were there; nil while it is open.
    public var hasQuorum: Bool?
    /// What the reader chose, where that is known; told to the reader alone.
    public var yours: Int?
    /// Whether the reader has voted; told to the reader alone.
    public var hasVoted: Bool?
}

/// A deck of slides that somebody brought.
public struct DeckCard: Hashable, Sendable, Encodable {
    public var id: String
    public var name: String
    public var pages: Int
    public var by: PersonNumber
    /// Width by height of the first page, in pixels of its largest picture.
    public var width: Int
    public var height: Int

    public init(id: String, name: String, pages: Int, by: PersonNumber, width: Int, height: Int) {
        (self.id, self.name, self.pages, self.by) = (id, name, pages, by)
        (self.width, self.height) = (width, height)
    }
}

/// The page that is shown.
public struct SlidesCard: Hashable, Sendable, Encodable {
    public var deck: String
    public var name: String
    public var page: Int
    public var pages: Int
    public var by: PersonNumber
}

/// A line of captions.
public struct CaptionCard: Hashable, Sendable, Encodable {
    public var person: PersonNumber?
    public var name: String
    public var text: String
    public var final: Bool
    public var at: Int64
}

/// What one of the reader's slots shows.
public struct SlotCard: Hashable, Sendable, Encodable {
    public var mid: String
    public var person: PersonNumber?
    public var kind: TrackKind?
    public var layer: Int?
    public var height: Int?
    public var reason: Reason
}

/// Encodings of one of the reader's tracks that somebody needs.
public struct WantedCard: Hashable, Sendable, Encodable {
    public var mid: String
    public var rids: [String]
}

/// How the reader's line is.
public struct LineCard: Hashable, Sendable, Encodable {
    /// What the way to them is believed to carry, in bits in a second.
    public var estimate: Int64
    /// There and back, in milliseconds.
    public var roundTrip: Int?
    /// Of what was sent to them, lost on the way: from 0 to 1.
    public var loss: Double
    public var sending: Int64
    public var receiving: Int64
    public var light: Light
    public var advice: Advice?

    /// Green, yellow, red.
    public enum Light: String, Hashable, Sendable, Encodable { case good, weak, bad }
    /// What to do.
    public struct Advice: Hashable, Sendable, Encodable {
        public var code: String
        public var th: String
        public var en: String
    }
}

/// Whether it is recorded.
public struct RecordingCard: Hashable, Sendable, Encodable {
    public var isOn: Bool
    public var since: Int64?
}

/// Whether it is on air, and how.
public struct AirCard: Hashable, Sendable, Encodable {
    public var isOn: Bool
    public var layout: String
    public var person: PersonNumber?
    public var since: Int64?
    /// Where it can be watched.
    public var address: String?

    /// On air like this, or not.
    public init(
        isOn: Bool, layout: String, person: PersonNumber? = nil, since: Int64? = nil, address: String? = nil
    ) {
        (self.isOn, self.layout, self.person) = (isOn, layout, person)
        (self.since, self.address) = (since, address)
    }
}

/// How people are divided.
public struct GroupsCard: Hashable, Sendable, Encodable {
    public struct Group: Hashable, Sendable, Encodable {
        public var id: Int
        public var name: String
        public var people: [PersonNumber]
    }
    public var isOpen: Bool
    /// Everybody may move by themselves.
    public var free: Bool
    public var groups: [Group]
}

/// The reader.
public struct SelfCard: Hashable, Sendable, Encodable {
    public var id: PersonNumber
    public var role: RoomRole
    public var inside: Bool
    public var name: String
    public var identified: Bool
    /// What they have not agreed to yet, and must before the meeting is recorded.
    public var consent: ConsentSentence?
}

/// What everybody agrees to whose meeting is recorded (Personal Data Protection Act B.E. 2562, section 19).
public struct ConsentSentence: Hashable, Sendable, Encodable {
    public var th: String
    public var en: String

    /// What the plan says, or our own words.
    public init(of plan: MeetingPlan) {
        let thai = "การประชุมนี้บันทึกภาพ เสียง ข้อความ และผลการลงคะแนนไว้ การกดเข้าห้องถือว่ายินยอมให้บันทึก"
        let english = "Pictures, sound, messages and votes of this meeting are recorded. By entering you agree to it."
        th = plan.consentThai.isEmpty ? thai : plan.consentThai
        en = plan.consentEnglish.isEmpty ? english : plan.consentEnglish
    }
}

/// Everything at once, for who has just come.
public struct RoomScene: Hashable, Sendable, Encodable {
    public var you: SelfCard
    public var room: RoomCard
    public var people: [PersonCard] = []
    /// For those who lead.
    public var lobby: [LobbyCard]?
    public var hands = HandsCard(queue: [])
    public var chat: [ChatMessage] = []
    public var polls: [PollCard] = []
    public var decks: [DeckCard] = []
    public var slides: SlidesCard?
    public var board: [Surface] = []
    public var captions: [CaptionCard] = []
    public var speaker: PersonNumber?
    public var spotlight: PersonNumber?
    public var recording = RecordingCard(isOn: false)
    public var air = AirCard(isOn: false, layout: "speaker")
    public var groups = GroupsCard(isOpen: false, free: false, groups: [])
    public var marks: [Mark] = []
    /// Now, in milliseconds since 1970: by it the page shows times.
    public var now: Int64 = 0

    public struct Surface: Hashable, Sendable, Encodable {
        public var surface: String
        public var strokes: [Stroke]
    }
    public struct Mark: Hashable, Sendable, Encodable {
        public var text: String
        public var at: Int64
    }
}
