-- name: InsertMessage :execrows
INSERT INTO messages (id, tenant_id, case_id, subject_id, key, kind, channel, audience, language, content_sealed,
    message_id, secret, state, next_attempt_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'queued', $13, $13)
ON CONFLICT (tenant_id, key) DO NOTHING;

-- name: MessageByKey :one
SELECT id FROM messages WHERE tenant_id = $1 AND key = $2;

-- name: ClaimMessages :many
-- No letter is put off for more than a day. One that seems to be was queued or claimed while a clock was ahead.
WITH due AS MATERIALIZED ( -- as a condition it could be asked again for every row, and then takes more than it should
    SELECT m.id FROM messages m
    WHERE m.tenant_id = $1 AND m.state = 'queued'
      AND (m.next_attempt_at <= sqlc.arg(at)::timestamptz OR m.next_attempt_at > sqlc.arg(at)::timestamptz + interval '25 hours')
    ORDER BY m.next_attempt_at, m.id LIMIT sqlc.arg(wanted) FOR UPDATE SKIP LOCKED)
UPDATE messages SET attempts = attempts + 1, next_attempt_at = sqlc.arg(lease_until)::timestamptz
FROM due WHERE messages.tenant_id = $1 AND messages.id = due.id
RETURNING messages.id, tenant_id, case_id, subject_id, kind, channel, audience, language, content_sealed, message_id, secret, attempts, created_at;

-- name: MessageSent :execrows
UPDATE messages SET state = 'sent', sent_at = sqlc.arg(at)::timestamptz, last_error = NULL,
    content_sealed = CASE WHEN secret THEN NULL ELSE content_sealed END
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: MessageRetry :execrows
UPDATE messages SET next_attempt_at = $3, last_error = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: MessageFailed :execrows
UPDATE messages SET state = 'failed', last_error = $3,
    content_sealed = CASE WHEN secret THEN NULL ELSE content_sealed END
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: RequeueMessage :execrows
UPDATE messages SET state = 'queued', next_attempt_at = $3
WHERE tenant_id = $1 AND id = $2 AND state = 'failed' AND content_sealed IS NOT NULL;

-- name: CaseMessages :many
SELECT id, kind, channel, audience, language, message_id, secret, state, attempts, next_attempt_at, last_error, created_at, sent_at
FROM messages WHERE tenant_id = $1 AND case_id = $2 ORDER BY created_at, id;

-- name: MessageContent :one
SELECT id, case_id, subject_id, kind, content_sealed, secret FROM messages WHERE tenant_id = $1 AND case_id = $2 AND id = $3;

-- name: TenantsWithMail :many
SELECT docket_tenants_with_mail(sqlc.arg(at)::timestamptz)::uuid AS id;
