// SPDX-License-Identifier: Apache-2.0

import Desk
import Logging
import Messenger
import Pages

/// The ways out of the house: every carrier, and the postman who hands deliveries to them.
struct Ways: WayRoom {
    let postman: Postman
    private let carriers: [any Carrier]

    init(cabinet: any Cabinet, logger: Logger) {
        carriers = [
            SecondOfficer(cabinet: cabinet),
            CallList(cabinet: cabinet),
        ]
        postman = Postman(cabinet: cabinet, carriers: carriers, logger: logger, now: House.wallClock)
    }

    func probe(_ way: Way, for person: Person) async -> Trouble? {
        guard let carrier = carriers.first(where: { $0.way == way }) else { return Trouble(.notSetUp) }
        return await carrier.probe(for: person, at: House.wallClock())
    }

    func probe(hook: Int64) async -> Trouble? {
        guard let carrier = carriers.lazy.compactMap({ $0 as? HookCarrier }).first else { return Trouble(.notSetUp) }
        return await carrier.probe(hook, at: House.wallClock())
    }
}
