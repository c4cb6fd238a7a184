// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media

// Slides, the board, and files that people bring.

extension Assembly {
    static let mostDecks = 20
    static let mostFiles = 200

    mutating func takeSurface(_ ask: RoomAsk, _ person: Attendee) throws(RoomRefusal) {
        switch ask {
        case .showSlides(let deck, let page): try show(deck, page, person)
        case .stopSlides: try stopSlides(person)
        case .draw(let surface, let stroke): try draw(stroke, on: surface, person)
        case .undo(let surface):
            let stroke = try board.undo(on: surface, by: person.id)
            tell(.boardUndo(surface: surface, stroke: stroke))
            var note = line("undo", person.id)
            (note.surface, note.text) = (surface, stroke)
            self.note(note)
        case .clear(let surface):
            try check(surface)
            board.clear(surface)
            tell(.boardCleared(surface: surface))
            var note = line("clear", person.id)
            note.surface = surface
            self.note(note)
        default: throw .unreadable
        }
    }

    // MARK: Slides

    private mutating func show(_ deck: String, _ page: Int, _ person: Attendee) throws(RoomRefusal) {
        guard let found = decks.first(where: { $0.id == deck }), (1...max(1, found.pages)).contains(page) else {
            throw .unknownDeck
        }
        try checkShare(person)
        if let slides, slides.by != person.id, !person.role.leads { throw .isPresenting }
        let isNew = slides?.deck != deck || slides?.page != page
        let card = SlidesCard(
            deck: deck, name: found.name, page: page, pages: found.pages, by: person.id)
        guard card != slides else { return }
        slides = card
        tell(.slides(card))
        let surface = "\(deck)/\(page)"
        let strokes = board.strokes(on: surface)
        if !strokes.isEmpty, isNew { tell(.board(surface: surface, strokes, isWhole: true)) }
        var note = line("slides", person.id)
        (note.deck, note.page) = (deck, page)
        self.note(note)
    }

    private mutating func stopSlides(_ person: Attendee) throws(RoomRefusal) {
        guard let slides else { return }
        guard slides.by == person.id || person.role.leads else { throw .isPresenting }
        self.slides = nil
        tell(.slides(nil))
        note("slides", person.id)
    }

    private func checkShare(_ person: Attendee) throws(RoomRefusal) {
        guard person.role.publishes else { throw .notForListeners }
        if person.hardMuted.contains(.screen) { throw .hardMuted }
        guard person.role.leads || settings.mayShare ?? true || person.allowed.contains(.screen) else {
            throw .mayNotShare
        }
    }

    /// Whether somebody may bring slides just now.
    public func checkDeck(by id: PersonNumber) throws(RoomRefusal) {
        guard let person = people[id], person.isInside else { throw .notInside }
        try checkShare(person)
        if decks.count >= Assembly.mostDecks { throw .tooMany }
    }

    /// A deck's pages are there.
    public mutating func add(_ deck: DeckCard, at now: Instant, wall: WallTime) throws(RoomRefusal) {
        advance(now, wall)
        try checkDeck(by: deck.by)
        decks.append(deck)
        tell(.decks(decks))
        var note = line("deck", deck.by)
        (note.deck, note.page, note.text) = (deck.id, deck.pages, deck.name)
        self.note(note)
    }

    // MARK: The board

    private mutating func draw(_ stroke: Stroke, on surface: String, _ person: Attendee) throws(RoomRefusal) {
        guard person.role.leads || settings.mayDraw ?? true || slides?.by == person.id else { throw .mayNotDraw }
        guard people[person.id]?.strokes.take(atMilliseconds: now.milliseconds) ?? false else { throw .tooOften }
        try check(surface)
        let told = try board.draw(stroke, on: surface, by: person.id)
        tell(.board(surface: surface, [told], isWhole: false))
        var note = line("draw", person.id)
        (note.surface, note.stroke) = (surface, stroke)
        self.note(note)
    }

    /// `board`, or a page of a deck.
    private func check(_ surface: String) throws(RoomRefusal) {
        guard surface != "board" else { return }
        let halves = surface.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let deck = decks.first(where: { $0.id == halves[0] }), let page = Int(halves[1]),
            halves[1] == String(page), (1...deck.pages).contains(page)
        else { throw .unknownDeck }
    }

    // MARK: Files

    /// Whether somebody may bring a file just now.
    public func checkFile(by id: PersonNumber) throws(RoomRefusal) {
        guard let person = people[id], person.isInside else { throw .notInside }
        guard person.role.leads || settings.mayChat ?? true else { throw .mayNotChat }
        // A webinar's hundreds bring nothing.
        if settings.webinar == true, person.role == .listener { throw .mayNotShare }
        if files.count >= Assembly.mostFiles { throw .tooMany }
    }

    /// A file was brought.
    public mutating func add(
        _ file: ChatMessage.File, by id: PersonNumber, at now: Instant, wall: WallTime
    ) throws(RoomRefusal) {
        advance(now, wall)
        try checkFile(by: id)
        let person = try attendee(id)
        files.append(file)
        announce(file, by: person)
    }
}
