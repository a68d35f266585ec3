-- name: ConsentSignUps :many
-- What became of those who signed up on each day of a span, by purpose and by the words that they saw. Who asks again without having confirmed has signed up once; a
-- confirmation belongs to the sign-up before it, whenever it comes. Of somebody who signed up more than once what stands belongs to the last time. What stands is
-- what counts also after a withdrawal from everything (purpose 0).
WITH told AS (
    SELECT person_id, purpose, channel, kind, at, id, day, text_id,
        kind = 'requested' AND lag(kind) OVER (PARTITION BY person_id, purpose, channel ORDER BY at, id) IS DISTINCT FROM 'requested' AS begins
    FROM consent_events
    WHERE tenant_id = $1 AND day >= sqlc.arg(first)::date AND (kind = 'requested' OR kind = 'confirmed' AND how = 'confirmation')
        AND (sqlc.narg(purpose)::integer IS NULL OR purpose = sqlc.narg(purpose)::integer)
), counted AS (
    SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY person_id, purpose, channel ORDER BY at, id) AS number FROM told
), sign_ups AS (
    SELECT person_id, purpose, channel, (array_agg(day) FILTER (WHERE begins))[1] AS day, (array_agg(text_id) FILTER (WHERE begins))[1] AS text_id,
        bool_or(kind = 'confirmed') AS confirmed, number = max(number) OVER (PARTITION BY person_id, purpose, channel) AS newest
    FROM counted WHERE number > 0 GROUP BY person_id, purpose, channel, number
)
SELECT s.day::date AS day, s.purpose, coalesce(s.text_id, '00000000-0000-0000-0000-000000000000')::uuid AS text_id, count(*) AS requested,
    count(*) FILTER (WHERE s.confirmed) AS confirmed, count(*) FILTER (WHERE stands.said_at > coalesce(stands.ended_at, '-infinity'::timestamptz)) AS standing
FROM sign_ups s
CROSS JOIN LATERAL (
    -- Summed up, it is looked up for each sign-up by itself, however many there are: joined, the planner may come to read all consents.
    SELECT max(greatest(c.given_at, c.confirmed_at)) FILTER (WHERE c.purpose = s.purpose) AS said_at, max(c.withdrawn_at) FILTER (WHERE c.purpose = 0) AS ended_at
    FROM consents c WHERE s.confirmed AND s.newest AND c.tenant_id = $1 AND c.person_id = s.person_id AND c.purpose IN (0, s.purpose) AND c.channel = s.channel
) stands
WHERE s.day < sqlc.arg(behind)::date
GROUP BY s.day, s.purpose, s.text_id ORDER BY s.day, s.purpose, s.text_id;
