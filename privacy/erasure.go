package privacy

import (
	"fmt"
	"slices"
	"strings"
)

// ErasureGround is a limb of Art 17(1), or the UK addition.
type ErasureGround string

// The grounds, one at least of which must hold.
const (
	GroundNotNeeded          ErasureGround = "no_longer_needed"           // 17(1)(a)
	GroundConsentWithdrawn   ErasureGround = "consent_withdrawn"          // 17(1)(b)
	GroundObjection          ErasureGround = "objection"                  // 17(1)(c) with 21(1), upheld
	GroundMarketingObjection ErasureGround = "objection_direct_marketing" // 17(1)(c) with 21(2)
	GroundUnlawful           ErasureGround = "unlawful"                   // 17(1)(d)
	GroundLegalDutyToErase   ErasureGround = "legal_obligation_to_erase"  // 17(1)(e)
	GroundChildService       ErasureGround = "child_iss"                  // 17(1)(f)
	GroundMaliciousUK        ErasureGround = "malicious_relevant_offence" // UK 17(1)(g)
)

// ParseErasureGround reads a ground by name, by its letter, or by a word in use for it; nothing means no ground.
func ParseErasureGround(s string) (ErasureGround, error) {
	words := map[ErasureGround][]string{
		GroundNotNeeded:          {"17_1_a", "a", "not_needed", "purpose_ended", "no_longer_necessary"},
		GroundConsentWithdrawn:   {"17_1_b", "b", "withdrawn_consent", "consent_withdrawal"},
		GroundObjection:          {"17_1_c", "c", "objection_upheld", "objection_legitimate_interest", "objection_21_1", "objection_succeeds"},
		GroundMarketingObjection: {"objection_marketing", "marketing_objection", "direct_marketing", "objection_21_2"},
		GroundUnlawful:           {"17_1_d", "d", "unlawful_processing", "unlawfully_processed"},
		GroundLegalDutyToErase:   {"17_1_e", "e", "legal_obligation", "legal_duty", "erasure_required_by_law"},
		GroundChildService:       {"17_1_f", "f", "child", "child_data", "child_consent", "iss_child", "child_information_society_service"},
		GroundMaliciousUK:        {"17_1_g", "g", "malicious_data"},
	}
	if s == "" || s == "none" {
		return "", nil
	}
	for ground, synonyms := range words {
		if s == string(ground) || slices.Contains(synonyms, s) {
			return ground, nil
		}
	}
	return "", fmt.Errorf("erasure ground %q is no limb of Art 17(1)", s)
}

// ErasureException is a limb of Art 17(3) that stands against erasing, for the data it names or for all of it.
type ErasureException struct {
	Limb  string   // a, b, c, d or e
	Scope []string // data it covers; none means all of it
	Until Date     // last day of a retention duty, when it has one
	Rule  string   // statute, matter or hold
}

// ParseLimb reads "17_3_b", "b" or "17(3)(b)".
func ParseLimb(s string) (string, error) {
	bare := strings.NewReplacer("art", "", "17", "", "3", "", "(", "", ")", "", "_", "", ".", "").Replace(s)
	if len(bare) == 1 && strings.Contains("abcde", bare) {
		return bare, nil
	}
	return "", fmt.Errorf("exception %q is no limb of Art 17(3): a to e", s)
}

// ErasureVerdict is what to do with a request for erasure.
type ErasureVerdict string

// The verdicts.
const (
	EraseAll  ErasureVerdict = "erase"
	ErasePart ErasureVerdict = "partial_erase" // the exceptions cover only some of the data
	Restrict  ErasureVerdict = "restrict"      // kept for one purpose, blocked for every other
	Refuse    ErasureVerdict = "refuse"
)

// ErasureDecision is a verdict with its consequences.
type ErasureDecision struct {
	Verdict          ErasureVerdict  `json:"decision"`
	Suppress         bool            `json:"add_to_suppression"`
	Inform           bool            `json:"inform_art12_4"`       // reasons and remedies are owed to the person
	LiftNotice       bool            `json:"lift_notice_required"` // the person is told before the restriction ends
	NotifyRecipients bool            `json:"notify_recipients"`    // Art 19
	Keep             []string        `json:"keep,omitempty"`       // data that stays, restricted
	KeepUntil        Date            `json:"keep_until,omitzero"`  // last day of the longest retention duty
	LegalReview      bool            `json:"legal_review"`
	Reasons          []RefusalReason `json:"reasons,omitempty"`
}

// DecideErasure applies Art 17. Without a ground nothing is erased. Retention duties and legal claims keep the data they
// name under restriction, so that it serves nothing else; freedom of expression, public health and research are for a
// lawyer. Exceptions reach only "to the extent that" they are necessary: data they do not name goes.
func DecideErasure(ground ErasureGround, exceptions []ErasureException) ErasureDecision {
	if ground == "" {
		return ErasureDecision{Verdict: Refuse, Inform: true, Reasons: []RefusalReason{NoGround}}
	}
	d := ErasureDecision{Verdict: EraseAll, NotifyRecipients: true, Suppress: ground == GroundMarketingObjection}
	if len(exceptions) == 0 {
		return d
	}
	d.Inform = true
	whole, kept := false, true
	for _, e := range exceptions {
		d.Reasons = append(d.Reasons, e.reason())
		d.Keep = append(d.Keep, e.Scope...)
		d.KeepUntil = latest(d.KeepUntil, e.Until)
		whole = whole || len(e.Scope) == 0
		kept = kept && (e.Limb == "b" || e.Limb == "e")
		d.LegalReview = d.LegalReview || e.Limb != "b"
	}
	switch {
	case !whole:
		d.Verdict, d.LiftNotice = ErasePart, kept
	case kept:
		d.Verdict, d.LiftNotice = Restrict, true
	default:
		d.Verdict, d.NotifyRecipients = Refuse, false
	}
	return d
}

// reason is the code under which the person is told of the exception.
func (e ErasureException) reason() RefusalReason {
	switch e.Limb {
	case "a":
		return FreedomOfExpression
	case "c":
		return PublicHealth
	case "d":
		return ArchivingResearch
	case "e":
		return LegalClaims
	}
	return LegalObligation
}
