// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    public func receive(
        _ letter: Letter, contact: Contact, documents: [Document.ID], via: Intake, keyingSeconds: Int?, by hand: Hand,
        at now: Moment, once: String?
    ) async throws -> Matter {
        let act = Act.receive(letter, documents: documents, via: via, keyingSeconds: keyingSeconds)
        let wish = Wish(act: act, hand: hand, at: now, contact: contact, once: once)
        let matter = try await write("receive a letter") { [box] db in
            if let id = try Self.matter(marked: once, db), let matter = try Self.load(id, db) { return matter }
            let id = Matter.ID((try Int64.one(db, sql: "SELECT coalesce(max(id), 0) + 1 FROM matter")) ?? 1)
            return try Self.carryOut(wish, on: Matter(id: id, letter: letter), box: box, db)
        }
        errandsChanged()
        return matter
    }

    public func perform(
        _ act: Act, on id: Matter.ID, by hand: Hand, at now: Moment, seen: Int?, contact: Contact?, lateReason: String,
        once: String?
    ) async throws -> Matter {
        let wish = Wish(act: act, hand: hand, at: now, contact: contact, lateReason: lateReason, once: once)
        let matter = try await write("do an act") { [box] db in
            guard let before = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            if try Self.matter(marked: once, db) == id { return before }
            if let seen, seen != before.folder.count {
                throw Refusal.stalePage(stage: before.stage, by: before.folder.last?.person)
            }
            return try Self.carryOut(wish, on: before, box: box, db)
        }
        errandsChanged()
        return matter
    }

    public func matter(_ id: Matter.ID) async throws -> Matter? {
        try await read("read a matter") { db in try Self.load(id, db) }
    }

    public func matters(_ filter: MatterFilter) async throws -> [Matter] {
        try await read("look for matters") { db in
            try Self.load(try Self.ids(of: filter, db), db)
        }
    }

    public func counts() async throws -> [Stage: Int] {
        try await read("count the matters") { db in
            var counts: [Stage: Int] = [:]
            for row in try Row.all(db, sql: "SELECT stage, count(*) AS count FROM matter GROUP BY stage") {
                counts[try row.code("stage")] = row["count"]
            }
            return counts
        }
    }

    public func contact(of id: Matter.ID) async throws -> Contact? {
        try await read("read a contact") { db in
            try Self.contact(of: id, db)
        }
    }

    private static func contact(of id: Matter.ID, _ db: Database) throws -> Contact? {
        try Row.one(db, sql: "SELECT name, phone, mail FROM contact WHERE matter = ?", arguments: [id.number])
            .map { Contact(name: $0["name"], phone: $0["phone"], mail: $0["mail"]) }
    }

    public func correctContact(of id: Matter.ID, to contact: Contact, by hand: Hand, at now: Moment) async throws {
        try await write("correct a contact") { db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try mayCorrectContact(of: matter, from: try Self.contact(of: id, db), to: contact, by: hand)
            try Self.store(contact, of: id, db)
            try Self.note(RosterChange(at: now, by: hand.person, what: "contact", subject: id.description), db)
        }
    }

    public func forgetContact(of id: Matter.ID, by hand: Hand, at now: Moment) async throws {
        try await write("forget a contact") { db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try mayForgetContact(of: matter, by: hand)
            try db.run(
                sql:
                    "UPDATE contact SET name = '', phone = '', mail = '' WHERE matter = ? AND name || phone || mail <> ''",
                arguments: [id.number])
            guard db.changesCount > 0 else { return }
            try Self.note(
                RosterChange(at: now, by: hand.person, what: "contact", subject: id.description), db)
        }
    }
}

// MARK: Reading folders

extension SQLiteCabinet {
    static func load(_ id: Matter.ID, _ db: Database) throws -> Matter? { try load([id], db).first }

