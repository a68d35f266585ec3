package workflows_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// said is what a receiver is told, without ids.
type heard struct{ address, purpose, kind, change string }

func short(all []casework.ConsentChange) (out []heard) {
	for _, c := range all {
		out = append(out, heard{c.Address, c.Purpose, string(c.Kind), c.Change})
	}
	return out
}

// Withdrawals come to a receiver in the order of the log, those by one click too, and who agrees again comes as resumed. What concerns others does not come. The answer confirms: the
// log has how many, and the root over the hashes of their lines.
func TestReceiverIsToldOfWithdrawals(t *testing.T) {
	t.Parallel()
	s := newSender(t, "US", "America/New_York")
	s.said("before@person.example", "offers", consent.Withdrawn)
	h := newHearing(t, s.clock)
	id, secret := s.added(casework.NewReceiver{Kind: "http", URL: h.server.URL, Purposes: []string{"offers"}})
	h.secret = secret
	s.said("ana@person.example", "offers", consent.Given, livingIn("US"))
	s.said("ana@person.example", "events", consent.Withdrawn)
	s.clock.Advance(time.Hour)
	s.clicked("ana@person.example")
	s.said("ben@person.example", "*", consent.Withdrawn, livingIn("US"))
	s.said("+14165550111", "offers", consent.Withdrawn, bySMS)
	s.told(id)
	require.Equal(t, []heard{{"ana@person.example", "offers", "withdrawn", "withdrawn"}, {"ben@person.example", "*", "withdrawn", "withdrawn"}}, short(h.heard()))
	require.Equal(t, "one_click", h.heard()[0].How)

	days := s.handovers(id)
	require.Len(t, days, 1)
	require.Equal(t, consent.HandoverConfirmed, days[0].State(s.clock.Now()))
	require.Equal(t, []any{2, 2, 0, "mailbox"}, []any{days[0].Withdrawals, days[0].Confirmed, days[0].Late, days[0].DueLaw})
	require.Equal(t, days[0].Begins.Add(48*time.Hour), days[0].Due)
	require.Equal(t, 2, days[0].Laws["can-spam"].Withdrawals)
	confirmed := s.logged(audit.ConsentHandoverConfirmed, days[0].ID)
	require.Len(t, confirmed, 1)
	require.Equal(t, []string{"2", "in_time"}, []string{confirmed[0].Facts[audit.FactCount], confirmed[0].Facts[audit.FactStatus]})
	root := audit.Root(s.hashes(h.heard()))
	require.Equal(t, root[:], confirmed[0].Evidence)

	s.clock.Advance(time.Hour)
	s.said("ana@person.example", "offers", consent.Given)
	s.said("new@person.example", "offers", consent.Given)
	s.told(id)
	require.Equal(t, heard{"ana@person.example", "offers", "given", "resumed"}, short(h.heard())[2])
	require.True(t, h.heard()[2].AllClear, "the receiver does not write of events")
	require.Len(t, h.heard(), 3)
	require.Len(t, s.handovers(id), 1)
	require.False(t, s.receiver(id).Tries > 0)
}

// hashes are those of the lines that were told, as the ledger has them.
func (s *sender) hashes(changes []casework.ConsentChange) (out []tlog.Hash) {
	s.t.Helper()
	for _, c := range changes {
		var hash []byte
		require.NoError(s.t, s.Register.Owner(s.t).QueryRow(s.t.Context(), "SELECT hash FROM consent_events WHERE id = $1", c.ID).Scan(&hash))
		out = append(out, tlog.Hash(hash))
	}
	return out
}

// dying is a receiver of which nobody hears the answer any more: whoever asked ends at that moment.
type dying struct {
	end  context.CancelFunc
	ids  []uuid.UUID
	told [][]casework.ConsentChange
}

