// SPDX-License-Identifier: Apache-2.0
import GRDB

// Statements are compiled once for each connection: compiling took half the time of an act. Everything is read to its
// end at once, so a kept statement is never found half read.

extension Database {
    func run(sql: String, arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension GRDB.Row {
    static func all(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> [GRDB.Row] {
        try fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
    }

    static func one(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> GRDB.Row? {
        try fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }
}

extension DatabaseValueConvertible where Self: StatementColumnConvertible {
    static func all(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> [Self] {
        try fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
    }

    static func one(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> Self? {
        try fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }
}
