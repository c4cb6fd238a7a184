// SPDX-License-Identifier: Apache-2.0

extension Migrations {
    /// Ways out of the house, whom they reach, and what travels on them. Settings and addresses are sealed; a mark finds
    /// an address without showing it.
    static let deliveries = """
        CREATE TABLE way (
            way TEXT PRIMARY KEY,
            is_on INTEGER NOT NULL DEFAULT 0,
            settings TEXT NOT NULL DEFAULT '',
            accepted_at INTEGER,
            trouble TEXT,
            trouble_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reach (
            person INTEGER NOT NULL REFERENCES person (id),
            way TEXT NOT NULL,
            address TEXT NOT NULL,
            mark TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (person, way),
            UNIQUE (way, mark)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE delivery (
            id TEXT PRIMARY KEY,
            way TEXT NOT NULL,
            freight TEXT NOT NULL,
            recipient TEXT NOT NULL,
            notice INTEGER REFERENCES notice (id),
            matter INTEGER REFERENCES matter (id),
            due INTEGER NOT NULL,
            next_at INTEGER NOT NULL,
            stale INTEGER,
            is_out INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            sent_at INTEGER,
            accepted_at INTEGER,
            shown_at INTEGER,
            acknowledged_at INTEGER,
            reference TEXT NOT NULL DEFAULT '',
            trouble TEXT,
            fate TEXT,
            fate_at INTEGER,
            CHECK ((fate IS NULL) = (fate_at IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX delivery_waiting ON delivery (way, next_at) WHERE fate IS NULL AND is_out = 0;
        CREATE INDEX delivery_out ON delivery (id) WHERE is_out = 1;
        CREATE INDEX delivery_refused ON delivery (fate_at) WHERE fate = 'refused';
        CREATE INDEX delivery_matter ON delivery (matter);
        CREATE INDEX delivery_notice ON delivery (notice);
        CREATE TRIGGER delivery_ends_once BEFORE UPDATE OF fate ON delivery
        WHEN OLD.fate IS NOT NULL AND OLD.fate <> 'refused' AND NEW.fate IS NOT OLD.fate
        BEGIN SELECT RAISE(ABORT, 'a delivery ends once'); END;
        ALTER TABLE notice ADD COLUMN acknowledged_by INTEGER REFERENCES person (id);

        """
}
