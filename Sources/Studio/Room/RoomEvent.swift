// SPDX-License-Identifier: Apache-2.0

/// What is told to people in a room: one JSON object each, `{"kind":…}`. docs/signalling.md has the list. What is nil is
/// left out.
public enum RoomEvent: Hashable, Sendable, Encodable {
    case state(RoomScene)
    case person(PersonCard)
    case left(PersonNumber, why: String)
    case room(RoomCard)
    case lobby([LobbyCard])
    case hands(HandsCard)
    case chat(ChatMessage)
    case react(PersonNumber, RoomAsk.Reaction)
    case poll(PollCard)
    case decks([DeckCard])
    case slides(SlidesCard?)
    /// Strokes of a surface; `isWhole` when they are all of it.
    case board(surface: String, [Stroke], isWhole: Bool)
    case boardUndo(surface: String, stroke: String)
    case boardCleared(surface: String)
    case caption(CaptionCard)
    case speaker(PersonNumber?)
    case spotlight(PersonNumber?)
    case slots([SlotCard])
    case wanted([WantedCard])
    case line(LineCard)
    /// What they must agree to; nil when there is nothing any more.
    case consent(ConsentSentence?)
    case told(Telling, by: PersonNumber?)
    case recording(RecordingCard)
    case air(AirCard)
    case groups(GroupsCard)
    case mark(MeetingReport.Mark, by: PersonNumber)
    case ended(why: String, Telling?, evaluation: String?)

    /// A word of a JSON object.
    private struct Key: CodingKey, ExpressibleByStringLiteral {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringLiteral text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private typealias Box = KeyedEncodingContainer<Key>

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(kind, forKey: "kind")
        switch self {
        case .state(let scene): try scene.encode(to: encoder)
        case .room(let card): try card.encode(to: encoder)
        case .hands(let card): try card.encode(to: encoder)
        case .caption(let card): try card.encode(to: encoder)
        case .line(let card): try card.encode(to: encoder)
        case .recording(let card): try card.encode(to: encoder)
        case .air(let card): try card.encode(to: encoder)
        case .groups(let card): try card.encode(to: encoder)
        case .slides(let card): try card?.encode(to: encoder)
        case .consent(let sentence): try sentence?.encode(to: encoder)
        case .person(let card): try box.encode(card, forKey: "person")
        case .lobby(let people): try box.encode(people, forKey: "people")
        case .chat(let message): try box.encode(message, forKey: "message")
        case .poll(let card): try box.encode(card, forKey: "poll")
        case .decks(let decks): try box.encode(decks, forKey: "decks")
        case .slots(let slots): try box.encode(slots, forKey: "slots")
        case .wanted(let tracks): try box.encode(tracks, forKey: "tracks")
        default: try encodeWords(&box)
        }
    }

    private func encodeWords(_ box: inout Box) throws {
        switch self {
        case .left(let person, let why):
            try box.encode(person, forKey: "person")
            try box.encode(why, forKey: "why")
        case .react(let person, let reaction):
            try box.encode(person, forKey: "person")
            try box.encode(reaction, forKey: "reaction")
        case .board(let surface, let strokes, let isWhole):
            try box.encode(surface, forKey: "surface")
            try box.encode(strokes, forKey: "strokes")
            try box.encode(isWhole, forKey: "whole")
        case .boardUndo(let surface, let stroke):
            try box.encode(surface, forKey: "surface")
            try box.encode(stroke, forKey: "id")
        case .boardCleared(let surface): try box.encode(surface, forKey: "surface")
        case .speaker(let person), .spotlight(let person): try box.encodeIfPresent(person, forKey: "person")
        case .told(let telling, let by):
            try RoomEvent.encode(telling, &box)
            try box.encodeIfPresent(by, forKey: "by")
        case .mark(let mark, let by):
            try box.encode(mark.text, forKey: "text")
            try box.encode(mark.at, forKey: "at")
            try box.encode(by, forKey: "by")
        case .ended(let why, let telling, let evaluation):
            try box.encode(why, forKey: "why")
            if let telling { try RoomEvent.encode(telling, &box) }
            try box.encodeIfPresent(evaluation, forKey: "evaluation")
        default: break
        }
    }

    private static func encode(_ telling: Telling, _ box: inout Box) throws {
        try box.encode(telling.code, forKey: "code")
        try box.encode(telling.thai, forKey: "th")
        try box.encode(telling.english, forKey: "en")
    }

    /// The event's word.
    public var kind: String {
        switch self {
        case .state: "state"
        case .person: "person"
        case .left: "left"
        case .room: "room"
        case .lobby: "lobby"
        case .hands: "hands"
        case .chat: "chat"
        case .react: "react"
        case .poll: "poll"
        case .decks: "decks"
        case .slides: "slides"
        case .board: "board"
        case .boardUndo: "boardUndo"
        case .boardCleared: "boardCleared"
        case .caption: "caption"
        case .speaker: "speaker"
        case .spotlight: "spotlight"
        case .slots: "slots"
        case .wanted: "wanted"
        case .line: "line"
        case .consent: "consent"
        case .told: "told"
        case .recording: "recording"
        case .air: "air"
        case .groups: "groups"
        case .mark: "mark"
        case .ended: "ended"
        }
    }

    /// What is out of date at once: it is not told again to who was away for a moment.
    public var isFleeting: Bool {
        switch self {
        case .react, .speaker, .slots, .wanted, .line, .state: true
        default: false
        }
    }
}
