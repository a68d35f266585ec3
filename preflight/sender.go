package preflight

import (
	"regexp"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

// checkSender looks whether From is one address, of a domain that is verified.
func checkSender(e *exam) {
	if e.message.from == nil {
		if e.message.header.Has("From") {
			e.find(ruleFromUnreadable, told{where: "From", saw: e.message.field("From")})
		}
		return
	}
	if len(e.Domains)+len(e.Lapsed) == 0 {
		e.unchecked("whether From and Reply-To are of your own domains", "no verified domain is known", "name your domains, or verify them by a record in DNS")
		return
	}
	if why := e.foreign(e.message.from.Address); why != "" {
		e.find(ruleFromUnverified, told{where: "From", saw: e.message.from.Address, reason: why})
	}
}

// checkReplyTo looks whether answers go to a domain that is verified.
func checkReplyTo(e *exam) {
	if len(e.Domains)+len(e.Lapsed) == 0 || !e.message.header.Has("Reply-To") {
		return
	}
	to, err := e.message.header.AddressList("Reply-To")
	if err != nil {
		e.find(ruleReplyTo, told{where: "Reply-To", saw: e.message.field("Reply-To"), reason: "its addresses cannot be read"})
		return
	}
	for _, address := range to {
		if why := e.foreign(address.Address); why != "" {
			e.find(ruleReplyTo, told{where: "Reply-To", saw: address.Address, reason: why})
		}
	}
}

// foreign says why the domain of an address does not count as the sender's own; empty when it does.
func (e *exam) foreign(address string) string {
	domain := domainOf(address)
	switch {
	case covered(e.Domains, domain):
		return ""
	case covered(e.Lapsed, domain):
		return shown(domain) + " was verified, but its record is no longer in DNS"
	}
	return shown(domain) + " is not among the verified domains"
}

// namesDomain finds a domain or an address in the name of a sender.
var namesDomain = regexp.MustCompile(`(?i)\b[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*\.(com|org|net|de|fr|es|uk|ca|au|us|eu|io|co|gov|edu|info|biz)\b`)

// checkName looks whether the name in From poses as somebody else, and whether the message says who sends it.
func checkName(e *exam) {
	if e.message.from == nil {
		return
	}
	name, domain := e.message.from.Name, domainOf(e.message.from.Address)
	for _, other := range namesDomain.FindAllString(name, -1) {
		other = strings.ToLower(other)
		if organisation(other) != organisation(domain) && !covered(e.Domains, other) {
			// An address is somebody's; a name with an ending may be the company's own.
			e.find(ruleNamePoses, told{where: "From", saw: name, reason: "the name speaks of " + shown(other) + ", the address is of " + shown(domain), doubt: !strings.Contains(name, "@")})
			break
		}
	}
	if sign, there := hiddenSign(name); there {
		e.find(ruleNamePoses, told{where: "From", saw: name, reason: "the name has " + sign})
	}
	if word, scripts := mixed(name); word != "" {
		e.find(ruleNamePoses, told{where: "From", saw: word, reason: "a word of the name mixes letters of " + scripts})
	}
	e.named(name)
}

// named wants the sender's name where a reader sees it (SOR/2012-36 s.2(1)(a), Spam Act 2003 s.17).
func (e *exam) named(shownAs string) {
	switch {
	case e.Name == "" && strings.TrimSpace(shownAs) == "":
		e.find(ruleUnnamed, told{where: "From", reason: "From shows no name, and no name was given to look for", doubt: true})
	case e.Name == "" || e.Class == privacy.TransactionalMail:
	case !sameWords(shownAs+" "+e.message.visible(), e.Name):
		e.find(ruleUnnamed, told{reason: "the name " + shown(e.Name) + " stands neither in From nor in what can be seen"})
	}
}

// sameWords reports whether the words of a phrase stand in a text one after the other, whatever stands between them that is no letter.
func sameWords(text, phrase string) bool {
	wanted := words(phrase)
	if len(wanted) == 0 {
		return false
	}
	return strings.Contains(" "+strings.Join(words(text), " ")+" ", " "+strings.Join(wanted, " ")+" ")
}
