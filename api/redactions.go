package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// RedactionBody is what is left out of an answer. The grounds are those that the package's cover can explain.
type RedactionBody struct {
	System     string `json:"system" maxLength:"63"`
	Dataset    string `json:"dataset" maxLength:"128"`
	Collection string `json:"collection" maxLength:"128"`
	Field      string `json:"field,omitempty" maxLength:"256" doc:"The column; absent for whole rows, and then key_field and key_value name them."`
	KeyField   string `json:"key_field,omitempty" maxLength:"256" doc:"With key_value: only the rows in which this column has that text."`
	KeyValue   string `json:"key_value,omitempty" maxLength:"1000"`
	Ground     string `json:"ground" enum:"anothers_rights,trade_secret,legal_privilege,security,other"`
	Citation   string `json:"citation,omitempty" maxLength:"200" doc:"The rule; needed for the ground other."`
	Note       string `json:"note,omitempty" maxLength:"2000" doc:"Shown on the cover; it must not repeat what is taken out."`
}

type redactionIn struct {
	CaseID
	Idempotent
	Body RedactionBody
}

type redactionView struct {
	ID uuid.UUID `json:"id" format:"uuid"`
	RedactionBody
	By string    `json:"created_by"`
	At time.Time `json:"created_at"`
}

type redactionID struct {
	CaseID
	Redaction uuid.UUID `path:"redaction" format:"uuid"`
}

func (s *server) redactionOperations() {
	register(s, operation{
		id: "list-redactions", method: http.MethodGet, path: "/v1/requests/{id}/redactions", tag: "review",
		summary: "What is left out of the answer; this is recorded", errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.redactions)
	register(s, operation{
		id: "add-redaction", method: http.MethodPost, path: "/v1/requests/{id}/redactions", tag: "review",
		summary: "Leave something out of the answer, and say why", status: http.StatusCreated, errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.addRedaction)
	register(s, operation{
		id: "remove-redaction", method: http.MethodDelete, path: "/v1/requests/{id}/redactions/{redaction}", tag: "review",
		summary: "Put back what was left out", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.removeRedaction)
}

func (s *server) redactions(ctx context.Context, who *caller, in *CaseID) (*page[redactionView], error) {
	var out []redactionView
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		rows, err := tx.Redactions(ctx, c, subject)
		if err != nil {
			return err
		}
		out = each(rows, func(r storage.Redaction) redactionView {
			return redactionView{ID: r.ID, By: r.By, At: r.At, RedactionBody: RedactionBody{
				System: r.System, Dataset: r.Dataset, Collection: r.Collection, Field: r.Field, KeyField: r.KeyField, KeyValue: r.KeyValue,
				Ground: r.Ground, Citation: r.Citation, Note: r.Note,
			}}
		})
		return tx.Audit(ctx, viewed(in.ID, "redactions", in.ID))
	})
	return newPage(out, ""), err
}

func (s *server) addRedaction(ctx context.Context, who *caller, in *redactionIn) (*answered[created], error) {
	k, err := in.once(who, "add-redaction/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	if err := in.Body.check(); err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		c, subject, err := s.underReview(ctx, tx, who, in.ID)
		if err != nil {
			return 0, created{}, err
		}
		b := in.Body
		if err := b.matches(ctx, tx, in.ID); err != nil {
			return 0, created{}, err
		}
		id, err := tx.AddRedaction(ctx, c, subject, storage.Redaction{
			System: b.System, Dataset: b.Dataset, Collection: b.Collection, Field: b.Field, KeyField: b.KeyField, KeyValue: b.KeyValue,
			Ground: b.Ground, Citation: b.Citation, Note: b.Note,
		})
		return http.StatusCreated, created{ID: id}, err
	})
}

func (b RedactionBody) check() error {
	switch {
	case (b.KeyField == "") != (b.KeyValue == ""):
		return invalid("body.key_value", "key_field and key_value go together: give both or neither")
	case b.Field == "" && b.KeyField == "":
		return invalid("body.field", "name a field, or the rows by key_field and key_value: a whole collection is not left out by a redaction")
	case b.Ground == "other" && b.Citation == "":
		return invalid("body.citation", "the ground other needs the citation of the rule")
	}
	return nil
}

// matches refuses what names nothing in the data that the newest round reads for the request. The fields are checked when
// the package is built: only then are the rows opened.
func (b RedactionBody) matches(ctx context.Context, tx *storage.Tx, caseID uuid.UUID) error {
	system, err := tx.SystemByKey(ctx, b.System)
	if errors.Is(err, storage.ErrNotFound) {
		return invalid("body.system", "there is no system of this name")
	}
	if err != nil {
		return err
	}
	run, err := tx.LatestRunOn(ctx, caseID, system.ID)
	if errors.Is(err, storage.ErrNotFound) {
		return invalid("body.system", "this system is not searched for this request")
	}
	if err != nil || run.State != storage.RunDone {
		return err
	}
	read, err := tx.Collected(ctx, run.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, c := range read {
		if c.Dataset == b.Dataset && c.Collection == b.Collection {
			return nil
		}
		names = append(names, c.Dataset+"/"+c.Collection)
	}
	return invalid("body.collection", "this was not read from the system; what was read is "+strings.Join(names, ", "))
}

func (s *server) removeRedaction(ctx context.Context, who *caller, in *redactionID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if _, _, err := s.underReview(ctx, tx, who, in.ID); err != nil {
			return err
		}
		return tx.RemoveRedaction(ctx, in.ID, in.Redaction)
	})
}

// underReview opens a case whose answer can still be changed.
func (s *server) underReview(ctx context.Context, tx *storage.Tx, who *caller, id uuid.UUID) (storage.Case, storage.Subject, error) {
	c, err := tx.LockCase(ctx, id)
	if err != nil {
		return storage.Case{}, storage.Subject{}, err
	}
	who.caseID = id.String()
	if state := privacy.RequestState(c.State); state != privacy.RequestCollecting && state != privacy.RequestReviewing {
		return storage.Case{}, storage.Subject{}, refused(http.StatusConflict, "state", "What is left out can be changed while a request is collecting or reviewing; this one is "+c.State+".")
	}
	subject, err := tx.Subject(ctx, c.SubjectID)
	return c, subject, err
}
