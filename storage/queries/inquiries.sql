-- name: InsertInquiry :execrows
INSERT INTO inquiries (id, tenant_id, case_id, system_id, notice_id, purpose, turn, channel, addressee, address, language, identities, awaited, state, remote_id,
    token_hash, body_sealed, created_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $14, $15, $16, $17, $18)
ON CONFLICT (tenant_id, case_id, turn) DO NOTHING;

-- name: Inquiries :many
SELECT i.id, i.case_id, i.system_id, s.key AS system_key, s.name AS system_name, i.notice_id, i.purpose, i.turn, i.channel, i.addressee, i.address, i.language,
    i.identities, i.awaited, i.state, i.outcome, i.remote_id, i.body_sealed, i.words_sealed, i.reminders, i.created_at, i.due_at, i.asked_at, i.seen_at,
    i.ended_by, i.ended_at
FROM inquiries i LEFT JOIN systems s ON s.tenant_id = i.tenant_id AND s.id = i.system_id
WHERE i.tenant_id = $1 AND i.case_id = $2 ORDER BY i.created_at, i.id;

-- name: InquiryStates :many
SELECT i.id, i.system_id, s.key AS system_key, i.turn, i.addressee, i.awaited, i.state, i.outcome, i.ended_by
FROM inquiries i LEFT JOIN systems s ON s.tenant_id = i.tenant_id AND s.id = i.system_id
WHERE i.tenant_id = $1 AND i.case_id = $2 ORDER BY i.created_at, i.id;

-- name: InquiryByToken :one
SELECT id, case_id FROM inquiries WHERE tenant_id = $1 AND token_hash = $2;

-- name: InquiryByRemote :one
SELECT id, case_id FROM inquiries WHERE tenant_id = $1 AND remote_id = $2 AND channel = 'opendsr' AND state = 'asked';

-- name: InquiryAsked :execrows
UPDATE inquiries SET state = 'asked', asked_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND state = 'open';

-- name: InquirySeen :execrows
UPDATE inquiries SET seen_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND seen_at IS NULL;

-- name: InquiryReminded :execrows
UPDATE inquiries SET reminders = sqlc.arg(sent)::integer WHERE tenant_id = $1 AND id = $2 AND state = 'asked' AND reminders = sqlc.arg(before)::integer;

-- name: MoveInquiryDue :execrows
UPDATE inquiries SET due_at = sqlc.arg(due)::timestamptz WHERE tenant_id = $1 AND id = $2 AND state IN ('open', 'asked');

-- name: FreeInquiry :execrows
UPDATE inquiries SET awaited = false WHERE tenant_id = $1 AND id = $2 AND awaited;

-- name: EndInquiry :execrows
UPDATE inquiries SET state = sqlc.arg(state)::text, outcome = sqlc.narg(outcome)::text, words_sealed = sqlc.narg(words)::bytea, ended_by = sqlc.arg(by)::text,
    ended_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state IN ('open', 'asked');

-- name: InsertInquiryFile :exec
INSERT INTO inquiry_files (id, tenant_id, inquiry_id, case_id, name_sealed, object_key, wrapped_key, media_type, bytes, sha256, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: InquiryFiles :many
SELECT id, inquiry_id, case_id, name_sealed, object_key, wrapped_key, media_type, bytes, sha256, created_by, created_at
FROM inquiry_files WHERE tenant_id = $1 AND case_id = $2 ORDER BY created_at, id;

-- name: DeleteInquiryFile :execrows
DELETE FROM inquiry_files WHERE tenant_id = $1 AND inquiry_id = $2 AND id = $3;

-- name: ForgetInquiryFiles :exec
UPDATE inquiry_files SET wrapped_key = NULL WHERE tenant_id = $1 AND case_id = $2;
