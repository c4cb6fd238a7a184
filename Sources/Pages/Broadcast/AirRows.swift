// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// How a broadcast or a meeting is, in a line for other pages: the board, the run sheet.
struct AirLine: Sendable, Hashable {
    let chip: ChipRow
    /// `318 คนกำลังชม · 4.18 Mbit/s`
    let said: String?
    let complaints: [String]
    let path: String
    /// The console's name.
    let label: String

    init(_ sight: StudioSight, of id: Matter.ID, _ phrases: Phrases) {
        let words = phrases.words
        let state = sight.state
        chip = ChipRow(sight, words)
        path = "/matters/\(id)/console"
        label = words("console.title")
        complaints = state.map { $0.complaints.map { words.language == .thai ? $0.thai : $0.english } } ?? []
        var parts: [String] = []
        if let state, state.openedAt != nil, state.phase != .ended {
            parts.append(words("console.viewers", grouped(state.viewers)))
        }
        if let state, state.isReceiving { parts.append(phrases.bits(state.bitsPerSecond)) }
        said = parts.isEmpty ? nil : parts.joined(separator: " · ")
    }
}

extension AirLine {
    init(_ sight: MeetingSight, of id: Matter.ID, _ phrases: Phrases) {
        let words = phrases.words
        chip = ChipRow(sight, words)
        path = "/matters/\(id)/room"
        label = words("meet.console")
        let state = sight.state
        complaints = (state?.troubled ?? 0) > 0 ? [words("meet.fault.troubled", grouped(state?.troubled ?? 0))] : []
        said = state?.phase == .open ? words("meet.inside", grouped(state?.people ?? 0)) : nil
    }
}

/// What a matter's page says of its broadcast.
struct AirBox: Sendable {
    let chip: ChipRow?
    let address: String?
    let ways: [ActRow]
    let airings: [AiringRow]

    /// What one airing came to.
    struct AiringRow: Sendable {
        let pairs: [PairRow]
        let curve: Markup
    }

    /// Nil for a matter that was never to be broadcast here.
    init?(
        _ matter: Matter, live: (address: String, sight: StudioSight)?, roles: Set<Role>, at now: Moment,
        _ phrases: Phrases
    ) {
        guard live != nil || !matter.airings.isEmpty else { return nil }
        let words = phrases.words
        let isOver = matter.airTime(at: now) == .over
        chip = isOver ? nil : live.map { ChipRow($0.sight, words) }
        address = live?.address
        var ways: [ActRow] = []
        if live != nil {
            if !roles.isDisjoint(with: [.officer, .network, .secretariat, .executive]) {
                ways.append(
                    ActRow(label: words("console.title"), path: "/matters/\(matter.id)/console", look: "quiet"))
            }
            if !roles.isDisjoint(with: [.officer, .secretariat]), !matter.stage.isFinal {
                ways.append(
                    ActRow(label: words("air.settings"), path: "/matters/\(matter.id)/broadcast", look: "quiet"))
            }
        }
        self.ways = ways
        airings = matter.airings.map { figures in
            AiringRow(
                pairs: [
                    PairRow(words("air.figures.span"), phrases.span(figures.span)),
                    PairRow(words("air.figures.peak"), words("matter.people", grouped(figures.peak))),
                    PairRow(words("air.figures.average"), words("matter.people", grouped(figures.average))),
                    PairRow(words("air.figures.viewerMinutes"), grouped(figures.viewerMinutes)),
                    PairRow(words("air.figures.interruptions"), grouped(figures.interruptions)),
                    PairRow(words("air.figures.incidents"), grouped(figures.incidents)),
                ],
                curve: audienceCurve(
                    figures.curve, minutes: figures.curveMinutes, opened: figures.opened,
                    said: words("console.curveSaid", grouped(figures.peak), grouped(figures.average))))
        }
    }
}

/// Where the requester watches, and how it stands.
struct WatchRow: Sendable {
    let address: String
    let chip: ChipRow
}

extension Counter {
    /// How a matter's broadcast, or else its meeting, is now; nil where there is none or nothing more goes on.
    func airLine(of matter: Matter, _ visit: Visit) async throws -> AirLine? {
        try await airLines(of: [matter], visit)[matter.id]
    }

    /// The same of several, for a board.
    func airLines(of matters: [Matter], _ visit: Visit) async throws -> [Matter.ID: AirLine] {
        guard let studio = parts.studio else { return [:] }
        let now = now()
        let ids = matters.filter { [.trial, .occasion].contains($0.airTime(at: now)) }.map(\.id)
        var lines: [Matter.ID: AirLine] = [:]
        for plan in try await ids.isEmpty ? [] : cabinet.airPlans(of: ids) {
            lines[plan.matter] = AirLine(await studio.sight(of: plan.name), of: plan.matter, phrases(visit))
        }
        let meetings = matters.filter { lines[$0.id] == nil && [.trial, .occasion].contains($0.meetTime(at: now)) }
        for plan in try await meetings.isEmpty ? [] : cabinet.meetPlans(of: meetings.map(\.id)) {
            lines[plan.matter] = AirLine(await studio.meetingSight(of: plan.name), of: plan.matter, phrases(visit))
        }
        return lines
    }
}
