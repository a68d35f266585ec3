package casework

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// NewRequest is a request as it comes in.
type NewRequest struct {
	Person   storage.Person
	Right    privacy.Right
	Regime   string // "" is the tenant's own
	Language string // "" is the tenant's own
	Channel  string
	Details  string
	Country  string
	// Ask is what the request says beyond its right, where the answer turns on it.
	Ask privacy.Ask
	// Contest is the automated decision that the request is about, where it is about one.
	Contest privacy.Contest
	// Agent asks for the person; nil when they ask themselves.
	Agent *Agent
	// ReceivedAt back-dates the receipt (a letter that lay in the post room); zero is now. It needs a reason, and the
	// caller has checked that the actor may.
	ReceivedAt     time.Time
	BackdateReason string
	// StartedByCaller says that the caller starts the workflow right after the commit; otherwise a relay does.
	StartedByCaller bool
	// ID is the case's, where the caller needs to know it before; zero has one made.
	ID uuid.UUID
	// IdentityMethod is set when identity is proven already: by an assertion, or by a requester's word, which may prove more than the mailbox.
	IdentityMethod string
	AlsoProven     privacy.AlsoProven

	submission *uuid.UUID
}

// Opened is the answer to an accepted request.
type Opened struct {
	ID          uuid.UUID `json:"id"`
	Reference   string    `json:"reference"`
	ReceivedAt  time.Time `json:"received_at"`
	Due         time.Time `json:"due"`
	DuplicateOf string    `json:"duplicate_of,omitempty"`
}

var (
	// ErrBackdated says that a receipt cannot be moved there.
	ErrBackdated = errors.New("received_at must lie in the past, at most one year back, and needs a reason")
	// ErrNoEmail says that there is no way to reach the person.
	ErrNoEmail = errors.New("an e-mail address is needed: letters, the code and the answer go there")
)

// oldestReceipt bounds back-dating; anything older is a typing error or another case.
const oldestReceipt = 366 * day

// Open accepts a request within tx: the case with its sealed personal data, its obligations with their dates, the audit
// event and the row that starts its workflow. Commit means accepted; from then on the legal clock runs.
func (d *Desk) Open(ctx context.Context, tx *storage.Tx, n NewRequest) (Opened, error) {
	if n.Person.Email == "" {
		return Opened{}, ErrNoEmail
	}
	var err error
	if n.Ask, err = n.Ask.Complete(n.Right); err != nil {
		return Opened{}, err
	}
	if n.Contest, err = n.Contest.Complete(n.Right); err != nil {
		return Opened{}, err
	}
	received, err := receivedAt(n, tx.Now())
	if err != nil {
		return Opened{}, err
	}
	tenant := tx.Tenant()
	regime, err := d.rules.Regime(orElse(n.Regime, tenant.Regime), received)
	if err != nil {
		return Opened{}, err
	}
	duplicate, err := duplicateOf(ctx, tx, n, regime.ID)
	if err != nil {
		return Opened{}, err
	}
	facts := privacy.Facts{
		Right: n.Right, Received: received, Zone: tenant.Zone, Calendar: regime.CalendarFor(tenant.Calendar),
		SmallAgent: tenant.Settings.SmallAgent,
	}
	deadlines, err := regime.Deadlines(facts)
	if err != nil {
		return Opened{}, err
	}
	row, err := d.newCase(ctx, tx, n, regime, facts, received)
	if err != nil {
		return Opened{}, err
	}
	if duplicate.ID != uuid.Nil {
		row.DuplicateOf = &duplicate.ID
	}
	opened := Opened{ID: row.ID, Reference: row.Reference, ReceivedAt: received, Due: answerDue(deadlines), DuplicateOf: duplicate.Reference}
	if err := d.file(ctx, tx, row, deadlines); err != nil {
		return Opened{}, err
	}
	if err := tx.SetLimits(ctx, row.ID, n.Person, limitsBy(regime, n.Right, false, n.Ask.AtOnce(n.Right))...); err != nil {
		return Opened{}, err
	}
	if err := contest(ctx, tx, row, n.Contest); err != nil {
		return Opened{}, err
	}
	return opened, d.introduce(ctx, tx, row, n.Agent)
}

// file writes the accepted case.
func (d *Desk) file(ctx context.Context, tx *storage.Tx, row storage.NewCase, deadlines []privacy.Deadline) error {
	ladder, err := d.rules.Ladder(tx.Tenant().Settings.Ladder)
	if err != nil {
		return fmt.Errorf("the tenant's ladder: %w", err)
	}
	row.NextDue = soonest(deadlines)
	if err := tx.InsertCase(ctx, row); err != nil {
		return err
	}
	if err := tx.AddObligations(ctx, row.ID, ladder, deadlines...); err != nil {
		return err
	}
	return d.auditReceipt(ctx, tx, row)
}

