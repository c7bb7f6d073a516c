-- Devices that are told by web push when a shipment's public view changes, until its journey ends. Of a
-- device nothing is kept but the address that its browser's push service gave it.
CREATE TABLE push (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    -- Names the endpoint to whoever has it: the beginning of its SHA-256.
    name        BLOB NOT NULL,
    endpoint    TEXT NOT NULL,
    made_at     INTEGER NOT NULL,
    -- Up to which sequence of the shipment everything was told, and what that was.
    sequence    INTEGER NOT NULL,
    told        TEXT NOT NULL,
    -- Nobody tells it before this: it is being told, or is to be tried again then.
    not_before  INTEGER NOT NULL DEFAULT 0,
    tries       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (shipment_id, name)
) STRICT;
