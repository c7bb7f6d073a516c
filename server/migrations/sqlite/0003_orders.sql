-- Orders as dialects keep them: what a client told in a source system's own words, beside the shipment that everybody
-- watches. The document is JSON that only its dialect reads; the columns after `updated_at` are what lists filter by.
-- Ids are never given twice: they are positions in a list.
CREATE TABLE dialect_order (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id   INTEGER NOT NULL REFERENCES tenant (id),
    dialect     TEXT NOT NULL,
    external_id TEXT NOT NULL,
    shipment_id INTEGER REFERENCES shipment (id),
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    status      TEXT NOT NULL,
    location    TEXT,
    in_group    TEXT,
    starts_at   INTEGER,
    ends_at     INTEGER,
    document    TEXT NOT NULL,
    UNIQUE (tenant_id, dialect, external_id)
) STRICT;

CREATE UNIQUE INDEX dialect_order_by_shipment ON dialect_order (shipment_id, dialect);
CREATE INDEX dialect_order_by_age ON dialect_order (tenant_id, dialect, created_at);

-- What a tenant set up for a dialect: its stores, locations, providers, sources. JSON that only its dialect reads.
CREATE TABLE dialect_entry (
    tenant_id INTEGER NOT NULL REFERENCES tenant (id),
    dialect   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    entry_id  TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, dialect, kind, entry_id)
) STRICT, WITHOUT ROWID;

-- Places taken of what has a limited number of them. `until` is NULL for a place that is taken for good.
CREATE TABLE dialect_place (
    tenant_id INTEGER NOT NULL REFERENCES tenant (id),
    dialect   TEXT NOT NULL,
    pool      TEXT NOT NULL,
    holder    TEXT NOT NULL,
    until     INTEGER,
    PRIMARY KEY (tenant_id, dialect, pool, holder)
) STRICT, WITHOUT ROWID;
