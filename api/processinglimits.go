package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// limitView is what may no longer be done with somebody's data.
type limitView struct {
	ID          uuid.UUID  `json:"id" format:"uuid"`
	Request     uuid.UUID  `json:"request_id" format:"uuid"`
	Reference   string     `json:"reference,omitempty"`
	Kind        string     `json:"kind" enum:"restriction,direct_marketing,legitimate_interest,public_task,research,sale,targeted_advertising,profiling,sensitive_use"`
	Citation    string     `json:"citation"`
	Provisional bool       `json:"provisional" doc:"It stands while somebody decides on it."`
	Since       time.Time  `json:"since"`
	EndsAt      *time.Time `json:"ends_at,omitempty" doc:"The person was told that it ends then; until then it stands."`
	LiftedAt    *time.Time `json:"lifted_at,omitempty"`
	LiftedBy    string     `json:"lifted_by,omitempty"`
}

// markView is what is set in a system: a mark, or its taking away, corrections, a statement.
type markView struct {
	System     string     `json:"system"`
	SystemName string     `json:"system_name"`
	Purpose    string     `json:"purpose" enum:"limit,lift,correct,statement"`
	State      string     `json:"state" enum:"pending,running,done,failed,by_hand"`
	Rows       *int64     `json:"rows,omitempty" doc:"Where the person was found: rows, objects, and the entry of a list."`
	Changed    int64      `json:"changed" doc:"Those that said something else before."`
	Problem    string     `json:"problem,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
}

// requestLimits is what one request has set.
type requestLimits struct {
	Ground  string        `json:"ground,omitempty" enum:"accuracy_contested,unlawful,legal_claims,objection_pending" doc:"Of a restriction (Art. 18(1) GDPR)."`
	Against []string      `json:"against" doc:"What the request is against."`
	Limits  []limitView   `json:"limits"`
	Marks   []markView    `json:"marks" doc:"Systems that declare where they mark limits. The others ask POST /v1/use-checks."`
	Tests   []balanceView `json:"balance_tests" doc:"Newest first. Their words are only for those who may read the notes of a request."`
}

// balanceView weighs grounds (Art. 21(1) GDPR).
type balanceView struct {
	Outcome    string    `json:"outcome" enum:"grounds_override,person_prevails"`
	Interest   string    `json:"interest,omitempty"`
	Necessity  string    `json:"necessity,omitempty"`
	Impact     string    `json:"impact,omitempty"`
	Safeguards string    `json:"safeguards,omitempty"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

type balanceIn struct {
	CaseID
	Idempotent
	Body balanceBody
}

type balanceBody struct {
	Outcome    string `json:"outcome" enum:"grounds_override,person_prevails" doc:"Whether compelling legitimate grounds override the interests, rights and freedoms of the person."`
	Interest   string `json:"interest" minLength:"1" maxLength:"4000" doc:"What you want with the data, and what makes that compelling."`
	Necessity  string `json:"necessity" minLength:"1" maxLength:"4000" doc:"Why it can't be had with less."`
	Impact     string `json:"impact" minLength:"1" maxLength:"4000" doc:"What it means for this person, their reasons considered."`
	Safeguards string `json:"safeguards" minLength:"1" maxLength:"4000" doc:"What is done to soften that."`
}

type liftLimitIn struct {
	CaseID
	Idempotent
	Limit uuid.UUID `path:"limit" format:"uuid"`
	Body  liftLimitBody
}

type liftLimitBody struct {
	Reason string `json:"reason" enum:"ground_gone,person_asked,fraud_belief" doc:"ground_gone: the person is told first, and it stands until they could have read that. person_asked: they want it so. fraud_belief: a good-faith, reasonable and documented belief that an opt-out is fraudulent."`
	Note   string `json:"note" minLength:"1" maxLength:"10000" doc:"Why, for the file."`
}

type listLimits struct {
	Paging
	Kind   string `query:"kind" enum:"restriction,direct_marketing,legitimate_interest,public_task,research,sale,targeted_advertising,profiling,sensitive_use"`
	Lifted bool   `query:"lifted" doc:"Those that were lifted too."`
}

func (s *server) limitOperations() {
	register(s, operation{
		id: "get-limits", method: http.MethodGet, path: "/v1/requests/{id}/limits", tag: "limits", errors: []int{http.StatusNotFound},
		summary: "What a restriction, an objection or an opt-out has set, where it is marked, and how it was weighed",
	}, s.requestLimits)
	register(s, operation{
		id: "record-balance", method: http.MethodPost, path: "/v1/requests/{id}/balance-tests", tag: "limits", errors: []int{http.StatusNotFound, http.StatusGone},
		summary: "Put on record how the grounds were weighed that an objection is against (Art. 21(1) GDPR)",
	}, s.recordBalance)
	register(s, operation{
		id: "lift-limit", method: http.MethodPost, path: "/v1/requests/{id}/limits/{limit}/lift", tag: "limits", errors: []int{http.StatusNotFound, http.StatusGone},
		summary: "End a limit that a closed request has set; the person is told first (Art. 18(3) GDPR)",
	}, s.liftLimit)
	register(s, operation{
		id: "list-limits", method: http.MethodGet, path: "/v1/limits", tag: "limits", summary: "What may no longer be done with people's data, newest first; nobody is named",
	}, s.limits)
	s.useOperations()
	s.useListOperations()
}

func (s *server) requestLimits(ctx context.Context, who *caller, in *CaseID) (*shown[requestLimits], error) {
	out := &shown[requestLimits]{}
	if !may(who.role, "list-notes") {
		return out, s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
			out.Body, err = limitsOf(ctx, tx, in.ID, false)
			return err
		})
	}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if out.Body, err = limitsOf(ctx, tx, in.ID, true); err != nil || len(out.Body.Tests) == 0 {
			return err
		}
		return tx.Audit(ctx, viewed(in.ID, "balance_tests", in.ID)) // its words are about the person
	})
}

