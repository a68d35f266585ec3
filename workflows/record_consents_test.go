package workflows_test

import (
	"context"
	"crypto/sha256"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/history/v1"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// offers adds the purpose of the lists, and somebody in Canada who has asked about something.
func (l *live) offers() {
	l.t.Helper()
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := l.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "offers", Class: "commercial"})
		return err
	})
	l.DB.ForgetTenant(l.Tenant)
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := l.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: "ana@person.example", Country: "CA"}, Purpose: "offers", Channel: privacy.ByEmail,
			Kind: consent.Refreshed, Relation: "inquiry", At: tx.Now().AddDate(0, -5, 0), How: "api",
		}})
		return err
	})
}

// dayOfConsents is a day on which somebody's implied consent has something done about it.
func (l *live) dayOfConsents() []*history.HistoryEvent {
	l.t.Helper()
	l.offers()
	_, err := l.Register.Owner(l.t).Exec(l.t.Context(), "UPDATE consents SET next_look = current_date - 1")
	require.NoError(l.t, err)
	day, due, err := l.Desk.ConsentsDue(l.t.Context(), l.Tenant)
	require.NoError(l.t, err)
	require.True(l.t, due)
	in := contract.ConsentDayInput{Tenant: l.Tenant, Day: day.String()}
	require.NoError(l.t, contract.StartConsentDay(l.t.Context(), l.client, in))
	require.NoError(l.t, contract.StartConsentDay(l.t.Context(), l.client, in), "once more is no second one")
	require.NoError(l.t, l.client.GetWorkflow(l.t.Context(), contract.ConsentDayID(in.Tenant, in.Day), "").Get(l.t.Context(), nil))
	_, due, err = l.Desk.ConsentsDue(l.t.Context(), l.Tenant)
	require.NoError(l.t, err)
	require.False(l.t, due)
	return l.history(contract.ConsentDayID(in.Tenant, in.Day))
}

// importedConsents is a list that is read through and written, and one that can't be read.
func (l *live) importedConsents(text string, steps ...string) (events []*history.HistoryEvent) {
	l.t.Helper()
	in := contract.ConsentImportInput{Tenant: l.Tenant}
	l.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		in.Import, err = l.Desk.NewConsentImport(ctx, tx, "Old shop", offersList)
		return err
	})
	require.NoError(l.t, l.Desk.AddImportPart(l.t.Context(), l.Tenant, in.Import, 1, []byte(text)))
	sum := sha256.Sum256([]byte(text))
	size, err := l.Desk.CheckConsentImport(l.t.Context(), l.Tenant, in.Import, 1, sum[:])
	require.NoError(l.t, err)
	for _, step := range steps {
		in.Step = step
		l.Change(func(ctx context.Context, tx *storage.Tx) error {
			if step == storage.ImportCheck {
				return tx.CheckConsentImport(ctx, in.Import, 1, size, sum[:])
			}
			return l.Desk.RunConsentImport(ctx, tx, in.Import, true, false)
		})
		require.NoError(l.t, contract.StartConsentImport(l.t.Context(), l.client, in))
		require.NoError(l.t, l.client.GetWorkflow(l.t.Context(), contract.ConsentImportID(in.Import, step), "").Get(l.t.Context(), nil))
		events = l.history(contract.ConsentImportID(in.Import, step))
	}
	return events
}

// signUps is a mailbox that is asked because somebody has entered it.
func (l *live) signUps() []*history.HistoryEvent {
	l.t.Helper()
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		entered := storage.EnteredSignUp{Address: "ben@person.example", Wants: []storage.SignUpWish{{Purpose: 1}}}
		_, err := tx.AddSignUp(ctx, storage.NewSignUp{Entered: entered, Language: "en", How: "form", Source: "footer"})
		return err
	})
	in := contract.SignUpsInput{Tenant: l.Tenant}
	require.NoError(l.t, contract.StartSignUps(l.t.Context(), l.client, in))
	require.NoError(l.t, contract.StartSignUps(l.t.Context(), l.client, in), "once more is no second one")
	require.NoError(l.t, l.client.GetWorkflow(l.t.Context(), contract.SignUpsID(l.Tenant), "").Get(l.t.Context(), nil))
	var asked int
	require.NoError(l.t, l.Register.Owner(l.t).QueryRow(l.t.Context(), "SELECT count(*) FROM messages WHERE kind = 'sign_up_confirm'").Scan(&asked))
	require.Equal(l.t, 1, asked)
	return l.history(contract.SignUpsID(l.Tenant))
}

// consents keeps how consents end by themselves and lists come in.
func (l *live) consents(folder string) {
	l.t.Helper()
	l.keep(folder, "consent-day", l.dayOfConsents())
	l.keep(folder, "sign-ups", l.signUps())
	text, _, _ := listOf(200)
	l.keep(folder, "consent-import", l.importedConsents(text, storage.ImportCheck, storage.ImportRun))
	l.keep(folder, "consent-import-unreadable", l.importedConsents("Mail\nx\n", storage.ImportCheck))
	var lines int
	require.NoError(l.t, l.Register.Owner(l.t).QueryRow(l.t.Context(), "SELECT count(*) FROM consent_events").Scan(&lines))
	require.Equal(l.t, 200, lines, "one is faulty or left out of each kind, and one was asked for")
}
