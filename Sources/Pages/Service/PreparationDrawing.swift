// SPDX-License-Identifier: Apache-2.0

import Desk

/// Puts the preparation of a matter into the words of its page.
struct PreparationDrawing {
    let matter: Matter
    let offers: [Act.Name]
    let names: Names
    let reckoner: Reckoner
    let phrases: Phrases
    let now: Moment
    let once: String
    var returned: ReturnedForm?

    private var words: Words { phrases.words }
    private var path: String { "/matters/\(matter.id)" }
    private var isOverdue: Bool {
        matter.stage == .toPrepare && reckoner.deadline(of: matter)?.isOverdue(at: now) == true
    }

    func page(_ frame: Frame) -> PreparationPage {
        let hasList = matter.assignment != nil
        let deadline = matter.stage == .toPrepare ? reckoner.deadline(of: matter) : nil
        let isReady = [.ready, .inService, .toEvaluate, .closed].contains(matter.stage)
        return PreparationPage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) }, matterPath: path,
            chip: ChipRow(matter.stage, phrases), about: about, servicePath: isReady ? "\(path)/service" : nil,
            nothingYet: hasList ? nil : words("preparation.nothingYet"),
            limit: deadline.map { LimitRow($0, at: now, phrases) },
            reckoning: deadline.map { phrases.reckoning($0) } ?? [], progress: hasList ? progress : nil,
            groups: hasList ? groups : [], network: hasList ? network : nil, join: hasList ? join : nil,
            readiness: readiness)
    }

    private var about: [PairRow] {
        var pairs = [
            PairRow(words("occasion.when"), phrases.span(matter.letter.span)),
            PairRow(words("occasion.service"), phrases.service(matter.service)),
            PairRow(words("occasion.place"), matter.letter.place),
        ]
        guard let assignment = matter.assignment else { return pairs }
        if let rooms = names.rooms(assignment) { pairs.append(PairRow(words("occasion.rooms"), rooms)) }
        pairs.append(PairRow(words("occasion.held"), phrases.span(assignment.held(around: matter.letter.span))))
        pairs.append(
            PairRow(words("occasion.officers"), assignment.officers.map { names.person($0) }.joined(separator: ", ")))
        return pairs
    }

    private var progress: PreparationPage.Progress {
        let done = matter.checklist.count - matter.openChecks.count
        return .init(
            said: words("preparation.progressSaid", done, matter.checklist.count), done: done,
            all: matter.checklist.count)
    }

    // MARK: Checks

    private var groups: [PreparationPage.Group] {
        let kit = matter.checklist.filter { !$0.isSystemTest }
        let tests = matter.checklist.filter(\.isSystemTest)
        return [(words("preparation.kit"), kit), (words("preparation.tests"), tests)].filter { !$0.1.isEmpty }
            .map { .init(title: $0.0, checks: $0.1.map(row)) }
    }

    private func row(_ check: Check) -> PreparationPage.CheckRow {
        let tick = matter.ticks[check.id]
        let isOpen = tick == nil && offers.contains(.tick)
        return .init(
            id: check.id, name: phrases.check(check),
            chip: tick == nil
                ? ChipRow(.waiting, words("preparation.open")) : ChipRow(.approved, words("preparation.done")),
            done: tick.map { done($0, check) }, tick: isOpen ? form(check) : nil)
    }

    private func done(_ tick: Matter.Tick, _ check: Check) -> PreparationPage.Done {
        .init(
            said: words("preparation.tickedBy", names.person(tick.by), phrases.moment(tick.at)), iso: tick.at.iso,
            value: tick.evidence.value.isEmpty ? nil : tick.evidence.value, note: tick.note.isEmpty ? nil : tick.note,
            photo: tick.evidence.photo.map {
                .init(path: "/documents/\($0)", alternative: words("preparation.photoOf", phrases.check(check)))
            }, untickPath: offers.contains(.untick) ? "\(path)/checks/\(check.id)/removal" : nil)
    }

    private func form(_ check: Check) -> PreparationPage.Tick {
        let mine = returned?.place == check.id ? returned : nil
        let ends = matter.openChecks.count == 1 && matter.networkNotice != nil
        return .init(
            path: "\(path)/checks/\(check.id)", once: "\(once)-\(check.id)", needsEvidence: check.needsEvidence,
            isOpen: check.needsEvidence || mine != nil, isWrong: mine != nil, value: mine?.form.text("value") ?? "",
            note: mine?.form.text("note") ?? "", kept: mine?.kept ?? [],
            late: ends ? late("late-\(check.id)", in: check.id) : nil)
    }

    private func late(_ id: String, in place: String) -> PreparationPage.LateRow? {
        isOverdue ? .init(id: id, text: returned?.text("late_reason", in: place) ?? "") : nil
    }

    // MARK: Network, link, readiness

    private var network: PreparationPage.NetworkBox {
        var pairs: [PairRow] = []
        for entry in matter.folder.suffix(from: matter.folder.lastIndex { $0.isAssignment } ?? 0) {
            if case .networkNotified(let notice) = entry.fact {
                pairs = [
                    PairRow(words("preparation.traffic"), words("watch.megabits", notice.megabitsPerSecond)),
                    PairRow(words("preparation.toldAt"), "\(phrases.moment(entry.at)) · \(names.person(entry.person))"),
                ]
                if !entry.note.isEmpty { pairs.append(PairRow(words("preparation.note"), entry.note)) }
            }
            if case .networkAcknowledged = entry.fact {
                let said = "\(phrases.moment(entry.at)) · \(names.person(entry.person))"
                pairs.append(PairRow(words("preparation.acknowledgedAt"), said))
            }
        }
        let chip =
            matter.networkNotice == nil
            ? ChipRow(.waiting, words("preparation.notTold"))
            : matter.networkAcknowledgedAt == nil
                ? ChipRow(.due, words("preparation.told")) : ChipRow(.approved, words("preparation.acknowledged"))
        return .init(pairs: pairs, chip: chip, form: offers.contains(.notifyNetwork) ? networkForm : nil)
    }

    private var networkForm: PreparationPage.NetworkForm {
        let mine = returned?.place == "network" ? returned : nil
        let isAgain = matter.networkNotice != nil && mine == nil
        let ends = matter.openChecks.isEmpty && matter.networkNotice == nil
        return .init(
            path: "\(path)/network-notice", once: "\(once)-network",
            fields: [
                FieldRow(
                    "megabits", words("preparation.megabits"), .line(type: "number"),
                    value: mine?.form.text("megabits") ?? String(names.megabits(matter)),
                    hint: words("preparation.megabitsHint"), error: mine?.error.text, isShort: true),
                FieldRow(
                    "network_note", words("preparation.networkNote"), .area,
                    value: mine?.form.text("network_note") ?? "",
                    isRequired: false),
            ], button: words(matter.networkNotice == nil ? "preparation.tell" : "preparation.tellAgain"),
            isAgain: isAgain, late: ends ? late("late-network", in: "network") : nil)
    }

    private var join: PreparationPage.LinkBox {
        let mine = returned?.place == "link" ? returned : nil
        return .init(
            now: LinkRow(matter.link), path: offers.contains(.link) ? "\(path)/link" : nil, once: "\(once)-link",
            fields: [
                FieldRow(
                    "link", words("preparation.linkField"), .line(type: "url"),
                    value: mine?.form.text("link") ?? matter.link ?? "", hint: words("preparation.linkHint"),
                    error: mine?.error.text, autocomplete: "off")
            ])
    }

    private var readiness: PreparationPage.ReadinessBox? {
        guard offers.contains(.override) else { return nil }
        let mine = returned?.place == "readiness" ? returned : nil
        var missing = matter.openChecks.map { phrases.check($0) }
        if matter.networkNotice == nil { missing.append(words("preparation.notTold")) }
        return .init(
            path: "\(path)/readiness", once: "\(once)-readiness", seen: matter.folder.count, isOpen: mine != nil,
            missing: missing,
            fields: [
                FieldRow(
                    "reason", words("preparation.reason"), .area, value: mine?.form.text("reason") ?? "",
                    hint: words("preparation.reasonHint"), error: mine?.error.text)
            ], late: late("late-readiness", in: "readiness"))
    }
}

extension Entry {
    fileprivate var isAssignment: Bool { if case .assigned = fact { true } else { false } }
}
