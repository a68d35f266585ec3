-- name: Timeliness :many
-- The requests that were received between the first and the last of the months' beginnings, by month, right and regime.
SELECT width_bucket(c.received_at, sqlc.arg(months)::timestamptz[])::int AS month, c.request_right, c.regime,
    count(*) AS received,
    count(*) FILTER (WHERE c.state = 'closed') AS closed,
    count(*) FILTER (WHERE c.on_time) AS on_time,
    count(*) FILTER (WHERE NOT c.on_time) AS late,
    count(*) FILTER (WHERE c.state <> 'closed') AS open,
    count(*) FILTER (WHERE c.answered_at IS NULL AND c.next_due < sqlc.arg(at)::timestamptz) AS overdue,
    count(e.case_id) AS extended,
    coalesce(avg(extract(epoch FROM c.answered_at - c.received_at)), 0)::float8 AS mean_seconds,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.answered_at - c.received_at)), 0)::float8 AS median_seconds
FROM cases c LEFT JOIN extensions e ON e.tenant_id = c.tenant_id AND e.case_id = c.id
WHERE c.tenant_id = $1 AND c.received_at >= sqlc.arg(received_from)::timestamptz AND c.received_at < sqlc.arg(received_before)::timestamptz
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: CCPAMetrics :many
-- 11 CCR § 7102(a): a request to know is one for access or for a portable copy.
SELECT (CASE c.request_right WHEN 'portability' THEN 'access' ELSE c.request_right END)::text AS request_right,
    count(*) AS received,
    count(*) FILTER (WHERE c.outcome = 'fulfilled') AS complied,
    count(*) FILTER (WHERE c.outcome IN ('refused', 'unverified')) AS denied,
    count(*) FILTER (WHERE c.outcome IN ('withdrawn', 'cancelled')) AS ended,
    count(*) FILTER (WHERE c.state <> 'closed') AS open,
    count(c.answered_at) AS answered,
    coalesce(avg(extract(epoch FROM c.answered_at - c.received_at)), 0)::float8 AS mean_seconds,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.answered_at - c.received_at)), 0)::float8 AS median_seconds
FROM cases c
WHERE c.tenant_id = $1 AND c.regime = 'ccpa'
  AND c.received_at >= sqlc.arg(received_from)::timestamptz AND c.received_at < sqlc.arg(received_before)::timestamptz
GROUP BY 1 ORDER BY 1;

-- name: CCPADenials :many
SELECT (CASE c.request_right WHEN 'portability' THEN 'access' ELSE c.request_right END)::text AS request_right, c.outcome::text AS outcome,
    coalesce(c.reason_code, '')::text AS reason_code, count(*) AS denied
FROM cases c
WHERE c.tenant_id = $1 AND c.regime = 'ccpa' AND c.outcome IN ('refused', 'unverified')
  AND c.received_at >= sqlc.arg(received_from)::timestamptz AND c.received_at < sqlc.arg(received_before)::timestamptz
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
