package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// appealView is what a person makes to the controller against its answer.
type appealView struct {
	ID          uuid.UUID  `json:"id" format:"uuid"`
	Kind        string     `json:"kind" enum:"appeal,complaint" doc:"appeal: decided within a period of its own. complaint: confirmed, and answered without undue delay (section 164A of the UK Data Protection Act 2018)."`
	State       string     `json:"state" enum:"open,granted,denied,withdrawn"`
	Channel     string     `json:"channel"`
	Text        string     `json:"text" doc:"What the person says."`
	Explanation string     `json:"explanation,omitempty" doc:"What they were answered."`
	ReceivedAt  time.Time  `json:"received_at"`
	DecidedBy   string     `json:"decided_by,omitempty"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
}

type appealIn struct {
	CaseID
	Idempotent
	Body appealBody
}

type appealBody struct {
	Text       string    `json:"text" minLength:"1" maxLength:"10000" doc:"What the person says against the answer."`
	Channel    string    `json:"channel" enum:"api,staff,email,phone,letter" doc:"How it came."`
	ReceivedAt time.Time `json:"received_at,omitzero" doc:"When it came, if not now: between the answer and now."`
}

type appealDecisionIn struct {
	CaseID
	Idempotent
	Appeal uuid.UUID `path:"appeal" format:"uuid"`
	Body   appealDecision
}

type appealDecision struct {
	Decision    string `json:"decision" enum:"granted,denied,withdrawn" doc:"granted: the request is taken up again. withdrawn: the person took it back."`
	Explanation string `json:"explanation" minLength:"1" maxLength:"10000" doc:"Why: it is written into the letter. Of a withdrawal, how the person said so."`
}

type appealExtensionIn struct {
	CaseID
	Idempotent
	Appeal uuid.UUID `path:"appeal" format:"uuid"`
	Body   appealExtension
}

type appealExtension struct {
	Reason string `json:"reason" enum:"complexity,number_of_requests" doc:"Why the decision takes longer."`
}

func (s *server) appealOperations() {
	errors := []int{http.StatusNotFound, http.StatusGone}
	register(s, operation{
		id: "list-appeals", method: http.MethodGet, path: "/v1/requests/{id}/appeals", tag: "appeals", errors: errors,
		summary: "What the person made against the answer, newest first; this is recorded",
	}, s.appeals)
	register(s, operation{
		id: "add-appeal", method: http.MethodPost, path: "/v1/requests/{id}/appeals", tag: "appeals", errors: errors, status: http.StatusCreated,
		summary: "Take in an appeal, or a complaint, that came another way than through the person's page",
	}, s.addAppeal)
	register(s, operation{
		id: "decide-appeal", method: http.MethodPost, path: "/v1/requests/{id}/appeals/{appeal}/decide", tag: "appeals", errors: errors,
		summary: "Answer an appeal; whoever gave the answer that it is against can't",
	}, s.decideAppeal)
	register(s, operation{
		id: "extend-appeal", method: http.MethodPost, path: "/v1/requests/{id}/appeals/{appeal}/extend", tag: "appeals", errors: errors,
		summary: "Give the decision on an appeal more time, once, where the law has it; the person is told",
	}, s.extendAppeal)
}

func (s *server) appeals(ctx context.Context, who *caller, in *CaseID) (*page[appealView], error) {
	var all []storage.Appeal
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		_, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if all, err = tx.Appeals(ctx, in.ID, subject); err != nil || len(all) == 0 {
			return err
		}
		return tx.Audit(ctx, viewed(in.ID, "appeals", in.ID))
	})
	return newPage(each(all, func(a storage.Appeal) appealView {
		return appealView{
			ID: a.ID, Kind: string(a.Kind), State: a.State, Channel: a.Channel, Text: a.Text, Explanation: a.Explanation, ReceivedAt: a.ReceivedAt,
			DecidedBy: a.DecidedBy, DecidedAt: a.DecidedAt,
		}
	}), ""), err
}

func (s *server) addAppeal(ctx context.Context, who *caller, in *appealIn) (*answered[created], error) {
	k, err := in.once(who, "add-appeal/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		appeal := casework.NewAppeal{Text: in.Body.Text, Channel: in.Body.Channel, ReceivedAt: in.Body.ReceivedAt}
		id, err := s.Desk.Appeal(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), appeal)
		return http.StatusCreated, created{ID: id}, err
	})
}

func (s *server) decideAppeal(ctx context.Context, who *caller, in *appealDecisionIn) (*answered[created], error) {
	k, err := in.once(who, "decide-appeal/"+in.ID.String()+"/"+in.Appeal.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		err := s.Desk.DecideAppeal(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), in.Appeal, in.Body.Decision, in.Body.Explanation)
		return http.StatusOK, created{ID: in.Appeal}, err
	})
}

func (s *server) extendAppeal(ctx context.Context, who *caller, in *appealExtensionIn) (*answered[created], error) {
	k, err := in.once(who, "extend-appeal/"+in.ID.String()+"/"+in.Appeal.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		err := s.Desk.ExtendAppeal(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), in.Appeal, notify.ExtensionReason(in.Body.Reason))
		return http.StatusOK, created{ID: in.Appeal}, err
	})
}
