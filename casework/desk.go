// Package casework is what can be done with a case: each function is one change, made in one transaction together with
// the audit event that tells of it, the obligations it moves and the letters it sends. The API and the activities both
// act through it, so a rule stands in one place.
package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Rules are the policies in force. Errors say which regime or version is missing.
type Rules interface {
	Regime(id string, on time.Time) (*privacy.Regime, error)
	RegimeVersion(id, version string) (*privacy.Regime, error)
	Ladder(id string) (privacy.Ladder, error)
	// Retention finds a retention rule.
	Retention(id string) (privacy.RetentionRule, error)
	// RetentionRules lists every retention rule.
	RetentionRules() []privacy.RetentionRule
	// VerificationFor finds what a regime asks before a person counts as proven; an error when it asks nothing of its own.
	VerificationFor(regime string) (privacy.VerificationRule, error)
	// Messages lists every rule on commercial messages.
	Messages() []privacy.MessageRule
}

// Links are the addresses that letters and notices lead to.
type Links struct {
	// Public is where the public pages are, without a slash at the end: https://privacy.example.com.
	Public string
}

// Desk does the work. It is safe for concurrent use.
type Desk struct {
	db      *storage.DB
	objects *objects.Store
	rules   Rules
	links   Links
	clock   clockwork.Clock
	laws    *messageLaws
	presses *presses
}

// New makes a desk.
func New(db *storage.DB, store *objects.Store, rules Rules, links Links, clock clockwork.Clock) *Desk {
	return &Desk{db: db, objects: store, rules: rules, links: links, clock: clock, laws: newMessageLaws(rules.Messages()), presses: newPresses()}
}

// DB is the register behind the desk, for reading.
func (d *Desk) DB() *storage.DB { return d.db }

// Clock is what the desk goes by.
func (d *Desk) Clock() clockwork.Clock { return d.clock }

// Public is the address that the links of letters begin with.
func (d *Desk) Public() string { return d.links.Public }

// System is the actor for what Docket does by itself.
func System(id string) audit.Actor { return audit.Actor{Kind: audit.System, ID: id} }

func actorOf(a contract.Actor) audit.Actor {
	return audit.Actor{Kind: audit.ActorKind(a.Kind), ID: a.ID, Role: a.Role, Key: a.Key}
}

// file is one case open on the desk within a transaction.
type file struct {
	*Desk
	tx      *storage.Tx
	row     storage.Case
	subject storage.Subject
	regime  *privacy.Regime
	person  *storage.Person // read when it is first asked for
}

// open locks a case for a change and brings what belongs to it.
func (d *Desk) open(ctx context.Context, tx *storage.Tx, ref contract.Ref) (*file, error) {
	row, err := tx.LockCase(ctx, ref.Case)
	if err != nil {
		return nil, err
	}
	return d.fileOf(ctx, tx, row)
}

func (d *Desk) fileOf(ctx context.Context, tx *storage.Tx, row storage.Case) (*file, error) {
	subject, err := tx.Subject(ctx, row.SubjectID)
	if err != nil {
		return nil, err
	}
	regime, err := d.rules.RegimeVersion(row.Regime, row.RegimeVersion)
	if err != nil {
		return nil, fmt.Errorf("the rules the case was accepted under: %w", err)
	}
	return &file{Desk: d, tx: tx, row: row, subject: subject, regime: regime}, nil
}

// withoutPerson opens a case whose person may long be forgotten.
func (d *Desk) withoutPerson(ctx context.Context, tx *storage.Tx, id uuid.UUID) (*file, error) {
	row, err := tx.LockCase(ctx, id)
	if err != nil {
		return nil, err
	}
	regime, err := d.rules.RegimeVersion(row.Regime, row.RegimeVersion)
	if err != nil {
		return nil, fmt.Errorf("the rules the case was accepted under: %w", err)
	}
	return &file{Desk: d, tx: tx, row: row, regime: regime}, nil
}

// kept opens a case with its person, or without where they are forgotten.
func (d *Desk) kept(ctx context.Context, tx *storage.Tx, id uuid.UUID) (*file, error) {
	f, err := d.withoutPerson(ctx, tx, id)
	if err != nil || f.row.ForgottenAt != nil {
		return f, err
	}
	return d.fileOf(ctx, tx, f.row)
}

// change runs do on an open case, as the actor, in one transaction.
func (d *Desk) change(ctx context.Context, ref contract.Ref, actor audit.Actor, do func(context.Context, *file) error) error {
	return d.db.Change(ctx, ref.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error { return d.within(ctx, tx, ref, do) })
}

// within runs do on an open case in a transaction of the caller's.
func (d *Desk) within(ctx context.Context, tx *storage.Tx, ref contract.Ref, do func(context.Context, *file) error) error {
	f, err := d.open(ctx, tx, ref)
	if err != nil {
		return err
	}
	return do(ctx, f)
}

// once runs do on an open case in a transaction of the caller's, unless the step was taken before.
func (d *Desk) once(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, do func(context.Context, *file) error) error {
	return d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		taken, err := tx.StepTaken(ctx, f.row.ID, key)
		if err != nil || taken {
			return err
		}
		return do(ctx, f)
	})
}

// RefusalOf says why a command was refused by a rule or by the case's state; ok is false for every other error.
func RefusalOf(err error) (refusal contract.Refusal, ok bool) {
	var rule *privacy.RuleError
	var transition *privacy.TransitionError
	switch {
	case errors.As(err, &rule):
		return contract.Refusal{Code: string(rule.Code), Message: rule.Message, Citation: rule.Citation.Text}, true
	case errors.As(err, &transition):
		return contract.Refusal{Code: "state", Message: transition.Error()}, true
	default:
		return contract.Refusal{}, false
	}
}
