-- +goose Up

-- appeals are what people make to the controller itself against its answer: decided within a period of their own, or confirmed and answered.
CREATE TABLE appeals (
    id                 uuid NOT NULL,
    tenant_id          uuid NOT NULL,
    case_id            uuid NOT NULL,
    kind               text NOT NULL CHECK (kind IN ('appeal', 'complaint')),
    state              text NOT NULL CHECK (state IN ('open', 'granted', 'denied', 'withdrawn')),
    channel            text NOT NULL CHECK (channel IN ('form', 'api', 'staff', 'email', 'phone', 'letter')),
    -- body is what the person says, explanation what they are answered.
    body_sealed        bytea NOT NULL,
    explanation_sealed bytea,
    received_at        timestamptz NOT NULL,
    decided_by         text,
    decided_at         timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX appeals_by_case ON appeals (tenant_id, case_id, received_at);
CREATE UNIQUE INDEX appeals_open ON appeals (tenant_id, case_id) WHERE state = 'open';
ALTER TABLE appeals ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON appeals USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE (state, body_sealed, explanation_sealed, decided_by, decided_at) ON appeals TO docket_app;

-- An appeal that comes after another one sets the day for its decision anew.
ALTER TABLE obligations DROP CONSTRAINT obligations_date_cause_check,
    ADD CONSTRAINT obligations_date_cause_check CHECK (date_cause IN ('intake', 'pause', 'resume', 'extension', 'start_reset', 'reopening', 'appeal'));

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal'));

-- +goose Down
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind = 'appeal';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction'));
ALTER TABLE obligations NO FORCE ROW LEVEL SECURITY;
UPDATE obligations SET date_cause = 'reopening' WHERE date_cause = 'appeal';
ALTER TABLE obligations FORCE ROW LEVEL SECURITY;
ALTER TABLE obligations DROP CONSTRAINT obligations_date_cause_check,
    ADD CONSTRAINT obligations_date_cause_check CHECK (date_cause IN ('intake', 'pause', 'resume', 'extension', 'start_reset', 'reopening'));
DROP TABLE appeals;
