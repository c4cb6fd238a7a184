// SPDX-License-Identifier: Apache-2.0
import Desk

extension DemoScript {
    /// What a council's meeting, which the law requires, is settled to be.
    static let council: MeetSettings = {
        var settings = MeetSettings()
        (settings.isLegal, settings.records, settings.keepsDays) = (true, true, 365)
        settings.quorum = 3
        settings.domains = ["example.ac.th"]
        settings.agenda = ["เรื่องประธานแจ้งให้ที่ประชุมทราบ", "รับรองรายงานการประชุมครั้งก่อน", "เรื่องเพื่อพิจารณา", "เรื่องอื่น ๆ"]
        return settings
    }()

    /// Who is invited to it; all invented.
    static let councillors: [(name: String, mail: String, role: MeetRole)] = [
        ("รองศาสตราจารย์มานะ ใจกว้าง", "mana@example.ac.th", .host),
        ("ผู้ช่วยศาสตราจารย์ปิติ ยินดี", "piti@example.ac.th", .speaker),
        ("อาจารย์ชูใจ ใส่ใจ", "choojai@example.ac.th", .speaker),
        ("นางวีระ กล้าหาญ", "weera@example.com", .speaker),
        ("นายสมคิด ผู้สังเกตการณ์", "", .listener),
    ]

    /// Settles a meeting and gives out its links.
    mutating func settle(
        _ matter: String, _ settings: MeetSettings, _ span: Span, by officer: String, at moment: Moment
    ) {
        deeds.append(
            Deed(matter: matter, what: .settle(settings), hand: hand(officer), at: moment, lateReason: ""))
        for role in MeetRole.allCases {
            let people = Self.councillors.filter { $0.role == role }.map {
                Invitee.Who.named(name: $0.name, mail: $0.mail)
            }
            if people.isEmpty { continue }
            let list = InviteeList(role: role, people: people, until: span.end + .days(1))
            deeds.append(Deed(matter: matter, what: .invite(list), hand: hand(officer), at: moment, lateReason: ""))
        }
    }

    /// What a meeting came to: who was there, and a vote where a council met.
    mutating func meet(
        _ matter: String, _ demo: DemoLetter, from start: Moment, to end: Moment, interruptions: Int = 0,
        isCouncil: Bool = false
    ) {
        guard demo.service != .broadcast, end > start else { return }
        let count = min(60, max(3, demo.audience * 9 / 10))
        let minutes = (end - start).wholeMinutes
        var people: [Sitting.Attendance] = (0..<count).map { index in
            let late = index * 7 % min(12, max(1, minutes / 4))
            let early = index * 5 % min(9, max(1, minutes / 5))
            return .init(
                name: "ผู้เข้าร่วม \(index + 1)", role: index == 0 ? .host : index % 3 == 2 ? .listener : .speaker,
                stays: [Span(start: start + .minutes(late), end: end - .minutes(early))],
                lossBasisPoints: index * 13 % 90, roundTripMilliseconds: 12 + index * 11 % 60,
                interruptions: index > 0 && index <= interruptions ? 1 : 0)
        }
        var votes: [Sitting.Vote] = []
        var marks: [Sitting.Mark] = []
        if isCouncil {
            for (index, councillor) in Self.councillors.enumerated() where index < people.count {
                (people[index].name, people[index].role) = (councillor.name, councillor.role)
                (people[index].isIdentified, people[index].consented) = (true, true)
                people[index].consentedAt = people[index].stays.first?.start
            }
            votes = [vote(at: start + .minutes(minutes / 2), present: min(count, 4))]
            marks = Self.council.agenda.enumerated().map { index, text in
                .init(at: start + .minutes(index * minutes / 5), text: text)
            }
        }
        let sitting = Sitting(
            opened: start, ended: end, peak: 0, attendance: people, votes: votes, marks: marks, messages: count * 2)
        deeds.append(Deed(matter: matter, what: .sitting(sitting), hand: .sanyan, at: end, lateReason: ""))
        then(matter, .meet(MeetFigures(of: sitting)), .sanyan, at: end)
    }

    private func vote(at moment: Moment, present: Int) -> Sitting.Vote {
        .init(
            question: "รับรองรายงานการประชุมครั้งก่อน", isSecret: false, isFormal: true, quorum: 3, present: present,
            opened: moment, closed: moment + .minutes(2),
            choices: [.init(text: "รับรอง", count: present - 1), .init(text: "งดออกเสียง", count: 1)],
            ballots: Self.councillors.prefix(present).enumerated().map { index, person in
                .init(name: person.name, choice: index == present - 1 ? "งดออกเสียง" : "รับรอง")
            })
    }
}
