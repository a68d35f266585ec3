package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// DeferredPlace is which erasure left something to its time, and where that stands.
type DeferredPlace struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Request   uuid.UUID  `json:"request" format:"uuid"`
	Reference string     `json:"reference"`
	State     string     `json:"state" enum:"waiting,done"`
	Due       time.Time  `json:"due" doc:"When it is looked at again."`
	MadeAt    time.Time  `json:"made_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// deferralView shows one, and while it waits whose rows they are: who erases by hand has to find them.
type deferralView struct {
	DeferredPlace
	Person *heldPerson   `json:"person,omitempty" doc:"Whose rows they are; missing once everything is erased."`
	ByHand []askedByHand `json:"by_hand" doc:"What people are asked to erase, or have erased."`
}

type askedByHand struct {
	System  string       `json:"system" doc:"By key."`
	Problem string       `json:"problem" doc:"Why no connector does it."`
	Through privacy.Date `json:"through" doc:"What had come to its end by this day is to be erased."`
	Open    bool         `json:"open"`
	AskedAt time.Time    `json:"asked_at"`
	DoneBy  string       `json:"done_by,omitempty"`
	DoneAt  *time.Time   `json:"done_at,omitempty"`
}

// DeferralID is the address of one.
type DeferralID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type laterByHand struct {
	DeferralID
	Body struct {
		System string `json:"system" minLength:"1" maxLength:"63" doc:"The key of the system in which it was erased by hand."`
	}
}

func (s *server) deferralOperations() {
	register(s, operation{
		id: "list-deferred-erasures", method: http.MethodGet, path: "/v1/deferred-erasures", tag: "erasure",
		summary: "What erasures left to its time, soonest first: what is kept where, under which law and until when, and what puts it off",
	}, s.deferrals)
	register(s, operation{
		id: "get-deferred-erasure", method: http.MethodGet, path: "/v1/deferred-erasures/{id}", tag: "erasure", errors: []int{http.StatusNotFound},
		summary: "What an erasure left to its time, whose rows they are, and what people are asked to erase by hand",
	}, s.deferral)
	register(s, operation{
		id: "erased-later-by-hand", method: http.MethodPost, path: "/v1/deferred-erasures/{id}/by-hand", tag: "erasure",
		errors:  []int{http.StatusNotFound, http.StatusConflict},
		summary: "Say that people have erased in a system what they were asked to",
	}, s.laterByHand)
}

// deferral shows one. That it says whose rows they are is recorded, as every look at a person is.
func (s *server) deferral(ctx context.Context, who *caller, in *DeferralID) (*shown[deferralView], error) {
	out := &shown[deferralView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body, err = lookAtDeferral(ctx, tx, in.ID)
		return err
	})
	return out, err
}

func lookAtDeferral(ctx context.Context, tx *storage.Tx, id uuid.UUID) (deferralView, error) {
	v, err := deferralShown(ctx, tx, id)
	if err != nil || v.Person == nil {
		return v, err
	}
	return v, tx.Audit(ctx, viewed(v.Request, "deferred_erasure", id))
}

func deferralShown(ctx context.Context, tx *storage.Tx, id uuid.UUID) (v deferralView, err error) {
	d, err := tx.Deferral(ctx, id)
	if err != nil {
		return v, err
	}
	row, err := tx.Case(ctx, d.CaseID)
	if err != nil {
		return v, err
	}
	v.DeferredPlace = DeferredPlace{ID: d.ID, Request: d.CaseID, Reference: row.Reference, State: "waiting", Due: d.Due, MadeAt: d.Made, EndedAt: d.Ended}
	if d.Done {
		v.State = "done"
	} else {
		p, err := tx.DeferredPerson(d)
		if err != nil {
			return v, err
		}
		v.Person = &heldPerson{Email: p.Email, Phone: p.Phone, CustomerID: p.CustomerID}
	}
	asked, err := tx.AskedByHand(ctx, d.ID)
	v.ByHand = each(asked, func(a storage.AskedByHand) askedByHand {
		return askedByHand{System: a.System, Problem: a.Problem, Through: a.Through, Open: a.Open(), AskedAt: a.At, DoneBy: a.DoneBy, DoneAt: a.DoneAt}
	})
	return v, err
}

// laterByHand ends what people were asked. The next look, within a day, goes by it.
func (s *server) laterByHand(ctx context.Context, who *caller, in *laterByHand) (*shown[deferralView], error) {
	out := &shown[deferralView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		d, err := tx.Deferral(ctx, in.ID)
		if err != nil {
			return err
		}
		err = s.Desk.ErasedLaterByHand(ctx, tx, d, in.Body.System)
		if errors.Is(err, storage.ErrNotAsked) {
			return refused(http.StatusConflict, "not-asked", "Nobody is asked to erase anything of this in that system. GET /v1/deferred-erasures/{id} tells where people are.")
		}
		if err != nil {
			return err
		}
		out.Body, err = lookAtDeferral(ctx, tx, in.ID)
		return err
	})
	return out, err
}
