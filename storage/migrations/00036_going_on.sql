-- +goose Up

-- Whoever decides can let an erasure go on without the answer of somebody who was asked to erase: the inquiry stays, and nothing waits for it.
GRANT UPDATE (awaited) ON inquiries TO docket_app;
-- A file that came by mistake is taken away again while the inquiry is open.
GRANT DELETE ON inquiry_files TO docket_app;

-- docket_proven says whether what somebody is known by is proven to be theirs in a case whose identity is: the mailbox, and what staff have seen beside it.
-- +goose StatementBegin
CREATE FUNCTION docket_proven(kind text, also text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind = 'email'
        OR kind = 'phone' AND coalesce(also, '') IN ('phone_number', 'phone_number_and_customer_id')
        OR kind = 'customer_id' AND coalesce(also, '') IN ('customer_id', 'phone_number_and_customer_id')
$$;
-- +goose StatementEnd

-- What was only named is nobody's to be erased again by, or suppressed by.
ALTER TABLE erasure_tombstones NO FORCE ROW LEVEL SECURITY;
ALTER TABLE suppressions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases NO FORCE ROW LEVEL SECURITY;
DELETE FROM erasure_tombstones t USING cases c
WHERE c.tenant_id = t.tenant_id AND c.id = t.case_id AND t.kind <> 'key' AND NOT docket_proven(t.kind, c.also_proven);
DELETE FROM suppressions s USING cases c
WHERE c.tenant_id = s.tenant_id AND c.id = s.case_id AND s.reason = 'erasure' AND NOT docket_proven(s.kind, c.also_proven);
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE suppressions FORCE ROW LEVEL SECURITY;
ALTER TABLE erasure_tombstones FORCE ROW LEVEL SECURITY;

-- +goose Down
DROP FUNCTION docket_proven(text, text);
REVOKE DELETE ON inquiry_files FROM docket_app;
REVOKE UPDATE (awaited) ON inquiries FROM docket_app;
