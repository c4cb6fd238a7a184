// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media

// What is told of the whole: to somebody who has just come, to the desk, and at the end.

extension Assembly {
    var roomCard: RoomCard {
        RoomCard(
            title: plan.title.isEmpty ? plan.name : plan.title, locked: isLocked, lobby: settings.lobby ?? .off,
            mayUnmute: settings.mayUnmute ?? true, mayShare: settings.mayShare ?? true,
            mayChat: settings.mayChat ?? true, mayWhisper: settings.mayWhisper ?? true,
            mayDraw: settings.mayDraw ?? true, webinar: settings.webinar ?? false, startsAt: plan.startsAt,
            endsAt: plan.endsAt, agenda: plan.agenda, quorum: plan.quorum, mayRecord: plan.records,
            mayAir: plan.broadcast != nil, overflow: plan.overflow, isTest: plan.isTest)
    }

    /// Everything that somebody may know. Who waits learns nothing but that.
    func scene(for id: PersonNumber) -> RoomScene {
        guard let person = people[id] else {
            return RoomScene(
                you: SelfCard(id: id, role: .listener, inside: false, name: "", identified: false), room: roomCard)
        }
        var scene = RoomScene(you: person.selfCard, room: roomCard)
        if mustAgree(id) { scene.you.consent = ConsentSentence(of: plan) }
        scene.now = wall.milliseconds
        guard person.isInside else { return scene }
        scene.people = order.compactMap { people[$0] }.filter(\.isInside).map(\.card)
        if person.role.leads { scene.lobby = lobbyCards }
        scene.hands = handsCard
        scene.chat = messages.filter { mayRead($0, person) }.suffix(200)
        scene.polls = polls.map { poll in
            var card = poll.card(eligible: voters(of: poll).count)
            (card.yours, card.hasVoted) = (poll.choice(of: person.voter), poll.hasVoted(person.voter))
            return card
        }
        (scene.decks, scene.slides, scene.captions) = (decks, slides, captions)
        let surfaces = ["board"] + (slides.map { ["\($0.deck)/\($0.page)"] } ?? [])
        scene.board = surfaces.map { .init(surface: $0, strokes: board.strokes(on: $0)) }.filter { !$0.strokes.isEmpty }
        (scene.speaker, scene.spotlight) = (speaker(for: id), spotlight)
        (scene.recording, scene.air, scene.groups) = (recording, air, groupsCard)
        scene.marks = marks.map { .init(text: $0.text, at: $0.at) }
        return scene
    }

    // MARK: For the desk

    /// How it is, for the desk: numbers, no names.
    public var state: MeetingState {
        var state = MeetingState(name: plan.name)
        (state.phase, state.openedAt, state.endedAt) = (phase, openedAt, endedAt)
        state.people = inside.count
        state.speakers = inside.filter { people[$0]?.role.publishes ?? false }.count
        state.waiting = waiting.count
        (state.peak, state.hasHost, state.isLocked) = (peak, hasLeader, isLocked)
        (state.isRecording, state.isOnAir) = (recording.isOn, air.isOn)
        state.groups = groupsAreOpen ? groups.count : 0
        state.hands = queue.count
        state.troubled = inside.filter { people[$0]?.line?.light == .bad }.count
        state.interruptions = book.interruptions
        return state
    }

    /// What it came to so far.
    public var report: MeetingReport {
        var report = MeetingReport(state)
        report.attendance = book.all
        report.votes = recalledVotes + polls.filter { $0.number > toldPolls }.map(\.count)
        report.marks = marks
        report.personMinutes = book.personMinutes(until: endedAt ?? wall.milliseconds)
        report.curve = curve
        (report.messages, report.hands) = (messageCount, handCount)
        return report
    }

    // MARK: What others decide

