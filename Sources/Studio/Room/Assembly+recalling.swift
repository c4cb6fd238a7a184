// SPDX-License-Identifier: Apache-2.0
public import HLS

// A studio that was killed loses no attendance and no vote: what it wrote down is read again.

extension Assembly {
    /// What the event log of this meeting says of an earlier run of the program. Before anybody comes in.
    public mutating func recall(_ notes: [RoomNote]) {
        var present: Set<PersonNumber> = []
        var wasOver = false
        for note in notes {
            // Opened again: what was before was told.
            if note.kind == "join", wasOver { beginSitting() }
            if ["join", "end"].contains(note.kind) { wasOver = note.kind == "end" }
            if let person = note.person { lastNumber = max(lastNumber, person.number) }
            recall(note, &present)
            peak = max(peak, present.count)
        }
        let last = notes.last?.at ?? 0
        // Whoever was there then may come again; until when they were is known no better.
        for person in present { book.leave(person, at: last) }
        wasInside = Set(
            notes.compactMap { $0.kind == "join" && present.contains($0.person ?? .init(0)) ? $0.key : nil })
        if openedAt != nil, phase != .over { phase = .open }
    }

    /// What was recorded and on air then is so again with the first picture or sound.
    mutating func goOn() {
        guard phase != .over, interrupted.records || interrupted.layout != nil else { return }
        if interrupted.records, plan.records, !recording.isOn { outputs.append(.record(true)) }
        if let layout = interrupted.layout, plan.broadcast != nil, !air.isOn {
            outputs.append(.air(true, layout: layout, person: nil))
        }
        interrupted = (false, nil)
    }

    private mutating func recall(_ note: RoomNote, _ present: inout Set<PersonNumber>) {
        switch note.kind {
        case "join":
            guard let person = note.person, let name = note.name, let role = note.role else { return }
            if openedAt == nil { openedAt = note.at }
            if !isClosedByDesk { (phase, endedAt) = (.open, nil) }
            var attendance = Attendance(name: name, key: note.key, role: role)
            (attendance.consented, attendance.consentedAt) = (note.isOn, note.isOn.map { _ in note.at })
            book.enter(person, mark: note.key.map { "k:" + $0 } ?? person.text, attendance, at: note.at)
            present.insert(person)
        case "leave", "toLobby":
            guard let person = note.person else { return }
            book.leave(person, at: note.at)
            present.remove(person)
        case "agree": if let person = note.person { book.agree(person, at: note.at) }
        case "back": if let person = note.person { book.interrupted(person) }
        case "role": if let person = note.person, let role = note.role { book.note(role, of: person) }
        case "chat", "file", "question":
            lastMessage = max(lastMessage, note.number ?? 0)
            if note.kind != "question" { messageCount += 1 }
        case "show": messageCount += 1
        case "hand": if note.isOn == true { handCount += 1 }
        case "mark": if let text = note.text { marks.append(.init(text: text, at: note.at)) }
        case "pollOpened": firstPoll = max(firstPoll, note.number ?? 0)
        case "pollClosed": if let vote = note.vote { recalledVotes.append(vote) }
        case "recording": interrupted.records = note.isOn == true
        case "air": interrupted.layout = note.isOn == true ? note.text : nil
        case "end":
            (phase, endedAt) = (.over, note.at)
            interrupted = (false, nil)
        default: break
        }
    }
}
