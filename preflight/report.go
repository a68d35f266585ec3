package preflight

import (
	"cmp"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Outcome is the report in one word.
type Outcome string

// The outcomes.
const (
	Fails  Outcome = "errors"   // a law or a provider's rule is broken: the message must not go out as it is
	Warns  Outcome = "warnings" // look at it before it goes out
	Passes Outcome = "fine"
)

// Report is what was found about one message. It repeats parts of the message, so it belongs to whoever sent it in.
type Report struct {
	Outcome   Outcome           `json:"outcome" enum:"errors,warnings,fine"`
	Errors    int               `json:"errors"`
	Warnings  int               `json:"warnings"`
	Notes     int               `json:"notes"`
	Class     privacy.MailClass `json:"class" enum:"commercial,transactional,asking_consent"`
	Countries []string          `json:"countries" nullable:"false" doc:"Of the recipients; none means all."`
	Laws      []Law             `json:"laws" nullable:"false" doc:"The laws and rules that reach these recipients."`
	Message   Summary           `json:"message"`
	Findings  []Finding         `json:"findings" nullable:"false" doc:"Worst first."`
	Unchecked []Unchecked       `json:"unchecked" nullable:"false" doc:"What could not be told, and what would help."`
}

// Law is a law that was looked at.
type Law struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Jurisdiction string `json:"jurisdiction"`
}

// Summary says what was read.
type Summary struct {
	Subject     string      `json:"subject"`
	From        string      `json:"from" doc:"As it is shown: the name and the address."`
	Bytes       int         `json:"bytes"`
	Text        bool        `json:"text" doc:"It has a text part."`
	HTML        bool        `json:"html" doc:"It has an HTML part."`
	Attachments int         `json:"attachments"`
	Signatures  []Signature `json:"signatures" nullable:"false" doc:"DKIM."`
}

// Signature is one DKIM signature of the message.
type Signature struct {
	Domain  string `json:"domain"`
	Result  string `json:"result" enum:"valid,invalid,unverified"`
	Reason  string `json:"reason,omitempty"`
	Aligned bool   `json:"aligned" doc:"It is of the domain in From, as DMARC compares them."`
	// OneClick says that h= names both headers of one-click unsubscribing.
	OneClick bool `json:"covers_one_click" doc:"h= names List-Unsubscribe and List-Unsubscribe-Post."`
}

// The results of a signature.
const (
	signatureValid      = "valid"
	signatureInvalid    = "invalid"
	signatureUnverified = "unverified"
)

// Finding is one thing that is wrong, by which law, and what to do about it.
type Finding struct {
	Rule     string               `json:"rule" example:"unsubscribe.missing"`
	Severity privacy.MailSeverity `json:"severity" enum:"error,warning,note"`
	Title    string               `json:"title"`
	Reason   string               `json:"reason,omitempty" doc:"What in this message made the rule speak."`
	Where    string               `json:"where,omitempty" example:"HTML, link 3"`
	Saw      string               `json:"saw,omitempty" doc:"The place in the message, shortened."`
	Do       string               `json:"do" doc:"What to do about it."`
	Grounds  []Ground             `json:"grounds" nullable:"false" doc:"The laws that it breaks; never none."`
}

// Ground is one law behind a finding.
type Ground struct {
	Law          string               `json:"law"`
	Name         string               `json:"name"`
	Jurisdiction string               `json:"jurisdiction"`
	Severity     privacy.MailSeverity `json:"severity" enum:"error,warning,note"`
	Citation     privacy.Citation     `json:"citation"`
}

// Unchecked is something that could not be told.
type Unchecked struct {
	What string `json:"what"`
	Why  string `json:"why"`
	Do   string `json:"do,omitempty"`
}

// sorted brings the worst findings to the front and counts.
func (r *Report) sorted() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(privacy.MailSeverities(), a.Severity), slices.Index(privacy.MailSeverities(), b.Severity))
	})
	r.Outcome = Passes
	for _, f := range r.Findings {
		switch f.Severity {
		case privacy.MailError:
			r.Errors++
		case privacy.MailWarning:
			r.Warnings++
		default:
			r.Notes++
		}
	}
	switch {
	case r.Errors > 0:
		r.Outcome = Fails
	case r.Warnings > 0:
		r.Outcome = Warns
	}
}
