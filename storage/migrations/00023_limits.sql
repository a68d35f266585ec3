-- +goose Up

-- Who objects to marketing or opts out is not asked who they are: identity 'waived' says so, and lets such a request go on. Binaries from before
-- take in no such request.
ALTER TABLE cases DROP CONSTRAINT cases_identity_check,
    ADD CONSTRAINT cases_identity_check CHECK (identity IN ('unproven', 'checking', 'proven', 'failed', 'waived'));
ALTER TABLE cases DROP CONSTRAINT cases_check5,
    ADD CONSTRAINT cases_worked_proven CHECK (state NOT IN ('collecting', 'reviewing', 'packaging', 'delivering', 'clarifying') OR identity = 'proven'
        OR (identity = 'waived' AND state = 'collecting')),
    ADD CONSTRAINT cases_waived CHECK (identity <> 'waived' OR request_right IN ('objection', 'opt_out', 'limit_use'));

-- An opt-out preference signal of a browser is a request too (11 CCR 7025).
ALTER TABLE cases DROP CONSTRAINT cases_channel_check,
    ADD CONSTRAINT cases_channel_check CHECK (channel IN ('form', 'api', 'staff', 'email', 'phone', 'letter', 'signal'));

-- A request can carry several rights: each is a case of its own, and those that came together share this id and the proof of identity.
ALTER TABLE cases ADD COLUMN submission uuid;
CREATE INDEX cases_by_submission ON cases (tenant_id, submission) WHERE submission IS NOT NULL;

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed'));

-- processing_limits are what may no longer be done with somebody's data: restrictions, objections, opt-outs. They outlive the case that set them.
CREATE TABLE processing_limits (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    case_id      uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('restriction', 'direct_marketing', 'legitimate_interest', 'public_task', 'research', 'sale',
                     'targeted_advertising', 'profiling', 'sensitive_use')),
    citation     text NOT NULL,
    -- provisional limits stand while somebody decides on them.
    provisional  boolean NOT NULL,
    since        timestamptz NOT NULL,
    -- ends_at is when the person was told that it ends (Art. 18(3) GDPR): until then it stands.
    ends_at      timestamptz,
    lifted_at    timestamptz,
    lifted_by    text,
    PRIMARY KEY (tenant_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE UNIQUE INDEX processing_limits_by_case ON processing_limits (tenant_id, case_id, kind) WHERE lifted_at IS NULL;
CREATE INDEX processing_limits_ending ON processing_limits (tenant_id, ends_at) WHERE ends_at IS NOT NULL AND lifted_at IS NULL;
CREATE INDEX processing_limits_newest ON processing_limits (tenant_id, since DESC, id DESC);

-- processing_limit_people are found by keyed hashes and named nowhere.
CREATE TABLE processing_limit_people (
    tenant_id   uuid NOT NULL,
    limit_id    uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('email', 'phone', 'customer_id')),
    blind_index bytea NOT NULL,
    PRIMARY KEY (tenant_id, kind, blind_index, limit_id),
    FOREIGN KEY (tenant_id, limit_id) REFERENCES processing_limits (tenant_id, id)
);

-- balance_tests weigh the controller's grounds against the person's (Art. 21(1) GDPR): the words are sealed as everything about the person is.
CREATE TABLE balance_tests (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('grounds_override', 'person_prevails')),
    body_sealed bytea NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX balance_tests_by_case ON balance_tests (tenant_id, case_id, recorded_at);

-- amendments are what is set in the rows of a person in one system: a mark that a limit stands, its taking away, a correction.
CREATE TABLE amendments (
    id            uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    case_id       uuid NOT NULL,
    system_id     uuid NOT NULL,
    round         integer NOT NULL CHECK (round > 0),
    purpose       text NOT NULL CHECK (purpose IN ('limit', 'lift')),
    state         text NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'by_hand')),
    -- orders say what is set where; they may hold personal data.
    orders_sealed bytea NOT NULL,
    changed       bigint NOT NULL DEFAULT 0,
    rows_found    bigint,
    error         text,
    created_at    timestamptz NOT NULL,
    started_at    timestamptz,
    ended_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, case_id, round, system_id),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    CHECK ((state IN ('done', 'by_hand')) = (ended_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id)
);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['processing_limits', 'processing_limit_people', 'balance_tests', 'amendments'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT UPDATE (provisional, ends_at, lifted_at, lifted_by) ON processing_limits TO docket_app;
GRANT UPDATE (body_sealed) ON balance_tests TO docket_app;
GRANT UPDATE ON amendments TO docket_app;

-- +goose Down
DROP TABLE amendments;
DROP TABLE balance_tests;
DROP TABLE processing_limit_people;
DROP TABLE processing_limits;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind IN ('decision', 'amendment_failed');
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed'));
ALTER TABLE cases DROP CONSTRAINT cases_waived, DROP CONSTRAINT cases_worked_proven,
    ADD CONSTRAINT cases_check5 CHECK (state NOT IN ('collecting', 'reviewing', 'packaging', 'delivering', 'clarifying') OR identity = 'proven');
ALTER TABLE cases DROP CONSTRAINT cases_identity_check,
    ADD CONSTRAINT cases_identity_check CHECK (identity IN ('unproven', 'checking', 'proven', 'failed'));
ALTER TABLE cases DROP CONSTRAINT cases_channel_check,
    ADD CONSTRAINT cases_channel_check CHECK (channel IN ('form', 'api', 'staff', 'email', 'phone', 'letter'));
ALTER TABLE cases DROP COLUMN submission;
