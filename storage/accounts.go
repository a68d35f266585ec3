package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Account is a person who signs in, in clear.
type Account struct {
	ID    uuid.UUID
	Email string
	Name  string
	// PasswordHash is empty for who has none.
	PasswordHash string
	// TOTPSecret is there from the moment it is offered; it counts once TOTP is true.
	TOTPSecret string
	TOTP       bool
	// TOTPStep is the last step whose code was used.
	TOTPStep int64
	// Proven says that the mailbox was shown to be theirs.
	Proven bool
}

// Membership is an account's place in a tenant.
type Membership = db.MembershipsRow

// AccountKeys opens the key of the accounts; the first process that needs it makes it.
func (d *DB) AccountKeys(ctx context.Context) (*seal.AccountKeys, error) {
	d.mu.Lock()
	keys := d.accounts
	d.mu.Unlock()
	if keys != nil {
		return keys, nil
	}
	wrapped, err := d.InstallationKey(ctx, seal.AccountsKeyName, d.master.NewAccountKeys)
	if err != nil {
		return nil, err
	}
	if keys, err = d.master.AccountKeys(wrapped); err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.accounts = keys
	d.mu.Unlock()
	return keys, nil
}

// accountKeys opens the key of the accounts on the transaction's own connection, so that no transaction waits for another one's.
func (t *Tx) accountKeys(ctx context.Context) (*seal.AccountKeys, error) {
	t.db.mu.Lock()
	keys := t.db.accounts
	t.db.mu.Unlock()
	if keys != nil {
		return keys, nil
	}
	row, err := t.q.InstallationKey(ctx, seal.AccountsKeyName)
	if isNotFound(translate(err)) {
		return t.db.AccountKeys(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of the accounts: %w", err)
	}
	return t.db.master.AccountKeys(row.Wrapped)
}

// AccountTx is a transaction that sees the rows of one account.
type AccountTx struct {
	tx  *Tx
	id  uuid.UUID
	key *seal.Key
}

// OfAccount runs do in one transaction that sees the rows of the account and of no tenant. All of it is kept, or nothing.
func (d *DB) OfAccount(ctx context.Context, id uuid.UUID, do func(context.Context, *AccountTx) error) error {
	if id == uuid.Nil {
		return fmt.Errorf("account: %w", ErrNotFound)
	}
	if _, err := d.AccountKeys(ctx); err != nil {
		return err
	}
	err := d.inAll(ctx, pgx.TxOptions{}, func(tx *Tx) error {
		account, err := tx.OfAccount(ctx, id)
		if err != nil {
			return err
		}
		return do(ctx, account)
	})
	return translate(err)
}

// OfAccount has the transaction of a tenant see the rows of one account as well.
func (t *Tx) OfAccount(ctx context.Context, id uuid.UUID) (*AccountTx, error) {
	keys, err := t.accountKeys(ctx)
	if err != nil {
		return nil, err
	}
	key, err := keys.Key(id.String())
	if err != nil {
		return nil, err
	}
	if err := nameAccount(ctx, t.later, id); err != nil {
		return nil, err
	}
	return &AccountTx{tx: t, id: id, key: key}, nil
}

// nameAccount says whose rows the transaction sees from now on, beside those of its tenant.
func nameAccount(ctx context.Context, q *db.Queries, id uuid.UUID) error {
	if err := q.SetAccount(ctx, id.String()); err != nil {
		return fmt.Errorf("name the account: %w", err)
	}
	return nil
}

// Now is the time of the transaction.
func (a *AccountTx) Now() time.Time { return a.tx.now }

func (a *AccountTx) field(table, column string, row uuid.UUID) seal.Field {
	return seal.Field{Table: table, Column: column, Row: row.String()}
}

// NewAccount is what an account is made of. PasswordHash may be empty.
type NewAccount struct {
	Email, Name, PasswordHash string
	// Unproven says that nobody has shown here that the mailbox is theirs: another company's provider says so. Such an account is not
	// found by its address, so that whoever proves the mailbox can have it.
	Unproven bool
}

// Create makes the account; ErrExists when the address has one.
func (a *AccountTx) Create(ctx context.Context, n NewAccount) error {
	keys, err := a.tx.accountKeys(ctx)
	if err != nil {
		return err
	}
	index, err := keys.EmailIndex(n.Email)
	if err != nil {
		return fmt.Errorf("index the address: %w", err)
	}
	if n.Unproven {
		index = nil
	}
	email, err := a.key.Seal([]byte(n.Email), a.field("accounts", "email", a.id))
	if err != nil {
		return err
	}
	name, err := a.key.Seal([]byte(n.Name), a.field("accounts", "name", a.id))
	if err != nil {
		return err
	}
	row := db.InsertAccountParams{ID: a.id, EmailIndex: index, EmailSealed: email, NameSealed: name, CreatedAt: a.tx.now}
	if n.PasswordHash != "" {
		row.PasswordHash = &n.PasswordHash
	}
	if err := a.tx.q.InsertAccount(ctx, row); err != nil {
		return fmt.Errorf("make the account: %w", translate(err))
	}
	return nil
}

// Account reads it.
func (a *AccountTx) Account(ctx context.Context) (Account, error) {
	row, err := a.tx.q.AccountByID(ctx, a.id)
	if err != nil {
		return Account{}, fmt.Errorf("account: %w", translate(err))
	}
	return a.open(row)
}

// Lock reads it and holds it until the transaction ends, for changes that must not cross.
func (a *AccountTx) Lock(ctx context.Context) (Account, error) {
	row, err := a.tx.q.LockAccount(ctx, a.id)
	if err != nil {
		return Account{}, fmt.Errorf("account: %w", translate(err))
	}
	return a.open(row)
}

func (a *AccountTx) open(row db.Account) (Account, error) {
	out := Account{ID: row.ID, TOTP: row.TotpConfirmedAt != nil, TOTPStep: row.TotpStep, Proven: row.EmailIndex != nil}
	if row.PasswordHash != nil {
		out.PasswordHash = *row.PasswordHash
	}
	for _, sealed := range []struct {
		column string
		value  []byte
		into   *string
	}{{"email", row.EmailSealed, &out.Email}, {"name", row.NameSealed, &out.Name}, {"totp", row.TotpSealed, &out.TOTPSecret}} {
		if sealed.value == nil {
			continue
		}
		clear, err := a.key.Open(sealed.value, a.field("accounts", sealed.column, a.id))
		if err != nil {
			return Account{}, fmt.Errorf("open an account: %w", err)
		}
		*sealed.into = string(clear)
	}
	return out, nil
}

// SetPassword replaces the hash of the password.
func (a *AccountTx) SetPassword(ctx context.Context, hash string) error {
	return one(a.tx.q.SetPassword(ctx, hash, a.id))
}

// Memberships are the tenants in which the account has an active place.
func (a *AccountTx) Memberships(ctx context.Context) ([]Membership, error) {
	rows, err := a.tx.q.Memberships(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the memberships: %w", err)
	}
	return rows, nil
}

// Tell records an event about the person in the log of each of their tenants, or of one alone. It is for transactions of
// the account: one that a tenant began would go on in another.
func (a *AccountTx) Tell(ctx context.Context, only uuid.UUID, event audit.Event) error {
	members, err := a.Memberships(ctx)
	if err != nil {
		return err
	}
	for _, m := range members {
		if only != uuid.Nil && m.Tenant != only {
			continue
		}
		if err := a.TellAs(ctx, m.Tenant, audit.Actor{Kind: audit.Person, ID: m.Staff.String(), Role: m.Role}, event); err != nil {
			return err
		}
	}
	return nil
}

// TellAs records an event in the log of one tenant.
func (a *AccountTx) TellAs(ctx context.Context, tenant uuid.UUID, actor audit.Actor, event audit.Event) error {
	if err := a.tx.enter(ctx, tenant); err != nil {
		return err
	}
	a.tx.actor = actor
	if event.Object == (audit.Object{}) {
		event.Object = audit.Object{Kind: "staff", ID: actor.ID}
	}
	return a.tx.Audit(ctx, event)
}

// AccountByEmail finds an account by its address; ErrNotFound when there is none.
func (d *DB) AccountByEmail(ctx context.Context, address string) (uuid.UUID, error) {
	keys, err := d.AccountKeys(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	index, err := keys.EmailIndex(address)
	if err != nil {
		return uuid.Nil, err
	}
	return found(db.New(d.pool).AccountByEmail(ctx, index))
}

// AccountByPasskey finds whose a credential is.
func (d *DB) AccountByPasskey(ctx context.Context, credential []byte) (uuid.UUID, error) {
	return found(db.New(d.pool).AccountByPasskey(ctx, credential))
}

// AccountByReset finds whose a reset is, by the hash of its token, while it is good.
func (d *DB) AccountByReset(ctx context.Context, hash []byte) (uuid.UUID, error) {
	return found(db.New(d.pool).AccountByReset(ctx, hash, d.now()))
}

// AccountBySubject finds who somebody at an issuer of single sign-on is.
func (d *DB) AccountBySubject(ctx context.Context, issuer, subject string) (uuid.UUID, error) {
	keys, err := d.AccountKeys(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	return found(db.New(d.pool).AccountBySubject(ctx, keys.Index("subject", issuer, subject)))
}

func found(id uuid.UUID, err error) (uuid.UUID, error) {
	if err != nil {
		return uuid.Nil, translate(err)
	}
	if id == uuid.Nil {
		return uuid.Nil, fmt.Errorf("account: %w", ErrNotFound)
	}
	return id, nil
}

// Link has the account found by its subject at an issuer from now on.
func (a *AccountTx) Link(ctx context.Context, issuer, subject string) error {
	keys, err := a.tx.accountKeys(ctx)
	if err != nil {
		return err
	}
	if err := a.tx.q.InsertSubjectLink(ctx, newID(), a.id, keys.Index("subject", issuer, subject), a.tx.now); err != nil {
		return fmt.Errorf("link the account: %w", translate(err))
	}
	return nil
}

// NewReset keeps a link to a new password. Those before it stay good for their time: anybody can ask for another one, and the owner has
// one of them in hand. All of them end with the first that is used.
func (a *AccountTx) NewReset(ctx context.Context, hash []byte, expires time.Time) error {
	err := a.tx.q.InsertReset(ctx, db.InsertResetParams{ID: newID(), AccountID: a.id, TokenHash: hash, CreatedAt: a.tx.now, ExpiresAt: expires})
	if err != nil {
		return fmt.Errorf("keep the reset: %w", err)
	}
	return nil
}

// UseReset ends the resets of the account; ErrNotFound when somebody else was faster.
func (a *AccountTx) UseReset(ctx context.Context) error {
	return one(a.tx.q.EndResets(ctx, a.id, a.tx.now))
}

// Entered records that the person has come into a tenant. An operator who is no member of it leaves another trace than who is.
func (a *AccountTx) Entered(ctx context.Context, tenant, member uuid.UUID, role, method string) error {
	action := audit.SignedIn
	if role == RoleOperator {
		action = audit.OperatorEntered
	}
	event := audit.Event{Action: action, Facts: map[audit.FactKey]string{audit.FactMethod: method}}
	if err := a.TellAs(ctx, tenant, audit.Actor{Kind: audit.Person, ID: member.String(), Role: role}, event); err != nil {
		return err
	}
	return a.tx.NoteSignIn(ctx, member)
}
