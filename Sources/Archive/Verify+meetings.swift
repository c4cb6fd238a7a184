// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Secure

extension Examination {
    /// Every approved meeting has its line, and everything sealed in it can be opened with the office's key.
    ///
    /// - Parameter box: nil when the folder has no key that can be used.
    static func meetings(_ db: Database, box: Strongbox?) throws -> [String] {
        // Said once by `all`; there is no such table yet.
        guard try Migrations.version(db) == Migrations.newest else { return [] }
        let lacking = try SQLiteCabinet.withoutMeeting(db).map { "matter \($0) is approved and has no meeting" }
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM meeting ORDER BY matter")
        guard let box else {
            return lacking + (rows.isEmpty ? [] : ["there is no key, so no link into a meeting can be made"])
        }
        return try lacking
            + rows.flatMap { row in try faults(of: row, box, db).map { "matter \(row["matter"] as Int64): \($0)" } }
    }

    private static func faults(of row: Row, _ box: Strongbox, _ db: Database) throws -> [String] {
        var faults: [String] = []
        let id: Matter.ID = row.id("matter")
        let name: String = row["name"]
        if name.isEmpty || name.contains(where: { !$0.isASCII || !($0.isLetter || $0.isNumber) }) {
            faults.append("its meeting's name is no word")
        }
        do {
            _ = try JSON.value(MeetSettings.self, row["settings"])
            if let running = row["running"] as String? { _ = try JSON.value(MeetFigures.self, running) }
        } catch {
            faults.append("its meeting cannot be read: \(error)")
        }
        if box.take(row["pass_key"], for: Sealed.passKey(id)) == nil { faults.append("its pass key cannot be opened") }
        let people = try String.fetchAll(
            db, sql: "SELECT who FROM invitee WHERE matter = ?", arguments: [id.number])
        if people.contains(where: { !isReadable(Invitee.Who.self, box.take($0, for: Sealed.invitee(id))) }) {
            faults.append("somebody who is invited cannot be read")
        }
        let sittings = try String.fetchAll(
            db, sql: "SELECT record FROM sitting WHERE matter = ?", arguments: [id.number])
        if sittings.contains(where: { !isReadable(Sitting.self, box.take($0, for: Sealed.sitting(id))) }) {
            faults.append("who was at its meeting cannot be read")
        }
        return faults
    }

    private static func isReadable(_ type: (some Decodable).Type, _ text: String?) -> Bool {
        guard let text else { return false }
        do {
            _ = try JSON.value(type, text)
            return true
        } catch { return false }
    }
}
