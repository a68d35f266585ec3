package storage_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// endTogether ends purpose 1 by e-mail for people in one transaction, and gives those who were held.
func endTogether(t testing.TB, db *storage.DB, tenant uuid.UUID, people ...uuid.UUID) (held map[uuid.UUID]*storage.ConsentSelf) {
	t.Helper()
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		if held, err = tx.HoldConsentSelves(ctx, people); err != nil {
			return err
		}
		var own []storage.OwnEntry
		for _, self := range held {
			e := storage.ConsentEntry{Purpose: 1, Channel: privacy.ByEmail, Zone: "UTC", How: "one_click", Source: "link of 2026-03-02"}
			e.Event = consent.Event{Kind: consent.Withdrawn, At: tx.Now(), Day: privacy.DateIn(tx.Now(), time.UTC)}
			own = append(own, storage.OwnEntry{Self: self, ConsentEntry: e})
		}
		_, err = tx.RecordConsentsOf(ctx, own, nothingToLookAt)
		return err
	})
	return held
}

// Whatever was known of several before: what is written of them together is in the ledger of each, once, can be shown from the log, and what stands is what the ledger
// says.
func TestWhatIsWrittenTogetherIsInEachLedger(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClockAt(storagetest.Start())
	db := storagetest.Open(t, storagetest.WithClock(clock))
	tenant := storagetest.Tenant(t, db)
	world := 0
	rapid.Check(t, func(rt *rapid.T) {
		world++
		addresses := make([]string, rapid.IntRange(1, 4).Draw(rt, "people"))
		var named []storage.ConsentAddress
		for i := range addresses {
			addresses[i] = fmt.Sprintf("w%d-%d@person.example", world, i)
			named = append(named, storage.ConsentAddress{Kind: storage.AddressEmail, Value: addresses[i]})
			for range rapid.IntRange(0, 3).Draw(rt, "events") {
				clock.Advance(time.Duration(rapid.IntRange(0, 9).Draw(rt, "hours")) * time.Hour)
				e := anyEntry(clock.Now()).Draw(rt, "entry")
				e.Address.Value = addresses[i]
				record(t, db, tenant, e)
			}
		}
		var people []uuid.UUID
		storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			people, err = tx.NameConsentPeople(ctx, named)
			return err
		})
		clock.Advance(time.Duration(rapid.IntRange(0, 1).Draw(rt, "pause")) * time.Minute)
		before := make([]int, len(people))
		for i, address := range addresses {
			before[i] = len(history(t, db, tenant, address).Lines)
		}
		require.Len(rt, endTogether(t, db, tenant, append(people, uuid.New())...), len(people))
		for i, address := range addresses {
			h := history(t, db, tenant, address)
			require.Len(rt, h.Lines, before[i]+1)
			requireDerived(rt, t, db, tenant, address)
			at := slices.IndexFunc(h.Lines, func(l storage.ConsentLine) bool { return l.How == "one_click" })
			storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
				proven, err := tx.ProveConsent(ctx, people[i], h.Lines[at])
				require.NoError(rt, err)
				require.True(rt, proven)
				return nil
			})
		}
	})
}

// Whoever others hold is left out and nobody waits for them; another tenant's people are nobody's.
func TestWhoIsHeldByOthersIsLeftOut(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t)
	tenant, other := storagetest.Tenant(t, db), storagetest.Tenant(t, db)
	var people []uuid.UUID
	for _, of := range []uuid.UUID{tenant, tenant, other} {
		address := fmt.Sprintf("p%d@person.example", len(people))
		people = append(people, record(t, db, of, entry(address, consent.Given, storagetest.Start().Add(-time.Hour)))[0].Person)
	}
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.HoldConsentSelf(ctx, people[0])
		require.NoError(t, err)
		held := endTogether(t, db, tenant, people...)
		require.Equal(t, []uuid.UUID{people[1]}, slices.Collect(maps.Keys(held)))
		return nil
	})
	require.Len(t, endTogether(t, db, tenant, people...), 2)
}

// Nothing that was chosen is lost: the newest stands, and what held at any moment can be told. The lines can't be changed.
func TestPreferencesOnlyGrow(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	person := record(t, r.DB, tenant, entry("ana@person.example", consent.Given, storagetest.Start().Add(-time.Hour)))[0].Person
	day := privacy.NewDate(2026, 4, 1)
	for _, p := range []storage.ConsentPreferences{{Frequency: consent.AtMostWeekly, PausedUntil: day, Language: "de"}, {Frequency: consent.AtMostMonthly}} {
		r.Clock.Advance(time.Hour)
		storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
			self, err := tx.HoldConsentSelf(ctx, person)
			require.NoError(t, err)
			return tx.SetOwnPreferences(ctx, self, p, "page")
		})
	}
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		self, err := tx.ConsentSelf(ctx, person)
		require.NoError(t, err)
		require.Equal(t, consent.AtMostMonthly, self.Frequency)
		require.Zero(t, self.PausedUntil)
		require.Equal(t, "de", self.Language, "what is not said stays")
		lines, err := tx.ConsentPreferencesOf(ctx, person)
		require.NoError(t, err)
		require.Equal(t, day, lines[0].PausedUntil)
		require.Equal(t, time.Hour, lines[1].At.Sub(lines[0].At))
		return nil
	})
	one := known(t, r.DB, tenant, newsletter, "ana@person.example")[0]
	many := known(t, r.DB, tenant, newsletter, "ana@person.example", "ben@person.example")[0]
	require.Equal(t, one, many)
	require.Equal(t, consent.AtMostMonthly, one.Frequency)
	for _, change := range []string{"UPDATE consent_preferences SET frequency = 'any'", "DELETE FROM consent_preferences", "TRUNCATE consent_preferences"} {
		_, err := r.Owner(t).Exec(t.Context(), change)
		require.ErrorContains(t, err, "only grows", change)
	}
}

// Keys of links follow each other, however many processes ask for the first, and each is told in the log.
func TestOneFirstKeyOfLinks(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, storagetest.WithConnections(8))
	tenant := storagetest.Tenant(t, db)
	numbers := make(chan uint16, 20)
	errs := make(chan error, 20)
	for range 20 {
		go func() {
			errs <- db.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
				key, err := tx.LinkKeyInUse(ctx)
				numbers <- key.Number
				return err
			})
		}()
	}
	var err error
	for range 20 {
		err = errors.Join(err, <-errs)
		require.Equal(t, uint16(1), <-numbers)
	}
	require.NoError(t, err)
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
		require.ErrorIs(t, tx.RevokeLinkKey(ctx, 2), storage.ErrNotFound)
		return nil
	})
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.RevokeLinkKey(ctx, 1) })
	found, err := db.TenantOfLink(t.Context(), tenant, 2)
	require.NoError(t, err)
	first, _ := found.LinkKey(1)
	second, there := found.LinkKey(2)
	require.True(t, there && first.RevokedAt != nil && second.RetiredAt == nil)
}
