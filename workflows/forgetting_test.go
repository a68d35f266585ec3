package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// forgets has the relay look once for closed cases whose own time is over.
func (p *play) forgets() {
	p.t.Helper()
	r := &relay.Relay{Desk: p.Desk, Objects: p.Objects, Clock: p.Clock, Log: zap.NewNop()}
	for range 2 { // a look more than is needed changes nothing
		_, err := r.ForgetPeople(p.t.Context())
		require.NoError(p.t, err)
	}
}

// terminal leads a request to each of its terminal states.
func terminal() map[string]func(p *play) {
	return map[string]func(*play){
		"fulfilled": func(p *play) {
			p.at(time.Hour, p.proves)
			p.at(2*time.Hour, p.reviewed)
		},
		"refused": func(p *play) {
			p.at(time.Hour, func() {
				p.accepted(casetest.Command(contract.Refuse, casetest.Because("manifestly_unfounded"), p.Saying("Asked daily, says canary-in-a-note.")))
			})
		},
		"withdrawn":  func(p *play) { p.at(time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) }) },
		"cancelled":  func(p *play) { p.at(time.Hour, func() { p.accepted(casetest.Command(contract.Cancel)) }) },
		"unverified": func(*play) {},
	}
}

// When a case's own time is over nothing names the person any more, however it ended: not their key, not what was sealed under it, not in the
// object store. The log still verifies and the case still counts.
func TestForgettingWorksOnUs(t *testing.T) {
	t.Parallel()
	for name, lead := range terminal() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t, stage{})
			lead(p)
			p.run()
			require.Equal(t, privacy.Outcome(name), p.Outcome())
			row := p.Case()
			before := sealedUnder(t, p)
			require.NotEmpty(t, before)

			later := p.after(t, 35*30*day)
			later.forgets()
			require.Nil(t, later.Case().ForgottenAt, "not before its time")
			later = p.after(t, 37*31*day)
			later.forgets()

			after := later.Case()
			require.NotNil(t, after.ForgottenAt)
			require.Equal(t, row.State, after.State)
			require.Equal(t, row.Outcome, after.Outcome, "it still counts")
			require.Empty(t, sealedUnder(t, later), "nothing that was sealed under the key is left")
			require.Empty(t, later.objects(""), "nothing is left in the object store")
			later.Read(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Subject(ctx, row.SubjectID)
				require.ErrorIs(t, err, seal.ErrNoKey)
				found, err := tx.SubjectsByEmail(ctx, p.Person.Email)
				require.NoError(t, err)
				require.Empty(t, found, "nobody is found by the address")
				return nil
			})
			onRecord(t, later)
		})
	}
}

// sealedUnder counts what is sealed about the person of a case, by table.
func sealedUnder(t *testing.T, p *play) map[string]int {
	t.Helper()
	conn := p.Register.Owner(t)
	out := map[string]int{}
	for table, from := range map[string]string{
		"cases":      `cases WHERE id = $1 AND details_sealed IS NOT NULL`,
		"contests":   `contests WHERE case_id = $1 AND length(body_sealed) > 0`,
		"reviews":    `human_reviews WHERE case_id = $1 AND length(body_sealed) > 0`,
		"notes":      `notes WHERE case_id = $1 AND length(body_sealed) > 0`,
		"messages":   `messages WHERE case_id = $1 AND content_sealed IS NOT NULL`,
		"identities": `subject_identities WHERE subject_id = (SELECT subject_id FROM cases WHERE id = $1)`,
		"subjects":   `subjects WHERE id = (SELECT subject_id FROM cases WHERE id = $1) AND wrapped_key IS NOT NULL`,
		"surveys":    `erasure_surveys WHERE length(body_sealed) > 0 AND run_id IN (SELECT id FROM collection_runs WHERE case_id = $1)`,
		"plans":      `erasure_plans WHERE case_id = $1 AND length(body_sealed) > 0`,
		"warrants":   `erasure_runs WHERE case_id = $1 AND warrant_sealed IS NOT NULL`,
	} {
		var n int
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM "+from, p.Ref.Case).Scan(&n))
		if n > 0 {
			out[table] = n
		}
	}
	return out
}

// onRecord looks into the log for the case.
func onRecord(t *testing.T, p *play) {
	t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1000, Case: &p.Ref.Case})
		require.NoError(t, err)
		require.NotEmpty(t, events)
		actions := map[audit.Action]bool{}
		for _, e := range events {
			actions[e.Event.Action] = true
		}
		require.True(t, actions[audit.RequestForgotten], "the log says that the case was forgotten")
		require.True(t, actions[audit.RequestReceived], "and that it was received")
		return nil
	})
}

// 11 CCR 7101(a): records of consumer requests are kept for 24 months; then they go, earlier than other cases.
func TestForgettingHeedsTheLawOfTheCase(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	_, err := p.Register.Owner(t).Exec(t.Context(), `UPDATE cases SET regime = 'ccpa' WHERE id = $1`, p.Ref.Case)
	require.NoError(t, err)
	early := p.after(t, 700*day)
	early.forgets()
	require.Nil(t, early.Case().ForgottenAt)
	later := p.after(t, 740*day)
	later.forgets()
	require.NotNil(t, later.Case().ForgottenAt)
}

// Nobody is forgotten whom a hold needs; they are once it is lifted.
func TestForgettingWaitsForHolds(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	later := p.after(t, 40*31*day)
	var hold uuid.UUID
	later.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		hold, err = tx.PlaceHold(ctx, storage.NewHold{Matter: "m", Citation: "Art. 17(3)(e) GDPR", Reason: "r", ReviewOn: privacy.NewDate(2030, 1, 1), People: []storage.Person{{Email: p.Person.Email}}})
		return err
	})
	later.forgets()
	require.Nil(t, later.Case().ForgottenAt)
	storagetest.Change(t, later.DB, later.Tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.LiftHold(ctx, hold, "over") })
	last := p.after(t, 40*31*day+2*day)
	last.forgets()
	require.NotNil(t, last.Case().ForgottenAt)
}
