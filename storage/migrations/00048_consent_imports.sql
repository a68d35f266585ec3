-- +goose Up

-- consent_imports are lists of consents on their way into the ledger. The file lies in the object store, sealed under a key that goes with it.
CREATE TABLE consent_imports (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- mapping says what the columns mean; it holds names of columns and no value of any line.
    mapping     jsonb NOT NULL,
    state       text NOT NULL CHECK (state IN ('waiting', 'checking', 'checked', 'running', 'done', 'failed')),
    parts       integer NOT NULL DEFAULT 0,
    bytes       bigint NOT NULL DEFAULT 0,
    sha256      bytea CHECK (length(sha256) = 32),
    wrapped_key bytea,
    skip_faulty boolean NOT NULL DEFAULT false,
    problem     text,
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL,
    checked_at  timestamptz,
    started_at  timestamptz,
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'failed') = (problem IS NOT NULL)),
    CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL))
);
CREATE INDEX consent_imports_newest ON consent_imports (tenant_id, created_at DESC, id DESC);
CREATE INDEX consent_imports_at_work ON consent_imports (tenant_id) WHERE state IN ('checking', 'running');

-- consent_import_chunks are stretches of lines that are done: written in the transaction that did them, so that no line is written twice.
CREATE TABLE consent_import_chunks (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    step      text NOT NULL CHECK (step IN ('check', 'run')),
    number    integer NOT NULL,
    lines     integer NOT NULL,
    written   integer NOT NULL,
    faulty    integer NOT NULL,
    PRIMARY KEY (tenant_id, import_id, step, number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES consent_imports (tenant_id, id)
);

-- consent_import_faults say what is wrong with lines, and nothing of what stands there.
CREATE TABLE consent_import_faults (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line      integer NOT NULL,
    field     text NOT NULL,
    problem   text NOT NULL,
    PRIMARY KEY (tenant_id, import_id, line),
    FOREIGN KEY (tenant_id, import_id) REFERENCES consent_imports (tenant_id, id)
);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['consent_imports', 'consent_import_chunks', 'consent_import_faults'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT UPDATE (state, parts, bytes, sha256, wrapped_key, skip_faulty, problem, checked_at, started_at, ended_at) ON consent_imports TO docket_app;

-- +goose Down
DROP TABLE consent_import_faults;
DROP TABLE consent_import_chunks;
DROP TABLE consent_imports;
