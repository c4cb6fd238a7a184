// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static let subscription = "subscription of a device"
}

extension SQLiteCabinet {
    public func devices(of person: Person.ID) async throws -> [Device] {
        try await read("read a person's devices") { [box] db in
            try Row.all(
                db, sql: "SELECT * FROM device WHERE person = ? ORDER BY id DESC", arguments: [person.number]
            ).map { try Self.device($0, box) }
        }
    }

    public func device(_ id: Device.ID) async throws -> Device? {
        try await read("read a device") { [box] db in
            try Row.one(db, sql: "SELECT * FROM device WHERE id = ?", arguments: [id.number])
                .map { try Self.device($0, box) }
        }
    }

    public func keep(_ device: Device) async throws -> Device {
        guard let subscription = device.subscription else { throw Mishap(doing: "keep a device without an endpoint") }
        return try await write("keep a device") { [box] db in
            let before = try Int64.one(
                db, sql: "SELECT person FROM device WHERE mark = ?", arguments: [Self.mark(subscription.endpoint)])
            try db.run(
                sql: """
                    INSERT INTO device (person, mark, subscription, name, language, since, expires)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (mark) DO UPDATE SET person = excluded.person, subscription = excluded.subscription,
                        name = excluded.name, language = excluded.language, expires = excluded.expires,
                        answered_at = NULL, checked_at = NULL, unanswered = 0, since = excluded.since
                    """,
                arguments: [
                    device.person.number, Self.mark(subscription.endpoint), try Self.seal(subscription, box),
                    device.name, device.language, device.since.milliseconds, device.expires?.milliseconds,
                ])
            try db.run(
                sql: "DELETE FROM device WHERE person = ? AND name = ? AND gone_at IS NOT NULL",
                arguments: [device.person.number, device.name])
            try db.run(
                sql: """
                    DELETE FROM device WHERE id IN (
                        SELECT id FROM device WHERE person = ? AND mark <> ?
                        ORDER BY coalesce(answered_at, since) DESC, id DESC LIMIT -1 OFFSET ?)
                    """,
                arguments: [device.person.number, Self.mark(subscription.endpoint), Device.mostPerPerson - 1])
            for person in Set([before.map { Person.ID($0) }, device.person].compactMap { $0 }) {
                try Self.settlePushReach(of: person, at: device.since, box, db)
            }
            guard
                let row = try Row.one(
                    db, sql: "SELECT * FROM device WHERE mark = ?", arguments: [Self.mark(subscription.endpoint)])
            else { throw Mishap(doing: "find the device that was just kept") }
            return try Self.device(row, box)
        }
    }

    public func renew(
        endpoint: String, to subscription: Device.Subscription, expires: Moment?, at now: Moment
    ) async throws -> Bool {
        try await write("renew a device") { [box] db in
            // The new endpoint may have come by the page already: then the old line only goes.
            let isKnown =
                try Int.one(
                    db, sql: "SELECT 1 FROM device WHERE mark = ?", arguments: [Self.mark(subscription.endpoint)])
                != nil
            if isKnown, endpoint != subscription.endpoint {
                try db.run(sql: "DELETE FROM device WHERE mark = ?", arguments: [Self.mark(endpoint)])
                return db.changesCount == 1
            }
            try db.run(
                sql: "UPDATE device SET mark = ?, subscription = ?, expires = ?, unanswered = 0 WHERE mark = ?",
                arguments: [
                    Self.mark(subscription.endpoint), try Self.seal(subscription, box), expires?.milliseconds,
                    Self.mark(endpoint),
                ])
            return db.changesCount == 1
        }
    }

    public func remove(_ device: Device.ID, of person: Person.ID) async throws -> Bool {
        try await write("remove a device") { [box] db in
            try db.run(
                sql: "DELETE FROM device WHERE id = ? AND person = ?", arguments: [device.number, person.number])
            guard db.changesCount == 1 else { return false }
            try Self.settlePushReach(of: person, at: Moment(milliseconds: 0), box, db)
            return true
        }
    }

