// SPDX-License-Identifier: Apache-2.0

/// What a broadcast is to be: everything that is decided about it before and while it is live. The desk sends one for
/// each approved matter; alone, the studio makes one of each `NAME:KEY`. Travels as JSON.
public struct Plan: Codable, Hashable, Sendable {
    /// What becomes of a second publisher with the same key.
    public enum Second: String, Codable, Hashable, Sendable, CaseIterable { case refuse, takeOver }

    /// How finely the stream is cut: parts of 0.2, 0.5 or 1 second.
    public enum Profile: String, Codable, Hashable, Sendable, CaseIterable { case campus, usual, everywhere }

    /// Who may watch. `link` and `signedIn` want a ticket signed with `ticketKey`; they differ only in whom the desk
    /// hands one.
    public enum Door: String, Codable, Hashable, Sendable, CaseIterable { case open, link, signedIn }

    /// A quality that is made here, by a supervised ffmpeg.
    public enum Rung: String, Codable, Hashable, Sendable, CaseIterable {
        case p1080, p720, p480, p240, sound
    }

    /// What the audience may write.
    public enum Talk: String, Codable, Hashable, Sendable, CaseIterable {
        case off
        /// Questions to the chair: nobody sees one before it is let through.
        case questions
        /// Everybody sees everything at once; what offends is taken away.
        case open
    }

    /// Somewhere else that gets the same stream.
    public struct Target: Codable, Hashable, Sendable {
        /// What people call it: `YouTube`.
        public var name: String
        /// `rtmp://` or `rtmps://` with the key in it: never for a log or a page.
        public var address: String

        /// A target of this name and address.
        public init(name: String, address: String) { (self.name, self.address) = (name, address) }
    }

    /// What one of the encoder's sounds is, for those who choose between several.
    public struct Sound: Codable, Hashable, Sendable {
        /// The encoder's number for it; 0 is the one that goes with the picture.
        public var number: UInt8
        /// What people call it: `ภาษาไทย`.
        public var name: String
        /// After BCP 47: `th`, `en`; empty when it is nobody's.
        public var language: String

        /// A sound of this number, name and language.
        public init(number: UInt8, name: String, language: String = "") {
            (self.number, self.name, self.language) = (number, name, language)
        }

        /// The name as a quoted string of a playlist can hold it (RFC 8216, 4.2).
        var listedName: String { String(name.filter { $0 != "\"" && !$0.isNewline }.prefix(80)) }
        /// The language, when it is written as one.
        var listedLanguage: String {
            let isTag = language.utf8.allSatisfy { 0x61...0x7A ~= $0 | 0x20 || 0x30...0x39 ~= $0 || $0 == 0x2D }
            return isTag && language.utf8.count <= 35 ? language : ""
        }
    }

    /// The word in addresses: letters, digits, `.`, `_` and `-`, at most 64.
    public var name: String
    /// What is on, for people.
    public var title: String
    /// SHA-256 of the stream keys that are good, as lower-case hexadecimal; the keys themselves never come here.
    public var keyHashes: [String]
    public var second = Second.refuse
    public var profile = Profile.usual
    public var door = Door.open
    /// 32 random bytes as hexadecimal, which tickets are signed with; empty when none are wanted.
    public var ticketKey = ""
    /// Origins that may show the watch page in a frame: `https://lms.example.ac.th`.
    public var embedders: [String] = []
    public var rungs: [Rung] = []
    public var targets: [Target] = []
    /// What the encoder's sounds are called; who is not in it goes by its number.
    public var sounds: [Sound] = []
    /// What an encoder that speaks SRT must know besides the key, 10 to 79 bytes: what it sends is enciphered with it.
    /// Never for a log or a page.
    public var srtPassphrase: String?
    /// Whether it is written to the disk (the matter's consent says so).
    public var records = true
    /// Whether its recordings may be deleted, the oldest first, when the disk has no more room.
    public var mayForget = false
    /// Whether the audience may watch the recordings when it is over.
    public var offersFilms = false
    /// It was over before the studio was started: only its recordings are to be had.
    public var isOver = false
    public var talk = Talk.off
    /// On air as soon as somebody publishes; otherwise the officer puts it on air at the console.
    public var airsAtOnce = true
    /// A trial for the check one working day before: nobody is told, nothing is counted.
    public var isTest = false
    /// When it is announced for, in milliseconds since 1970; the poster says so.
    public var startsAt: Int64?
    /// SHA-256 of the keys that captions may be sent with by API, as lower-case hexadecimal.
    public var captionKeyHashes: [String] = []
    /// Where the audience says how it was, shown when it is over.
    public var evaluation: String?

    /// A plan that everything but its name and keys is usual in.
    public init(name: String, title: String, keyHashes: [String]) {
        (self.name, self.title, self.keyHashes) = (name, title, keyHashes)
    }

    /// Reads what a desk of another version wrote: what it does not say is as usual.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        name = try box.decode(String.self, forKey: .name)
        title = try box.decode(String.self, forKey: .title)
        keyHashes = try box.decode([String].self, forKey: .keyHashes)
        func read<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
            try box.decodeIfPresent(Value.self, forKey: key) ?? usual
        }
        second = try read(.second, second)
        profile = try read(.profile, profile)
        door = try read(.door, door)
        ticketKey = try read(.ticketKey, ticketKey)
        embedders = try read(.embedders, embedders)
        rungs = try read(.rungs, rungs)
        targets = try read(.targets, targets)
        sounds = try read(.sounds, sounds)
        srtPassphrase = try box.decodeIfPresent(String.self, forKey: .srtPassphrase)
        records = try read(.records, records)
        mayForget = try read(.mayForget, mayForget)
        offersFilms = try read(.offersFilms, offersFilms)
        isOver = try read(.isOver, isOver)
        talk = try read(.talk, talk)
        airsAtOnce = try read(.airsAtOnce, airsAtOnce)
        isTest = try read(.isTest, isTest)
        startsAt = try box.decodeIfPresent(Int64.self, forKey: .startsAt)
        captionKeyHashes = try read(.captionKeyHashes, captionKeyHashes)
        evaluation = try box.decodeIfPresent(String.self, forKey: .evaluation)
    }
}
