package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// obligationView is one thing owed, with every date that ever stood for it.
type obligationView struct {
	ID             uuid.UUID  `json:"id" format:"uuid"`
	Kind           string     `json:"kind"`
	Citation       string     `json:"citation"`
	State          string     `json:"state"`
	Due            time.Time  `json:"due"`
	EarliestSafe   time.Time  `json:"earliest_safe" doc:"The end under the most cautious reading of the law: plan on it."`
	MetAt          *time.Time `json:"met_at,omitempty"`
	WaivedReason   string     `json:"waived_reason,omitempty"`
	AcknowledgedAt *time.Time `json:"acknowledged_at,omitempty"`
	AcknowledgedBy string     `json:"acknowledged_by,omitempty"`
	Dates          []dateView `json:"dates" doc:"Every date that stood, oldest first; the last one is in force."`
}

// dateView is a date with what made it.
type dateView struct {
	Seq          int32               `json:"seq"`
	Due          time.Time           `json:"due"`
	EarliestSafe time.Time           `json:"earliest_safe"`
	Cause        string              `json:"cause"`
	SetAt        time.Time           `json:"set_at"`
	SupersededAt *time.Time          `json:"superseded_at,omitempty"`
	Explanation  privacy.Explanation `json:"explanation"`
}

func (s *server) obligationOperations() {
	register(s, operation{
		id: "list-case-obligations", method: http.MethodGet, path: "/v1/requests/{id}/obligations", tag: "requests",
		summary: "What a request owes, with every superseded date and its explanation", errors: []int{http.StatusNotFound},
	}, s.caseObligations)
	register(s, operation{
		id: "list-obligations", method: http.MethodGet, path: "/v1/obligations", summary: "The board: everything owed, soonest first", tag: "obligations",
	}, s.board)
	register(s, operation{
		id: "get-horizon", method: http.MethodGet, path: "/v1/obligations/horizon", summary: "What falls due, counted by day and risk", tag: "obligations",
	}, s.horizon)
}

func (s *server) caseObligations(ctx context.Context, who *caller, in *CaseID) (*page[obligationView], error) {
	var out []obligationView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		var obligations []storage.Obligation
		var dates map[uuid.UUID][]dateView
		err := tx.Together(ctx,
			func(tx *storage.Tx) error { _, err := tx.Case(ctx, in.ID); return err },
			func(tx *storage.Tx) (err error) { obligations, err = tx.Obligations(ctx, in.ID); return err },
			func(tx *storage.Tx) (err error) { dates, err = datesOf(ctx, tx, in.ID); return err },
		)
		out = each(obligations, func(o storage.Obligation) obligationView {
			return obligationView{
				ID: o.ID, Kind: o.Kind, Citation: o.Citation, State: o.State, Due: o.Due, EarliestSafe: o.EarliestSafe, MetAt: o.MetAt,
				WaivedReason: text(o.WaivedReason), AcknowledgedAt: o.AcknowledgedAt, AcknowledgedBy: text(o.AcknowledgedBy), Dates: dates[o.ID],
			}
		})
		return err
	})
	return newPage(out, ""), err
}

func datesOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (map[uuid.UUID][]dateView, error) {
	rows, err := tx.ObligationDates(ctx, id)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID][]dateView{}
	for _, row := range rows {
		var d privacy.Deadline
		if err := json.Unmarshal(row.Explanation, &d); err != nil {
			return nil, fmt.Errorf("read the explanation of a date: %w", err)
		}
		out[row.ObligationID] = append(out[row.ObligationID], dateView{
			Seq: row.Seq, Due: row.Due, EarliestSafe: row.EarliestSafe, Cause: row.Cause, SetAt: row.SetAt, SupersededAt: row.SupersededAt,
			Explanation: d.Explanation,
		})
	}
	return out, nil
}