func (d *Desk) newCase(ctx context.Context, tx *storage.Tx, n NewRequest, regime *privacy.Regime, facts privacy.Facts, received time.Time) (storage.NewCase, error) {
	subject, err := tx.NewSubject(ctx, n.Person)
	if err != nil {
		return storage.NewCase{}, err
	}
	id, err := caseID(n)
	if err != nil {
		return storage.NewCase{}, err
	}
	reference, err := newReference(n.Right)
	if err != nil {
		return storage.NewCase{}, err
	}
	return storage.NewCase{
		ID: id, Subject: subject, Reference: reference, Right: n.Right, Regime: regime.ID, RegimeVersion: regime.Version,
		Calendar: facts.Calendar, Zone: facts.Zone.String(), Language: orElse(n.Language, tx.Tenant().Language),
		Channel: n.Channel, IdentityMethod: n.IdentityMethod, AlsoProven: n.AlsoProven, ReceivedAt: received, BackdateReason: n.BackdateReason,
		Details: n.Details, Facts: storage.CaseFacts{Country: n.Country, Ask: n.Ask}, StartedByCaller: n.StartedByCaller,
		Submission: n.submission, IdentityWaived: n.Right.Limits() && !n.Ask.NeedsIdentity(n.Right, regime.Rights[n.Right]),
	}, nil
}

func caseID(n NewRequest) (uuid.UUID, error) {
	if n.ID != uuid.Nil {
		return n.ID, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make the case's id: %w", err)
	}
	return id, nil
}

func (d *Desk) auditReceipt(ctx context.Context, tx *storage.Tx, row storage.NewCase) error {
	event := audit.Event{
		Action: audit.RequestReceived, CaseID: row.ID.String(), Object: audit.Object{Kind: "case", ID: row.ID.String()},
		Facts: map[audit.FactKey]string{
			audit.FactRight: string(row.Right), audit.FactRegime: row.Regime, audit.FactPolicy: row.Regime + "/" + row.RegimeVersion,
			audit.FactChannel: row.Channel, audit.FactReceived: row.ReceivedAt.Format(time.RFC3339),
		},
	}
	if row.BackdateReason != "" {
		event.Action = audit.RequestBackdated
	}
	if err := tx.Audit(ctx, event); err != nil {
		return err
	}
	if row.DuplicateOf == nil {
		return nil
	}
	return tx.Audit(ctx, audit.Event{
		Action: audit.RequestLinked, CaseID: row.ID.String(), Object: event.Object,
		Facts: map[audit.FactKey]string{audit.FactLinked: row.DuplicateOf.String()},
	})
}

// receivedAt is the server's time unless an allowed actor moved it back.
func receivedAt(n NewRequest, now time.Time) (time.Time, error) {
	if n.ReceivedAt.IsZero() {
		return now, nil
	}
	if n.BackdateReason == "" || n.ReceivedAt.After(now) || now.Sub(n.ReceivedAt) > oldestReceipt {
		return time.Time{}, ErrBackdated
	}
	return n.ReceivedAt.UTC().Truncate(time.Microsecond), nil
}

// duplicateOf finds an open request of the same mailbox. The two are linked and both go on: who files in another's name
// can't keep the real person from being heard, and nothing is dropped in silence.
func duplicateOf(ctx context.Context, tx *storage.Tx, n NewRequest, regime string) (storage.Duplicate, error) {
	open, err := tx.OpenCase(ctx, n.Person.Email, n.Right, regime)
	if errors.Is(err, storage.ErrNotFound) {
		return storage.Duplicate{}, nil
	}
	return open, err
}

// soonest is the first date of what is owed.
func soonest(deadlines []privacy.Deadline) (first *time.Time) {
	for _, d := range deadlines {
		if first == nil || d.Due.Before(*first) {
			first = &d.Due
		}
	}
	return first
}

func answerDue(deadlines []privacy.Deadline) time.Time {
	for _, d := range deadlines {
		if d.Kind == privacy.Respond || d.Kind == privacy.Inform {
			return d.Due
		}
	}
	return time.Time{}
}

// newReference makes the name of a case that people use: it can be read over the telephone, and neither counts the
// tenant's cases nor lets one be guessed from another.
func newReference(right privacy.Right) (string, error) {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ" // without 0 O, 1 I L, U
	raw := make([]byte, 8)
	for i := range raw {
		b := make([]byte, 1)
		for {
			if _, err := rand.Read(b); err != nil {
				return "", fmt.Errorf("make a reference: %w", err)
			}
			if int(b[0]) < 256/len(letters)*len(letters) {
				break
			}
		}
		raw[i] = letters[int(b[0])%len(letters)]
	}
	return fmt.Sprintf("%s-%s-%s", prefixes[right], raw[:4], raw[4:]), nil
}

// prefixes tell the rights apart in a reference.
var prefixes = map[privacy.Right]string{
	privacy.Access: "AR", privacy.Portability: "PR", privacy.Rectification: "RR", privacy.Erasure: "ER",
	privacy.Restriction: "SR", privacy.Objection: "OR", privacy.OptOut: "UR", privacy.LimitUse: "LR",
	privacy.AutomatedDecision: "DR",
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
