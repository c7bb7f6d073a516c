-- Times are milliseconds since 1970-01-01T00:00:00Z, words are those of the wire.

CREATE TABLE tenant (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE client (
    id        INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenant (id),
    name      TEXT NOT NULL,
    role      TEXT NOT NULL,
    key_hash  BLOB NOT NULL UNIQUE
) STRICT;

-- What hardly ever changes. `id` grows in the order of creation and is the position in a tenant's list.
CREATE TABLE shipment (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id    INTEGER NOT NULL REFERENCES tenant (id),
    tracking_key TEXT NOT NULL UNIQUE,
    tracking_id  TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    details      TEXT NOT NULL
) STRICT;

-- What changes with every event, apart from the rest because a page holds a hundred of these: a group
-- of events then writes few pages. `status` and `updated_at` follow from the events; they stand here
-- for the filters alone.
CREATE TABLE standing (
    shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
    tenant_id   INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    status      TEXT NOT NULL
) STRICT;

CREATE INDEX standing_by_tenant ON standing (tenant_id);
CREATE INDEX standing_by_status ON standing (tenant_id, status);
CREATE INDEX standing_by_update ON standing (tenant_id, updated_at, status);

-- Clustered by shipment, so that a shipment is read in one place and an event id is unique within it.
-- `sequence` is the shipment's sequence once the event was taken: the order of arrival.
-- `more` is JSON of what few events have: movement, flags, ETA.
CREATE TABLE event (
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    event_id    TEXT NOT NULL,
    sequence    INTEGER NOT NULL,
    occurred_at INTEGER,
    received_at INTEGER NOT NULL,
    source      TEXT NOT NULL,
    source_word TEXT,
    status      TEXT,
    reason      TEXT,
    place       TEXT,
    note        TEXT,
    more        TEXT,
    PRIMARY KEY (shipment_id, event_id)
) STRICT, WITHOUT ROWID;

-- Requests that may be repeated. `created_sequence` is the shipment's sequence when it was created, so
-- that a repeat is answered as the first was.
CREATE TABLE once (
    client_id        INTEGER NOT NULL REFERENCES client (id),
    once_key         TEXT NOT NULL,
    fingerprint      BLOB NOT NULL,
    made_at          INTEGER NOT NULL,
    shipment_id      INTEGER NOT NULL REFERENCES shipment (id),
    created_sequence INTEGER NOT NULL,
    PRIMARY KEY (client_id, once_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX once_by_age ON once (made_at);
