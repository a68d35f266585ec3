package notify

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// CorrectYourself tells the person that they can correct some of their data themselves, and where.
type CorrectYourself struct {
	Frame
	Link string
}

// Corrected tells what was corrected (Art. 16 and 12(3) GDPR), and what was not and why (Art. 12(4) GDPR).
type Corrected struct {
	Frame
	On   time.Time
	Done []CorrectedField
	// Refused are those that stay as they are, each with its reason.
	Refused []CorrectedField
	// StatementLink leads to where the person can put a statement beside what was refused.
	StatementLink string
	Remedy        Remedy
}

// CorrectedField is a field, and the reason for which it was not corrected. What it says is in no letter.
type CorrectedField struct {
	System, Field string
	Reason        privacy.RefusalReason
}

// What names the field for people.
func (f CorrectedField) What() string {
	return f.System + " (" + strings.ReplaceAll(f.Field, "_", " ") + ")"
}

// Kind of each.
func (*CorrectYourself) Kind() Kind { return KindCorrectYourself }
func (*Corrected) Kind() Kind       { return KindCorrected }

func (c *CorrectYourself) whole() error { return need(c.Link != "", "Link") }

func (c *Corrected) whole() error {
	return need(!c.On.IsZero() && len(c.Done)+len(c.Refused) > 0 && c.StatementLink != "", "On, Done or Refused, and StatementLink")
}

// corrected names fields, each once.
func (w *writer) corrected(all []CorrectedField) (out []string, err error) {
	seen := map[string]bool{}
	for _, f := range all {
		line := plain(f.What())
		if f.Reason != "" {
			why, err := w.ruled("refusal", f.Reason)
			if err != nil {
				return nil, err
			}
			var text strings.Builder
			if err := w.set.ExecuteTemplate(&text, "word/corrected.refused", map[string]string{"What": line, "Why": why}); err != nil {
				return nil, withoutValues(err)
			}
			line = text.String()
		}
		if !seen[line] {
			seen[line] = true
			out = append(out, line)
		}
	}
	return out, nil
}
