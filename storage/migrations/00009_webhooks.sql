-- +goose Up

-- webhooks are addresses of other programs that hear of a tenant's events. The events are those of the audit log, in its
-- order: position is the next place in the log that a webhook has not looked at.
CREATE TABLE webhooks (
    id              uuid PRIMARY KEY,
    tenant_id       uuid NOT NULL REFERENCES tenants,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    url             text NOT NULL CHECK (length(url) <= 2000),
    -- actions are those of the log that it hears of: request.closed, request.*, or * for all.
    actions         text[] NOT NULL CHECK (cardinality(actions) BETWEEN 1 AND 50),
    -- secret signs the events; the one before signs too while it is being replaced. Sealed under the tenant's record key.
    secret_sealed   bytea NOT NULL,
    previous_sealed bytea,
    previous_until  timestamptz,
    state           text NOT NULL CHECK (state IN ('active', 'disabled')),
    disabled_reason text,
    position        bigint NOT NULL CHECK (position >= 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK ((previous_sealed IS NULL) = (previous_until IS NULL)),
    CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL)),
    UNIQUE (tenant_id, id)
);

-- webhook_deliveries is what was sent, or is to be. An event goes to a webhook once, under one id over all its tries.
CREATE TABLE webhook_deliveries (
    id              uuid PRIMARY KEY,
    tenant_id       uuid NOT NULL,
    webhook_id      uuid NOT NULL,
    event_id        uuid NOT NULL,
    action          text NOT NULL,
    -- body is what is signed and sent: ids and facts about the process, nothing about a person.
    body            bytea NOT NULL,
    state           text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_status     text,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    CHECK ((state = 'queued') = (ended_at IS NULL)),
    UNIQUE (tenant_id, webhook_id, event_id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at, id) WHERE state = 'queued';
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (tenant_id, webhook_id, created_at DESC, id DESC);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['webhooks', 'webhook_deliveries'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO docket_app', t);
    END LOOP;
END
$$;

-- Tenants whose log has events that a webhook has not looked at.
CREATE FUNCTION docket_tenants_with_news() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT DISTINCT w.tenant_id FROM webhooks w JOIN audit_heads h ON h.tenant_id = w.tenant_id
        WHERE w.state = 'active' AND w.position < h.size;
    END;

CREATE FUNCTION docket_tenants_with_deliveries(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        -- Nothing is put off for more than a day. What seems to be was written while a clock was ahead.
        SELECT DISTINCT d.tenant_id FROM webhook_deliveries d
        WHERE d.state = 'queued' AND (d.next_attempt_at <= at OR d.next_attempt_at > at + interval '25 hours');
    END;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION docket_tenants_with_news(), docket_tenants_with_deliveries(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenants_with_news(), docket_tenants_with_deliveries(timestamptz) TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_tenants_with_news() OWNER TO docket_lookup;
ALTER FUNCTION docket_tenants_with_deliveries(timestamptz) OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;
GRANT SELECT (tenant_id, state, position) ON webhooks TO docket_lookup;
GRANT SELECT (tenant_id, state, next_attempt_at) ON webhook_deliveries TO docket_lookup;
GRANT SELECT (tenant_id, size) ON audit_heads TO docket_lookup;
CREATE POLICY lookup ON webhooks FOR SELECT TO docket_lookup USING (true);
CREATE POLICY lookup ON webhook_deliveries FOR SELECT TO docket_lookup USING (true);
CREATE POLICY lookup ON audit_heads FOR SELECT TO docket_lookup USING (true);

-- +goose Down
DROP POLICY lookup ON audit_heads;
REVOKE SELECT (tenant_id, size) ON audit_heads FROM docket_lookup;
DROP FUNCTION docket_tenants_with_deliveries(timestamptz);
DROP FUNCTION docket_tenants_with_news();
DROP TABLE webhook_deliveries;
DROP TABLE webhooks;
