// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media
import RTP

// Who publishes what, and who sees and hears whom: the room's wishes to the engine, and what the engine tells.

extension Assembly {
    static let mostWants = 64

    /// One section of a call, as it was agreed on.
    public struct Section: Hashable, Sendable {
        public var mid: String
        public var isVideo: Bool
        /// What comes in it; nil when nothing does.
        public var source: SourceID?

        public init(mid: String, isVideo: Bool, source: SourceID?) {
            (self.mid, self.isVideo, self.source) = (mid, isVideo, source)
        }
    }

    mutating func takeMedia(_ ask: RoomAsk, _ person: Attendee) throws(RoomRefusal) {
        switch ask {
        case .media(let microphone, let camera, let screen):
            try turn([.microphone: microphone, .camera: camera, .screen: screen], person)
        case .tracks(let mids):
            guard mids.values.allSatisfy({ (1...16).contains($0.utf8.count) }), Set(mids.values).count == mids.count
            else { throw .unreadable }
            people[person.id]?.tracks = mids
            people[person.id]?.up?.kinds = mids
            gate(person.id)
            changed.insert(person.id)
            mustLook = true
            tellWanted(person.id)
        case .watch(let wants):
            guard wants.count <= Assembly.mostWants,
                wants.allSatisfy({ 1...8_640 ~= $0.height && ($0.mid?.utf8.count ?? 0) <= 16 })
            else { throw .tooLong }
            people[person.id]?.wants = wants
            lookFor(person.id)
        default: throw .unreadable
        }
    }

    // MARK: What people publish

    private mutating func turn(_ switches: [TrackKind: Bool], _ person: Attendee) throws(RoomRefusal) {
        for (kind, isOn) in switches where isOn && !person.on.contains(kind) { try check(kind, person) }
        let on = Set(switches.filter(\.value).keys)
        guard on != person.on else { return }
        people[person.id]?.on = on
        for kind in [TrackKind.microphone, .camera, .screen] where on.contains(kind) != person.on.contains(kind) {
            var note = line("media", person.id)
            (note.track, note.isOn) = (kind, on.contains(kind))
            note.source = person.up?.source(kind)?.number
            self.note(note)
        }
        gate(person.id)
        changed.insert(person.id)
        mustLook = true
    }

    private func check(_ kind: TrackKind, _ person: Attendee) throws(RoomRefusal) {
        guard person.role.publishes else { throw .notForListeners }
        if person.hardMuted.contains(kind) { throw .hardMuted }
        guard !person.role.leads, !person.allowed.contains(kind), floor?.person != person.id else { return }
        if kind == .microphone, settings.mayUnmute == false { throw .mayNotUnmute }
        if kind == .screen, settings.mayShare == false { throw .mayNotShare }
    }

    /// Whether somebody may call just now, this way.
    public func checkCall(_ way: CallWay, by id: PersonNumber) throws(RoomRefusal) {
        guard let person = people[id], person.isInside else { throw .notInside }
        if way == .up, !person.role.publishes { throw .notForListeners }
    }

    /// What comes of somebody's tracks is let on, or dropped where it comes in: whatever their page does, nobody sees or hears
    /// what everybody is told to be off.
    mutating func gate(_ id: PersonNumber) {
        guard let person = people[id], let up = person.up else { return }
        for section in up.sections {
            guard let source = section.source else { continue }
            let kind = up.kind(of: source)
            let isMuted = kind.map { !person.isOpen($0) } ?? true
            if person.muted[source] != isMuted {
                people[id]?.muted[source] = isMuted
                outputs.append(.engine(.mute(source, isMuted)))
            }
            let isScreen = kind == .screen
            if person.screens.contains(source) != isScreen {
                if isScreen { people[id]?.screens.insert(source) } else { people[id]?.screens.remove(source) }
                outputs.append(.engine(.screen(source, isScreen)))
            }
        }
    }

    // MARK: Calls

