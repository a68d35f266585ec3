package preflight

import (
	"github.com/privacy-docket/docket/privacy"
)

// checkAdvertisement wants an advertisement to be known as one, unless the recipient has asked for it (15 USC 7704(a)(5)(A)(i), (B)).
// No form is written down, so what is missing are words, and the finding is never sure.
func checkAdvertisement(e *exam) {
	if e.Consent == ConsentExpress || !e.applies(ruleUnlabelled) || e.speaks(privacy.AboutAdvertising, e.message.subject) || e.speaks(privacy.AboutAdvertising, e.message.visible()) {
		return
	}
	reason := "it is not known whether the recipients have asked for it"
	if e.Consent != ConsentUnknown {
		reason = "the recipients have not asked for it"
	}
	e.find(ruleUnlabelled, told{reason: reason})
}

// checkPrivacyLink wants a link to the privacy notice that can be seen (GDPR Arts 12(1), 13).
func checkPrivacyLink(e *exam) {
	if !e.applies(rulePrivacyMissing) {
		return
	}
	for _, w := range e.waysOut(privacy.AboutPrivacy) {
		if w.seen() && w.dead == "" {
			return
		}
	}
	e.find(rulePrivacyMissing, told{})
}

// checkWithdrawal wants a message that asks for consent to say that it can be withdrawn (SOR/2012-36 s.4, GDPR Art 7(3)).
func checkWithdrawal(e *exam) {
	if e.applies(ruleWithdrawal) && !e.speaks(privacy.AboutWithdrawing, e.message.visible()) {
		e.find(ruleWithdrawal, told{})
	}
}
