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

-- docket_end_consent ends one purpose on one channel for somebody who pressed once, together with its line in the ledger and its event in the log: all that can be
-- said by one statement. It says 1 when that was done, 2 when it had ended before, and 0, having done nothing, where there is more to look at: somebody who is not
-- known, who said something of all purposes, or of whom something newer is told.
-- +goose StatementBegin
CREATE FUNCTION docket_end_consent(of_tenant uuid, of_person uuid, of_purpose integer, by_channel text, ended timestamptz, ended_day date, ended_zone text, ended_source text,
    line uuid, line_batch uuid, line_hash bytea, log_body bytea) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    stands record;
BEGIN
    -- Whoever writes about somebody holds them, so that what stands is always what the ledger says.
    PERFORM FROM consent_people WHERE tenant_id = of_tenant AND id = of_person AND destroyed_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT bool_or(purpose = 0) AS everything, bool_or(purpose = of_purpose) AS known, bool_or(purpose = of_purpose AND withdrawn_at IS NOT NULL) AS over,
        max(last_at) FILTER (WHERE purpose = of_purpose) AS last
    INTO stands FROM consents WHERE tenant_id = of_tenant AND person_id = of_person AND purpose IN (0, of_purpose) AND channel = by_channel;
    IF stands.everything OR stands.last >= ended AND NOT stands.over THEN
        RETURN 0;
    ELSIF stands.over THEN
        RETURN 2;
    ELSIF stands.known THEN
        UPDATE consents SET requested_at = NULL, given_at = NULL, confirmed_at = NULL, withdrawn_at = ended, implied = NULL, last_at = ended, events = events + 1,
            implied_until = NULL, next_look = NULL
        WHERE tenant_id = of_tenant AND person_id = of_person AND purpose = of_purpose AND channel = by_channel;
    ELSE
        INSERT INTO consents (tenant_id, person_id, purpose, channel, withdrawn_at, last_at, events) VALUES (of_tenant, of_person, of_purpose, by_channel, ended, ended, 1);
    END IF;
    INSERT INTO consent_events (id, tenant_id, person_id, purpose, channel, kind, at, zone, day, recorded_at, no_solicitation, refusable, how, source, batch, position, hash)
    VALUES (line, of_tenant, of_person, of_purpose, by_channel, 'withdrawn', ended, ended_zone, ended_day, ended, false, false, 'one_click', ended_source, line_batch, 0, line_hash);
    INSERT INTO audit_events (id, tenant_id, action, at, body, object_id, outcome)
    VALUES (line_batch, of_tenant, 'consent.recorded', ended, log_body, line_batch::text, 'done');
    RETURN 1;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION docket_end_consent(uuid, uuid, integer, text, timestamptz, date, text, text, uuid, uuid, bytea, bytea);
DROP TABLE consent_preferences;
ALTER TABLE consent_people DROP COLUMN frequency, DROP COLUMN paused_until;
DROP TABLE consent_link_keys;
