-- +goose Up

-- key_rotations is the newest rotation of each tenant's wrapping key: a relay makes the key and wraps everything below it
-- anew, batch by batch; rewrap_after is how far it has come.
CREATE TABLE key_rotations (
    tenant_id    uuid PRIMARY KEY REFERENCES tenants,
    started_at   timestamptz NOT NULL,
    started_by   text NOT NULL,
    key_made_at  timestamptz,
    rewrap_after text NOT NULL DEFAULT '',
    rewrapped    bigint NOT NULL DEFAULT 0,
    ended_at     timestamptz,
    CHECK (ended_at IS NULL OR key_made_at IS NOT NULL)
);
ALTER TABLE key_rotations ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_rotations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON key_rotations USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE ON key_rotations TO docket_app;

-- +goose StatementBegin
CREATE FUNCTION docket_tenants_rotating() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT r.tenant_id FROM key_rotations r WHERE r.ended_at IS NULL;
    END;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION docket_tenants_rotating() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenants_rotating() TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_tenants_rotating() OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;
GRANT SELECT (tenant_id, ended_at) ON key_rotations TO docket_lookup;
CREATE POLICY lookup ON key_rotations FOR SELECT TO docket_lookup USING (true);

-- +goose Down
DROP FUNCTION docket_tenants_rotating();
DROP TABLE key_rotations;
