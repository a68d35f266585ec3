package policies

import "github.com/privacy-docket/docket/privacy"

// Kinds of file, by the folder they lie in.
const (
	regimesDir      = "regimes"
	breachDir       = "breach"
	consentDir      = "consent"
	retentionDir    = "retention"
	laddersDir      = "ladders"
	verificationDir = "verification"
)

// folders lists every folder that Load reads.
func folders() []string {
	return []string{regimesDir, breachDir, consentDir, retentionDir, laddersDir, verificationDir}
}

// regimeFile holds one version of a regime, or several side by side.
type regimeFile struct {
	Versions []privacy.Regime `json:"versions"`
}

type breachFile struct {
	Rules []privacy.BreachRule `json:"rules"`
}

type consentFile struct {
	Rules []privacy.MessageRule `json:"rules"`
}

type retentionFile struct {
	Rules []privacy.RetentionRule `json:"rules"`
}

type ladderFile struct {
	Ladders []privacy.Ladder `json:"ladders"`
}

type verificationFile struct {
	Rules []privacy.VerificationRule `json:"rules"`
}
