-- +goose Up

-- The steps of an erasure: reviewed, proposed by one person, approved by another, waited for, carried out. Binaries from before know
-- none of these states and lead no case into them.
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
ALTER TABLE cases ADD CONSTRAINT cases_erased_proven CHECK (state NOT IN ('approving', 'scheduled', 'executing') OR identity = 'proven');

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed'));

-- change_sealed is how to reach the system with a role that may change it, sealed as the target is; without it people erase by hand.
ALTER TABLE systems ADD COLUMN change_sealed bytea;

-- erasure_surveys is what each system of a round counted and would do; the plan is made of them once all have answered.
CREATE TABLE erasure_surveys (
    tenant_id   uuid NOT NULL,
    run_id      uuid NOT NULL,
    body_sealed bytea NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES collection_runs (tenant_id, id)
);

-- erasure_decisions are what somebody of the controller decided on a plan: a collection is kept, rows are the person's all the same, a problem is known.
CREATE TABLE erasure_decisions (
    id            uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    case_id       uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('keep', 'claim', 'accept')),
    dataset       text NOT NULL,
    collection    text NOT NULL,
    citation      text NOT NULL DEFAULT '',
    reason_sealed bytea NOT NULL,
    decided_by    text NOT NULL,
    decided_at    timestamptz NOT NULL,
    removed_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX erasure_decisions_by_case ON erasure_decisions (tenant_id, case_id);
CREATE UNIQUE INDEX erasure_decisions_standing ON erasure_decisions (tenant_id, case_id, kind, dataset, collection) WHERE removed_at IS NULL;

-- An erasure plan is approved as it stands: sha256 is of what the approver read.
CREATE TABLE erasure_plans (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    round       integer NOT NULL,
    state       text NOT NULL CHECK (state IN ('made', 'proposed', 'approved', 'executing', 'done', 'void')),
    body_sealed bytea NOT NULL,
    sha256      bytea NOT NULL CHECK (length(sha256) = 32),
    totals      jsonb NOT NULL,
    proposed_by text,
    proposed_at timestamptz,
    approved_by text,
    approved_at timestamptz,
    not_before  timestamptz,
    started_at  timestamptz,
    ended_at    timestamptz,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, case_id, round),
    CHECK ((proposed_by IS NULL) = (proposed_at IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    -- Fail closed: nothing is erased by a plan that one person made and nobody else approved.
    CHECK (state NOT IN ('approved', 'executing', 'done') OR (approved_by IS NOT NULL AND approved_by <> proposed_by AND not_before IS NOT NULL)),
    CHECK (state NOT IN ('executing', 'done') OR started_at IS NOT NULL),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE UNIQUE INDEX erasure_plans_one_live ON erasure_plans (tenant_id, case_id) WHERE state NOT IN ('done', 'void');

-- erasure_runs is the work on one system; warrant is what the rows are found by when nothing in them says whose they are any more.
CREATE TABLE erasure_runs (
    id             uuid NOT NULL,
    tenant_id      uuid NOT NULL,
    case_id        uuid NOT NULL,
    plan_id        uuid NOT NULL,
    system_id      uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'by_hand')),
    warrant_sealed bytea,
    error          text,
    started_at     timestamptz,
    ended_at       timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, plan_id, system_id),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES erasure_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id)
);

-- erasure_steps is one collection: what was changed, and what a reading back found.
CREATE TABLE erasure_steps (
    tenant_id   uuid NOT NULL,
    run_id      uuid NOT NULL,
    dataset     text NOT NULL,
    collection  text NOT NULL,
    deleted     bigint NOT NULL DEFAULT 0,
    masked      bigint NOT NULL DEFAULT 0,
    trimmed     bigint NOT NULL DEFAULT 0,
    parts       bigint NOT NULL DEFAULT 0,
    -- unfinished are rows in which the order still had something to do when it was read back; kept are the person's rows that stay.
    unfinished  bigint,
    kept        bigint,
    intended_at timestamptz NOT NULL,
    done_at     timestamptz,
    verified_at timestamptz,
    CHECK ((verified_at IS NULL) = (unfinished IS NULL)),
    PRIMARY KEY (tenant_id, run_id, dataset, collection),
    FOREIGN KEY (tenant_id, run_id) REFERENCES erasure_runs (tenant_id, id)
);

