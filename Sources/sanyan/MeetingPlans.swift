// SPDX-License-Identifier: Apache-2.0

import Desk
import Pages
import Secure
import Studio

// What the desk decided about meetings, in the studio's words, and what the studio tells of them, in the desk's.

/// What the studio is told of one matter's meeting.
struct Seating: Hashable {
    let matter: Matter.ID
    let plan: MeetingPlan
    /// Whoever is inside goes.
    let isOver: Bool
    /// From then on recordings are erased; nil while somebody has to say so.
    let keptUntil: Moment?
    /// Its names are forgotten at the desk, and so they are in the studio.
    let isForgotten: Bool

    /// Nil for a meeting that was called off.
    ///
    /// - Parameters:
    ///   - air: the matter's broadcast, where it is put on the air.
    ///   - titleOfSecrets: what people read of a matter whose letter they may not.
    ///   - now: decides whether it is a trial.
    init?(
        _ settled: MeetPlan, of matter: Matter, air: AirPlan?, office: Office, seal: Seal, doors: StudioDoors,
        titleOfSecrets: String, at now: Moment
    ) {
        guard let time = matter.meetTime(at: now) else { return nil }
        let settings = settled.settings
        let title = matter.isSecret ? titleOfSecrets : matter.letter.title
        var plan = MeetingPlan(name: settled.name, title: settings.title.isEmpty ? title : settings.title)
        plan.admit(by: settled, isSecret: matter.isSecret)
        plan.mayUnmute = settings.freedoms.contains(.unmute)
        plan.mayShare = settings.freedoms.contains(.share)
        plan.mayChat = settings.freedoms.contains(.chat)
        plan.isWebinar = settings.isWebinar
        plan.records = settings.records && time != .trial
        plan.recordsAtOnce = plan.records && settings.isLegal
        plan.asksConsent = settings.records
        // As the office wrote it, in both languages: nobody translates what is agreed to.
        (plan.consentThai, plan.consentEnglish) = (settings.consent, settings.consent)
        plan.startsAt = matter.letter.span.start.milliseconds
        plan.endsAt = matter.letter.span.end.milliseconds
        plan.opensAt = settled.opens(matter).milliseconds
        plan.agenda = settings.agenda
        plan.quorum = settings.quorum
        plan.embedders = [office.address]
        plan.isTest = time == .trial
        plan.isOver = time == .over
        plan.personLimit = min(1000, max(500, matter.letter.expectedAudience))
        if settings.isAired, let air {
            plan.broadcast = air.name
            if air.settings.door == .open { plan.overflow = doors.watch(air.name) }
        }
        if matter.stage == .toEvaluate {
            plan.evaluation = "\(office.address)/evaluate/\(seal.evaluationToken(matter, office: office))"
        }
        self.matter = matter.id
        self.plan = plan
        isOver = time == .over
        keptUntil = forgettingDue(matter, settings: settings)
        isForgotten = settled.isForgotten
    }
}

extension MeetingPlan {
    /// Who is let in, and who waits.
    fileprivate mutating func admit(by settled: MeetPlan, isSecret: Bool) {
        let settings = settled.settings
        entry = settings.isLegal ? .identified : settings.door == .open ? .open : .pass
        // Nobody is handed a ticket: who has no seat plays it only where it is open.
        door = settings.door == .open && !settings.isLegal ? .open : .link
        ticketKey = settled.passKey
        passKey = settled.passKey
        revokedKeys = settled.revoked.map { "i\($0)" }
        guestRole = settings.isWebinar ? .listener : .speaker
        lobby =
            switch settings.lobby {
            case .off: .off
            case .guests: .guests
            case .everybody: .everybody
            }
        admittedDomains = settings.domains
        waitsForHost = settings.isLegal || isSecret
    }
}

extension MeetRole {
    init(_ role: RoomRole) {
        switch role {
        case .host: self = .host
        case .cohost: self = .cohost
        case .speaker: self = .speaker
        case .listener: self = .listener
        }
    }
}

extension MeetFigures {
    /// What a sitting has come to so far; nil when nobody came.
    init?(_ state: MeetingState, at now: Moment) {
        guard let opened = state.openedAt else { return nil }
        let ended = max(opened, state.endedAt ?? now.milliseconds)
        let peak = max(0, state.peak, state.people)
        self.init(
            opened: Moment(milliseconds: opened), ended: Moment(milliseconds: ended), peak: peak, people: peak,
            personMinutes: 0, interruptions: max(0, state.interruptions))
    }
}

extension Sitting {
    /// What a meeting came to; nil when nobody came.
    init?(_ report: MeetingReport, at now: Moment) {
        guard let opened = report.state.openedAt else { return nil }
        let ended = Moment(milliseconds: max(opened, report.state.endedAt ?? now.milliseconds))
        self.init(
            opened: Moment(milliseconds: opened), ended: ended, peak: max(0, report.state.peak),
            attendance: report.attendance.map { Sitting.Attendance($0, ended: ended) },
            votes: report.votes.map { Sitting.Vote($0, ended: ended) },
            marks: report.marks.map { Mark(at: Moment(milliseconds: $0.at), text: $0.text) }, messages: report.messages)
    }
}

extension Sitting.Attendance {
    init(_ person: Studio.Attendance, ended: Moment) {
        let invitee = person.key.flatMap { key in
            key.hasPrefix("i") ? Int64(key.dropFirst().prefix { $0 != "@" }).map { Invitee.ID($0) } : nil
        }
        self.init(
            invitee: invitee, name: person.name, role: MeetRole(person.role), isIdentified: person.key != nil,
            stays: person.visits.map { visit in
                Span(
                    start: Moment(milliseconds: visit.from),
                    end: visit.to.map { Moment(milliseconds: $0) } ?? ended)
            }, lossBasisPoints: 10 * (person.lossPerMille ?? 0),
            roundTripMilliseconds: person.roundTripMilliseconds ?? 0, interruptions: person.interruptions,
            consented: person.consented, consentedAt: person.consentedAt.map { Moment(milliseconds: $0) })
    }
}

extension Sitting.Vote {
    init(_ vote: VoteCount, ended: Moment) {
        self.init(
            question: vote.question, isSecret: vote.isSecret, isFormal: vote.isFormal,
            quorum: vote.quorum > 0 ? vote.quorum : nil, present: vote.present,
            opened: Moment(milliseconds: vote.openedAt),
            closed: vote.closedAt.map { Moment(milliseconds: $0) } ?? ended,
            choices: vote.choices.enumerated().map { index, text in
                .init(text: text, count: vote.counts.indices.contains(index) ? vote.counts[index] : 0)
            },
            ballots: vote.ballots.compactMap { ballot in
                guard vote.choices.indices.contains(ballot.choice) else { return nil }
                return .init(name: ballot.name, choice: vote.choices[ballot.choice])
            })
    }
}
