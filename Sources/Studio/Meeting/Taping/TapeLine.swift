// SPDX-License-Identifier: Apache-2.0

/// How several pictures of a meeting are put into one: in a film of its recording, or on air.
public enum FilmLayout: String, Codable, Hashable, Sendable, CaseIterable {
    /// A screen or who speaks, with the others small beside it.
    case speaker
    /// A screen and who speaks beside each other.
    case side
    /// Everybody alike.
    case grid
    /// One picture alone: a screen or who speaks.
    case one
}

/// Whose a source is and what it shows, as the meeting's room knows it: for the log, and for name plates.
public struct TrackOwner: Hashable, Sendable {
    /// The person's id in the room.
    public var person: String
    /// What people read.
    public var name: String
    /// What it is.
    public var kind: TrackKind

    /// An owner of these.
    public init(person: String, name: String, kind: TrackKind) {
        (self.person, self.name, self.kind) = (person, name, kind)
    }
}

/// What the recorder itself writes into the log, one line of JSON each; the room's own lines stand between them. `at` is in
/// milliseconds since 1970, as in every line.
public struct TapeLine: Codable, Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The first line: `name` is the meeting's title.
        case recording = "tapeBegan"
        /// A picture or sound has a file.
        case track
        /// Whose a source is became known.
        case owner
        /// A source has ended.
        case trackEnded
        /// Who speaks has changed: `source` is the sound, nothing for nobody.
        case speaks
        /// The last line. `isBroken` when the program ended in the middle, and it was written later.
        case recordingEnded = "tapeEnded"
    }

    /// When, in milliseconds since 1970.
    public var at: Int64
    /// What happened.
    public var kind: Kind
    /// The source's number in the meeting.
    public var source: UInt32?
    /// The seat that publishes it.
    public var seat: UInt32?
    /// Its file.
    public var file: String?
    /// What it is.
    public var what: TrackKind?
    /// Whose it is.
    public var person: String?
    /// What people call them, or the meeting.
    public var name: String?
    /// It was not ended in order.
    public var isBroken: Bool?

    /// A line of these.
    public init(at: Int64, _ kind: Kind) { (self.at, self.kind) = (at, kind) }
}
