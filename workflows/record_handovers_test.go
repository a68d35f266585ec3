package workflows_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// handovers keeps how another system is told of a withdrawal.
func (l *live) handovers(folder string) {
	l.t.Helper()
	h := newHearing(l.t, l.Clock)
	in := contract.HandoverInput{Tenant: l.Tenant}
	l.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		in.Receiver, h.secret, err = l.Desk.AddReceiver(ctx, tx, casework.NewReceiver{Name: "Mailings", Kind: "http", URL: h.server.URL, Channels: []privacy.MessageChannel{privacy.ByEmail}}, true)
		return err
	})
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := l.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: "ana@person.example"}, Purpose: "offers", Channel: privacy.ByEmail, Kind: consent.Withdrawn, How: "api",
		}})
		return err
	})
	for placed := 1; placed > 0; {
		require.NoError(l.t, l.DB.InLog(l.t.Context(), l.Tenant, func(log *storage.LogTx) (err error) {
			placed, err = audit.Sequencer{}.Integrate(l.t.Context(), log, l.Tenant.String(), 1000)
			return err
		}))
	}
	for more := true; more; {
		var err error
		more, err = l.Desk.CountHandovers(l.t.Context(), l.Tenant, in.Receiver)
		require.NoError(l.t, err)
	}
	require.NoError(l.t, contract.StartHandover(l.t.Context(), l.client, in))
	require.NoError(l.t, contract.StartHandover(l.t.Context(), l.client, in), "once more is no second one")
	require.NoError(l.t, l.client.GetWorkflow(l.t.Context(), contract.HandoverID(in.Receiver), "").Get(l.t.Context(), nil))
	require.Len(l.t, h.heard(), 1)
	l.keep(folder, "consent-handover", l.history(contract.HandoverID(in.Receiver)))
}
