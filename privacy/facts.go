package privacy

import (
	"encoding/json"
	"fmt"
	"time"
)

// Facts is everything a deadline depends on. Computing again after a pause or an extension means calling Deadlines
// again with more facts.
type Facts struct {
	Right    Right     `json:"right"`
	Received time.Time `json:"received"`
	// Zone is where the controller answers; a due day ends at 23:59:59 there.
	Zone *time.Location `json:"-"`
	// Calendar names the holidays of the place where the action is to be taken: DE, FR, GB-SCT, CA-FED, US-FED, …
	Calendar string `json:"calendar,omitempty"`
	// Holidays replaces the calendar's own list when it is not nil, even when it is empty.
	Holidays             []Date     `json:"holidays"`
	SmallAgent           bool       `json:"small_agent,omitempty"`
	Pauses               []Pause    `json:"pauses,omitempty"`
	IdentityInfoReceived *time.Time `json:"identity_info_received,omitempty"`
	FeePaid              *time.Time `json:"fee_paid,omitempty"`
	Extended             bool       `json:"extended,omitempty"`
	// ExtendedUntil is the day named in the notice, for regimes whose extension has no fixed cap.
	ExtendedUntil     Date       `json:"extended_until,omitzero"`
	AppealReceived    *time.Time `json:"appeal_received,omitempty"`
	AppealExtended    bool       `json:"appeal_extended,omitempty"`
	ComplaintReceived *time.Time `json:"complaint_received,omitempty"`
}

// PauseKind is what the controller waits for.
type PauseKind string

// The kinds of pause.
const (
	PauseIdentity      PauseKind = "identity"
	PauseClarification PauseKind = "clarification"
	PauseFee           PauseKind = "fee"
)

// Valid reports whether k is one of the kinds.
func (k PauseKind) Valid() bool {
	return k == PauseIdentity || k == PauseClarification || k == PauseFee
}

// Pause is a time in which the controller waits for the person. Until is nil while it lasts.
type Pause struct {
	Kind  PauseKind  `json:"kind"`
	From  time.Time  `json:"from"`
	Until *time.Time `json:"until,omitempty"`
}

type factsJSON Facts

// MarshalJSON writes the zone by its IANA name.
func (f Facts) MarshalJSON() ([]byte, error) {
	named := struct {
		factsJSON
		Zone string `json:"zone,omitempty"`
	}{factsJSON: factsJSON(f)}
	if f.Zone != nil {
		named.Zone = f.Zone.String()
	}
	out, err := json.Marshal(named)
	if err != nil {
		return nil, fmt.Errorf("writing facts: %w", err)
	}
	return out, nil
}

// UnmarshalJSON reads what MarshalJSON wrote; the zone must be known to the process.
func (f *Facts) UnmarshalJSON(data []byte) error {
	var named struct {
		factsJSON
		Zone string `json:"zone"`
	}
	if err := json.Unmarshal(data, &named); err != nil {
		return fmt.Errorf("reading facts: %w", err)
	}
	*f = Facts(named.factsJSON)
	if named.Zone == "" {
		return nil
	}
	zone, err := time.LoadLocation(named.Zone)
	if err != nil {
		return fmt.Errorf("reading facts: %w", err)
	}
	f.Zone = zone
	return nil
}

// day is the civil date of t where the controller answers.
func (f Facts) day(t time.Time) Date { return DateIn(t, f.Zone) }
