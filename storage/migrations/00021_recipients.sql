-- +goose Up

-- recipient_notices is who must hear of an erasure (Art. 19 GDPR): recipients that the declarations of the systems concerned name for what was erased.
CREATE TABLE recipient_notices (
    id         uuid NOT NULL,
    tenant_id  uuid NOT NULL,
    case_id    uuid NOT NULL,
    plan_id    uuid NOT NULL,
    recipient  text NOT NULL,
    role       text NOT NULL CHECK (role IN ('processor', 'controller')),
    system_key text NOT NULL,
    categories text[] NOT NULL,
    state      text NOT NULL CHECK (state IN ('to_tell', 'told', 'confirmed', 'not_told')),
    reason     text CHECK (reason IN ('impossible', 'disproportionate')),
    created_at timestamptz NOT NULL,
    moved_by   text,
    moved_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, plan_id, system_key, recipient),
    CHECK ((state = 'not_told') = (reason IS NOT NULL)),
    CHECK ((state = 'to_tell') = (moved_at IS NULL) AND (moved_at IS NULL) = (moved_by IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES erasure_plans (tenant_id, id)
);
CREATE INDEX recipient_notices_by_case ON recipient_notices (tenant_id, case_id);
ALTER TABLE recipient_notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE recipient_notices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON recipient_notices USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE (state, reason, moved_by, moved_at) ON recipient_notices TO docket_app;

-- +goose Down
DROP TABLE recipient_notices;
