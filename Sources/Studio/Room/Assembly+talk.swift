// SPDX-License-Identifier: Apache-2.0
import HLS
import Media

// Hands, the floor, what is written, captions and what of the agenda is taken up.

extension Assembly {
    static let mostText = 2_000
    static let mostCaption = 500

    mutating func takeTalk(_ ask: RoomAsk, _ person: Attendee) throws(RoomRefusal) {
        switch ask {
        case .hand(let isUp): raise(isUp, person)
        case .react(let reaction):
            guard people[person.id]?.reactions.take(atMilliseconds: now.milliseconds) ?? false else { throw .tooOften }
            tell(.react(person.id, reaction), to: members(of: person.group))
        case .say(let text, let to, let everywhere): try say(text, to: to, everywhere: everywhere, person)
        case .hideChat(let number): try hide(number, person)
        case .judge(let number, let verdict): try judge(number, verdict, by: person.id)
        case .lower(let id): try lower(id, by: person.id)
        case .floor(let id, let seconds): try giveFloor(id, seconds, by: person.id)
        case .caption(let text, let isFinal): try caption(text, isFinal: isFinal, person)
        case .mark(let text): try mark(text, by: person.id)
        default: throw .unreadable
        }
    }

    // MARK: Hands

    private mutating func raise(_ isUp: Bool, _ person: Attendee) {
        guard isUp != (person.hand != nil) else { return }
        people[person.id]?.hand = isUp ? wall.milliseconds : nil
        queue.removeAll { $0 == person.id }
        if isUp {
            queue.append(person.id)
            handCount += 1
        }
        var note = line("hand", person.id)
        note.isOn = isUp
        self.note(note)
        changed.insert(person.id)
        tellHands()
    }

    private mutating func lower(_ id: PersonNumber?, by host: PersonNumber) throws(RoomRefusal) {
        if let id { _ = try attendee(id) }
        for one in queue where id == nil || one == id {
            people[one]?.hand = nil
            changed.insert(one)
            if one != host { tell(.handLowered, one, by: host) }
        }
        queue.removeAll { id == nil || $0 == id }
        tellHands()
    }

    /// Whoever leads may give it to anybody; who only listens is a speaker until it is somebody else's.
    private mutating func giveFloor(_ id: PersonNumber?, _ seconds: Int?, by host: PersonNumber) throws(RoomRefusal) {
        if let id { _ = try attendee(id) }
        if let seconds { guard (1...86_400).contains(seconds) else { throw .unreadable } }
        let former = floor
        if let former, former.person != id {
            people[former.person]?.allowed.remove(.microphone)
            gate(former.person)
            changed.insert(former.person)
            if former.isListener { become(.listener, former.person, by: host, isTold: false) }
            tell(.floorOver, former.person, by: host)
        }
        floor = id.map { id in
            let isListener = people[id]?.role == .listener || former?.person == id && former?.isListener == true
            let until = seconds.map { wall.milliseconds + Int64($0) * 1_000 }
            return (id, isListener, wall.milliseconds, until, false)
        }
        if let id {
            if people[id]?.role == .listener { become(.speaker, id, by: host, isTold: false) }
            queue.removeAll { $0 == id }
            people[id]?.hand = nil
            people[id]?.hardMuted.remove(.microphone)
            if people[id]?.role.publishes ?? false { people[id]?.allowed.insert(.microphone) }
            gate(id)
            changed.insert(id)
            tell(.hasFloor, id, by: host)
        }
        note("floor", id, by: host)
        tellHands()
    }

    mutating func tellHands() { tell(.hands(handsCard)) }

    var handsCard: HandsCard {
        HandsCard(
            queue: queue.compactMap { id in people[id]?.hand.map { .init(person: id, since: $0) } },
            floor: floor.map { .init(person: $0.person, since: $0.since, until: $0.until) })
    }

    // MARK: What is written

    private mutating func say(
        _ text: String, to: PersonNumber?, everywhere: Bool, _ person: Attendee
    ) throws(RoomRefusal) {
        let text = text.trimmed
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Assembly.mostText, text.utf8.count <= 4 * Assembly.mostText else { throw .tooLong }
        if let to {
            let other = try attendee(to)
            guard !other.isDevice else { throw .unknownPerson }
            guard person.role.leads || other.role.leads || settings.mayWhisper ?? true else { throw .mayNotWhisper }
        } else {
            guard person.role.leads || settings.mayChat ?? true else { throw .mayNotChat }
        }
        guard person.role.leads || people[person.id]?.messages.take(atMilliseconds: now.milliseconds) ?? false else {
            throw .tooOften
        }
        var message = ChatMessage(
            number: 0, from: person.id, name: person.name, to: to, text: text, at: wall.milliseconds)
        let isEverywhere = everywhere && to == nil && person.role.leads
        message.group = isEverywhere ? nil : person.group
        let isQuestion = to == nil && settings.webinar == true && person.role == .listener
        if isQuestion { message.standing = .waiting }
        add(message, isEverywhere: isEverywhere)
    }