    /// Reads the folders of matters, in the order asked for; those that are not there are left out.
    static func load(_ ids: [Matter.ID], _ db: Database) throws -> [Matter] {
        let list = try JSON.text(ids)
        let letters = try letters(list, db)
        let folders = try folders(list, db)
        return ids.compactMap { id in
            guard let letters = letters[id], let folder = folders[id] else { return nil }
            return Matter(id: id, letters: letters, folder: folder)
        }
    }

    private static func letters(_ list: String, _ db: Database) throws -> [Matter.ID: [Letter]] {
        var letters: [Matter.ID: [Letter]] = [:]
        let rows = try Row.all(
            db,
            sql: """
                SELECT matter, json FROM letter WHERE matter IN (SELECT value FROM json_each(?))
                ORDER BY matter, revision
                """, arguments: [list])
        for row in rows {
            letters[row.id("matter"), default: []].append(try JSON.value(Letter.self, row["json"]))
        }
        return letters
    }

    private static func folders(_ list: String, _ db: Database) throws -> [Matter.ID: [Entry]] {
        var folders: [Matter.ID: [Entry]] = [:]
        let rows = try Row.all(
            db,
            sql: """
                SELECT entry.*, coalesce(note.note, '') AS note, coalesce(note.late_reason, '') AS late_reason
                FROM entry LEFT JOIN note USING (matter, number)
                WHERE matter IN (SELECT value FROM json_each(?)) ORDER BY matter, number
                """, arguments: [list])
        for row in rows { folders[row.id("matter"), default: []].append(try entry(row)) }
        return folders
    }

    private static func entry(_ row: Row) throws -> Entry {
        Entry(
            number: row["number"], fact: try JSON.value(Fact.self, row["fact"]), role: try row.code("role"),
            person: row.idIfAny("person"), at: row.moment("at"), stage: try row.code("stage"), note: row["note"],
            lateReason: row["late_reason"])
    }

    /// The matter that a one-time mark was used on.
    static func matter(marked mark: String?, _ db: Database) throws -> Matter.ID? {
        guard let mark else { return nil }
        return try Int64.one(db, sql: "SELECT matter FROM once WHERE mark = ?", arguments: [mark])
            .map { Matter.ID($0) }
    }
}

// MARK: Looking for matters

extension SQLiteCabinet {
    static func ids(of filter: MatterFilter, _ db: Database) throws -> [Matter.ID] {
        var conditions = ["1"]
        var arguments = StatementArguments()
        func require(_ condition: String, _ values: (any DatabaseValueConvertible)?...) {
            conditions.append(condition)
            arguments += StatementArguments(values)
        }
        if !filter.stages.isEmpty {
            require("stage IN (SELECT value FROM json_each(?))", try JSON.text(filter.stages.map(\.rawValue).sorted()))
        }
        if !filter.services.isEmpty {
            require(
                "service IN (SELECT value FROM json_each(?))", try JSON.text(filter.services.map(\.rawValue).sorted()))
        }
        if let during = filter.during {
            require("starts_at < ? AND ends_at > ?", during.end.milliseconds, during.start.milliseconds)
        }
        if let startsIn = filter.startsIn {
            require("starts_at >= ? AND starts_at < ?", startsIn.start.milliseconds, startsIn.end.milliseconds)
        }
        if let officer = filter.officer {
            require("id IN (SELECT matter FROM matter_officer WHERE person = ?)", officer.number)
        }
        if !filter.ids.isEmpty { require("id IN (SELECT value FROM json_each(?))", try JSON.text(filter.ids)) }
        // INSTR looks for the words as they are: nothing in them is a pattern.
        for word in SearchText.words(filter.text) { require("instr(search, ?) > 0", word) }
        let order =
            switch filter.order {
            case .occasion: "starts_at, id"
            case .newestFirst: "received_at DESC, id DESC"
            case .oldestFirst: "received_at, id"
            }
        arguments += [filter.limit > 0 ? filter.limit : -1, max(0, filter.offset)]
        return try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM matter WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order) LIMIT ? OFFSET ?
                """, arguments: arguments
        ).map { Matter.ID($0) }
    }
}
