// SPDX-License-Identifier: Apache-2.0

// การถ่ายทอดสด: what the office settles about a matter's broadcast. The studio knows the same things by its own words;
// `sanyan` tells it (decision 0002).

/// What becomes of a second encoder with the same key.
public enum SecondEncoder: String, Codable, Hashable, Sendable, CaseIterable { case refuse, takeOver }

/// How finely the stream is cut: the finer, the nearer to live, the better the lines have to be.
public enum AirProfile: String, Codable, Hashable, Sendable, CaseIterable { case campus, usual, everywhere }

/// Who may watch (ใครชมได้).
public enum AirDoor: String, Codable, Hashable, Sendable, CaseIterable {
    /// Whoever has the address.
    case open
    /// Whoever was given a link that expires.
    case link
    /// People with an account here.
    case signedIn
}

/// A quality that is made here besides what the encoder sends.
public enum AirRung: String, Codable, Hashable, Sendable, CaseIterable { case p1080, p720, p480, p240, sound }

/// What the audience may write.
public enum AirTalk: String, Codable, Hashable, Sendable, CaseIterable {
    case off
    /// Nobody sees a question before the office lets it through.
    case questions
    /// Everybody sees everything at once; what offends is taken away.
    case open
}

/// Somewhere else that gets the same stream (ส่งต่อ), as YouTube. Its address holds a key: never for a page or a log.
public struct AirTarget: Hashable, Codable, Sendable, CustomStringConvertible {
    public var name: String
    /// `rtmp://` or `rtmps://`.
    public var address: String

    public init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    /// `rtmps://a.example.com`: all of the address that may be shown.
    public var host: String {
        guard let mark = address.firstRange(of: "://") else { return "" }
        let host = address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" }
        return String(address[..<host.endIndex])
    }

    /// Never the key.
    public var description: String { "\(name) \(host)" }
}

/// One of the encoder's sounds, for an audience that chooses between several (แทร็กเสียง).
public struct AirSound: Hashable, Codable, Sendable {
    /// The encoder's number for it; 0 goes with the picture.
    public var number: Int
    /// What people call it: `ภาษาไทย`.
    public var name: String
    /// After BCP 47: `th`, `en`; empty when it is nobody's.
    public var language: String

    public init(number: Int, name: String, language: String = "") {
        self.number = number
        self.name = name
        self.language = language
    }
}

/// What the officers settle before the day, and may change until the end (ตั้งค่าการถ่ายทอด).
public struct AirSettings: Hashable, Codable, Sendable {
    /// What the audience reads; empty for the letter's own title.
    public var title = ""
    public var door = AirDoor.open
    public var profile = AirProfile.usual
    public var second = SecondEncoder.refuse
    public var rungs: [AirRung] = []
    public var talk = AirTalk.off
    /// Sites that may show the watch page in a frame: `https://lms.example.ac.th`.
    public var embedders: [String] = []
    public var targets: [AirTarget] = []
    /// What the encoder's sounds are called, where it sends several.
    public var sounds: [AirSound] = []
    /// What an encoder that speaks SRT enciphers with; empty for none. Never for a log, shown with the stream key alone.
    public var srtPassphrase = ""
    /// Recorded, where the letter asks for it.
    public var records = true
    /// The audience may see the recordings when it is over.
    public var offersFilms = false
    /// A recording may go, oldest first, when the disk is full.
    public var mayForget = false

    /// What is usual.
    public init() {}

