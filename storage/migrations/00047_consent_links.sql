-- +goose Up

-- consent_link_keys sign the links by which people end and choose what they get: new links are signed by the one that is not retired, links of older ones go on
-- working, and those of one that was revoked do nothing any more. The key is sealed with that of the tenant's records. It stays sealed in its row when it is
-- revoked: a link that it signed is to be told from one that was made up.
CREATE TABLE consent_link_keys (
    id         uuid NOT NULL,
    tenant_id  uuid NOT NULL,
    number     integer NOT NULL CHECK (number BETWEEN 1 AND 65535),
    key_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    CHECK (revoked_at IS NULL OR retired_at IS NOT NULL)
);
CREATE UNIQUE INDEX consent_link_keys_in_use ON consent_link_keys (tenant_id) WHERE retired_at IS NULL;

-- What somebody has chosen beside their consents stands with them, so that asking whether they may be written to is the same one look.
ALTER TABLE consent_people
    ADD COLUMN frequency text CHECK (frequency IN ('any', 'weekly', 'monthly')),
    ADD COLUMN paused_until date;

-- consent_preferences are what was chosen, when: the newest of a person is what stands with them. Nothing in it is ever changed.
CREATE TABLE consent_preferences (
    id           uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    person_id    uuid NOT NULL,
    frequency    text NOT NULL CHECK (frequency IN ('any', 'weekly', 'monthly')),
    -- paused_until is the day on which messages may come again.
    paused_until date,
    language     text,
    at           timestamptz NOT NULL,
    how          text NOT NULL CHECK (how IN ('page', 'staff', 'api')),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX consent_preferences_of_person ON consent_preferences (tenant_id, person_id, at);
CREATE TRIGGER consent_preferences_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_preferences
    FOR EACH STATEMENT EXECUTE FUNCTION docket_ledger_only_grows();

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['consent_link_keys', 'consent_preferences'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant_rows ON %I USING (tenant_id = docket_tenant()) WITH CHECK (tenant_id = docket_tenant())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO docket_app', t);
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT UPDATE (retired_at, revoked_at) ON consent_link_keys TO docket_app;
GRANT UPDATE (frequency, paused_until) ON consent_people TO docket_app;

-- +goose Down
DROP TABLE consent_preferences;
ALTER TABLE consent_people DROP COLUMN frequency, DROP COLUMN paused_until;
DROP TABLE consent_link_keys;
