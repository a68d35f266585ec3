package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// operationsSlug is the tenant of the processor's own staff on a local stack.
const operationsSlug = "operations"

// samplePeople are those who can sign in on a local stack, one for each role.
func samplePeople() []storage.Staff {
	return []storage.Staff{
		{Role: "admin", Name: "Ada Brandt", Email: "ada.admin@halden-birk.example"},
		{Role: "dpo", Name: "Dana Ruiz", Email: "dana.dpo@halden-birk.example"},
		{Role: "agent", Name: "Aron Weiss", Email: "aron.agent@halden-birk.example"},
		{Role: "auditor", Name: "Uma Lang", Email: "uma.auditor@halden-birk.example"},
	}
}

func sampleOperator() storage.Staff {
	return storage.Staff{Role: storage.RoleOperator, Name: "Olga Stern", Email: "olga.operator@halden-birk.example"}
}

// sampleAccounts makes an account for each role of the sample company, and for an operator. All have one password, which belongs to
// this stack alone.
func sampleAccounts(ctx context.Context, db *storage.DB, company uuid.UUID, password string) error {
	passwords, err := signin.NewPasswords()
	if err != nil {
		return err
	}
	hash, err := passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	for _, person := range samplePeople() {
		if err := openAccount(ctx, db, company, person, hash); err != nil {
			return err
		}
	}
	own := companyTenant()
	own.Slug, own.Name, own.Operates = operationsSlug, "Operations", true
	operations, err := bootstrapTenant(ctx, db, tenantSpec{tenant: own})
	if err != nil {
		return err
	}
	return openAccount(ctx, db, operations.id, sampleOperator(), hash)
}

// openAccount has somebody join a tenant without an invitation, unless they are there.
func openAccount(ctx context.Context, db *storage.DB, tenant uuid.UUID, person storage.Staff, hash string) error {
	id := uuid.Must(uuid.NewV7())
	err := db.Change(ctx, tenant, casework.System(setup), func(ctx context.Context, tx *storage.Tx) error {
		member, err := tx.MemberByEmail(ctx, person.Email)
		if err == nil && member.Account != nil {
			return nil
		}
		if errors.Is(err, storage.ErrNotFound) {
			member.ID, err = tx.AddStaff(ctx, person)
		}
		if err != nil {
			return err
		}
		account, err := tx.OfAccount(ctx, id)
		if err != nil {
			return err
		}
		if err := account.Create(ctx, storage.NewAccount{Email: person.Email, Name: person.Name, PasswordHash: hash}); err != nil {
			return err
		}
		return tx.Join(ctx, member.ID, id)
	})
	if err != nil {
		return fmt.Errorf("open an account of the sample company: %w", err)
	}
	return nil
}

// sayAccounts says who can sign in.
func sayAccounts(out *narrator, password string) {
	out.say("\nSign in as")
	for _, person := range append(samplePeople(), sampleOperator()) {
		out.say("  %-10s %s", person.Role, person.Email)
	}
	out.say("  password   %s", password)
}