    /// What an older program did not know of stays as usual.
    public init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        title = try kept.decodeIfPresent(String.self, forKey: .title) ?? title
        door = try kept.decodeIfPresent(AirDoor.self, forKey: .door) ?? door
        profile = try kept.decodeIfPresent(AirProfile.self, forKey: .profile) ?? profile
        second = try kept.decodeIfPresent(SecondEncoder.self, forKey: .second) ?? second
        rungs = try kept.decodeIfPresent([AirRung].self, forKey: .rungs) ?? rungs
        talk = try kept.decodeIfPresent(AirTalk.self, forKey: .talk) ?? talk
        embedders = try kept.decodeIfPresent([String].self, forKey: .embedders) ?? embedders
        targets = try kept.decodeIfPresent([AirTarget].self, forKey: .targets) ?? targets
        sounds = try kept.decodeIfPresent([AirSound].self, forKey: .sounds) ?? sounds
        srtPassphrase = try kept.decodeIfPresent(String.self, forKey: .srtPassphrase) ?? srtPassphrase
        records = try kept.decodeIfPresent(Bool.self, forKey: .records) ?? records
        offersFilms = try kept.decodeIfPresent(Bool.self, forKey: .offersFilms) ?? offersFilms
        mayForget = try kept.decodeIfPresent(Bool.self, forKey: .mayForget) ?? mayForget
    }

    /// What is usual for a matter: a secret one opens to nobody without an account.
    public static func usual(for matter: Matter) -> AirSettings {
        var settings = AirSettings()
        if matter.isSecret { settings.door = .signedIn }
        return settings
    }

    /// What is wrong with the settings as filled in; empty when they may stand.
    public func faults(for matter: Matter) -> [AirFault] {
        var faults: [AirFault] = []
        if title.count > 300 { faults.append(.titleTooLong(limit: 300)) }
        if matter.isSecret, door == .open { faults.append(.secretIsNotOpen) }
        if embedders.count > Self.mostEmbedders { faults.append(.tooManyEmbedders(limit: Self.mostEmbedders)) }
        faults += embedders.filter { !isOrigin($0) }.map { .noOrigin($0) }
        if targets.count > Self.mostTargets { faults.append(.tooManyTargets(limit: Self.mostTargets)) }
        for target in targets {
            if target.name.trimmed.isEmpty || target.name.count > 60 { faults.append(.targetUnnamed) }
            if !isStreamAddress(target.address) { faults.append(.noStreamAddress(target.name)) }
        }
        if Set(targets.map(\.name)).count < targets.count { faults.append(.targetTwice) }
        if sounds.contains(where: { !(0..<Self.mostSounds).contains($0.number) || !isLanguage($0.language) })
            || Set(sounds.map(\.number)).count < sounds.count || sounds.contains(where: { $0.name.count > 60 })
        {
            faults.append(.soundMalformed)
        }
        if sounds.contains(where: { $0.name.trimmed.isEmpty }) { faults.append(.soundUnnamed) }
        if !srtPassphrase.isEmpty, !isPassphrase(srtPassphrase) { faults.append(.passphraseMalformed) }
        return faults
    }

    /// Empty, or a tag as BCP 47 writes it.
    private func isLanguage(_ text: String) -> Bool {
        text.utf8.count <= 35 && text.utf8.allSatisfy { 0x61...0x7A ~= $0 | 0x20 || 0x30...0x39 ~= $0 || $0 == 0x2D }
    }

    /// SRT takes 10 to 79 bytes; only those that stand in an address as they are, since encoders are told by address.
    private func isPassphrase(_ text: String) -> Bool {
        (10...79).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                0x61...0x7A ~= $0 | 0x20 || 0x30...0x39 ~= $0 || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            }
    }

    public static let mostEmbedders = 20
    public static let mostTargets = 5
    public static let mostSounds = 4
}

/// What is wrong with settings as filled in.
public enum AirFault: Hashable, Sendable {
    case titleTooLong(limit: Int)
    /// A secret matter's broadcast is not open to whoever has the address.
    case secretIsNotOpen
    case tooManyEmbedders(limit: Int)
    /// Not `https://` and a host.
    case noOrigin(String)
    case tooManyTargets(limit: Int)
    case targetUnnamed
    case targetTwice
    /// Not `rtmp://` or `rtmps://` with a host and a path.
    case noStreamAddress(String)
    case soundUnnamed
    /// A sound's number, length or language.
    case soundMalformed
    /// Not 10 to 79 letters, digits, `-`, `.` and `_`.
    case passphraseMalformed
}

/// A stream key as the office keeps it: its mark alone. The key itself is shown by `Cabinet.streamKeys` only.
public struct AirKey: Hashable, Codable, Sendable {
    /// SHA-256 of the key, 64 lower-case hexadecimal digits.
    public var hash: String
    public var from: Moment
    /// Until when it is good; nil for as long as nobody takes it back.
    public var until: Moment?

    public init(hash: String, from: Moment, until: Moment? = nil) {
        self.hash = hash
        self.from = from
        self.until = until
    }

    public func isGood(at now: Moment) -> Bool { until.map { now < $0 } ?? true }
}

/// A stream key as it is shown to the matter's officers (สตรีมคีย์).
public struct StreamKey: Hashable, Sendable, CustomStringConvertible {
    public var text: String
    public var until: Moment?

    public init(text: String, until: Moment?) {
        self.text = text
        self.until = until
    }

