-- What it takes to hand a parcel over: what people decided about it, and how a recipient gets in.
-- Every row belongs to a tenant, or to a shipment and so to its tenant.

-- JSON of what the tenant decided; NULL where it decided nothing.
ALTER TABLE tenant ADD COLUMN settings TEXT;

-- JSON of what became of handing it over, for shipments where that differs from how they were created.
-- Apart from `standing`, because few shipments have it and it is a hundred times as large.
CREATE TABLE handoff (
    shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
    handoff     TEXT NOT NULL
) STRICT;

-- Secrets are kept as SHA-256 only. A link that was used or revoked stays, so that it can be listed.
-- Ids are never given twice: an old one must not come to mean another link.
CREATE TABLE link (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    hash        BLOB NOT NULL UNIQUE,
    made_at     INTEGER NOT NULL,
    made_by     TEXT NOT NULL,
    used_at     INTEGER,
    revoked_at  INTEGER
) STRICT;

CREATE INDEX link_by_shipment ON link (shipment_id);

-- A session that ended, or whose link was revoked, is deleted. Ids are never given twice, as above.
CREATE TABLE session (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    shipment_id      INTEGER NOT NULL REFERENCES shipment (id),
    link_id          INTEGER REFERENCES link (id),
    token            BLOB NOT NULL UNIQUE,
    token_at         INTEGER NOT NULL,
    token_before     BLOB UNIQUE,
    -- When `token` was first presented; NULL while nobody knows whether it arrived.
    token_seen       INTEGER,
    stepped_up_until INTEGER
) STRICT;

CREATE INDEX session_by_shipment ON session (shipment_id);
CREATE INDEX session_by_link ON session (link_id);
CREATE INDEX session_by_age ON session (token_at);

-- One-time codes that were sent. A row lives for an hour, because they are counted; `hash` goes when the
-- code is taken or another is sent.
CREATE TABLE email_code (
    id          INTEGER PRIMARY KEY,
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    sent_at     INTEGER NOT NULL,
    hash        BLOB
) STRICT;

CREATE INDEX email_code_by_shipment ON email_code (shipment_id, sent_at);

-- Pictures of proofs, by the proof's place in the list. Apart from the handoff, which is read with every
-- shipment.
CREATE TABLE picture (
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    proof       INTEGER NOT NULL,
    media_type  TEXT NOT NULL,
    bytes       BLOB NOT NULL,
    PRIMARY KEY (shipment_id, proof)
) STRICT;
