// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// Mails that came, their words sealed; kinds of mail that a person wants no more. A mail that was taken may still
    /// come back with a report: then its delivery ends a second time, refused.
    static let mail = """
        CREATE TABLE mail_in (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            mailbox TEXT NOT NULL,
            validity INTEGER NOT NULL,
            uid INTEGER NOT NULL,
            at INTEGER NOT NULL,
            -- The SHA-256 of its Message-ID.
            mark TEXT NOT NULL,
            -- Sender, subject and text.
            words TEXT NOT NULL,
            documents TEXT NOT NULL,
            aside TEXT,
            fate TEXT,
            fate_at INTEGER,
            fate_by INTEGER REFERENCES person (id),
            UNIQUE (mailbox, validity, uid),
            CHECK ((fate IS NULL) = (fate_at IS NULL))
        ) STRICT;
        CREATE INDEX mail_in_mark ON mail_in (mark);
        CREATE INDEX mail_in_waiting ON mail_in (id) WHERE aside IS NULL AND fate IS NULL;
        CREATE TABLE mail_off (
            person INTEGER NOT NULL REFERENCES person (id),
            nudge TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (person, nudge)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX delivery_reference ON delivery (reference) WHERE reference <> '';
        DROP TRIGGER delivery_ends_once;
        CREATE TRIGGER delivery_ends_once BEFORE UPDATE OF fate ON delivery
        WHEN OLD.fate IS NOT NULL AND OLD.fate <> 'refused' AND NEW.fate IS NOT OLD.fate
            AND NOT (NEW.fate IS 'refused' AND OLD.fate IN ('accepted', 'acceptedLate'))
        BEGIN SELECT RAISE(ABORT, 'a delivery ends once'); END;

        """
}
