package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// OfferTOTP keeps a secret that counts once a code of it was given.
func (a *AccountTx) OfferTOTP(ctx context.Context, secret string) error {
	sealed, err := a.key.Seal([]byte(secret), a.field("accounts", "totp", a.id))
	if err != nil {
		return err
	}
	return one(a.tx.q.SetTOTP(ctx, sealed, a.id))
}

// ConfirmTOTP has the offered secret count; step is that of the code which proved it.
func (a *AccountTx) ConfirmTOTP(ctx context.Context, step int64) error {
	return one(a.tx.q.ConfirmTOTP(ctx, step, a.tx.now, a.id))
}

// UseTOTP remembers the step of a code; ErrNotFound when that or a later one was used before.
func (a *AccountTx) UseTOTP(ctx context.Context, step int64) error {
	return one(a.tx.q.UseTOTP(ctx, step, a.id))
}

// DropTOTP takes the secret away.
func (a *AccountTx) DropTOTP(ctx context.Context) error {
	return one(a.tx.q.SetTOTP(ctx, nil, a.id))
}

// recoveryHash is keyed: the codes are short enough to be tried out by who has the hashes alone.
func (a *AccountTx) recoveryHash(ctx context.Context, code string) ([]byte, error) {
	keys, err := a.tx.accountKeys(ctx)
	if err != nil {
		return nil, err
	}
	return keys.Index("recovery", a.id.String(), code), nil
}

// SetRecoveryCodes replaces the recovery codes, all of them.
func (a *AccountTx) SetRecoveryCodes(ctx context.Context, codes []string) error {
	if err := a.tx.q.DeleteRecoveryCodes(ctx, a.id); err != nil {
		return fmt.Errorf("drop the recovery codes before: %w", err)
	}
	for _, code := range codes {
		hash, err := a.recoveryHash(ctx, code)
		if err != nil {
			return err
		}
		if err := a.tx.later.InsertRecoveryCode(ctx, newID(), a.id, hash); err != nil {
			return fmt.Errorf("keep a recovery code: %w", err)
		}
	}
	return nil
}

// UseRecoveryCode spends one; ErrNotFound when it is none of the account's, or was spent.
func (a *AccountTx) UseRecoveryCode(ctx context.Context, code string) error {
	hash, err := a.recoveryHash(ctx, code)
	if err != nil {
		return err
	}
	return one(a.tx.q.UseRecoveryCode(ctx, a.id, hash, a.tx.now))
}

// RecoveryCodesLeft counts those that were not spent.
func (a *AccountTx) RecoveryCodesLeft(ctx context.Context) (int, error) {
	n, err := a.tx.q.RecoveryCodesLeft(ctx, a.id)
	return int(n), err
}

// Passkey is one of an account's, with the name that its owner gave it.
type Passkey struct {
	ID           uuid.UUID
	CredentialID []byte
	// Credential is the public key with all that the authenticator said, as package signin writes it.
	Credential []byte
	SignCount  uint32
	Name       string
	CreatedAt  time.Time
	LastUsedAt *time.Time
}

// AddPasskey keeps a passkey; ErrExists when it is known already, whoever's it is.
func (a *AccountTx) AddPasskey(ctx context.Context, p Passkey) (uuid.UUID, error) {
	id := newID()
	name, err := a.key.Seal([]byte(p.Name), a.field("passkeys", "name", id))
	if err != nil {
		return uuid.Nil, err
	}
	err = a.tx.q.InsertPasskey(ctx, db.InsertPasskeyParams{
		ID: id, AccountID: a.id, CredentialID: p.CredentialID, Credential: p.Credential, SignCount: int64(p.SignCount), NameSealed: name, CreatedAt: a.tx.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("keep the passkey: %w", translate(err))
	}
	return id, nil
}

// Passkeys lists them, oldest first.
func (a *AccountTx) Passkeys(ctx context.Context) ([]Passkey, error) {
	rows, err := a.tx.q.Passkeys(ctx, a.id)
	if err != nil {
		return nil, fmt.Errorf("read the passkeys: %w", err)
	}
	out := make([]Passkey, 0, len(rows))
	for _, row := range rows {
		name, err := a.key.Open(row.NameSealed, a.field("passkeys", "name", row.ID))
		if err != nil {
			return nil, fmt.Errorf("open the name of a passkey: %w", err)
		}
		out = append(out, Passkey{
			ID: row.ID, CredentialID: row.CredentialID, Credential: row.Credential, SignCount: uint32(row.SignCount), Name: string(name),
			CreatedAt: row.CreatedAt, LastUsedAt: row.LastUsedAt,
		})
	}
	return out, nil
}

// UsePasskey keeps what a use changed of the credential.
func (a *AccountTx) UsePasskey(ctx context.Context, p Passkey) error {
	return one(a.tx.q.UsePasskey(ctx, db.UsePasskeyParams{
		AccountID: a.id, ID: p.ID, Credential: p.Credential, SignCount: int64(p.SignCount), At: a.tx.now,
	}))
}

// DropPasskey takes one away.
func (a *AccountTx) DropPasskey(ctx context.Context, id uuid.UUID) error {
	return one(a.tx.q.DeletePasskey(ctx, a.id, id))
}

// DropFactors takes away all second factors, recovery codes too.
func (a *AccountTx) DropFactors(ctx context.Context) error {
	account, err := a.Lock(ctx)
	if err != nil {
		return err
	}
	if account.TOTP {
		if err := a.DropTOTP(ctx); err != nil {
			return err
		}
	}
	passkeys, err := a.Passkeys(ctx)
	if err != nil {
		return err
	}
	for _, p := range passkeys {
		if err := a.DropPasskey(ctx, p.ID); err != nil {
			return err
		}
	}
	return a.SetRecoveryCodes(ctx, nil)
}

// HasFactor says whether the person has a second factor.
func (a *AccountTx) HasFactor(ctx context.Context) (bool, error) {
	has, err := a.tx.q.HasFactor(ctx, a.id)
	if err != nil {
		return false, fmt.Errorf("look for a second factor: %w", translate(err))
	}
	return has, nil
}
