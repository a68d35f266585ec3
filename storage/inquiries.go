package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// States of an inquiry.
const (
	InquiryOpen     = "open" // nobody was asked yet
	InquiryAsked    = "asked"
	InquiryAnswered = "answered"
	InquiryClosed   = "closed" // without an answer
)

// Channels of inquiries.
const (
	InquiryByOpenDSR = "opendsr"
	InquiryByEmail   = "email"
	InquiryByHand    = "manual" // a member of staff asks
)

// NewInquiry is what somebody else is to be asked. Turn makes it come once in a case.
type NewInquiry struct {
	System, Notice     *uuid.UUID
	Purpose            privacy.InquiryPurpose
	Turn               string
	Channel            string
	Addressee, Address string
	Language           string
	Identities         []string
	Awaited            bool
	TokenHash          func(id uuid.UUID) ([]byte, error)
	Body               InquiryBody
	Due                time.Time
}

// InquiryBody is what is to be done, where the purpose alone does not say it: personal data.
type InquiryBody struct {
	// Instructions are what the staff are told who ask.
	Instructions string `json:"instructions,omitempty"`
	// Changes are values to be corrected, Limits the kinds of what is limited.
	Changes []InquiryChange `json:"changes,omitempty"`
	Limits  []string        `json:"limits,omitempty"`
	// Categories are those that a recipient was given, Notices what stands on record of each system they were given from.
	Categories []string    `json:"categories,omitempty"`
	Notices    []uuid.UUID `json:"notices,omitempty"`
}

// InquiryChange is one value to be corrected.
type InquiryChange struct {
	Field   string  `json:"field"`
	Was     *string `json:"was"`
	Becomes *string `json:"becomes"`
}

// Same says whether two changes say the same.
func (c InquiryChange) Same(o InquiryChange) bool {
	equal := func(a, b *string) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return c.Field == o.Field && equal(c.Was, o.Was) && equal(c.Becomes, o.Becomes)
}

// Inquiry is what somebody else was asked, and what came of it.
type Inquiry struct {
	ID, Case                 uuid.UUID
	System, Notice           *uuid.UUID
	SystemKey, SystemName    string
	Purpose                  privacy.InquiryPurpose
	Turn, Channel            string
	Addressee, Address       string
	Language                 string
	Identities               []string
	Awaited                  bool
	State                    string
	Outcome                  privacy.InquiryOutcome
	Remote                   uuid.UUID
	Body                     InquiryBody
	Words                    string
	Reminders                int32
	CreatedAt, DueAt         time.Time
	AskedAt, SeenAt, EndedAt *time.Time
	EndedBy                  string
}

// Open says that an answer may still come.
func (i Inquiry) Open() bool { return open(i.State) }

func open(state string) bool { return state == InquiryOpen || state == InquiryAsked }

// Fruitless says that it has ended without anything that the case could go on with, unless somebody decides that it does.
func (i Inquiry) Fruitless() bool {
	return i.Awaited && (i.State == InquiryClosed || i.Outcome == privacy.InquiryRefused)
}

func inquiryField(id uuid.UUID, column string) seal.Field {
	return seal.Field{Table: "inquiries", Column: column, Row: id.String()}
}

// AddInquiry puts an inquiry on record, unless it is there.
func (t *Tx) AddInquiry(ctx context.Context, caseID uuid.UUID, s Subject, n NewInquiry) (id uuid.UUID, added bool, err error) {
	id = newID()
	row := db.InsertInquiryParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, SystemID: n.System, NoticeID: n.Notice, Purpose: string(n.Purpose), Turn: n.Turn, Channel: n.Channel,
		Addressee: n.Addressee, Address: n.Address, Language: n.Language, Identities: n.Identities, Awaited: n.Awaited, RemoteID: uuid.New(), CreatedAt: t.now, DueAt: n.Due,
	}
	if row.Identities == nil {
		row.Identities = []string{}
	}
	if n.TokenHash != nil {
		if row.TokenHash, err = n.TokenHash(id); err != nil {
			return id, false, err
		}
	}
	if row.BodySealed, err = sealJSON(s.Key, inquiryField(id, "body"), n.Body); err != nil {
		return id, false, fmt.Errorf("seal the inquiry: %w", err)
	}
	rows, err := t.q.InsertInquiry(ctx, row)
	if err != nil || rows == 0 {
		return id, false, translate(err)
	}
	return id, true, t.auditInquiry(ctx, audit.InquiryOpened, caseID, id, map[audit.FactKey]string{audit.FactMethod: string(n.Purpose), audit.FactChannel: n.Channel})
}

