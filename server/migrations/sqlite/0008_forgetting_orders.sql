-- Orders that became nothing are looked for by when their time was over.
CREATE INDEX dialect_order_unfulfilled ON dialect_order (tenant_id, dialect, status, ends_at)
    WHERE shipment_id IS NULL;
