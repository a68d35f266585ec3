package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// SingleSignOn is how a tenant's people sign in with the tenant's own provider.
type SingleSignOn struct {
	Issuer, ClientID, Secret, Label string
	// RoleClaim names the claim that holds roles, Roles says what its values mean here.
	RoleClaim         string
	Roles             map[string]string
	TrustSecondFactor bool
}

func (t *Tx) secretField() seal.Field {
	return seal.Field{Table: "single_sign_on", Column: "secret", Row: t.tenant.ID.String()}
}

// SaveSingleSignOn keeps it; the secret is sealed. When it is another provider than before, or another client of it, those whom the
// one before let in come in anew.
func (t *Tx) SaveSingleSignOn(ctx context.Context, s SingleSignOn) error {
	before, err := t.SingleSignOn(ctx)
	if err != nil && !isNotFound(err) {
		return err
	}
	if err == nil && (before.Issuer != s.Issuer || before.ClientID != s.ClientID) {
		if err := t.leaveProvider(ctx, nil); err != nil {
			return err
		}
	}
	sealed, err := t.tenant.records.Seal([]byte(s.Secret), t.secretField())
	if err != nil {
		return fmt.Errorf("seal the client's secret: %w", err)
	}
	roles, err := json.Marshal(s.Roles)
	if err != nil {
		return fmt.Errorf("write the roles: %w", err)
	}
	err = t.q.SaveSingleSignOn(ctx, db.SaveSingleSignOnParams{
		TenantID: t.tenant.ID, Issuer: s.Issuer, ClientID: s.ClientID, SecretSealed: sealed, Label: s.Label, RoleClaim: s.RoleClaim,
		Roles: roles, TrustSecondFactor: s.TrustSecondFactor, ChangedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("keep single sign-on: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.SingleSignOnChanged, Object: audit.Object{Kind: "tenant", ID: t.tenant.ID.String()}})
}

// SingleSignOn reads it; ErrNotFound when the tenant has none.
func (t *Tx) SingleSignOn(ctx context.Context) (SingleSignOn, error) {
	row, err := t.q.SingleSignOn(ctx, t.tenant.ID)
	if err != nil {
		return SingleSignOn{}, fmt.Errorf("single sign-on: %w", translate(err))
	}
	secret, err := t.tenant.records.Open(row.SecretSealed, t.secretField())
	if err != nil {
		return SingleSignOn{}, fmt.Errorf("open the client's secret: %w", err)
	}
	out := SingleSignOn{
		Issuer: row.Issuer, ClientID: row.ClientID, Secret: string(secret), Label: row.Label, RoleClaim: row.RoleClaim, TrustSecondFactor: row.TrustSecondFactor,
	}
	if err := json.Unmarshal(row.Roles, &out.Roles); err != nil {
		return SingleSignOn{}, fmt.Errorf("read the roles: %w", err)
	}
	return out, nil
}

// leaveProvider ends the sessions of everybody whom the tenant's provider let in, and does more with each where more is to be done.
func (t *Tx) leaveProvider(ctx context.Context, more func(Staff, Account) error) error {
	staff, err := t.Staff(ctx)
	if err != nil {
		return err
	}
	for _, m := range staff {
		if m.Account == nil {
			continue
		}
		of, err := t.OfAccount(ctx, *m.Account)
		if err != nil {
			return err
		}
		if _, err := t.q.EndSessionsOfProvider(ctx, of.id, t.now, EndRevoked, t.tenant.ID); err != nil {
			return fmt.Errorf("end the sessions: %w", err)
		}
		if more == nil {
			continue
		}
		account, err := of.Account(ctx)
		if err != nil {
			return err
		}
		if err := more(m, account); err != nil {
			return err
		}
	}
	return nil
}

// DropSingleSignOn takes it away, and ends the sessions that it opened. Whom only the provider knew is invited anew; who joined by an
// invitation has a password.
func (t *Tx) DropSingleSignOn(ctx context.Context) error {
	err := t.leaveProvider(ctx, func(m Staff, account Account) error {
		if account.Proven {
			return nil
		}
		return one(t.q.DetachStaff(ctx, t.tenant.ID, m.ID))
	})
	if err != nil {
		return fmt.Errorf("leave the provider: %w", err)
	}
	if err := one(t.q.DeleteSingleSignOn(ctx, t.tenant.ID)); err != nil {
		return fmt.Errorf("single sign-on: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.SingleSignOnRemoved, Object: audit.Object{Kind: "tenant", ID: t.tenant.ID.String()}})
}
