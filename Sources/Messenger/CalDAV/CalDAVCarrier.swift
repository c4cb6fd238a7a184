// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope

/// Carries occasions into the office's calendar by CalDAV (RFC 4791): Nextcloud, Radicale, Apple's and many more.
public struct CalDAVCarrier: Carrier {
    public let way = Way.caldav
    private let cabinet: any Cabinet
    private let courier: any Courier
    private let turns = Turns()
    private let finder: CalDAVFinder

    public init(cabinet: any Cabinet, courier: any Courier) {
        self.cabinet = cabinet
        self.courier = courier
        finder = CalDAVFinder(courier: courier)
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        guard delivery.freight == .calendarEntry, delivery.to == .office else { return .never(Trouble(.rejected)) }
        let carriage: Carriage
        var calendar: CalDAVCalendar?
        do {
            // Switched off it takes nothing; what waits goes when it is on again.
            guard try await cabinet.way(way).isOn else { return .later(Trouble(.notSetUp), after: .minutes(15)) }
            let found = try await self.calendar(at: now, tries: delivery.tries)
            calendar = found
            let clerk = CalendarClerk(cabinet: cabinet, calendar: found, delivery: delivery, now: now)
            carriage = await turns.take(delivery.turn) { await clerk.carry() }
        } catch let hindrance as Hindrance {
            carriage = hindrance.carriage
        } catch {
            return .later(Trouble(.ourFault))
        }
        if case .later(let trouble, _) = carriage, trouble.kind == .gone { await finder.forget() }
        await cabinet.noteHealth(way, delivery.to, calendar: calendar?.name ?? "", carriage, at: now)
        return carriage
    }

    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            await finder.forget()
            let calendar = try await calendar(at: now)
            let found = try await calendar.server.find(
                "<d:resourcetype/><d:current-user-privilege-set/>", at: calendar.address)
            // A server that knows privileges (RFC 3744 section 5.4) says whether we may write.
            guard let privileges = found.first?.property("DAV:|current-user-privilege-set") else { return nil }
            let names = Set(privileges.all("DAV:|privilege").flatMap(\.children).map(\.name))
            let mayWrite = !names.isDisjoint(with: ["DAV:|all", "DAV:|write", "DAV:|write-content", "DAV:|bind"])
            return mayWrite ? nil : Trouble(.notAllowed, "write")
        } catch let hindrance as Hindrance {
            return hindrance.trouble
        } catch {
            return Trouble(.ourFault)
        }
    }

    /// The calendar is not where it was.
    func forget() async { await finder.forget() }

    func calendar(at now: Moment, tries: Int = 0) async throws -> CalDAVCalendar {
        guard let settings = try await cabinet.settings(CalDAVSettings.self, of: way), !settings.address.isEmpty else {
            throw Hindrance.mended(.notSetUp)
        }
        let server = CalDAVServer(
            courier: courier, user: settings.user, password: settings.password, tries: tries)
        return CalDAVCalendar(server: server, address: try await finder.calendar(settings, at: now))
    }
}
