// SPDX-License-Identifier: Apache-2.0
import Media

/// Somebody in a room, inside or waiting, as the room knows them.
struct Attendee: Sendable {
    /// One connection of theirs, with the tracks that come in it.
    struct Call: Sendable {
        var seat: SeatID
        /// In the order of the offer.
        var sections: [(mid: String, source: SourceID?)]
        /// Which section is what; in the order of the offer until the page says otherwise.
        var kinds: [TrackKind: String]

        func source(_ kind: TrackKind) -> SourceID? {
            guard let mid = kinds[kind] else { return nil }
            return sections.first { $0.mid == mid }?.source
        }

        func kind(of source: SourceID) -> TrackKind? {
            guard let mid = sections.first(where: { $0.source == source })?.mid else { return nil }
            return kinds.first { $0.value == mid }?.key
        }
    }

    let id: PersonNumber
    var name: String
    /// Who they are, as the desk signed it.
    let key: String?
    /// What a page keeps of its browser, so that somebody who was barred stays so.
    let device: String?
    /// What stands before the `@` in the key of the pass that they came with, whoever they are.
    var link: String?
    var role: RoomRole
    var isInside = false
    /// An encoder that came by WHIP.
    var isDevice = false
    let since: Int64
    var consented: Bool?
    /// When they agreed or did not, in milliseconds since 1970.
    var consentedAt: Int64?

    var hand: Int64?
    /// What the page says is on.
    var on: Set<TrackKind> = []
    var hardMuted: Set<TrackKind> = []
    var allowed: Set<TrackKind> = []
    var group: Int?
    /// Since when its stream of events is broken; nil while it is there.
    var awaySince: Instant?
    /// Its stream of events has been open.
    var hasListened = false

    var up: Call?
    var down: Call?
    /// Which section is what, when the page has said so.
    var tracks: [TrackKind: String]?
    var wants: [RoomAsk.Want] = []
    /// What was last told to the engine.
    var wished: [Wish]?
    var muted: [SourceID: Bool] = [:]
    var screens: Set<SourceID> = []
    var placed: [SeatID: UInt32] = [:]
    /// Tracks that have begun.
    var begun: Set<SourceID> = []
    var slots: [SlotState] = []
    var wanted: [TrackKind: [String]] = [:]
    var line: LineCard?

    var asks = Allowance(burst: 80, pauseMilliseconds: 40)
    var messages = Allowance(burst: 5, pauseMilliseconds: 1_500)
    var reactions = Allowance(burst: 6, pauseMilliseconds: 700)
    var captions = Allowance(burst: 20, pauseMilliseconds: 100)
    var strokes = Allowance(burst: 120, pauseMilliseconds: 30)

    init(
        _ id: PersonNumber, name: String, key: String?, device: String?, role: RoomRole, since: Int64, consented: Bool?
    ) {
        (self.id, self.name, self.key, self.device) = (id, name, key, device)
        (self.role, self.since, self.consented) = (role, since, consented)
        consentedAt = consented == nil ? nil : since
    }

    /// The same for who comes again.
    var mark: String { key.map { "k:" + $0 } ?? device.map { "d:\($0):\(name)" } ?? id.text }

    var voter: Poll.Voter { key.map { .known($0) } ?? .guest(id) }

    /// What stands behind `@` in the key.
    var domain: String? {
        guard let key, let place = key.lastIndex(of: "@") else { return nil }
        return key[key.index(after: place)...].lowercased()
    }

    /// Whether packets of a track of this kind may go on to others.
    func isOpen(_ kind: TrackKind) -> Bool {
        guard isInside, role.publishes else { return false }
        if isDevice { return !hardMuted.contains(kind) }
        let switchKind: TrackKind = kind == .screenSound ? .screen : kind
        return on.contains(switchKind) && !hardMuted.contains(switchKind)
    }

    /// Its tracks that are open and have begun.
    var sources: [String: UInt32] {
        var sources: [String: UInt32] = [:]
        for kind in TrackKind.allCases {
            if let source = up?.source(kind), begun.contains(source), isOpen(kind) {
                sources[kind.rawValue] = source.number
            }
        }
        return sources
    }

    var card: PersonCard {
        PersonCard(
            id: id, name: name, role: role, identified: key != nil, inside: isInside, hand: hand,
            microphone: isOpen(.microphone), camera: isOpen(.camera), screen: isOpen(.screen),
            hardMuted: !hardMuted.isEmpty, hardMutes: TrackKind.allCases.filter(hardMuted.contains),
            allowed: TrackKind.allCases.filter(allowed.contains),
            away: hasListened && awaySince != nil, group: group, device: isDevice, sources: sources)
    }

    var selfCard: SelfCard {
        SelfCard(id: id, role: role, inside: isInside, name: name, identified: key != nil)
    }

    var lobbyCard: LobbyCard {
        LobbyCard(id: id, name: name, identified: key != nil, domain: domain, since: since)
    }
}
