// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media

/// Somebody at the door, with what their pass says when it is good.
public struct Newcomer: Hashable, Sendable {
    /// As they call themselves.
    public var name: String
    /// What their pass makes of them; nil without one.
    public var role: RoomRole?
    /// The key in their pass; without a name beside it the pass is a link for anybody.
    public var key: String?
    /// What they are called at the desk; nil when nobody knows who they are.
    public var knownName: String?
    /// What their browser keeps, to be known again by.
    public var device: String?
    /// Whether they agree to be recorded.
    public var consents: Bool?

    /// Somebody of this name, without a pass.
    public init(name: String) { self.name = name }
}

extension Assembly {
    /// Whether everybody must agree to a recording first.
    public var asksConsent: Bool { plan.records && plan.asksConsent }

    /// Somebody wants to come in. Who they are in the room; whether they are inside or wait says `role(of:)`.
    public mutating func enter(
        _ newcomer: Newcomer, at now: Instant, wall: WallTime
    ) throws(RoomRefusal) -> PersonNumber {
        advance(now, wall)
        let role = try role(for: newcomer)
        try check(newcomer, as: role)
        let known = newcomer.knownName == nil ? nil : newcomer.key
        let name = (newcomer.knownName ?? newcomer.name).trimmed.filter { !$0.isNewline }
        guard !name.isEmpty, name.count <= Assembly.mostName else { throw .nameMissing }
        lastNumber += 1
        let id = PersonNumber(lastNumber)
        let consented = asksConsent ? newcomer.consents : nil
        var person = Attendee(
            id, name: name, key: known, device: newcomer.device.map { String($0.prefix(64)) }, role: role,
            since: wall.milliseconds, consented: consented)
        person.link = newcomer.key.map(Assembly.stem)
        // Until a stream of events is opened.
        person.awaySince = now
        people[id] = person
        order.append(id)
        if mustWait(person) {
            note("waits", id)
            tellLobby()
        } else {
            comeIn(id, by: nil)
        }
        return id
    }

    /// What somebody becomes: what the pass says; the first one is host where there are neither keys nor passes.
    private func role(for newcomer: Newcomer) throws(RoomRefusal) -> RoomRole {
        if let role = newcomer.role { return role }
        guard plan.entry == .open else { throw plan.entry == .identified ? .needsIdentity : .needsPass }
        let isAlone = plan.passKey.isEmpty && plan.hostKeyHashes.isEmpty
        if isAlone, !order.contains(where: { people[$0]?.role.leads ?? false }) { return .host }
        return settings.webinar == true ? .listener : plan.guestRole
    }

    private func check(_ newcomer: Newcomer, as role: RoomRole) throws(RoomRefusal) {
        if plan.entry == .identified, newcomer.knownName == nil { throw .needsIdentity }
        if let key = newcomer.key, plan.revokedKeys.contains(Assembly.stem(key)) { throw .passExpired }
        if isBarred(newcomer) { throw .barred }
        if phase == .over, isClosedByDesk || !role.leads { throw .isOver }
        if asksConsent, newcomer.consents != true { throw .needsConsent }
        let limit = min(1_000, max(1, plan.personLimit))
        guard !role.leads else {
            if order.count >= limit + Assembly.mostWaiting { throw .full }
            return
        }
        if isLocked { throw .locked }
        if let opensAt = plan.opensAt, wall.milliseconds < opensAt { throw .tooEarly }
        if inside.count >= limit || waiting.count >= Assembly.mostWaiting { throw .full }
    }

    /// Whom a host has barred: by who they are, by the browser that they came with, or by the name that they used.
    private func isBarred(_ newcomer: Newcomer) -> Bool {
        if newcomer.knownName != nil, let key = newcomer.key { return barredKeys.contains(key) }
        if let device = newcomer.device, barredDevices.contains(String(device.prefix(64))) { return true }
        return barredNames.contains(newcomer.name.trimmed.lowercased())
    }

    /// What stands before the `@` in a key.
    static func stem(_ key: String) -> String { String(key.prefix { $0 != "@" }) }

