-- +goose Up

-- The tables that every request writes to have no foreign key to tenants: each transaction would lock the tenant's one row,
-- and all of them would meet there. Tenants are never deleted, and row-level security lets in rows of the session's tenant
-- only, whose keys were read from its row before anything could be sealed.

CREATE TABLE subjects (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    -- wrapped_key opens everything sealed about this person; destroying it makes all of that unreadable for good.
    wrapped_key  bytea,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)),
    PRIMARY KEY (tenant_id, id)
);

-- subject_identities answer "who is this": equality by keyed blind index, the value itself sealed. Name tokens have
-- no sealed value of their own, the full name stands in its row of kind 'name'.
CREATE TABLE subject_identities (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    subject_id   uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('email', 'phone', 'name', 'name_token', 'customer_id')),
    blind_index  bytea,
    value_sealed bytea,
    created_at   timestamptz NOT NULL,
    CHECK (blind_index IS NOT NULL OR value_sealed IS NOT NULL),
    PRIMARY KEY (tenant_id, subject_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id)
);
-- Whoever looks for people finds their ids in the index and reads no row of theirs.
CREATE INDEX subject_identities_by_index ON subject_identities (tenant_id, kind, blind_index) INCLUDE (subject_id);

CREATE TABLE cases (
    id              uuid NOT NULL,
    tenant_id       uuid NOT NULL,
    subject_id      uuid NOT NULL,
    reference       text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('request')),
    request_right   text NOT NULL CHECK (request_right IN ('access', 'portability', 'rectification', 'erasure',
                        'restriction', 'objection', 'opt_out', 'limit_use')),
    regime          text NOT NULL,
    regime_version  text NOT NULL,
    calendar        text NOT NULL,
    zone            text NOT NULL,
    language        text NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('form', 'api', 'staff', 'email', 'phone', 'letter')),
    state           text NOT NULL,
    outcome         text CHECK (outcome IN ('fulfilled', 'refused', 'withdrawn', 'cancelled', 'unverified')),
    reason_code     text,
    identity        text NOT NULL CHECK (identity IN ('unproven', 'checking', 'proven', 'failed')),
    identity_method text CHECK (identity_method IN ('email_code', 'document', 'assertion', 'staff_check')),
    assignee_id     uuid,
    duplicate_of    uuid,
    run             integer NOT NULL DEFAULT 1 CHECK (run > 0),
    received_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL,
    backdate_reason text,
    closed_at       timestamptz,
    next_due        timestamptz,
    details_sealed  bytea,
    facts           jsonb NOT NULL DEFAULT '{}',
    updated_at      timestamptz NOT NULL,
    UNIQUE (tenant_id, reference),
    CHECK (received_at = recorded_at OR backdate_reason IS NOT NULL),
    CHECK ((state = 'closed') = (outcome IS NOT NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK (outcome IS DISTINCT FROM 'refused' OR reason_code IS NOT NULL),
    CHECK ((identity = 'proven') <= (identity_method IS NOT NULL)),
    -- Fail closed: nothing is collected, reviewed or delivered for a person whose identity is not proven.
    CHECK (state NOT IN ('collecting', 'reviewing', 'packaging', 'delivering', 'clarifying') OR identity = 'proven'),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id),
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES staff (tenant_id, id),
    FOREIGN KEY (tenant_id, duplicate_of) REFERENCES cases (tenant_id, id)
);
-- Each filter of the list has an index in the list's order, so that a page costs its own rows, however rare they are.
CREATE INDEX cases_newest ON cases (tenant_id, received_at DESC, id DESC);
CREATE INDEX cases_by_state ON cases (tenant_id, state, received_at DESC, id DESC);
CREATE INDEX cases_by_right ON cases (tenant_id, request_right, received_at DESC, id DESC);
CREATE INDEX cases_by_regime ON cases (tenant_id, regime, received_at DESC, id DESC);
CREATE INDEX cases_by_assignee ON cases (tenant_id, assignee_id, received_at DESC, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX cases_by_assignee_and_state ON cases (tenant_id, assignee_id, state, received_at DESC, id DESC) WHERE assignee_id IS NOT NULL;
CREATE INDEX cases_by_subject ON cases (tenant_id, subject_id);
CREATE INDEX cases_by_original ON cases (tenant_id, duplicate_of) WHERE duplicate_of IS NOT NULL;

-- case_transitions is the path a case took. key is deterministic, so a retried step changes nothing.
CREATE TABLE case_transitions (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    key         text NOT NULL,
    event       text NOT NULL,
    from_state  text,
    to_state    text NOT NULL,
    reason_code text,
    actor_kind  text NOT NULL,
    actor_id    text NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, case_id, key),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

-- An obligation holds the date in force, with its number, its cause and since when it stands.
CREATE TABLE obligations (
    id              uuid NOT NULL,
    tenant_id       uuid NOT NULL,
    case_id         uuid NOT NULL,
    kind            text NOT NULL,
    citation        text NOT NULL,
    state           text NOT NULL,
    due             timestamptz NOT NULL,
    earliest_safe   timestamptz NOT NULL,
    explanation     jsonb NOT NULL,
    date_seq        integer NOT NULL DEFAULT 1 CHECK (date_seq > 0),
    date_cause      text NOT NULL CHECK (date_cause IN ('intake', 'pause', 'resume', 'extension', 'start_reset', 'reopening')),
    dated_at        timestamptz NOT NULL,
    ladder          jsonb NOT NULL,
    met_at          timestamptz,
    waived_reason   text,
    acknowledged_at timestamptz,
    acknowledged_by text,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    UNIQUE (tenant_id, case_id, kind),
    CHECK (earliest_safe <= due),
    CHECK ((state = 'met') = (met_at IS NOT NULL)),
    CHECK ((state = 'waived') = (waived_reason IS NOT NULL)),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
-- The board and its filters, soonest first.
CREATE INDEX obligations_board ON obligations (tenant_id, due, id) WHERE state IN ('open', 'paused', 'overdue');
CREATE INDEX obligations_by_state ON obligations (tenant_id, state, due, id) WHERE state IN ('open', 'paused', 'overdue');
CREATE INDEX obligations_by_kind ON obligations (tenant_id, kind, due, id) WHERE state IN ('open', 'paused', 'overdue');

-- superseded_dates keeps every date that stood for an obligation before the one in force. The database writes them itself.
CREATE TABLE superseded_dates (
    tenant_id     uuid NOT NULL,
    obligation_id uuid NOT NULL,
    seq           integer NOT NULL,
    due           timestamptz NOT NULL,
    earliest_safe timestamptz NOT NULL,
    cause         text NOT NULL,
    explanation   jsonb NOT NULL,
    set_at        timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, obligation_id, seq),
    FOREIGN KEY (tenant_id, obligation_id) REFERENCES obligations (tenant_id, id)
);

-- obligation_milestones records what the clock did: each reminder, the due moment, each escalation, once.
CREATE TABLE obligation_milestones (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL,
    obligation_id uuid NOT NULL,
    key           text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('reminder', 'earliest_safe', 'due', 'escalation', 'repeat')),
    at            timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    UNIQUE (tenant_id, obligation_id, key),
    FOREIGN KEY (tenant_id, obligation_id) REFERENCES obligations (tenant_id, id)
);

