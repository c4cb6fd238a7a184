// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// How a meeting is, and where it is entered, for other pages.
struct LiveMeeting: Sendable {
    /// Where people come in; nil where everybody needs a link of their own.
    let address: String?
    let sight: MeetingSight
}

/// What a matter's page says of its meeting.
struct MeetBox: Sendable {
    let chip: ChipRow?
    let address: String?
    let ways: [ActRow]
    let sittings: [SittingRow]

    /// What one sitting came to.
    struct SittingRow: Sendable {
        let pairs: [PairRow]
        let curve: Markup
    }

    /// Nil for a matter that never met here.
    init?(_ matter: Matter, live: LiveMeeting?, roles: Set<Role>, at now: Moment, _ phrases: Phrases) {
        guard live != nil || !matter.sittings.isEmpty else { return nil }
        let words = phrases.words
        chip = matter.meetTime(at: now) == .over ? nil : live.map { ChipRow($0.sight, words) }
        address = live?.address
        var ways: [ActRow] = []
        func way(_ key: String, _ place: String) {
            ways.append(ActRow(label: words("\(key)"), path: "/matters/\(matter.id)/\(place)", look: "quiet"))
        }
        let isDesk = !roles.isDisjoint(with: [.officer, .secretariat])
        if live != nil {
            if isDesk || !roles.isDisjoint(with: [.network, .executive]) { way("meet.console", "room") }
            if isDesk { way("links.title", "links") }
            if isDesk, !matter.stage.isFinal { way("meet.settings", "meeting") }
            if !matter.sittings.isEmpty, isDesk || roles.contains(.executive) { way("meet.minutes", "minutes.pdf") }
        }
        self.ways = ways
        sittings = matter.sittings.map { figures in
            SittingRow(
                pairs: phrases.figures(figures),
                curve: audienceCurve(
                    figures.curve, minutes: figures.curveMinutes, opened: figures.opened,
                    said: words("meet.curveSaid", grouped(figures.peak))))
        }
    }
}

/// Where the requester comes into the meeting, and how it stands.
struct EnterRow: Sendable {
    let address: String
    let chip: ChipRow
    let opens: String
}

extension Counter {
    /// What the matter's page says of the meeting; nil where there is none.
    func liveMeeting(of matter: Matter) async throws -> LiveMeeting? {
        guard let studio = parts.studio, matter.hasMeeting, let plan = try await cabinet.meetPlan(of: matter.id)
        else { return nil }
        let address: String? =
            switch plan.settings.door {
            case .open: try await studio.doors().room(plan.name)
            case .link: nil
            case .signedIn: "\(try await cabinet.office().address)/meet/\(plan.name)"
            }
        return LiveMeeting(address: address, sight: await studio.meetingSight(of: plan.name))
    }

    /// The requester's own link, for their page; nil where there is none, or nothing more is on.
    func entrance(of matter: Matter, _ visit: Visit) async throws -> EnterRow? {
        guard let studio = parts.studio, let time = matter.meetTime(at: now()), time != .over,
            let plan = try await cabinet.meetPlan(of: matter.id),
            let theirs = try await cabinet.invitees(of: matter.id).first(where: { $0.who == .contact }),
            let pass = plan.pass(
                for: theirs, contact: try await cabinet.contact(of: matter.id), at: now())
        else { return nil }
        let (words, phrases) = (words(visit), phrases(visit))
        return EnterRow(
            address: try await studio.doors().room(plan.name, pass: pass),
            chip: ChipRow(await studio.meetingSight(of: plan.name), words),
            opens: words("track.enter.opens", phrases.moment(plan.opens(matter))))
    }
}