    private func mustWait(_ person: Attendee) -> Bool {
        guard !person.role.leads else { return false }
        if let key = person.key, wasInside.contains(key) { return false }
        if plan.waitsForHost, !hasLeader { return true }
        if let domain = person.domain, admittedDomains.contains(domain) { return false }
        switch settings.lobby ?? .off {
        case .off: return false
        case .guests: return person.key == nil
        case .everybody: return true
        }
    }

    /// Somebody who has a seat comes into the room.
    mutating func comeIn(_ id: PersonNumber, by host: PersonNumber?) {
        guard var person = people[id], !person.isInside else { return }
        person.isInside = true
        people[id] = person
        if phase != .open {
            if phase == .over { beginSitting() }
            phase = .open
            if openedAt == nil {
                openedAt = wall.milliseconds
                outputs.append(.opened(at: wall))
                if plan.records, plan.recordsAtOnce { outputs.append(.record(true)) }
            }
            endedAt = nil
        }
        recount()
        var attendance = Attendance(name: person.name, key: person.key, role: person.role)
        (attendance.consented, attendance.consentedAt) = (person.consented, person.consentedAt)
        book.enter(id, mark: person.mark, attendance, at: wall.milliseconds)
        var note = line("join", id, by: host)
        (note.key, note.role, note.isOn) = (person.key, person.role, person.consented)
        self.note(note)
        changed.insert(id)
        if let key = person.key, wasInside.remove(key) != nil { book.interrupted(id) }
        if person.role.leads, plan.waitsForHost { admitWaiting(by: id) }
    }

    /// The sitting before was told when it was over: this one counts from nothing.
    mutating func beginSitting() {
        (openedAt, endedAt, book, peak, curve) = (nil, nil, AttendanceBook(), 0, [])
        (marks, messageCount, handCount) = ([], 0, 0)
        (recalledVotes, toldPolls) = ([], max(firstPoll, polls.last?.number ?? 0))
    }

    /// Everybody's seat is given up without a word, so that their pages come in anew: a trial is over.
    public mutating func dismissAll(at now: Instant, wall: WallTime) {
        advance(now, wall)
        if recording.isOn { outputs.append(.record(false)) }
        if air.isOn { outputs.append(.air(false, layout: air.layout, person: nil)) }
        for id in order {
            hangUp(id)
            outputs.append(.dismiss(id))
        }
        (people, order, inside) = ([:], [], [])
    }

    /// The same room with nobody and nothing in it. No number is given twice.
    public var emptied: Assembly {
        var emptied = Assembly(plan)
        emptied.lastNumber = lastNumber
        return emptied
    }

    /// Who waited for nothing but a host.
    private mutating func admitWaiting(by host: PersonNumber) {
        for id in waiting where people[id].map({ !mustWait($0) }) ?? false { admit(id, by: host) }
    }

    mutating func admit(_ id: PersonNumber, by host: PersonNumber?) {
        comeIn(id, by: host)
        tell(.admitted, id, by: host)
        tell(.state(scene(for: id)), to: [id])
        tellLobby()
    }

    mutating func tellLobby() { tell(.lobby(lobbyCards), to: leaders) }

    var lobbyCards: [LobbyCard] { waiting.compactMap { people[$0]?.lobbyCard } }

    // MARK: Coming back, and going

    /// Somebody's stream of events is open, for the first time or again. `isResumed` when what was missed is told, so that
    /// not everything has to be.
    public mutating func listens(_ id: PersonNumber, isResumed: Bool, at now: Instant, wall: WallTime) {
        advance(now, wall)
        guard let person = people[id] else { return }
        people[id]?.awaySince = nil
        // The first time is no return, and another window is none either.
        if person.hasListened, person.awaySince != nil {
            book.interrupted(id)
            note("back", id)
        }
        people[id]?.hasListened = true
        if !isResumed { tell(.state(scene(for: id)), to: [id]) }
        guard person.isInside else { return }
        changed.insert(id)
        if isResumed { tell(.speaker(speaker(for: id)), to: [id]) }
        if person.down != nil { tell(.slots(slotCards(person.slots)), to: [id]) }
        tellWanted(id)
    }

    /// Somebody's stream of events broke.
    public mutating func lost(_ id: PersonNumber, at now: Instant, wall: WallTime) {
        advance(now, wall)
        guard people[id] != nil, people[id]?.awaySince == nil else { return }
        people[id]?.awaySince = now
        if people[id]?.isInside ?? false { changed.insert(id) }
    }

