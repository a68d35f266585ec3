-- +goose Up

-- A closed case is forgotten when its own time is over: the person's key and everything sealed under it are destroyed, the row stays and
-- counts. look_again puts that off while a hold stands on the person.
ALTER TABLE cases ADD COLUMN forgotten_at timestamptz, ADD COLUMN look_again timestamptz,
    ADD CONSTRAINT cases_forgotten_closed CHECK (forgotten_at IS NULL OR (state = 'closed' AND details_sealed IS NULL));
CREATE INDEX cases_to_forget ON cases (tenant_id, closed_at) WHERE closed_at IS NOT NULL AND forgotten_at IS NULL;

GRANT UPDATE (body_sealed) ON conversation TO docket_app;
GRANT UPDATE ON representatives TO docket_app;

-- +goose Down
REVOKE UPDATE ON representatives FROM docket_app;
REVOKE UPDATE (body_sealed) ON conversation FROM docket_app;
DROP INDEX cases_to_forget;
ALTER TABLE cases DROP COLUMN look_again, DROP COLUMN forgotten_at;
