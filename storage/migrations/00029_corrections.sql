-- +goose Up

-- A rectification goes from its review to execution: one person decides, unlike on an erasure. Binaries from before take in no such request.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cases_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('approving', 'closed'), ('approving', 'reviewing'), ('approving', 'scheduled'),
            ('clarifying', 'closed'), ('clarifying', 'collecting'),
            ('closed', 'received'),
            ('collecting', 'clarifying'), ('collecting', 'closed'), ('collecting', 'reviewing'),
            ('delivering', 'closed'), ('delivering', 'reviewing'),
            ('executing', 'closed'), ('executing', 'collecting'),
            ('packaging', 'closed'), ('packaging', 'delivering'), ('packaging', 'reviewing'),
            ('received', 'closed'), ('received', 'collecting'), ('received', 'verifying'),
            ('reviewing', 'approving'), ('reviewing', 'clarifying'), ('reviewing', 'closed'), ('reviewing', 'collecting'), ('reviewing', 'executing'),
            ('reviewing', 'packaging'),
            ('scheduled', 'closed'), ('scheduled', 'executing'), ('scheduled', 'reviewing'),
            ('verifying', 'closed'), ('verifying', 'collecting')
    ) THEN
        RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'reviewing' AND NEW.state = 'executing' AND NEW.request_right <> 'rectification' THEN
        RAISE EXCEPTION 'only a rectification is executed by the word of one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction'));

-- holdings are what the person's rows in a system say, field by field, as they were read in a round, and by what those rows are found again: no
-- others are written to.
CREATE TABLE holdings (
    tenant_id      uuid NOT NULL,
    run_id         uuid NOT NULL,
    body_sealed    bytea NOT NULL,
    warrant_sealed bytea NOT NULL,
    at             timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES collection_runs (tenant_id, id)
);

-- corrections are values that are to become others (Art. 16 GDPR), with what became of them.
CREATE TABLE corrections (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    system_id   uuid NOT NULL,
    round       integer NOT NULL CHECK (round > 0),
    dataset     text NOT NULL,
    collection  text NOT NULL,
    field       text NOT NULL,
    -- body is what it says, what it is to say, and why.
    body_sealed bytea NOT NULL,
    state       text NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'taken_back', 'written', 'by_hand', 'overtaken')),
    -- reason is the ground on which it was refused.
    reason      text,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by  text,
    decided_at  timestamptz,
    -- rows is in how many of the person's rows it was written.
    rows        bigint,
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'refused') = (reason IS NOT NULL)),
    CHECK ((state IN ('proposed', 'taken_back')) = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    CHECK ((state IN ('written', 'by_hand', 'overtaken')) = (ended_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id)
);
CREATE INDEX corrections_by_case ON corrections (tenant_id, case_id, proposed_at);

-- statements are what people want to be kept beside data that was not corrected as they asked.
CREATE TABLE statements (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    body_sealed bytea NOT NULL,
    made_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX statements_by_case ON statements (tenant_id, case_id, made_at);

ALTER TABLE amendments DROP CONSTRAINT amendments_purpose_check,
    ADD CONSTRAINT amendments_purpose_check CHECK (purpose IN ('limit', 'lift', 'correct', 'statement'));

-- Art. 19 GDPR names rectifications and restrictions beside erasures.
ALTER TABLE recipient_notices ALTER COLUMN plan_id DROP NOT NULL;

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['holdings', 'corrections', 'statements'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT UPDATE (body_sealed, warrant_sealed, at) ON holdings TO docket_app;
GRANT UPDATE (body_sealed, state, reason, decided_by, decided_at, rows, ended_at) ON corrections TO docket_app;
GRANT UPDATE (body_sealed) ON statements TO docket_app;

-- +goose Down
DELETE FROM recipient_notices WHERE plan_id IS NULL;
ALTER TABLE recipient_notices ALTER COLUMN plan_id SET NOT NULL;
DELETE FROM amendments WHERE purpose IN ('correct', 'statement');
ALTER TABLE amendments DROP CONSTRAINT amendments_purpose_check,
    ADD CONSTRAINT amendments_purpose_check CHECK (purpose IN ('limit', 'lift'));
DROP TABLE statements;
DROP TABLE corrections;
DROP TABLE holdings;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind = 'correction';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed'));
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cases_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('approving', 'closed'), ('approving', 'reviewing'), ('approving', 'scheduled'),
            ('clarifying', 'closed'), ('clarifying', 'collecting'),
            ('closed', 'received'),
            ('collecting', 'clarifying'), ('collecting', 'closed'), ('collecting', 'reviewing'),
            ('delivering', 'closed'), ('delivering', 'reviewing'),
            ('executing', 'closed'), ('executing', 'collecting'),
            ('packaging', 'closed'), ('packaging', 'delivering'), ('packaging', 'reviewing'),
            ('received', 'closed'), ('received', 'collecting'), ('received', 'verifying'),
            ('reviewing', 'approving'), ('reviewing', 'clarifying'), ('reviewing', 'closed'), ('reviewing', 'collecting'), ('reviewing', 'packaging'),
            ('scheduled', 'closed'), ('scheduled', 'executing'), ('scheduled', 'reviewing'),
            ('verifying', 'closed'), ('verifying', 'collecting')
    ) THEN
        RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
