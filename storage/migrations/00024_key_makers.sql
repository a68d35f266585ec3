-- +goose Up

-- made_by is the member of staff who made the key, or who made the key that it was made with: what is done with it counts as theirs where two
-- people are wanted. Null where nobody is known, as for a key made on the server.
ALTER TABLE api_keys ADD COLUMN made_by text;

-- What is there already is told by the log, under an owner too whom row-level security binds.
ALTER TABLE api_keys NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY;
UPDATE api_keys k SET made_by = e.actor_id
FROM audit_events e WHERE e.tenant_id = k.tenant_id AND e.action = 'api_key.created' AND e.object_id = k.id::text;
-- +goose StatementBegin
DO $$
BEGIN
    -- A key made with a key is of the person at the beginning. A key is younger than the one it was made with, so this ends.
    LOOP
        UPDATE api_keys k SET made_by = maker.made_by FROM api_keys maker WHERE maker.tenant_id = k.tenant_id AND maker.id::text = k.made_by;
        EXIT WHEN NOT FOUND;
    END LOOP;
END
$$;
-- +goose StatementEnd
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;

-- A plan is approved by whoever may approve it; leads may not.
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
UPDATE tasks SET role = 'dpo' WHERE kind = 'approval' AND role = 'lead' AND state = 'open';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;

-- Holds are read a page at a time, newest first.
CREATE INDEX legal_holds_newest ON legal_holds (tenant_id, placed_at, id);

-- +goose Down
DROP INDEX legal_holds_newest;
ALTER TABLE api_keys DROP COLUMN made_by;
