-- +goose Up

-- transmission_links are links by which another controller fetches what a person takes along (Art. 20(2) GDPR): whoever has one needs nothing else, so the
-- hash of its token is there only as long as it works. Whom it was made for is sealed.
CREATE TABLE transmission_links (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    package_id  uuid NOT NULL,
    body_sealed bytea NOT NULL,
    token_hash  bytea CHECK (length(token_hash) = 32),
    made_kind   text NOT NULL CHECK (made_kind IN ('subject', 'person', 'api_key', 'system')),
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    reason      text CHECK (reason IN ('taken_back', 'used_up', 'expired', 'package_gone', 'restored')),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, package_id) REFERENCES packages (tenant_id, id),
    CHECK (expires_at > made_at),
    CHECK ((ended_at IS NULL) = (reason IS NULL)),
    CHECK ((ended_at IS NULL) = (token_hash IS NOT NULL))
);
CREATE INDEX transmission_links_by_case ON transmission_links (tenant_id, case_id, made_at);
CREATE INDEX transmission_links_open ON transmission_links (tenant_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX transmission_links_by_package ON transmission_links (tenant_id, package_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX transmission_links_token ON transmission_links (tenant_id, token_hash) WHERE token_hash IS NOT NULL;

ALTER TABLE transmission_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE transmission_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON transmission_links USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT ON transmission_links TO docket_app;
GRANT UPDATE (body_sealed, token_hash, ended_at, reason) ON transmission_links TO docket_app;

-- transmission_fetches are what came of such links: one row for each time that somebody began to fetch. bytes and sha256 are of what went out.
CREATE TABLE transmission_fetches (
    id        uuid NOT NULL,
    tenant_id uuid NOT NULL,
    link_id   uuid NOT NULL,
    begun_at  timestamptz NOT NULL,
    ended_at  timestamptz,
    bytes     bigint CHECK (bytes >= 0),
    whole     boolean,
    sha256    bytea CHECK (length(sha256) = 32),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, link_id) REFERENCES transmission_links (tenant_id, id),
    CHECK ((ended_at IS NULL) = (whole IS NULL)),
    CHECK ((ended_at IS NULL) = (bytes IS NULL)),
    CHECK (whole IS TRUE OR sha256 IS NULL),
    CHECK (whole IS NOT TRUE OR sha256 IS NOT NULL)
);
CREATE INDEX transmission_fetches_by_link ON transmission_fetches (tenant_id, link_id, begun_at);
CREATE INDEX transmission_fetches_open ON transmission_fetches (tenant_id, begun_at) WHERE ended_at IS NULL;

ALTER TABLE transmission_fetches ENABLE ROW LEVEL SECURITY;
ALTER TABLE transmission_fetches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON transmission_fetches USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT ON transmission_fetches TO docket_app;
GRANT UPDATE (ended_at, bytes, whole, sha256) ON transmission_fetches TO docket_app;

-- +goose Down
DROP TABLE transmission_fetches;
DROP TABLE transmission_links;