// limitsOf reads what a request has set; words says whether the caller may read what was written of the person.
func limitsOf(ctx context.Context, tx *storage.Tx, id uuid.UUID, words bool) (out requestLimits, err error) {
	c, err := tx.Case(ctx, id)
	if err != nil {
		return out, err
	}
	facts, err := storage.FactsOf(c)
	if err != nil {
		return out, err
	}
	out.Ground, out.Against = string(facts.Ask.Ground), each(facts.Ask.Against, func(k privacy.LimitKind) string { return string(k) })
	limits, err := tx.LimitsOfCase(ctx, id)
	if err != nil {
		return out, err
	}
	out.Limits = each(limits, func(l storage.Limit) limitView {
		return limitView{
			ID: l.ID, Request: id, Reference: c.Reference, Kind: l.Kind, Citation: l.Citation, Provisional: l.Provisional, Since: l.Since,
			EndsAt: l.EndsAt, LiftedAt: l.LiftedAt, LiftedBy: text(l.LiftedBy),
		}
	})
	marks, err := tx.Amendments(ctx, id)
	if err != nil {
		return out, err
	}
	out.Marks = each(marks, newMark)
	out.Tests, err = testsOf(ctx, tx, c, words)
	return out, err
}

func newMark(a storage.Amendment) markView {
	return markView{
		System: a.SystemKey, SystemName: a.SystemName, Purpose: a.Purpose, State: a.State, Rows: a.RowsFound, Changed: a.Changed, Problem: text(a.Error),
		CreatedAt: a.CreatedAt, EndedAt: a.EndedAt,
	}
}

func testsOf(ctx context.Context, tx *storage.Tx, c storage.Case, words bool) ([]balanceView, error) {
	if c.RequestRight != string(privacy.Objection) || c.ForgottenAt != nil {
		return []balanceView{}, nil
	}
	subject, err := tx.Subject(ctx, c.SubjectID)
	if err != nil {
		return nil, err
	}
	tests, err := tx.BalanceTests(ctx, c.ID, subject)
	return each(tests, func(b storage.BalanceTest) balanceView {
		v := balanceView{Outcome: b.Outcome, By: b.By, At: b.At}
		if words {
			v.Interest, v.Necessity, v.Impact, v.Safeguards = b.Interest, b.Necessity, b.Impact, b.Safeguards
		}
		return v
	}), err
}

func (s *server) recordBalance(ctx context.Context, who *caller, in *balanceIn) (*answered[requestLimits], error) {
	k, err := in.once(who, "record-balance/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	test := storage.BalanceTest{Outcome: b.Outcome, Interest: b.Interest, Necessity: b.Necessity, Impact: b.Impact, Safeguards: b.Safeguards}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, requestLimits, error) {
		who.caseID = in.ID.String()
		if err := s.Desk.RecordBalance(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), test); err != nil {
			return 0, requestLimits{}, err
		}
		out, err := limitsOf(ctx, tx, in.ID, false) // the answer is remembered as it is, and words about the person are kept sealed alone
		return http.StatusOK, out, err
	})
}

func (s *server) liftLimit(ctx context.Context, who *caller, in *liftLimitIn) (*answered[requestLimits], error) {
	k, err := in.once(who, "lift-limit/"+in.ID.String()+"/"+in.Limit.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, requestLimits, error) {
		who.caseID = in.ID.String()
		all, err := tx.LimitsOfCase(ctx, in.ID)
		if err != nil {
			return 0, requestLimits{}, err
		}
		i := slices.IndexFunc(all, func(l storage.Limit) bool { return l.ID == in.Limit })
		if i < 0 {
			return 0, requestLimits{}, fmt.Errorf("limit: %w", storage.ErrNotFound)
		}
		if err := s.Desk.LiftLimit(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), all[i], in.Body.Reason, in.Body.Note); err != nil {
			return 0, requestLimits{}, err
		}
		out, err := limitsOf(ctx, tx, in.ID, false) // the answer is remembered as it is, and words about the person are kept sealed alone
		return http.StatusOK, out, err
	})
}

// limitList is the list that cursors of this kind are of.
const limitList = "limits"

func (s *server) limits(ctx context.Context, who *caller, in *listLimits) (*page[limitView], error) {
	before, err := readCursor(who, limitList, in.Cursor)
	if err != nil {
		return nil, err
	}
	var rows []storage.LimitLine
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = tx.Limits(ctx, storage.LimitFilter{Kind: in.Kind, Lifted: in.Lifted, Before: before, Limit: in.Limit})
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, limitList, in.Limit, rows, func(l storage.LimitLine) (time.Time, uuid.UUID) { return l.Since, l.ID })
	return newPage(each(rows, func(l storage.LimitLine) limitView {
		return limitView{
			ID: l.ID, Request: l.CaseID, Reference: l.Reference, Kind: l.Kind, Citation: l.Citation, Provisional: l.Provisional, Since: l.Since,
			EndsAt: l.EndsAt, LiftedAt: l.LiftedAt, LiftedBy: text(l.LiftedBy),
		}
	}), next), err
}
