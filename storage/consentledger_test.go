package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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

// nothingToLookAt leaves the days on which something is to be done to other tests.
func nothingToLookAt(string, privacy.MessageChannel, *consent.Standing) (until, next privacy.Date) {
	return
}

func entry(address string, kind consent.Kind, at time.Time) storage.ConsentEntry {
	return storage.ConsentEntry{
		Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: address}, Purpose: 1, Channel: privacy.ByEmail, Zone: "Europe/Berlin", How: "api",
		Event: consent.Event{Kind: kind, At: at, Day: privacy.DateIn(at, time.UTC)},
	}
}

func record(t testing.TB, db *storage.DB, tenant uuid.UUID, entries ...storage.ConsentEntry) (out []storage.ConsentRecorded) {
	t.Helper()
	storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = tx.RecordConsents(ctx, entries, nothingToLookAt)
		return err
	})
	return out
}

func known(t testing.TB, db *storage.DB, tenant uuid.UUID, q storage.ConsentQuestion, addresses ...string) (out []storage.ConsentKnown) {
	t.Helper()
	storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = tx.ConsentsFor(ctx, q, addresses)
		return err
	})
	return out
}

func history(t testing.TB, db *storage.DB, tenant uuid.UUID, address string) (out storage.ConsentHistory) {
	t.Helper()
	storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: address})
		return err
	})
	return out
}

// newsletter is the question that most of these tests ask.
var newsletter = storage.ConsentQuestion{Kind: storage.AddressEmail, Channel: privacy.ByEmail, Purpose: 1}

// Whatever happens in whatever order, and however it comes in: what stands is always what the ledger says.
func TestWhatStandsIsWhatTheLedgerSays(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClockAt(storagetest.Start())
	db := storagetest.Open(t, storagetest.WithClock(clock))
	tenant := storagetest.Tenant(t, db)
	world := 0
	rapid.Check(t, func(rt *rapid.T) {
		world++
		people := rapid.IntRange(1, 4).Draw(rt, "people")
		address := func(i int) string { return fmt.Sprintf("w%d-p%d@person.example", world, i) }
		for range rapid.IntRange(1, 5).Draw(rt, "transactions") {
			clock.Advance(time.Duration(rapid.IntRange(0, 50).Draw(rt, "hours")) * time.Hour)
			var entries []storage.ConsentEntry
			for range rapid.IntRange(1, 6).Draw(rt, "entries") {
				e := anyEntry(clock.Now()).Draw(rt, "entry")
				e.Address.Value = address(rapid.IntRange(0, people-1).Draw(rt, "person"))
				entries = append(entries, e)
			}
			record(t, db, tenant, entries...)
		}
		for i := range people {
			requireDerived(rt, t, db, tenant, address(i))
		}
	})
}

// anyEntry draws something that happened in the days before, often at the same moment as something else.
func anyEntry(now time.Time) *rapid.Generator[storage.ConsentEntry] {
	return rapid.Custom(func(t *rapid.T) storage.ConsentEntry {
		kind := rapid.SampledFrom(consent.Kinds()).Draw(t, "kind")
		at := now.Add(-time.Duration(rapid.IntRange(0, 12).Draw(t, "hours ago")) * 6 * time.Hour).UTC().Truncate(time.Microsecond)
		e := storage.ConsentEntry{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail}, Purpose: int32(rapid.IntRange(0, 2).Draw(t, "purpose")),
			Channel: rapid.SampledFrom([]privacy.MessageChannel{privacy.ByEmail, privacy.ByPush}).Draw(t, "channel"), Zone: "UTC", How: "import",
			Event: consent.Event{Kind: kind, At: at, Day: privacy.DateIn(at, time.UTC), Refusable: kind.Relates() && rapid.Bool().Draw(t, "refusable")},
		}
		if kind.Relates() {
			e.Event.Relation = rapid.SampledFrom([]privacy.ConsentEvent{"purchase", "membership", "inquiry"}).Draw(t, "relation")
		}
		if kind == consent.Published || kind == consent.Disclosed {
			e.Event.NoSolicitation = rapid.Bool().Draw(t, "no solicitation")
		}
		if rapid.Bool().Draw(t, "with evidence") {
			e.Evidence = storage.ConsentEvidence{URL: "https://shop.example/form", Fields: map[string]string{"order": "17"}}
		}
		return e
	})
}

