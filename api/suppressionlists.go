package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/storage"
)

type importSuppressions struct {
	Body struct {
		Addresses []string `json:"addresses" nullable:"false" minItems:"1" maxItems:"10000" doc:"Whom nobody may write to. Only keyed hashes of them are kept: they can't be read back."`
		Kind      string   `json:"kind,omitempty" enum:"email,phone,customer_id" doc:"What they are; email when absent."`
	}
}

// suppressionsAdded is what became of a list.
type suppressionsAdded struct {
	Given int   `json:"given"`
	Added int64 `json:"added" doc:"How many were not suppressed by a list before."`
}

type searchSuppressions struct {
	Body struct {
		Person knownPerson `json:"person" doc:"Exactly what is looked for."`
	}
}

// suppressionsFound is what suppresses somebody.
type suppressionsFound struct {
	Suppressed   bool              `json:"suppressed" doc:"Now, by any of what was given."`
	Suppressions []suppressionView `json:"suppressions" nullable:"false" doc:"The newest first, those that have ended too."`
}

type suppressionView struct {
	Kind      string     `json:"kind" enum:"email,phone,customer_id"`
	Reason    string     `json:"reason" enum:"erasure,objection,list" doc:"erasure: they were erased. list: they were on a list that was handed in."`
	Since     time.Time  `json:"since"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	EndReason string     `json:"end_reason,omitempty"`
}

func (s *server) suppressionListOperations() {
	register(s, operation{
		id: "import-suppressions", method: http.MethodPost, path: "/v1/suppressions/import", tag: "limits", maxBody: 8 << 20,
		summary: "Keep up to 10,000 addresses from being written to, of which nothing is kept but keyed hashes; handing them in again changes nothing",
	}, s.importSuppressions)
	register(s, operation{
		id: "search-suppressions", method: http.MethodPost, path: "/v1/suppressions/search", tag: "limits",
		summary: "Is exactly this address suppressed, since when and why? That it was asked is recorded",
	}, s.searchSuppressions)
}

func (s *server) importSuppressions(ctx context.Context, who *caller, in *importSuppressions) (*shown[suppressionsAdded], error) {
	kind := in.Body.Kind
	if kind == "" {
		kind = storage.AddressEmail
	}
	out := &shown[suppressionsAdded]{Body: suppressionsAdded{Given: len(in.Body.Addresses)}}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body.Added, err = tx.SuppressListed(ctx, kind, in.Body.Addresses)
		return notAnAddress(err, func(i int) string { return fmt.Sprintf("body.addresses[%d]", i) })
	})
}

func (s *server) searchSuppressions(ctx context.Context, who *caller, in *searchSuppressions) (*shown[suppressionsFound], error) {
	person, err := in.Body.Person.person("body.person")
	if err != nil {
		return nil, err
	}
	out := &shown[suppressionsFound]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		found, err := tx.FindSuppressions(ctx, person)
		out.Body = suppressionsFound{Suppressions: each(found, func(f storage.SuppressionFound) suppressionView {
			return suppressionView{Kind: f.Kind, Reason: f.Reason, Since: f.AddedAt, EndedAt: f.EndedAt, EndReason: text(f.EndReason)}
		})}
		for _, f := range found {
			out.Body.Suppressed = out.Body.Suppressed || f.EndedAt == nil
		}
		return err
	})
}
