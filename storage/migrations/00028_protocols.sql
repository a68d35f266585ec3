-- +goose Up

ALTER TABLE cases DROP CONSTRAINT cases_channel_check,
    ADD CONSTRAINT cases_channel_check CHECK (channel IN ('form', 'api', 'staff', 'email', 'phone', 'letter', 'signal', 'opendsr', 'drp'));
-- vouched is an identity for which a requester answers, as far as the tenant lets its word count.
ALTER TABLE cases DROP CONSTRAINT cases_identity_method_check,
    ADD CONSTRAINT cases_identity_method_check CHECK (identity_method IN ('email_code', 'document', 'assertion', 'staff_check', 'vouched'));

-- requesters are companies whose programs file requests for people: controllers by OpenDSR, authorised agents by the Data Rights Protocol.
CREATE TABLE requesters (
    id             uuid NOT NULL,
    tenant_id      uuid NOT NULL REFERENCES tenants,
    protocol       text NOT NULL CHECK (protocol IN ('opendsr', 'drp')),
    -- handle is the name in the protocol: the controller's id, or the agent's in its directory.
    handle         text NOT NULL CHECK (handle ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- domain is where a controller's callbacks may lead: to it, or to hosts below it.
    domain         text CHECK (length(domain) BETWEEN 1 AND 253),
    web_url        text NOT NULL CHECK (length(web_url) <= 2000),
    -- verifier is an agent's public Ed25519 key.
    verifier     bytea CHECK (octet_length(verifier) = 32),
    -- secret_hash is of the key that the requester shows; the one before is good too while it is being replaced.
    secret_hash    bytea,
    previous_hash  bytea,
    previous_until timestamptz,
    -- vouches is what of an identity the requester's word proves; nothing when it is empty.
    vouches        text[] NOT NULL CHECK (vouches <@ ARRAY['email', 'phone_number', 'customer_id'] AND (cardinality(vouches) = 0 OR 'email' = ANY (vouches))),
    -- results says whether the requester may fetch the answer, which otherwise goes to the person alone.
    results        boolean NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((protocol = 'opendsr') = (domain IS NOT NULL)),
    CHECK ((protocol = 'drp') = (verifier IS NOT NULL)),
    CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
);
CREATE UNIQUE INDEX requesters_by_handle ON requesters (tenant_id, protocol, handle) WHERE ended_at IS NULL;
CREATE INDEX requesters_by_secret ON requesters (tenant_id, secret_hash);

-- filed_requests are what requesters filed. Each became a case.
CREATE TABLE filed_requests (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    requester_id uuid NOT NULL,
    -- request_id is its name in the protocol: given by a controller, made for an agent.
    request_id   uuid NOT NULL,
    version      text NOT NULL,
    case_id      uuid NOT NULL,
    -- filing_index is what makes it one of its kind, digest what it said, both under the tenant's key: the same again makes no second case.
    filing_index bytea NOT NULL,
    digest       bytea NOT NULL,
    -- said_sealed is what the protocol has echoed: addresses of callbacks, the agent's own name for it. Sealed under the person's key.
    said_sealed  bytea,
    -- targets is how many addresses hear of it.
    targets      integer NOT NULL CHECK (targets BETWEEN 0 AND 10),
    received_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, requester_id, filing_index),
    UNIQUE (tenant_id, requester_id, request_id),
    -- case_id is no foreign key: the row is claimed before its case is written, in the same transaction, so that of many that come at once one goes on.
    FOREIGN KEY (tenant_id, requester_id) REFERENCES requesters (tenant_id, id)
);
CREATE INDEX filed_requests_by_case ON filed_requests (tenant_id, case_id);

-- callbacks are what requesters are told, one row for each change and address, written by the transaction of the change: it
-- holds how the case stood then. They go out in their order.
CREATE TABLE callbacks (
    id              uuid NOT NULL,
    tenant_id       uuid NOT NULL,
    filed_id        uuid NOT NULL,
    target          integer NOT NULL CHECK (target >= 0),
    turn            bigint GENERATED ALWAYS AS IDENTITY,
    case_state      text NOT NULL,
    outcome         text,
    reason_code     text,
    due             timestamptz,
    state           text NOT NULL CHECK (state IN ('queued', 'sent', 'same', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_status     text,
    -- said is what was told, in the protocol's words: what says the same as the one before is not told again.
    said            text,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'queued') = (ended_at IS NULL)),
    FOREIGN KEY (tenant_id, filed_id) REFERENCES filed_requests (tenant_id, id)
);
CREATE INDEX callbacks_due ON callbacks (next_attempt_at, turn) WHERE state = 'queued';
CREATE INDEX callbacks_in_turn ON callbacks (tenant_id, filed_id, target, turn);

-- processor_keys sign what controllers are told (OpenDSR), with the certificate that they check it by. An older certificate can still be fetched.
CREATE TABLE processor_keys (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL REFERENCES tenants,
    domain      text NOT NULL,
    certificate text NOT NULL CHECK (length(certificate) <= 65536),
    -- key_sealed is the private key, sealed under the tenant's record key.
    key_sealed  bytea,
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    retired_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((retired_at IS NULL) = (key_sealed IS NOT NULL))
);
CREATE UNIQUE INDEX processor_keys_current ON processor_keys (tenant_id) WHERE retired_at IS NULL;

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['requesters', 'filed_requests', 'callbacks', 'processor_keys'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO docket_app', t);
    END LOOP;
END
$$;

CREATE FUNCTION docket_tenants_with_callbacks(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        -- Nothing is put off for more than a day. What seems to be was written while a clock was ahead.
        SELECT DISTINCT c.tenant_id FROM callbacks c
        WHERE c.state = 'queued' AND (c.next_attempt_at <= at OR c.next_attempt_at > at + interval '25 hours');
    END;
-- +goose StatementEnd
GRANT DELETE ON callbacks TO docket_app;
REVOKE EXECUTE ON FUNCTION docket_tenants_with_callbacks(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION docket_tenants_with_callbacks(timestamptz) TO docket_app;
GRANT CREATE ON SCHEMA public TO docket_lookup;
ALTER FUNCTION docket_tenants_with_callbacks(timestamptz) OWNER TO docket_lookup;
REVOKE CREATE ON SCHEMA public FROM docket_lookup;
GRANT SELECT (tenant_id, state, next_attempt_at) ON callbacks TO docket_lookup;
CREATE POLICY lookup ON callbacks FOR SELECT TO docket_lookup USING (true);

-- +goose Down
DROP FUNCTION docket_tenants_with_callbacks(timestamptz);
DROP TABLE callbacks;
DROP TABLE filed_requests;
DROP TABLE requesters;
DROP TABLE processor_keys;
ALTER TABLE cases DROP CONSTRAINT cases_identity_method_check,
    ADD CONSTRAINT cases_identity_method_check CHECK (identity_method IN ('email_code', 'document', 'assertion', 'staff_check'));
ALTER TABLE cases DROP CONSTRAINT cases_channel_check,
    ADD CONSTRAINT cases_channel_check CHECK (channel IN ('form', 'api', 'staff', 'email', 'phone', 'letter', 'signal'));
