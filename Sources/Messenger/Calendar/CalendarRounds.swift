// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Logging

/// Looks into the calendars outside every few minutes, whether somebody has changed or deleted there what we put in.
///
/// What was found becomes a drift, which the secretariat judges; nothing is applied, neither here nor there. Of the office's
/// calendars only names and versions of changes are listed. A person's own calendar is never listed: only the entries that
/// we have put there are asked for, one by one.
public actor CalendarRounds {
    private let cabinet: any Cabinet
    private let google: GoogleCarrier
    private let caldav: CalDAVCarrier
    private let logger: Logger
    private let now: @Sendable () -> Moment
    /// Between two rounds.
    private let pause: Length
    /// Entries whose occasion ended longer ago are not looked after.
    private static let lookedAfter = Length.days(1)

    public init(
        cabinet: any Cabinet, google: GoogleCarrier, caldav: CalDAVCarrier, logger: Logger,
        pause: Length = .minutes(5), now: @escaping @Sendable () -> Moment
    ) {
        self.cabinet = cabinet
        self.google = google
        self.caldav = caldav
        self.logger = logger
        self.pause = pause
        self.now = now
    }

    /// Goes round until its task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            await look()
            do { try await Task.sleep(for: .milliseconds(pause.milliseconds)) } catch { return }
        }
    }

    /// Looks once into every calendar that holds something of ours. One that cannot be read holds up no other.
    public func look() async {
        let moment = now()
        for way in [Way.google, .caldav] {
            do {
                guard try await cabinet.way(way).isOn else { continue }
                let copies = try await cabinet.calendarCopies(by: way, endingAfter: moment - Self.lookedAfter)
                let groups = Dictionary(grouping: copies, by: \.to).sorted { $0.key.mark < $1.key.mark }
                for (to, copies) in groups { try await look(into: way, to, copies, at: moment) }
            } catch {
                logger.error("the calendars' copies could not be read", metadata: ["error": "\(error)"])
            }
        }
    }

    private func look(
        into way: Way, _ to: Delivery.Recipient, _ copies: [CalendarCopy], at moment: Moment
    ) async throws {
        var name = copies.first?.calendar ?? ""
        do {
            let calendar: any OutsideCalendar =
                way == .google
                ? try await google.calendar(of: to, at: moment) : try await caldav.calendar(at: moment)
            name = calendar.name
            // What waits to be put again is not there as we know it, and need not be.
            let ours = copies.filter { $0.calendar == calendar.name && !$0.isOut && !$0.digest.isEmpty }
            var token = ""
            var suspects = ours
            if to == .office {
                let known = try await cabinet.calendarHealth().first { $0.way == way && $0.to == to }
                let changes = try await calendar.changes(
                    since: known.map { $0.calendar == calendar.name ? $0.token : "" } ?? "")
                token = changes.token
                suspects = ours.filter { changes.suspect($0) }
            }
            for copy in suspects { try await compare(copy, in: calendar, at: moment) }
            try await cabinet.note(.looked(token: token), of: calendar.name, way, to, at: moment)
        } catch let hindrance as Hindrance {
            if hindrance.trouble.kind == .gone { await caldav.forget() }
            try await cabinet.note(.trouble(hindrance.trouble), of: name, way, to, at: moment)
        }
    }

    private func compare(_ copy: CalendarCopy, in calendar: any OutsideCalendar, at moment: Moment) async throws {
        let standing = try await calendar.read(copy.event)
        if let standing, !standing.isCancelled {
            if standing.etag == copy.etag || standing.content.digest == copy.digest {
                // As we know it, or changed only in what nobody reads.
                return try await cabinet.agree(copy, on: standing.etag, at: moment)
            }
            _ = try await cabinet.note(Drift(copy, standing: standing, at: moment), over: copy.etag)
        } else {
            _ = try await cabinet.note(Drift(copy, standing: nil, at: moment), over: copy.etag)
        }
    }
}

extension Changes {
    /// Whether a copy may no longer be what stands there.
    fileprivate func suspect(_ copy: CalendarCopy) -> Bool {
        if let etag = present[copy.event] { return etag != copy.etag }
        return isWhole || deleted.contains(copy.event)
    }
}