    /// Never the key.
    public var description: String { "StreamKey" }
}

/// What stands for a matter's broadcast: its name in addresses, its keys' marks, what was settled.
public struct AirPlan: Hashable, Sendable, CustomStringConvertible {
    public var matter: Matter.ID
    /// The word in addresses; cannot be guessed.
    public var name: String
    /// Newest first; one that is no longer good may still be in it.
    public var keys: [AirKey]
    /// 32 bytes that watch links are signed with, as hexadecimal; empty when they could not be read back.
    public var ticketKey: String
    public var settings: AirSettings

    public init(matter: Matter.ID, name: String, keys: [AirKey], ticketKey: String, settings: AirSettings) {
        self.matter = matter
        self.name = name
        self.keys = keys
        self.ticketKey = ticketKey
        self.settings = settings
    }

    /// Neither keys nor addresses.
    public var description: String { "AirPlan \(name)" }

    /// Puts a new key before the others, which stay good until `until`, or end now.
    public mutating func renew(with key: AirKey, at now: Moment, oldUntil until: Moment?) {
        let end = min(max(now, until ?? now), now + Self.longestOverlap)
        let others = keys.filter { $0.isGood(at: now) }.map { old in
            AirKey(hash: old.hash, from: old.from, until: min(old.until ?? end, end))
        }
        keys = [key] + others.filter { $0.isGood(at: now) }.prefix(Self.mostKeys - 1)
    }

    /// More keys than these are good at no time.
    public static let mostKeys = 4
    /// The longest that an old key stays good beside a new one.
    public static let longestOverlap = Length.days(2)
}

// MARK: Who may

/// Whether settings may stand: the officers' and the secretariat's, from the approval to the end.
///
/// - Throws: `.notYourRole`, `.noBroadcast`, `.notNow`, `.airFaults`.
public func maySettle(_ settings: AirSettings, of matter: Matter, by hand: Hand) throws(Refusal) {
    guard !hand.roles.isDisjoint(with: [.officer, .secretariat]) else { throw .notYourRole(.link) }
    try mayHaveStudio(matter)
    let faults = settings.faults(for: matter)
    guard faults.isEmpty else { throw .airFaults(faults) }
}

/// Whether the stream keys may be shown or changed: to the officers who are assigned, while there is something to send.
///
/// - Throws: `.notYourRole`, `.noBroadcast`, `.notNow`, `.notItsOfficer`.
public func maySeeKeys(of matter: Matter, by hand: Hand) throws(Refusal) {
    guard hand.roles.contains(.officer) else { throw .notYourRole(.open) }
    try mayHaveStudio(matter)
    guard let person = hand.person, matter.assignment?.officers.contains(person) == true else { throw .notItsOfficer }
}

private func mayHaveStudio(_ matter: Matter) throws(Refusal) {
    guard matter.hasStudio else { throw .noBroadcast }
    guard !matter.stage.isFinal else { throw .notNow(.link, stage: matter.stage) }
}

// MARK: Addresses

/// `https://lms.example.ac.th`, with a port where there is one: nothing after the host. Plain `http` for a test.
public func isOrigin(_ text: String) -> Bool {
    guard text.count <= 300, let rest = text.after("https://") ?? text.after("http://") else { return false }
    return isHost(rest)
}

/// `rtmp://` or `rtmps://`, a host, a path with something in it.
public func isStreamAddress(_ text: String) -> Bool {
    guard text.count <= 2000, let rest = text.after("rtmp://") ?? text.after("rtmps://"),
        let slash = rest.firstIndex(of: "/"), rest.index(after: slash) < rest.endIndex
    else { return false }
    return isHost(rest[..<slash])
        && rest[slash...].unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "\\" }
}

/// A name or an address, with a port or without.
private func isHost(_ text: Substring) -> Bool {
    let name = text.hasPrefix("[") ? text.prefix { $0 != "]" }.dropFirst() : text.prefix { $0 != ":" }
    let rest = text.hasPrefix("[") ? text.dropFirst(name.count + 2) : text.dropFirst(name.count)
    guard !name.isEmpty, name.first != ".", name.first != "-" else { return false }
    guard rest.isEmpty || (rest.first == ":" && Int(rest.dropFirst()).map { (1...65_535).contains($0) } == true)
    else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == ":") }
}

extension String {
    fileprivate func after(_ start: String) -> Substring? { hasPrefix(start) ? dropFirst(start.count) : nil }
}
