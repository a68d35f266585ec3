-- +goose Up

-- The right to have a human look at a decision that a machine took alone (Art. 22(3) GDPR). Binaries from before take in no such request.
ALTER TABLE cases DROP CONSTRAINT cases_request_right_check,
    ADD CONSTRAINT cases_request_right_check CHECK (request_right IN ('access', 'portability', 'rectification', 'erasure', 'restriction', 'objection',
        'automated_decision', 'opt_out', 'limit_use'));

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal', 'inquiry', 'human_review'));

-- contests are the decisions that people contest: which, when, what it did and what they think of it, in their own words.
CREATE TABLE contests (
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    body_sealed bytea NOT NULL,
    -- makers are the members of staff who took or prepared the decision: none of them reviews it.
    makers      text[] NOT NULL,
    made_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

-- human_reviews are what a human came to who looked at such a decision. The words are sealed as everything about the person is.
CREATE TABLE human_reviews (
    id            uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    case_id       uuid NOT NULL,
    outcome       text NOT NULL CHECK (outcome IN ('upheld', 'changed', 'annulled')),
    body_sealed   bytea NOT NULL,
    recorded_by   text NOT NULL,
    recorded_role text NOT NULL,
    recorded_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX human_reviews_by_case ON human_reviews (tenant_id, case_id, recorded_at);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contests', 'human_reviews'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT UPDATE (body_sealed, makers) ON contests TO docket_app;
GRANT UPDATE (body_sealed) ON human_reviews TO docket_app;

-- +goose Down
DROP TABLE human_reviews;
DROP TABLE contests;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind = 'human_review';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal', 'inquiry'));
-- A register that holds such a request stays as it is: it would have to be erased with its evidence first.
ALTER TABLE cases DROP CONSTRAINT cases_request_right_check,
    ADD CONSTRAINT cases_request_right_check CHECK (request_right IN ('access', 'portability', 'rectification', 'erasure',
                        'restriction', 'objection', 'opt_out', 'limit_use'));