    /// A call of somebody was agreed on. A former one the same way is over.
    public mutating func called(
        _ id: PersonNumber, _ way: CallWay, seat: SeatID, _ sections: [Section], at now: Instant, wall: WallTime
    ) {
        advance(now, wall)
        guard let person = people[id], (try? checkCall(way, by: id)) != nil else {
            // They went, or were made listeners, while it was agreed on.
            outputs.append(.hangUp(id, way))
            return
        }
        let call = Attendee.Call(
            seat: seat, sections: sections.map { ($0.mid, $0.source) },
            kinds: way == .up ? person.tracks ?? Assembly.usualKinds(sections) : [:])
        forgetCall(of: id, way)
        if way == .up { people[id]?.up = call } else { people[id]?.down = call }
        for section in sections { if let source = section.source, way == .up { owners[source] = id } }
        place(id)
        gate(id)
        lookFor(id)
        changed.insert(id)
    }

    /// In the order of the offer, where the page says nothing.
    private static func usualKinds(_ sections: [Section]) -> [TrackKind: String] {
        let sounds = sections.filter { !$0.isVideo }, pictures = sections.filter(\.isVideo)
        var kinds: [TrackKind: String] = [:]
        kinds[.microphone] = sounds.first?.mid
        kinds[.screenSound] = sounds.dropFirst().first?.mid
        kinds[.camera] = pictures.first?.mid
        kinds[.screen] = pictures.dropFirst().first?.mid
        return kinds
    }

    /// A call of somebody is over, by whose wish ever.
    public mutating func callEnded(_ seat: SeatID, at now: Instant, wall: WallTime) {
        advance(now, wall)
        for id in order {
            if people[id]?.up?.seat == seat {
                forgetCall(of: id, .up)
            } else if people[id]?.down?.seat == seat {
                forgetCall(of: id, .down)
            } else {
                continue
            }
            if people[id]?.isInside ?? false { tell(.callEnded, id) }
            changed.insert(id)
            mustLook = true
            return
        }
    }

    mutating func forgetCall(of id: PersonNumber, _ way: CallWay) {
        guard let person = people[id] else { return }
        switch way {
        case .up:
            for section in person.up?.sections ?? [] {
                guard let source = section.source else { continue }
                owners[source] = nil
                people[id]?.begun.remove(source)
            }
            if let seat = person.up?.seat { people[id]?.placed[seat] = nil }
            people[id]?.up = nil
            people[id]?.muted = [:]
            people[id]?.screens = []
            people[id]?.wanted = [:]
        case .down:
            if let seat = person.down?.seat { people[id]?.placed[seat] = nil }
            people[id]?.down = nil
            people[id]?.slots = []
            people[id]?.wished = nil
        }
    }

    // MARK: Who sees and hears whom

    /// The engine learns whose a connection is, and with whom they are.
    mutating func place(_ id: PersonNumber) {
        guard let person = people[id] else { return }
        let group = UInt32(person.group ?? 0)
        for seat in [person.up?.seat, person.down?.seat].compactMap({ $0 }) where person.placed[seat] != group {
            people[id]?.placed[seat] = group
            outputs.append(.engine(.place(seat, party: id.number, group: group)))
        }
    }

    /// Looks again at what everybody wants to see.
    mutating func look() { for id in order where people[id]?.down != nil { lookFor(id) } }

    /// What somebody wants to see, as far as it is there and they may.
    private mutating func lookFor(_ id: PersonNumber) {
        guard let person = people[id], let down = person.down, !person.wants.isEmpty || person.wished != nil else {
            return
        }
        var wishes: [Wish] = []
        for want in person.wants where want.kind.isPicture && want.person != id {
            guard let other = people[want.person], other.isInside, areTogether(id, want.person),
                let source = other.up?.source(want.kind), other.isOpen(want.kind)
            else { continue }
            wishes.append(
                Wish(source: source, importance: want.importance, heightLimit: want.height, mid: want.mid))
        }
        guard wishes != person.wished else { return }
        people[id]?.wished = wishes
        outputs.append(.engine(.watch(down.seat, wishes)))
    }

