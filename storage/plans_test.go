package storage_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/storagetest"
)

// years fills a register with many cases past the product, as its tables would look after years. Triggers are left out.
func years(t *testing.T, r *storagetest.Register) *pgx.Conn {
	t.Helper()
	conn, tenant := r.Owner(t), storagetest.Tenant(t, r.DB)
	member, c := storagetest.Staff(t, r.DB, tenant, "agent"), storagetest.NewCase(t, r.DB, tenant)
	for _, statement := range []string{
		"SET session_replication_role = replica",
		fmt.Sprintf(`INSERT INTO cases (id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone,
			language, channel, state, outcome, reason_code, identity, identity_method, assignee_id, duplicate_of, received_at, recorded_at,
			closed_at, next_due, updated_at, answered_at, on_time, details_sealed)
		SELECT gen_random_uuid(), '%s', '%s', 'R' || i, 'request', (ARRAY['access', 'erasure', 'opt_out', 'portability'])[1 + i %% 4],
			(ARRAY['gdpr', 'ccpa', 'uk-gdpr', 'lgpd', 'x'])[1 + i %% 5], '1', 'DE', 'Europe/Berlin', 'en', 'api',
			CASE WHEN open THEN (ARRAY['verifying', 'reviewing'])[1 + i %% 2] ELSE 'closed' END,
			CASE WHEN NOT open THEN (ARRAY['fulfilled', 'refused'])[1 + (i %% 10 = 0)::int] END, 'x', 'proven', 'document',
			CASE WHEN i %% 3 = 0 THEN '%s'::uuid END, CASE WHEN i %% 50 = 0 THEN '%s'::uuid END, at, at, CASE WHEN NOT open THEN at END,
			CASE WHEN open THEN at END, at, CASE WHEN NOT open THEN at END, CASE WHEN NOT open THEN i %% 20 <> 0 END, repeat('x', 300)::bytea
		FROM generate_series(1, 60000) i, LATERAL (SELECT '2020-01-01'::timestamptz + i * interval '1 hour' AS at, i > 54000 AS open) x`,
			tenant, c.Subject, member, c.ID),
		`INSERT INTO obligations (id, tenant_id, case_id, kind, citation, state, due, earliest_safe, explanation, date_cause, dated_at, ladder,
			created_at, updated_at, regime, request_right, assignee_id, amber_at, met_at)
		SELECT gen_random_uuid(), tenant_id, id, k, 'x', CASE WHEN state = 'closed' THEN 'met' ELSE (ARRAY['open', 'paused', 'overdue'])[1 + (random() * 2)::int] END,
			received_at, received_at, '{}', 'intake', received_at, '{}', received_at, received_at, regime, request_right, assignee_id, received_at, answered_at
		FROM cases, unnest(ARRAY['acknowledge', 'respond', 'extension_notice']) k WHERE reference LIKE 'R%'`,
		`INSERT INTO audit_events (id, tenant_id, case_id, action, at, body, leaf_index, actor_id, object_id, outcome)
		SELECT gen_random_uuid(), c.tenant_id, CASE WHEN n < 3 THEN c.id END, (ARRAY['request.viewed', 'request.received', 'system.tested', 'command.refused'])[n],
			c.received_at, 'x', row_number() OVER (), CASE WHEN n <> 2 THEN md5((n + extract(day FROM c.received_at))::text) END, CASE WHEN n > 2 THEN md5(extract(day FROM c.received_at)::text) END,
			CASE WHEN n = 4 THEN 'refused' ELSE 'done' END
		FROM cases c, generate_series(1, 4) n WHERE reference LIKE 'R%'`,
		"SET session_replication_role = DEFAULT", "VACUUM ANALYZE cases", "VACUUM ANALYZE obligations", "VACUUM ANALYZE audit_events",
		"SET plan_cache_mode = force_generic_plan", "SET ROLE docket_app", fmt.Sprintf("SELECT set_config('docket.tenant', '%s', false)", tenant),
	} {
		run(t, conn, statement)
	}
	return conn
}

// Each way to narrow a list goes along its own index in the list's order and stops when the page is full: nothing is sorted,
// and no table read whole. The plan is the one that is kept for all arguments.
func TestListsWalkTheirIndexes(t *testing.T) {
	t.Parallel()
	conn := years(t, storagetest.New(t))
	all := statements(t)
	for name, index := range map[string]string{
		"ListCases": "cases_newest", "ListCasesInState": "cases_by_state", "ListCasesOfRight": "cases_by_right", "ListCasesUnderRegime": "cases_by_regime",
		"ListCasesOfAssignee": "cases_by_assignee", "ListCasesOfAssigneeInState": "cases_by_assignee_and_state", "ListCasesOfNobody": "cases_of_nobody",
		"ListCasesByOutcome": "cases_by_outcome", "ListCasesByTimeliness": "cases_by_timeliness", "ListDuplicates": "cases_duplicates",
		"ListCasesByDue": "cases_by_due", "ListCasesOfAssigneeByDue": "cases_by_assignee_and_due",
		"Board": "obligations_board", "BoardInState": "obligations_by_state", "BoardOfKind": "obligations_by_kind", "BoardOfAssignee": "obligations_by_assignee",
		"BoardOfNobody": "obligations_of_nobody", "BoardUnderRegime": "obligations_by_regime", "BoardOfRight": "obligations_by_right",
		"AuditEventsPage": "audit_events_newest", "AuditEventsOfCase": "audit_events_by_case", "AuditEventsOfObject": "audit_events_by_object",
		"AuditEventsByActor": "audit_events_by_actor", "AuditEventsByOutcome": "audit_events_by_outcome", "AuditEventsByAction": "audit_events_by_action",
	} {
		plan := explained(t, conn, all[name])
		require.Regexp(t, `Index (Only )?Scan (Backward )?using (`+index+`|obligations_horizon) on`, plan, name)
		if name != "Board" {
			require.NotContains(t, plan, "obligations_horizon", name)
		}
		sorted := "Sort|"
		if strings.HasPrefix(name, "AuditEvents") && name != "AuditEventsOfCase" { // two full pages at most: what has its place, and what waits for it
			require.Contains(t, plan, "audit_events_pending", name)
			sorted = ""
		}
		require.NotRegexp(t, sorted+"Seq Scan on (cases|obligations|audit_events)|Gather", plan, name)
	}
	require.Contains(t, explained(t, conn, all["Horizon"]), "Index Only Scan using obligations_horizon")
}

func explained(t *testing.T, conn *pgx.Conn, s statement) string {
	t.Helper()
	last := 0
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(s.body(), -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		last = max(last, n)
	}
	run(t, conn, "PREPARE asked AS "+s.body())
	defer run(t, conn, "DEALLOCATE asked")
	rows, err := conn.Query(t.Context(), "EXPLAIN EXECUTE asked("+strings.TrimSuffix(strings.Repeat("NULL, ", last), ", ")+")", pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err, s.name)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, s.name)
	return strings.Join(lines, "\n")
}
