-- +goose Up

-- consent_stops are what stops messages to an address without being said in the ledger of consents: objections and restrictions of requests, and suppressions; and their ends. Other systems
-- hear of them in the one order that they hear of withdrawals in: batch is the event of the log that tells of the lines, position the place among them. Whose address it is, consent_people
-- says, so that whoever is forgotten there is nobody here. Nothing in it is ever changed.
CREATE TABLE consent_stops (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    person_id   uuid NOT NULL,
    channel     text NOT NULL CHECK (channel IN ('email', 'sms', 'phone', 'post', 'push')),
    kind        text NOT NULL CHECK (kind IN ('objected', 'restricted', 'suppressed', 'stop_ended')),
    recorded_at timestamptz NOT NULL,
    how         text NOT NULL CHECK (how IN ('request', 'list', 'staff')),
    batch       uuid NOT NULL,
    position    integer NOT NULL CHECK (position >= 0),
    hash        bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX consent_stops_of_batch ON consent_stops (tenant_id, batch, position);
CREATE INDEX consent_stops_of_person ON consent_stops (tenant_id, person_id);
CREATE TRIGGER consent_stops_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_stops
    FOR EACH STATEMENT EXECUTE FUNCTION docket_ledger_only_grows();

ALTER TABLE consent_stops ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_stops FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON consent_stops USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant());
GRANT SELECT, INSERT ON consent_stops TO docket_app;

-- +goose Down
DROP TABLE consent_stops;
