package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// holdView is a legal hold. It names nobody: people under it are known by keyed hashes alone.
type holdView struct {
	ID         uuid.UUID    `json:"id" format:"uuid"`
	Matter     string       `json:"matter"`
	Citation   string       `json:"citation"`
	Systems    []string     `json:"systems" doc:"By key; empty means everywhere."`
	ReviewOn   privacy.Date `json:"review_on"`
	People     int64        `json:"people" doc:"How many addresses, numbers and customer ids are under it."`
	Reason     string       `json:"reason"`
	PlacedBy   string       `json:"placed_by"`
	PlacedAt   time.Time    `json:"placed_at"`
	LiftedBy   string       `json:"lifted_by,omitempty"`
	LiftedAt   *time.Time   `json:"lifted_at,omitempty"`
	LiftReason string       `json:"lift_reason,omitempty"`
}

// holdList is the list that cursors are of.
const holdList = "holds"

type listHolds struct {
	Paging
	Lifted bool `query:"lifted" doc:"Also those that were lifted."`
}

type placeHold struct {
	Idempotent
	Body placeHoldBody
}

type placeHoldBody struct {
	Matter   string       `json:"matter" minLength:"1" maxLength:"200" doc:"The matter that needs the data: a court's reference, a name of the case." example:"LG Hamburg 312 O 44/26"`
	Citation string       `json:"citation,omitempty" maxLength:"200" doc:"The rule; Art. 17(3)(e) GDPR when left out."`
	Reason   string       `json:"reason" minLength:"1" maxLength:"2000"`
	Systems  []string     `json:"systems,omitempty" maxItems:"200" doc:"Only these, by key; left out means everywhere."`
	ReviewOn privacy.Date `json:"review_on" doc:"When somebody looks whether it is still needed; at most two years from now."`
	People   []heldPerson `json:"people" minItems:"1" maxItems:"1000"`
}

type heldPerson struct {
	Email      string `json:"email,omitempty" maxLength:"320"`
	Phone      string `json:"phone,omitempty" maxLength:"40"`
	CustomerID string `json:"customer_id,omitempty" maxLength:"200"`
}

type liftHold struct {
	ID   uuid.UUID `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why it is no longer needed."`
	}
}

func (s *server) holdOperations() {
	register(s, operation{
		id: "list-holds", method: http.MethodGet, path: "/v1/holds", tag: "erasure", summary: "Legal holds, newest first: what keeps people's data from being erased",
	}, s.holds)
	register(s, operation{
		id: "place-hold", method: http.MethodPost, path: "/v1/holds", tag: "erasure", status: http.StatusCreated, errors: []int{http.StatusConflict},
		summary: "Keep what is held of people from being erased, for a matter",
	}, s.placeHold)
	register(s, operation{
		id: "lift-hold", method: http.MethodPost, path: "/v1/holds/{id}/lift", tag: "erasure", errors: []int{http.StatusNotFound},
		summary: "End a legal hold; erasures that waited for it go on",
	}, s.liftHold)
}

func (s *server) holds(ctx context.Context, who *caller, in *listHolds) (*page[holdView], error) {
	before, err := readCursor(who, holdList, in.Cursor)
	if err != nil {
		return nil, err
	}
	var rows []storage.Hold
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = tx.Holds(ctx, storage.HoldFilter{Lifted: in.Lifted, Before: before, Limit: in.Limit})
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, holdList, in.Limit, rows, func(h storage.Hold) (time.Time, uuid.UUID) { return h.PlacedAt, h.ID })
	return newPage(each(rows, func(h storage.Hold) holdView {
		return holdView{
			ID: h.ID, Matter: h.Matter, Citation: h.Citation, Systems: h.Systems, ReviewOn: h.ReviewOn, People: h.People, Reason: h.Reason, PlacedBy: h.PlacedBy,
			PlacedAt: h.PlacedAt, LiftedBy: h.LiftedBy, LiftedAt: h.LiftedAt, LiftReason: h.LiftReason,
		}
	}), next), err
}

// longestReview keeps a hold from being forgotten.
const longestReview = 2

func (s *server) placeHold(ctx context.Context, who *caller, in *placeHold) (*answered[created], error) {
	k, err := in.once(who, "place-hold", in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Citation == "" {
		b.Citation = "Art. 17(3)(e) GDPR"
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		if err := b.check(ctx, tx); err != nil {
			return 0, created{}, err
		}
		n := storage.NewHold{Matter: b.Matter, Citation: b.Citation, Reason: b.Reason, Systems: b.Systems, ReviewOn: b.ReviewOn}
		for _, p := range b.People {
			if _, err := seal.NormalEmail(p.Email); p.Email != "" && err != nil {
				return 0, created{}, invalid("body.people", "an e-mail address is none")
			}
			n.People = append(n.People, storage.Person{Email: p.Email, Phone: p.Phone, CustomerID: p.CustomerID})
		}
		id, err := tx.PlaceHold(ctx, n)
		return http.StatusCreated, created{ID: id}, err
	})
}

func (b placeHoldBody) check(ctx context.Context, tx *storage.Tx) error {
	today := privacy.DateIn(tx.Now(), tx.Tenant().Zone)
	if b.ReviewOn.Before(today) || b.ReviewOn.After(today.AddYears(longestReview)) {
		return invalid("body.review_on", "must be a day from today to two years from now")
	}
	for _, p := range b.People {
		if p == (heldPerson{}) {
			return invalid("body.people", "each person needs an e-mail address, a telephone number or a customer id")
		}
	}
	for _, key := range b.Systems {
		_, err := tx.SystemByKey(ctx, key)
		if errors.Is(err, storage.ErrNotFound) {
			return invalid("body.systems", "there is no system with the key "+key+"; GET /v1/systems lists them")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *server) liftHold(ctx context.Context, who *caller, in *liftHold) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.LiftHold(ctx, in.ID, in.Body.Reason)
	})
}
