package notify

import (
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Limited tells what is no longer done with the person's data (Arts. 18, 21 and 12(3) GDPR; 11 CCR 7026, 7027).
type Limited struct {
	Frame
	On     time.Time
	Limits []privacy.LimitKind
}

// Restricted says whether the data is only kept.
func (l *Limited) Restricted() bool { return slices.Contains(l.Limits, privacy.LimitRestriction) }

// LimitEnds tells, before it happens, that a limit ends (Art. 18(3) GDPR).
type LimitEnds struct {
	Frame
	// On is when the limit ends.
	On    time.Time
	Limit privacy.LimitKind
	// Reason is ground_gone, person_asked or fraud_belief.
	Reason string
	Remedy Remedy
}

// Held is the limit as a list.
func (l *LimitEnds) Held() []privacy.LimitKind { return []privacy.LimitKind{l.Limit} }

// Wanted says whether the person asked for it.
func (l *LimitEnds) Wanted() bool { return l.Reason == "person_asked" }

// AmendmentFailed tells the staff that something could not be set in a system.
type AmendmentFailed struct {
	Notice
	System  string
	Problem string
	At      time.Time
}

// Kind of each.
func (*Limited) Kind() Kind         { return KindLimited }
func (*LimitEnds) Kind() Kind       { return KindLimitEnds }
func (*AmendmentFailed) Kind() Kind { return KindAmendmentFailed }

func (l *Limited) whole() error { return need(!l.On.IsZero() && len(l.Limits) > 0, "On and Limits") }

func (l *LimitEnds) whole() error {
	return need(!l.On.IsZero() && l.Limit != "" && l.Reason != "", "On, Limit and Reason")
}

// limits are sentences that say what each limit means for the person.
func (w *writer) limits(all []privacy.LimitKind) (out []string, err error) {
	for _, kind := range all {
		words, err := w.line(fmt.Sprintf("word/limit.%s", kind))
		if err != nil {
			return nil, err
		}
		out = append(out, words)
	}
	return out, nil
}
