package preflight

import (
	"fmt"

	"github.com/privacy-docket/docket/privacy"
)

// ruleOfFault is the rule by which a fault of one-click unsubscribing is told.
func ruleOfFault() map[privacy.OneClickFault]string {
	return map[privacy.OneClickFault]string{
		privacy.FaultMissingList: ruleOneClickMissing, privacy.FaultBrackets: ruleOneClickBrackets, privacy.FaultNoHTTPS: ruleOneClickHTTPS,
		privacy.FaultMissingPost: ruleOneClickPost, privacy.FaultPostValue: ruleOneClickValue, privacy.FaultDKIMCoverage: ruleOneClickUnsigned,
	}
}

// checkOneClick looks at both headers of one-click unsubscribing, and whether a valid signature covers them (RFC 8058).
func checkOneClick(e *exam) {
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post"} {
		if n := len(e.message.header.Values(name)); n > 1 {
			e.find(ruleOneClickRepeated, told{where: name, reason: fmt.Sprintf("%s comes %d times", name, n)})
		}
	}
	if mark := placeholder.FindString(e.message.field("List-Unsubscribe")); mark != "" {
		e.find(ruleUnsubDead, told{where: "List-Unsubscribe", saw: mark, reason: "it has a placeholder that was not filled in"})
	}
	headers := privacy.OneClickHeaders{ListUnsubscribe: e.message.field("List-Unsubscribe"), ListUnsubscribePost: e.message.header.Get("List-Unsubscribe-Post")}
	headers.DKIMSigned = e.covering(signatureValid)
	fault := headers.Check()
	switch {
	case fault == privacy.FaultNone:
	case fault != privacy.FaultDKIMCoverage:
		e.find(ruleOfFault()[fault], told{where: where(fault), saw: saw(fault, headers)})
	case e.BeforeSigning && len(e.signatures) == 0:
		e.unchecked("whether DKIM covers both headers of one-click unsubscribing", "the message is a draft that is signed later", "have the server name both in h=, and check the message as it goes out")
	case e.coveredUnverified(headers):
		e.find(ruleOneClickUnproven, told{where: "DKIM-Signature", reason: "both are in h=, but " + e.whyUnverified()})
	default:
		e.find(ruleOneClickUnsigned, told{where: "DKIM-Signature", reason: e.whyUncovered()})
	}
}

// covering gives the fields of the signature with this result that covers both headers, or those of the first one.
func (e *exam) covering(result string) []string {
	var fields []string
	for _, s := range e.signatures {
		if s.Result == result && (s.OneClick || fields == nil) {
			fields = s.fields
			if s.OneClick {
				return fields
			}
		}
	}
	return fields
}

func (e *exam) coveredUnverified(headers privacy.OneClickHeaders) bool {
	headers.DKIMSigned = e.covering(signatureUnverified)
	return headers.Check() == privacy.FaultNone
}

func (e *exam) whyUncovered() string {
	for _, s := range e.signatures {
		switch {
		case s.valid():
			return "the signature of " + s.Domain + " is valid, but its h= lacks one of them"
		case s.OneClick:
			return "the signature of " + s.Domain + " names both, but is " + s.Result
		}
	}
	return "no signature names both"
}

func where(fault privacy.OneClickFault) string {
	switch fault {
	case privacy.FaultMissingPost, privacy.FaultPostValue:
		return "List-Unsubscribe-Post"
	}
	return "List-Unsubscribe"
}

func saw(fault privacy.OneClickFault, h privacy.OneClickHeaders) string {
	switch fault {
	case privacy.FaultPostValue:
		return h.ListUnsubscribePost
	case privacy.FaultBrackets, privacy.FaultNoHTTPS:
		return h.ListUnsubscribe
	}
	return ""
}
