package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// NewSignUp is what somebody has sent by a form that asks for consent.
type NewSignUp struct {
	Entered  EnteredSignUp
	Language string
	// How is form or api, Source the name of the form or the site.
	How, Source string
}

// EnteredSignUp is what was entered. Whose address it is nobody has looked at when it is taken in, so that taking in tells nothing of that.
type EnteredSignUp struct {
	Address string `json:"address"`
	// Country (ISO 3166-1 alpha-2) is where the person lives, as far as the form says.
	Country  string          `json:"country,omitempty"`
	Wants    []SignUpWish    `json:"wants"`
	Evidence ConsentEvidence `json:"evidence,omitzero"`
}

// SignUpWish is a purpose that somebody agrees to, with the version of the words that they were shown; the nil UUID where that is not known.
type SignUpWish struct {
	Purpose int32     `json:"purpose"`
	Text    uuid.UUID `json:"text"`
}

// SignUp is one, as it stands.
type SignUp struct {
	ID uuid.UUID
	// Person is whose it is in the ledger; the nil UUID until that was found out.
	Person uuid.UUID
	State  consent.SignUpState
	// Wants are the purposes that were not agreed to before.
	Wants    []SignUpWish
	Language string
	// Country is where the form says that the person lives: nobody believes it before the mailbox confirms.
	Country string
	How     string
	Source  string
	At      time.Time
	// Repeats are how often it came again, Letters how many were sent about it: Letter is the first of them, LetterAt when the last was written.
	Repeats, Letters int
	Letter           uuid.UUID
	LetterAt         time.Time
	RemindedAt       time.Time
	// ExpiresAt is until when it can be confirmed, Ended when it came to its end, Next when something is to be done about it. Zero where there is no such time.
	ExpiresAt, Ended, Next time.Time
	// Entered is what somebody sent, until it was looked at.
	Entered *EnteredSignUp
}

// howEnding is how those came about that nobody has entered.
const howEnding = "ending"

// Offered says that nobody has entered it: the sender asks, because implied consent ends soon.
func (s SignUp) Offered() bool { return s.How == howEnding }

// Past is the sign-up as it counts for the next one of its mailbox.
func (s SignUp) Past() consent.PastSignUp {
	out := consent.PastSignUp{State: s.State, At: s.At, Ended: s.Ended, Letters: s.Letters, LetterAt: s.LetterAt, Offered: s.Offered()}
	for _, w := range s.Wants {
		out.Purposes = append(out.Purposes, w.Purpose)
	}
	return out
}

// AddSignUp keeps what somebody sent. A workflow looks at it; the same is done whoever has the address.
func (t *Tx) AddSignUp(ctx context.Context, n NewSignUp) (uuid.UUID, error) {
	id := newID()
	sealed, err := sealJSON(t.tenant.records, signUpField(id), n.Entered)
	if err != nil {
		return id, fmt.Errorf("seal a sign-up: %w", err)
	}
	err = t.q.InsertSignUp(ctx, db.InsertSignUpParams{ID: id, TenantID: t.tenant.ID, Entered: sealed, Language: n.Language, How: n.How, Source: n.Source, At: t.now})
	if err != nil {
		return id, fmt.Errorf("keep a sign-up: %w", err)
	}
	return id, t.auditSignUp(ctx, id, consent.SignUpEntered)
}

func signUpField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "consent_sign_ups", Column: "entered", Row: id.String()}
}

func (t *Tx) auditSignUp(ctx context.Context, id uuid.UUID, state consent.SignUpState) error {
	return t.Audit(ctx, audit.Event{
		Action: audit.ConsentSignUpMoved, Object: audit.Object{Kind: "consent_sign_up", ID: id.String()}, Facts: map[audit.FactKey]string{audit.FactTo: string(state)},
	})
}

// TenantsWithSignUps lists the tenants about whose sign-ups something is to be done.
func (d *DB) TenantsWithSignUps(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithSignUps(ctx, d.now())
	return ids, translate(err)
}

// SignUpsDue gives sign-ups about which something is to be done, those of one mailbox together, the oldest first.
func (t *Tx) SignUpsDue(ctx context.Context, most int32) (groups [][]uuid.UUID, err error) {
	rows, err := t.q.SignUpsDue(ctx, t.tenant.ID, t.now, most)
	if err != nil {
		return nil, fmt.Errorf("look for sign-ups: %w", err)
	}
	places := map[string]int{}
	for _, r := range rows {
		of, err := t.mailboxOf(r)
		if err != nil {
			return nil, err
		}
		at, found := places[of]
		if !found {
			at = len(groups)
			places[of], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], r.ID)
	}
	return groups, nil
}

// mailboxOf tells mailboxes apart.
func (t *Tx) mailboxOf(r db.SignUpsDueRow) (string, error) {
	if r.EnteredSealed == nil {
		return r.ID.String(), nil // one that is known is looked at by itself
	}
	var entered EnteredSignUp
	if err := openJSON(t.tenant.records, signUpField(r.ID), r.EnteredSealed, &entered); err != nil {
		return "", fmt.Errorf("open a sign-up: %w", err)
	}
	index, err := t.addressIndex(ConsentAddress{Kind: AddressEmail, Value: entered.Address})
	return string(index), err
}

