-- Forgetting finds what is old without looking at what is not.
CREATE INDEX news_by_age ON news (at);
CREATE INDEX endpoint_scoped_by_age ON endpoint (created_at) WHERE scope <> '';
CREATE INDEX push_by_age ON push (made_at);
CREATE INDEX dialect_place_by_end ON dialect_place (tenant_id, dialect, until) WHERE until IS NOT NULL;

-- Host and port of `url`: endpoints of one tenant that lead to the same receiver share what may be on its way there.
ALTER TABLE endpoint ADD COLUMN receiver TEXT GENERATED ALWAYS AS (
    substr(url, instr(url, '://') + 3, instr(substr(url, instr(url, '://') + 3) || '/', '/') - 1)) VIRTUAL;

-- The same of a device's push service.
ALTER TABLE push ADD COLUMN service TEXT GENERATED ALWAYS AS (
    substr(endpoint, instr(endpoint, '://') + 3,
           instr(substr(endpoint, instr(endpoint, '://') + 3) || '/', '/') - 1)) VIRTUAL;

-- Answers are sealed from now on; those from before lay open.
UPDATE attempt SET answer = NULL WHERE answer IS NOT NULL;