// Inquiries opens those of a case, oldest first.
func (t *Tx) Inquiries(ctx context.Context, caseID uuid.UUID, s Subject) ([]Inquiry, error) {
	rows, err := t.q.Inquiries(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the inquiries: %w", err)
	}
	out := make([]Inquiry, len(rows))
	for i, row := range rows {
		out[i] = inquiryOf(row)
		if row.BodySealed != nil {
			if err := openJSON(s.Key, inquiryField(row.ID, "body"), row.BodySealed, &out[i].Body); err != nil {
				return nil, fmt.Errorf("open an inquiry: %w", err)
			}
		}
		if row.WordsSealed == nil {
			continue
		}
		words, err := s.Key.Open(row.WordsSealed, inquiryField(row.ID, "words"))
		if err != nil {
			return nil, fmt.Errorf("open the answer to an inquiry: %w", err)
		}
		out[i].Words = string(words)
	}
	return out, nil
}

func inquiryOf(row db.InquiriesRow) Inquiry {
	return Inquiry{
		ID: row.ID, Case: row.CaseID, System: row.SystemID, Notice: row.NoticeID, SystemKey: given(row.SystemKey), SystemName: given(row.SystemName),
		Purpose: privacy.InquiryPurpose(row.Purpose), Turn: row.Turn, Channel: row.Channel, Addressee: row.Addressee, Address: row.Address, Language: row.Language,
		Identities: row.Identities, Awaited: row.Awaited, State: row.State, Outcome: privacy.InquiryOutcome(given(row.Outcome)), Remote: row.RemoteID,
		Reminders: row.Reminders, CreatedAt: row.CreatedAt, DueAt: row.DueAt, AskedAt: row.AskedAt, SeenAt: row.SeenAt, EndedAt: row.EndedAt, EndedBy: given(row.EndedBy),
	}
}

// InquiryState is how an inquiry stands, without what is asked and said.
type InquiryState struct {
	ID              uuid.UUID
	System          *uuid.UUID
	SystemKey       string
	Turn, Addressee string
	Awaited         bool
	State           string
	Outcome         privacy.InquiryOutcome
	EndedBy         string
}

// Open says that an answer may still come.
func (i InquiryState) Open() bool { return open(i.State) }

// InquiryStates are how the inquiries of a case stand, oldest first.
func (t *Tx) InquiryStates(ctx context.Context, caseID uuid.UUID) ([]InquiryState, error) {
	rows, err := t.q.InquiryStates(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read how the inquiries stand: %w", err)
	}
	out := make([]InquiryState, len(rows))
	for i, row := range rows {
		out[i] = InquiryState{
			ID: row.ID, System: row.SystemID, SystemKey: given(row.SystemKey), Turn: row.Turn, Addressee: row.Addressee, Awaited: row.Awaited,
			State: row.State, Outcome: privacy.InquiryOutcome(given(row.Outcome)), EndedBy: given(row.EndedBy),
		}
	}
	return out, nil
}

// InquiryByToken finds the inquiry that a link leads to, with its case.
func (t *Tx) InquiryByToken(ctx context.Context, hash []byte) (id, caseID uuid.UUID, err error) {
	row, err := t.q.InquiryByToken(ctx, t.tenant.ID, hash)
	if err != nil {
		return id, caseID, fmt.Errorf("inquiry: %w", translate(err))
	}
	return row.ID, row.CaseID, nil
}

// InquiryByRemote finds the inquiry that a processor knows by a name of ours, with its case, while it is not answered.
func (t *Tx) InquiryByRemote(ctx context.Context, remote uuid.UUID) (id, caseID uuid.UUID, err error) {
	row, err := t.q.InquiryByRemote(ctx, t.tenant.ID, remote)
	if err != nil {
		return id, caseID, fmt.Errorf("inquiry: %w", translate(err))
	}
	return row.ID, row.CaseID, nil
}

