package api

import (
	"context"
	"net/http"

	"github.com/privacy-docket/docket/storage"
)

// tenantLine is a tenant as an operator sees it: what there is to do, and for nobody in particular.
type tenantLine struct {
	Slug    string `json:"slug"`
	Name    string `json:"name"`
	Open    int64  `json:"open"`
	Overdue int64  `json:"overdue"`
	DueSoon int64  `json:"due_within_7_days"`
}

func (s *server) tenantsOperations() {
	register(s, operation{
		id: "list-tenants", method: http.MethodGet, path: "/v1/tenants", summary: "Every tenant with what it has to do, for operators", tag: "people",
	}, s.tenants)
}

func (s *server) tenants(ctx context.Context, _ *caller, _ *struct{}) (*page[tenantLine], error) {
	ids, err := s.db.TenantIDs(ctx)
	if err != nil {
		return nil, err
	}
	lines := make([]tenantLine, 0, len(ids))
	for _, id := range ids {
		err := s.db.Read(ctx, id, func(ctx context.Context, tx *storage.Tx) error {
			work, err := tx.OpenWork(ctx)
			t := tx.Tenant()
			lines = append(lines, tenantLine{Slug: t.Slug, Name: t.Name, Open: work.Open, Overdue: work.Overdue, DueSoon: work.DueSoon})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return newPage(lines, ""), nil
}
