-- +goose Up

-- consent_purposes are what people are asked to agree to. A number stands for one in the rows of people, of which there are millions; 0 is every purpose, and
-- stands in no row here. Nothing refers to it by foreign key: each consent that is written would lock its row.
CREATE TABLE consent_purposes (
    tenant_id  uuid NOT NULL,
    number     integer NOT NULL CHECK (number > 0),
    key        text NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,61}$'),
    class      text NOT NULL CHECK (class IN ('commercial', 'transactional', 'asking_consent', 'charitable', 'fundraising')),
    -- similar says that messages are about the sender's own goods or services like those that were bought.
    similar_goods boolean NOT NULL,
    -- tracking says that what is agreed to is that opening and following links is seen.
    tracking   boolean NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, number),
    UNIQUE (tenant_id, key)
);
CREATE UNIQUE INDEX consent_purposes_tracking ON consent_purposes (tenant_id) WHERE tracking;

-- consent_texts are the words that people agree to, never changed: other words are another version.
CREATE TABLE consent_texts (
    id         uuid NOT NULL,
    tenant_id  uuid NOT NULL,
    purpose    integer NOT NULL,
    language   text NOT NULL CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    version    integer NOT NULL CHECK (version > 0),
    title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    body       text NOT NULL CHECK (length(body) BETWEEN 1 AND 20000),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, purpose, language, version),
    FOREIGN KEY (tenant_id, purpose) REFERENCES consent_purposes (tenant_id, number)
);

-- consent_people are addresses, one row each: found by a keyed hash, the address itself sealed under a key of its own. Of somebody who is forgotten the row
-- stays, without any of the three.
CREATE TABLE consent_people (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('email', 'phone', 'customer_id')),
    blind_index  bytea,
    wrapped_key  bytea,
    value_sealed bytea,
    country      text CHECK (country ~ '^[A-Z]{2}$'),
    language     text,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((destroyed_at IS NULL) OR (wrapped_key IS NULL AND blind_index IS NULL))
);
CREATE UNIQUE INDEX consent_people_by_index ON consent_people (tenant_id, blind_index);

-- consents are what stands for an address, a purpose and a channel: always what the events say, so that a question is one look. They and the events come by the
-- million: whose they are is seen to by the one statement that writes them, and by no foreign key, which would take longer than the writing.
CREATE TABLE consents (
    tenant_id    uuid NOT NULL,
    person_id    uuid NOT NULL,
    purpose      integer NOT NULL,
    channel      text NOT NULL CHECK (channel IN ('email', 'sms', 'phone', 'post', 'push')),
    requested_at timestamptz,
    given_at     timestamptz,
    confirmed_at timestamptz,
    withdrawn_at timestamptz,
    -- implied is what consent is implied by, and how the address came to be known; NULL where there is nothing of it.
    implied      jsonb,
    -- last_at is the moment of the newest event, last_recorded when it came to be known.
    last_at      timestamptz NOT NULL,
    events       integer NOT NULL CHECK (events > 0),
    -- next_look is the day on which something is to be done about implied consent that ends: a warning, or putting on record that it is over.
    implied_until date,
    next_look    date,
    PRIMARY KEY (tenant_id, person_id, purpose, channel)
) WITH (fillfactor = 90);
CREATE INDEX consents_to_look_at ON consents (tenant_id, next_look) WHERE next_look IS NOT NULL;
CREATE INDEX consents_ending ON consents (tenant_id, implied_until) WHERE implied_until IS NOT NULL;

-- consent_events are the ledger: what happened, when, and when it came to be known. Nothing in it is ever changed.
CREATE TABLE consent_events (
    id             uuid NOT NULL,
    tenant_id      uuid NOT NULL,
    person_id      uuid NOT NULL,
    purpose        integer NOT NULL,
    channel        text NOT NULL CHECK (channel IN ('email', 'sms', 'phone', 'post', 'push')),
    kind           text NOT NULL CHECK (kind IN ('requested', 'given', 'confirmed', 'refreshed', 'began', 'ended', 'published', 'disclosed', 'withdrawn', 'expired')),
    at             timestamptz NOT NULL,
    -- zone is that of the clock that at was read from; day is at by the calendar of the tenant.
    zone           text NOT NULL,
    day            date NOT NULL,
    recorded_at    timestamptz NOT NULL,
    relation       text,
    no_solicitation boolean NOT NULL,
    refusable      boolean NOT NULL,
    how            text NOT NULL CHECK (how IN ('form', 'import', 'staff', 'api', 'confirmation', 'one_click', 'page', 'system', 'timer')),
    source         text NOT NULL CHECK (length(source) <= 200),
    text_id        uuid,
    -- batch are the events that were written together, position the place among them: the log has the root of the tree over the hashes of a batch.
    batch          uuid NOT NULL,
    position       integer NOT NULL CHECK (position >= 0),
    hash           bytea NOT NULL CHECK (length(hash) = 32),
    evidence_sealed bytea,
    PRIMARY KEY (tenant_id, id),
    CHECK ((relation IS NOT NULL) = (kind IN ('refreshed', 'began', 'ended')))
);
CREATE INDEX consent_events_of_person ON consent_events (tenant_id, person_id, at);
CREATE INDEX consent_events_of_batch ON consent_events (tenant_id, batch, position);

-- +goose StatementBegin
CREATE FUNCTION docket_ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of consents only grows';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER consent_events_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_events
    FOR EACH STATEMENT EXECUTE FUNCTION docket_ledger_only_grows();
CREATE TRIGGER consent_texts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_texts
    FOR EACH STATEMENT EXECUTE FUNCTION docket_ledger_only_grows();

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['consent_purposes', 'consent_texts', 'consent_people', 'consents', 'consent_events'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT UPDATE (class, similar_goods, retired_at) ON consent_purposes TO docket_app;
GRANT UPDATE (blind_index, wrapped_key, value_sealed, country, language, destroyed_at) ON consent_people TO docket_app;
GRANT UPDATE ON consents TO docket_app;

-- +goose Down
DROP TABLE consent_events;
DROP TABLE consents;
DROP TABLE consent_people;
DROP TABLE consent_texts;
DROP TABLE consent_purposes;
DROP FUNCTION docket_ledger_only_grows();
