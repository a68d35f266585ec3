package storage_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// What a receiver hears is read along the log and from each batch to its lines, however long the ledger is: neither is read whole. The plan is the one that is kept for all arguments.
func TestFeedWalksItsIndexes(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	conn, tenant := r.Owner(t), storagetest.Tenant(t, r.DB)
	for _, statement := range []string{
		"SET session_replication_role = replica",
		fmt.Sprintf(`INSERT INTO consent_people (id, tenant_id, kind, created_at) SELECT md5('p' || i)::uuid, '%s', 'email', '2026-01-01' FROM generate_series(1, 20000) i`, tenant),
		fmt.Sprintf(`INSERT INTO consent_events (id, tenant_id, person_id, purpose, channel, kind, at, zone, day, recorded_at, no_solicitation, refusable, how, source, batch, position, hash)
			SELECT gen_random_uuid(), '%s', md5('p' || (1 + i %% 20000))::uuid, 1, 'email', (ARRAY['given', 'withdrawn', 'confirmed'])[1 + i %% 3], '2026-01-01', 'UTC', '2026-01-01', '2026-01-01',
				false, false, 'api', '', md5('b' || i)::uuid, 0, sha256('x') FROM generate_series(1, 60000) i`, tenant),
		fmt.Sprintf(`INSERT INTO consent_stops (id, tenant_id, person_id, channel, kind, recorded_at, how, batch, position, hash)
			SELECT gen_random_uuid(), '%s', md5('p' || i)::uuid, 'email', 'objected', '2026-01-01', 'request', md5('b' || (60000 + i))::uuid, 0, sha256('x') FROM generate_series(1, 20000) i`, tenant),
		fmt.Sprintf(`INSERT INTO audit_events (id, tenant_id, action, at, body, leaf_index, outcome)
			SELECT md5('b' || i)::uuid, '%s', CASE WHEN i <= 60000 THEN 'consent.recorded' WHEN i <= 80000 THEN 'consent.stops_recorded' ELSE 'message.sent' END, '2026-01-01', 'x', i, 'done' FROM generate_series(1, 120000) i`, tenant),
		"SET session_replication_role = DEFAULT", "VACUUM ANALYZE consent_people", "VACUUM ANALYZE consent_events", "VACUUM ANALYZE consent_stops", "VACUUM ANALYZE audit_events",
		"SET plan_cache_mode = force_generic_plan", "SET ROLE docket_app", fmt.Sprintf("SELECT set_config('docket.tenant', '%s', false)", tenant),
	} {
		run(t, conn, statement)
	}
	plan := explained(t, conn, statements(t)["ConsentChanges"])
	for _, index := range []string{"audit_events_leaf", "consent_events_of_batch", "consent_stops_of_batch", "consent_people_pkey"} {
		require.Contains(t, plan, index, plan)
	}
	require.NotRegexp(t, "Seq Scan|Gather|Hash", plan)
}

// A place is read in the one way in which it is written, and they are ordered as the log is.
func FuzzParseStreamPlace(f *testing.F) {
	for _, seed := range []string{"0.0", "17.4", "9223372036854775807.2147483647", "01.0", "1", "-1.0", "1.-1", "1.2.3", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		place, err := storage.ParseStreamPlace(text)
		if err != nil {
			require.ErrorIs(t, err, storage.ErrStreamPlace)
			return
		}
		require.Equal(t, text, place.String())
		require.False(t, place.Before(storage.StreamPlace{}) || place.Before(place))
	})
}
