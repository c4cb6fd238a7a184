// SPDX-License-Identifier: Apache-2.0

// Groups: people are divided without a new connection; only who sees and hears whom changes.

extension Assembly {
    static let mostGroups = 50

    mutating func takeGroups(_ ask: RoomAsk, _ person: Attendee) throws(RoomRefusal) {
        switch ask {
        case .openGroups(let wishes, let isFree): try openGroups(wishes, isFree: isFree, by: person.id)
        case .moveGroup(let id, let group):
            guard groupsAreOpen else { throw .noGroups }
            let isOwn = id == person.id && (groupsAreFree || group == person.group)
            guard person.role.leads || isOwn else { throw .notForYou }
            _ = try attendee(id)
            guard group == nil || groups.contains(where: { $0.id == group }) else { throw .unknownGroup }
            move(id, to: group, by: person.id)
            regroup()
        case .closeGroups:
            guard groupsAreOpen else { throw .noGroups }
            (groupsAreOpen, groupsAreFree) = (false, false)
            let moved = order.filter { people[$0]?.group != nil }
            for id in moved { move(id, to: nil, by: nil) }
            for id in moved where people[id]?.isDevice == false { tell(.groupsOver, id, by: person.id) }
            groups = []
            speakers = speakers.filter { $0.key == 0 }
            note("groupsClosed", person.id)
            tell(.groups(groupsCard))
        default: throw .unreadable
        }
    }

    private mutating func openGroups(
        _ wishes: [RoomAsk.GroupWish], isFree: Bool, by host: PersonNumber
    ) throws(RoomRefusal) {
        guard (1...Assembly.mostGroups).contains(wishes.count) else { throw .tooLong }
        let names = wishes.map(\.name.trimmed)
        guard names.allSatisfy({ (1...80).contains($0.count) }) else { throw .tooLong }
        let all = wishes.flatMap(\.people)
        // Nobody is in two groups.
        guard Set(all).count == all.count, all.count <= 1_000 else { throw .unreadable }
        groups = names.enumerated().map { .init(id: $0.offset + 1, name: $0.element, people: []) }
        (groupsAreOpen, groupsAreFree) = (true, isFree)
        var places: [PersonNumber: Int] = [:]
        for (index, wish) in wishes.enumerated() { for id in wish.people { places[id] = index + 1 } }
        for id in order where people[id]?.isInside ?? false { move(id, to: places[id], by: host) }
        note("groupsOpened", host)
        regroup()
    }

    private mutating func move(_ id: PersonNumber, to group: Int?, by host: PersonNumber?) {
        guard people[id]?.group != group else { return }
        people[id]?.group = group
        changed.insert(id)
        mustLook = true
        place(id)
        var note = line("group", id, by: host)
        note.group = group
        self.note(note)
        if let host, host != id, groupsAreOpen, people[id]?.isDevice == false { tell(.movedGroup, id, by: host) }
        if people[id]?.isDevice == false { tell(.speaker(speaker(for: id)), to: [id]) }
    }

    /// Who is where is told to everybody.
    mutating func regroup() {
        for place in groups.indices {
            let group = groups[place].id
            groups[place].people = order.filter { people[$0]?.group == group && people[$0]?.isInside ?? false }
        }
        tell(.groups(groupsCard))
    }

    var groupsCard: GroupsCard { GroupsCard(isOpen: groupsAreOpen, free: groupsAreFree, groups: groups) }
}