    /// Something that was brought is announced to everybody who is with who brought it.
    mutating func announce(_ file: ChatMessage.File, by person: Attendee) {
        var message = ChatMessage(
            number: 0, from: person.id, name: person.name, to: nil, text: "", at: wall.milliseconds, file: file)
        message.group = person.group
        add(message, isEverywhere: false)
    }

    private mutating func add(_ new: ChatMessage, isEverywhere: Bool) {
        lastMessage += 1
        var message = new
        message.number = lastMessage
        messages.append(message)
        if messages.count > Assembly.mostMessages { messages.removeFirst(messages.count - Assembly.mostMessages) }
        tell(.chat(message), to: isEverywhere ? inside : readers(of: message))
        guard message.to == nil else { return }
        if message.standing == .shown { messageCount += 1 }
        var note = line(message.standing == .waiting ? "question" : message.file == nil ? "chat" : "file", message.from)
        (note.number, note.text, note.file) = (message.number, message.text, message.file)
        note.group = message.group
        self.note(note)
    }

    /// Who may read a message.
    func readers(of message: ChatMessage) -> [PersonNumber] {
        if let to = message.to { return [message.from, to].filter { inside.contains($0) } }
        if message.standing == .waiting {
            return inside.filter { $0 == message.from || (people[$0]?.role.leads ?? false) }
        }
        return members(of: message.group)
    }

    func mayRead(_ message: ChatMessage, _ person: Attendee) -> Bool {
        if let to = message.to { return message.from == person.id || to == person.id }
        if message.standing == .waiting { return message.from == person.id || person.role.leads }
        return !groupsAreOpen || message.group == nil || message.group == person.group
    }

    private func place(of number: Int) throws(RoomRefusal) -> Int {
        guard let place = messages.firstIndex(where: { $0.number == number }) else { throw .unknownMessage }
        return place
    }

    /// Its author, or a host, takes it away.
    private mutating func hide(_ number: Int, _ person: Attendee) throws(RoomRefusal) {
        let place = try place(of: number)
        guard mayRead(messages[place], person) else { throw .unknownMessage }
        guard person.role.leads || messages[place].from == person.id else { throw .notForYou }
        messages[place].hidden = true
        messages[place].text = ""
        messages[place].file = nil
        tell(.chat(messages[place]), to: readers(of: messages[place]))
        guard messages[place].to == nil else { return }
        var note = line("hide", messages[place].from, by: person.id)
        note.number = number
        self.note(note)
    }

    /// What becomes of a listener's question.
    private mutating func judge(_ number: Int, _ verdict: Verdict, by host: PersonNumber) throws(RoomRefusal) {
        let place = try place(of: number)
        guard messages[place].to == nil, let person = people[host] else { throw .unknownMessage }
        if verdict == .hide { return try hide(number, person) }
        let wasWaiting = messages[place].standing == .waiting
        messages[place].standing = verdict == .show ? .shown : .answered
        if wasWaiting { messageCount += 1 }
        tell(.chat(messages[place]), to: members(of: messages[place].group))
        var note = line(verdict.rawValue, messages[place].from, by: host)
        note.number = number
        self.note(note)
    }

    // MARK: Captions and the agenda

    private mutating func caption(_ text: String, isFinal: Bool, _ person: Attendee) throws(RoomRefusal) {
        let text = text.trimmed
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Assembly.mostCaption else { throw .tooLong }
        guard people[person.id]?.captions.take(atMilliseconds: now.milliseconds) ?? false else { throw .tooOften }
        let card = CaptionCard(person: person.id, name: person.name, text: text, final: isFinal, at: wall.milliseconds)
        tell(.caption(card), to: members(of: person.group))
        guard isFinal else { return }
        captions.append(card)
        if captions.count > 20 { captions.removeFirst() }
        var note = line("caption", person.id)
        (note.text, note.group) = (text, person.group)
        self.note(note)
    }

    private mutating func mark(_ text: String, by host: PersonNumber) throws(RoomRefusal) {
        let text = text.trimmed
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Poll.mostQuestion else { throw .tooLong }
        guard marks.count < 500 else { throw .tooMany }
        let mark = MeetingReport.Mark(text: text, at: wall.milliseconds)
        marks.append(mark)
        tell(.mark(mark, by: host))
        var note = line("mark", host)
        note.text = text
        self.note(note)
    }
}
