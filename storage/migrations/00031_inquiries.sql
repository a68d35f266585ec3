-- +goose Up

-- Systems that nobody reads but somebody is asked about: a processor that speaks OpenDSR, a vendor by e-mail, colleagues.
ALTER TABLE systems DROP CONSTRAINT systems_service,
    DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http', 's3', 'opendsr', 'email', 'manual')),
    ADD CONSTRAINT systems_service CHECK ((kind IN ('http', 's3', 'opendsr', 'email', 'manual')) = (service <> ''));

-- inquiries are what somebody else is asked to do for a case: whoever has a system, or a recipient that must hear of it (Art. 19 GDPR).
CREATE TABLE inquiries (
    id            uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    case_id       uuid NOT NULL,
    -- system_id is the system that is asked about, notice_id the recipient that is told; one of them is there.
    system_id     uuid,
    notice_id     uuid,
    purpose       text NOT NULL CHECK (purpose IN ('copy', 'erase', 'correct', 'limit', 'lift')),
    -- turn tells one inquiry for the same from another: the round of a collection, the plan of an erasure, and the try.
    turn          text NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('opendsr', 'email', 'manual')),
    addressee     text NOT NULL,
    address       text NOT NULL,
    language      text NOT NULL,
    identities    text[] NOT NULL,
    -- awaited says that the case goes on with the answer.
    awaited       boolean NOT NULL,
    state         text NOT NULL CHECK (state IN ('open', 'asked', 'answered', 'closed')),
    outcome       text CHECK (outcome IN ('done', 'nothing', 'partly', 'refused')),
    -- remote_id is its name at whoever is asked (OpenDSR).
    remote_id     uuid NOT NULL,
    token_hash    bytea,
    -- body is what to change, words the answer's, both sealed under the person's key.
    body_sealed   bytea,
    words_sealed  bytea,
    reminders     integer NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    asked_at      timestamptz,
    seen_at       timestamptz,
    ended_by      text,
    ended_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, case_id, turn),
    CHECK ((system_id IS NULL) <> (notice_id IS NULL)),
    CHECK ((state = 'answered') = (outcome IS NOT NULL)),
    CHECK ((state IN ('answered', 'closed')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id),
    FOREIGN KEY (tenant_id, notice_id) REFERENCES recipient_notices (tenant_id, id)
);
CREATE INDEX inquiries_by_case ON inquiries (tenant_id, case_id);
CREATE UNIQUE INDEX inquiries_by_token ON inquiries (tenant_id, token_hash);
CREATE UNIQUE INDEX inquiries_by_remote ON inquiries (tenant_id, remote_id);

-- inquiry_files are what came with an answer, each sealed under a key of its own.
CREATE TABLE inquiry_files (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    inquiry_id  uuid NOT NULL,
    case_id     uuid NOT NULL,
    name_sealed bytea NOT NULL,
    object_key  text NOT NULL,
    wrapped_key bytea,
    media_type  text NOT NULL,
    bytes       bigint NOT NULL,
    sha256      bytea NOT NULL,
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, inquiry_id) REFERENCES inquiries (tenant_id, id)
);
CREATE INDEX inquiry_files_by_case ON inquiry_files (tenant_id, case_id, created_at);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['inquiries', 'inquiry_files'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE (state, outcome, token_hash, body_sealed, words_sealed, reminders, due_at, asked_at, seen_at, ended_by, ended_at) ON inquiries TO docket_app;
GRANT SELECT, INSERT, UPDATE (name_sealed, wrapped_key) ON inquiry_files TO docket_app;

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal', 'inquiry'));

-- +goose Down
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind = 'inquiry';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal'));
DROP TABLE inquiry_files;
DROP TABLE inquiries;
-- Refused while there is a system of the further kinds: the binary before would not know what to do with it.
ALTER TABLE systems DROP CONSTRAINT systems_service,
    DROP CONSTRAINT systems_kind_check, ADD CONSTRAINT systems_kind_check CHECK (kind IN ('postgres', 'mysql', 'http', 's3')),
    ADD CONSTRAINT systems_service CHECK ((kind IN ('http', 's3')) = (service <> ''));
