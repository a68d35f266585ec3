package casework_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// colleague is a member of staff who has joined.
func (f *file) colleague(role string) contract.Actor {
	f.t.Helper()
	var id uuid.UUID
	f.change(func(ctx context.Context, tx *storage.Tx) (err error) {
		email := uuid.NewString() + "@staff.example"
		if id, err = tx.AddStaff(ctx, storage.Staff{Role: role, Name: "S", Email: email, Active: true}); err != nil {
			return err
		}
		account := uuid.Must(uuid.NewV7())
		of, err := tx.OfAccount(ctx, account)
		if err != nil {
			return err
		}
		return errors.Join(of.Create(ctx, storage.NewAccount{Email: email, Name: "S"}), tx.Join(ctx, id, account))
	})
	return contract.Actor{Kind: "person", ID: id.String(), Role: role}
}

// Who said that more than the mailbox is proven does not approve what was found by it, unless there is nobody else; who proved the
// mailbox alone does.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	reviewed := func(by contract.Actor, f *file, also privacy.AlsoProven) {
		as := func(c *contract.Command) { c.Actor, c.AlsoProven = by, also }
		f.must(contract.ConfirmIdentity, f.withNote("called back on the number on file"), as)
		f.must(contract.FinishCollection)
	}
	approve := func(by contract.Actor, f *file) error {
		_, err := f.do(casetest.Command(contract.Approve, func(c *contract.Command) { c.Actor = by }))
		return err
	}

	f := newBundle(t).at(privacy.RequestVerifying)
	one := f.colleague("agent")
	f.colleague("auditor")
	reviewed(one, f, privacy.ProvenPhone)
	require.Equal(t, string(privacy.ProvenPhone), *f.row().AlsoProven)
	two := f.colleague("dpo")
	require.ErrorContains(t, approve(one, f), "somebody else approves")
	require.Equal(t, "reviewing", f.row().State)
	require.NoError(t, approve(two, f))

	alone := newBundle(t).at(privacy.RequestVerifying)
	only := alone.colleague("admin")
	alone.colleague("auditor")
	reviewed(only, alone, privacy.ProvenBoth)
	require.NoError(t, approve(only, alone), "there is nobody else to ask")

	mailbox := newBundle(t).at(privacy.RequestVerifying)
	both := mailbox.colleague("agent")
	mailbox.colleague("agent")
	reviewed(both, mailbox, "")
	require.NoError(t, approve(both, mailbox))
}