// AskInquiry records that whoever is to be asked was.
func (t *Tx) AskInquiry(ctx context.Context, i Inquiry) error {
	if err := one(t.q.InquiryAsked(ctx, t.tenant.ID, i.ID, t.now)); err != nil {
		return fmt.Errorf("record that somebody was asked: %w", err)
	}
	return t.auditInquiry(ctx, audit.InquiryAsked, i.Case, i.ID, nil)
}

// SeeInquiry records that whoever was asked looked at what it is about, the first time.
func (t *Tx) SeeInquiry(ctx context.Context, i Inquiry) error {
	if i.SeenAt != nil {
		return nil
	}
	if _, err := t.q.InquirySeen(ctx, t.tenant.ID, i.ID, t.now); err != nil {
		return fmt.Errorf("record that an inquiry was seen: %w", err)
	}
	return t.auditInquiry(ctx, audit.InquirySeen, i.Case, i.ID, nil)
}

// RemindInquiry records that whoever was asked was asked again, and which of the reminders that was.
func (t *Tx) RemindInquiry(ctx context.Context, i Inquiry, which int32) error {
	if err := one(t.q.InquiryReminded(ctx, t.tenant.ID, i.ID, which, i.Reminders)); err != nil {
		return fmt.Errorf("record a reminder: %w", err)
	}
	return t.auditInquiry(ctx, audit.InquiryReminded, i.Case, i.ID, map[audit.FactKey]string{audit.FactCount: fmt.Sprint(which)})
}

// MoveInquiryDue gives whoever was asked until another day.
func (t *Tx) MoveInquiryDue(ctx context.Context, i Inquiry, due time.Time) error {
	if err := one(t.q.MoveInquiryDue(ctx, t.tenant.ID, i.ID, due)); err != nil {
		return fmt.Errorf("move the day of an answer: %w", err)
	}
	return nil
}

// FreeInquiry records that the case goes on without the answer.
func (t *Tx) FreeInquiry(ctx context.Context, i Inquiry) error {
	if err := one(t.q.FreeInquiry(ctx, t.tenant.ID, i.ID)); err != nil {
		return fmt.Errorf("go on without an answer: %w", err)
	}
	return t.auditInquiry(ctx, audit.InquiryFreed, i.Case, i.ID, nil)
}

// AnswerInquiry ends an inquiry with the answer to it.
func (t *Tx) AnswerInquiry(ctx context.Context, i Inquiry, s Subject, outcome privacy.InquiryOutcome, words string) error {
	row := db.EndInquiryParams{TenantID: t.tenant.ID, ID: i.ID, State: InquiryAnswered, Outcome: optional(string(outcome)), By: t.actor.ID, At: t.now}
	var err error
	if words != "" {
		if row.Words, err = s.Key.Seal([]byte(words), inquiryField(i.ID, "words")); err != nil {
			return fmt.Errorf("seal the answer: %w", err)
		}
	}
	if err := one(t.q.EndInquiry(ctx, row)); err != nil {
		return fmt.Errorf("answer an inquiry: %w", err)
	}
	return t.auditInquiry(ctx, audit.InquiryAnswered, i.Case, i.ID, map[audit.FactKey]string{audit.FactTo: string(outcome)})
}

// CloseInquiry ends an inquiry that nobody waits for any more.
func (t *Tx) CloseInquiry(ctx context.Context, caseID, id uuid.UUID) error {
	err := one(t.q.EndInquiry(ctx, db.EndInquiryParams{TenantID: t.tenant.ID, ID: id, State: InquiryClosed, By: t.actor.ID, At: t.now}))
	if err != nil {
		return fmt.Errorf("close an inquiry: %w", err)
	}
	return t.auditInquiry(ctx, audit.InquiryClosed, caseID, id, nil)
}

func (t *Tx) auditInquiry(ctx context.Context, action audit.Action, caseID, id uuid.UUID, facts map[audit.FactKey]string) error {
	return t.Audit(ctx, audit.Event{Action: action, CaseID: caseID.String(), Object: audit.Object{Kind: "inquiry", ID: id.String()}, Facts: facts})
}
