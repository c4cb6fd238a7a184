// SPDX-License-Identifier: Apache-2.0
public import Desk
import FoundationEssentials

extension Cabinet {
    /// A way's settings; nil when nobody has set it up, or they cannot be read.
    func settings<Settings: Decodable>(_ type: Settings.Type, of way: Way) async throws -> Settings? {
        let text = try await self.way(way).settings
        // What cannot be read is as good as nothing: the settings page asks for it again.
        return text.isEmpty ? nil : try? JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// The calendars that a matter's occasion goes into, or is taken out of: the office's, those that the assigned officers
    /// have chosen for themselves, and every one that has a copy.
    public func calendarRecipients(of matter: Matter) async throws -> [CalendarRecipient] {
        guard let assignment = matter.lastAssignment else { return [] }
        var recipients: [CalendarRecipient] = []
        func add(_ recipient: CalendarRecipient) {
            if !recipients.contains(recipient) { recipients.append(recipient) }
        }
        for way in Way.calendars where try await self.way(way).isOn {
            for to in [.office] + assignment.officers.map({ Delivery.Recipient.person($0) })
            where try await isChosen(to, by: way) {
                add(CalendarRecipient(way, to))
            }
        }
        for copy in try await calendarCopies(of: matter.id) where !copy.isOut {
            add(CalendarRecipient(copy.way, copy.to))
        }
        return recipients
    }

    /// Whether a matter is to stand in a calendar: it goes on, and the calendar is one of those it goes into.
    func isWanted(_ matter: Matter, by way: Way, to: Delivery.Recipient) async throws -> Bool {
        guard let assignment = matter.lastAssignment, let entry = CalendarEntry(matter, office: try await office()),
            !entry.isCancelled, try await isChosen(to, by: way)
        else { return false }
        if case .person(let person) = to { return assignment.officers.contains(person) }
        return true
    }

    /// The office has named a shared calendar; a person has chosen the way, and the office lets people.
    private func isChosen(_ to: Delivery.Recipient, by way: Way) async throws -> Bool {
        switch (way, to) {
        case (.google, .office): try await settings(GoogleSettings.self, of: way).map { !$0.calendar.isEmpty } ?? false
        case (.caldav, .office): try await settings(CalDAVSettings.self, of: way).map { !$0.address.isEmpty } ?? false
        case (.google, .person(let person)):
            if try await settings(GoogleSettings.self, of: way)?.isDelegated == true {
                try await reach(of: person, by: way) != nil
            } else {
                false
            }
        case (.invitation, .person(let person)): try await reach(of: person, by: way) != nil
        default: false
        }
    }
}
