package policies

import (
	"fmt"
	"slices"

	"golang.org/x/text/language"

	"github.com/privacy-docket/docket/privacy"
)

// mailFile holds rules for messages, the laws they rest on, and the words and patterns they are found by.
type mailFile struct {
	Laws         []privacy.MailLaw         `json:"laws,omitempty"`
	Rules        []privacy.MailRule        `json:"rules,omitempty"`
	Subjects     []privacy.MailPattern     `json:"subjects,omitempty"`
	Words        []privacy.MailWords       `json:"words,omitempty"`
	AddressForms []privacy.MailAddressForm `json:"addresses,omitempty"`
	Trackers     []privacy.MailTracker     `json:"trackers,omitempty"`
	Labels       []privacy.MailLabel       `json:"labels,omitempty"`
}

// Mail gives what messages are held to before they go out.
func (b *Book) Mail() privacy.MailRules {
	m := b.mail
	return privacy.MailRules{
		Laws: slices.Clone(m.Laws), Rules: slices.Clone(m.Rules), Subjects: slices.Clone(m.Subjects), Words: slices.Clone(m.Words),
		AddressForms: slices.Clone(m.AddressForms), Trackers: slices.Clone(m.Trackers), Labels: slices.Clone(m.Labels),
	}
}

// HasMail reports whether the book has rules for messages.
func (b *Book) HasMail() bool { return len(b.mail.Rules) > 0 }

// WithMailOf gives the book with the rules for messages of another.
func (b *Book) WithMailOf(other *Book) *Book {
	with := *b
	with.mail = other.mail
	return &with
}

// mailReference is a name that one part of the files uses for another, and where.
type mailReference struct {
	doc  *document
	at   string
	kind string
	id   string
}

// mail reads one file of rules for messages behind those read before.
func (l *loader) mail(d *document, data []byte) {
	var file mailFile
	d.decode(data, &file)
	m := &l.book.mail
	m.Laws = mailKept(l, d, "laws", m.Laws, file.Laws, kind[privacy.MailLaw]{"law of messages", func(x privacy.MailLaw) string { return x.ID }, checkMailLaw})
	m.Rules = mailKept(l, d, "rules", m.Rules, file.Rules, kind[privacy.MailRule]{"rule of messages", func(x privacy.MailRule) string { return x.ID }, l.checkMailRule})
	m.Subjects = mailKept(l, d, "subjects", m.Subjects, file.Subjects, kind[privacy.MailPattern]{"pattern of subjects", func(x privacy.MailPattern) string { return x.ID }, l.checkMailPattern})
	m.Words = mailKept(l, d, "words", m.Words, file.Words, kind[privacy.MailWords]{"list of words", func(x privacy.MailWords) string { return x.ID }, checkMailWords})
	m.AddressForms = mailKept(l, d, "addresses", m.AddressForms, file.AddressForms, kind[privacy.MailAddressForm]{"form of addresses", func(x privacy.MailAddressForm) string { return x.ID }, checkMailAddress})
	m.Trackers = mailKept(l, d, "trackers", m.Trackers, file.Trackers, kind[privacy.MailTracker]{"pattern of tracking", func(x privacy.MailTracker) string { return x.ID }, func(*document, string, privacy.MailTracker) {}})
	m.Labels = mailKept(l, d, "labels", m.Labels, file.Labels, kind[privacy.MailLabel]{"label", func(x privacy.MailLabel) string { return x.ID }, l.checkMailLabel})
}

func mailKept[T any](l *loader, d *document, list string, before, items []T, k kind[T]) []T {
	kept(l, d, list, items, k)
	return append(before, items...)
}

func checkMailLaw(d *document, at string, law privacy.MailLaw) {
	for i, country := range law.Countries {
		checkMailCountry(d, fmt.Sprintf("%s.countries.%d", at, i), country)
	}
	if law.OnlyNamed && len(law.Countries) == 0 {
		d.at(join(at, "only_named"), "a law without countries cannot be named by one")
	}
}

func checkMailCountry(d *document, at, country string) {
	region, err := language.ParseRegion(country)
	if err != nil || !region.IsCountry() || region.String() != country {
		d.at(at, "%q is no country by two capital letters (ISO 3166-1)", country)
	}
}

func checkMailLanguage(d *document, at, tag string) {
	base, err := language.ParseBase(tag)
	if err != nil || base.String() != tag {
		d.at(at, "%q is no language by two letters (ISO 639-1)", tag)
	}
}

// checkMailRule wants a ground for every class of the rule, so that nothing can be found without a citation.
func (l *loader) checkMailRule(d *document, at string, r privacy.MailRule) {
	if len(r.Classes) == 0 {
		d.at(join(at, "classes"), "the rule is for no class of messages")
	}
	grounded := map[privacy.MailClass]bool{}
	for i, g := range r.Grounds {
		path := fmt.Sprintf("%s.grounds.%d", at, i)
		l.refers(d, join(path, "law"), "law of messages", g.Law)
		for _, class := range g.Classes {
			if !slices.Contains(r.Classes, class) {
				d.at(join(path, "classes"), "the rule is not for the class %s", class)
			}
		}
		for _, class := range orAll(g.Classes, r.Classes) {
			grounded[class] = true
		}
	}
	for _, class := range r.Classes {
		if !grounded[class] {
			d.at(join(at, "grounds"), "no law stands behind the rule for the class %s", class)
		}
	}
}

func orAll(some, all []privacy.MailClass) []privacy.MailClass {
	if len(some) > 0 {
		return some
	}
	return all
}

func (l *loader) checkMailPattern(d *document, at string, p privacy.MailPattern) {
	checkMailLanguage(d, join(at, "language"), p.Language)
	l.refers(d, join(at, "rule"), "rule of messages", p.Rule)
}

func checkMailWords(d *document, at string, w privacy.MailWords) {
	checkMailLanguage(d, join(at, "language"), w.Language)
}

func checkMailAddress(d *document, at string, f privacy.MailAddressForm) {
	checkMailCountry(d, join(at, "country"), f.Country)
}

func (l *loader) checkMailLabel(d *document, at string, label privacy.MailLabel) {
	l.refers(d, join(at, "rule"), "rule of messages", label.Rule)
}

// refers notes a name that is looked up when every file was read.
func (l *loader) refers(d *document, at, kind, id string) {
	l.references = append(l.references, mailReference{doc: d, at: at, kind: kind, id: id})
}

// checkReferences refuses names of laws and rules that no file defines.
func (l *loader) checkReferences() {
	for _, r := range l.references {
		if _, defined := l.seen[r.kind+" "+r.id]; defined || r.doc.full() {
			continue
		}
		before := len(r.doc.problems)
		r.doc.at(r.at, "no %s is called %q", r.kind, r.id)
		l.problems = append(l.problems, r.doc.problems[before:]...)
	}
}
