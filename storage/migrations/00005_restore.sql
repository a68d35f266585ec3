-- +goose Up

-- restores are the backups that this register was brought back from. Server and worker do not start on a register with
-- a restore that has not ended.
CREATE TABLE restores (
    manifest_sha256 bytea PRIMARY KEY CHECK (length(manifest_sha256) = 32),
    taken_at        timestamptz NOT NULL,
    loaded_at       timestamptz NOT NULL,
    finished_at     timestamptz
);
GRANT SELECT ON restores TO docket_app;
-- A backup is made by the application's login, and says which schema it is of.
GRANT SELECT ON goose_db_version TO docket_app;

-- +goose StatementBegin
CREATE FUNCTION docket_packages_past(at timestamptz, wanted integer)
    RETURNS TABLE (tenant_id uuid, case_id uuid, id uuid, expires_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT p.tenant_id, p.case_id, p.id, p.expires_at FROM packages p
        WHERE p.state = 'ready' AND p.expires_at <= at ORDER BY p.expires_at LIMIT wanted;
    END;
-- +goose StatementEnd
CREATE INDEX packages_ready ON packages (expires_at) WHERE state = 'ready';

REVOKE EXECUTE ON FUNCTION docket_packages_past(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_packages_past(timestamptz, integer) TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_packages_past(timestamptz, integer) OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;
GRANT SELECT (tenant_id, case_id, id, state, expires_at) ON packages TO docket_lookup;
CREATE POLICY lookup ON packages FOR SELECT TO docket_lookup USING (true);

-- +goose Down
DROP POLICY lookup ON packages;
REVOKE SELECT (tenant_id, case_id, id, state, expires_at) ON packages FROM docket_lookup;
DROP FUNCTION docket_packages_past(timestamptz, integer);
DROP INDEX packages_ready;
REVOKE ALL ON goose_db_version FROM docket_app;
DROP TABLE restores;
