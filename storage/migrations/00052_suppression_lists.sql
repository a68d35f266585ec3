-- +goose Up

-- A list of addresses that nobody may write to comes from elsewhere: of it, too, nothing is kept but keyed hashes. Its rows have a scope of their own, so that who is erased later is
-- suppressed for that beside it.
ALTER TABLE suppressions DROP CONSTRAINT suppressions_reason_check;
ALTER TABLE suppressions ADD CONSTRAINT suppressions_reason_check CHECK (reason IN ('erasure', 'objection', 'list'));

-- +goose Down
ALTER TABLE suppressions NO FORCE ROW LEVEL SECURITY;
DELETE FROM suppressions WHERE reason = 'list';
ALTER TABLE suppressions FORCE ROW LEVEL SECURITY;
ALTER TABLE suppressions DROP CONSTRAINT suppressions_reason_check;
ALTER TABLE suppressions ADD CONSTRAINT suppressions_reason_check CHECK (reason IN ('erasure', 'objection'));
