package privacy

import (
	"slices"
	"time"
)

// UsePurpose is what somebody wants to use data for.
type UsePurpose string

// The purposes that limits tell apart.
const (
	UseService     UsePurpose = "service" // what the person asked for: an order, an account, an answer
	UseSecurity    UsePurpose = "security"
	UseMarketing   UsePurpose = "direct_marketing"
	UseAdvertising UsePurpose = "targeted_advertising"
	UseSale        UsePurpose = "sale"
	UseSharing     UsePurpose = "sharing" // for advertising across contexts (Civ. Code 1798.140(ah))
	UseProfiling   UsePurpose = "profiling"
	UseResearch    UsePurpose = "research"
	UseAnalytics   UsePurpose = "analytics"
	UseOther       UsePurpose = "other"
)

// UsePurposes lists every purpose.
func UsePurposes() []UsePurpose {
	return []UsePurpose{UseService, UseSecurity, UseMarketing, UseAdvertising, UseSale, UseSharing, UseProfiling, UseResearch, UseAnalytics, UseOther}
}

// Use is what is to be done with a person's data.
type Use struct {
	Purpose UsePurpose
	// Basis is a letter of Art. 6(1) GDPR by name: consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. Empty
	// where the caller's law knows none.
	Basis string
	// Operation is what Art. 18(2) GDPR tells apart; empty is any other use.
	Operation RestrictedOp
	// Sensitive says that it is sensitive personal information (Civ. Code 1798.140(ae)).
	Sensitive bool
}

// StandingLimit is a limit as it stands.
type StandingLimit struct {
	Kind LimitKind
	// Provisional limits stand while somebody decides on them.
	Provisional bool
	Since       time.Time
	// Ends is when the person was told that it ends; zero while it has no end.
	Ends     time.Time
	Citation Citation
}

// Block is one limit that stands against a use.
type Block struct {
	StandingLimit
	// Why says what it stands against.
	Why BlockReason
}

// BlockReason says why a limit stands against a use.
type BlockReason string

// The reasons.
const (
	BlockedRestricted BlockReason = "restricted"    // only kept, but for what Art. 18(2) lets through
	BlockedPurpose    BlockReason = "purpose"       // the limit is against this purpose
	BlockedBasis      BlockReason = "basis"         // the limit is against this lawful basis
	BlockedNoBasis    BlockReason = "basis_unknown" // the limit is against one, and the caller names none: say it
	BlockedSensitive  BlockReason = "sensitive"     // sensitive data, for more than what is needed (11 CCR 7027(m))
	BlockedSuppressed BlockReason = "suppressed"    // whoever was erased is not written to and not sold
)

// MayUse decides whether data may be used so while limits stand: every limit that stands against it, or none.
func MayUse(use Use, standing []StandingLimit) (blocks []Block) {
	for _, l := range standing {
		if why := l.Kind.against(use); why != "" {
			blocks = append(blocks, Block{StandingLimit: l, Why: why})
		}
	}
	return blocks
}

// against says why a limit of a kind stands against a use; "" when it does not.
func (k LimitKind) against(use Use) BlockReason {
	switch k {
	case LimitRestriction:
		return restricted(use)
	case LimitInterests:
		return onBasis(use, string(PurposeLegitimateInterest)+"s")
	case LimitPublicTask:
		return onBasis(use, string(PurposePublicTask))
	case LimitSensitiveData:
		if use.Sensitive && use.Purpose != UseService && use.Purpose != UseSecurity {
			return BlockedSensitive
		}
		return ""
	}
	switch {
	case !slices.Contains(k.purposes(), use.Purpose):
		return ""
	case k == LimitSuppressed:
		return BlockedSuppressed
	default:
		return BlockedPurpose
	}
}

// restricted applies Art. 18(2) GDPR.
func restricted(use Use) BlockReason {
	op := use.Operation
	if op == "" && use.Basis == "consent" {
		op = OpWithConsent
	}
	if WhileRestricted(op).Allowed {
		return ""
	}
	return BlockedRestricted
}

// onBasis stands against every use that rests on a basis. A use without one may rest on it: it is not let through.
func onBasis(use Use, basis string) BlockReason {
	switch use.Basis {
	case basis:
		return BlockedBasis
	case "":
		return BlockedNoBasis
	default:
		return ""
	}
}

// purposes are what limits by purpose stand against. Advertising that is aimed at a person is marketing to them too, and sale and sharing are opted
// out of together (Civ. Code 1798.120).
func (k LimitKind) purposes() []UsePurpose {
	switch k {
	case LimitMarketing:
		return []UsePurpose{UseMarketing, UseAdvertising}
	case LimitResearch:
		return []UsePurpose{UseResearch}
	case LimitSale:
		return []UsePurpose{UseSale, UseSharing}
	case LimitAdvertising:
		return []UsePurpose{UseAdvertising, UseSharing}
	case LimitProfiling:
		return []UsePurpose{UseProfiling}
	case LimitSuppressed:
		return []UsePurpose{UseMarketing, UseAdvertising, UseSale, UseSharing, UseProfiling}
	case LimitRestriction, LimitInterests, LimitPublicTask, LimitSensitiveData:
	}
	return nil
}
