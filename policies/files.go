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
	mailDir         = "mail"
)

// folders lists every folder that Load reads.
func folders() []string {
	return []string{regimesDir, breachDir, consentDir, retentionDir, laddersDir, verificationDir, mailDir}
}

// regimeFile holds one version of a regime, or several side by side.
type regimeFile struct {
	Versions []privacy.Regime `json:"versions"`
}

// ruleFile holds rules of one kind.
type ruleFile[T any] struct {
	Rules []T `json:"rules"`
}

type ladderFile struct {
	Ladders []privacy.Ladder `json:"ladders"`
}

// kind is what one kind of rule is called in messages, how its rules are told apart, and what they are held to.
type kind[T any] struct {
	name  string
	id    func(T) string
	check func(d *document, at string, item T)
}

func breachKind() kind[privacy.BreachRule] {
	return kind[privacy.BreachRule]{"breach rule", func(r privacy.BreachRule) string { return r.ID }, checkBreach}
}

func consentKind() kind[privacy.MessageRule] {
	return kind[privacy.MessageRule]{"consent rule", func(r privacy.MessageRule) string { return r.ID }, checkMessage}
}

func retentionKind() kind[privacy.RetentionRule] {
	return kind[privacy.RetentionRule]{"retention rule", func(r privacy.RetentionRule) string { return r.ID }, checkRetention}
}

func ladderKind() kind[privacy.Ladder] {
	return kind[privacy.Ladder]{"ladder", func(l privacy.Ladder) string { return l.ID }, checkLadder}
}

func verificationKind() kind[privacy.VerificationRule] {
	return kind[privacy.VerificationRule]{"verification rule", func(r privacy.VerificationRule) string { return r.ID }, checkVerification}
}