-- A legal hold keeps what is held of people from erasure until it is lifted (Art. 17(3)(e) GDPR). Matter and reasons are sealed as the tenant's records are.
CREATE TABLE legal_holds (
    id            uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    matter_sealed bytea NOT NULL,
    citation      text NOT NULL,
    -- systems narrows the hold by key; empty means everywhere.
    systems       text[] NOT NULL DEFAULT '{}',
    review_on     date NOT NULL,
    placed_by     text NOT NULL,
    placed_at     timestamptz NOT NULL,
    reason_sealed bytea NOT NULL,
    lifted_by     text,
    lifted_at     timestamptz,
    lifted_sealed bytea,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_sealed IS NULL)),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX legal_holds_standing ON legal_holds (tenant_id, review_on) WHERE lifted_at IS NULL;

-- legal_hold_people are found by keyed hashes and named nowhere.
CREATE TABLE legal_hold_people (
    tenant_id   uuid NOT NULL,
    hold_id     uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('email', 'phone', 'customer_id')),
    blind_index bytea NOT NULL,
    PRIMARY KEY (tenant_id, kind, blind_index, hold_id),
    FOREIGN KEY (tenant_id, hold_id) REFERENCES legal_holds (tenant_id, id)
);
CREATE INDEX legal_hold_people_by_hold ON legal_hold_people (tenant_id, hold_id);

-- suppressions keep an address from being written to or taken in again: a keyed hash, never the address.
CREATE TABLE suppressions (
    tenant_id   uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('email', 'phone', 'customer_id')),
    blind_index bytea NOT NULL,
    scope       text NOT NULL CHECK (scope IN ('all', 'marketing')),
    reason      text NOT NULL CHECK (reason IN ('erasure', 'objection')),
    case_id     uuid,
    added_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, kind, blind_index, scope),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

-- erasure_tombstones say who was erased from a system, by keyed hash, so that a restored backup can be erased again.
CREATE TABLE erasure_tombstones (
    tenant_id   uuid NOT NULL,
    system_id   uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('email', 'phone', 'customer_id')),
    blind_index bytea NOT NULL,
    case_id     uuid NOT NULL,
    erased_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, system_id, kind, blind_index),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

-- deferred_erasures is what an exception keeps, and when it is erased. What its rows are found by is sealed under a key of its own, the
-- subject's here, which outlives that of the case.
CREATE TABLE deferred_erasures (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    plan_id     uuid NOT NULL,
    subject_id  uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('waiting', 'done')),
    due         timestamptz NOT NULL,
    body_sealed bytea,
    rounds      integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, plan_id),
    CHECK ((state = 'done') = (ended_at IS NOT NULL) AND (state = 'done') = (body_sealed IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES erasure_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id)
);
CREATE INDEX deferred_erasures_due ON deferred_erasures (tenant_id, due) WHERE state = 'waiting';

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['erasure_surveys', 'erasure_decisions', 'erasure_plans', 'erasure_runs', 'erasure_steps', 'legal_holds',
            'legal_hold_people', 'suppressions', 'erasure_tombstones', 'deferred_erasures'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE deferred_erasures;
DROP TABLE erasure_tombstones;
DROP TABLE suppressions;
DROP TABLE legal_hold_people;
DROP TABLE legal_holds;
DROP TABLE erasure_steps;
DROP TABLE erasure_runs;
DROP TABLE erasure_plans;
DROP TABLE erasure_decisions;
DROP TABLE erasure_surveys;
ALTER TABLE systems DROP COLUMN change_sealed;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind IN ('plan_review', 'approval', 'erasure_failed');
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message'));
ALTER TABLE cases DROP CONSTRAINT cases_erased_proven;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cases_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('clarifying', 'closed'), ('clarifying', 'collecting'),
            ('closed', 'received'),
            ('collecting', 'clarifying'), ('collecting', 'closed'), ('collecting', 'reviewing'),
            ('delivering', 'closed'), ('delivering', 'reviewing'),
            ('packaging', 'closed'), ('packaging', 'delivering'), ('packaging', 'reviewing'),
            ('received', 'closed'), ('received', 'collecting'), ('received', 'verifying'),
            ('reviewing', 'clarifying'), ('reviewing', 'closed'), ('reviewing', 'collecting'), ('reviewing', 'packaging'),
            ('verifying', 'closed'), ('verifying', 'collecting')
    ) THEN
        RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
