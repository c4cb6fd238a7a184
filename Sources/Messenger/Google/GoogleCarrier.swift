// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope

/// Carries occasions into Google Calendar: the office's shared calendar, and the own calendars of those who want that.
public struct GoogleCarrier: Carrier {
    public let way = Way.google
    private let cabinet: any Cabinet
    private let courier: any Courier
    private let turns = Turns()
    private let tokens: GoogleTokens

    public init(cabinet: any Cabinet, courier: any Courier) {
        self.cabinet = cabinet
        self.courier = courier
        tokens = GoogleTokens(courier: courier)
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        guard delivery.freight == .calendarEntry else { return .never(Trouble(.rejected)) }
        let carriage: Carriage
        var calendar: GoogleCalendar?
        do {
            // Switched off it takes nothing; what waits goes when it is on again.
            guard try await cabinet.way(way).isOn else { return .later(Trouble(.notSetUp), after: .minutes(15)) }
            let found = try await self.calendar(of: delivery.to, at: now, tries: delivery.tries)
            calendar = found
            let clerk = CalendarClerk(cabinet: cabinet, calendar: found, delivery: delivery, now: now)
            carriage = await turns.take(delivery.turn) { await clerk.carry() }
        } catch let hindrance as Hindrance {
            carriage = hindrance.carriage
        } catch {
            return .later(Trouble(.ourFault))
        }
        await cabinet.noteHealth(way, delivery.to, calendar: calendar?.name ?? "", carriage, at: now)
        return carriage
    }

    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            guard let settings = try await cabinet.settings(GoogleSettings.self, of: way) else {
                return Trouble(.notSetUp)
            }
            if !settings.calendar.isEmpty {
                try await Self.probe(try await calendar(of: .office, at: now))
            }
            if settings.isDelegated, let person { try await Self.probe(calendar(of: .person(person.id), at: now)) }
            return settings.calendar.isEmpty && !settings.isDelegated ? Trouble(.notSetUp) : nil
        } catch let hindrance as Hindrance {
            return hindrance.trouble
        } catch {
            return Trouble(.ourFault)
        }
    }

    private static func probe(_ calendar: GoogleCalendar) async throws {
        let role = try await calendar.accessRole()
        guard role == "writer" || role == "owner" else { throw Hindrance.mended(.notAllowed, "accessRole: \(role)") }
    }

    /// The calendar that is meant: the office's shared one, or a person's own, which carries their mail address.
    func calendar(of to: Delivery.Recipient, at now: Moment, tries: Int = 0) async throws -> GoogleCalendar {
        guard let settings = try await cabinet.settings(GoogleSettings.self, of: way) else {
            throw Hindrance.mended(.notSetUp)
        }
        guard let key = GoogleKey(file: settings.keyFile) else { throw Hindrance.mended(.wrongCredentials, "key file") }
        var (name, person) = (settings.calendar, String?.none)
        if case .person(let id) = to {
            guard settings.isDelegated else { throw Hindrance.mended(.notAllowed, "delegation") }
            // The roster's address and no other: whoever chooses must not choose somebody else's calendar.
            guard let mail = try await cabinet.people().first(where: { $0.id == id })?.mail, !mail.isEmpty else {
                throw Hindrance.mended(.noReach)
            }
            (name, person) = (mail, mail)
        }
        guard !name.isEmpty else { throw Hindrance.mended(.notSetUp) }
        return GoogleCalendar(
            courier: courier, tokens: tokens, key: key, name: name, person: person, now: now, tries: tries)
    }
}
