package storagetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// Filled is a tenant with at least one row in every table.
type Filled struct {
	Tenant, Case, Subject, Staff, System uuid.UUID
	// Account is that of the member of staff.
	Account uuid.UUID
	Package storage.Package
	Person  storage.Person
	// Canaries are all texts about a person, a member of staff or the way into a system, as they were handed in.
	Canaries []string
}

// Fill gives a tenant rows in every table of the register.
func Fill(t testing.TB, db *storage.DB, tenant uuid.UUID) Filled {
	t.Helper()
	f := &filler{Filled: Filled{Tenant: tenant}, t: t}
	f.Person = storage.Person{
		Name: "Nia " + f.canary(), Email: f.canary() + "@person.example", Phone: "+49" + digits(), CustomerID: f.canary(),
	}
	f.Canaries = append(f.Canaries, f.Person.Email, strings.TrimPrefix(f.Person.Phone, "+"))
	for _, step := range []func(context.Context, *storage.Tx) error{
		f.people, f.account, f.file, f.clocks, f.proofs, f.work, f.answer, f.relay, f.reach, f.erase, f.partners, f.consents, f.ownLinks, f.signUps, f.receivers,
	} {
		Change(t, db, tenant, step)
	}
	require.NoError(t, db.Change(t.Context(), tenant, audit.Actor{Kind: audit.Person, ID: f.Staff.String(), Role: "agent"}, f.refused))
	require.NoError(t, db.Change(t.Context(), tenant, audit.Actor{Kind: audit.Person, ID: f.Staff.String(), Role: "dpo"}, f.carryOut))
	require.NoError(t, db.InLog(t.Context(), tenant, f.log))
	Change(t, db, tenant, f.late)
	return f.Filled
}

type filler struct {
	Filled
	t       testing.TB
	row     storage.Case
	subject storage.Subject
}

// canary is a text that stands nowhere else.
func (f *filler) canary() string {
	mark := "canary" + strings.ToLower(rand.Text()[:14])
	f.Canaries = append(f.Canaries, mark)
	return mark
}

func digits() string {
	raw := make([]byte, 10)
	_, _ = rand.Read(raw)
	for i := range raw {
		raw[i] = '1' + raw[i]%9
	}
	return string(raw)
}

func hash() []byte {
	sum := sha256.Sum256([]byte(rand.Text()))
	return sum[:]
}

func (f *filler) people(ctx context.Context, tx *storage.Tx) (err error) {
	f.Staff, err = tx.AddStaff(ctx, storage.Staff{Role: "agent", Name: f.canary(), Email: f.canary() + "@staff.example"})
	if err != nil {
		return err
	}
	if _, err := tx.AddAPIKey(ctx, storage.NewAPIKey{Name: "key", Role: "agent", StaffID: &f.Staff, SecretHash: hash()}); err != nil {
		return err
	}
	f.subject, err = tx.NewSubject(ctx, f.Person)
	f.Subject = f.subject.ID
	return err
}

// account has the member of staff sign in, with every way in that there is.
func (f *filler) account(ctx context.Context, tx *storage.Tx) error {
	if err := tx.NewInvitation(ctx, f.Staff, hash(), tx.Now().AddDate(0, 0, 7)); err != nil {
		return err
	}
	err := tx.SaveSingleSignOn(ctx, storage.SingleSignOn{
		Issuer: "https://idp.example", ClientID: "docket", Secret: f.canary(), Label: "Work", RoleClaim: "roles", Roles: map[string]string{"a": "agent"},
	})
	if err != nil {
		return err
	}
	f.Account = uuid.Must(uuid.NewV7())
	a, err := tx.OfAccount(ctx, f.Account)
	if err != nil {
		return err
	}
	account := storage.NewAccount{Email: f.canary() + "@staff.example", Name: f.canary(), PasswordHash: "no hash that anything matches"}
	for _, step := range []func() error{
		func() error { return a.Create(ctx, account) },
		func() error { return tx.Join(ctx, f.Staff, f.Account) },
		func() error { return a.OfferTOTP(ctx, f.canary()) },
		func() error { return a.ConfirmTOTP(ctx, 1) },
		func() error { return a.SetRecoveryCodes(ctx, []string{f.canary()}) },
		func() error { return a.Link(ctx, "https://idp.example", f.canary()) },
		func() error { return a.NewReset(ctx, hash(), tx.Now().AddDate(0, 0, 1)) },
		func() error {
			_, err := a.AddPasskey(ctx, storage.Passkey{CredentialID: hash(), Credential: []byte("{}"), Name: f.canary()})
			return err
		},
		func() error {
			_, err := a.NewSession(ctx, storage.NewSession{
				TokenHash: hash(), Method: "password", Stage: storage.StageDone, Tenant: &f.Tenant, Device: f.canary(), Expires: tx.Now().Add(storage.SessionLife),
			})
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) file(ctx context.Context, tx *storage.Tx) error {
	n := caseOf(tx, f.subject)
	n.IdentityMethod, n.Details = "assertion", f.canary()
	f.Case = n.ID
	if err := tx.InsertCase(ctx, n); err != nil {
		return err
	}
	again := caseOf(tx, f.subject)
	again.DuplicateOf = &n.ID
	if err := tx.InsertCase(ctx, again); err != nil {
		return err
	}
	if err := tx.AddObligations(ctx, f.Case, privacy.Ladder{}, Deadline(privacy.Respond, tx.Now().AddDate(0, 0, 30))); err != nil {
		return err
	}
	if err := tx.AssignCase(ctx, f.Case, &f.Staff); err != nil {
		return err
	}
	row, err := tx.Case(ctx, f.Case)
	if err != nil {
		return err
	}
	f.row, _, err = tx.MoveCase(ctx, row, storage.Move{Event: privacy.EventIdentityProven, Key: "proven"})
	return err
}

// refused makes one event of a member of staff who was not allowed to do something that belongs to no case.
func (f *filler) refused(ctx context.Context, tx *storage.Tx) error {
	return tx.Audit(ctx, audit.Event{Action: audit.CommandRefused, Object: audit.Object{Kind: "webhook", ID: "hook"}, Outcome: audit.Refused, Reason: "role"})
}
