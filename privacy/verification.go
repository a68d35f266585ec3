package privacy

import (
	"fmt"
	"slices"
	"time"
)

// VerificationRule is how sure a controller must be of who asks.
type VerificationRule struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Regimes    []string           `json:"regimes"`
	Tiers      []VerificationTier `json:"tiers"`
	AskWithin  Period             `json:"ask_within"`   // house target for asking, once there is doubt
	RemindFrom Period             `json:"remind_after"` // of silence
	CloseAfter Period             `json:"close_after"`  // of silence, a case may be closed as unverified
	Code       CodeRule           `json:"code"`
	Citation   Citation           `json:"citation"`
}

// CodeRule is the one-time code sent to a known address.
type CodeRule struct {
	Lifetime time.Duration `json:"lifetime"`
	Attempts int           `json:"attempts"`
	Digits   int           `json:"digits"`
	Resends  int           `json:"resends"`
}

// VerificationLevel is a degree of certainty.
type VerificationLevel string

// The levels, lowest first.
const (
	LevelNone            VerificationLevel = "none"
	LevelExisting        VerificationLevel = "existing_authentication" // the account's own sign-in, done again
	LevelReasonable      VerificationLevel = "reasonable"
	LevelReasonablyHigh  VerificationLevel = "reasonably_high"
	LevelReasonableDoubt VerificationLevel = "on_reasonable_doubt" // ask only where there is doubt (GDPR Art 12(6))
)

// Valid reports whether l is one of the levels.
func (l VerificationLevel) Valid() bool {
	return slices.Contains([]VerificationLevel{LevelNone, LevelExisting, LevelReasonable, LevelReasonablyHigh, LevelReasonableDoubt}, l)
}

// Sensitivity is how much harm a wrong answer could do.
type Sensitivity string

// The sensitivities.
const (
	SensitivityLow  Sensitivity = "low"
	SensitivityHigh Sensitivity = "high"
)

// Valid reports whether s is one of them; the empty one matches both.
func (s Sensitivity) Valid() bool { return s == "" || s == SensitivityLow || s == SensitivityHigh }

// VerificationTier is what is asked for certain requests.
type VerificationTier struct {
	Requests    []string          `json:"requests"`
	Account     *bool             `json:"account,omitempty"`     // with or without a password account; none means both
	Sensitivity Sensitivity       `json:"sensitivity,omitempty"` // only for data of that sensitivity
	Level       VerificationLevel `json:"level"`
	DataPoints  int               `json:"min_data_points"`
	Declaration bool              `json:"declaration"` // signed under penalty of perjury, and kept
	Reauth      bool              `json:"reauthenticate,omitempty"`
	Downgrade   string            `json:"if_unverified,omitempty"` // what happens when the person cannot be verified
	Citation    Citation          `json:"citation"`
}

// VerificationAsk is one request to be verified.
type VerificationAsk struct {
	Request     string
	Account     bool
	Sensitivity Sensitivity
}

// Tier finds what to ask for. The first tier of the file that fits counts; where sensitivity decides and is not known,
// the strictest that fits.
func (v VerificationRule) Tier(ask VerificationAsk) (VerificationTier, error) {
	var found *VerificationTier
	for _, t := range v.Tiers {
		if !t.fits(ask) {
			continue
		}
		if ask.Sensitivity != "" || t.Sensitivity == "" {
			return t, nil
		}
		if found == nil || t.DataPoints > found.DataPoints {
			found = &t
		}
	}
	if found == nil {
		return VerificationTier{}, fmt.Errorf("finding the verification tier under %s: no tier for the request %q", v.ID, ask.Request)
	}
	return *found, nil
}

// fits reports whether the tier is for this request; what the tier does not name, it does not ask about.
func (t VerificationTier) fits(ask VerificationAsk) bool {
	return slices.Contains(t.Requests, ask.Request) &&
		(t.Account == nil || *t.Account == ask.Account) &&
		(t.Sensitivity == "" || ask.Sensitivity == "" || t.Sensitivity == ask.Sensitivity)
}
