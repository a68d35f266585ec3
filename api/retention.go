package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// retentionRule is a rule for keeping records, and whether the tenant has switched it on.
type retentionRule struct {
	privacy.RetentionRule
	On bool `json:"on" doc:"Whether settings.retention of the tenant names it."`
}

func (s *server) retentionOperations() {
	register(s, operation{
		id: "list-retention-rules", method: http.MethodGet, path: "/v1/retention-rules", tag: "policies",
		summary: "The laws that keep records from erasure, with their periods; the tenant's settings switch them on",
	}, s.retentionRules)
}

func (s *server) retentionRules(_ context.Context, who *caller, _ *struct{}) (*page[retentionRule], error) {
	return newPage(each(s.Policies.RetentionRules(), func(r privacy.RetentionRule) retentionRule {
		return retentionRule{RetentionRule: r, On: slices.Contains(who.tenant.Settings.Retention, r.ID)}
	}), ""), nil
}
