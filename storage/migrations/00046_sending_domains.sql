-- +goose Up

-- sending_domains are the domains from which a tenant sends, as it says; that it may is shown by a TXT record with the token, which
-- stands in public and is no secret. seen_at is when the record was last there, missing_since when it was first not there after that.
CREATE TABLE sending_domains (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL REFERENCES tenants,
    domain        text NOT NULL CHECK (length(domain) BETWEEN 3 AND 253 AND domain = lower(domain)),
    token         text NOT NULL CHECK (length(token) BETWEEN 20 AND 100),
    added_at      timestamptz NOT NULL,
    checked_at    timestamptz,
    verified_at   timestamptz,
    seen_at       timestamptz,
    missing_since timestamptz,
    UNIQUE (tenant_id, domain),
    CHECK ((verified_at IS NULL) = (seen_at IS NULL)),
    CHECK (missing_since IS NULL OR verified_at IS NOT NULL),
    CHECK (verified_at IS NULL OR checked_at IS NOT NULL)
);

ALTER TABLE sending_domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE sending_domains FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON sending_domains USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, DELETE ON sending_domains TO docket_app;
GRANT UPDATE (checked_at, verified_at, seen_at, missing_since) ON sending_domains TO docket_app;

-- +goose Down
DROP TABLE sending_domains;
