-- +goose Up

-- identity_codes are one-time codes: only a keyed hash is kept, for ten minutes and five tries.
CREATE TABLE identity_codes (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    case_id    uuid NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('identity', 'download')),
    code_hash  bytea NOT NULL CHECK (length(code_hash) = 32),
    tries_left integer NOT NULL CHECK (tries_left BETWEEN 0 AND 5),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at    timestamptz,
    ended_at   timestamptz,
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE UNIQUE INDEX identity_codes_live ON identity_codes (tenant_id, case_id, purpose) WHERE ended_at IS NULL;
CREATE INDEX identity_codes_sent ON identity_codes (tenant_id, case_id, purpose, created_at DESC);

-- status_links let a person see the state of their own request without an account.
CREATE TABLE status_links (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    case_id    uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

-- identity_documents are shown once to prove identity: sealed under a key of their own, destroyed on decision.
CREATE TABLE identity_documents (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL,
    case_id      uuid NOT NULL,
    object_key   text NOT NULL,
    wrapped_key  bytea,
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    bytes        bigint NOT NULL,
    media_type   text NOT NULL,
    created_at   timestamptz NOT NULL,
    decision     text CHECK (decision IN ('accepted', 'rejected', 'dropped')),
    decided_by   text,
    decided_at   timestamptz,
    destroyed_at timestamptz,
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((destroyed_at IS NULL) = (wrapped_key IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX identity_documents_by_case ON identity_documents (tenant_id, case_id);

-- used_assertions makes a signed "already signed in" assertion good for one request.
CREATE TABLE used_assertions (
    tenant_id  uuid NOT NULL,
    assertion  bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, assertion)
);

CREATE TABLE messages (
    id              uuid PRIMARY KEY,
    tenant_id       uuid NOT NULL,
    case_id         uuid,
    subject_id      uuid,
    key             text NOT NULL,
    kind            text NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('email', 'slack', 'webhook')),
    audience        text NOT NULL CHECK (audience IN ('subject', 'staff')),
    language        text NOT NULL,
    -- content is the rendered letter with its recipient, sealed under the subject's key or, for staff, the tenant's.
    content_sealed  bytea,
    message_id      text NOT NULL UNIQUE,
    secret          boolean NOT NULL DEFAULT false,
    state           text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_error      text,
    created_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    UNIQUE (tenant_id, key),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id)
);
CREATE INDEX messages_due ON messages (next_attempt_at, id) WHERE state = 'queued';
CREATE INDEX messages_by_case ON messages (tenant_id, case_id, created_at);

CREATE TABLE systems (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL REFERENCES tenants,
    key           text NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind          text NOT NULL CHECK (kind IN ('postgres')),
    -- target is how to reach the system, with its password, sealed under a key of its own.
    wrapped_key   bytea NOT NULL,
    target_sealed bytea NOT NULL,
    declaration   text NOT NULL,
    state         text NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    UNIQUE (tenant_id, key),
    UNIQUE (tenant_id, id)
);

CREATE TABLE datasets (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    system_id  uuid NOT NULL,
    fides_key  text NOT NULL,
    annotation text NOT NULL,
    sha256     bytea NOT NULL CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, fides_key),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id)
);
CREATE INDEX datasets_by_system ON datasets (tenant_id, system_id);

-- collection_runs is the work of one run of a case on one system; parts are what it put into object storage.
CREATE TABLE collection_runs (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    round       integer NOT NULL,
    system_id   uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'excluded')),
    rows        bigint NOT NULL DEFAULT 0,
    rows_total  bigint,
    key_wrapped bytea,
    error       text,
    started_at  timestamptz,
    ended_at    timestamptz,
    UNIQUE (tenant_id, case_id, round, system_id),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id)
);

