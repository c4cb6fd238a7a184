// SPDX-License-Identifier: Apache-2.0

import Desk

/// Draws the assignment's page from a choice and what is booked already.
struct AssignmentDrawing {
    let matter: Matter
    let choice: AssignmentChoice
    let office: Office
    let people: [Person]
    let rooms: [Room]
    let now: Moment
    /// What is taken during the padded stretch, by other matters.
    let bookings: [Booking]
    /// What is taken in the occasion's week.
    let week: [Booking]
    /// The matters that the bookings are for.
    let others: [Matter]
    /// How many of each person's devices ring no more.
    let stopped: [Person.ID: Int]
    let phrases: Phrases
    let isOverdue: Bool

    private var words: Words { phrases.words }
    private var held: Span { choice.held(around: matter.letter.span, office: office) }

    func page(frame: Frame, once: String, refusal: Refusal?, looks: Bool, lateReason: String) -> AssignmentPage {
        let refused: Set<Booking.Resource> =
            if case .doubleBooked(let taken) = refusal { Set(taken.map(\.resource)) } else { [] }
        let letter = matter.letter
        return AssignmentPage(
            frame: frame, errors: refusal.flatMap { errors($0, refused) },
            facts: [
                PairRow(words("field.unit"), letter.unit), PairRow(words("matter.occasion"), phrases.span(letter.span)),
                PairRow(words("field.place"), letter.place),
                PairRow(words("field.audience"), words("matter.people", letter.expectedAudience)),
                PairRow(words("matter.service"), phrases.service(matter.service)),
            ],
            held: words("assignment.held", phrases.span(held)), looked: looks ? looked : nil,
            path: "/matters/\(matter.id)/assignment", seen: String(matter.folder.count), once: once,
            minutes: minutes(refusal), officers: officers(refused), rooms: roomRows(refused),
            lateReason: isOverdue
                ? FieldRow(
                    "late_reason", words("assignment.late"), value: lateReason, isRequired: false, autocomplete: "off")
                : nil,
            back: "/matters/\(matter.id)", isAgain: matter.assignment != nil)
    }

    // MARK: Free or taken

    private func taken(_ resource: Booking.Resource) -> [AssignmentPage.TakenRow] {
        bookings.filter { $0.resource == resource && $0.span.overlaps(held) }.map { booking in
            let title = others.first { $0.id == booking.matter }?.letter.title ?? words("decision.another_matter")
            return AssignmentPage.TakenRow(
                path: "/matters/\(booking.matter)",
                text: words("assignment.taken_by", phrases.hours(booking.span), title))
        }
    }

    private func chip(_ taken: [AssignmentPage.TakenRow]) -> ChipRow {
        taken.isEmpty
            ? ChipRow(.approved, words("assignment.free")) : ChipRow(.overdue, words("assignment.taken"))
    }

    private func officers(_ refused: Set<Booking.Resource>) -> [AssignmentPage.OfficerRow] {
        people.filter { $0.roles.contains(.officer) && ($0.isActive || choice.officers.contains($0.id)) }.map {
            person in
            let taken = taken(.officer(person.id))
            return AssignmentPage.OfficerRow(
                id: person.id.description, name: person.name, load: load(person.id),
                isChosen: choice.officers.contains(person.id), isInCharge: choice.officers.first == person.id,
                chip: chip(taken),
                alarm: stopped[person.id].map { _ in ChipRow(.overdue, words("people.deviceStopped")) }, taken: taken,
                error: refused.contains(.officer(person.id)) ? words("assignment.refused") : nil)
        }
    }

    private func load(_ officer: Person.ID) -> String {
        let mine = week.filter { $0.resource == .officer(officer) }
        if mine.isEmpty { return words("assignment.load_none") }
        let whole = mine.reduce(Length.zero) { $0 + $1.span.length }
        return words("assignment.load", mine.count, phrases.length(whole))
    }

    private func roomRows(_ refused: Set<Booking.Resource>) -> [AssignmentPage.RoomRow] {
        rooms.filter { $0.isActive || choice.rooms.contains($0.id) }.map { room in
            let taken = taken(.room(room.id))
            let seats = words("assignment.seats", room.building, room.seats)
            let isSmall = room.seats < matter.letter.expectedAudience
            return AssignmentPage.RoomRow(
                id: room.id.description, name: room.name,
                seats: isSmall ? "\(seats) · \(words("assignment.small"))" : seats,
                isChosen: choice.rooms.contains(room.id), chip: chip(taken), taken: taken,
                error: refused.contains(.room(room.id)) ? words("assignment.refused") : nil)
        }
    }

    /// What a look at the choice found.
    private var looked: NoticeRow {
        let clashes =
            choice.officers.filter { !taken(.officer($0)).isEmpty }.count
            + choice.rooms.filter { !taken(.room($0)).isEmpty }.count
        if clashes > 0 { return NoticeRow(.warn, words("assignment.looked_taken", clashes)) }
        return choice.officers.isEmpty && choice.rooms.isEmpty
            ? NoticeRow(.plain, words("assignment.looked_nothing")) : NoticeRow(.good, words("assignment.looked_free"))
    }

    // MARK: What is wrong

    private func minutes(_ refusal: Refusal?) -> [FieldRow] {
        [("set_up", choice.setUp), ("tear_down", choice.tearDown)].map { name, typed in
            let isWrong =
                !typed.isEmpty && AssignmentChoice.inRange(typed) == nil
                || refusal == .setUpOutOfRange && AssignmentChoice.inRange(typed) == nil
            return FieldRow(
                name, words("assignment.\(name)"), value: typed, hint: words("assignment.minutes_hint"),
                error: isWrong ? words("refusal.set_up_out_of_range") : nil, isShort: true, autocomplete: "off")
        }
    }

    private func errors(_ refusal: Refusal, _ refused: Set<Booking.Resource>) -> ErrorSummary? {
        let names = Names(people: people, rooms: rooms)
        let lines = refused.map { resource -> ErrorRow in
            switch resource {
            case .officer(let id):
                ErrorRow(field: "officer-\(id)", text: words("assignment.refused_line", names.person(id)))
            case .room(let id): ErrorRow(field: "room-\(id)", text: words("assignment.refused_line", names.room(id)))
            }
        }.sorted { $0.field < $1.field }
        if !lines.isEmpty { return ErrorSummary(lines: lines) }
        let field =
            switch refusal {
            case .setUpOutOfRange: AssignmentChoice.inRange(choice.setUp) == nil ? "set_up" : "tear_down"
            case .noSuchRoom: "rooms"
            case .noOfficer, .notAnOfficer, .noSuchPerson: "officers"
            default: "main"
            }
        return ErrorSummary(lines: [ErrorRow(field: field, text: "\(refusal.sentence(words)) \(refusal.remedy(words))")]
        )
    }
}
