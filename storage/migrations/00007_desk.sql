-- +goose Up

-- The board is narrowed by what stands in the case. A copy beside each obligation lets every filter have an index in the board's
-- order; the database keeps the copies itself, whichever binary writes. amber_at is when the first reminder of the ladder is
-- due: from then on, until it is overdue, an obligation is at risk.
ALTER TABLE obligations ADD COLUMN regime text, ADD COLUMN request_right text, ADD COLUMN assignee_id uuid, ADD COLUMN amber_at timestamptz;
-- When a request was answered, and whether that was on time: those of its obligation to respond, once that is met.
ALTER TABLE cases ADD COLUMN answered_at timestamptz, ADD COLUMN on_time boolean;

-- +goose StatementBegin
CREATE FUNCTION amber_from(earliest_safe timestamptz, ladder jsonb) RETURNS timestamptz LANGUAGE sql STABLE
    RETURN earliest_safe - coalesce((
        SELECT max(r::text::bigint) FROM jsonb_array_elements(
            CASE jsonb_typeof(ladder -> 'reminders') WHEN 'array' THEN ladder -> 'reminders' ELSE '[]' END) r), 0) / 1000 * interval '1 microsecond';

CREATE FUNCTION obligations_describe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT c.regime, c.request_right, c.assignee_id INTO NEW.regime, NEW.request_right, NEW.assignee_id
        FROM cases c WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.case_id;
    END IF;
    NEW.amber_at := amber_from(NEW.earliest_safe, NEW.ladder);
    RETURN NEW;
END
$$;

CREATE FUNCTION cases_tell_assignee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE obligations SET assignee_id = NEW.assignee_id WHERE tenant_id = NEW.tenant_id AND case_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION obligations_tell_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases SET answered_at = NEW.met_at, on_time = NEW.met_at <= NEW.due WHERE tenant_id = NEW.tenant_id AND id = NEW.case_id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- What is there already. The owner may be bound by row-level security too, and names no tenant here.
ALTER TABLE cases NO FORCE ROW LEVEL SECURITY;
ALTER TABLE obligations NO FORCE ROW LEVEL SECURITY;
UPDATE obligations o SET regime = c.regime, request_right = c.request_right, assignee_id = c.assignee_id,
    amber_at = amber_from(o.earliest_safe, o.ladder)
FROM cases c WHERE c.tenant_id = o.tenant_id AND c.id = o.case_id;
UPDATE cases c SET answered_at = o.met_at, on_time = o.met_at <= o.due
FROM obligations o WHERE o.tenant_id = c.tenant_id AND o.case_id = c.id AND o.kind = 'respond' AND o.state = 'met';
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE obligations FORCE ROW LEVEL SECURITY;

CREATE TRIGGER obligations_describe BEFORE INSERT OR UPDATE OF earliest_safe, ladder ON obligations
    FOR EACH ROW EXECUTE FUNCTION obligations_describe();
CREATE TRIGGER cases_tell_assignee AFTER UPDATE OF assignee_id ON cases
    FOR EACH ROW WHEN (NEW.assignee_id IS DISTINCT FROM OLD.assignee_id) EXECUTE FUNCTION cases_tell_assignee();
CREATE TRIGGER obligations_tell_answer AFTER UPDATE ON obligations
    FOR EACH ROW WHEN (NEW.kind = 'respond' AND NEW.met_at IS DISTINCT FROM OLD.met_at) EXECUTE FUNCTION obligations_tell_answer();

CREATE INDEX obligations_by_assignee ON obligations (tenant_id, assignee_id, due, id)
    WHERE state IN ('open', 'paused', 'overdue') AND assignee_id IS NOT NULL;
