// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// What stands for the meeting of an approved matter, who has a link into it, and what its sittings were. The key that
    /// links are signed with, and everything that names somebody, is sealed.
    static let meetings = """
        CREATE TABLE meeting (
            matter INTEGER PRIMARY KEY REFERENCES matter (id),
            name TEXT NOT NULL UNIQUE,
            pass_key TEXT NOT NULL,
            settings TEXT NOT NULL,
            running TEXT,
            forgotten_at INTEGER
        ) STRICT;
        CREATE TRIGGER meeting_named BEFORE UPDATE ON meeting WHEN NEW.name <> OLD.name OR NEW.matter <> OLD.matter
        BEGIN SELECT RAISE(ABORT, 'a meeting keeps its name'); END;
        CREATE TABLE invitee (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            matter INTEGER NOT NULL REFERENCES meeting (matter),
            role TEXT NOT NULL,
            -- Name and address.
            who TEXT NOT NULL,
            until INTEGER NOT NULL,
            invited_at INTEGER NOT NULL,
            invited_by INTEGER REFERENCES person (id),
            revoked_at INTEGER,
            revoked_by INTEGER REFERENCES person (id),
            mailed_at INTEGER
        ) STRICT;
        CREATE INDEX invitee_matter ON invitee (matter);
        CREATE TRIGGER invitee_stays_out BEFORE UPDATE ON invitee
        WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at
        BEGIN SELECT RAISE(ABORT, 'a link that was taken back stays so'); END;
        CREATE TRIGGER invitee_kept BEFORE DELETE ON invitee
        BEGIN SELECT RAISE(ABORT, 'a link that was given out is remembered'); END;
        CREATE TABLE sitting (
            matter INTEGER NOT NULL REFERENCES meeting (matter),
            opened INTEGER NOT NULL,
            -- Who was there, what was voted on.
            record TEXT NOT NULL,
            is_forgotten INTEGER NOT NULL,
            PRIMARY KEY (matter, opened)
        ) STRICT, WITHOUT ROWID;

        """
}
