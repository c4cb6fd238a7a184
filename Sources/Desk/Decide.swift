// SPDX-License-Identifier: Apache-2.0

/// The longest words that may be written with one act, in characters.
public let noteLimit = 4000
/// The most entries one folder takes.
public let folderLimit = 2000

/// What a hand may do with a matter now, in the table's order. Pages ask this which buttons to offer.
public func offers(_ matter: Matter, to roles: Set<Role>) -> [Act.Name] {
    var names: [Act.Name] = []
    for move in moves where move.from.contains(matter.stage) && !move.roles.isDisjoint(with: roles) {
        guard !names.contains(move.act) else { continue }
        if move.act == .acknowledgeNetwork, matter.networkNotice == nil || matter.networkAcknowledgedAt != nil {
            continue
        }
        names.append(move.act)
    }
    return names
}

/// Decides whether an act may be done, and what the folder then says. Pure: no database, no clock, no page.
///
/// - Parameters:
///   - act: what somebody wants to do.
///   - matter: the matter as its folder says; `Matter(id:letter:)` for a letter that has just come.
///   - hand: whose hand it is.
///   - now: when.
///   - circumstances: the office's settings and the registers' next numbers.
///   - lateReason: why the act comes after its limit, when it does and the person says so.
/// - Returns: the entries to add; one, by all present rules.
/// - Throws: a `Refusal` with its own sentence.
public func decide(
    _ act: Act, in matter: Matter, by hand: Hand, at now: Moment, given circumstances: Circumstances,
    lateReason: String = ""
) throws(Refusal) -> [Entry] {
    let candidates = moves.filter { $0.act == act.name }
    let roles = hand.roles
    guard candidates.contains(where: { !$0.roles.isDisjoint(with: roles) }) else { throw .notYourRole(act.name) }
    guard let move = candidates.first(where: { $0.from.contains(matter.stage) && !$0.roles.isDisjoint(with: roles) })
    else {
        // Two officers at once: one ticked the last check while the other was giving the reason.
        if act.name == .override, matter.stage == .ready { throw .alreadyReady }
        throw .notNow(act.name, stage: matter.stage)
    }
    guard act.note.count <= noteLimit, lateReason.count <= noteLimit else { throw .noteTooLong(limit: noteLimit) }
    // The last entries are kept free for ending or withdrawing what a flood has filled.
    guard matter.folder.count < folderLimit - (move.to == matter.stage ? 100 : 0) else { throw .folderFull }
    let (fact, stage) = try outcome(of: act, move: move, matter: matter, now: now, circumstances: circumstances)
    let role = Role.allCases.first { move.roles.contains($0) && roles.contains($0) } ?? .sanyan
    return [
        Entry(
            number: matter.folder.count + 1, fact: fact, role: role, person: hand.person, at: now, stage: stage,
            note: act.note, lateReason: lateReason.trimmed)
    ]
}

/// The rules that are not moves: one line each.
private func outcome(
    of act: Act, move: Move, matter: Matter, now: Moment, circumstances: Circumstances
) throws(Refusal) -> (Fact, Stage) {
    switch act {
    case .receive(let letter, let documents, let via, let keyingSeconds):
        try check(letter, at: now)
        return (.received(revision: 1, documents: documents, via: via, keyingSeconds: keyingSeconds), move.to)
    case .register(let classification, let papers):
        let missing = Set(PaperCheck.allCases).subtracting(papers)
        guard missing.isEmpty else { throw .papersMissing(missing) }
        return (.registered(circumstances.nextIncoming, classification, papers: papers), move.to)
    case .returnForCompletion(let missing, _):
        guard !missing.isEmpty else { throw .nothingMissing }
        return (.returnedForCompletion(circumstances.nextOutgoing, missing: missing), move.to)
    case .complete(let letter, let documents):
        try check(letter, at: now)
        return (.completed(revision: matter.revision + 1, documents: documents), move.to)
    case .submit: return (.submitted, move.to)
    case .approve: return (.approved, move.to)
    case .decline(let reason, let note):
        guard !note.trimmed.isEmpty else { throw .reasonMissing }
        return (.declined(reason), move.to)
    case .sendBack: return (.sentBack(circumstances.nextOutgoing), move.to)
    case .assign(let assignment):
        try check(assignment, circumstances)
        let checklist = circumstances.office.checklist(for: matter.service)
        // Other hands in the same tested room: what was ready stays ready, or nothing would be left to do that makes it so.
        let stays =
            matter.assignment?.rooms == assignment.rooms && matter.checklist == checklist
            && matter.openChecks.isEmpty && matter.networkNotice != nil
        return (.assigned(assignment, checklist: checklist), stays ? move.or ?? move.to : move.to)
    case .tick, .untick, .notifyNetwork, .acknowledgeNetwork, .link, .override:
        return try preparation(act, move: move, matter: matter)
    case .open, .logIncident, .end, .evaluate, .lapse, .air, .meet, .amend, .withdraw, .void:
        return try service(act, move: move, matter: matter, now: now, circumstances: circumstances)
    }
}

