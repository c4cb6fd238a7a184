// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// The devices that take pushes. Where they are reached is sealed; a mark finds an endpoint without showing it.
    static let devices = """
        CREATE TABLE device (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person INTEGER NOT NULL REFERENCES person (id),
            mark TEXT UNIQUE,
            subscription TEXT NOT NULL,
            name TEXT NOT NULL,
            language TEXT NOT NULL,
            since INTEGER NOT NULL,
            expires INTEGER,
            answered_at INTEGER,
            checked_at INTEGER,
            unanswered INTEGER NOT NULL DEFAULT 0,
            gone_at INTEGER,
            CHECK ((gone_at IS NULL) = (mark IS NOT NULL))
        ) STRICT;
        CREATE INDEX device_person ON device (person);

        """
}
