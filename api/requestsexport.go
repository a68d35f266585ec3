package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// exportPage is how many rows are in memory at a time.
const exportPage = 1000

// exportRequests streams the list, newest first. An export that fails in the middle breaks off instead of ending.
func (s *server) exportRequests(ctx context.Context, who *caller, in *Narrowed) (*huma.StreamResponse, error) {
	filter, err := in.read(who)
	if err != nil {
		return nil, err
	}
	filter.Limit = exportPage
	err = s.record(ctx, who, audit.Event{Action: audit.RequestsExported, Object: audit.Object{Kind: "list", ID: requestList}})
	if err != nil {
		return nil, err
	}
	first, err := s.cases(ctx, who, filter, (*storage.Tx).Cases)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="requests-`+who.tenant.Slug+`.csv"`)
		if err := s.writeRequests(ctx, hc.BodyWriter(), who, filter, first); err != nil {
			s.Log.Warn("an export of requests broke off", zap.String("correlation", correlation(ctx)), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// writeRequests writes page after page, each behind the last row of the one before.
func (s *server) writeRequests(ctx context.Context, to io.Writer, who *caller, filter storage.CaseFilter, rows []storage.CaseLine) error {
	out := newSheet(to)
	if err := out.row("reference", "right", "regime", "state", "outcome", "received", "due", "closed", "assignee", "on_time"); err != nil {
		return err
	}
	for {
		for _, r := range rows {
			if err := out.row(exported(r)...); err != nil {
				return err
			}
		}
		if err := out.end(); err != nil || len(rows) < exportPage {
			return err
		}
		at, id := receivedOf(rows[len(rows)-1])
		filter.Before = &storage.Position{At: at, ID: id}
		var err error
		if rows, err = s.cases(ctx, who, filter, (*storage.Tx).Cases); err != nil {
			return err
		}
	}
}

func exported(r storage.CaseLine) []string {
	assignee, onTime := "", ""
	if r.AssigneeID != nil {
		assignee = r.AssigneeID.String()
	}
	if r.OnTime != nil {
		onTime = map[bool]string{true: "yes", false: "no"}[*r.OnTime]
	}
	return []string{
		r.Reference, r.RequestRight, r.Regime, r.State, text(r.Outcome), momentText(&r.ReceivedAt), momentText(r.NextDue), momentText(r.ClosedAt),
		assignee, onTime,
	}
}
