// SPDX-License-Identifier: Apache-2.0
public import RTP

/// One connection of a meeting: a publisher's, a viewer's, or both.
public struct SeatID: Hashable, Sendable, Codable {
    /// Never given twice in a meeting.
    public let number: UInt32

    /// A seat of this number.
    public init(_ number: UInt32) { self.number = number }
}

/// One track that somebody publishes, with all its encodings.
public struct SourceID: Hashable, Comparable, Sendable, Codable {
    /// Never given twice in a meeting.
    public let number: UInt32

    /// A source of this number.
    public init(_ number: UInt32) { self.number = number }

    /// By number: who came first.
    public static func < (left: SourceID, right: SourceID) -> Bool { left.number < right.number }
}

/// How much a tile matters; lower ones are served first.
public enum Importance: UInt8, Hashable, Comparable, Sendable, Codable, CaseIterable {
    /// A shared screen: text must be readable.
    case screen
    /// Who speaks.
    case speaker
    /// What this viewer pinned.
    case pinned
    /// What this viewer sees.
    case visible
    /// What this viewer could scroll to.
    case rest

    /// Whether `left` is served before `right`.
    public static func < (left: Importance, right: Importance) -> Bool { left.rawValue < right.rawValue }
}

/// What a viewer wants to see in one of its slots.
public struct Wish: Hashable, Sendable {
    /// Which source.
    public var source: SourceID
    /// How much it matters.
    public var importance: Importance
    /// The tile's height in pixels of the screen; nothing larger is sent than serves it.
    public var heightLimit: Int
    /// The slot it shall be shown in; nil for any.
    public var mid: String?

    /// A wish of these parts.
    public init(
        source: SourceID, importance: Importance = .visible, heightLimit: Int = 1_080, mid: String? = nil
    ) {
        self.source = source
        self.importance = importance
        self.heightLimit = heightLimit
        self.mid = mid
    }
}

/// Why a tile is smaller than it was wanted, or still.
public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is as wanted, or as large as the source has it.
    case full
    /// The way to this viewer carries no more.
    case narrowLine
    /// The way carries nothing for this tile: what matters more has taken it.
    case paused
    /// The publisher sends no more than this: its own line, its device, or a small camera.
    case publisherSmall
    /// The publisher sends nothing just now.
    case publisherSilent
    /// A host muted the source.
    case muted
    /// The key frame that it begins with has not come yet.
    case awaitingKeyFrame
    /// The viewer cannot decode what the publisher sends.
    case formatUnknown
    /// The office is full: pictures of the least importance rest (last-N).
    case overload
}

/// What a slot shows.
public struct SlotState: Hashable, Sendable {
    /// The slot's section.
    public var mid: String
    /// Whether it is a picture's.
    public var isVideo: Bool
    /// What is in it; nil for nothing.
    public var source: SourceID?
    /// The encoding that is forwarded, counted from the smallest, 0; nil for none.
    public var layer: Int?
    /// Its height, when it is known.
    public var height: Int?
    /// Why it is not more.
    public var reason: Reason
}

/// What people want of a meeting.
public enum MeetingOrder: Hashable, Sendable {
    /// What a viewer wants to see; what is not named is not sent. Before the first, a viewer gets what there is.
    case watch(SeatID, [Wish])
    /// A host's mute, or its end: packets of the source are dropped where they come in.
    case mute(SourceID, Bool)
    /// A source is a screen: it matters most, and its text must be readable.
    case screen(SourceID, Bool)
    /// Somebody needs a key frame of the source, e.g. a recorder.
    case keyFrame(SourceID)
    /// At most so many pictures go to each viewer; nil for all. The valve against overload.
    case lastN(Int?)
    /// Whose connection it is, and with whom they are: nobody sees or hears their own party, nor another group. Who was never
    /// placed is a party alone, in group 0.
    case place(SeatID, party: UInt32, group: UInt32)
    /// Somebody without a slot needs the source's best encoding: a recorder, the way on air.
    case tap(SourceID, Bool)

    /// Whether it may take something off what a recording or an audience is shown, or bring it back.
    public var changesWhatIsShown: Bool {
        switch self {
        case .mute, .place, .screen: true
        case .watch, .keyFrame, .lastN, .tap: false
        }
    }
}

/// What a meeting tells.
public enum MeetingNews: Hashable, Sendable {
    /// A source began to send.
    case began(SourceFacts)
    /// A source's connection has left.
    case ended(SourceID)
    /// Who speaks; nil for nobody.
    case speaker(SourceID?)
    /// Who speaks in a group other than 0.
    case groupSpeaker(SourceID?, group: UInt32)
    /// What a viewer's slots show has changed.
    case slots(SeatID, [SlotState])
    /// Encodings that somebody needs, by restriction identifier: the publisher's page switches the others off.
    case wanted(SourceID, [String])
    /// Somebody opened a microphone that a host has muted, and speaks into it.
    case speaksMuted(SourceID)
}

/// What a source is.
public struct SourceFacts: Hashable, Sendable {
    /// Its number.
    public var source: SourceID
    /// Who publishes it.
    public var seat: SeatID
    /// The section it comes in.
    public var mid: String
    /// Its format.
    public var format: PayloadFormat
    /// The track's name, as the publisher has it.
    public var name: String?
    /// With whom its publisher is.
    public var group: UInt32 = 0
    /// A host's mute, or its owner's: nothing of it is let in.
    public var isMuted = false
}

/// How a seat's line is, for the desk's figures and the room's connection light.
public struct SeatFigures: Hashable, Sendable {
    /// What the way to the viewer is believed to carry, in bits in a second.
    public var estimate: Int64 = 0
    /// What is being sent to it.
    public var sending: Int64 = 0
    /// What comes from it.
    public var receiving: Int64 = 0
    /// There and back, in microseconds; nil while unknown.
    public var roundTrip: Int64?
    /// Of what was sent to it, lost on the way lately, in thousandths.
    public var lossPerMille = 0
    /// Packets that were sent again to it.
    public var repairs: Int64 = 0
    /// Packets it asked for that were not there any more.
    public var unrepaired: Int64 = 0
    /// Packets of it that were malformed, or nobody's.
    public var refused: Int64 = 0
}
