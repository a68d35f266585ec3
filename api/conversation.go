package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// entryView is one text of the conversation with the person.
type entryView struct {
	ID     uuid.UUID  `json:"id" format:"uuid"`
	Sender string     `json:"sender" enum:"person,staff" doc:"Whose words they are."`
	Author string     `json:"author" doc:"Who entered them: the person, by the id of the request, or the member of staff or API key."`
	Kind   string     `json:"kind" enum:"message,question,answer"`
	Text   string     `json:"text"`
	At     time.Time  `json:"at"`
	ReadAt *time.Time `json:"read_at,omitempty" doc:"When the other side first saw it."`
}

type writeMessage struct {
	CaseID
	Idempotent
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"10000" doc:"For the person. They are told by e-mail that there is a message, and read it on a page behind a code."`
	}
}

func (s *server) conversationOperations() {
	missing := []int{http.StatusNotFound, http.StatusGone}
	register(s, operation{
		id: "get-conversation", method: http.MethodGet, path: "/v1/requests/{id}/conversation", tag: "messages",
		summary: "Read the conversation with the person, oldest first; this is recorded", errors: missing,
	}, s.conversation)
	register(s, operation{
		id: "write-message", method: http.MethodPost, path: "/v1/requests/{id}/conversation", tag: "messages", status: http.StatusCreated,
		summary: "Write to the person", errors: append(missing, http.StatusConflict), together: true,
	}, s.writeMessage)
	register(s, operation{
		id: "read-conversation", method: http.MethodPost, path: "/v1/requests/{id}/conversation/read", tag: "messages",
		summary: "Say that what the person wrote was read, which ends the task to read it", errors: missing, together: true,
	}, s.readConversation)
}

func (s *server) conversation(ctx context.Context, who *caller, in *CaseID) (*page[entryView], error) {
	var entries []storage.Entry
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if entries, err = tx.Conversation(ctx, c, subject); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.Event{
			Action: audit.RequestViewed, CaseID: in.ID.String(), Object: audit.Object{Kind: "conversation", ID: in.ID.String()},
		})
	})
	return newPage(each(entries, func(e storage.Entry) entryView {
		return entryView{ID: e.ID, Sender: string(e.Sender), Author: e.Author, Kind: e.Kind, Text: e.Body, At: e.At, ReadAt: e.ReadAt}
	}), ""), err
}

func (s *server) writeMessage(ctx context.Context, who *caller, in *writeMessage) (*answered[created], error) {
	k, err := in.once(who, "write-message/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	ref := contract.Ref{Tenant: who.tenant.ID, Case: in.ID}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		id, err := s.Desk.WriteToPerson(ctx, tx, ref, k.command(), in.Body.Text)
		return http.StatusCreated, created{ID: id}, err
	})
}

func (s *server) readConversation(ctx context.Context, who *caller, in *CaseID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return s.Desk.ReadByStaff(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID})
	})
}