    func speaker(for id: PersonNumber) -> PersonNumber? {
        speakers[UInt32(people[id]?.group ?? 0)].flatMap { owners[$0] }
    }

    // MARK: What the engine tells

    /// Something has happened in the engine.
    public mutating func take(_ news: MeetingNews, at now: Instant, wall: WallTime) {
        advance(now, wall)
        switch news {
        case .began(let facts):
            began(facts)
            goOn()
        case .ended(let source): ended(source)
        case .speaker(let source): speaks(source, in: 0)
        case .groupSpeaker(let source, let group): speaks(source, in: group)
        case .slots(let seat, let states):
            guard let id = order.first(where: { people[$0]?.down?.seat == seat }) else { return }
            people[id]?.slots = states
            tell(.slots(slotCards(states)), to: [id])
        case .wanted(let source, let rids):
            guard let id = owners[source], let kind = people[id]?.up?.kind(of: source) else { return }
            people[id]?.wanted[kind] = rids
            tellWanted(id)
        case .speaksMuted(let source):
            guard let id = owners[source], people[id]?.isDevice == false else { return }
            tell(.speaksMuted, id)
        }
    }

    private mutating func began(_ facts: SourceFacts) {
        if let id = owners[facts.source] {
            people[id]?.begun.insert(facts.source)
            changed.insert(id)
            return
        }
        // Nobody's page: an encoder that came by WHIP.
        let known = order.first { people[$0]?.isDevice == true && people[$0]?.up?.seat == facts.seat }
        let id = known ?? addDevice(facts.seat)
        let kind: TrackKind = facts.format.isVideo ? .camera : .microphone
        people[id]?.up?.sections.append((facts.mid, facts.source))
        if people[id]?.up?.kinds[kind] == nil { people[id]?.up?.kinds[kind] = facts.mid }
        people[id]?.begun.insert(facts.source)
        owners[facts.source] = id
        changed.insert(id)
        mustLook = true
        gate(id)
    }

    private mutating func addDevice(_ seat: SeatID) -> PersonNumber {
        lastNumber += 1
        let id = PersonNumber(lastNumber)
        let count = people.values.filter(\.isDevice).count + 1
        var device = Attendee(
            id, name: "เครื่องส่งสัญญาณ \(count)", key: nil, device: nil, role: .speaker, since: wall.milliseconds,
            consented: nil)
        (device.isDevice, device.isInside) = (true, true)
        device.up = .init(seat: seat, sections: [], kinds: [:])
        people[id] = device
        order.append(id)
        note("device", id)
        return id
    }

    private mutating func ended(_ source: SourceID) {
        guard let id = owners.removeValue(forKey: source) else { return }
        people[id]?.begun.remove(source)
        changed.insert(id)
        mustLook = true
        if people[id]?.isDevice == true, people[id]?.begun.isEmpty ?? false {
            people[id]?.up = nil
            leave(id, why: "left")
        }
    }

    private mutating func speaks(_ source: SourceID?, in group: UInt32) {
        guard speakers[group] != source else { return }
        speakers[group] = source
        tell(.speaker(source.flatMap { owners[$0] }), to: members(of: group == 0 ? nil : Int(group)))
    }

    func slotCards(_ states: [SlotState]) -> [SlotCard] {
        states.map { state in
            let owner = state.source.flatMap { owners[$0] }
            let kind = owner.flatMap { id in state.source.flatMap { people[id]?.up?.kind(of: $0) } }
            return SlotCard(
                mid: state.mid, person: owner, kind: kind, layer: state.layer, height: state.height,
                reason: state.reason)
        }
    }

    mutating func tellWanted(_ id: PersonNumber) {
        guard let person = people[id], let up = person.up, !person.wanted.isEmpty else { return }
        let tracks = person.wanted.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { kind, rids in
            up.kinds[kind].map { WantedCard(mid: $0, rids: rids) }
        }
        if !tracks.isEmpty { tell(.wanted(tracks), to: [id]) }
    }
}