    // MARK: What devices and push services say

    public func note(gone device: Device.ID, at now: Moment) async throws {
        try await write("note that a device is gone") { [box] db in
            try db.run(
                sql: "UPDATE device SET gone_at = ?, mark = NULL, subscription = '' WHERE id = ? AND gone_at IS NULL",
                arguments: [now.milliseconds, device.number])
            guard
                let person = try Int64.one(
                    db, sql: "SELECT person FROM device WHERE id = ?", arguments: [device.number])
            else { return }
            try Self.settlePushReach(of: Person.ID(person), at: now, box, db)
        }
    }

    public func note(checked device: Device.ID, at now: Moment) async throws {
        try await write("note that a device was checked") { db in
            try db.run(
                sql: "UPDATE device SET checked_at = ?, unanswered = unanswered + 1 WHERE id = ?",
                arguments: [now.milliseconds, device.number])
        }
    }

    public func note(answered device: Device.ID, at now: Moment) async throws {
        try await write("note that a device answers") { db in
            try db.run(
                sql: "UPDATE device SET answered_at = ?, unanswered = 0 WHERE id = ?",
                arguments: [now.milliseconds, device.number])
        }
    }

    public func devicesToCheck(before moment: Moment) async throws -> [Device] {
        try await read("look for devices to be checked") { [box] db in
            try Row.all(
                db,
                sql: """
                    SELECT device.* FROM device JOIN person ON person.id = device.person
                    WHERE gone_at IS NULL AND is_active = 1 AND coalesce(checked_at, since) < ? ORDER BY device.id
                    """, arguments: [moment.milliseconds]
            ).map { try Self.device($0, box) }
        }
    }

    public func stoppedDevices(at now: Moment) async throws -> [Person.ID: Int] {
        try await read("look for devices that have stopped") { db in
            let rows = try Row.all(
                db,
                sql: """
                    SELECT person, count(*) AS count FROM device
                    WHERE gone_at IS NOT NULL OR expires <= ? OR (unanswered >= 2 AND checked_at <= ?) GROUP BY person
                    """, arguments: [now.milliseconds, (now - Device.patience).milliseconds])
            return Dictionary(uniqueKeysWithValues: rows.map { (Person.ID($0["person"]), $0["count"]) })
        }
    }

    // MARK: Writing and reading

    private static func mark(_ endpoint: String) -> String { Hex.text(Digest.sha256("device \(endpoint)")) }

    private static func seal(_ subscription: Device.Subscription, _ box: Strongbox) throws -> String {
        box.put(try JSON.text(subscription), for: Sealed.subscription)
    }

    /// The ladder asks who is reached by push: whoever has a live device.
    private static func settlePushReach(
        of person: Person.ID, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws {
        let live = try Int.one(
            db, sql: "SELECT 1 FROM device WHERE person = ? AND gone_at IS NULL", arguments: [person.number])
        guard live != nil else {
            return try db.run(
                sql: "DELETE FROM reach WHERE person = ? AND way = 'push'", arguments: [person.number])
        }
        let address = "devices of person \(person)"
        try db.run(
            sql: """
                INSERT INTO reach (person, way, address, mark, since) VALUES (?, 'push', ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
            arguments: [
                person.number, box.put(address, for: Sealed.reach(person, .push)), mark(address), now.milliseconds,
            ])
    }

    /// A subscription that cannot be opened, because the office's key was lost, is none.
    private static func device(_ row: Row, _ box: Strongbox) throws -> Device {
        let text = box.take(row["subscription"], for: Sealed.subscription)
        return Device(
            id: row.id("id"), person: row.id("person"),
            subscription: try text.map { try JSON.value(Device.Subscription.self, $0) }, name: row["name"],
            language: row["language"], since: row.moment("since"), expires: row.momentIfAny("expires"),
            answeredAt: row.momentIfAny("answered_at"), checkedAt: row.momentIfAny("checked_at"),
            unanswered: row["unanswered"], goneAt: row.momentIfAny("gone_at"))
    }
}
