package preflight

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Checker checks messages by a set of rules. It is safe for concurrent use.
type Checker struct {
	rules privacy.MailRules
	byID  map[string]privacy.MailRule
	dns   Resolver
}

// New makes a checker. Without a resolver it works offline: signatures are read and not verified. Rules that the checks know and
// the policies lack are an error, so that no check is silently left out.
func New(rules privacy.MailRules, dns Resolver) (*Checker, error) {
	c := &Checker{rules: rules, byID: map[string]privacy.MailRule{}, dns: dns}
	for _, r := range rules.Rules {
		c.byID[r.ID] = r
	}
	for _, id := range Rules() {
		if _, there := c.byID[id]; !there {
			return nil, fmt.Errorf("the policies have no rule of messages %q", id)
		}
	}
	return c, nil
}

// Check reads a message as it goes out and says what is wrong with it. A *RefusedError says that it cannot be checked.
func (c *Checker) Check(ctx context.Context, raw []byte, q Question) (Report, error) {
	q, err := q.complete()
	if err != nil {
		return Report{}, err
	}
	m, err := read(raw)
	if err != nil {
		return Report{}, err
	}
	e := &exam{Checker: c, ctx: ctx, Question: q, message: m}
	e.begin()
	for _, check := range checks() {
		check(e)
	}
	e.report.sorted()
	return e.report, nil
}

// checks lists what is looked at, in the order in which findings of one severity are shown.
func checks() []func(*exam) {
	return []func(*exam){
		checkHeader, checkSender, checkReplyTo, checkName, checkSignatures, checkAlignment, checkResults,
		checkSubject, checkHiddenSigns, checkScripts, checkOneClick, checkUnsubscribe, checkLabel, checkAdvertisement,
		checkPostal, checkContact, checkPrivacyLink, checkWithdrawal, checkPixels, checkLinks, checkReadable, checkForms,
	}
}

// exam is the check of one message.
type exam struct {
	*Checker
	Question
	ctx     context.Context
	message *message
	laws    []privacy.MailLaw
	report  Report
	// signatures are those of the message, after checkSignatures.
	signatures []signature
}

func (e *exam) begin() {
	e.report = Report{Class: e.Class, Countries: e.Countries, Message: e.message.summary(), Findings: []Finding{}, Unchecked: []Unchecked{}}
	if e.Countries == nil {
		e.report.Countries = []string{}
	}
	for _, law := range e.rules.Laws {
		if law.Reaches(e.Countries) {
			e.laws = append(e.laws, law)
			e.report.Laws = append(e.report.Laws, Law{ID: law.ID, Name: law.Name, Jurisdiction: law.Jurisdiction})
		}
	}
}

// told is what a check says beside its rule.
type told struct {
	reason, where, saw string
	// doubt makes an error a warning: the check cannot be sure.
	doubt bool
}

// find adds a finding under each law that reaches the recipients and holds for the class. Without one there is none.
func (e *exam) find(id string, what told) {
	rule := e.byID[id]
	grounds := e.grounds(rule, what.doubt)
	if len(grounds) == 0 {
		return
	}
	f := Finding{
		Rule: id, Severity: privacy.MailNote, Title: rule.Title, Reason: what.reason, Where: what.where, Saw: shown(what.saw), Do: rule.Do, Grounds: grounds,
	}
	for _, g := range grounds {
		if g.Severity.Worse(f.Severity) {
			f.Severity = g.Severity
		}
	}
	e.report.Findings = append(e.report.Findings, f)
}

func (e *exam) grounds(rule privacy.MailRule, doubt bool) []Ground {
	if !slices.Contains(rule.Classes, e.Class) {
		return nil
	}
	var out []Ground
	for _, g := range rule.Grounds {
		law, reaches := e.law(g.Law)
		if !reaches || len(g.Classes) > 0 && !slices.Contains(g.Classes, e.Class) || g.OnlyNamed && len(e.Countries) == 0 {
			continue
		}
		if doubt && g.Severity == privacy.MailError {
			g.Severity = privacy.MailWarning
		}
		out = append(out, Ground{Law: law.ID, Name: law.Name, Jurisdiction: law.Jurisdiction, Severity: g.Severity, Citation: g.Citation})
	}
	return out
}

func (e *exam) law(id string) (privacy.MailLaw, bool) {
	i := slices.IndexFunc(e.laws, func(l privacy.MailLaw) bool { return l.ID == id })
	if i < 0 {
		return privacy.MailLaw{}, false
	}
	return e.laws[i], true
}

// applies reports whether a rule could find anything for these recipients and this class.
func (e *exam) applies(id string) bool { return len(e.grounds(e.byID[id], false)) > 0 }

func (e *exam) unchecked(what, why, do string) {
	e.report.Unchecked = append(e.report.Unchecked, Unchecked{What: what, Why: why, Do: do})
}
