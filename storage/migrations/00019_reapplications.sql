-- +goose Up

-- A restored backup brings back whoever was erased since it was made. reapplications are the searches for them, with what was done.
CREATE TABLE reapplications (
    id        uuid NOT NULL,
    tenant_id uuid NOT NULL,
    system_id uuid NOT NULL,
    -- backup_at is when the backup was made: who was erased before that is not in it.
    backup_at timestamptz NOT NULL,
    state     text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    searched  bigint NOT NULL DEFAULT 0,
    people    bigint NOT NULL DEFAULT 0,
    erased    bigint NOT NULL DEFAULT 0,
    kept      bigint NOT NULL DEFAULT 0,
    problem   text,
    asked_by  text NOT NULL,
    asked_at  timestamptz NOT NULL,
    ended_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK ((state = 'failed') = (problem IS NOT NULL)),
    FOREIGN KEY (tenant_id, system_id) REFERENCES systems (tenant_id, id)
);
CREATE INDEX reapplications_newest ON reapplications (tenant_id, system_id, asked_at DESC);
ALTER TABLE reapplications ENABLE ROW LEVEL SECURITY;
ALTER TABLE reapplications FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON reapplications USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE ON reapplications TO docket_app;

-- +goose Down
DROP TABLE reapplications;