CREATE TABLE parts (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL,
    run_id        uuid NOT NULL,
    dataset       text NOT NULL,
    collection    text NOT NULL,
    seq           integer NOT NULL,
    object_key    text NOT NULL,
    rows          bigint NOT NULL,
    bytes         bigint NOT NULL,
    sha256        bytea NOT NULL CHECK (length(sha256) = 32),
    cursor_sealed bytea NOT NULL,
    created_at    timestamptz NOT NULL,
    UNIQUE (tenant_id, run_id, dataset, collection, seq),
    FOREIGN KEY (tenant_id, run_id) REFERENCES collection_runs (tenant_id, id)
);

-- collected marks a collection of a run as read to its end.
CREATE TABLE collected (
    tenant_id  uuid NOT NULL,
    run_id     uuid NOT NULL,
    dataset    text NOT NULL,
    collection text NOT NULL,
    rows       bigint NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id, dataset, collection),
    FOREIGN KEY (tenant_id, run_id) REFERENCES collection_runs (tenant_id, id)
);

CREATE TABLE redactions (
    id             uuid PRIMARY KEY,
    tenant_id      uuid NOT NULL,
    case_id        uuid NOT NULL,
    system_key     text NOT NULL,
    dataset        text NOT NULL,
    collection     text NOT NULL,
    field          text NOT NULL DEFAULT '',
    -- key_field and the sealed value narrow the redaction to rows; both absent means every row.
    key_field      text NOT NULL DEFAULT '',
    row_key_sealed bytea,
    ground         text NOT NULL,
    citation       text NOT NULL DEFAULT '',
    note_sealed    bytea,
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    removed_at     timestamptz,
    CHECK ((key_field = '') = (row_key_sealed IS NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX redactions_by_case ON redactions (tenant_id, case_id);

CREATE TABLE packages (
    id              uuid PRIMARY KEY,
    tenant_id       uuid NOT NULL,
    case_id         uuid NOT NULL,
    round           integer NOT NULL,
    state           text NOT NULL CHECK (state IN ('building', 'ready', 'destroyed')),
    object_key      text NOT NULL,
    wrapped_key     bytea,
    sha256          bytea,
    bytes           bigint,
    files           integer,
    rows            bigint,
    manifest_sha256 bytea,
    created_at      timestamptz NOT NULL,
    ready_at        timestamptz,
    expires_at      timestamptz,
    destroyed_at    timestamptz,
    UNIQUE (tenant_id, case_id, round),
    CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL)),
    -- No key, no export; and a destroyed package has no key left.
    CHECK ((state = 'destroyed') = (wrapped_key IS NULL)),
    CHECK (state <> 'ready' OR (sha256 IS NOT NULL AND bytes IS NOT NULL AND expires_at IS NOT NULL)),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);

CREATE TABLE download_links (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    package_id uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    ended_at   timestamptz,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, package_id) REFERENCES packages (tenant_id, id)
);
CREATE INDEX download_links_by_package ON download_links (tenant_id, package_id);

-- receipts prove delivery: which package, when, how many bytes went out.
CREATE TABLE receipts (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    package_id uuid NOT NULL,
    link_id    uuid NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    bytes      bigint NOT NULL DEFAULT 0,
    complete   boolean NOT NULL DEFAULT false,
    FOREIGN KEY (tenant_id, package_id) REFERENCES packages (tenant_id, id),
    FOREIGN KEY (tenant_id, link_id) REFERENCES download_links (tenant_id, id)
);
CREATE INDEX receipts_by_package ON receipts (tenant_id, package_id);
CREATE INDEX receipts_open ON receipts (tenant_id, started_at, id) WHERE ended_at IS NULL;

-- +goose Down
DROP TABLE receipts;
DROP TABLE download_links;
DROP TABLE packages;
DROP TABLE redactions;
DROP TABLE collected;
DROP TABLE parts;
DROP TABLE collection_runs;
DROP TABLE datasets;
DROP TABLE systems;
DROP TABLE messages;
DROP TABLE used_assertions;
DROP TABLE identity_documents;
DROP TABLE status_links;
DROP TABLE identity_codes;
