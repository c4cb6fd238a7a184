// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// One broadcast or one meeting as a console sees it at one moment.
protocol LiveScene: Sendable {
    var matter: Matter { get }
    var roles: Set<Role> { get }
    var now: Moment { get }
    /// How it stands; nil while there is none.
    var time: AirTime? { get }
    /// Where its console is.
    var path: String { get }
    /// What is measured now, as it is filed as evidence: always in Thai, for the folder is.
    func measured(_ thai: Words) -> String?
}

extension LiveScene {
    /// Whether this person may act on it now.
    var mayAct: Bool { roles.contains(.officer) && (time == .trial || time == .occasion) }
    /// Recordings may be worked on afterwards, too.
    var mayKeep: Bool { roles.contains(.officer) && time != nil }
}

/// What the consoles of a broadcast and of a meeting have in common.
protocol LiveConsole: Sendable {
    associatedtype Scene: LiveScene
    var scene: Scene { get }
    var phrases: Phrases { get }
    /// The folder's own words, for what is filed in it.
    var thai: Words { get }
    var reckoner: Reckoner { get }
    var once: String { get }
    var returned: ReturnedForm? { get }
}

extension LiveConsole {
    var words: Words { phrases.words }
    var matter: Matter { scene.matter }

    var ways: [ActRow] {
        [("service", "run.title"), ("preparation", "preparation.title")].map { place, key in
            ActRow(label: words(key), path: "/matters/\(matter.id)/\(place)", look: "quiet")
        } + [ActRow(label: words("preparation.matter"), path: "/matters/\(matter.id)", look: "quiet")]
    }

    var incident: WatchPage.IncidentForm? {
        guard matter.stage == .inService, !scene.roles.isDisjoint(with: [.officer, .network]) else { return nil }
        return .init(matter: matter, once: once, back: scene.path, words: words, returned: returned)
    }

    func sentence(_ complaint: Studio.State.Complaint) -> String {
        words.language == .thai ? complaint.thai : complaint.english
    }

    /// How long it has been on, or until it begins.
    func clock(since opened: Int64?, _ key: String) -> ServicePage.Clock? {
        if let opened {
            let since = scene.now - Moment(milliseconds: opened)
            return .init(name: words(key), said: phrases.length(since), since: opened, until: nil)
        }
        let start = matter.letter.span.start
        guard scene.time == .trial || scene.time == .occasion, start > scene.now else { return nil }
        return .init(
            name: words("run.startsIn"), said: phrases.length(start - scene.now), since: nil, until: start.milliseconds)
    }

    /// A trial, or over; the studio away; an order that was not carried out.
    func notices(trial: String, over: String, isThere: Bool, refusal: StudioRefusal?) -> [NoticeRow] {
        var rows: [NoticeRow] = []
        if !isThere { rows.append(NoticeRow(.bad, words("console.away"))) }
        if let refusal { rows.append(NoticeRow(.warn, refusal.sentence(words))) }
        switch scene.time {
        case .trial: rows.append(NoticeRow(.plain, words(trial)))
        case .over: rows.append(NoticeRow(.plain, words(over)))
        case .occasion, nil: break
        }
        return rows
    }

    /// Ends it, behind a warning.
    func closeForm(_ label: String, warning: String) -> ConsolePage.ConfirmForm {
        .init(
            warning: words(warning),
            press: .init(path: "\(scene.path)/closing", value: "1", label: words(label), look: "danger"))
    }

    /// Erases a recording, behind a warning; nil while it is being made, and for who only looks.
    func erasing(_ file: String, isOpen: Bool) -> ConsolePage.ConfirmForm? {
        guard scene.mayKeep, !isOpen else { return nil }
        return .init(
            warning: words("console.erase.warning"),
            press: .init(
                path: "\(scene.path)/recordings/\(file)/removal", value: "1", label: words("console.erase"),
                look: "danger"))
    }

    /// Before the occasion: what is measured can be filed at once.
    ///
    /// - Parameter usual: the check that is offered first.
    func evidence(
        _ measured: ConsolePage.MeasuredBox, about: String, usual: Check.ID? = nil
    ) -> ConsolePage.EvidenceBox? {
        let open = matter.openChecks.filter { $0.isSystemTest || $0.needsEvidence }
        guard scene.mayAct, matter.stage == .toPrepare, !open.isEmpty else { return nil }
        let mine = returned?.place == "evidence" ? returned : nil
        let first = open.first { $0.id == usual } ?? open.first { $0.isSystemTest }
        let chosen = mine?.form.text("check") ?? first?.id ?? ""
        let ends = matter.openChecks.count == 1 && matter.networkNotice != nil
        let isLate = reckoner.deadline(of: matter)?.isOverdue(at: scene.now) == true
        return .init(
            about: words(about), path: "\(scene.path)/evidence", once: "\(once)-evidence", measured: measured,
            check: FieldRow(
                "check", words("console.check"),
                .select(open.map { .init($0.id, phrases.check($0), isChosen: $0.id == chosen) }),
                error: mine?.error.text),
            late: ends && isLate ? .init(id: "late-evidence", text: mine?.form.text("late_reason") ?? "") : nil)
    }
}
