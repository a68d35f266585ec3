package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

type createRequest struct {
	Idempotent
	Body createRequestBody
}

type createRequestBody struct {
	Person            personIn   `json:"person" doc:"Who asks, about their own data."`
	Right             string     `json:"right" enum:"access,portability,rectification,erasure,restriction,objection,automated_decision,opt_out,limit_use"`
	Regime            string     `json:"regime,omitempty" maxLength:"40" doc:"The law; the tenant's own when absent." example:"gdpr"`
	Language          string     `json:"language,omitempty" enum:"en,de,fr,es" doc:"Of letters and pages; the tenant's own when absent."`
	Channel           string     `json:"channel" enum:"api,staff,email,phone,letter" doc:"How the request came in."`
	Ground            string     `json:"ground,omitempty" enum:"accuracy_contested,unlawful,legal_claims,objection_pending" doc:"Of a restriction, which needs one (Art. 18(1) GDPR)."`
	Against           []string   `json:"against,omitempty" maxItems:"9" enum:"direct_marketing,legitimate_interest,public_task,research,profiling,sale,targeted_advertising" doc:"What an objection is against, or an opt-out; an opt-out without it is of everything."`
	Contest           *contestIn `json:"contest,omitempty" doc:"Of a request about an automated decision, which needs one (Art. 22(3) GDPR)."`
	Also              []alsoAsk  `json:"also,omitempty" maxItems:"8" doc:"Further rights in the same request. Each becomes a request of its own with its own dates and decision; the person proves once who they are."`
	Details           string     `json:"details,omitempty" maxLength:"20000" doc:"The person's own words."`
	Country           string     `json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"Where the person lives, ISO 3166-1."`
	ReceivedAt        *time.Time `json:"received_at,omitempty" doc:"When the request was received, if that was before now: a letter that lay in the post room. Needs the role admin or dpo and a backdate_reason."`
	BackdateReason    string     `json:"backdate_reason,omitempty" maxLength:"500" doc:"Why received_at is not now. Name no person in it."`
	IdentityAssertion string     `json:"identity_assertion,omitempty" maxLength:"8192" doc:"A JWT by which the company says that the person is signed in there: signed with one of the tenant's assertion keys, aud is the tenant's slug, email the person's, exp at most ten minutes away, jti used once."`
}

// alsoAsk is a further right of the same request.
type alsoAsk struct {
	Right   string     `json:"right" enum:"access,portability,rectification,erasure,restriction,objection,automated_decision,opt_out,limit_use"`
	Ground  string     `json:"ground,omitempty" enum:"accuracy_contested,unlawful,legal_claims,objection_pending"`
	Against []string   `json:"against,omitempty" maxItems:"9" enum:"direct_marketing,legitimate_interest,public_task,research,profiling,sale,targeted_advertising"`
	Contest *contestIn `json:"contest,omitempty"`
}

func (a alsoAsk) filing() casework.Filing {
	out := casework.Filing{Right: privacy.Right(a.Right), Ask: privacy.Ask{Ground: privacy.RestrictionGround(a.Ground)}}
	for _, kind := range a.Against {
		out.Ask.Against = append(out.Ask.Against, privacy.LimitKind(kind))
	}
	if a.Contest != nil {
		out.Contest = privacy.Contest(*a.Contest)
	}
	return out
}

// filings are the rights that the request carries.
func (b createRequestBody) filings() []casework.Filing {
	return each(append([]alsoAsk{{Right: b.Right, Ground: b.Ground, Against: b.Against, Contest: b.Contest}}, b.Also...), alsoAsk.filing)
}

// contestIn is the automated decision that a human is to look at, in the person's own words.
type contestIn struct {
	Decision string `json:"decision" minLength:"1" maxLength:"500" doc:"Which decision, such as a refused credit."`
	Taken    string `json:"taken,omitempty" maxLength:"500" doc:"When it was taken, as far as they know."`
	Effect   string `json:"effect,omitempty" maxLength:"4000" doc:"What it did to them."`
	View     string `json:"view,omitempty" maxLength:"4000" doc:"What they think of it, and why."`
}

type personIn struct {
	Name       string `json:"name,omitempty" maxLength:"200"`
	Email      string `json:"email" format:"email" maxLength:"254" doc:"Letters, the code and the answer go there."`
	Phone      string `json:"phone,omitempty" maxLength:"40"`
	CustomerID string `json:"customer_id,omitempty" maxLength:"200" doc:"What the company knows the person by."`
}

// accepted is the answer to a request that was taken in.
type accepted struct {
	ID          uuid.UUID `json:"id" format:"uuid"`
	Reference   string    `json:"reference" doc:"The name of the request that people use." example:"AR-7KQ2-M9XD"`
	ReceivedAt  time.Time `json:"received_at"`
	Due         time.Time `json:"due" doc:"When the answer is owed."`
	DuplicateOf string    `json:"duplicate_of,omitempty" doc:"The reference of an open request of the same mailbox. Both go on."`
	// Also are the further rights.
	Also []alsoAccepted `json:"also,omitempty" doc:"The requests for the further rights, in the order given."`
}

