// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Secure

extension Examination {
    /// Everything sealed beside the broadcasts opens with the office's key: ways and whom they reach, devices, webhooks,
    /// calendars, mails that came, sign-in, outside accounts and passkeys. What does not is lost, and each sentence says
    /// what has to be done anew.
    static func sealed(_ db: Database, box: Strongbox?) throws -> [String] {
        // Said once by `all`; the tables may not be there yet.
        guard try Migrations.version(db) == Migrations.newest else { return [] }
        return try places.flatMap { place in
            try Row.fetchAll(db, sql: "SELECT \(place.columns) FROM \(place.table) WHERE \(place.sealed) <> ''")
                .compactMap { row in
                    if let box, let name = place.name(row), box.take(row[place.sealed], for: name) != nil { return nil }
                    return place.sentence(row)
                }
        }
    }

    /// A table with a sealed column: how its lines are named under the seal, and what is said of one that cannot be
    /// opened.
    private struct Place {
        let table: String
        let columns: String
        let sealed: String
        /// Nil for a line that no program of this kind has written.
        let name: (Row) -> String?
        let sentence: (Row) -> String
    }

    private static var places: [Place] {
        func way(_ row: Row) -> Way? { Way(rawValue: row["way"]) }
        func person(_ row: Row) -> Person.ID { row.id("person") }
        return [
            Place(table: "hook", columns: "id, sealed", sealed: "sealed") {
                Sealed.hook($0["id"])
            } sentence: {
                "webhook \($0["id"] as Int64) cannot be opened: it has to be set up anew"
            },
            Place(table: "way", columns: "way, settings", sealed: "settings") {
                way($0).map(Sealed.settings)
            } sentence: {
                "the settings of way \($0["way"] as String) cannot be opened: it has to be set up anew"
            },
            Place(table: "reach", columns: "person, way, address", sealed: "address") { row in
                way(row).map { Sealed.reach(person(row), $0) }
            } sentence: {
                "how person \(person($0)) is reached by \($0["way"] as String) cannot be opened: it has to be bound anew"
            },
            Place(table: "device", columns: "id, subscription", sealed: "subscription") { _ in
                Sealed.subscription
            } sentence: {
                "device \($0["id"] as Int64) cannot be opened: it has to subscribe anew"
            },
            Place(table: "calendar_copy", columns: "matter, calendar", sealed: "calendar") { _ in
                Sealed.calendar
            } sentence: {
                "where matter \($0["matter"] as Int64) stands in a calendar cannot be opened"
            },
            Place(table: "calendar_health", columns: "way, calendar", sealed: "calendar") { _ in
                Sealed.calendar
            } sentence: {
                "a calendar's name under way \($0["way"] as String) cannot be opened"
            },
            Place(table: "drift", columns: "id, theirs", sealed: "theirs") { _ in
                Sealed.theirs
            } sentence: {
                "drift \($0["id"] as Int64) cannot be opened"
            },
            Place(table: "mail_in", columns: "id, words", sealed: "words") { _ in
                Sealed.mail
            } sentence: {
                "mail \($0["id"] as Int64) cannot be opened: it is still in its mailbox"
            },
            Place(table: "sign_in", columns: "settings", sealed: "settings") { _ in
                Sealed.signIn
            } sentence: { _ in
                "the settings of sign-in cannot be opened: they have to be made anew"
            },
            Place(table: "outside_identity", columns: "person, account", sealed: "account") {
                Sealed.account(person($0))
            } sentence: {
                "an outside account of person \(person($0)) cannot be opened: it has to be linked anew"
            },
            Place(table: "passkey", columns: "person, sealed", sealed: "sealed") {
                Sealed.passkey(person($0))
            } sentence: {
                "a passkey of person \(person($0)) cannot be opened: it has to be made anew"
            },
        ]
    }
}
