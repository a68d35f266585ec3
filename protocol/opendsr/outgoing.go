package opendsr

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// MaxStatus is the longest answer of a processor that is read, in bytes.
const MaxStatus = 256 << 10

// Write writes a request as a controller sends it (section 7.1), in the array form of version 2.
func (r Request) Write() ([]byte, error) {
	type identity struct {
		Type   string `json:"identity_type"`
		Value  string `json:"identity_value"`
		Format string `json:"identity_format"`
	}
	out := struct {
		Regulation string     `json:"regulation"`
		ID         uuid.UUID  `json:"subject_request_id"`
		Type       string     `json:"subject_request_type"`
		Submitted  time.Time  `json:"submitted_time"`
		Identities []identity `json:"subject_identities"`
		APIVersion string     `json:"api_version"`
		Callbacks  []string   `json:"status_callback_urls,omitempty"`
	}{Regulation: r.Regulation, ID: r.ID, Type: r.Type, Submitted: r.Submitted.UTC(), APIVersion: OpenDSR.Number, Callbacks: r.Callbacks}
	for _, i := range r.Identities {
		out.Identities = append(out.Identities, identity(i))
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write a request: %w", err)
	}
	return body, nil
}

// Progress is what a processor says about a request of ours (section 8.3).
type Progress struct {
	ID     uuid.UUID
	Status string
	// ResultsURL is where the results of an access request are fetched, "" where there are none yet; Count how many rows they have, where it is said.
	ResultsURL string
	Count      *int64
	// Outcome and Reason are what the processor's own extension says of the end, by the names that Docket uses.
	Outcome, Reason string
}

// ParseProgress reads what the processor of a domain says about the request with an id. Members that it does not know are left alone. The error is
// a *Fault.
func ParseProgress(body []byte, id uuid.UUID, domain string) (Progress, error) {
	var w struct {
		ID         string                     `json:"subject_request_id"`
		Status     string                     `json:"request_status"`
		ResultsURL string                     `json:"results_url"`
		Count      *int64                     `json:"results_count"`
		Extensions map[string]json.RawMessage `json:"extensions"`
	}
	if len(body) > MaxStatus {
		return Progress{}, &Fault{"the body", fmt.Sprintf("must have at most %d bytes", MaxStatus)}
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return Progress{}, unreadable(err)
	}
	p := Progress{Status: w.Status, ResultsURL: w.ResultsURL, Count: w.Count}
	var err error
	if p.ID, err = ParseID(w.ID); err != nil {
		return p, err
	}
	switch {
	case p.ID != id:
		return p, &Fault{"subject_request_id", "must be that of the request that was asked about"}
	case !slices.Contains([]string{Pending, InProgress, Completed, Cancelled}, p.Status):
		return p, &Fault{"request_status", "must be pending, in_progress, completed or cancelled"}
	case p.ResultsURL != "" && !plainURL(p.ResultsURL):
		return p, &Fault{"results_url", "must be a plain https address"}
	}
	var own Extension
	if raw := w.Extensions[domain]; json.Unmarshal(raw, &own) == nil {
		p.Outcome, p.Reason = word(own.Outcome), word(own.Reason)
	}
	return p, nil
}

// word lets through what can be a code, and nothing that would be a text.
func word(s string) string {
	for _, c := range s {
		if unfit(c) || len(s) > 60 {
			return ""
		}
	}
	return s
}

func plainURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.User == nil && u.Fragment == "" && len(text) <= 4000 && (u.Scheme == "https" || u.Scheme == "http")
}

// ParseDiscovery reads what a processor says it takes (section 6.3). The error is a *Fault.
func ParseDiscovery(body []byte) (Discovery, error) {
	var d Discovery
	if len(body) > MaxStatus {
		return d, &Fault{"the body", fmt.Sprintf("must have at most %d bytes", MaxStatus)}
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return d, unreadable(err)
	}
	if len(d.Types) == 0 || len(d.Identities) == 0 {
		return d, &Fault{"the body", "must name supported_subject_request_types and supported_identities"}
	}
	return d, nil
}

// Takes says whether a processor takes requests of a type, and finds people by an identity in clear.
func (d Discovery) Takes(kind, identity string) (requests, identities bool) {
	return slices.Contains(d.Types, kind), slices.Contains(d.Identities, Supported{Type: identity, Format: Raw})
}

// RegulationOf is the regulation under which a request goes out: the protocol has two words. What follows California's model of consumer requests is
// ccpa, and everything else is gdpr.
func RegulationOf(law string) string {
	if law == CCPA || strings.HasPrefix(law, "us-") {
		return CCPA
	}
	return GDPR
}
