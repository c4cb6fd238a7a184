// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media

extension RoomAsk {
    /// Who may ask for something, before anything else is looked at.
    enum Right: Hashable, Sendable {
        /// Who waits in the lobby, too.
        case seated
        case inside
        /// Who may publish.
        case publisher
        case leader
        case host
    }

    var right: Right {
        switch self {
        case .leave: .seated
        case .media, .tracks, .watch, .hand, .react, .say, .hideChat, .vote, .moveGroup, .undo, .agree: .inside
        case .showSlides, .stopSlides, .draw, .caption: .publisher
        case .end, .role: .host
        default: .leader
        }
    }
}

extension Assembly {
    /// Somebody asks for something.
    /// - Throws: why it is not done; then nothing has changed.
    public mutating func take(
        _ ask: RoomAsk, from id: PersonNumber, at now: Instant, wall: WallTime
    ) throws(RoomRefusal) {
        advance(now, wall)
        guard let person = people[id] else { throw .notInside }
        guard people[id]?.asks.take(atMilliseconds: now.milliseconds) ?? false else { throw .tooOften }
        try check(ask.right, person)
        switch ask {
        case .media, .tracks, .watch: try takeMedia(ask, person)
        case .hand, .react, .say, .hideChat, .caption, .judge, .lower, .floor, .mark: try takeTalk(ask, person)
        case .vote, .openPoll, .closePoll: try takePoll(ask, person)
        case .showSlides, .stopSlides, .draw, .undo, .clear: try takeSurface(ask, person)
        case .openGroups, .moveGroup, .closeGroups: try takeGroups(ask, person)
        case .agree: agree(id)
        case .leave: leave(id, why: "left")
        default: try takeLead(ask, person)
        }
    }

    private func check(_ right: RoomAsk.Right, _ person: Attendee) throws(RoomRefusal) {
        guard right != .seated else { return }
        guard person.isInside else { throw .notInside }
        switch right {
        case .seated, .inside: break
        case .publisher: if !person.role.publishes { throw .notForListeners }
        case .leader: if !person.role.leads { throw .notForYou }
        case .host: if person.role != .host { throw .notForYou }
        }
    }

    // MARK: Leading

    private mutating func takeLead(_ ask: RoomAsk, _ host: Attendee) throws(RoomRefusal) {
        switch ask {
        case .admit(let id):
            guard let person = people[id], !person.isInside else { throw .unknownPerson }
            guard inside.count < min(1_000, max(1, plan.personLimit)) else { throw .full }
            admit(id, by: host.id)
        case .admitAll(let domain): try admitAll(domain, by: host.id)
        case .deny(let id):
            guard let person = people[id], !person.isInside else { throw .unknownPerson }
            leave(id, why: "denied", .denied, by: host.id)
        case .mute(let id, let kind, let isHard): try mute(id, kind, isHard: isHard, by: host)
        case .muteAll(let isHard):
            for id in order where id != host.id {
                guard let person = people[id], person.isInside, !person.role.leads else { continue }
                try mute(id, .microphone, isHard: isHard, by: host)
            }
        case .allow(let id, let kind, let isAllowed): try allow(id, kind, isAllowed, by: host)
        case .role(let id, let role): try giveRole(role, to: id, by: host)
        case .toLobby(let id): try sendToLobby(id, by: host)
        case .remove(let id, let bars): try remove(id, bars: bars, by: host)
        case .settings(let wish): change(wish, by: host.id)
        case .lock(let isLocked):
            self.isLocked = isLocked
            var note = line("lock", host.id)
            note.isOn = isLocked
            self.note(note)
            tell(.room(roomCard))
        case .spotlight(let id):
            if let id { _ = try attendee(id) }
            spotlight = id
            tell(.spotlight(id))
        case .record, .air, .end: try takeProduction(ask, host)
        default: throw .unreadable
        }
    }

    private mutating func takeProduction(_ ask: RoomAsk, _ host: Attendee) throws(RoomRefusal) {
        switch ask {
        case .record(let isOn):
            try checkRecording(isOn)
            outputs.append(.record(isOn))
        case .air(let isOn, let layout, let person):
            guard plan.broadcast != nil else { throw .mayNotAir }
            guard ["speaker", "side", "grid", "one"].contains(layout) else { throw .unreadable }
            if let person { _ = try attendee(person) }
            outputs.append(.air(isOn, layout: layout, person: person))
        default: end(by: host.id)
        }
    }

    private mutating func admitAll(_ domain: String?, by host: PersonNumber) throws(RoomRefusal) {
        var list = waiting
        if let domain {
            let domain = domain.trimmed.lowercased().filter { $0 != "@" }
            guard !domain.isEmpty, domain.utf8.count <= 100, admittedDomains.count < 100 else { throw .unreadable }
            admittedDomains.insert(domain)
            list = list.filter { people[$0]?.domain == domain }
        }
        let limit = min(1_000, max(1, plan.personLimit))
        for id in list where inside.count < limit { admit(id, by: host) }
    }

    /// A co-host has no power over a host.
    private func target(_ id: PersonNumber, of host: Attendee) throws(RoomRefusal) -> Attendee {
        let person = try attendee(id)
        if person.role == .host, host.role != .host { throw .notForYou }
        return person
    }