CREATE TABLE pauses (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('identity', 'clarification', 'fee')),
    from_at     timestamptz NOT NULL,
    until_at    timestamptz,
    opened_by   text NOT NULL,
    closed_by   text,
    CHECK (until_at IS NULL OR until_at >= from_at),
    CHECK ((until_at IS NULL) = (closed_by IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX pauses_by_case ON pauses (tenant_id, case_id);
CREATE UNIQUE INDEX pauses_one_open ON pauses (tenant_id, case_id, kind) WHERE until_at IS NULL;

CREATE TABLE extensions (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    reason_code text NOT NULL,
    granted_by  text NOT NULL,
    granted_at  timestamptz NOT NULL,
    UNIQUE (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

CREATE TABLE tasks (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    case_id    uuid NOT NULL,
    key        text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message')),
    state      text NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    role       text NOT NULL,
    system_id  uuid,
    created_at timestamptz NOT NULL,
    ended_at   timestamptz,
    ended_by   text,
    result     text,
    UNIQUE (tenant_id, case_id, key),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state = 'done') <= (ended_by IS NOT NULL AND result IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX tasks_open ON tasks (tenant_id, created_at, id) WHERE state = 'open';

CREATE TABLE notes (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('note', 'clarification', 'reason')),
    author      text NOT NULL,
    body_sealed bytea NOT NULL,
    at          timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX notes_by_case ON notes (tenant_id, case_id, at);

-- +goose StatementBegin
-- The state machine of privacy/request.go, arrow by arrow. A test compares the two. A CHECK could not say it: it sees only
-- the new row, and would have to believe what that says of the old one.
CREATE FUNCTION cases_step() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- The state machine of privacy/obligation.go, compared by the same test.
CREATE FUNCTION obligations_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('met', 'open'),
            ('open', 'met'), ('open', 'overdue'), ('open', 'paused'), ('open', 'waived'),
            ('overdue', 'met'), ('overdue', 'open'), ('overdue', 'paused'), ('overdue', 'waived'),
            ('paused', 'met'), ('paused', 'open'), ('paused', 'waived'),
            ('waived', 'open')
    ) THEN
        RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION refuse_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% may not begin as %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';
END
$$;

-- Whoever gives an obligation another date, the one that stood is kept.
CREATE FUNCTION keep_date() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.due, NEW.earliest_safe, NEW.date_cause, NEW.dated_at, NEW.explanation)
            IS NOT DISTINCT FROM (OLD.due, OLD.earliest_safe, OLD.date_cause, OLD.dated_at, OLD.explanation) THEN
        NEW.date_seq := OLD.date_seq;
        RETURN NEW;
    END IF;
    INSERT INTO superseded_dates (tenant_id, obligation_id, seq, due, earliest_safe, cause, explanation, set_at, superseded_at)
    VALUES (OLD.tenant_id, OLD.id, OLD.date_seq, OLD.due, OLD.earliest_safe, OLD.date_cause, OLD.explanation, OLD.dated_at, NEW.dated_at);
    NEW.date_seq := OLD.date_seq + 1;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER cases_step BEFORE UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION cases_step();
CREATE TRIGGER cases_begin BEFORE INSERT ON cases FOR EACH ROW WHEN (NEW.state <> 'received') EXECUTE FUNCTION refuse_beginning();
CREATE TRIGGER obligations_step BEFORE UPDATE ON obligations FOR EACH ROW EXECUTE FUNCTION obligations_step();
CREATE TRIGGER obligations_begin BEFORE INSERT ON obligations FOR EACH ROW
    WHEN (NEW.state <> 'open' AND NEW.state <> 'paused') EXECUTE FUNCTION refuse_beginning();
CREATE TRIGGER obligations_keep_date BEFORE UPDATE ON obligations FOR EACH ROW EXECUTE FUNCTION keep_date();

-- +goose Down
DROP TABLE notes;
DROP TABLE tasks;
DROP TABLE extensions;
DROP TABLE pauses;
DROP TABLE obligation_milestones;
DROP TABLE superseded_dates;
DROP TABLE obligations;
DROP TABLE case_transitions;
DROP TABLE cases;
DROP TABLE subject_identities;
DROP TABLE subjects;
DROP FUNCTION keep_date();
DROP FUNCTION refuse_beginning();
DROP FUNCTION obligations_step();
DROP FUNCTION cases_step();
