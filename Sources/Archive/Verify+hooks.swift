// SPDX-License-Identifier: Apache-2.0
import GRDB
import Secure

extension Examination {
    /// Every webhook's address and secrets can be opened with the office's key.
    ///
    /// - Parameter box: nil when the folder has no key that can be used.
    static func hooks(_ db: Database, box: Strongbox?) throws -> [String] {
        // Said once by `all`; there is no such table yet.
        guard try Migrations.version(db) == Migrations.newest else { return [] }
        return try Row.fetchAll(db, sql: "SELECT id, sealed FROM hook ORDER BY id").compactMap { row in
            let id: Int64 = row["id"]
            if let box, box.take(row["sealed"], for: Sealed.hook(id)) != nil { return nil }
            return "webhook \(id) cannot be opened: it has to be set up anew"
        }
    }
}