// requireDerived compares what is kept with what the whole ledger gives when it is read from the start.
func requireDerived(rt *rapid.T, t testing.TB, db *storage.DB, tenant uuid.UUID, address string) {
	var h storage.ConsentHistory
	err := db.Read(t.Context(), tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		h, err = tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: address})
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return
	}
	require.NoError(rt, err)
	lines := 0
	for _, s := range h.Standings {
		var events []consent.Event
		for _, l := range h.Lines {
			if l.Purpose == s.Purpose && l.Channel == s.Channel {
				events = append(events, l.Event)
			}
		}
		lines += len(events)
		want := consent.At(events, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
		require.Equal(rt, want, s.Standing)
	}
	require.Len(rt, h.Lines, lines, "each line belongs to what stands")
	require.NotEmpty(rt, h.Standings)
}

// A thousand sign-ups of one address at once are one person, and none of them is lost.
func TestManyAtOnceAreOnePerson(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, storagetest.WithConnections(20))
	tenant := storagetest.Tenant(t, db)
	const all = 1000
	people := make([]uuid.UUID, all)
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() {
			err := db.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
				got, err := tx.RecordConsents(ctx, []storage.ConsentEntry{entry("ana@person.example", consent.Requested, tx.Now())}, nothingToLookAt)
				if err == nil {
					people[i] = got[0].Person
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	slices.SortFunc(people, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	require.Len(t, slices.Compact(people), 1)
	h := history(t, db, tenant, "Ana@Person.Example")
	require.Len(t, h.Lines, all)
	require.Len(t, h.Standings, 1)
}

// Lists that name the same people in other orders don't stand in each other's way for good: who has to give way says so, and is told to try again.
func TestListsOfTheSamePeople(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, storagetest.WithConnections(8))
	tenant := storagetest.Tenant(t, db)
	var wait sync.WaitGroup
	for worker := range 6 {
		wait.Go(func() {
			for round := range 10 {
				var entries []storage.ConsentEntry
				for i := range 40 {
					entries = append(entries, entry(fmt.Sprintf("p%d@person.example", (i*(worker+1)*7+round*13)%97), consent.Given, storagetest.Start()))
				}
				var err error
				for range 50 {
					err = db.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
						_, err := tx.RecordConsents(ctx, entries, nothingToLookAt)
						return err
					})
					if !errors.Is(err, storage.ErrConflict) {
						break
					}
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	total := 0
	for i := range 97 {
		h := history(t, db, tenant, fmt.Sprintf("p%d@person.example", i))
		total += len(h.Lines)
	}
	require.Equal(t, 6*10*40, total)
}

// Evidence and address are sealed, the words that were shown stay the ones that were shown, and each batch can be checked against the log.
func TestALineOfTheLedgerIsEvidence(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	var words storage.ConsentText
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		number, err := tx.AddConsentPurpose(ctx, storage.NewConsentPurpose{Key: "news", Class: "commercial"})
		require.NoError(t, err)
		for _, body := range []string{"Write to me once a month.", "Write to me once a week."} {
			words, err = tx.AddConsentText(ctx, storage.ConsentPurpose{Number: number, Key: "news"}, "en", "News", body)
			require.NoError(t, err)
		}
		return nil
	})
	require.Equal(t, int32(2), words.Version)
	e := entry("ana@person.example", consent.Given, storagetest.Start())
	e.Text, e.Evidence = &words.ID, storage.ConsentEvidence{IP: "192.0.2.7", Note: "at the counter"}
	other := entry("ben@person.example", consent.Given, storagetest.Start())
	got := record(t, r.DB, tenant, e, other)
	h := history(t, r.DB, tenant, "ana@person.example")
	require.Equal(t, "ana@person.example", h.Address)
	require.Equal(t, "Write to me once a week.", h.Lines[0].Text.Body)
	require.Equal(t, e.Evidence, h.Lines[0].Evidence)
	require.Equal(t, got[0].ID, h.Lines[0].ID)
	owner := r.Owner(t)
	for _, column := range []string{"value_sealed", "blind_index"} {
		var found bool
		require.NoError(t, owner.QueryRow(t.Context(), "SELECT bool_or(position('ana'::bytea in "+column+") > 0) FROM consent_people").Scan(&found))
		require.False(t, found, column)
	}
	for _, change := range []string{"UPDATE consent_events SET kind = 'withdrawn'", "DELETE FROM consent_events", "UPDATE consent_texts SET body = 'x'", "TRUNCATE consent_events"} {
		_, err := owner.Exec(t.Context(), change)
		require.ErrorContains(t, err, "only grows", change)
	}
	requireInLog(t, r.DB, tenant, h.Person, h.Lines[0])
}

// requireInLog makes the hash of a line out of what it says, and finds the root of its batch in the log.
func requireInLog(t *testing.T, db *storage.DB, tenant, person uuid.UUID, line storage.ConsentLine) {
	t.Helper()
	for name, c := range map[string]struct {
		change func(*storage.ConsentLine)
		want   bool
	}{
		"as it is":         {func(*storage.ConsentLine) {}, true},
		"another moment":   {func(l *storage.ConsentLine) { l.Event.At = l.Event.At.Add(time.Second) }, false},
		"another purpose":  {func(l *storage.ConsentLine) { l.Purpose++ }, false},
		"another place":    {func(l *storage.ConsentLine) { l.Position++ }, false},
		"what it says":     {func(l *storage.ConsentLine) { l.Event.Kind = consent.Withdrawn }, false},
		"where it is from": {func(l *storage.ConsentLine) { l.Source = "elsewhere" }, false},
	} {
		changed := line
		c.change(&changed)
		storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
			proven, err := tx.ProveConsent(ctx, person, changed)
			require.NoError(t, err)
			require.Equal(t, c.want, proven, name)
			return nil
		})
	}
}

