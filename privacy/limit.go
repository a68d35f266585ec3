package privacy

import "slices"

// LimitKind is what may no longer be done with somebody's data, or only within bounds.
type LimitKind string

// The kinds of limit.
const (
	LimitRestriction   LimitKind = "restriction"          // Art. 18 GDPR: kept, and little else
	LimitMarketing     LimitKind = "direct_marketing"     // Art. 21(2)-(3) GDPR
	LimitInterests     LimitKind = "legitimate_interest"  // Art. 21(1) with Art. 6(1)(f) GDPR
	LimitPublicTask    LimitKind = "public_task"          // Art. 21(1) with Art. 6(1)(e) GDPR
	LimitResearch      LimitKind = "research"             // Art. 21(6) GDPR
	LimitSale          LimitKind = "sale"                 // sale and sharing, Civ. Code 1798.120
	LimitAdvertising   LimitKind = "targeted_advertising" // state laws of the US; sharing in California
	LimitProfiling     LimitKind = "profiling"            // Art. 21(1) GDPR; state laws of the US
	LimitSensitiveData LimitKind = "sensitive_use"        // Civ. Code 1798.121
	// LimitSuppressed is none that anybody asks for: the person was erased, and must not come back by a list (Art. 17, 21(3) GDPR).
	LimitSuppressed LimitKind = "suppression"
)

// LimitKinds lists every kind that is asked for.
func LimitKinds() []LimitKind {
	return []LimitKind{
		LimitRestriction, LimitMarketing, LimitInterests, LimitPublicTask, LimitResearch, LimitSale, LimitAdvertising, LimitProfiling, LimitSensitiveData,
	}
}

// RestrictionGround is why a person may have the processing of their data restricted.
type RestrictionGround string

// The grounds of Art. 18(1) GDPR, in its order.
const (
	AccuracyContested RestrictionGround = "accuracy_contested" // (a), while the controller checks
	UnlawfulUse       RestrictionGround = "unlawful"           // (b), instead of erasure
	NeededForClaims   RestrictionGround = "legal_claims"       // (c), by the person
	ObjectionPending  RestrictionGround = "objection_pending"  // (d), while the grounds are weighed
)

// RestrictionGrounds lists every ground.
func RestrictionGrounds() []RestrictionGround {
	return []RestrictionGround{AccuracyContested, UnlawfulUse, NeededForClaims, ObjectionPending}
}

// Ask is what a request says beyond its right, where the answer turns on it.
type Ask struct {
	// Ground is that of a restriction.
	Ground RestrictionGround `json:"ground,omitempty"`
	// Against are the uses that an objection or an opt-out is against.
	Against []LimitKind `json:"against,omitempty"`
}

// CodeAsk says that a request leaves out what its right turns on, or names what does not belong to it.
const CodeAsk RuleCode = "ask"

// Objectable are what objections can be against.
func Objectable() []LimitKind {
	return []LimitKind{LimitMarketing, LimitInterests, LimitPublicTask, LimitResearch, LimitProfiling}
}

// optable are what one can opt out of.
func optable() []LimitKind { return []LimitKind{LimitSale, LimitAdvertising, LimitProfiling} }

// Complete holds what a request says to its right, and fills in what follows from the right alone: an opt-out that names nothing is against all
// that one can opt out of. The error is a *RuleError that says what to add.
func (a Ask) Complete(right Right) (Ask, error) {
	switch right {
	case Restriction:
		if !slices.Contains(RestrictionGrounds(), a.Ground) {
			return a, askError("a restriction has one of four grounds: accuracy_contested, unlawful, legal_claims or objection_pending", "Art. 18(1) GDPR")
		}
		a.Against = []LimitKind{LimitRestriction}
		return a, nil
	case Objection:
		if len(a.Against) == 0 || !within(a.Against, Objectable()) {
			return a, askError("an objection says what it is against: direct_marketing, legitimate_interest, public_task, research or profiling", "Art. 21 GDPR")
		}
	case OptOut:
		if len(a.Against) == 0 {
			a.Against = optable()
		}
		if !within(a.Against, optable()) {
			return a, askError("one can opt out of sale, targeted_advertising and profiling", "Civ. Code 1798.120")
		}
	case LimitUse:
		if len(a.Against) > 0 && !slices.Equal(a.Against, []LimitKind{LimitSensitiveData}) {
			return a, askError("what is limited is the use of sensitive data; name nothing else", "Civ. Code 1798.121")
		}
		a.Against = []LimitKind{LimitSensitiveData}
	default:
		if len(a.Against) > 0 {
			return a, askError("only restrictions, objections and opt-outs are against something", "")
		}
	}
	if a.Ground != "" {
		return a, askError("only a restriction has a ground", "Art. 18(1) GDPR")
	}
	a.Against = sortedLimits(a.Against)
	return a, nil
}

func askError(message, citation string) *RuleError {
	return &RuleError{Code: CodeAsk, Message: message, Citation: Citation{Text: citation, Mark: Verified}}
}

func within(all, known []LimitKind) bool {
	return !slices.ContainsFunc(all, func(k LimitKind) bool { return !slices.Contains(known, k) })
}

// sortedLimits puts kinds in the order of LimitKinds, each once.
func sortedLimits(all []LimitKind) (out []LimitKind) {
	for _, k := range LimitKinds() {
		if slices.Contains(all, k) {
			out = append(out, k)
		}
	}
	return out
}

// Limits says whether a right sets limits to what is done with the data.
func (r Right) Limits() bool {
	return slices.Contains([]Right{Restriction, Objection, OptOut, LimitUse}, r)
}

// AtOnce are the limits that stand from the moment they are asked for: there is nothing to weigh against them, and nobody is asked who they are
// (Art. 21(3) GDPR; 11 CCR 7026, 7027).
func (a Ask) AtOnce(right Right) (out []LimitKind) {
	for _, k := range a.Against {
		if k == LimitMarketing || right == OptOut || right == LimitUse {
			out = append(out, k)
		}
	}
	return out
}

// Weighed are the limits that stand while somebody decides on them: from the moment it is known who asks (Art. 18(1)(a) and (d) GDPR).
func (a Ask) Weighed(right Right) (out []LimitKind) {
	for _, k := range a.Against {
		if !slices.Contains(a.AtOnce(right), k) {
			out = append(out, k)
		}
	}
	return out
}

// NeedsIdentity says whether it must be known who asks: not where the law forbids to ask, nor where all that is asked for takes effect at once.
func (a Ask) NeedsIdentity(right Right, rule RightRule) bool {
	return rule.NeedsIdentity && (!right.Limits() || len(a.Weighed(right)) > 0)
}

// Citation is the rule that a limit of a kind rests on where it was first written down.
func (k LimitKind) Citation() Citation {
	text := map[LimitKind]string{
		LimitRestriction: "Art. 18 GDPR", LimitMarketing: "Art. 21(3) GDPR", LimitInterests: "Art. 21(1) GDPR", LimitPublicTask: "Art. 21(1) GDPR",
		LimitResearch: "Art. 21(6) GDPR", LimitSale: "Civ. Code 1798.120", LimitAdvertising: "Civ. Code 1798.120", LimitProfiling: "Art. 21(1) GDPR",
		LimitSensitiveData: "Civ. Code 1798.121", LimitSuppressed: "Art. 17 GDPR",
	}[k]
	return Citation{Text: text, Mark: Verified}
}
