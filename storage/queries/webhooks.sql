-- name: InsertWebhook :exec
INSERT INTO webhooks (id, tenant_id, name, url, actions, secret_sealed, state, position, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, 'active', coalesce((SELECT size FROM audit_heads WHERE tenant_id = $2), 0), $7, $7);

-- name: Webhooks :many
SELECT id, name, url, actions, secret_sealed, previous_sealed, previous_until, state, disabled_reason, position, created_at, updated_at
FROM webhooks WHERE tenant_id = $1 ORDER BY created_at, id;

-- name: Webhook :one
SELECT id, name, url, actions, secret_sealed, previous_sealed, previous_until, state, disabled_reason, position, created_at, updated_at
FROM webhooks WHERE tenant_id = $1 AND id = $2;

-- name: UpdateWebhook :execrows
-- One that is switched on again hears of what happens from now on.
UPDATE webhooks SET name = $3, url = $4, actions = $5, updated_at = sqlc.arg(at)::timestamptz,
    position = CASE WHEN state = 'disabled' AND sqlc.arg(active)::boolean
        THEN coalesce((SELECT h.size FROM audit_heads h WHERE h.tenant_id = $1), 0) ELSE position END,
    state = CASE WHEN sqlc.arg(active)::boolean THEN 'active' ELSE 'disabled' END,
    disabled_reason = CASE WHEN sqlc.arg(active)::boolean THEN NULL ELSE coalesce(disabled_reason, 'switched_off') END
WHERE tenant_id = $1 AND id = $2;

-- name: DisableWebhook :execrows
UPDATE webhooks SET state = 'disabled', disabled_reason = sqlc.arg(reason)::text, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'active';

-- name: ReplaceWebhookSecret :execrows
UPDATE webhooks SET previous_sealed = secret_sealed, previous_until = sqlc.arg(until)::timestamptz, secret_sealed = $3,
    updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2;

-- name: DeleteDeliveries :exec
DELETE FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2;

-- name: DeleteWebhook :execrows
DELETE FROM webhooks WHERE tenant_id = $1 AND id = $2;

-- name: LockWebhooksBehind :many
SELECT w.id, w.actions, w.position FROM webhooks w
WHERE w.tenant_id = $1 AND w.state = 'active' AND w.position < (SELECT h.size FROM audit_heads h WHERE h.tenant_id = $1)
ORDER BY w.id FOR UPDATE OF w SKIP LOCKED;

-- name: MoveWebhook :exec
UPDATE webhooks SET position = sqlc.arg(to_index)::bigint WHERE tenant_id = $1 AND id = $2;

-- name: InsertDelivery :execrows
INSERT INTO webhook_deliveries (id, tenant_id, webhook_id, event_id, action, body, state, next_attempt_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $7)
ON CONFLICT (tenant_id, webhook_id, event_id) DO NOTHING;

-- name: ClaimDeliveries :many
WITH due AS MATERIALIZED (
    SELECT d.id FROM webhook_deliveries d
    WHERE d.tenant_id = $1 AND d.state = 'queued'
      AND (d.next_attempt_at <= sqlc.arg(at)::timestamptz OR d.next_attempt_at > sqlc.arg(at)::timestamptz + interval '25 hours')
    ORDER BY d.next_attempt_at, d.id LIMIT sqlc.arg(wanted) FOR UPDATE SKIP LOCKED)
UPDATE webhook_deliveries SET attempts = attempts + 1, next_attempt_at = sqlc.arg(lease_until)::timestamptz
FROM due WHERE webhook_deliveries.tenant_id = $1 AND webhook_deliveries.id = due.id
RETURNING webhook_deliveries.id, webhook_id, event_id, action, body, attempts, created_at;

-- name: DeliverySent :execrows
UPDATE webhook_deliveries SET state = 'sent', ended_at = sqlc.arg(at)::timestamptz, last_status = sqlc.arg(status)::text
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: DeliveryRetry :execrows
UPDATE webhook_deliveries SET next_attempt_at = $3, last_status = sqlc.arg(status)::text
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: DeliveryFailed :execrows
UPDATE webhook_deliveries SET state = 'failed', ended_at = sqlc.arg(at)::timestamptz, last_status = sqlc.arg(status)::text
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: FailDeliveries :exec
UPDATE webhook_deliveries SET state = 'failed', ended_at = sqlc.arg(at)::timestamptz, last_status = sqlc.arg(status)::text
WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'queued';

-- name: RequeueDelivery :execrows
UPDATE webhook_deliveries SET state = 'queued', ended_at = NULL, attempts = 0, next_attempt_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND state <> 'queued';

-- name: Deliveries :many
SELECT id, webhook_id, event_id, action, body, state, attempts, next_attempt_at, last_status, created_at, ended_at
FROM webhook_deliveries
WHERE tenant_id = $1 AND webhook_id = $2 AND (created_at, id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: ForgetDeliveries :exec
DELETE FROM webhook_deliveries WHERE tenant_id = $1 AND ended_at < $2;

-- name: TenantsWithNews :many
SELECT docket_tenants_with_news()::uuid AS id;

-- name: TenantsWithDeliveries :many
SELECT docket_tenants_with_deliveries(sqlc.arg(at)::timestamptz)::uuid AS id;
