package storage_test

import (
	"context"
	"errors"
	"fmt"
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

// endAtOnce ends purpose 1 by e-mail for a person.
func endAtOnce(t testing.TB, db *storage.DB, tenant, person uuid.UUID) (over, fresh bool) {
	t.Helper()
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		e := storage.ConsentEntry{Purpose: 1, Channel: privacy.ByEmail, Zone: "UTC", How: "one_click", Source: "link of 2026-03-02"}
		e.Event = consent.Event{Kind: consent.Withdrawn, At: tx.Now(), Day: privacy.DateIn(tx.Now(), time.UTC)}
		over, fresh, err = tx.EndAtOnce(ctx, person, e)
		return err
	})
	return over, fresh
}

// Whatever was known before: what one statement ends has ended, is in the ledger once, can be shown from the log, and what stands is what the ledger says.
func TestWhatEndsAtOnceIsInTheLedger(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClockAt(storagetest.Start())
	db := storagetest.Open(t, storagetest.WithClock(clock))
	tenant := storagetest.Tenant(t, db)
	world := 0
	rapid.Check(t, func(rt *rapid.T) {
		world++
		address := fmt.Sprintf("w%d@person.example", world)
		for range rapid.IntRange(0, 4).Draw(rt, "events") {
			clock.Advance(time.Duration(rapid.IntRange(0, 9).Draw(rt, "hours")) * time.Hour)
			e := anyEntry(clock.Now()).Draw(rt, "entry")
			e.Address.Value = address
			record(t, db, tenant, e)
		}
		var person uuid.UUID
		storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
			people, err := tx.NameConsentPeople(ctx, []storage.ConsentAddress{{Kind: storage.AddressEmail, Value: address}})
			require.NoError(rt, err)
			person = people[0]
			return nil
		})
		clock.Advance(time.Duration(rapid.IntRange(0, 1).Draw(rt, "pause")) * time.Minute)
		before := len(history(t, db, tenant, address).Lines)
		over, fresh := endAtOnce(t, db, tenant, person)
		h := history(t, db, tenant, address)
		added := 0
		if fresh {
			added = 1
		}
		require.Len(rt, h.Lines, before+added)
		if over {
			require.False(rt, known(t, db, tenant, newsletter, address)[0].Standing.Withdrawn.IsZero())
		}
		if before+added > 0 {
			requireDerived(rt, t, db, tenant, address)
		}
		if fresh {
			last := h.Lines[len(h.Lines)-1]
			require.Equal(rt, "one_click", last.How)
			storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
				proven, err := tx.ProveConsent(ctx, person, last)
				require.NoError(rt, err)
				require.True(rt, proven)
				return nil
			})
		}
		again, twice := endAtOnce(t, db, tenant, person)
		require.Equal(rt, over, again)
		require.False(rt, twice)
		require.Len(rt, history(t, db, tenant, address).Lines, before+added)
	})
}

// Where one statement can't tell, it does nothing: whoever is not known, who said something of everything, of whom something newer is told.
func TestWhatCanNotEndAtOnce(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t)
	tenant := storagetest.Tenant(t, db)
	over, fresh := endAtOnce(t, db, tenant, uuid.Must(uuid.NewV7()))
	require.False(t, over || fresh)
	stop := entry("ana@person.example", consent.Withdrawn, storagetest.Start().Add(-time.Hour))
	stop.Purpose = storage.Everything
	ana := record(t, db, tenant, stop, entry("ana@person.example", consent.Given, storagetest.Start().Add(-time.Minute)))[0].Person
	ben := record(t, db, tenant, entry("ben@person.example", consent.Given, storagetest.Start().Add(time.Minute)))[0].Person
	for name, person := range map[string]uuid.UUID{"everything": ana, "something newer": ben} {
		over, fresh := endAtOnce(t, db, tenant, person)
		require.False(t, over || fresh, name)
	}
	require.Len(t, history(t, db, tenant, "ana@person.example").Lines, 2)
	require.Len(t, history(t, db, tenant, "ben@person.example").Lines, 1)
	other := storagetest.Tenant(t, db)
	over, fresh = endAtOnce(t, db, other, record(t, db, tenant, entry("cem@person.example", consent.Given, storagetest.Start().Add(-time.Hour)))[0].Person)
	require.False(t, over || fresh, "another tenant's")
	require.Len(t, history(t, db, tenant, "cem@person.example").Lines, 1)
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
