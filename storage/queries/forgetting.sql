-- name: CasesToForget :many
SELECT c.id, c.regime FROM cases c
WHERE c.tenant_id = $1 AND c.closed_at IS NOT NULL AND c.forgotten_at IS NULL
    AND c.closed_at < coalesce((sqlc.arg(cutoffs)::timestamptz[])[array_position(sqlc.arg(regimes)::text[], c.regime)], sqlc.arg(otherwise)::timestamptz)
    AND (c.look_again IS NULL OR c.look_again <= sqlc.arg(at)::timestamptz)
ORDER BY c.closed_at LIMIT sqlc.arg(most);

-- name: LookAgain :execrows
UPDATE cases SET look_again = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND forgotten_at IS NULL;

-- name: ForgetCase :execrows
WITH noted AS (UPDATE notes SET body_sealed = ''::bytea WHERE notes.tenant_id = $1 AND notes.case_id = $2),
    written AS (UPDATE messages SET content_sealed = NULL WHERE messages.tenant_id = $1 AND messages.case_id = $2),
    said AS (UPDATE conversation SET body_sealed = ''::bytea WHERE conversation.tenant_id = $1 AND conversation.case_id = $2),
    spoken AS (UPDATE representatives SET details_sealed = ''::bytea WHERE representatives.tenant_id = $1 AND representatives.case_id = $2),
    redacted AS (UPDATE redactions SET note_sealed = NULL, row_key_sealed = CASE WHEN key_field <> '' THEN ''::bytea END
        WHERE redactions.tenant_id = $1 AND redactions.case_id = $2),
    surveyed AS (UPDATE erasure_surveys v SET body_sealed = ''::bytea, identities_sealed = NULL FROM collection_runs r
        WHERE v.tenant_id = $1 AND r.tenant_id = $1 AND r.id = v.run_id AND r.case_id = $2),
    decided AS (UPDATE erasure_decisions SET reason_sealed = ''::bytea WHERE erasure_decisions.tenant_id = $1 AND erasure_decisions.case_id = $2),
    planned AS (UPDATE erasure_plans SET body_sealed = ''::bytea WHERE erasure_plans.tenant_id = $1 AND erasure_plans.case_id = $2),
    found AS (UPDATE erasure_runs SET warrant_sealed = NULL WHERE erasure_runs.tenant_id = $1 AND erasure_runs.case_id = $2),
    attached AS (UPDATE task_attachments SET wrapped_key = NULL, destroyed_at = sqlc.arg(at)::timestamptz
        WHERE task_attachments.tenant_id = $1 AND task_attachments.case_id = $2 AND wrapped_key IS NOT NULL),
    shown AS (UPDATE identity_documents SET wrapped_key = NULL, destroyed_at = sqlc.arg(at)::timestamptz,
            decision = coalesce(decision, 'dropped'), decided_by = coalesce(decided_by, 'forgotten'), decided_at = coalesce(decided_at, sqlc.arg(at)::timestamptz)
        WHERE identity_documents.tenant_id = $1 AND identity_documents.case_id = $2 AND wrapped_key IS NOT NULL),
    held AS (UPDATE holdings h SET body_sealed = ''::bytea, warrant_sealed = ''::bytea FROM collection_runs r
        WHERE h.tenant_id = $1 AND r.tenant_id = $1 AND r.id = h.run_id AND r.case_id = $2),
    corrected AS (UPDATE corrections SET body_sealed = ''::bytea WHERE corrections.tenant_id = $1 AND corrections.case_id = $2),
    appealed AS (UPDATE appeals SET body_sealed = ''::bytea, explanation_sealed = NULL WHERE appeals.tenant_id = $1 AND appeals.case_id = $2),
    inquired AS (UPDATE inquiries SET body_sealed = NULL, words_sealed = NULL, token_hash = NULL WHERE inquiries.tenant_id = $1 AND inquiries.case_id = $2),
    inquired_files AS (UPDATE inquiry_files SET name_sealed = ''::bytea, wrapped_key = NULL WHERE inquiry_files.tenant_id = $1 AND inquiry_files.case_id = $2),
    sent AS (UPDATE sent_documents SET name_sealed = ''::bytea, wrapped_key = NULL, destroyed_at = coalesce(destroyed_at, sqlc.arg(at)::timestamptz)
        WHERE sent_documents.tenant_id = $1 AND sent_documents.case_id = $2),
    stated AS (UPDATE statements SET body_sealed = ''::bytea WHERE statements.tenant_id = $1 AND statements.case_id = $2),
    amended AS (UPDATE amendments SET orders_sealed = ''::bytea WHERE amendments.tenant_id = $1 AND amendments.case_id = $2),
    filed AS (UPDATE filed_requests SET said_sealed = NULL WHERE filed_requests.tenant_id = $1 AND filed_requests.case_id = $2),
    contested AS (UPDATE contests SET body_sealed = ''::bytea WHERE contests.tenant_id = $1 AND contests.case_id = $2),
    reviewed AS (UPDATE human_reviews SET body_sealed = ''::bytea WHERE human_reviews.tenant_id = $1 AND human_reviews.case_id = $2),
    transmitted AS (UPDATE transmissions SET body_sealed = ''::bytea WHERE transmissions.tenant_id = $1 AND transmissions.case_id = $2),
    linked AS (UPDATE transmission_links SET body_sealed = ''::bytea WHERE transmission_links.tenant_id = $1 AND transmission_links.case_id = $2),
    weighed AS (UPDATE balance_tests SET body_sealed = ''::bytea WHERE balance_tests.tenant_id = $1 AND balance_tests.case_id = $2),
    collected_by AS (UPDATE collection_runs SET key_wrapped = NULL WHERE collection_runs.tenant_id = $1 AND collection_runs.case_id = $2)
UPDATE cases SET details_sealed = NULL, forgotten_at = sqlc.arg(at)::timestamptz
WHERE cases.tenant_id = $1 AND cases.id = $2 AND cases.closed_at IS NOT NULL AND cases.forgotten_at IS NULL;
