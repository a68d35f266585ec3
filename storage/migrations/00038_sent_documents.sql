-- +goose Up

-- sent_documents are what people send on the page of their request to show what they say: sealed under a key of their own each, kept as long as the
-- case. seen_at is when somebody of the staff first looked.
CREATE TABLE sent_documents (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    case_id      uuid NOT NULL,
    name_sealed  bytea NOT NULL,
    object_key   text NOT NULL,
    wrapped_key  bytea,
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    bytes        bigint NOT NULL CHECK (bytes > 0),
    media_type   text NOT NULL,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz,
    destroyed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((destroyed_at IS NULL) = (wrapped_key IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
);
CREATE INDEX sent_documents_by_case ON sent_documents (tenant_id, case_id, created_at);
ALTER TABLE sent_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE sent_documents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON sent_documents USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE (name_sealed, wrapped_key, seen_at, destroyed_at) ON sent_documents TO docket_app;

ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal', 'inquiry', 'human_review', 'sent_document'));

-- +goose Down
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind = 'sent_document';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check,
    ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('review', 'identity_check', 'collection_failed', 'message', 'plan_review', 'approval', 'erasure_failed',
        'decision', 'amendment_failed', 'correction', 'appeal', 'inquiry', 'human_review'));
DROP TABLE sent_documents;
