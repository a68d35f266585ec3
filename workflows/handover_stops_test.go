package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// objected files an objection to direct marketing of somebody who is known by an e-mail address, and gives the limit that it sets.
func (s *sender) objected(address string) storage.Limit {
	s.t.Helper()
	filed := s.File(asking(privacy.Objection, against(privacy.LimitMarketing)), func(n *casework.NewRequest) { n.Person = storage.Person{Email: address} })
	var all []storage.Limit
	s.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.LimitsOfCase(ctx, filed.Ref.Case)
		return err
	})
	require.Len(s.t, all, 1)
	return all[0]
}

func (s *sender) lifted(l storage.Limit) {
	s.t.Helper()
	s.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.LiftLimit(ctx, l) })
}

func (s *sender) suppressed(addresses ...string) {
	s.t.Helper()
	s.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.SuppressListed(ctx, storage.AddressEmail, addresses)
		return err
	})
}

// all is everything that a receiver that asks by itself hears, from its beginning.
func (s *sender) all(receiver uuid.UUID) []casework.ConsentChange {
	s.t.Helper()
	s.counted(receiver)
	return s.read(receiver, &storage.StreamPlace{}, 1000).Changes
}

// Art. 21(3) GDPR: who objects to direct marketing is no longer written to, by no system. It is heard of among the withdrawals, in the order of the log, and confirmed in the time of the law;
// of people, too, whom the ledger did not know.
func TestObjectionIsHandedOver(t *testing.T) {
	t.Parallel()
	s := newSender(t, "IE", "Europe/Dublin")
	id, _ := s.added(casework.NewReceiver{Kind: "pull", Purposes: []string{"offers"}})
	s.said("ana@person.example", "offers", consent.Given)
	s.said("ben@person.example", "offers", consent.Withdrawn)
	limit := s.objected("ana@person.example")
	s.objected("zoe@person.example")
	s.said("cleo@person.example", "offers", consent.Withdrawn)
	require.Equal(t, []heard{
		{"ben@person.example", "offers", "withdrawn", "withdrawn"}, {"ana@person.example", "*", "objected", "withdrawn"}, {"zoe@person.example", "*", "objected", "withdrawn"},
		{"cleo@person.example", "offers", "withdrawn", "withdrawn"},
	}, short(s.all(id)))
	owed := s.handovers(id)
	require.Len(t, owed, 1)
	require.Equal(t, []any{4, 0, s.clock.Now().Add(48 * time.Hour)}, []any{owed[0].Withdrawals, owed[0].Confirmed, owed[0].Due.UTC()})
	require.Equal(t, 4, owed[0].Laws["eu-eprivacy"].Withdrawals)
	first := s.read(id, nil, 2)
	require.Equal(t, 2, s.confirm(id, first.Behind))
	require.Equal(t, 2, s.confirm(id, s.read(id, nil, 10).Behind))
	require.Equal(t, 4, s.confirmedInLog(id))

	s.said("ana@person.example", "offers", consent.Confirmed, func(n *casework.NewConsent) { n.At = s.clock.Now().Add(-time.Hour) })
	s.counted(id)
	require.Equal(t, []heard{{"ana@person.example", "offers", "confirmed", "withdrawn"}}, short(s.read(id, nil, 10).Changes), "an objection stands against what was agreed to before")
	s.lifted(limit)
	s.counted(id)
	last := s.read(id, nil, 10)
	require.Equal(t, []heard{{"ana@person.example", "offers", "confirmed", "resumed"}, {"ana@person.example", "*", "stop_ended", "resumed"}}, short(last.Changes))
	require.True(t, last.Changes[1].AllClear)
	require.Zero(t, s.confirm(id, last.Behind), "nothing is owed of what has ended")
	require.Equal(t, "resumed", s.all(id)[1].Change, "who reads late is told what counts now")
	require.Len(t, s.logged(audit.ConsentStopsRecorded, s.all(id)[1].Batch), 1)
}

