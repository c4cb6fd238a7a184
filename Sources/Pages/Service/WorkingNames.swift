// SPDX-License-Identifier: Apache-2.0

import Desk

/// Somebody to call: a name and an inside telephone number.
struct CallRow: Sendable, Hashable {
    let name: String
    let phone: String?
    /// For `tel:`; nil for an inside number, which no mobile telephone can dial.
    let dial: String?

    init(_ person: Person) {
        name = person.name
        phone = person.phone.isEmpty ? nil : person.phone
        let digits = person.phone.filter { $0.isASCIIDigit || $0 == "+" }
        dial = digits.count >= 9 ? digits : nil
    }
}

extension Names {
    /// Those of an assignment, the one in charge first.
    func calls(_ assignment: Assignment?) -> [CallRow] {
        (assignment?.officers ?? []).compactMap { people[$0] }.map { CallRow($0) }
    }

    /// Everybody of the network section who is there.
    var networkCalls: [CallRow] {
        people.values.filter { $0.isActive && $0.roles.contains(.network) }.sorted { $0.id < $1.id }.map { CallRow($0) }
    }

    /// The rooms of an assignment in one line; nil without any.
    func rooms(_ assignment: Assignment?) -> String? {
        let names = (assignment?.rooms ?? []).map { room($0) }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// What the network section may expect of a matter, in Mbit/s: what it was told, else what its rooms reserve,
    /// else a common figure for the kind of service.
    func megabits(_ matter: Matter) -> Int {
        if let told = matter.networkNotice { return told.megabitsPerSecond }
        let reserved = (matter.assignment?.rooms ?? []).compactMap { rooms[$0]?.megabitsPerSecond }.reduce(0, +)
        return reserved > 0 ? reserved : matter.service == .both ? 40 : 20
    }
}

/// What a join or watch link opens, as people call it; the host for everything else.
func linkName(_ address: String) -> String {
    let host = address.dropFirst("https://".count).prefix { !"/?#:".contains($0) }.lowercased()
    let known = [
        ("zoom.us", "Zoom"), ("zoom.com", "Zoom"), ("teams.microsoft.com", "Microsoft Teams"),
        ("teams.live.com", "Microsoft Teams"), ("meet.google.com", "Google Meet"), ("webex.com", "Webex"),
        ("youtube.com", "YouTube"), ("youtu.be", "YouTube"), ("facebook.com", "Facebook"), ("fb.watch", "Facebook"),
    ]
    return known.first { host == $0.0 || host.hasSuffix("." + $0.0) }?.1 ?? host
}

/// A link that leads to the occasion, with what it opens.
struct LinkRow: Sendable, Hashable {
    let address: String
    let name: String

    init?(_ address: String?) {
        guard let address else { return nil }
        self.address = address
        name = linkName(address)
    }
}
