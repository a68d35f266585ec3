-- +goose Up

-- Somebody stops an import that is being written: what is written stays, and it goes on where it stopped, or is given up.
ALTER TABLE consent_imports ADD COLUMN stopped_at timestamptz;
ALTER TABLE consent_imports DROP CONSTRAINT consent_imports_state_check;
ALTER TABLE consent_imports ADD CONSTRAINT consent_imports_state_check CHECK (state IN ('waiting', 'checking', 'checked', 'running', 'stopped', 'done', 'failed'));
ALTER TABLE consent_imports ADD CONSTRAINT consent_imports_stopped_check CHECK (state <> 'stopped' OR stopped_at IS NOT NULL);
GRANT UPDATE (stopped_at) ON consent_imports TO docket_app;

-- +goose Down
ALTER TABLE consent_imports NO FORCE ROW LEVEL SECURITY;
UPDATE consent_imports SET state = 'failed', problem = 'stopped', ended_at = stopped_at, wrapped_key = NULL WHERE state = 'stopped';
ALTER TABLE consent_imports FORCE ROW LEVEL SECURITY;
ALTER TABLE consent_imports DROP CONSTRAINT consent_imports_stopped_check;
ALTER TABLE consent_imports DROP CONSTRAINT consent_imports_state_check;
ALTER TABLE consent_imports ADD CONSTRAINT consent_imports_state_check CHECK (state IN ('waiting', 'checking', 'checked', 'running', 'done', 'failed'));
ALTER TABLE consent_imports DROP COLUMN stopped_at;