    /// The desk has changed what it is to be. What a host has changed stays, unless the desk changed the same.
    public mutating func put(_ new: MeetingPlan, at now: Instant, wall: WallTime) {
        advance(now, wall)
        let (old, usual, changed) = (plan, Assembly.usual(plan), Assembly.usual(new))
        plan = new
        if usual.lobby != changed.lobby { settings.lobby = changed.lobby }
        if usual.mayUnmute != changed.mayUnmute { settings.mayUnmute = changed.mayUnmute }
        if usual.mayShare != changed.mayShare { settings.mayShare = changed.mayShare }
        if usual.mayChat != changed.mayChat { settings.mayChat = changed.mayChat }
        if usual.mayWhisper != changed.mayWhisper { settings.mayWhisper = changed.mayWhisper }
        if usual.webinar != changed.webinar { settings.webinar = changed.webinar }
        admittedDomains.formUnion(new.admittedDomains.map { $0.lowercased() })
        if new != old { tell(.room(roomCard)) }
        let asked = old.records && old.asksConsent
        if asksConsent, !asked { askConsent() }
        if asked, !asksConsent { tell(.consent(nil)) }
        if recording.isOn, !new.records { outputs.append(.record(false)) }
        for id in order where people[id]?.link.map(new.revokedKeys.contains) ?? false {
            leave(id, why: "removed", .removed)
        }
        // The office has thought better of it: a host may open it again.
        if !new.isOver { isClosedByDesk = false }
        if new.isOver, !old.isOver { close(byDesk: true, at: now, wall: wall) }
    }

    /// The office does what a host could.
    public mutating func obey(_ order: Order, at now: Instant, wall: WallTime) throws(RoomRefusal) {
        advance(now, wall)
        guard phase == .open else { throw .isOver }
        switch order {
        case .admitAll: for id in waiting { admit(id, by: nil) }
        case .lockMeeting(_, let isLocked):
            self.isLocked = isLocked
            tell(.room(roomCard))
        case .recordMeeting(_, let isOn):
            try checkRecording(isOn)
            outputs.append(.record(isOn))
        case .airMeeting(_, let isOn, let layout):
            guard plan.broadcast != nil else { throw .mayNotAir }
            outputs.append(.air(isOn, layout: layout, person: nil))
        default: throw .unreadable
        }
    }

    /// Whether it may be recorded now: the plan says so, and everybody who is inside has agreed to it. Who has not is asked.
    mutating func checkRecording(_ isOn: Bool) throws(RoomRefusal) {
        guard isOn else { return }
        guard plan.records else { throw .mayNotRecord }
        guard inside.contains(where: mustAgree) else { return }
        askConsent()
        throw .notAllAgreed
    }

    /// Whether somebody inside has not agreed to a recording that wants it. A device is whoever put it there.
    private func mustAgree(_ id: PersonNumber) -> Bool {
        guard asksConsent, let person = people[id], person.isInside, !person.isDevice else { return false }
        return person.consented != true
    }

    private mutating func askConsent() {
        tell(.consent(ConsentSentence(of: plan)), to: inside.filter(mustAgree))
    }

    mutating func agree(_ id: PersonNumber) {
        guard mustAgree(id) else { return }
        people[id]?.consented = true
        people[id]?.consentedAt = wall.milliseconds
        book.agree(id, at: wall.milliseconds)
        note("agree", id)
        tell(.consent(nil), to: [id])
        guard !inside.contains(where: mustAgree) else { return }
        for leader in leaders { tell(.allAgreed, leader, by: id) }
    }

    /// The recorder says whether it records.
    public mutating func recording(isOn: Bool, at now: Instant, wall: WallTime) {
        advance(now, wall)
        guard recording.isOn != isOn else { return }
        recording = RecordingCard(isOn: isOn, since: isOn ? wall.milliseconds : nil)
        var note = line("recording", nil)
        note.isOn = isOn
        self.note(note)
        tell(.recording(recording))
    }

    /// What puts it on air says whether it does.
    public mutating func air(_ card: AirCard, at now: Instant, wall: WallTime) {
        advance(now, wall)
        guard air != card else { return }
        air = card
        if card.isOn, air.since == nil { air.since = wall.milliseconds }
        var note = line("air", nil)
        (note.isOn, note.text) = (card.isOn, card.layout)
        self.note(note)
        tell(.air(air))
    }

    /// Those who lead must know something that went wrong beside the room.
    public mutating func tellLeaders(_ telling: Telling, at now: Instant, wall: WallTime) {
        advance(now, wall)
        for id in leaders { tell(telling, id) }
    }

    /// A picture source that shows somebody, for what is on air: their camera, or their screen.
    public func source(of id: PersonNumber, _ kind: TrackKind) -> SourceID? { people[id]?.up?.source(kind) }

    /// Whose track it is and what, for recordings.
    public func owner(of source: SourceID) -> (person: PersonNumber, name: String, key: String?, kind: TrackKind)? {
        guard let id = owners[source], let person = people[id], let kind = person.up?.kind(of: source) else {
            return nil
        }
        return (id, person.name, person.key, kind)
    }
}
