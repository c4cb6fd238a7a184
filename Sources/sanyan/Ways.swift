// SPDX-License-Identifier: Apache-2.0

import Desk
import Logging
import Messenger
import Pages
import Post

/// The ways out of the house: every carrier, and the postman who hands deliveries to them.
struct Ways: WayRoom {
    let postman: Postman
    /// Asks devices once a week whether they still ring.
    private let devices: DeviceRounds
    /// Looks every few minutes at what was changed in calendars outside.
    private let calendars: CalendarRounds
    /// Looks once a minute into the office's mailbox.
    private let mailbox: MailRounds
    private let carriers: [any Carrier]

    init(cabinet: any Cabinet, shelf: any Shelf, courier: PostOffice, secret: [UInt8], logger: Logger) {
        let mail = MailCarrier(
            cabinet: cabinet, post: courier, papers: MailedPapers(cabinet: cabinet, secret: secret), secret: secret)
        let google = GoogleCarrier(cabinet: cabinet, courier: courier)
        let caldav = CalDAVCarrier(cabinet: cabinet, courier: courier)
        carriers = [
            PushCarrier(cabinet: cabinet, courier: courier, secret: secret),
            NtfyCarrier(cabinet: cabinet, courier: courier, secret: secret),
            LineCarrier(cabinet: cabinet, courier: courier),
            HookCarrier(cabinet: cabinet, courier: courier),
            google,
            caldav,
            mail,
            InvitationCarrier(cabinet: cabinet, post: mail),
            SecondOfficer(cabinet: cabinet),
            CallList(cabinet: cabinet),
        ]
        postman = Postman(cabinet: cabinet, carriers: carriers, logger: logger, now: House.wallClock)
        mailbox = MailRounds(cabinet: cabinet, shelf: shelf, office: courier, logger: logger, now: House.wallClock)
        devices = DeviceRounds(cabinet: cabinet, logger: logger, now: House.wallClock)
        calendars = CalendarRounds(
            cabinet: cabinet, google: google, caldav: caldav, logger: logger, now: House.wallClock)
    }

    /// Carries and makes its rounds until its task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await postman.run() }
            group.addTask { await devices.run() }
            group.addTask { await calendars.run() }
            group.addTask { await mailbox.run() }
        }
    }

    func probe(_ way: Way, for person: Person) async -> Trouble? {
        guard let carrier = carriers.first(where: { $0.way == way }) else { return Trouble(.notSetUp) }
        let trouble = await carrier.probe(for: person, at: House.wallClock())
        return if trouble == nil, way == .mail { await mailbox.probe() } else { trouble }
    }

    func probe(hook: Int64) async -> Trouble? {
        guard let carrier = carriers.lazy.compactMap({ $0 as? HookCarrier }).first else { return Trouble(.notSetUp) }
        return await carrier.probe(hook, at: House.wallClock())
    }
}
