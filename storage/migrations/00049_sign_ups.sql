-- +goose Up

-- consent_sign_ups are what people enter into forms that ask for consent, one row for each that is not a repetition of another. Of somebody who has not been
-- found yet there is only what was entered, sealed; then it stands in the ledger, and here how far the mailbox has come with confirming it.
CREATE TABLE consent_sign_ups (
    id             uuid NOT NULL,
    tenant_id      uuid NOT NULL,
    person_id      uuid,
    state          text NOT NULL CHECK (state IN ('entered', 'ending', 'asked', 'given', 'known', 'confirmed', 'expired', 'denied', 'held')),
    entered_sealed bytea,
    -- purposes are those that were not agreed to before, texts the versions of the words that were shown, place by place: the nil UUID where that is not known.
    purposes       integer[] NOT NULL DEFAULT '{}',
    texts          uuid[] NOT NULL DEFAULT '{}',
    language       text NOT NULL,
    -- country is where the form says that the person lives; the ledger hears of it when the mailbox confirms.
    country        text CHECK (country ~ '^[A-Z]{2}$'),
    -- how is ending where nobody has entered anything: implied consent ends soon, and the sender asks.
    how            text NOT NULL CHECK (how IN ('form', 'api', 'ending')),
    source         text NOT NULL CHECK (length(source) <= 200),
    at             timestamptz NOT NULL,
    -- repeats are how often it came again, letters how many were sent about it, letter the first of them.
    repeats        integer NOT NULL DEFAULT 0,
    letters        integer NOT NULL DEFAULT 0,
    letter         uuid,
    letter_at      timestamptz,
    reminded_at    timestamptz,
    expires_at     timestamptz,
    ended_at       timestamptz,
    -- next_at is when something is to be done about it; NULL where nothing is.
    next_at        timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'entered') = (entered_sealed IS NOT NULL)),
    CHECK ((state = 'entered') = (person_id IS NULL)),
    CHECK ((ended_at IS NULL) = (state IN ('entered', 'ending', 'asked'))),
    CHECK (cardinality(purposes) = cardinality(texts))
);
CREATE INDEX consent_sign_ups_due ON consent_sign_ups (next_at, tenant_id) WHERE next_at IS NOT NULL;
CREATE INDEX consent_sign_ups_of_person ON consent_sign_ups (tenant_id, person_id, at);

ALTER TABLE consent_sign_ups ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_sign_ups FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON consent_sign_ups USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
CREATE POLICY lookup ON consent_sign_ups FOR SELECT TO docket_lookup USING (true);
GRANT SELECT, INSERT, DELETE ON consent_sign_ups TO docket_app;
GRANT UPDATE (person_id, state, entered_sealed, purposes, texts, country, repeats, letters, letter, letter_at, reminded_at, expires_at, ended_at, next_at) ON consent_sign_ups TO docket_app;

-- linked_at is when a link of somebody's was first made: what is out in the world has to go on working, so whoever has one is not forgotten for having confirmed
-- nothing.
ALTER TABLE consent_people ADD COLUMN linked_at timestamptz;
GRANT UPDATE (linked_at) ON consent_people TO docket_app;

-- +goose StatementBegin
CREATE FUNCTION docket_tenants_with_sign_ups(by_then timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT DISTINCT s.tenant_id FROM consent_sign_ups s WHERE s.next_at <= by_then;
    END;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION docket_tenants_with_sign_ups(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenants_with_sign_ups(timestamptz) TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_tenants_with_sign_ups(timestamptz) OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;
GRANT SELECT (tenant_id, next_at) ON consent_sign_ups TO docket_lookup;

-- +goose Down
DROP FUNCTION docket_tenants_with_sign_ups(timestamptz);
ALTER TABLE consent_people DROP COLUMN linked_at;
DROP TABLE consent_sign_ups;