// LockSignUps reads sign-ups in the order in which they came and holds them until the transaction ends. Of those that are no more there is nothing.
func (t *Tx) LockSignUps(ctx context.Context, ids ...uuid.UUID) ([]SignUp, error) {
	rows, err := t.q.LockSignUps(ctx, t.tenant.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("hold sign-ups: %w", translate(err))
	}
	out := make([]SignUp, len(rows))
	for i, r := range rows {
		if out[i], err = t.signUpOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SignUp reads a sign-up; ErrNotFound where there is none.
func (t *Tx) SignUp(ctx context.Context, id uuid.UUID) (SignUp, error) {
	row, err := t.q.SignUp(ctx, t.tenant.ID, id)
	if err != nil {
		return SignUp{}, fmt.Errorf("sign-up: %w", translate(err))
	}
	return t.signUpOf(db.LockSignUpsRow(row))
}

// SignUpsOf reads what somebody's mailbox was entered for: what waits, and what ended since a moment.
func (t *Tx) SignUpsOf(ctx context.Context, person uuid.UUID, since time.Time) ([]SignUp, error) {
	rows, err := t.q.SignUpsOfPerson(ctx, t.tenant.ID, person, since)
	if err != nil {
		return nil, fmt.Errorf("read the sign-ups of somebody: %w", err)
	}
	out := make([]SignUp, len(rows))
	for i, r := range rows {
		if out[i], err = t.signUpOf(db.LockSignUpsRow(r)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *Tx) signUpOf(r db.LockSignUpsRow) (SignUp, error) {
	out := SignUp{
		ID: r.ID, State: consent.SignUpState(r.State), Language: r.Language, Country: given(r.Country), How: r.How, Source: r.Source, At: r.At, Repeats: int(r.Repeats), Letters: int(r.Letters),
		LetterAt: moment(r.LetterAt), RemindedAt: moment(r.RemindedAt), ExpiresAt: moment(r.ExpiresAt), Ended: moment(r.EndedAt), Next: moment(r.NextAt),
	}
	for i, purpose := range r.Purposes {
		out.Wants = append(out.Wants, SignUpWish{Purpose: purpose, Text: r.Texts[i]})
	}
	if r.PersonID != nil {
		out.Person = *r.PersonID
	}
	if r.Letter != nil {
		out.Letter = *r.Letter
	}
	if r.EnteredSealed == nil {
		return out, nil
	}
	out.Entered = &EnteredSignUp{}
	if err := openJSON(t.tenant.records, signUpField(r.ID), r.EnteredSealed, out.Entered); err != nil {
		return out, fmt.Errorf("open a sign-up: %w", err)
	}
	return out, nil
}

// KeepSignUp keeps what became of a sign-up. moved says that its state is another than before, which goes on record.
func (t *Tx) KeepSignUp(ctx context.Context, s SignUp, moved bool) error {
	row := db.KeepSignUpParams{
		TenantID: t.tenant.ID, ID: s.ID, Person: s.Person, State: string(s.State), Purposes: []int32{}, Texts: []uuid.UUID{}, Repeats: int32(s.Repeats), Letters: int32(s.Letters),
		LetterAt: instant(s.LetterAt), RemindedAt: instant(s.RemindedAt), ExpiresAt: instant(s.ExpiresAt), EndedAt: instant(s.Ended), NextAt: instant(s.Next),
	}
	if s.Person == uuid.Nil {
		return errors.New("keep a sign-up: nobody has found out whose it is")
	}
	for _, w := range s.Wants {
		row.Purposes, row.Texts = append(row.Purposes, w.Purpose), append(row.Texts, w.Text)
	}
	if s.Country != "" {
		row.Country = &s.Country
	}
	if s.Letter != uuid.Nil {
		row.Letter = &s.Letter
	}
	if err := one(t.q.KeepSignUp(ctx, row)); err != nil {
		return fmt.Errorf("keep a sign-up: %w", err)
	}
	if !moved {
		return nil
	}
	return t.auditSignUp(ctx, s.ID, s.State)
}

// PutOffSignUps has sign-ups looked at again at a moment, as they are.
func (t *Tx) PutOffSignUps(ctx context.Context, at time.Time, ids ...uuid.UUID) error {
	if err := t.q.PutOffSignUps(ctx, t.tenant.ID, at, ids); err != nil {
		return fmt.Errorf("put off sign-ups: %w", err)
	}
	return nil
}

// DropSignUps takes away sign-ups from which nothing follows: repetitions, and those that ended long ago. The log says so of each.
func (t *Tx) DropSignUps(ctx context.Context, ids ...uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := t.q.DropSignUps(ctx, t.tenant.ID, ids); err != nil {
		return fmt.Errorf("take away sign-ups: %w", err)
	}
	for _, id := range ids {
		if err := t.auditSignUp(ctx, id, signUpDropped); err != nil {
			return err
		}
	}
	return nil
}

// instant is a time as a column has it: nil where there is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// signUpDropped is what the log says of one that is no more.
const signUpDropped consent.SignUpState = "dropped"

// ConsentAddressOf opens the address by which somebody stands in the ledger; ErrNotFound where nothing is kept of them any more.
func (t *Tx) ConsentAddressOf(ctx context.Context, person uuid.UUID) (ConsentAddress, error) {
	row, err := t.q.OpenConsentPerson(ctx, t.tenant.ID, person)
	if err != nil {
		return ConsentAddress{}, fmt.Errorf("the address of somebody: %w", translate(err))
	}
	key, err := t.tenant.Keys.SubjectKey(row.WrappedKey, person.String())
	if err != nil {
		return ConsentAddress{}, fmt.Errorf("open the key of an address: %w", err)
	}
	value, err := key.Open(row.ValueSealed, addressField(person))
	if err != nil {
		return ConsentAddress{}, fmt.Errorf("open an address: %w", err)
	}
	return ConsentAddress{Kind: row.Kind, Value: string(value)}, nil
}
