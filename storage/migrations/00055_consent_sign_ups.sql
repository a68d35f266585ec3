-- +goose Up

-- consent_events_of_sign_ups are the lines of people who signed up and of those who confirmed it from their mailbox, by day: what was made of sign-ups is counted from
-- them alone, however long the ledger is. No other line is in it, neither of an import nor of one click, so writing those costs nothing more. All that is
-- asked of a line stands in the index.
CREATE INDEX consent_events_of_sign_ups ON consent_events (tenant_id, day) INCLUDE (person_id, purpose, channel, kind, at, id, text_id)
    WHERE kind = 'requested' OR kind = 'confirmed' AND how = 'confirmation';

-- +goose Down
DROP INDEX consent_events_of_sign_ups;
