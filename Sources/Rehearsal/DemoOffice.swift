// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The invented office that `sanyan demo` shows. Pure description; `furnish` plays it to a cabinet.
public enum DemoOffice {
    /// Everybody, with the numbers the sample office gives them; a cabinet gives its own.
    public static let people = Samples.people
    public static let rooms = Samples.rooms

    /// The office itself, reached at an address without a slash at its end.
    public static func office(address: String = Samples.office.address) -> Office {
        var office = Samples.office
        office.thaiName = "งานบริการเทคโนโลยีดิจิทัล สำนักคอมพิวเตอร์ (สาธิต)"
        office.address = address
        return office
    }

    /// What has happened until now, earliest first: last month in full, and one matter or more at every stage.
    public static func script(
        now: Moment, people: [Person] = people, rooms: [Room] = rooms, office: Office = office()
    ) -> [Deed] {
        let calendar = WorkingCalendar(opens: office.opens, closes: office.closes, holidays: ThaiHolidays.table)
        var script = DemoScript(now: now, calendar: calendar, office: office, people: people, rooms: rooms)
        return script.written()
    }

    /// Fills an empty cabinet, and carries every errand of the past on its own time, so that no old notice rings today.
    ///
    /// - Parameters:
    ///   - passwordHash: everybody's.
    ///   - address: where people reach the demo, without a slash at the end.
    /// - Throws: what the cabinet throws; no refusal is expected.
    public static func furnish(
        cabinet: any Cabinet, passwordHash: String, address: String = Samples.office.address, now: Moment
    ) async throws {
        let office = office(address: address)
        let opened = Month(of: now).previous.previous.firstDay.at(office.opens)
        try await cabinet.save(office, by: nil, at: opened)
        for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: opened) }
        var people: [Person] = []
        for var person in Self.people {
            person.id = Person.ID(0)
            people.append(try await cabinet.save(person, passwordHash: passwordHash, by: nil, at: opened))
        }
        var rooms: [Room] = []
        for var room in Self.rooms {
            room.id = Room.ID(0)
            rooms.append(try await cabinet.save(room, by: nil, at: opened))
        }
        let calendar = WorkingCalendar(opens: office.opens, closes: office.closes, holidays: ThaiHolidays.table)
        try await cabinet.issue(.draft(Month(of: now).previous, calendar: calendar))
        try await cabinet.issue(.draft(Month(of: now), calendar: calendar))
        try await play(script(now: now, people: people, rooms: rooms, office: office), to: cabinet, people: people)
        try await carry(in: cabinet, until: now, people: people)
        try await acknowledge(in: cabinet, before: now - .hours(12), people: people)
    }

    private static func play(_ deeds: [Deed], to cabinet: any Cabinet, people: [Person]) async throws {
        var ids: [String: Matter.ID] = [:]
        func id(_ deed: Deed) throws(Refusal) -> Matter.ID {
            guard let id = ids[deed.matter] else { throw .noSuchMatter }
            return id
        }
        for deed in deeds {
            try await carry(in: cabinet, until: deed.at, people: people)
            switch deed.what {
            case .letter(let letter, let contact, let intake, let keyingSeconds):
                ids[deed.matter] = try await cabinet.receive(
                    letter, contact: contact, documents: [], via: intake, keyingSeconds: keyingSeconds, by: deed.hand,
                    at: deed.at, once: nil
                ).id
            case .act(let act):
                _ = try await cabinet.perform(
                    act, on: try id(deed), by: deed.hand, at: deed.at, seen: nil, contact: nil,
                    lateReason: deed.lateReason,
                    once: nil)
            case .settle(let settings): try await cabinet.save(settings, of: try id(deed), by: deed.hand, at: deed.at)
            case .invite(let list): _ = try await cabinet.invite(list, to: try id(deed), by: deed.hand, at: deed.at)
            case .sitting(let sitting): try await cabinet.keep(sitting, of: try id(deed))
            }
        }
    }

    /// Carries what is due by a moment, each errand as if at its own time.
    private static func carry(in cabinet: any Cabinet, until moment: Moment, people: [Person]) async throws {
        guard let next = try await cabinet.nextErrandDue(), next <= moment else { return }
        while true {
            let due = try await cabinet.dueErrands(at: moment, limit: 200)
            if due.isEmpty { return }
            for errand in due { try await carry(errand, in: cabinet, people: people) }
        }
    }

    private static func carry(_ errand: Errand, in cabinet: any Cabinet, people: [Person]) async throws {
        let at = errand.due
        switch (errand.to, errand.kind) {
        case (.person(let person), _):
            _ = try await cabinet.deliver([Handing(errand.id, to: [person], isLate: false)], at: at)
        case (.role(let role), _):
            let holders = people.filter { $0.roles.contains(role) }.map(\.id)
            _ = try await cabinet.deliver([Handing(errand.id, to: holders, isLate: false)], at: at)
        case (.sanyan, .draftReport(let month)):
            try await cabinet.save(ReportRecord(month: month, draftedAt: at))
            try await cabinet.settle(errand.id, .carried(at: at, late: false))
        case (.sanyan, _):
            do {
                if let matter = errand.matter {
                    _ = try await cabinet.perform(
                        .lapse, on: matter, by: .sanyan, at: at, seen: nil, contact: nil, lateReason: "",
                        once: errand.id)
                }
                try await cabinet.settle(errand.id, .carried(at: at, late: false))
            } catch is Refusal {
                try await cabinet.settle(errand.id, .dropped(at: at, why: .refused))
            }
        }
    }

    private static func acknowledge(in cabinet: any Cabinet, before moment: Moment, people: [Person]) async throws {
        for person in people {
            for notice in try await cabinet.inbox(of: person.id, limit: 500)
            where notice.at < moment && notice.acknowledgedAt == nil {
                _ = try await cabinet.acknowledge(notice.id, by: person.id, at: notice.at + .minutes(6))
            }
        }
    }
}
