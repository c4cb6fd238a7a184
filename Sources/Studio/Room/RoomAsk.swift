// SPDX-License-Identifier: Apache-2.0

/// What somebody in a room asks for; docs/signalling.md has the list with its limits.
public enum RoomAsk: Hashable, Sendable {
    // Everybody.
    case media(microphone: Bool, camera: Bool, screen: Bool)
    case tracks([TrackKind: String])
    case watch([Want])
    case hand(isUp: Bool)
    case react(Reaction)
    case say(text: String, to: PersonNumber?, everywhere: Bool)
    case hideChat(number: Int)
    case vote(poll: Int, choice: Int)
    case showSlides(deck: String, page: Int)
    case stopSlides
    case draw(surface: String, Stroke)
    case undo(surface: String)
    case clear(surface: String)
    case caption(text: String, isFinal: Bool)
    /// To being recorded.
    case agree
    case leave
    // Those who lead.
    case openPoll(PollWish)
    case closePoll(Int)
    case judge(number: Int, Verdict)
    case admit(PersonNumber)
    case admitAll(domain: String?)
    case deny(PersonNumber)
    case mute(PersonNumber, TrackKind, isHard: Bool)
    case muteAll(isHard: Bool)
    case allow(PersonNumber, TrackKind, Bool)
    case role(PersonNumber, RoomRole)
    case lower(PersonNumber?)
    case floor(PersonNumber?, seconds: Int?)
    case toLobby(PersonNumber)
    case remove(PersonNumber, bars: Bool)
    case settings(RoomSettings)
    case lock(Bool)
    case openGroups([GroupWish], isFree: Bool)
    case moveGroup(PersonNumber, Int?)
    case closeGroups
    case spotlight(PersonNumber?)
    case mark(text: String)
    case record(Bool)
    case air(Bool, layout: String, person: PersonNumber?)
    case end

    /// What a viewer wants to see in one of its slots.
    public struct Want: Hashable, Sendable, Decodable {
        public var person: PersonNumber
        public var kind: TrackKind
        public var importance: Importance
        public var height: Int
        public var mid: String?

        public init(
            person: PersonNumber, kind: TrackKind, importance: Importance = .visible, height: Int = 360,
            mid: String? = nil
        ) {
            (self.person, self.kind, self.importance) = (person, kind, importance)
            (self.height, self.mid) = (height, mid)
        }

        enum CodingKeys: CodingKey { case person, kind, importance, height, mid }

        public init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            person = try box.decode(PersonNumber.self, forKey: .person)
            kind = try box.decodeIfPresent(TrackKind.self, forKey: .kind) ?? .camera
            height = try box.decodeIfPresent(Int.self, forKey: .height) ?? 360
            mid = try box.decodeIfPresent(String.self, forKey: .mid)
            let word = try box.decodeIfPresent(String.self, forKey: .importance) ?? "visible"
            guard let importance = Importance(word: word) else {
                throw DecodingError.dataCorruptedError(forKey: .importance, in: box, debugDescription: word)
            }
            self.importance = importance
        }
    }

    /// A group as a host wishes it.
    public struct GroupWish: Hashable, Sendable, Decodable {
        public var name: String
        public var people: [PersonNumber]
        public init(name: String, people: [PersonNumber]) { (self.name, self.people) = (name, people) }
    }

    /// A poll or a vote as a host wishes it.
    public struct PollWish: Hashable, Sendable {
        public var question: String
        public var choices: [String]
        public var isSecret: Bool
        public var isFormal: Bool
        public var quorum: Int?

        public init(question: String, choices: [String], isSecret: Bool, isFormal: Bool, quorum: Int? = nil) {
            (self.question, self.choices) = (question, choices)
            (self.isSecret, self.isFormal, self.quorum) = (isSecret, isFormal, quorum)
        }
    }

    /// What a thumb says.
    public enum Reaction: String, Hashable, Sendable, Codable, CaseIterable {
        case clap, heart, laugh, surprise, up, down, party, thanks
    }
}

/// What hosts may change while it goes on; nil for what stays as it is.
public struct RoomSettings: Hashable, Sendable {
    public var lobby: MeetingPlan.Lobby?
    public var mayUnmute: Bool?
    public var mayShare: Bool?
    public var mayChat: Bool?
    public var mayWhisper: Bool?
    public var mayDraw: Bool?
    public var webinar: Bool?

    /// Changes nothing.
    public init() {}
}

extension Importance {
    /// `screen`, `speaker`, `pinned`, `visible`, `rest`.
    init?(word: String) {
        switch word {
        case "screen": self = .screen
        case "speaker": self = .speaker
        case "pinned": self = .pinned
        case "visible": self = .visible
        case "rest": self = .rest
        default: return nil
        }
    }
}
