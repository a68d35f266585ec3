-- +goose Up

-- A suppression ends when the person comes back by themselves: it stays on record, and whoever is erased once more is suppressed anew beside it.
ALTER TABLE suppressions ADD COLUMN ended_at timestamptz;
ALTER TABLE suppressions ADD COLUMN ended_by text;
ALTER TABLE suppressions ADD COLUMN end_reason text CHECK (end_reason IN ('consent', 'contract', 'mistake'));
ALTER TABLE suppressions ADD CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL));
ALTER TABLE suppressions DROP CONSTRAINT suppressions_pkey;
ALTER TABLE suppressions ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE suppressions ADD PRIMARY KEY (tenant_id, id);
CREATE UNIQUE INDEX suppressions_standing ON suppressions (tenant_id, kind, blind_index, scope) WHERE ended_at IS NULL;
GRANT UPDATE (ended_at, ended_by, end_reason) ON suppressions TO docket_app;

-- +goose Down
ALTER TABLE suppressions NO FORCE ROW LEVEL SECURITY;
DELETE FROM suppressions WHERE ended_at IS NOT NULL;
ALTER TABLE suppressions FORCE ROW LEVEL SECURITY;
DROP INDEX suppressions_standing;
ALTER TABLE suppressions DROP CONSTRAINT suppressions_pkey;
ALTER TABLE suppressions ADD PRIMARY KEY (tenant_id, kind, blind_index, scope);
ALTER TABLE suppressions DROP COLUMN id, DROP COLUMN end_reason, DROP COLUMN ended_by, DROP COLUMN ended_at;
REVOKE UPDATE ON suppressions FROM docket_app;
