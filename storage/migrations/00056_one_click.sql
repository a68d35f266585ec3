-- +goose Up

-- Presses that come at the same time are written together, by the statements that write all else of the ledger.
DROP FUNCTION docket_end_consent(uuid, uuid, integer, text, timestamptz, date, text, text, uuid, uuid, bytea, bytea);

-- What stands for somebody changes many times. With room on its page a row that changes stays there, and the indexes need not hear of it.
ALTER TABLE consents SET (fillfactor = 85);

-- +goose Down
ALTER TABLE consents RESET (fillfactor);
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
