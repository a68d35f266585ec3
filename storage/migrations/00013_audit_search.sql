-- +goose Up

-- What the log is searched by, out of the event's body, which alone is signed and shown; it is written with it and never changed.
-- The actor is named where it is a member of staff or a program, the object where the event belongs to no request: a system, an
-- account, a webhook.
ALTER TABLE audit_events ADD COLUMN actor_id text, ADD COLUMN object_id text, ADD COLUMN outcome text;

-- +goose StatementBegin
CREATE FUNCTION audit_events_describe() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said CONSTANT json NOT NULL := convert_from(NEW.body, 'UTF8');
BEGIN
    NEW.actor_id := CASE WHEN said -> 'actor' ->> 'kind' IN ('person', 'api_key') THEN said -> 'actor' ->> 'id' END;
    NEW.object_id := CASE WHEN NEW.case_id IS NULL THEN said -> 'object' ->> 'id' END;
    NEW.outcome := said ->> 'outcome';
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- What is there already is described the same way, under an owner too whom row-level security binds.
CREATE TRIGGER audit_events_describe BEFORE INSERT OR UPDATE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_describe();
ALTER TABLE audit_events DISABLE TRIGGER audit_events_only_placed;
ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY;
UPDATE audit_events SET outcome = NULL;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_events ENABLE TRIGGER audit_events_only_placed;
DROP TRIGGER audit_events_describe ON audit_events;
-- A binary from before this says nothing of it; one that does saves the register the reading.
CREATE TRIGGER audit_events_describe BEFORE INSERT ON audit_events
    FOR EACH ROW WHEN (NEW.outcome IS NULL) EXECUTE FUNCTION audit_events_describe();
ALTER TABLE audit_events ALTER COLUMN outcome SET NOT NULL;

-- An event gets into these with its place in the log: whoever is served does not wait for them, and the few that have none yet are
-- looked through (audit_events_pending).
CREATE INDEX audit_events_newest ON audit_events (tenant_id, at, id) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_events_by_action ON audit_events (tenant_id, action, at, id) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_events_by_actor ON audit_events (tenant_id, actor_id, at, id) WHERE leaf_index IS NOT NULL AND actor_id IS NOT NULL;
CREATE INDEX audit_events_by_object ON audit_events (tenant_id, object_id, at, id) WHERE leaf_index IS NOT NULL AND object_id IS NOT NULL;
CREATE INDEX audit_events_by_outcome ON audit_events (tenant_id, outcome, at, id) WHERE leaf_index IS NOT NULL AND outcome <> 'done';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_events_only_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL
       OR (NEW.id, NEW.tenant_id, NEW.action, NEW.at, NEW.body, NEW.outcome) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.action, OLD.at, OLD.body, OLD.outcome)
       OR (NEW.case_id, NEW.actor_id, NEW.object_id) IS DISTINCT FROM (OLD.case_id, OLD.actor_id, OLD.object_id) THEN
        RAISE EXCEPTION 'audit events are append-only';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_events_only_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL
       OR (NEW.id, NEW.tenant_id, NEW.action, NEW.at, NEW.body) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.action, OLD.at, OLD.body)
       OR NEW.case_id IS DISTINCT FROM OLD.case_id THEN
        RAISE EXCEPTION 'audit events are append-only';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
DROP TRIGGER audit_events_describe ON audit_events;
DROP FUNCTION audit_events_describe();
DROP INDEX audit_events_newest, audit_events_by_action, audit_events_by_actor, audit_events_by_object, audit_events_by_outcome;
ALTER TABLE audit_events DROP COLUMN actor_id, DROP COLUMN object_id, DROP COLUMN outcome;
