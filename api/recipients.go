package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// recipientView is a recipient of data that must hear of what was done with it.
type recipientView struct {
	ID         uuid.UUID  `json:"id" format:"uuid"`
	Recipient  string     `json:"recipient"`
	Role       string     `json:"role" enum:"processor,controller"`
	System     string     `json:"system" doc:"The key of the system in whose declaration it stands."`
	Categories []string   `json:"categories" doc:"Declared for the recipient, which what was done concerned."`
	Through    string     `json:"through,omitempty" doc:"The name of the system over whose connector it is told."`
	State      string     `json:"state" enum:"to_tell,told,confirmed,not_told"`
	Reason     string     `json:"reason,omitempty" enum:"impossible,disproportionate"`
	CreatedAt  time.Time  `json:"created_at"`
	By         string     `json:"by,omitempty"`
	At         *time.Time `json:"at,omitempty"`
}

// recipientList is all of a request's.
type recipientList struct {
	Items []recipientView `json:"items"`
}

type recipientIn struct {
	CaseID
	Idempotent
	Recipient uuid.UUID `path:"recipient" format:"uuid"`
	Body      recipientBody
}

type recipientBody struct {
	State  string `json:"state" enum:"told,confirmed,not_told"`
	Reason string `json:"reason,omitempty" enum:"impossible,disproportionate" doc:"Why it is not told: the two reasons of Art. 19 GDPR."`
	Note   string `json:"note,omitempty" minLength:"1" maxLength:"2000" doc:"By whom and how it was told or has confirmed, or why that is impossible or disproportionate. Kept with the request's notes, and needed; a request that is forgotten keeps none, and takes none."`
}

func (s *server) recipientOperations() {
	register(s, operation{
		id: "list-recipients", method: http.MethodGet, path: "/v1/requests/{id}/recipients", tag: "erasure", errors: []int{http.StatusNotFound},
		summary: "The recipients that must hear of a rectification, an erasure or a restriction (Art. 19 GDPR), and how far each was told",
	}, s.recipients)
	register(s, operation{
		id: "tell-recipient", method: http.MethodPost, path: "/v1/requests/{id}/recipients/{recipient}", tag: "erasure", errors: []int{http.StatusNotFound, http.StatusConflict},
		summary: "Put on record that a recipient was told, has confirmed, or can't be told",
	}, s.tellRecipient)
}

func (s *server) recipients(ctx context.Context, who *caller, in *CaseID) (*shown[recipientList], error) {
	out := &shown[recipientList]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		notices, err := tx.RecipientNotices(ctx, in.ID)
		out.Body.Items = each(notices, viewOfRecipient)
		return err
	})
	return out, err
}

func viewOfRecipient(n storage.RecipientNotice) recipientView {
	return recipientView{
		ID: n.ID, Recipient: n.Recipient, Role: n.Role, System: n.SystemKey, Through: text(n.ThroughName), Categories: n.Categories, State: n.State, Reason: text(n.Reason),
		CreatedAt: n.CreatedAt, By: text(n.MovedBy), At: n.MovedAt,
	}
}

func (s *server) tellRecipient(ctx context.Context, who *caller, in *recipientIn) (*answered[recipientList], error) {
	k, err := in.once(who, "tell-recipient/"+in.ID.String()+"/"+in.Recipient.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, recipientList, error) {
		who.caseID = in.ID.String()
		row, err := tx.Case(ctx, in.ID)
		if err != nil {
			return 0, recipientList{}, err
		}
		if row.ForgottenAt != nil && !may(who.role, "get-deferred-erasure") { // nobody else can see whose data it was
			return 0, recipientList{}, refused(http.StatusForbidden, "role", "The request is forgotten, and only who may see whose data it was can tell of it: ask a data protection officer.")
		}
		err = s.Desk.TellRecipient(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), casework.RecipientTelling{
			Notice: in.Recipient, State: privacy.RecipientState(in.Body.State), Reason: in.Body.Reason, Note: in.Body.Note,
		})
		if err != nil {
			return 0, recipientList{}, err
		}
		notices, err := tx.RecipientNotices(ctx, in.ID)
		return http.StatusOK, recipientList{Items: each(notices, viewOfRecipient)}, err
	})
}
