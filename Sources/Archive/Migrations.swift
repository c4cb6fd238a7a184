// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB

/// The archive's shape, from its first day on: migration `n` brings a file from version `n` to version `n + 1`.
///
/// A migration that has left the house is never edited; a change is a new one at the end.
enum Migrations {
    static let all: [String] = [first, broadcasts, deliveries, devices, hooks, calendars, entrance, mail, meetings]

    /// The version that this program reads and writes.
    static var newest: Int { all.count }

    /// `SNYN`, so that `file` and we know our own.
    static let applicationID = 0x534E_594E

    static func version(_ db: Database) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }

    /// Does what is still to do, each step in its own transaction, and says from where to where.
    static func run(on writer: any DatabaseWriter) throws -> (from: Int, to: Int) {
        let before = try writer.read { try version($0) }
        guard before <= newest else {
            throw Mishap(doing: "open an archive of version \(before); this program knows versions up to \(newest)")
        }
        for step in before..<max(before, newest) {
            try writer.write { db in
                // Another process may have been faster; the version is asked again under the lock.
                guard try version(db) == step else { return }
                try db.execute(sql: all[step])
                try db.execute(sql: "PRAGMA user_version = \(step + 1)")
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                if step + 1 == newest, step > 0 { try SQLiteCabinet.rebuildProjections(db) }
            }
        }
        return (before, newest)
    }

    /// Moments are whole milliseconds since 1970, days are ISO 8601 text, numbers of people and matters are theirs.
    private static let first = matters + registers + roster + keys + errands

    private static let matters = """
        -- One line for each matter, for lists. Everything here can be rebuilt from letters and entries.
        CREATE TABLE matter (
            id INTEGER PRIMARY KEY,
            stage TEXT NOT NULL,
            service TEXT NOT NULL,
            starts_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            unit TEXT NOT NULL,
            title TEXT NOT NULL,
            place TEXT NOT NULL,
            reference TEXT NOT NULL,
            dated TEXT,
            urgency TEXT NOT NULL,
            secrecy TEXT NOT NULL,
            incoming_number INTEGER,
            incoming_year INTEGER,
            entries INTEGER NOT NULL,
            search TEXT NOT NULL
        ) STRICT;
        CREATE INDEX matter_stage ON matter (stage);
        CREATE INDEX matter_starts ON matter (starts_at);
        CREATE INDEX matter_received ON matter (received_at);
        CREATE TABLE matter_officer (
            matter INTEGER NOT NULL REFERENCES matter (id),
            person INTEGER NOT NULL,
            PRIMARY KEY (person, matter)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX matter_officer_matter ON matter_officer (matter);

        CREATE TABLE letter (
            matter INTEGER NOT NULL REFERENCES matter (id),
            revision INTEGER NOT NULL,
            json TEXT NOT NULL,
            PRIMARY KEY (matter, revision)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE entry (
            matter INTEGER NOT NULL REFERENCES matter (id),
            number INTEGER NOT NULL,
            fact TEXT NOT NULL,
            role TEXT NOT NULL,
            person INTEGER,
            at INTEGER NOT NULL,
            stage TEXT NOT NULL,
            PRIMARY KEY (matter, number)
        ) STRICT, WITHOUT ROWID;
        -- Words of persons lie beside the folder, so that they can be forgotten without touching it.
        CREATE TABLE note (
            matter INTEGER NOT NULL,
            number INTEGER NOT NULL,
            note TEXT NOT NULL,
            late_reason TEXT NOT NULL,
            PRIMARY KEY (matter, number),
            FOREIGN KEY (matter, number) REFERENCES entry (matter, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE contact (
            matter INTEGER PRIMARY KEY REFERENCES matter (id),
            name TEXT NOT NULL,
            phone TEXT NOT NULL,
            mail TEXT NOT NULL
        ) STRICT;
        -- The numbering triggers also stop INSERT OR REPLACE, which fires no DELETE trigger.
        CREATE TRIGGER entry_numbered BEFORE INSERT ON entry
        WHEN NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM entry WHERE matter = NEW.matter)
        BEGIN SELECT RAISE(ABORT, 'entries are numbered without a gap'); END;
        CREATE TRIGGER entry_kept BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
        CREATE TRIGGER entry_stays BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
        CREATE TRIGGER letter_numbered BEFORE INSERT ON letter
        WHEN NEW.revision <> 1 + (SELECT coalesce(max(revision), 0) FROM letter WHERE matter = NEW.matter)
        BEGIN SELECT RAISE(ABORT, 'revisions are numbered without a gap'); END;
        CREATE TRIGGER letter_kept BEFORE UPDATE ON letter
        BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END;
        CREATE TRIGGER letter_stays BEFORE DELETE ON letter
        BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END;

        CREATE TABLE document (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE matter_document (
            document INTEGER PRIMARY KEY REFERENCES document (id),
            matter INTEGER NOT NULL REFERENCES matter (id)
        ) STRICT;
        CREATE INDEX matter_document_matter ON matter_document (matter);

        -- A form's one-time mark, and the matter it was used on.
        CREATE TABLE once (
            mark TEXT PRIMARY KEY,
            matter INTEGER NOT NULL REFERENCES matter (id),
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX once_at ON once (at);

        """

    private static let registers = """
        CREATE TABLE register_number (
            register TEXT NOT NULL CHECK (register IN ('incoming', 'outgoing')),
            year INTEGER NOT NULL,
            number INTEGER NOT NULL,
            matter INTEGER NOT NULL,
            entry INTEGER NOT NULL,
            at INTEGER NOT NULL,
            voided_at INTEGER,
            voided_because TEXT,
            PRIMARY KEY (register, year, number),
            FOREIGN KEY (matter, entry) REFERENCES entry (matter, number),
            CHECK ((voided_at IS NULL) = (voided_because IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX register_number_matter ON register_number (matter);
        CREATE TRIGGER register_gap_free BEFORE INSERT ON register_number
        WHEN NEW.number <> 1 + (
            SELECT coalesce(max(number), 0) FROM register_number WHERE register = NEW.register AND year = NEW.year)
        BEGIN SELECT RAISE(ABORT, 'register numbers run without a gap'); END;
        -- Bangkok is seven hours ahead of UTC all year; the Buddhist era is 543 years ahead.
        CREATE TRIGGER register_year BEFORE INSERT ON register_number
        WHEN NEW.year <> 543 + CAST(strftime('%Y', NEW.at / 1000 + 25200, 'unixepoch') AS INTEGER)
        BEGIN SELECT RAISE(ABORT, 'the register has another year on that day'); END;
        CREATE TRIGGER register_kept BEFORE UPDATE ON register_number
        WHEN OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
            OR (NEW.register, NEW.year, NEW.number, NEW.matter, NEW.entry, NEW.at)
                <> (OLD.register, OLD.year, OLD.number, OLD.matter, OLD.entry, OLD.at)
        BEGIN SELECT RAISE(ABORT, 'a register line is never changed, but voided once'); END;
        CREATE TRIGGER register_stays BEFORE DELETE ON register_number
        BEGIN SELECT RAISE(ABORT, 'a register line is never deleted'); END;

        CREATE TABLE booking (
            kind TEXT NOT NULL CHECK (kind IN ('officer', 'room')),
            resource INTEGER NOT NULL,
            starts INTEGER NOT NULL,
            ends INTEGER NOT NULL CHECK (ends > starts),
            matter INTEGER NOT NULL REFERENCES matter (id)
        ) STRICT;
        CREATE INDEX booking_resource ON booking (kind, resource, starts);
        CREATE INDEX booking_matter ON booking (matter);
        CREATE INDEX booking_starts ON booking (starts);
        CREATE TRIGGER booking_once BEFORE INSERT ON booking
        WHEN EXISTS (
            SELECT 1 FROM booking
            WHERE kind = NEW.kind AND resource = NEW.resource AND matter <> NEW.matter
                AND starts < NEW.ends AND ends > NEW.starts)
        BEGIN SELECT RAISE(ABORT, 'double booked'); END;
        CREATE TRIGGER booking_kept BEFORE UPDATE ON booking
        BEGIN SELECT RAISE(ABORT, 'a booking is taken anew, never moved'); END;

        """

    private static let roster = """
        CREATE TABLE person (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            username TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            position TEXT NOT NULL,
            roles TEXT NOT NULL,
            phone TEXT NOT NULL,
            mail TEXT NOT NULL,
            is_active INTEGER NOT NULL,
            password_hash TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE TABLE room (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            building TEXT NOT NULL,
            seats INTEGER NOT NULL,
            megabits_per_second INTEGER NOT NULL,
            is_active INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE holiday (
            day TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            source TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE office (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            json TEXT NOT NULL
        ) STRICT;
        CREATE TABLE roster_change (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            person INTEGER,
            what TEXT NOT NULL,
            subject TEXT NOT NULL
        ) STRICT;
        CREATE TABLE report (
            month TEXT PRIMARY KEY,
            drafted_at INTEGER NOT NULL,
            presented_at INTEGER,
            presented_by INTEGER,
            acknowledged_at INTEGER,
            acknowledged_by INTEGER,
            remarks TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    private static let keys = """
        CREATE TABLE session (
            hash TEXT PRIMARY KEY,
            person INTEGER NOT NULL REFERENCES person (id),
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_person ON session (person, until);
        CREATE TABLE key (
            hash TEXT NOT NULL,
            purpose TEXT NOT NULL,
            person INTEGER REFERENCES person (id),
            until INTEGER,
            spent_at INTEGER,
            PRIMARY KEY (hash, purpose)
        ) STRICT, WITHOUT ROWID;

        """

    private static let errands = """
        CREATE TABLE errand (
            id TEXT PRIMARY KEY,
            matter INTEGER REFERENCES matter (id),
            kind TEXT NOT NULL,
            addressee TEXT NOT NULL,
            due INTEGER NOT NULL,
            stale INTEGER,
            fate TEXT,
            fate_at INTEGER,
            CHECK ((fate IS NULL) = (fate_at IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX errand_waiting ON errand (due) WHERE fate IS NULL;
        CREATE INDEX errand_matter ON errand (matter);
        CREATE TRIGGER errand_ends_once BEFORE UPDATE ON errand WHEN OLD.fate IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'an errand ends once'); END;
        CREATE TABLE notice (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            errand TEXT NOT NULL REFERENCES errand (id),
            person INTEGER NOT NULL REFERENCES person (id),
            kind TEXT NOT NULL,
            matter INTEGER REFERENCES matter (id),
            due INTEGER NOT NULL,
            at INTEGER NOT NULL,
            is_late INTEGER NOT NULL,
            acknowledged_at INTEGER,
            UNIQUE (errand, person)
        ) STRICT;
        CREATE INDEX notice_person ON notice (person, at);
        CREATE INDEX notice_matter ON notice (matter);

        """

    /// What stands for the broadcast of an approved matter. Keys and the addresses of restreams are sealed.
    private static let broadcasts = """
        CREATE TABLE broadcast (
            matter INTEGER PRIMARY KEY REFERENCES matter (id),
            name TEXT NOT NULL UNIQUE,
            keys TEXT NOT NULL,
            ticket_key TEXT NOT NULL,
            settings TEXT NOT NULL,
            targets TEXT NOT NULL,
            running TEXT
        ) STRICT;
        CREATE TRIGGER broadcast_named BEFORE UPDATE ON broadcast WHEN NEW.name <> OLD.name OR NEW.matter <> OLD.matter
        BEGIN SELECT RAISE(ABORT, 'a broadcast keeps its name'); END;

        """
}
