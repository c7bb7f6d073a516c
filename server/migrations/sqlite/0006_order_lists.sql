-- Lists of orders go by their making; names are looked up without regard to case, too.
CREATE INDEX dialect_order_by_id ON dialect_order (tenant_id, dialect, id);
CREATE INDEX dialect_order_by_name ON dialect_order (tenant_id, dialect, external_id COLLATE NOCASE);