    /// Somebody goes, by whose wish ever.
    mutating func leave(_ id: PersonNumber, why: String, _ telling: Telling? = nil, by host: PersonNumber? = nil) {
        guard let person = people[id] else { return }
        var note = line(person.isInside ? "leave" : "gaveUp", id, by: host)
        note.why = why
        self.note(note)
        let told = telling ?? (why == "away" ? .goneTooLong : nil)
        tell(.ended(why: why, told, evaluation: why == "over" ? plan.evaluation : nil), to: [id])
        hangUp(id)
        forget(id)
        outputs.append(.dismiss(id))
        if person.isInside {
            tell(.left(id, why: why))
            mustLook = true
            tellOpenPolls()
        } else {
            tellLobby()
        }
        if person.role.leads, person.isInside { passOn(from: id) }
    }

    /// Every call of somebody ends.
    mutating func hangUp(_ id: PersonNumber) {
        if people[id]?.up != nil { outputs.append(.hangUp(id, .up)) }
        if people[id]?.down != nil { outputs.append(.hangUp(id, .down)) }
    }

    private mutating func forget(_ id: PersonNumber) {
        for way in CallWay.allCases { forgetCall(of: id, way) }
        let wasInside = people[id]?.isInside ?? false
        people[id] = nil
        order.removeAll { $0 == id }
        changed.remove(id)
        if wasInside { book.leave(id, at: wall.milliseconds) }
        recount()
        let hadHand = queue.contains(id) || floor?.person == id
        queue.removeAll { $0 == id }
        if floor?.person == id { floor = nil }
        if hadHand { tellHands() }
        let heir = leaders.first ?? id
        if slides?.by == id { slides?.by = heir }
        if spotlight == id {
            spotlight = nil
            tell(.spotlight(nil))
        }
        if groupsAreOpen, wasInside { regroup() }
    }

    /// Where there are neither keys nor passes nobody else could become host.
    private mutating func passOn(from id: PersonNumber) {
        guard phase == .open, plan.passKey.isEmpty, plan.hostKeyHashes.isEmpty, !hasLeader,
            let next = inside.first(where: { people[$0]?.role.publishes ?? false }) ?? inside.first
        else { return }
        become(.host, next, by: nil)
    }

    mutating func become(_ role: RoomRole, _ id: PersonNumber, by host: PersonNumber?, isTold: Bool = true) {
        guard let old = people[id]?.role, old != role else { return }
        people[id]?.role = role
        book.note(role, of: id)
        if role == .listener {
            people[id]?.on = []
            people[id]?.allowed = []
            if people[id]?.up != nil { outputs.append(.hangUp(id, .up)) }
        }
        var note = line("role", id, by: host)
        note.role = role
        self.note(note)
        let tellings: [RoomRole: Telling] = [
            .host: .madeHost, .cohost: .madeCohost, .speaker: .madeSpeaker, .listener: .madeListener,
        ]
        if isTold, let telling = tellings[role] { tell(telling, id, by: host) }
        changed.insert(id)
        mustLook = true
        gate(id)
        if role.leads, !old.leads { tell(.lobby(lobbyCards), to: [id]) }
    }

    /// It is over for everybody.
    public mutating func close(byDesk: Bool, at now: Instant, wall: WallTime) {
        advance(now, wall)
        if byDesk { isClosedByDesk = true }
        end(by: nil)
    }

    mutating func end(by host: PersonNumber?) {
        guard phase != .over else { return }
        let wasOpen = phase == .open
        for poll in polls where poll.isOpen { closePoll(poll.number, by: host) }
        if recording.isOn { outputs.append(.record(false)) }
        if air.isOn { outputs.append(.air(false, layout: air.layout, person: nil)) }
        endedAt = wall.milliseconds
        phase = .over
        note("end", host)
        for id in order where people[id]?.isDevice == false { leave(id, why: "over", .over, by: host) }
        for id in order { leave(id, why: "over") }
        phase = .over
        (groupsAreOpen, groups, queue, floor) = (false, [], [], nil)
        if wasOpen || isClosedByDesk { outputs.append(.ended(report)) }
    }
}
