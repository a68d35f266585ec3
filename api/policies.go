package api

import (
	"context"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// PolicyID is the address of one regime.
type PolicyID struct {
	ID string `path:"id" maxLength:"40" example:"gdpr"`
}

type explainIn struct {
	PolicyID
	Body struct {
		Right    string         `json:"right" enum:"access,portability,rectification,erasure,restriction,objection,automated_decision,opt_out,limit_use"`
		Received time.Time      `json:"received"`
		Zone     string         `json:"zone,omitempty" maxLength:"60" doc:"IANA name; the tenant's own when absent."`
		Calendar string         `json:"calendar,omitempty" maxLength:"20" doc:"The tenant's own, where the regime knows it, when absent."`
		Holidays []privacy.Date `json:"holidays,omitempty" maxItems:"400" doc:"Replace the calendar's own."`
		Extended bool           `json:"extended,omitempty"`
	}
}

func (s *server) policyOperations() {
	register(s, operation{id: "list-policies", method: http.MethodGet, path: "/v1/policies", summary: "The regimes there are", tag: "policies"}, s.policies)
	register(s, operation{
		id: "get-policy", method: http.MethodGet, path: "/v1/policies/{id}", summary: "Show every version of a regime, with its citations", tag: "policies",
		errors: []int{http.StatusNotFound},
	}, s.policy)
	register(s, operation{
		id: "explain-policy", method: http.MethodPost, path: "/v1/policies/{id}/explain", tag: "policies", errors: []int{http.StatusNotFound, http.StatusConflict},
		summary: "Compute the dates of a request that is not filed, with the explanation of each",
	}, s.explain)
}

func (s *server) policies(context.Context, *caller, *struct{}) (*page[privacy.Summary], error) {
	return newPage(s.Policies.Regimes(), ""), nil
}

func (s *server) policy(_ context.Context, _ *caller, in *PolicyID) (*page[*privacy.Regime], error) {
	versions, err := s.Policies.Versions(in.ID)
	if err != nil {
		return nil, problem(http.StatusNotFound, "not-found", "There is no such regime; GET /v1/policies lists them.")
	}
	return newPage(versions, ""), nil
}

func (s *server) explain(_ context.Context, who *caller, in *explainIn) (*page[privacy.Deadline], error) {
	b := in.Body
	if !reckonable(b.Received) {
		return nil, invalid("body.received", "must lie in the years 1900 to 2199")
	}
	regime, err := s.Policies.Regime(in.ID, b.Received)
	if err != nil {
		return nil, problem(http.StatusNotFound, "not-found", "There is no such regime in force on that day; GET /v1/policies lists them.")
	}
	facts := privacy.Facts{Right: privacy.Right(b.Right), Received: b.Received, Zone: who.tenant.Zone, Calendar: b.Calendar, Holidays: b.Holidays, Extended: b.Extended}
	if b.Zone != "" {
		if facts.Zone, err = time.LoadLocation(b.Zone); err != nil || b.Zone == "Local" {
			return nil, invalid("body.zone", "must be the IANA name of a time zone, such as Europe/Berlin")
		}
	}
	if b.Calendar == "" {
		facts.Calendar = regime.CalendarFor(who.tenant.Calendar)
	}
	deadlines, err := regime.Deadlines(facts)
	return newPage(deadlines, ""), err
}
