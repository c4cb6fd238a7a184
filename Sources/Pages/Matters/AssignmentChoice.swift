// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Who and what was chosen on the assignment's form, as typed: kept when the page is shown again.
struct AssignmentChoice: Sendable, Hashable {
    /// The one in charge first.
    var officers: [Person.ID]
    var rooms: [Room.ID]
    var setUp: String
    var tearDown: String

    init(officers: [Person.ID] = [], rooms: [Room.ID] = [], setUp: Int, tearDown: Int) {
        self.officers = officers
        self.rooms = rooms
        self.setUp = String(setUp)
        self.tearDown = String(tearDown)
    }

    init(_ form: Form) {
        officers = form.texts("officer").compactMap { Person.ID($0) }
        rooms = form.texts("room").compactMap { Room.ID($0) }
        setUp = form.text("set_up")
        tearDown = form.text("tear_down")
        // Whoever is in charge takes part, whether their own box was ticked or not.
        if let charge = Person.ID(form.text("charge")) { officers = [charge] + officers.filter { $0 != charge } }
    }

    /// What a first look at the page proposes: the present assignment, else the room that the letter names.
    init(for matter: Matter, office: Office, rooms: [Room]) {
        if let present = matter.assignment {
            self.init(
                officers: present.officers, rooms: present.rooms, setUp: present.setUpMinutes,
                tearDown: present.tearDownMinutes)
        } else {
            let named = rooms.filter { $0.isActive && matter.letter.place.contains($0.name) }
            self.init(rooms: named.map(\.id), setUp: office.setUpMinutes, tearDown: office.tearDownMinutes)
        }
    }

    /// As the core is asked; minutes that are no number are out of every range.
    var assignment: Assignment {
        Assignment(
            officers: officers, rooms: rooms, setUpMinutes: Self.minutes(setUp) ?? -1,
            tearDownMinutes: Self.minutes(tearDown) ?? -1)
    }

    /// The stretch that would be booked; nonsense minutes count as the office's usual ones.
    func held(around span: Span, office: Office) -> Span {
        span.padded(
            before: .minutes(Self.inRange(setUp) ?? office.setUpMinutes),
            after: .minutes(Self.inRange(tearDown) ?? office.tearDownMinutes))
    }

    static func inRange(_ text: String) -> Int? { minutes(text).flatMap { (0...1440).contains($0) ? $0 : nil } }

    private static func minutes(_ text: String) -> Int? { Int(ThaiDate.arabicDigits(text).trimmed) }
}

extension Form {
    /// The values in an address, as of a form with the method GET.
    init(query request: Request) throws {
        self.init(fields: try FormBody().fields((request.uri.query ?? "").utf8))
    }
}
