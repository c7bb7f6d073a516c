-- What leaves the building by itself: who wants to be told, what there is to tell, and how far it got.

-- Where a tenant wants to be told. `scope` is the tracking key of the one shipment that it is about, empty for
-- all. `auth` is JSON; secrets in it are sealed. `topics` is a set of bits. Ids are never given twice.
CREATE TABLE endpoint (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id     INTEGER NOT NULL REFERENCES tenant (id),
    scope         TEXT NOT NULL,
    url           TEXT NOT NULL,
    shape         TEXT NOT NULL,
    auth          TEXT NOT NULL,
    topics        INTEGER NOT NULL,
    includes_code INTEGER NOT NULL,
    note          TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    disabled_why  TEXT,
    -- Since when nothing was delivered; NULL while it goes well.
    failing_since INTEGER,
    -- Until when the receiver wants to be left alone.
    paused_until  INTEGER
) STRICT;

CREATE INDEX endpoint_by_tenant ON endpoint (tenant_id, scope);

-- What happened, once for all who are told of it. `sequence` is the shipment's after it: what it was then can
-- be read from its events. A test is of no shipment. `topic` is one of the bits of `endpoint.topics`.
CREATE TABLE news (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message     TEXT NOT NULL UNIQUE,
    tenant_id   INTEGER NOT NULL REFERENCES tenant (id),
    shipment_id INTEGER REFERENCES shipment (id),
    sequence    INTEGER NOT NULL,
    topic       INTEGER NOT NULL,
    event_id    TEXT,
    at          INTEGER NOT NULL
) STRICT;

CREATE INDEX news_by_shipment ON news (shipment_id);

-- One piece of news for one endpoint. Only the first that waits of an endpoint and a shipment has a `next_at`;
-- those behind it get theirs when it is done, and while the endpoint is disabled none has one. Who tries it
-- puts `next_at` ahead, which is how long the claim holds, and its own mark into `claimed_by`: whoever dies
-- meanwhile is followed by another.
CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
    news_id     INTEGER NOT NULL REFERENCES news (id),
    shipment_id INTEGER,
    state       TEXT NOT NULL,
    -- Since it was told or last replayed.
    tries       INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER,
    claimed_by  INTEGER,
    done_at     INTEGER,
    -- What is sent, sealed, as JSON; made once, so that every try sends the same bytes.
    rendering   TEXT
) STRICT;

CREATE INDEX delivery_by_endpoint ON delivery (endpoint_id, id);
CREATE INDEX delivery_by_news ON delivery (news_id, endpoint_id);
CREATE INDEX delivery_in_order ON delivery (endpoint_id, shipment_id, id) WHERE state = 'waiting';
CREATE INDEX delivery_due ON delivery (endpoint_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_next ON delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_by_age ON delivery (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE attempt (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    -- Counts all tries of the delivery, from 1; a replay goes on.
    number      INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    took_ms     INTEGER NOT NULL,
    status      INTEGER,
    failure     TEXT,
    answer      TEXT,
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;