type alsoAccepted struct {
	ID          uuid.UUID `json:"id" format:"uuid"`
	Reference   string    `json:"reference"`
	Right       string    `json:"right"`
	Due         time.Time `json:"due" doc:"When the answer is owed."`
	DuplicateOf string    `json:"duplicate_of,omitempty"`
}

func (s *server) intakeOperations() {
	register(s, operation{
		id: "create-request", method: http.MethodPost, path: "/v1/requests", summary: "File a data-subject request", tag: "requests",
		status: http.StatusCreated, errors: []int{http.StatusConflict}, together: true,
	}, s.createRequest)
}

// createRequest accepts a request in one transaction; from its commit on nothing that happens to Temporal can lose it.
func (s *server) createRequest(ctx context.Context, who *caller, in *createRequest) (*answered[accepted], error) {
	k, err := in.once(who, "create-request", in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.checkIntake(who, in); err != nil {
		return nil, err
	}
	var opened []casework.Opened
	ours := s.starter.allow()
	out, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, accepted, error) {
		if opened, err = s.open(ctx, tx, in, ours); err != nil {
			return 0, accepted{}, err
		}
		return http.StatusCreated, in.Body.accepted(opened), nil
	})
	if err == nil {
		for _, o := range opened {
			s.accept(contract.Ref{Tenant: who.tenant.ID, Case: o.ID}, 1, in.Body.Channel, ours)
		}
	}
	return out, err
}

// accepted tells what was taken in.
func (b createRequestBody) accepted(all []casework.Opened) accepted {
	first := all[0]
	out := accepted{ID: first.ID, Reference: first.Reference, ReceivedAt: first.ReceivedAt, Due: first.Due, DuplicateOf: first.DuplicateOf}
	for i, o := range all[1:] {
		out.Also = append(out.Also, alsoAccepted{ID: o.ID, Reference: o.Reference, Right: b.Also[i].Right, Due: o.Due, DuplicateOf: o.DuplicateOf})
	}
	return out
}

// checkIntake refuses what can be told without the register, naming the field.
func (s *server) checkIntake(who *caller, in *createRequest) error {
	b := in.Body
	if b.ReceivedAt != nil && !mayBackdate(who.role) {
		return refused(http.StatusForbidden, "backdating-role", "Only the roles admin and dpo may say that a request was received earlier. Leave received_at out, or have it filed by one of them.")
	}
	if b.ReceivedAt == nil && b.BackdateReason != "" {
		return invalid("body.received_at", "a backdate_reason without received_at: give both or neither")
	}
	regime, at := b.Regime, s.Clock.Now()
	if regime == "" {
		regime = who.tenant.Regime
	}
	if b.ReceivedAt != nil {
		at = *b.ReceivedAt
	}
	found, err := s.Policies.Regime(regime, at)
	if err != nil {
		return invalid("body.regime", "no such regime in force on that day; GET /v1/policies lists them")
	}
	for _, f := range b.filings() {
		if _, ok := found.Rights[f.Right]; !ok {
			return refused(http.StatusUnprocessableEntity, string(privacy.CodeRightUnknown), "The regime "+regime+" gives no right "+string(f.Right)+"; GET /v1/policies lists what each gives.")
		}
	}
	return nil
}

// open files the request within the transaction, identity assertion included.
func (s *server) open(ctx context.Context, tx *storage.Tx, in *createRequest, ours bool) ([]casework.Opened, error) {
	b := in.Body
	request := casework.NewRequest{
		Person: storage.Person(b.Person), Regime: b.Regime, Language: b.Language, Channel: b.Channel,
		Details: b.Details, Country: b.Country, BackdateReason: b.BackdateReason, StartedByCaller: ours,
	}
	if b.ReceivedAt != nil {
		request.ReceivedAt = *b.ReceivedAt
	}
	if b.IdentityAssertion != "" {
		var err error
		if request.IdentityMethod, err = casework.CheckAssertion(ctx, tx, b.IdentityAssertion, b.Person.Email); err != nil {
			return nil, err
		}
	}
	return s.Desk.OpenAll(ctx, tx, request, b.filings())
}

// accept counts an accepted request and, when its workflow is ours to start, has it started soon. Whatever fails there is
// caught up by the worker's relay: the request is accepted.
func (s *server) accept(ref contract.Ref, run int32, channel string, ours bool) {
	queued := ours && s.starter.push(storage.Start{TenantID: ref.Tenant, CaseID: ref.Case, Run: run})
	s.metrics.accepted.WithLabelValues(channel, strconv.FormatBool(queued)).Inc()
}
