// SPDX-License-Identifier: Apache-2.0

import Desk

/// Officers and rooms booked together; shows who and what is free before anything is booked.
struct AssignmentPage: Page {
    static let template = "assignment"
    let frame: Frame
    let errors: ErrorSummary?
    let facts: [PairRow]
    let held: String
    /// What a look at the choice has found; nil on the first look.
    let looked: NoticeRow?
    let path: String
    let seen: String
    let once: String
    let minutes: [FieldRow]
    let officers: [OfficerRow]
    let rooms: [RoomRow]
    let lateReason: FieldRow?
    let back: String
    let isAgain: Bool

    /// One officer with their week.
    struct OfficerRow: Sendable {
        let id: String
        let name: String
        let load: String
        let isChosen: Bool
        let isInCharge: Bool
        let chip: ChipRow
        /// A device of theirs rings no more; nil while all do.
        let alarm: ChipRow?
        let taken: [TakenRow]
        /// The database itself has refused this one.
        let error: String?
    }

    /// One room.
    struct RoomRow: Sendable {
        let id: String
        let name: String
        let seats: String
        let isChosen: Bool
        let chip: ChipRow
        let taken: [TakenRow]
        let error: String?
    }

    /// What takes somebody or something at that time.
    struct TakenRow: Sendable, Hashable {
        let path: String
        let text: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let matter = SampleMatters.prepared
        let other = SampleMatters.closed
        let choice = AssignmentChoice(officers: [.init(5)], rooms: [.init(3)], setUp: 90, tearDown: 30)
        func page(_ refusal: Refusal?, looks: Bool) -> AssignmentPage {
            let drawing = AssignmentDrawing(
                matter: matter, choice: choice, office: SampleMatters.office, people: SampleMatters.people,
                rooms: SampleMatters.rooms, now: SampleMatters.now + .days(2),
                bookings: other.bookings + [
                    Booking(
                        resource: .room(.init(3)), span: matter.letter.span, matter: SampleMatters.waiting[1].id),
                    Booking(
                        resource: .officer(.init(5)), span: matter.letter.span, matter: SampleMatters.waiting[1].id),
                ],
                week: [
                    Booking(
                        resource: .officer(.init(5)), span: matter.letter.span, matter: SampleMatters.waiting[1].id)
                ], others: SampleMatters.waiting, stopped: [.init(5): 1], phrases: phrases, isOverdue: true)
            return drawing.page(
                frame: paper.frame(
                    .sample(path: "/matters/5/assignment"), title: phrases.words("assignment.title"),
                    lead: matter.letter.title), once: "a", refusal: refusal, looks: looks, lateReason: "")
        }
        let booking = Booking(resource: .room(.init(3)), span: matter.letter.span, matter: .init(2))
        let officer = Booking(resource: .officer(.init(5)), span: matter.letter.span, matter: .init(2))
        return [
            Sample("looked", page(nil, looks: true)),
            Sample("refused", page(.doubleBooked([booking, officer]), looks: false)),
        ]
    }
}
