-- +goose Up

-- An erasure that was carried out has a certificate. draft is what it says but for its evidence, until the events have their place in the log; then a
-- relay signs it, and note is what was signed with the signature. It names nobody and is not sealed: it outlives the case's person.
CREATE TABLE erasure_certificates (
    id         uuid NOT NULL,
    tenant_id  uuid NOT NULL,
    case_id    uuid NOT NULL,
    plan_id    uuid NOT NULL,
    draft      text,
    note       text,
    sha256     bytea CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL,
    signed_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, plan_id),
    CHECK ((draft IS NULL) = (signed_at IS NOT NULL) AND (note IS NULL) = (signed_at IS NULL) AND (sha256 IS NULL) = (signed_at IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES erasure_plans (tenant_id, id)
);
CREATE INDEX erasure_certificates_by_case ON erasure_certificates (tenant_id, case_id, created_at DESC);
CREATE INDEX erasure_certificates_unsigned ON erasure_certificates (tenant_id, created_at) WHERE signed_at IS NULL;
ALTER TABLE erasure_certificates ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure_certificates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON erasure_certificates USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
CREATE POLICY lookup ON erasure_certificates FOR SELECT TO docket_lookup USING (true);
GRANT SELECT (tenant_id, signed_at) ON erasure_certificates TO docket_lookup;
GRANT SELECT, INSERT, UPDATE (draft, note, sha256, signed_at) ON erasure_certificates TO docket_app;

-- +goose StatementBegin
CREATE FUNCTION docket_tenants_to_certify() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT DISTINCT c.tenant_id FROM erasure_certificates c WHERE c.signed_at IS NULL;
    END;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION docket_tenants_to_certify() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenants_to_certify() TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_tenants_to_certify() OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;

-- A certificate that was signed stays as it is.
-- +goose StatementBegin
CREATE FUNCTION erasure_certificates_signed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a signed certificate is not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER erasure_certificates_signed_once BEFORE UPDATE ON erasure_certificates
    FOR EACH ROW EXECUTE FUNCTION erasure_certificates_signed_once();

-- +goose Down
DROP FUNCTION docket_tenants_to_certify();
DROP TABLE erasure_certificates;
DROP FUNCTION erasure_certificates_signed_once();
