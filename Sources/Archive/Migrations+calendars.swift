// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// Occasions as they lie in calendars outside, what was changed there, and how those calendars are doing. A calendar's
    /// name may be a person's mail address, so it is sealed, as is what stands in somebody's calendar.
    static let calendars = """
        CREATE TABLE calendar_copy (
            matter INTEGER NOT NULL REFERENCES matter (id),
            way TEXT NOT NULL,
            recipient TEXT NOT NULL,
            calendar TEXT NOT NULL,
            event TEXT NOT NULL,
            etag TEXT NOT NULL,
            revision INTEGER NOT NULL,
            digest TEXT NOT NULL,
            put_at INTEGER NOT NULL,
            is_out INTEGER NOT NULL DEFAULT 0,
            is_left INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (matter, way, recipient)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX calendar_copy_way ON calendar_copy (way);
        CREATE TABLE drift (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            matter INTEGER NOT NULL REFERENCES matter (id),
            way TEXT NOT NULL,
            recipient TEXT NOT NULL,
            noticed_at INTEGER NOT NULL,
            theirs TEXT NOT NULL,
            etag TEXT NOT NULL,
            digest TEXT NOT NULL,
            fate TEXT,
            judged_at INTEGER,
            judged_by INTEGER REFERENCES person (id),
            CHECK ((fate IS NULL) = (judged_at IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX drift_open ON drift (matter, way, recipient) WHERE fate IS NULL;
        CREATE INDEX drift_matter ON drift (matter);
        CREATE TRIGGER drift_judged_once BEFORE UPDATE OF fate ON drift WHEN OLD.fate IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a drift is judged once'); END;
        CREATE TABLE calendar_health (
            way TEXT NOT NULL,
            recipient TEXT NOT NULL,
            calendar TEXT NOT NULL,
            token TEXT NOT NULL,
            taken_at INTEGER,
            looked_at INTEGER,
            trouble TEXT,
            trouble_at INTEGER,
            PRIMARY KEY (way, recipient)
        ) STRICT, WITHOUT ROWID;

        """
}
