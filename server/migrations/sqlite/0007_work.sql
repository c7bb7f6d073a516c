-- Work that is due at a time: a try to be made again, the next step of a journey. Whoever claims it has it alone until
-- `claimed_until`; what it led to is written, and the work replaced or removed, in one transaction with the order.
CREATE TABLE dialect_work (
    tenant_id     INTEGER NOT NULL REFERENCES tenant (id),
    dialect       TEXT NOT NULL,
    kind          TEXT NOT NULL,
    work_id       TEXT NOT NULL,
    due_at        INTEGER NOT NULL,
    claimed_until INTEGER,
    claims        INTEGER NOT NULL,
    document      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, dialect, kind, work_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX dialect_work_by_time ON dialect_work (dialect, kind, due_at);
