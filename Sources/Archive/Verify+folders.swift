// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB

extension Examination {
    /// Every folder, read again from its first entry, says what is stored beside it.
    static func folders(_ db: Database) throws -> [String] {
        var problems: [String] = []
        let ids = try Int64.fetchAll(
            db, sql: "SELECT id FROM matter UNION SELECT matter FROM entry UNION SELECT matter FROM letter ORDER BY 1")
        for id in ids.map({ Matter.ID($0) }) {
            do {
                guard let matter = try SQLiteCabinet.load(id, db) else {
                    problems.append("matter \(id) has no folder or no letter")
                    continue
                }
                problems += try faults(of: matter, db).map { "matter \(id): \($0)" }
            } catch {
                problems.append("matter \(id): its folder cannot be read: \(error)")
            }
        }
        return problems
    }

    private static func faults(of matter: Matter, _ db: Database) throws -> [String] {
        var faults: [String] = []
        let id = matter.id.number
        if matter.folder.map(\.number) != Array(1...max(1, matter.folder.count)) {
            faults.append("its entries are not numbered 1, 2, 3…")
        }
        let revisions = try Int.fetchAll(
            db, sql: "SELECT revision FROM letter WHERE matter = ? ORDER BY revision", arguments: [id])
        if revisions != Array(1...max(1, matter.revision)) { faults.append("its letter's revisions are not whole") }
        if try Projection(stored: matter.id, db) != Projection(of: matter) {
            faults.append("the list shows something else than its folder")
        }
        if try registerLines(of: id, db) != registerLines(by: matter) {
            faults.append("the registers show something else than its folder")
        }
        let booked = try Row.fetchAll(db, sql: "SELECT * FROM booking WHERE matter = ?", arguments: [id])
            .map { try SQLiteCabinet.booking($0) }
        if booked.count != matter.bookings.count || Set(booked) != Set(matter.bookings) {
            faults.append("the calendar shows something else than its folder")
        }
        let attached = try Int64.fetchAll(
            db, sql: "SELECT document FROM matter_document WHERE matter = ?", arguments: [id])
        if Set(attached) != Set(matter.folder.flatMap { $0.fact.documents.map(\.number) }) {
            faults.append("its documents are not those of its folder")
        }
        return faults
    }

    /// A line of a register as a word, to compare what is stored with what the folder says.
    private static func registerLines(of id: Int64, _ db: Database) throws -> Set<String> {
        Set(
            try Row.fetchAll(db, sql: "SELECT * FROM register_number WHERE matter = ?", arguments: [id]).map { row in
                let number = RegisterNumber(number: row["number"], buddhistYear: row["year"])
                let isVoid = (row["voided_at"] as Int64?) != nil
                return "\(row["register"] as String) \(number) entry \(row["entry"] as Int) \(isVoid)"
            })
    }

    private static func registerLines(by matter: Matter) -> Set<String> {
        let voided = matter.folder.compactMap { entry in
            if case .voided(let number) = entry.fact { number } else { nil }
        }
        return Set(
            matter.folder.compactMap { entry in
                entry.fact.registered.map { register, number in
                    let isVoid = register == .incoming && voided.contains(number)
                    return "\(register.rawValue) \(number) entry \(entry.number) \(isVoid)"
                }
            })
    }
}
