// SPDX-License-Identifier: Apache-2.0

/// What a meeting is to be: what is decided about it before it opens. The desk sends one for each approved matter; alone,
/// the studio makes one of each `--meeting`. Travels as JSON.
public struct MeetingPlan: Codable, Hashable, Sendable {
    /// Who is let in at the room's page.
    public enum Entry: String, Codable, Hashable, Sendable, CaseIterable {
        /// Whoever has the address, by a name of their own choice.
        case open
        /// Who has a pass that the desk signed (`RoomPass`).
        case pass
        /// Who has a pass that says who they are: for meetings that must prove who was there.
        case identified
    }

    /// Who waits until a host lets them in. Hosts and co-hosts never wait.
    public enum Lobby: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody.
        case off
        /// Who is not known by a pass that says who they are.
        case guests
        /// Everybody.
        case everybody
    }

    /// The word in addresses: letters, digits, `.`, `_` and `-`, at most 64.
    public var name: String
    /// What it is about, for people.
    public var title: String
    /// SHA-256 of the keys that encoders may publish with (WHIP), as lower-case hexadecimal. None: whoever comes may, where
    /// the room is open to everybody; else nobody.
    public var keyHashes: [String] = []
    /// Who may play it without a seat (WHEP).
    public var door = Plan.Door.open
    /// 32 random bytes as hexadecimal, which tickets are signed with; empty when none are wanted.
    public var ticketKey = ""

    /// Who is let in at the room's page.
    public var entry = Entry.open
    /// 32 random bytes as hexadecimal, which passes are signed with; empty when there are none. Another key makes every
    /// pass that was handed out worthless; who is inside stays.
    public var passKey = ""
    /// SHA-256 of words that make a host of whoever enters with one, as lower-case hexadecimal. None, and no pass key: who
    /// comes first is host.
    public var hostKeyHashes: [String] = []
    /// Passes that were taken back, by what stands before the `@` in their key: nobody enters with one any more, and who is
    /// inside goes.
    public var revokedKeys: [String] = []
    /// What somebody is who enters without a pass.
    public var guestRole = RoomRole.speaker

    public var lobby = Lobby.off
    /// Parts of an identified person's key behind `@` who never wait: `example.ac.th`.
    public var admittedDomains: [String] = []
    /// Whether people may open their microphones without being asked to. Hosts may change this and the next three.
    public var mayUnmute = true
    /// Whether speakers may share screens and slides without being asked to.
    public var mayShare = true
    /// Whether people may write to everybody.
    public var mayChat = true
    /// Whether people may write to one another alone; to hosts they always may.
    public var mayWhisper = true
    /// Few speak, many listen: what listeners write waits until a host shows it.
    public var isWebinar = false
    /// The first to come must wait for a host: nobody but hosts is let in before.
    public var waitsForHost = false

    /// Whether it may be recorded (the matter says so).
    public var records = false
    /// Whether it is recorded from the first minute, without a host's asking for it.
    public var recordsAtOnce = false
    /// Whether what was recorded stays on the disk when the recording ends.
    public var keepsRecordings = true
    /// Whether its recordings may be deleted, the oldest first, when the disk has no more room.
    public var mayForget = false
    /// Whether everybody must agree to a recording before they come in.
    public var asksConsent = true
    /// What they agree to; empty for our own sentence.
    public var consentThai = ""
    public var consentEnglish = ""
    /// The broadcast of this studio that it is put on air as; nil when it must not be.
    public var broadcast: String?
    /// How it goes on air as soon as somebody publishes; nil when a host asks.
    public var airsAtOnce: FilmLayout?

    /// When it is announced for, in milliseconds since 1970.
    public var startsAt: Int64?
    public var endsAt: Int64?
    /// Nobody but hosts is let in earlier, in milliseconds since 1970; nil for no such time.
    public var opensAt: Int64?
    /// What is taken up, in order, for the minutes.
    public var agenda: [String] = []
    /// How many who may vote must be there for a formal vote to count, unless the vote says otherwise; 0 for any number.
    public var quorum = 0
    /// Origins that may show the room in a frame: `https://lms.example.ac.th`.
    public var embedders: [String] = []
    /// A trial for the check one working day before: nobody is told, nothing is counted.
    public var isTest = false
    /// It was over before the studio was started: nobody is let in.
    public var isOver = false
    /// Slides and files that people brought go so many hours after the end.
    public var keepsFilesHours = 24
    /// How many may be there at once; at most 1,000.
    public var personLimit = 500
    /// Where people say how it was, shown when it is over.
    public var evaluation: String?
    /// Where those who find no room watch instead.
    public var overflow: String?

    /// A meeting of this name that everything else is usual in.
    public init(name: String, title: String) { (self.name, self.title) = (name, title) }

    /// Reads what a desk of another version wrote: what it does not say is as usual.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        name = try box.decode(String.self, forKey: .name)
        title = try box.decode(String.self, forKey: .title)
        func read<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
            try box.decodeIfPresent(Value.self, forKey: key) ?? usual
        }
        keyHashes = try read(.keyHashes, keyHashes)
        door = try read(.door, door)
        ticketKey = try read(.ticketKey, ticketKey)
        entry = try read(.entry, entry)
        passKey = try read(.passKey, passKey)
        hostKeyHashes = try read(.hostKeyHashes, hostKeyHashes)
        revokedKeys = try read(.revokedKeys, revokedKeys)
        guestRole = try read(.guestRole, guestRole)
        lobby = try read(.lobby, lobby)
        admittedDomains = try read(.admittedDomains, admittedDomains)
        mayUnmute = try read(.mayUnmute, mayUnmute)
        mayShare = try read(.mayShare, mayShare)
        mayChat = try read(.mayChat, mayChat)
        mayWhisper = try read(.mayWhisper, mayWhisper)
        isWebinar = try read(.isWebinar, isWebinar)
        waitsForHost = try read(.waitsForHost, waitsForHost)
        records = try read(.records, records)
        recordsAtOnce = try read(.recordsAtOnce, recordsAtOnce)
        keepsRecordings = try read(.keepsRecordings, keepsRecordings)
        mayForget = try read(.mayForget, mayForget)
        asksConsent = try read(.asksConsent, asksConsent)
        consentThai = try read(.consentThai, consentThai)
        consentEnglish = try read(.consentEnglish, consentEnglish)
        broadcast = try box.decodeIfPresent(String.self, forKey: .broadcast)
        airsAtOnce = try box.decodeIfPresent(FilmLayout.self, forKey: .airsAtOnce)
        startsAt = try box.decodeIfPresent(Int64.self, forKey: .startsAt)
        endsAt = try box.decodeIfPresent(Int64.self, forKey: .endsAt)
        opensAt = try box.decodeIfPresent(Int64.self, forKey: .opensAt)
        agenda = try read(.agenda, agenda)
        quorum = try read(.quorum, quorum)
        embedders = try read(.embedders, embedders)
        isTest = try read(.isTest, isTest)
        isOver = try read(.isOver, isOver)
        keepsFilesHours = try read(.keepsFilesHours, keepsFilesHours)
        personLimit = try read(.personLimit, personLimit)
        evaluation = try box.decodeIfPresent(String.self, forKey: .evaluation)
        overflow = try box.decodeIfPresent(String.self, forKey: .overflow)
    }
}

/// What somebody is in a meeting.
public enum RoomRole: String, Codable, Hashable, Sendable, CaseIterable {
    /// Sees, hears, writes and raises a hand, and never publishes.
    case listener
    /// Publishes, too.
    case speaker
    /// Leads, beside the host.
    case cohost
    /// Leads, and alone may end it and make hosts.
    case host

    /// Whether somebody of this role leads.
    public var leads: Bool { self == .host || self == .cohost }
    /// Whether somebody of this role may publish.
    public var publishes: Bool { self != .listener }
}