func (d *dying) Tell(_ context.Context, _ *storage.ConsentReceiver, id uuid.UUID, changes []casework.ConsentChange) error {
	d.ids, d.told = append(d.ids, id), append(d.told, changes)
	d.end()
	return nil
}

// What was told and not confirmed, because the process ended in between, is told again under the same ids, also when more has come meanwhile; and it is confirmed once.
func TestKilledBetweenTellingAndConfirmation(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	h := newHearing(t, s.clock)
	id, secret := s.added(casework.NewReceiver{Kind: "http", URL: h.server.URL})
	h.secret = secret
	s.said("ana@person.example", "offers", consent.Withdrawn)
	s.said("ben@person.example", "offers", consent.Withdrawn)
	s.counted(id)
	ctx, end := context.WithCancel(t.Context())
	d := &dying{end: end}
	_, err := s.Desk.TellReceiver(ctx, s.Tenant, id, d)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, d.told, 1)
	require.Equal(t, 0, s.handovers(id)[0].Confirmed)

	s.said("cleo@person.example", "offers", consent.Withdrawn)
	s.told(id)
	require.Equal(t, d.ids[0].String(), h.ids[0], "the same page, under the same id")
	require.Equal(t, d.told[0], h.pages[0])
	require.Len(t, h.heard(), 3)
	require.Equal(t, []any{3, 3}, []any{s.handovers(id)[0].Withdrawals, s.handovers(id)[0].Confirmed})
	require.Len(t, s.logged(audit.ConsentHandoverConfirmed, s.handovers(id)[0].ID), 2)
}

// A receiver that is away is tried again later and later. When half of the time has gone the data protection officers are told, and once more when all of it has; what it confirms then is
// late.
func TestReceiverThatIsAway(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	h := newHearing(t, s.clock)
	id, secret := s.added(casework.NewReceiver{Kind: "http", URL: h.server.URL})
	h.secret = secret
	h.answers(http.StatusServiceUnavailable)
	s.said("ana@person.example", "offers", consent.Withdrawn)
	s.told(id)
	r := s.receiver(id)
	require.Equal(t, 1, r.Tries)
	require.Equal(t, s.clock.Now().Add(time.Minute).UTC(), r.NextTry.UTC(), "as it asked")
	require.Contains(t, r.Problem, "503")
	h.answers(0)
	s.told(id)
	require.Empty(t, h.heard(), "it is left alone until then")
	h.answers(http.StatusGone)

	tell := func() { _, err := s.Desk.TellHandovers(t.Context(), s.Tenant); require.NoError(t, err) }
	state := func() consent.HandoverState { return s.handovers(id)[0].State(s.clock.Now()) }
	tell()
	require.Empty(t, s.letters())
	require.Equal(t, consent.HandoverOpen, state())
	s.clock.Advance(10 * time.Hour)
	s.said("ben@person.example", "offers", consent.Withdrawn)
	s.clock.Advance(14 * time.Hour)
	s.told(id)
	tell()
	tell()
	require.Equal(t, []string{"half"}, s.letters())
	require.Equal(t, consent.HandoverHalf, state())
	s.clock.Advance(24*time.Hour + time.Second)
	tell()
	tell()
	require.Equal(t, []string{"half", "over"}, s.letters())
	require.Equal(t, consent.HandoverOverdue, state())
	s.clock.Advance(3 * time.Hour)
	h.answers(0)
	s.told(id)
	require.Len(t, h.heard(), 2)
	require.Equal(t, consent.HandoverLate, state())
	require.Len(t, s.handovers(id), 1)
	require.Equal(t, []int{2, 2, 1}, []int{s.handovers(id)[0].Withdrawals, s.handovers(id)[0].Confirmed, s.handovers(id)[0].Late}, "the second has time left")
	require.Equal(t, "late", s.logged(audit.ConsentHandoverConfirmed, s.handovers(id)[0].ID)[0].Facts[audit.FactStatus])
	s.clock.Advance(100 * time.Hour)
	tell()
	require.Len(t, s.letters(), 2)
}

