// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The box on my page where I choose whether my jobs come into my own calendar; nil where the office offers no way.
struct MyCalendars: Sendable {
    let field: FieldRow
    /// How it has gone with those that I have chosen.
    let health: [PairRow]
    /// Said when nothing can be chosen: the roster has no mail address of mine.
    let hindrance: String?

    /// Ways that a person may choose.
    static let ways: [Way] = [.google, .invitation]

    init(_ person: Person, offered: [Way], chosen: Set<Way>, health: [PairRow], _ words: Words) {
        field = FieldRow(
            "ways", words("me.calendars.choose"),
            .checks(
                offered.map {
                    FieldRow.Option(
                        $0.rawValue, words("me.calendars.\($0.rawValue)", person.mail), isChosen: chosen.contains($0))
                }), hint: words("me.calendars.hint"), isRequired: false)
        self.health = health
        hindrance = person.mail.isEmpty ? words("me.calendars.noMail") : nil
    }
}

extension Counter {
    /// Those of the ways that the office offers to people now.
    private func offeredCalendars() async throws -> [Way] {
        var offered: [Way] = []
        for way in MyCalendars.ways {
            let record = try await cabinet.way(way)
            guard record.isOn else { continue }
            let isOffered =
                way != .google || SettingsText.read(GoogleSettings.self, record.settings)?.isDelegated == true
            if isOffered { offered.append(way) }
        }
        return offered
    }

    func myCalendars(_ person: Person, _ visit: Visit) async throws -> MyCalendars? {
        guard person.roles.contains(.officer) else { return nil }
        let offered = try await offeredCalendars()
        if offered.isEmpty { return nil }
        var chosen: Set<Way> = []
        for way in offered where try await cabinet.reach(of: person.id, by: way) != nil { chosen.insert(way) }
        let lines = CalendarLines(names: try await names(), phrases: phrases(visit))
        let health = try await cabinet.calendarHealth()
            .filter { $0.to == .person(person.id) && chosen.contains($0.way) }
            .map { PairRow(words(visit)("way.\($0.way.rawValue)"), lines.said($0)) }
        return MyCalendars(person, offered: offered, chosen: chosen, health: health, words(visit))
    }

    /// POST /me/calendars: my jobs come into my own calendar from here on, and leave those that I have not chosen.
    ///
    /// The address is the roster's: nobody chooses somebody else's calendar.
    func chooseCalendars(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.officer, visit: visit)
        let form = try await Form.read(request)
        guard !person.mail.isEmpty else { return .seeOther("/me") }
        let wanted = Set(form.texts("ways").compactMap(Way.init(rawValue:)))
        for way in try await offeredCalendars() {
            try await cabinet.setReach(
                of: person.id, by: way, to: wanted.contains(way) ? person.mail : nil, at: now())
        }
        try await refreshCalendars(of: person.id)
        return .seeOther("/me?done=calendars_chosen#calendars")
    }
}