/// Rules of row 4: checks, network notice, link.
private func preparation(_ act: Act, move: Move, matter: Matter) throws(Refusal) -> (Fact, Stage) {
    switch act {
    case .tick(let id, let evidence, let note):
        guard let check = matter.checklist.first(where: { $0.id == id }) else { throw .noSuchCheck }
        guard matter.ticks[id] == nil else { throw .alreadyTicked }
        guard evidence.value.count <= 200 else { throw .noteTooLong(limit: 200) }
        let isEmpty = evidence.value.trimmed.isEmpty && evidence.photo == nil && note.trimmed.isEmpty
        guard !(check.needsEvidence && isEmpty) else { throw .evidenceMissing }
        let isLast = matter.openChecks.allSatisfy { $0.id == id } && matter.networkNotice != nil
        return (.ticked(id, evidence), isLast ? move.or ?? move.to : move.to)
    case .untick(let id):
        guard matter.ticks[id] != nil else { throw .noSuchCheck }
        return (.unticked(id), move.to)
    case .notifyNetwork(let notice, _):
        guard (1...100_000).contains(notice.megabitsPerSecond) else { throw .trafficOutOfRange }
        return (.networkNotified(notice), matter.openChecks.isEmpty ? move.or ?? move.to : move.to)
    case .acknowledgeNetwork:
        guard matter.networkNotice != nil else { throw .notNotified }
        guard matter.networkAcknowledgedAt == nil else { throw .alreadyAcknowledged }
        return (.networkAcknowledged, move.to)
    case .link(let address):
        guard isSafeLink(address) else { throw .badLink }
        return (.linked(address.trimmed), move.to)
    case .override(let reason):
        guard !reason.trimmed.isEmpty else { throw .reasonMissing }
        return (.overridden, move.to)
    default: preconditionFailure("outcome(of:) hands in no other act")
    }
}

/// Rules of rows 5 and 6, and of the moves that are ours.
private func service(
    _ act: Act, move: Move, matter: Matter, now: Moment, circumstances: Circumstances
) throws(Refusal) -> (Fact, Stage) {
    switch act {
    case .open: return (.opened, move.to)
    case .logIncident(let severity, let note):
        guard !note.trimmed.isEmpty else { throw .reasonMissing }
        return (.incidentLogged(severity), move.to)
    case .end(let summary, _):
        if let audience = summary.audience, !(0...10_000_000).contains(audience) { throw .audienceOutOfRange }
        return (.ended(summary), move.to)
    case .evaluate(let answers, _):
        guard answers.isInRange else { throw .scoreOutOfRange }
        return (.evaluated(answers), move.to)
    case .lapse:
        guard let ended = matter.stageSince, now >= ended + .days(circumstances.office.evaluationDays)
        else { throw .notYetLapsed }
        return (.lapsed, move.to)
    case .air(let figures): return (.aired(try told(figures, of: matter)), move.to)
    case .meet(let figures): return (.met(try told(figures, of: matter)), move.to)
    case .amend(let letter, let reason):
        try check(letter, at: now)
        guard letter != matter.letter else { throw .nothingChanged }
        guard !reason.trimmed.isEmpty else { throw .reasonMissing }
        let stands = !changesWhatWasApproved(letter, matter.letter)
        return (.amended(revision: matter.revision + 1, approvalStands: stands), stands ? move.to : move.or ?? move.to)
    case .withdraw(let reason):
        guard !reason.trimmed.isEmpty else { throw .reasonMissing }
        return (.withdrawn, move.to)
    case .void(let reason):
        guard !reason.trimmed.isEmpty else { throw .reasonMissing }
        guard let number = matter.incoming else { throw .notNow(.void, stage: matter.stage) }
        return (.voided(number), move.to)
    default: preconditionFailure("outcome(of:) hands in no other act")
    }
}

/// What the studio told, with the incidents that the folder knows of; told a second time it is refused.
private func told(_ figures: AirFigures, of matter: Matter) throws(Refusal) -> AirFigures {
    var figures = figures.shortened
    guard figures.isSound else { throw .figuresOutOfRange }
    guard !matter.airings.contains(where: { $0.opened == figures.opened }) else { throw .alreadyAired }
    figures.incidents = matter.incidents.count { (figures.opened...figures.ended).contains($0.at) }
    return figures
}

/// The same of a meeting.
private func told(_ figures: MeetFigures, of matter: Matter) throws(Refusal) -> MeetFigures {
    var figures = figures
    guard figures.isSound else { throw .figuresOutOfRange }
    guard !matter.sittings.contains(where: { $0.opened == figures.opened }) else { throw .alreadyMet }
    figures.incidents = matter.incidents.count { (figures.opened...figures.ended).contains($0.at) }
    return figures
}

/// An approval survives small edits; a new time, place or kind of service is asked for again.
private func changesWhatWasApproved(_ new: Letter, _ old: Letter) -> Bool {
    new.span != old.span || new.place != old.place || new.service != old.service
}

private func check(_ letter: Letter, at now: Moment) throws(Refusal) {
    let faults = letter.faults(at: now)
    guard faults.isEmpty else { throw .letterFaults(faults) }
}

private func check(_ assignment: Assignment, _ circumstances: Circumstances) throws(Refusal) {
    guard !assignment.officers.isEmpty else { throw .noOfficer }
    for officer in assignment.officers where !circumstances.officers.contains(officer) { throw .notAnOfficer(officer) }
    for room in assignment.rooms where !circumstances.rooms.contains(room) { throw .noSuchRoom(room) }
    guard Set(assignment.officers).count == assignment.officers.count,
        Set(assignment.rooms).count == assignment.rooms.count,
        assignment.officers.count <= 50, assignment.rooms.count <= 20
    else { throw .noSuchPerson }
    guard (0...1440).contains(assignment.setUpMinutes), (0...1440).contains(assignment.tearDownMinutes)
    else { throw .setUpOutOfRange }
}

/// A link that may be shown to people: https, a host, no white space, no quotation marks, at most 2,000 characters.
public func isSafeLink(_ text: String) -> Bool {
    let address = text.trimmed
    guard address.count <= 2000, address.lowercased().hasPrefix("https://") else { return false }
    let host = address.dropFirst(8).prefix { !"/?#".contains($0) }
    return !host.isEmpty && !host.contains("@")
        && address.unicodeScalars.allSatisfy {
            $0.value > 0x20 && !"\"'<>\\`".unicodeScalars.contains($0) && $0.value != 0x7F
        }
}
