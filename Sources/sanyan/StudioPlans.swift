// SPDX-License-Identifier: Apache-2.0

import Desk
import Pages
import Secure
import Studio

// What the desk decided, in the studio's words, and what the studio tells, in the desk's: the only place that knows both.

/// What the studio is told of one matter's broadcast.
struct Placement: Hashable {
    let matter: Matter.ID
    let plan: Plan
    /// Whatever is on air now ends.
    let isOver: Bool

    /// Nil for a broadcast that was called off.
    ///
    /// - Parameters:
    ///   - titleOfSecrets: what the audience reads of a matter whose letter it may not.
    ///   - now: decides which keys are good, and whether it is a trial.
    init?(
        _ settled: AirPlan, of matter: Matter, office: Office, seal: Seal, titleOfSecrets: String, at now: Moment
    ) {
        guard let time = matter.airTime(at: now) else { return nil }
        let settings = settled.settings
        let title = matter.isSecret ? titleOfSecrets : matter.letter.title
        // Nobody publishes to what is over.
        let keys = time == .over ? [] : settled.keys.filter { $0.isGood(at: now) }.map(\.hash)
        var plan = Plan(
            name: settled.name, title: settings.title.isEmpty ? title : settings.title, keyHashes: keys)
        plan.second = settings.second == .takeOver ? .takeOver : .refuse
        plan.profile = Plan.Profile(settings.profile)
        plan.door = Plan.Door(settings.door)
        plan.ticketKey = settled.ticketKey
        // The console shows the watch page in a frame of its own.
        plan.embedders = settings.embedders + [office.address].filter { !settings.embedders.contains($0) }
        plan.rungs = settings.rungs.map { Plan.Rung($0) }
        plan.targets = settings.targets.map { Plan.Target(name: $0.name, address: $0.address) }
        plan.sounds = settings.sounds.map {
            Plan.Sound(number: UInt8(clamping: $0.number), name: $0.name, language: $0.language)
        }
        plan.srtPassphrase = settings.srtPassphrase.isEmpty ? nil : settings.srtPassphrase
        plan.captionKeyHashes = settled.captionKey.map { [Hex.text(Digest.sha256($0))] } ?? []
        plan.records = settings.records && matter.letter.wantsRecording && time != .trial
        plan.offersFilms = settings.offersFilms
        plan.isOver = time == .over
        plan.talk = Plan.Talk(settings.talk)
        plan.airsAtOnce = false
        plan.isTest = time == .trial
        plan.startsAt = matter.letter.span.start.milliseconds
        if matter.stage == .toEvaluate {
            plan.evaluation = "\(office.address)/evaluate/\(seal.evaluationToken(matter, office: office))"
        }
        self.matter = matter.id
        self.plan = plan
        isOver = time == .over
    }
}

extension Plan.Profile {
    init(_ profile: AirProfile) {
        switch profile {
        case .campus: self = .campus
        case .usual: self = .usual
        case .everywhere: self = .everywhere
        }
    }
}

extension Plan.Door {
    init(_ door: AirDoor) {
        switch door {
        case .open: self = .open
        case .link: self = .link
        case .signedIn: self = .signedIn
        }
    }
}

extension Plan.Rung {
    init(_ rung: AirRung) {
        switch rung {
        case .p1080: self = .p1080
        case .p720: self = .p720
        case .p480: self = .p480
        case .p240: self = .p240
        case .sound: self = .sound
        }
    }
}

extension Plan.Talk {
    init(_ talk: AirTalk) {
        switch talk {
        case .off: self = .off
        case .questions: self = .questions
        case .open: self = .open
        }
    }
}

extension AirFigures {
    /// What an airing came to, or has come to so far; nil when nothing was on air.
    init?(_ state: State, at now: Moment) {
        guard let opened = state.openedAt else { return nil }
        let ended = max(opened, state.endedAt ?? now.milliseconds)
        let peak = max(0, state.peak, state.average, state.curve.max() ?? 0)
        self.init(
            opened: Moment(milliseconds: opened), ended: Moment(milliseconds: ended), peak: peak,
            average: max(0, state.average), viewerMinutes: Int(clamping: max(0, state.viewerMinutes)),
            curve: state.curve.map { max(0, $0) }, interruptions: max(0, state.interruptions))
    }
}