// Limits that stand against no messages are nobody else's business, and of a restriction it is heard that it is one.
func TestOnlyWhatStopsMessagesIsHandedOver(t *testing.T) {
	t.Parallel()
	s := newSender(t, "IE", "Europe/Dublin")
	id, _ := s.added(casework.NewReceiver{Kind: "pull"})
	filed := s.File(func(n *casework.NewRequest) { n.Person = storage.Person{Email: "ana@person.example"} })
	for _, kind := range []privacy.LimitKind{privacy.LimitResearch, privacy.LimitSale, privacy.LimitSensitiveData, privacy.LimitRestriction, privacy.LimitInterests} {
		s.Change(func(ctx context.Context, tx *storage.Tx) error {
			return tx.SetLimits(ctx, filed.Ref.Case, storage.Person{Email: "ana@person.example", Phone: "+353861234567"}, storage.NewLimit{Kind: kind, Citation: "Art. 18 GDPR"})
		})
	}
	require.Equal(t, []heard{{"ana@person.example", "*", "restricted", "withdrawn"}, {"ana@person.example", "*", "objected", "withdrawn"}}, short(s.all(id)))
}

// Of a list of whom nobody may write to other systems hear of those whose address the ledger has. Once more changes nothing; what the person confirms later counts, and so does staff's word
// that it has ended.
func TestSuppressionsAreHandedOver(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	id, _ := s.added(casework.NewReceiver{Kind: "pull"})
	for _, who := range []string{"ana", "ben"} {
		s.said(who+"@person.example", "offers", consent.Given)
	}
	s.suppressed("ana@person.example", "ben@person.example", "nobody@person.example", "late@person.example")
	s.said("late@person.example", "offers", consent.Given)
	require.ElementsMatch(t, []heard{{"ana@person.example", "*", "suppressed", "withdrawn"}, {"ben@person.example", "*", "suppressed", "withdrawn"}}, short(s.all(id)))
	s.suppressed("ana@person.example", "late@person.example")
	require.Equal(t, []heard{{"late@person.example", "*", "suppressed", "withdrawn"}}, short(s.all(id))[2:], "who came into the ledger since is heard of when the list is handed in again, and nobody else")
	s.clock.Advance(time.Hour)
	s.said("ana@person.example", "offers", consent.Given)
	s.said("ben@person.example", "offers", consent.Confirmed)
	s.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.CameBack(ctx, tx, storage.Person{Email: "nobody@person.example"}, storage.EndedByMistake)
		return err
	})
	after := short(s.all(id))[3:]
	require.Equal(t, []heard{{"ana@person.example", "offers", "given", "withdrawn"}, {"ben@person.example", "offers", "confirmed", "resumed"}}, after)
	s.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.CameBack(ctx, tx, storage.Person{Email: "ana@person.example"}, storage.EndedByContract)
		return err
	})
	require.Equal(t, heard{"ana@person.example", "*", "stop_ended", "resumed"}, short(s.all(id))[5])
	require.Equal(t, 3, s.handovers(id)[0].Withdrawals)
}

// A system that is added later hears with the backlog of what was stopped before it was there; without any system nobody comes into the ledger by objecting.
func TestBacklogHasObjections(t *testing.T) {
	t.Parallel()
	s := newSender(t, "IE", "Europe/Dublin")
	s.said("ana@person.example", "offers", consent.Given)
	s.objected("ana@person.example")
	s.objected("zoe@person.example")
	later, _ := s.added(casework.NewReceiver{Kind: "pull"})
	backlog, _ := s.added(casework.NewReceiver{Kind: "pull", Backlog: true})
	require.Empty(t, s.all(later))
	require.Equal(t, []heard{{"ana@person.example", "*", "objected", "withdrawn"}}, short(s.all(backlog)))
	s.Read(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: "zoe@person.example"})
		require.ErrorIs(t, err, storage.ErrNotFound)
		return nil
	})
}
