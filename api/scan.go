package api

import (
	"context"
	"net/http"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/workflows/contract"
)

type scanSystem struct {
	SystemID
	Body struct {
		Schema string `json:"schema,omitempty" maxLength:"128" doc:"The schema to draft. Absent: the one that is annotated already, or the only one, or public, or the largest."`
	}
}

// scanView is the draft of an annotation, or what keeps it from being made.
type scanView struct {
	OK       bool               `json:"ok" doc:"Whether there is a draft."`
	Key      string             `json:"key" doc:"The fides_key of the draft."`
	Draft    string             `json:"draft" doc:"YAML in the fideslang dataset format: names and types with guesses, and no value. Nothing is saved; correct it and put it as the system's dataset."`
	Unsure   []contract.Doubt   `json:"unsure" doc:"The guesses to look at first; at most 200."`
	Notes    []string           `json:"notes" doc:"What is not in the draft, and why."`
	Findings []contract.Finding `json:"findings" doc:"Why there is no draft."`
}

func (s *server) scanOperations() {
	register(s, operation{
		id: "scan-system", method: http.MethodPost, path: "/v1/systems/{id}/scan", tag: "datasets",
		errors:  []int{http.StatusNotFound, http.StatusServiceUnavailable, http.StatusGatewayTimeout},
		summary: "Draft an annotation from the live schema: names and types are looked at, no value is read, and nothing is saved",
	}, s.scanSystem)
}

func (s *server) scanSystem(ctx context.Context, who *caller, in *scanSystem) (*shown[scanView], error) {
	system, err := s.system(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.engine.Reach(ctx); err != nil {
		return nil, err
	}
	result, err := s.engine.Scan(ctx, contract.ScanInput{Tenant: who.tenant.ID, System: in.ID, Schema: in.Body.Schema})
	if err != nil {
		return nil, err
	}
	event := audit.Event{
		Action: audit.SystemScanned, Object: audit.Object{Kind: "system", ID: system.ID.String()},
		Facts: map[audit.FactKey]string{audit.FactSystem: system.Key},
	}
	if len(result.Findings) > 0 {
		event.Outcome, event.Reason = audit.Failed, result.Findings[0].Code
	}
	return &shown[scanView]{Body: scanned(result)}, s.record(ctx, who, event)
}

func scanned(r contract.ScanResult) scanView {
	return scanView{
		OK: len(r.Findings) == 0, Key: r.Key, Draft: r.Draft,
		Unsure: append([]contract.Doubt{}, r.Unsure...), Notes: append([]string{}, r.Notes...), Findings: append([]contract.Finding{}, r.Findings...),
	}
}