// Somebody who was forgotten is named to no receiver, whatever had been waiting for it.
func TestForgottenAreNotNamed(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	h := newHearing(t, s.clock)
	id, secret := s.added(casework.NewReceiver{Kind: "http", URL: h.server.URL})
	h.secret = secret
	pull, _ := s.added(casework.NewReceiver{Kind: "pull"})
	s.said("ana@person.example", "offers", consent.Withdrawn)
	s.said("ana@person.example", "offers", consent.Given)
	_, err := s.Register.Owner(t).Exec(t.Context(), "UPDATE consent_people SET wrapped_key = NULL, blind_index = NULL, value_sealed = NULL, destroyed_at = now()")
	require.NoError(t, err)
	s.told(id)
	s.counted(pull)
	var page casework.ChangePage
	s.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		page, err = s.Desk.ReadChanges(ctx, tx, pull, nil, 10)
		return err
	})
	require.Len(t, h.heard(), 2)
	require.Equal(t, h.heard(), page.Changes)
	for _, c := range page.Changes {
		require.True(t, c.Forgotten && c.Address == "" && c.Change == casework.ChangeWithdrawn, "%+v", c)
	}
	require.Equal(t, 1, s.handovers(id)[0].Confirmed, "what is owed is confirmed all the same")
}

// A yes that the law wants confirmed by the mailbox resumes nothing before it is.
func TestResumedOnlyWhenItCounts(t *testing.T) {
	t.Parallel()
	s := newSender(t, "DE", "Europe/Berlin")
	h := newHearing(t, s.clock)
	id, secret := s.added(casework.NewReceiver{Kind: "http", URL: h.server.URL})
	h.secret = secret
	s.said("ana@person.example", "offers", consent.Withdrawn, livingIn("DE"))
	s.said("ana@person.example", "events", consent.Withdrawn)
	s.clock.Advance(time.Minute)
	s.said("ana@person.example", "offers", consent.Given)
	s.told(id)
	require.Equal(t, []string{"withdrawn", "withdrawn", "withdrawn"}, changes(h.heard()))
	s.clock.Advance(time.Minute)
	s.said("ana@person.example", "offers", consent.Confirmed)
	s.told(id)
	require.Equal(t, "resumed", h.heard()[3].Change)
	require.False(t, h.heard()[3].AllClear, "events stand withdrawn")
}

func changes(all []casework.ConsentChange) (out []string) {
	for _, c := range all {
		out = append(out, c.Change)
	}
	return out
}

// One that is retired hears of nothing, and what it had not confirmed ends; one that was added later hears of what was, and has its time from then.
func TestRetiredAndLater(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	pull, _ := s.added(casework.NewReceiver{Kind: "pull"})
	s.said("ana@person.example", "offers", consent.Withdrawn)
	s.counted(pull)
	s.clock.Advance(30 * 24 * time.Hour)
	s.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.RetireConsentReceiver(ctx, pull) })
	require.Equal(t, consent.HandoverRetired, s.handovers(pull)[0].State(s.clock.Now()))
	_, err := s.Desk.TellHandovers(t.Context(), s.Tenant)
	require.NoError(t, err)
	require.Empty(t, s.letters())
	var rule *privacy.RuleError
	err = s.DB.Change(t.Context(), s.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.ReadChanges(ctx, tx, pull, nil, 10)
		return err
	})
	require.True(t, errors.As(err, &rule) && rule.Code == "receiver_retired")

	later, _ := s.added(casework.NewReceiver{Kind: "pull", Backlog: true})
	s.counted(later)
	h := s.handovers(later)[0]
	require.Equal(t, s.receiver(later).CreatedAt.Add(48*time.Hour), h.Due)
	require.Equal(t, privacy.DateIn(s.clock.Now(), s.receiver(later).Zone), h.Day)
}
