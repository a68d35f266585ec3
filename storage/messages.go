package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// MessageLine is a message of a case without its words.
type MessageLine = db.CaseMessagesRow

// NewMessage is a message that is to be sent once the transaction has committed.
type NewMessage struct {
	CaseID uuid.UUID
	// Subject is set for a letter to the person: it is sealed under their key. Nil seals under the tenant's record key.
	Subject *Subject
	// Key makes the message come once, whatever is retried.
	Key      string
	Kind     string
	Channel  string
	Language string
	// Content is the whole message, addressee included, as its sender will read it.
	Content []byte
	// Secret content is destroyed as soon as it is sent: one-time codes.
	Secret bool
}

// QueueMessage puts a message into the outbox; make renders its content for the message's public id. A key that has been
// used before queues nothing.
func (t *Tx) QueueMessage(ctx context.Context, n NewMessage, id uuid.UUID) error {
	key, audience := t.messageKey(n.Subject)
	sealed, err := key.Seal(n.Content, messageField(id))
	if err != nil {
		return fmt.Errorf("seal the message: %w", err)
	}
	row := db.InsertMessageParams{
		ID: id, TenantID: t.tenant.ID, Key: n.Key, Kind: n.Kind, Channel: n.Channel, Audience: audience,
		Language: n.Language, ContentSealed: sealed, MessageID: id.String(), Secret: n.Secret, NextAttemptAt: t.now,
	}
	if n.CaseID != uuid.Nil { // a letter about signing in belongs to no case
		row.CaseID = &n.CaseID
	}
	if n.Subject != nil {
		row.SubjectID = &n.Subject.ID
	}
	rows, err := t.q.InsertMessage(ctx, row)
	if err != nil {
		return fmt.Errorf("queue the message: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.auditMessage(ctx, audit.MessageQueued, n.CaseID, id, n.Kind, "")
}

func (t *Tx) messageKey(s *Subject) (key *seal.Key, audience string) {
	if s == nil {
		return t.tenant.records, "staff"
	}
	return s.Key, "subject"
}

func messageField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "messages", Column: "content", Row: id.String()}
}

func (t *Tx) auditMessage(ctx context.Context, action audit.Action, caseID, id uuid.UUID, kind, reason string) error {
	event := audit.Event{Action: action, Object: audit.Object{Kind: "message", ID: id.String()}, Reason: reason}
	if caseID != uuid.Nil {
		event.CaseID = caseID.String()
	}
	if kind != "" {
		event.Facts = map[audit.FactKey]string{audit.FactTemplate: kind}
	}
	return t.Audit(ctx, event)
}

// MessageQueued says whether a message with this key is in the outbox or went through it.
func (t *Tx) MessageQueued(ctx context.Context, key string) (bool, error) {
	_, err := t.q.MessageByKey(ctx, t.tenant.ID, key)
	switch err := translate(err); {
	case err == nil:
		return true, nil
	case isNotFound(err):
		return false, nil
	default:
		return false, fmt.Errorf("look for the message: %w", err)
	}
}

// Outgoing is a message that is being sent, opened.
type Outgoing struct {
	ID       uuid.UUID
	CaseID   uuid.UUID
	Kind     string
	Channel  string
	Attempts int
	Queued   time.Time
	Content  []byte
}

// ClaimMessages takes messages that are due for sending. They come back by themselves when lease runs out, in case the
// sender dies.
func (t *Tx) ClaimMessages(ctx context.Context, limit int32, lease time.Duration) ([]Outgoing, error) {
	rows, err := t.q.ClaimMessages(ctx, t.tenant.ID, t.now.Add(lease), t.now, limit)
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	out := make([]Outgoing, 0, len(rows))
	for _, row := range rows {
		o := Outgoing{ID: row.ID, Kind: row.Kind, Channel: row.Channel, Attempts: int(row.Attempts), Queued: row.CreatedAt}
		if row.CaseID != nil {
			o.CaseID = *row.CaseID
		}
		o.Content, err = t.openMessage(ctx, row.ID, row.SubjectID, row.ContentSealed)
		switch {
		case errors.Is(err, seal.ErrNoKey):
			// The person was forgotten meanwhile. Nobody can read the letter, and the others must not wait for it.
			err = t.FailMessage(ctx, o, "key_destroyed", "the key of the message was destroyed")
		case err == nil:
			out = append(out, o)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *Tx) openMessage(ctx context.Context, id uuid.UUID, subject *uuid.UUID, sealed []byte) ([]byte, error) {
	key := t.tenant.records
	if subject != nil {
		s, err := t.Subject(ctx, *subject)
		if err != nil {
			return nil, err
		}
		key = s.Key
	}
	content, err := key.Open(sealed, messageField(id))
	if err != nil {
		return nil, fmt.Errorf("open the message: %w", err)
	}
	return content, nil
}

// MessageSent records that the other side took the message.
func (t *Tx) MessageSent(ctx context.Context, m Outgoing) error {
	rows, err := t.q.MessageSent(ctx, t.tenant.ID, m.ID, t.now)
	if err != nil || rows == 0 {
		return err
	}
	return t.auditMessage(ctx, audit.MessageSent, m.CaseID, m.ID, m.Kind, "")
}

// RetryMessage has the message tried again at the time; problem says what went wrong, without a word about the receiver.
func (t *Tx) RetryMessage(ctx context.Context, m Outgoing, at time.Time, problem string) error {
	return one(t.q.MessageRetry(ctx, t.tenant.ID, m.ID, at, &problem))
}

// FailMessage gives up on the message.
func (t *Tx) FailMessage(ctx context.Context, m Outgoing, code, problem string) error {
	if err := one(t.q.MessageFailed(ctx, t.tenant.ID, m.ID, &problem)); err != nil {
		return fmt.Errorf("record the failed message: %w", err)
	}
	return t.auditMessage(ctx, audit.MessageFailed, m.CaseID, m.ID, m.Kind, code)
}

// RequeueMessage tries a failed message again.
func (t *Tx) RequeueMessage(ctx context.Context, caseID, id uuid.UUID) error {
	if err := one(t.q.RequeueMessage(ctx, t.tenant.ID, id, t.now)); err != nil {
		return fmt.Errorf("send the message again: %w", err)
	}
	return t.auditMessage(ctx, audit.MessageQueued, caseID, id, "", "requeued")
}

// Messages lists the messages of a case.
func (t *Tx) Messages(ctx context.Context, caseID uuid.UUID) ([]MessageLine, error) {
	return t.q.CaseMessages(ctx, t.tenant.ID, &caseID)
}

// MessageContent opens one message of a case, for those who may read what was written to the person.
func (t *Tx) MessageContent(ctx context.Context, caseID, id uuid.UUID) ([]byte, error) {
	row, err := t.q.MessageContent(ctx, t.tenant.ID, &caseID, id)
	if err != nil {
		return nil, fmt.Errorf("message: %w", translate(err))
	}
	if row.ContentSealed == nil {
		return nil, fmt.Errorf("the message held a one-time code and was destroyed when it was sent: %w", ErrNotFound)
	}
	return t.openMessage(ctx, id, row.SubjectID, row.ContentSealed)
}

// TenantsWithMail lists the tenants that have messages to send.
func (d *DB) TenantsWithMail(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithMail(ctx, d.now())
	return ids, translate(err)
}
