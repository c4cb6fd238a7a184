// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// How people sign in from outside, and by which passkeys. Settings, accounts and keys are sealed; a mark finds them.
    static let entrance = """
        CREATE TABLE sign_in (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            settings TEXT NOT NULL
        ) STRICT;
        CREATE TABLE outside_identity (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person INTEGER NOT NULL REFERENCES person (id),
            mark TEXT NOT NULL UNIQUE,
            account TEXT NOT NULL,
            linked_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX outside_identity_person ON outside_identity (person);
        CREATE TABLE passkey (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person INTEGER NOT NULL REFERENCES person (id),
            mark TEXT NOT NULL UNIQUE,
            sealed TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            made_at INTEGER NOT NULL,
            used_at INTEGER
        ) STRICT;
        CREATE INDEX passkey_person ON passkey (person);

        """
}
