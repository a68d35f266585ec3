package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// signUp is a line of somebody who signs up on a day of May 2026, or confirms it.
func signUp(address string, kind consent.Kind, day int) storage.ConsentEntry {
	e := entry(address, kind, time.Date(2026, 5, day, 12, 0, 0, 0, time.UTC))
	e.How = map[consent.Kind]string{consent.Requested: "form", consent.Confirmed: "confirmation", consent.Withdrawn: "page"}[kind]
	return e
}

func signUps(t testing.TB, db *storage.DB, tenant uuid.UUID, first, behind privacy.Date, purpose *int32) (out []storage.ConsentSignUps) {
	t.Helper()
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = tx.ConsentSignUps(ctx, first, behind, purpose)
		return err
	})
	return out
}

func may(day int) privacy.Date { return privacy.NewDate(2026, 5, day) }

// TestSignUpsAreCountedOnce: whoever asks again has signed up once, a confirmation belongs to the sign-up before it, and what stands to the last of them.
func TestSignUpsAreCountedOnce(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithClock(clockwork.NewFakeClockAt(time.Date(2026, 5, 30, 12, 0, 0, 0, time.UTC))))
	tenant, other := storagetest.Tenant(t, r.DB), storagetest.Tenant(t, r.DB)
	record(t, r.DB, tenant, signUp("asks-twice@person.example", consent.Requested, 4))
	record(t, r.DB, tenant, signUp("asks-twice@person.example", consent.Requested, 6))
	record(t, r.DB, tenant, signUp("asks-twice@person.example", consent.Confirmed, 20))
	record(t, r.DB, tenant, signUp("never@person.example", consent.Requested, 4))
	for _, e := range []storage.ConsentEntry{
		signUp("comes-back@person.example", consent.Requested, 4), signUp("comes-back@person.example", consent.Confirmed, 5), signUp("comes-back@person.example", consent.Withdrawn, 6),
		signUp("comes-back@person.example", consent.Requested, 7), signUp("comes-back@person.example", consent.Confirmed, 8),
	} {
		record(t, r.DB, tenant, e)
	}
	record(t, r.DB, tenant, signUp("leaves@person.example", consent.Requested, 7), signUp("leaves@person.example", consent.Confirmed, 8))
	everything := signUp("leaves@person.example", consent.Withdrawn, 9)
	everything.Purpose = storage.Everything
	record(t, r.DB, tenant, everything)
	elsewhere := entry("imported@person.example", consent.Confirmed, time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)) // by an import, so no sign-up
	offers := signUp("offers@person.example", consent.Requested, 7)
	offers.Purpose = 2
	record(t, r.DB, tenant, elsewhere, offers, signUp("later@person.example", consent.Requested, 25))
	record(t, r.DB, other, signUp("of-others@person.example", consent.Requested, 4))

	require.Equal(t, []storage.ConsentSignUps{
		{Day: may(4), Purpose: 1, Requested: 3, Confirmed: 2, Standing: 1},
		{Day: may(7), Purpose: 1, Requested: 2, Confirmed: 2, Standing: 1},
		{Day: may(7), Purpose: 2, Requested: 1},
	}, signUps(t, r.DB, tenant, may(1), may(25), nil))
	second := int32(2)
	require.Equal(t, []storage.ConsentSignUps{{Day: may(7), Purpose: 2, Requested: 1}}, signUps(t, r.DB, tenant, may(1), may(25), &second))
	require.Equal(t, []storage.ConsentSignUps{{Day: may(6), Purpose: 1, Requested: 1, Confirmed: 1, Standing: 1}}, signUps(t, r.DB, tenant, may(5), may(7), nil),
		"what came before the first day is not looked at")
}

// TestSignUpsDoNotReadTheLedger: the ledger is long, and next to nothing in it is a sign-up.
func TestSignUpsDoNotReadTheLedger(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	conn, tenant := r.Owner(t), storagetest.Tenant(t, r.DB)
	for _, statement := range []string{
		"SET session_replication_role = replica",
		fmt.Sprintf(`INSERT INTO consent_events (id, tenant_id, person_id, purpose, channel, kind, at, zone, day, recorded_at, no_solicitation, refusable, how, source, batch, position, hash)
		SELECT gen_random_uuid(), '%s', gen_random_uuid(), 1, 'email', kind, at, 'UTC', at::date, at, false, false, how, '', gen_random_uuid(), 0, sha256('x')
		FROM generate_series(1, 40000) i, LATERAL (SELECT CASE WHEN i %% 100 = 0 THEN 'requested' WHEN i %% 100 = 1 THEN 'confirmed' ELSE 'given' END AS kind,
			CASE WHEN i %% 100 = 1 THEN 'confirmation' ELSE 'import' END AS how, '2026-01-01'::timestamptz + i * interval '10 minutes' AS at) x`, tenant),
		fmt.Sprintf(`INSERT INTO consents (tenant_id, person_id, purpose, channel, given_at, last_at, events)
		SELECT tenant_id, person_id, purpose, channel, at, at, 1 FROM consent_events WHERE tenant_id = '%s'`, tenant),
		"SET session_replication_role = DEFAULT", "VACUUM ANALYZE consent_events", "VACUUM ANALYZE consents",
		"SET plan_cache_mode = force_generic_plan", "SET ROLE docket_app", fmt.Sprintf("SELECT set_config('docket.tenant', '%s', false)", tenant),
	} {
		run(t, conn, statement)
	}
	plan := explained(t, conn, statements(t)["ConsentSignUps"])
	require.Contains(t, plan, "Index Only Scan using consent_events_of_sign_ups on consent_events")
	require.Contains(t, plan, "using consents_pkey on consents c")
	require.NotContains(t, plan, "Seq Scan on consent")
}
