package preflight

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// checkPostal wants the sender's postal address (15 USC 7704(a)(5)(A)(iii), SOR/2012-36 s.2(1)(d)). Only an address that was given
// can be found for sure. Otherwise an address is known by its form, and the report says that it was.
func checkPostal(e *exam) {
	if !e.applies(rulePostalMissing) {
		return
	}
	visible := e.message.visible()
	if e.Address != "" && sameWords(visible, e.Address) {
		return
	}
	saw, form := e.looksPostal(visible)
	switch {
	case e.Address != "" && saw != "":
		e.find(rulePostalOther, told{saw: saw, reason: "what looks like an address of " + form + " is not " + shown(e.Address)})
	case e.Address != "":
		e.find(rulePostalMissing, told{reason: shown(e.Address) + " does not stand in what can be seen", doubt: len(e.message.unread) > 0})
	case saw != "":
		e.unchecked("whether the postal address is valid", "something that looks like an address of "+form+" is there, and none was given to compare it with", "give the address that must be there")
	default:
		// An address without a single number is hardly one; with numbers in the text, one of another form may be there.
		e.find(rulePostalMissing, told{reason: "nothing in the message looks like one", doubt: len(e.message.unread) > 0 || strings.ContainsFunc(visible, unicode.IsDigit)})
	}
}

// looksPostal finds what looks like a postal address, and of which country.
func (e *exam) looksPostal(text string) (saw, country string) {
	text = plain(text)
	for _, form := range e.rules.AddressForms {
		if saw, found := form.Pattern.Find(text); found {
			return saw, form.Country
		}
	}
	return "", ""
}

// telephone is a number as it is written to be called.
var telephone = regexp.MustCompile(`(?i)(\+|\b00)[1-9][\d\s()./-]{6,}\d|\(\d{3}\)\s?\d{3}[ -]\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}\b|\b(tel|phone|call|telefon|tél|teléfono)\b[^\d]{0,12}[\d][\d\s()./-]{5,}\d`)

// checkContact wants a telephone number, an e-mail address or a web address beside the postal address (SOR/2012-36 s.2(1)(d)).
func checkContact(e *exam) {
	if !e.applies(ruleContactMissing) {
		return
	}
	visible := e.message.visible()
	if telephone.MatchString(plain(visible)) || address.MatchString(visible) || namesDomain.MatchString(visible) {
		return
	}
	ways := e.outLinks()
	for _, p := range e.message.pages {
		if slices.ContainsFunc(p.links, func(l *link) bool { return l.why == "" && leadsNowhere(l.href) == "" && !slices.Contains(ways, l.href) }) {
			return
		}
	}
	e.find(ruleContactMissing, told{doubt: len(e.message.unread) > 0})
}
