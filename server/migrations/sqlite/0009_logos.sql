-- A tenant's logo, apart from its settings, which are read far more often. `name` is a hash of `bytes`, by which
-- pages ask for it; two tenants may have the same.
CREATE TABLE logo (
    tenant_id  INTEGER PRIMARY KEY REFERENCES tenant (id),
    name       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;

CREATE INDEX logo_by_name ON logo (name);
