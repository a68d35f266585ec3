package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// messageLine is a message without its words and without its addressee.
type messageLine struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Kind      string     `json:"kind"`
	Channel   string     `json:"channel"`
	Audience  string     `json:"audience"`
	Language  string     `json:"language"`
	State     string     `json:"state" enum:"queued,sent,failed"`
	Attempts  int32      `json:"attempts"`
	LastError string     `json:"last_error,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
	NextTry   *time.Time `json:"next_attempt_at,omitempty"`
}

type messageView struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
}

type messageID struct {
	CaseID
	Message uuid.UUID `path:"message" format:"uuid"`
}

func (s *server) messageOperations() {
	register(s, operation{
		id: "list-messages", method: http.MethodGet, path: "/v1/requests/{id}/messages", tag: "messages",
		summary: "What was written about a request, and whether it arrived", errors: []int{http.StatusNotFound},
	}, s.messages)
	register(s, operation{
		id: "get-message", method: http.MethodGet, path: "/v1/requests/{id}/messages/{message}", tag: "messages",
		summary: "Read a message; this is recorded", errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.message)
	register(s, operation{
		id: "requeue-message", method: http.MethodPost, path: "/v1/requests/{id}/messages/{message}/requeue", tag: "messages",
		summary: "Send a failed message again", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.requeue)
}

// personalLink is a link that acts as the person. Staff who read the letter don't get it: what they do is done as staff.
var personalLink = regexp.MustCompile(`(/(?:status|download|asked)/)[A-Za-z0-9_-]+`)

func (s *server) messages(ctx context.Context, who *caller, in *CaseID) (*page[messageLine], error) {
	var rows []storage.MessageLine
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		var err error
		rows, err = tx.Messages(ctx, in.ID)
		return err
	})
	return newPage(each(rows, messageOf), ""), err
}

func messageOf(m storage.MessageLine) messageLine {
	line := messageLine{
		ID: m.ID, Kind: m.Kind, Channel: m.Channel, Audience: m.Audience, Language: m.Language, State: m.State, Attempts: m.Attempts,
		LastError: text(m.LastError), CreatedAt: m.CreatedAt, SentAt: m.SentAt,
	}
	if m.State == "queued" {
		line.NextTry = &m.NextAttemptAt
	}
	return line
}

func (s *server) message(ctx context.Context, who *caller, in *messageID) (*shown[messageView], error) {
	out := &shown[messageView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		content, err := tx.MessageContent(ctx, in.ID, in.Message)
		if err != nil {
			return err
		}
		var m notify.Message
		if err := json.Unmarshal(content, &m); err != nil {
			return fmt.Errorf("read the message: %w", err)
		}
		out.Body = messageView{ID: in.Message, To: m.To.Address, Subject: m.Rendered.Subject, Text: personalLink.ReplaceAllString(m.Rendered.Text, "$1…")}
		return tx.Audit(ctx, viewed(in.ID, "message", in.Message))
	})
	return out, err
}

func (s *server) requeue(ctx context.Context, who *caller, in *messageID) (*struct{}, error) {
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		lines, err := tx.Messages(ctx, in.ID)
		if err != nil {
			return err
		}
		who.caseID = in.ID.String()
		for _, m := range lines {
			if m.ID == in.Message && m.State != "failed" {
				return refused(http.StatusConflict, "message-"+m.State, "Only a message that failed can be sent again; this one is "+m.State+".")
			}
			if m.ID == in.Message {
				return tx.RequeueMessage(ctx, in.ID, in.Message)
			}
		}
		return storage.ErrNotFound
	})
	return nil, err
}
