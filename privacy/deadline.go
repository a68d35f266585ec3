package privacy

import "time"

// Deadline is one obligation with its dates.
type Deadline struct {
	Kind    ObligationKind `json:"kind"`
	Right   Right          `json:"right"`
	Regime  string         `json:"regime"`
	Version string         `json:"version"`
	Start   Date           `json:"start"`   // the day the period runs from
	Nominal Date           `json:"nominal"` // before roll-over
	DueDate Date           `json:"due_date"`
	// EarliestSafeDate is the last day under the most cautious reading of the law: plan on it, alarm on DueDate.
	EarliestSafeDate Date      `json:"earliest_safe_date"`
	LenientDate      Date      `json:"lenient_date,omitzero"` // the most generous reading; never relied on
	Due              time.Time `json:"due"`                   // 23:59:59 of DueDate in the controller's zone, in UTC
	EarliestSafe     time.Time `json:"earliest_safe"`
	// Paused says that the clock stands still, or has not begun again, until the person answers; the dates are those
	// that would hold if the answer had come at once, and they will move.
	Paused      bool        `json:"paused,omitempty"`
	PausedDays  int         `json:"paused_days,omitempty"` // days that closed pauses have added
	Extended    bool        `json:"extended,omitempty"`
	Withdrawn   bool        `json:"withdrawn,omitempty"` // the law treats the request as withdrawn (Swiss fee not accepted)
	Force       Force       `json:"force"`
	Citation    Citation    `json:"citation"`
	Explanation Explanation `json:"explanation"`
}
