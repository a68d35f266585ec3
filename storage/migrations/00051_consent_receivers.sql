-- +goose Up

-- consent_receivers are other systems that write to people for the tenant, and have to hear who wants no more. What they hear is the ledger in the order of the log: places in it are
-- a leaf of the log and a position in the batch of lines that it tells of. Everything before (counted_leaf, counted_position) stands in consent_handovers, everything before (confirmed_leaf,
-- confirmed_position) has been confirmed; (last_leaf, last_position) is behind the last line that concerns the receiver. The log is made after the commit, so that nothing is placed
-- before what has been looked at, and the places are the same in a register that was restored.
CREATE TABLE consent_receivers (
    id            uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind          text NOT NULL CHECK (kind IN ('http', 'listmonk', 'pull')),
    url           text,
    login         text,
    secret_sealed bytea,
    -- Whom it concerns never changes: what is counted and what is confirmed are the same lines.
    channels      text[] NOT NULL CHECK (cardinality(channels) > 0 AND channels <@ ARRAY['email', 'sms', 'phone', 'post', 'push']),
    -- purposes are those that it writes for; empty is all.
    purposes      integer[] NOT NULL,
    -- zone is that of the days of its handovers, the tenant's when it was added.
    zone          text NOT NULL,
    -- begun_leaf is where it begins: nothing before that is its business.
    begun_leaf         bigint NOT NULL CHECK (begun_leaf >= 0),
    counted_leaf       bigint NOT NULL CHECK (counted_leaf >= 0),
    counted_position   integer NOT NULL DEFAULT 0,
    last_leaf          bigint NOT NULL,
    last_position      integer NOT NULL DEFAULT 0,
    confirmed_leaf     bigint NOT NULL,
    confirmed_position integer NOT NULL DEFAULT 0,
    -- sending is the page that is on its way, up to which place: a second try sends the same under the same id.
    sending_id       uuid,
    sending_leaf     bigint,
    sending_position integer,
    tries         integer NOT NULL DEFAULT 0,
    next_try_at   timestamptz,
    problem       text,
    taken_at      timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    retired_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((kind = 'pull') = (url IS NULL) AND (kind = 'pull') = (secret_sealed IS NULL)),
    CHECK ((sending_id IS NULL) = (sending_leaf IS NULL) AND (sending_id IS NULL) = (sending_position IS NULL)),
    CHECK ((confirmed_leaf, confirmed_position) <= (counted_leaf, counted_position))
);

-- consent_handovers are the withdrawals that came to be known on one of the tenant's days, and have to be confirmed by one receiver in time: one row, however many they are.
CREATE TABLE consent_handovers (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    receiver_id uuid NOT NULL,
    day         date NOT NULL,
    -- laws are those whose time runs, each with its edition, the earliest moment that it sets, and to how many it applies.
    laws        jsonb NOT NULL,
    begins_at   timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    due_law     text NOT NULL,
    withdrawals integer NOT NULL CHECK (withdrawals > 0),
    confirmed   integer NOT NULL CHECK (confirmed BETWEEN 0 AND withdrawals),
    late        integer NOT NULL CHECK (late BETWEEN 0 AND confirmed),
    confirmed_at timestamptz,
    -- letter_at is when staff are told next that it is not confirmed; NULL where they are not.
    letter_at   timestamptz,
    warned_at   timestamptz,
    overdue_at  timestamptz,
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, receiver_id, day),
    FOREIGN KEY (tenant_id, receiver_id) REFERENCES consent_receivers (tenant_id, id),
    CHECK ((confirmed_at IS NOT NULL) = (confirmed = withdrawals))
);
CREATE INDEX consent_handovers_letters ON consent_handovers (tenant_id, letter_at) WHERE letter_at IS NOT NULL;
CREATE INDEX consent_handovers_newest ON consent_handovers (tenant_id, day DESC, id DESC);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['consent_receivers', 'consent_handovers'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE consent_handovers;
DROP TABLE consent_receivers;
