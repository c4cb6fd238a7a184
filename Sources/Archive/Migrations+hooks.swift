// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// Webhooks with their secrets sealed; LINE's events that were taken, so that none counts twice; what LINE said last.
    static let hooks = """
        CREATE TABLE hook (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            -- Address and secrets.
            sealed TEXT NOT NULL,
            is_on INTEGER NOT NULL,
            stays_inside INTEGER NOT NULL,
            accepted_at INTEGER,
            failing_since INTEGER,
            trouble TEXT,
            stopped_at INTEGER
        ) STRICT;
        CREATE TABLE line_event (
            id TEXT PRIMARY KEY,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX line_event_at ON line_event (at);
        CREATE TABLE line_account (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            json TEXT NOT NULL
        ) STRICT;

        """
}