// Whoever wants nothing any more has withdrawn from each purpose, until they say yes to one anew.
func TestWithdrawingFromEverything(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t)
	tenant := storagetest.Tenant(t, db)
	at := storagetest.Start().Add(-time.Hour)
	stop := entry("ana@person.example", consent.Withdrawn, at)
	stop.Purpose = storage.Everything
	record(t, db, tenant, entry("ana@person.example", consent.Given, at.Add(-time.Hour)), stop)
	require.Equal(t, at, known(t, db, tenant, newsletter, "ana@person.example")[0].Standing.Withdrawn)
	never := newsletter
	never.Purpose = 9
	require.Equal(t, at, known(t, db, tenant, never, "ana@person.example")[0].Standing.Withdrawn, "also what they were never asked about")
	record(t, db, tenant, entry("ana@person.example", consent.Given, at.Add(time.Minute)))
	got := known(t, db, tenant, newsletter, "ana@person.example", "nobody@person.example", "ANA@person.example")
	require.Equal(t, at.Add(time.Minute), got[0].Standing.Given)
	require.Zero(t, got[1])
	require.Equal(t, got[0], got[2], "in the places of the addresses")
	_, err := func() (out []storage.ConsentKnown, err error) {
		err = db.Read(t.Context(), tenant, func(ctx context.Context, tx *storage.Tx) error {
			out, err = tx.ConsentsFor(ctx, newsletter, []string{"ana@person.example", "no address"})
			return err
		})
		return out, err
	}()
	var bad *storage.AddressError
	require.ErrorAs(t, err, &bad)
	require.Equal(t, 1, bad.Place)
}
