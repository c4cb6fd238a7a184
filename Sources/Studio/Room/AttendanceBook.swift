// SPDX-License-Identifier: Apache-2.0

/// Who was there, from when to when, and how it was for them.
struct AttendanceBook: Sendable {
    private struct Line: Sendable {
        var attendance: Attendance
        var inside: Set<PersonNumber> = []
        /// There and back, in milliseconds: how often it was in each of these steps.
        var roundTrips = [Int](repeating: 0, count: AttendanceBook.steps.count + 1)
        var lossSum = 0
        var lossCount = 0
    }

    private static let steps = [5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_200, 2_000]
    private static let mostVisits = 200
    private static let most = 5_000

    private var lines: [Line] = []
    private var places: [String: Int] = [:]
    private var byPerson: [PersonNumber: Int] = [:]
    /// Connections that broke and came back.
    private(set) var interruptions = 0

    /// Somebody came in. `mark` is the same for who comes again.
    mutating func enter(_ person: PersonNumber, mark: String, _ new: Attendance, at now: Int64) {
        if places[mark] == nil {
            guard lines.count < AttendanceBook.most else { return }
            places[mark] = lines.count
            lines.append(Line(attendance: new))
        }
        guard let place = places[mark] else { return }
        byPerson[person] = place
        if lines[place].inside.isEmpty, lines[place].attendance.visits.count < AttendanceBook.mostVisits {
            lines[place].attendance.visits.append(.init(from: now))
        }
        lines[place].inside.insert(person)
        note(new.role, of: person)
        if let consented = new.consented, lines[place].attendance.consented != consented {
            (lines[place].attendance.consented, lines[place].attendance.consentedAt) = (consented, new.consentedAt)
        }
    }

    /// Somebody is something else now: the highest is kept.
    mutating func note(_ role: RoomRole, of person: PersonNumber) {
        guard let place = byPerson[person] else { return }
        let all = RoomRole.allCases
        let (old, new) = (all.firstIndex(of: lines[place].attendance.role), all.firstIndex(of: role))
        if let old, let new, new > old { lines[place].attendance.role = role }
    }

    /// Somebody who is inside agreed to being recorded.
    mutating func agree(_ person: PersonNumber, at now: Int64) {
        guard let place = byPerson[person] else { return }
        (lines[place].attendance.consented, lines[place].attendance.consentedAt) = (true, now)
    }

    mutating func leave(_ person: PersonNumber, at now: Int64) {
        guard let place = byPerson.removeValue(forKey: person) else { return }
        lines[place].inside.remove(person)
        guard lines[place].inside.isEmpty, let last = lines[place].attendance.visits.indices.last else { return }
        if lines[place].attendance.visits[last].to == nil { lines[place].attendance.visits[last].to = now }
    }

    mutating func interrupted(_ person: PersonNumber) {
        guard let place = byPerson[person] else { return }
        lines[place].attendance.interruptions += 1
        interruptions += 1
    }

    mutating func measure(_ person: PersonNumber, roundTripMilliseconds: Int?, lossPerMille: Int) {
        guard let place = byPerson[person] else { return }
        if let roundTripMilliseconds {
            let step = AttendanceBook.steps.firstIndex { roundTripMilliseconds <= $0 } ?? AttendanceBook.steps.count
            lines[place].roundTrips[step] += 1
        }
        lines[place].lossSum += lossPerMille
        lines[place].lossCount += 1
    }

    /// Everybody who was let in, in the order in which they first came.
    var all: [Attendance] {
        lines.map { line in
            var attendance = line.attendance
            if line.lossCount > 0 { attendance.lossPerMille = line.lossSum / line.lossCount }
            attendance.roundTripMilliseconds = AttendanceBook.median(line.roundTrips)
            return attendance
        }
    }

    /// Minutes of all people together.
    func personMinutes(until now: Int64) -> Int64 {
        lines.reduce(0) { sum, line in
            sum + line.attendance.visits.reduce(0) { $0 + max(0, ($1.to ?? now) - $1.from) }
        } / 60_000
    }

    /// The upper end of the step that the middle one is in.
    private static func median(_ counts: [Int]) -> Int? {
        let all = counts.reduce(0, +)
        guard all > 0 else { return nil }
        var passed = 0
        for (step, count) in counts.enumerated() {
            passed += count
            if passed * 2 >= all { return step < steps.count ? steps[step] : steps[steps.count - 1] }
        }
        return nil
    }
}
