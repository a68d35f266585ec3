-- +goose Up

-- conversation is what the controller and the person wrote to each other about a case: sealed under the person's key, read
-- by the person on a page behind a code, never sent by mail.
CREATE TABLE conversation (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    sender      text NOT NULL CHECK (sender IN ('person', 'staff')),
    -- author is who entered it: the person, or a member of staff, who may also write down what the person said elsewhere.
    author      text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('message', 'question', 'answer')),
    body_sealed bytea NOT NULL,
    at          timestamptz NOT NULL,
    -- read_at is when the other side first saw it.
    read_at     timestamptz,
    CHECK (read_at >= at),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX conversation_by_case ON conversation (tenant_id, case_id, at, id);

-- representatives ask for the person: who they are, sealed under the person's key.
CREATE TABLE representatives (
    tenant_id      uuid NOT NULL,
    case_id        uuid NOT NULL,
    details_sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

ALTER TABLE representatives ENABLE ROW LEVEL SECURITY;
ALTER TABLE representatives FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON representatives USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT ON representatives TO docket_app;

-- A document shows who somebody is, or that they may ask for another.
ALTER TABLE identity_documents ADD COLUMN kind text NOT NULL DEFAULT 'identity' CHECK (kind IN ('identity', 'authority'));

ALTER TABLE conversation ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON conversation USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT ON conversation TO docket_app;
GRANT UPDATE (read_at) ON conversation TO docket_app;

ALTER TABLE identity_codes DROP CONSTRAINT identity_codes_purpose_check,
    ADD CONSTRAINT identity_codes_purpose_check CHECK (purpose IN ('identity', 'download', 'conversation'));

-- +goose Down
ALTER TABLE identity_codes DROP CONSTRAINT identity_codes_purpose_check,
    ADD CONSTRAINT identity_codes_purpose_check CHECK (purpose IN ('identity', 'download'));
ALTER TABLE identity_documents DROP COLUMN kind;
DROP TABLE representatives;
DROP TABLE conversation;