    private mutating func mute(
        _ id: PersonNumber, _ kind: TrackKind, isHard: Bool, by host: Attendee
    ) throws(RoomRefusal) {
        let person = try target(id, of: host)
        let kind: TrackKind = kind == .screenSound ? .screen : kind
        people[id]?.on.remove(kind)
        people[id]?.allowed.remove(kind)
        if isHard { people[id]?.hardMuted.insert(kind) }
        if person.isDevice { people[id]?.hardMuted.insert(kind) }
        gate(id)
        changed.insert(id)
        mustLook = true
        tell(isHard ? .hardMuted : kind == .microphone ? .muted : .stopped, id, by: host.id)
        var note = line(isHard ? "hardMute" : "mute", id, by: host.id)
        note.track = kind
        self.note(note)
    }

    private mutating func allow(
        _ id: PersonNumber, _ kind: TrackKind, _ isAllowed: Bool, by host: Attendee
    ) throws(RoomRefusal) {
        let person = try target(id, of: host)
        let kind: TrackKind = kind == .screenSound ? .screen : kind
        if isAllowed {
            let wasHard = person.hardMuted.contains(kind)
            people[id]?.hardMuted.remove(kind)
            people[id]?.allowed.insert(kind)
            tell(kind == .microphone && !wasHard ? .askedToUnmute : wasHard ? .freed : .allowed, id, by: host.id)
        } else {
            people[id]?.allowed.remove(kind)
            tell(.disallowed, id, by: host.id)
        }
        gate(id)
        changed.insert(id)
        mustLook = true
    }

    private mutating func giveRole(_ role: RoomRole, to id: PersonNumber, by host: Attendee) throws(RoomRefusal) {
        let person = try attendee(id)
        guard !person.isDevice else { throw .notForYou }
        // Somebody must lead.
        if id == host.id, !role.leads, leaders.count == 1 { throw .notForYou }
        become(role, id, by: host.id)
        guard floor?.person == id else { return }
        floor?.isListener = false
        if role == .listener {
            floor = nil
            tellHands()
        }
    }

    private mutating func sendToLobby(_ id: PersonNumber, by host: Attendee) throws(RoomRefusal) {
        let person = try target(id, of: host)
        guard id != host.id, !person.isDevice else { throw .notForYou }
        var note = line("toLobby", id, by: host.id)
        note.why = "toLobby"
        self.note(note)
        hangUp(id)
        for way in CallWay.allCases { forgetCall(of: id, way) }
        people[id]?.isInside = false
        people[id]?.on = []
        people[id]?.hand = nil
        people[id]?.group = nil
        if person.role.leads { people[id]?.role = .speaker }
        if floor?.person == id, floor?.isListener == true { people[id]?.role = .listener }
        changed.remove(id)
        book.leave(id, at: wall.milliseconds)
        recount()
        queue.removeAll { $0 == id }
        if floor?.person == id { floor = nil }
        if spotlight == id {
            spotlight = nil
            tell(.spotlight(nil))
        }
        tell(.movedToLobby, id, by: host.id)
        tell(.state(scene(for: id)), to: [id])
        tell(.left(id, why: "lobby"))
        tellHands()
        tellLobby()
        if groupsAreOpen { regroup() }
        tellOpenPolls()
        mustLook = true
    }

    private mutating func remove(_ id: PersonNumber, bars: Bool, by host: Attendee) throws(RoomRefusal) {
        guard let person = people[id] else { throw .unknownPerson }
        // Whoever is barred goes from everywhere that they came in.
        let all = bars ? seats(of: person) : [id]
        guard !all.contains(host.id) else { throw .notForYou }
        if host.role != .host, all.contains(where: { people[$0]?.role == .host }) { throw .notForYou }
        if bars {
            if let key = person.key { barredKeys.insert(key) }
            if let device = person.device { barredDevices.insert(device) }
            if person.key == nil { barredNames.insert(person.name.lowercased()) }
        }
        for one in all { leave(one, why: bars ? "barred" : "removed", bars ? .barred : .removed, by: host.id) }
    }

    /// Everything that somebody came in by: one person at two telephones, or one browser with two windows.
    private func seats(of person: Attendee) -> [PersonNumber] {
        order.filter { id in
            guard let other = people[id] else { return false }
            return id == person.id || person.key != nil && other.key == person.key
                || person.device != nil && other.device == person.device
        }
    }

    private mutating func change(_ wish: RoomSettings, by host: PersonNumber) {
        settings.lobby = wish.lobby ?? settings.lobby
        settings.mayUnmute = wish.mayUnmute ?? settings.mayUnmute
        settings.mayShare = wish.mayShare ?? settings.mayShare
        settings.mayChat = wish.mayChat ?? settings.mayChat
        settings.mayWhisper = wish.mayWhisper ?? settings.mayWhisper
        settings.mayDraw = wish.mayDraw ?? settings.mayDraw
        settings.webinar = wish.webinar ?? settings.webinar
        note("settings", host)
        tell(.room(roomCard))
    }
}
