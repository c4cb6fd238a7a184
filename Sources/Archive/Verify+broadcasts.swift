// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Secure

extension Examination {
    /// Every approved broadcast has its line, and everything sealed in it can be opened with the office's key.
    ///
    /// - Parameter box: nil when the folder has no key that can be used.
    static func broadcasts(_ db: Database, box: Strongbox?) throws -> [String] {
        // Said once by `all`; there is no such table yet.
        guard try Migrations.version(db) == Migrations.newest else { return [] }
        let lacking = try SQLiteCabinet.withoutBroadcast(db).map { "matter \($0) is approved and has no broadcast" }
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM broadcast ORDER BY matter")
        guard let box else {
            return lacking + (rows.isEmpty ? [] : ["there is no key, so no stream key can be shown"])
        }
        return try lacking
            + rows.flatMap { row in try faults(of: row, box).map { "matter \(row["matter"] as Int64): \($0)" } }
    }

    private static func faults(of row: Row, _ box: Strongbox) throws -> [String] {
        var faults: [String] = []
        let id: Matter.ID = row.id("matter")
        let name: String = row["name"]
        if name.isEmpty || name.contains(where: { !$0.isASCII || !($0.isLetter || $0.isNumber) }) {
            faults.append("its broadcast's name is no word")
        }
        do {
            let stored = try JSON.value([StoredKey].self, row["keys"])
            if stored.contains(where: { key in key.open(of: id, box).map { key.hash != StoredKey.hash(of: $0) } ?? true
            }) {
                faults.append("a stream key cannot be opened")
            }
            _ = try JSON.value(AirSettings.self, row["settings"])
            if let running = row["running"] as String? { _ = try JSON.value(AirFigures.self, running) }
        } catch {
            faults.append("its broadcast cannot be read: \(error)")
        }
        if box.take(row["ticket_key"], for: Sealed.ticketKey(id)) == nil {
            faults.append("its ticket key cannot be opened")
        }
        if box.take(row["targets"], for: Sealed.targets(id)) == nil { faults.append("its restreams cannot be opened") }
        return faults
    }
}