CREATE INDEX obligations_of_nobody ON obligations (tenant_id, due, id) WHERE state IN ('open', 'paused', 'overdue') AND assignee_id IS NULL;
CREATE INDEX obligations_by_regime ON obligations (tenant_id, regime, due, id) WHERE state IN ('open', 'paused', 'overdue');
CREATE INDEX obligations_by_right ON obligations (tenant_id, request_right, due, id) WHERE state IN ('open', 'paused', 'overdue');
-- The horizon counts in the index alone.
CREATE INDEX obligations_horizon ON obligations (tenant_id, due, id) INCLUDE (state, amber_at) WHERE state IN ('open', 'paused', 'overdue');
CREATE INDEX collection_runs_by_system ON collection_runs (tenant_id, system_id, case_id);

CREATE INDEX cases_by_outcome ON cases (tenant_id, outcome, received_at DESC, id DESC) WHERE outcome IS NOT NULL;
CREATE INDEX cases_by_timeliness ON cases (tenant_id, on_time, received_at DESC, id DESC) WHERE on_time IS NOT NULL;
CREATE INDEX cases_of_nobody ON cases (tenant_id, received_at DESC, id DESC) WHERE assignee_id IS NULL;
CREATE INDEX cases_duplicates ON cases (tenant_id, received_at DESC, id DESC) WHERE duplicate_of IS NOT NULL;
CREATE INDEX cases_by_due ON cases (tenant_id, next_due, id) WHERE next_due IS NOT NULL;
CREATE INDEX cases_by_assignee_and_due ON cases (tenant_id, assignee_id, next_due, id) WHERE next_due IS NOT NULL AND assignee_id IS NOT NULL;

-- Who has taken a task on. It is theirs until they release it, or an officer takes it over.
ALTER TABLE tasks ADD COLUMN claimed_by text, ADD COLUMN claimed_at timestamptz,
    ADD CONSTRAINT tasks_claim_whole CHECK ((claimed_by IS NULL) = (claimed_at IS NULL));

-- What somebody put beside a task: sealed under a key of its own, and no name of a file is kept.
ALTER TABLE tasks ADD CONSTRAINT tasks_tenant_id_id_key UNIQUE (tenant_id, id);
CREATE TABLE task_attachments (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL,
    case_id      uuid NOT NULL,
    task_id      uuid NOT NULL,
    object_key   text NOT NULL,
    wrapped_key  bytea,
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    bytes        bigint NOT NULL,
    media_type   text NOT NULL,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((destroyed_at IS NULL) = (wrapped_key IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id)
);
CREATE INDEX task_attachments_by_task ON task_attachments (tenant_id, task_id);
CREATE INDEX task_attachments_by_case ON task_attachments (tenant_id, case_id);
ALTER TABLE task_attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON task_attachments USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE ON task_attachments TO docket_app;

-- +goose Down
DROP TABLE task_attachments;
ALTER TABLE tasks DROP CONSTRAINT tasks_tenant_id_id_key;
ALTER TABLE tasks DROP COLUMN claimed_at, DROP COLUMN claimed_by;
DROP INDEX cases_by_assignee_and_due;
DROP INDEX cases_by_due;
DROP INDEX cases_duplicates;
DROP INDEX cases_of_nobody;
DROP INDEX cases_by_timeliness;
DROP INDEX cases_by_outcome;
DROP INDEX collection_runs_by_system;
DROP INDEX obligations_horizon;
DROP INDEX obligations_by_right;
DROP INDEX obligations_by_regime;
DROP INDEX obligations_of_nobody;
DROP INDEX obligations_by_assignee;
DROP TRIGGER obligations_tell_answer ON obligations;
DROP TRIGGER cases_tell_assignee ON cases;
DROP TRIGGER obligations_describe ON obligations;
DROP FUNCTION obligations_tell_answer();
DROP FUNCTION cases_tell_assignee();
DROP FUNCTION obligations_describe();
DROP FUNCTION amber_from(timestamptz, jsonb);
ALTER TABLE cases DROP COLUMN on_time, DROP COLUMN answered_at;
ALTER TABLE obligations DROP COLUMN amber_at, DROP COLUMN assignee_id, DROP COLUMN request_right, DROP COLUMN regime;
