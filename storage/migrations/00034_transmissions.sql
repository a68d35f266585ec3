-- +goose Up

-- transmissions are packages that a person has sent to another controller directly (Art. 20(2) GDPR). Whom to, and the address, are sealed: an address
-- that takes an upload is a secret, and where somebody moves to is theirs.
CREATE TABLE transmissions (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    package_id  uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('open', 'sent', 'failed', 'refused')),
    body_sealed bytea NOT NULL,
    asked_kind  text NOT NULL CHECK (asked_kind IN ('subject', 'person', 'api_key', 'system')),
    asked_by    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    -- reason says why it failed or was refused; status is what the receiver answered last.
    reason      text,
    status      integer CHECK (status BETWEEN 100 AND 999),
    bytes       bigint CHECK (bytes >= 0),
    sha256      bytea CHECK (length(sha256) = 32),
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, package_id) REFERENCES packages (tenant_id, id),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state IN ('failed', 'refused')) = (reason IS NOT NULL)),
    CHECK (state <> 'sent' OR (bytes IS NOT NULL AND sha256 IS NOT NULL AND status IS NOT NULL))
);
CREATE INDEX transmissions_by_case ON transmissions (tenant_id, case_id, asked_at);
-- One at a time: whoever asks anew asks once the other has ended.
CREATE UNIQUE INDEX transmissions_open ON transmissions (tenant_id, case_id) WHERE state = 'open';

ALTER TABLE transmissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE transmissions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON transmissions USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT ON transmissions TO docket_app;
GRANT UPDATE (body_sealed, state, reason, status, bytes, sha256, ended_at) ON transmissions TO docket_app;

-- +goose Down
DROP TABLE transmissions;
