-- +goose Up

-- A system that was stopped in an emergency is not read, by whatever is under way, until it is let go on.
ALTER TABLE systems ADD COLUMN stopped_at timestamptz, ADD COLUMN stopped_by text, ADD COLUMN stop_reason text,
    ADD CONSTRAINT systems_stopped CHECK ((stopped_at IS NULL) = (stopped_by IS NULL) AND (stopped_at IS NULL) = (stop_reason IS NULL));

-- trial_subjects are people that somebody made up, or knows, to see what a system would find: they have no case and are
-- forgotten as soon as the system has answered.
CREATE TABLE trial_subjects (
    tenant_id  uuid NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, subject_id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id)
);
ALTER TABLE trial_subjects ENABLE ROW LEVEL SECURITY;
ALTER TABLE trial_subjects FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON trial_subjects USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, DELETE ON trial_subjects TO docket_app;

-- +goose Down
DROP TABLE trial_subjects;
ALTER TABLE systems DROP COLUMN stopped_at, DROP COLUMN stopped_by, DROP COLUMN stop_reason;
