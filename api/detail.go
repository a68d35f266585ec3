package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// requestDetail is one request with everything but the person.
type requestDetail struct {
	RequestLine
	RegimeVersion  string        `json:"regime_version"`
	Calendar       string        `json:"calendar"`
	Zone           string        `json:"zone"`
	Run            int32         `json:"run" doc:"1, and one more for each reopening."`
	Reason         string        `json:"reason_code,omitempty" doc:"Of the last step, where it had one: the ground of a refusal."`
	IdentityMethod string        `json:"identity_method,omitempty"`
	AlsoProven     string        `json:"also_proven,omitempty" enum:"phone_number,customer_id,phone_number_and_customer_id" doc:"What of the person is proven beside the mailbox; systems are searched by it."`
	RecordedAt     time.Time     `json:"recorded_at"`
	BackdateReason string        `json:"backdate_reason,omitempty"`
	Country        string        `json:"country,omitempty"`
	Ground         string        `json:"ground,omitempty" doc:"Of a restriction (Art. 18(1) GDPR)."`
	Against        []string      `json:"against,omitempty" doc:"What a restriction, an objection or an opt-out is against."`
	Duplicates     []reference   `json:"duplicates" doc:"Later requests of the same mailbox that were linked to this one."`
	FiledBy        *filedBy      `json:"filed_by,omitempty" doc:"The company whose program filed the request by a protocol."`
	Submitted      []submitted   `json:"submitted,omitempty" doc:"Requests for other rights that came in together with this one."`
	Inquiries      *inquiryCount `json:"inquiries,omitempty" doc:"How many others were asked to do something for it; GET …/inquiries tells whom."`
	Extension      *extension    `json:"extension,omitempty"`
	Pauses         []pause       `json:"pauses"`
	Commands       []string      `json:"commands" doc:"What the request's state allows now; the law may still forbid one."`
}

type reference struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Reference string    `json:"reference"`
}

type submitted struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Reference string    `json:"reference"`
	Right     string    `json:"right"`
	State     string    `json:"state"`
	Outcome   string    `json:"outcome,omitempty"`
}

// filedBy is who filed a request by a protocol, and what it is called there.
type filedBy struct {
	Requester uuid.UUID `json:"requester_id" format:"uuid"`
	Protocol  string    `json:"protocol" enum:"opendsr,drp"`
	Handle    string    `json:"handle"`
	Name      string    `json:"name"`
	RequestID uuid.UUID `json:"request_id" format:"uuid" doc:"The request's name in the protocol."`
}

type extension struct {
	Reason    string    `json:"reason"`
	GrantedBy string    `json:"granted_by"`
	GrantedAt time.Time `json:"granted_at"`
}

type pause struct {
	Kind     string     `json:"kind"`
	From     time.Time  `json:"from"`
	Until    *time.Time `json:"until,omitempty"`
	OpenedBy string     `json:"opened_by"`
	ClosedBy string     `json:"closed_by,omitempty"`
}

// shown is an answer with a body.
type shown[T any] struct{ Body T }

func (s *server) getRequest(ctx context.Context, who *caller, in *CaseID) (*shown[requestDetail], error) {
	out := &shown[requestDetail]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body, err = detailOf(ctx, tx, in.ID)
		return err
	})
	return out, err
}

// exists refuses the id of a case that is none of the caller's.
func (s *server) exists(ctx context.Context, who *caller, id uuid.UUID) error {
	return s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, id)
		return err
	})
}

func detailOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (requestDetail, error) {
	var c storage.Case
	var related related
	err := tx.Together(ctx,
		func(tx *storage.Tx) (err error) { c, err = tx.Case(ctx, id); return err },
		func(tx *storage.Tx) (err error) { related.duplicates, err = tx.Duplicates(ctx, id); return err },
		func(tx *storage.Tx) (err error) { related.pauses, err = tx.Pauses(ctx, id); return err },
		func(tx *storage.Tx) (err error) { related.inquiries, err = tx.InquiryStates(ctx, id); return err },
		func(tx *storage.Tx) (err error) { related.extensions, err = tx.Extensions(ctx, id); return err },
	)
	if err != nil {
		return requestDetail{}, err
	}
	facts, err := storage.FactsOf(c)
	if err != nil {
		return requestDetail{}, err
	}
	d := requestDetail{
		RequestLine: RequestLine{
			ID: c.ID, Reference: c.Reference, Right: c.RequestRight, Regime: c.Regime, Channel: c.Channel, Language: c.Language,
			State: c.State, Outcome: text(c.Outcome), Identity: c.Identity, Assignee: c.AssigneeID, DuplicateOf: c.DuplicateOf,
			ReceivedAt: c.ReceivedAt, ClosedAt: c.ClosedAt, NextDue: c.NextDue,
		},
		RegimeVersion: c.RegimeVersion, Calendar: c.Calendar, Zone: c.Zone, Run: c.Run, Reason: text(c.ReasonCode),
		IdentityMethod: text(c.IdentityMethod), AlsoProven: text(c.AlsoProven), RecordedAt: c.RecordedAt, BackdateReason: text(c.BackdateReason),
		Country: facts.Country, Commands: allowedIn(privacy.RequestState(c.State), privacy.Right(c.RequestRight)),
		Ground: string(facts.Ask.Ground), Against: each(facts.Ask.Against, func(k privacy.LimitKind) string { return string(k) }),
	}
	d.add(related)
	if d.FiledBy, err = filedByOf(ctx, tx, c); err != nil {
		return requestDetail{}, err
	}
	others, err := tx.Submitted(ctx, c)
	d.Submitted = each(others, func(s storage.Submitted) submitted {
		return submitted{ID: s.ID, Reference: s.Reference, Right: s.RequestRight, State: s.State, Outcome: text(s.Outcome)}
	})
	return d, err
}

// filedByOf says who filed a case; nil when it came in another way.
func filedByOf(ctx context.Context, tx *storage.Tx, c storage.Case) (*filedBy, error) {
	if c.Channel != storage.ProtocolOpenDSR && c.Channel != storage.ProtocolDRP {
		return nil, nil //nolint:nilnil // most cases were filed by nobody but the person
	}
	by, err := tx.CaseFiledBy(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return &filedBy{Requester: by.RequesterID, Protocol: by.Protocol, Handle: by.Handle, Name: by.Name, RequestID: by.RequestID}, nil
}

// related is what belongs to a case and stands in other rows.
type related struct {
	duplicates []storage.Duplicate
	pauses     []storage.PauseLine
	extensions []storage.ExtensionLine
	inquiries  []storage.InquiryState
}

func (d *requestDetail) add(r related) {
	d.Inquiries = countInquiries(r.inquiries)
	d.Duplicates = each(r.duplicates, func(r storage.Duplicate) reference { return reference(r) })
	d.Pauses = each(r.pauses, func(p storage.PauseLine) pause {
		return pause{Kind: p.Kind, From: p.FromAt, Until: p.UntilAt, OpenedBy: p.OpenedBy, ClosedBy: text(p.ClosedBy)}
	})
	for _, e := range r.extensions {
		d.Extension = &extension{Reason: e.ReasonCode, GrantedBy: e.GrantedBy, GrantedAt: e.GrantedAt}
	}
}

// allowedIn lists the commands of people that a state lets happen to requests under a right.
func allowedIn(state privacy.RequestState, right privacy.Right) []string {
	out := []string{}
	for _, kind := range contract.PeopleCommands() {
		// What systems are still to be told when a case has ended is about limits alone.
		ofSystems := kind == contract.RetrySystem || kind == contract.DoneByHand
		if state.Terminal() && ofSystems && !right.Limits() {
			continue
		}
		if kind.AllowedIn(state) == nil && kind.Fits(right) {
			out = append(out, commandName(kind))
		}
	}
	if state.Terminal() {
		out = append(out, "reopen")
	}
	return out
}
