-- +goose Up

-- How a member of staff is reached: their id in Slack, by which a press of a button there is theirs, and whether they want
-- to be told each morning what is owed.
ALTER TABLE staff ADD COLUMN slack_user text CHECK (slack_user ~ '^[UW][A-Z0-9]{5,20}$'),
    ADD COLUMN digest boolean NOT NULL DEFAULT true;
CREATE UNIQUE INDEX staff_of_slack ON staff (tenant_id, slack_user) WHERE slack_user IS NOT NULL;

-- calendar_feeds are addresses at which a calendar reads what is owed. Only the hash of the token in them is kept.
CREATE TABLE calendar_feeds (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL,
    staff_id     uuid NOT NULL,
    token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    shows        text NOT NULL CHECK (shows IN ('mine', 'all')),
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    ended_at     timestamptz,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX calendar_feeds_of_staff ON calendar_feeds (tenant_id, staff_id);
ALTER TABLE calendar_feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_feeds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON calendar_feeds USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT, UPDATE ON calendar_feeds TO docket_app;

-- +goose Down
DROP TABLE calendar_feeds;
DROP INDEX staff_of_slack;
ALTER TABLE staff DROP COLUMN digest, DROP COLUMN slack_user;
