-- +goose Up

-- workflow_starts are written in the transaction that accepts a case; a relay starts whatever was left over. Whoever works
-- on a row claims it by moving next_attempt_at, so that it comes back by itself when they die.
CREATE TABLE workflow_starts (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    case_id    uuid NOT NULL,
    run        integer NOT NULL,
    created_at timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    started_at timestamptz,
    attempts   integer NOT NULL DEFAULT 0,
    last_error text,
    UNIQUE (tenant_id, case_id, run),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX workflow_starts_pending ON workflow_starts (next_attempt_at, id) WHERE started_at IS NULL;

-- workflow_signals carry facts to a running workflow (identity proven, package fetched), with the same promise.
CREATE TABLE workflow_signals (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    workflow_id text NOT NULL,
    name        text NOT NULL,
    created_at  timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    sent_at     timestamptz,
    attempts    integer NOT NULL DEFAULT 0,
    last_error  text,
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX workflow_signals_pending ON workflow_signals (next_attempt_at, id) WHERE sent_at IS NULL;

CREATE TABLE idempotency_keys (
    tenant_id    uuid NOT NULL,
    principal    text NOT NULL,
    key_hash     bytea NOT NULL CHECK (length(key_hash) = 32),
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    status       integer,
    response     bytea,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, principal, key_hash)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (tenant_id, expires_at);

-- audit_events is written only by package audit. The application may add rows and give them their place in the log
-- once; it may never change or remove what an event says.
CREATE TABLE audit_events (
    id         uuid NOT NULL,
    tenant_id  uuid NOT NULL,
    case_id    uuid,
    action     text NOT NULL,
    at         timestamptz NOT NULL,
    body       bytea NOT NULL,
    leaf_index bigint CHECK (leaf_index >= 0),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX audit_events_leaf ON audit_events (tenant_id, leaf_index) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_events_pending ON audit_events (tenant_id, at, id) WHERE leaf_index IS NULL;
CREATE INDEX audit_events_by_case ON audit_events (tenant_id, case_id, at, id) WHERE case_id IS NOT NULL;

CREATE TABLE audit_hashes (
    tenant_id uuid NOT NULL,
    position  bigint NOT NULL,
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, position)
);

CREATE TABLE audit_heads (
    tenant_id  uuid PRIMARY KEY REFERENCES tenants,
    size       bigint NOT NULL CHECK (size >= 0),
    root       bytea NOT NULL CHECK (length(root) = 32),
    updated_at timestamptz NOT NULL
);

CREATE TABLE audit_checkpoints (
    tenant_id uuid NOT NULL,
    size      bigint NOT NULL,
    note      bytea NOT NULL,
    signed_at timestamptz NOT NULL,
    exported_at timestamptz,
    PRIMARY KEY (tenant_id, size)
);
CREATE INDEX audit_checkpoints_to_export ON audit_checkpoints (tenant_id) WHERE exported_at IS NULL;

-- +goose StatementBegin
CREATE FUNCTION audit_events_only_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL
       OR (NEW.id, NEW.tenant_id, NEW.action, NEW.at, NEW.body) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.action, OLD.at, OLD.body)
       OR NEW.case_id IS DISTINCT FROM OLD.case_id THEN
        RAISE EXCEPTION 'audit events are append-only';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION docket_tenants_with_starts(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT DISTINCT s.tenant_id FROM workflow_starts s WHERE s.started_at IS NULL
            AND (s.next_attempt_at <= at OR s.next_attempt_at > at + interval '1 hour');
    END;

CREATE FUNCTION docket_tenants_with_signals(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT DISTINCT s.tenant_id FROM workflow_signals s WHERE s.sent_at IS NULL
            AND (s.next_attempt_at <= at OR s.next_attempt_at > at + interval '1 hour');
    END;

CREATE FUNCTION docket_tenants_with_mail(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        -- What seems to be put off for more than a day was written while a clock was ahead.
        SELECT DISTINCT m.tenant_id FROM messages m
        WHERE m.state = 'queued' AND (m.next_attempt_at <= at OR m.next_attempt_at > at + interval '25 hours');
    END;

CREATE FUNCTION docket_tenants_with_audit() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT t.id FROM tenants t
        WHERE EXISTS (SELECT FROM audit_events e WHERE e.tenant_id = t.id AND e.leaf_index IS NULL);
    END;

CREATE FUNCTION docket_tenants_to_archive() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT DISTINCT c.tenant_id FROM audit_checkpoints c WHERE c.exported_at IS NULL;
    END;
-- +goose StatementEnd

REVOKE EXECUTE ON FUNCTION docket_tenants_with_starts(timestamptz), docket_tenants_with_signals(timestamptz),
    docket_tenants_with_mail(timestamptz), docket_tenants_with_audit(), docket_tenants_to_archive() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenants_with_starts(timestamptz), docket_tenants_with_signals(timestamptz),
    docket_tenants_with_mail(timestamptz), docket_tenants_with_audit(), docket_tenants_to_archive() TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_tenants_with_starts(timestamptz) OWNER TO docket_lookup;
ALTER FUNCTION docket_tenants_with_signals(timestamptz) OWNER TO docket_lookup;
ALTER FUNCTION docket_tenants_with_mail(timestamptz) OWNER TO docket_lookup;
ALTER FUNCTION docket_tenants_with_audit() OWNER TO docket_lookup;
ALTER FUNCTION docket_tenants_to_archive() OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;
GRANT SELECT (tenant_id, started_at, next_attempt_at) ON workflow_starts TO docket_lookup;
GRANT SELECT (tenant_id, sent_at, next_attempt_at) ON workflow_signals TO docket_lookup;
GRANT SELECT (tenant_id, state, next_attempt_at) ON messages TO docket_lookup;
GRANT SELECT (tenant_id, leaf_index) ON audit_events TO docket_lookup;
GRANT SELECT (tenant_id, exported_at) ON audit_checkpoints TO docket_lookup;
CREATE POLICY lookup ON workflow_starts FOR SELECT TO docket_lookup USING (true);
CREATE POLICY lookup ON workflow_signals FOR SELECT TO docket_lookup USING (true);
CREATE POLICY lookup ON messages FOR SELECT TO docket_lookup USING (true);
CREATE POLICY lookup ON audit_events FOR SELECT TO docket_lookup USING (true);
CREATE POLICY lookup ON audit_checkpoints FOR SELECT TO docket_lookup USING (true);

CREATE TRIGGER audit_events_only_placed BEFORE UPDATE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_only_placed();

-- Row-level security for every table with a tenant_id, in one place, so that none is forgotten.
-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOR t IN
        SELECT c.table_name FROM information_schema.columns c
        JOIN information_schema.tables b USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND b.table_type = 'BASE TABLE'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- What is evidence stays: no row of it can be deleted, and no more of it changed than the work needs.
REVOKE DELETE ON audit_events, audit_hashes, audit_heads, audit_checkpoints, case_transitions, superseded_dates,
    obligation_milestones, extensions, pauses, cases, obligations, receipts FROM docket_app;
REVOKE UPDATE ON audit_events, audit_hashes, audit_checkpoints, case_transitions, superseded_dates,
    obligation_milestones, extensions FROM docket_app;
GRANT UPDATE (leaf_index) ON audit_events TO docket_app;
GRANT UPDATE (exported_at) ON audit_checkpoints TO docket_app;

-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOR t IN SELECT DISTINCT tablename FROM pg_policies
             WHERE schemaname = 'public' AND policyname = 'tenant_rows' AND tablename <> 'tenants'
    LOOP
        EXECUTE format('DROP POLICY tenant_rows ON %I', t);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
DROP FUNCTION docket_tenants_to_archive();
DROP FUNCTION docket_tenants_with_audit();
DROP FUNCTION docket_tenants_with_mail(timestamptz);
DROP FUNCTION docket_tenants_with_signals(timestamptz);
DROP FUNCTION docket_tenants_with_starts(timestamptz);
DROP POLICY lookup ON messages;
REVOKE ALL ON messages FROM docket_lookup;
DROP TABLE audit_checkpoints;
DROP TABLE audit_heads;
DROP TABLE audit_hashes;
DROP TABLE audit_events;
DROP TABLE idempotency_keys;
DROP TABLE workflow_signals;
DROP TABLE workflow_starts;
DROP FUNCTION audit_events_only_placed();
