package contract

import "github.com/google/uuid"

// ScanInput asks for the draft of an annotation. An empty schema leaves the choice to the draft.
type ScanInput struct {
	Tenant uuid.UUID `json:"tenant"`
	System uuid.UUID `json:"system"`
	Schema string    `json:"schema,omitempty"`
}

// ScanResult is what a system's own catalogue led to: names, types and guesses, and no value of any row. With findings there is no draft.
type ScanResult struct {
	// Key is the fides_key of the draft.
	Key      string    `json:"key"`
	Draft    string    `json:"draft"`
	Unsure   []Doubt   `json:"unsure"`
	Notes    []string  `json:"notes"`
	Findings []Finding `json:"findings"`
}

// Doubt is a guess that a person should look at first.
type Doubt struct {
	Where string `json:"where"`
	Why   string `json:"why"`
}
