package relay_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// A relay signs the certificate of an erasure by itself, once it has given the events their place; two of them sign it once.
func TestCertificatesAreSignedByTheRelay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.File()
	plan := func(ctx context.Context, tx *storage.Tx) (storage.Case, storage.Subject, storage.ErasurePlan) {
		row, err := tx.Case(ctx, r.Ref.Case)
		require.NoError(t, err)
		subject, err := tx.Subject(ctx, row.SubjectID)
		require.NoError(t, err)
		p, err := tx.ErasurePlan(ctx, subject, row.ID)
		if err != nil {
			require.ErrorIs(t, err, storage.ErrNotFound)
		}
		return row, subject, p
	}
	as := func(id, role string, do func(context.Context, *storage.Tx) error) {
		require.NoError(t, o.Desk.DB().Change(t.Context(), o.Tenant, audit.Actor{Kind: audit.Person, ID: id, Role: role}, do))
	}
	as("ana", "agent", func(ctx context.Context, tx *storage.Tx) error {
		row, subject, _ := plan(ctx, tx)
		require.NoError(t, tx.AddErasurePlan(ctx, row, subject, 1, erasure.Plan{Made: tx.Now(), Systems: []erasure.SystemPlan{}}))
		_, _, p := plan(ctx, tx)
		return tx.ProposePlan(ctx, p)
	})
	as("bo", "dpo", func(ctx context.Context, tx *storage.Tx) error {
		_, _, p := plan(ctx, tx)
		require.NoError(t, tx.ApprovePlan(ctx, p, tx.Now()))
		require.NoError(t, tx.BeginPlan(ctx, p, nil))
		require.NoError(t, tx.EndPlan(ctx, p, true, 0))
		return tx.DraftCertificate(ctx, p, audit.Certificate{
			Tenant: audit.CertifiedTenant{ID: o.Tenant.String()}, Request: audit.CertifiedRequest{ID: p.CaseID.String()}, Plan: audit.CertifiedPlan{ID: p.ID.String()},
		})
	})
	o.relays(2)
	var found storage.ErasureCertificate
	o.until("the certificate is signed", func() bool {
		r.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
			if found, err = tx.Certificate(ctx, r.Ref.Case); err != nil {
				require.ErrorIs(t, err, storage.ErrUnsigned)
			}
			return nil
		})
		return found.Note != ""
	})
	key, err := o.signer.VerifierKey(o.Tenant.String())
	require.NoError(t, err)
	c, err := audit.OpenCertificate([]byte(found.Note), key)
	require.NoError(t, err)
	require.Equal(t, []string{"ana", "agent", "bo", "dpo"}, []string{c.Plan.Proposed.ID, c.Plan.Proposed.Role, c.Plan.Approved.ID, c.Plan.Approved.Role})
	var told int
	require.NoError(t, o.owner.QueryRow(t.Context(), "SELECT count(*) FROM audit_events WHERE action = 'erasure.certified'").Scan(&told))
	require.Equal(t, 1, told)
}
