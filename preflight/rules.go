package preflight

// The rules that the checks speak by; the policies say what they mean.
const (
	ruleHeaderMissing    = "header.missing"
	ruleHeaderRepeated   = "header.repeated"
	ruleFromUnreadable   = "sender.unreadable"
	ruleFromUnverified   = "sender.from_unverified"
	ruleReplyTo          = "sender.reply_to_unverified"
	ruleNamePoses        = "sender.name_poses"
	ruleUnnamed          = "sender.unnamed"
	ruleDKIMMissing      = "auth.dkim_missing"
	ruleDKIMFails        = "auth.dkim_fails"
	ruleDKIMUnverified   = "auth.dkim_unverified"
	ruleDMARCMissing     = "auth.dmarc_missing"
	ruleDMARCUnaligned   = "auth.dmarc_unaligned"
	ruleResultsFail      = "auth.results_fail"
	ruleOneClickMissing  = "oneclick.missing"
	ruleOneClickRepeated = "oneclick.repeated"
	ruleOneClickBrackets = "oneclick.brackets"
	ruleOneClickHTTPS    = "oneclick.no_https"
	ruleOneClickPost     = "oneclick.post_missing"
	ruleOneClickValue    = "oneclick.post_value"
	ruleOneClickUnsigned = "oneclick.unsigned"
	ruleOneClickUnproven = "oneclick.unverified"
	ruleUnsubMissing     = "unsubscribe.missing"
	ruleUnsubHidden      = "unsubscribe.hidden"
	ruleUnsubFaint       = "unsubscribe.faint"
	ruleUnsubDead        = "unsubscribe.dead"
	ruleUnsubOnePart     = "unsubscribe.one_part"
	ruleUnsubNoLink      = "unsubscribe.no_link"
	rulePreferencesOnly  = "unsubscribe.preferences_only"
	ruleFalseReply       = "subject.false_reply"
	ruleFalseForward     = "subject.false_forward"
	ruleAccountThreat    = "subject.account_threat"
	ruleMoney            = "subject.money"
	ruleHidesSender      = "subject.hides_sender"
	ruleHiddenSigns      = "subject.hidden_signs"
	ruleMixedScripts     = "subject.mixed_scripts"
	ruleUnlabelled       = "advertisement.unlabelled"
	ruleLabelMissing     = "advertisement.label_missing"
	rulePostalMissing    = "postal.missing"
	rulePostalOther      = "postal.other"
	ruleContactMissing   = "contact.missing"
	rulePrivacyMissing   = "privacy.link_missing"
	ruleWithdrawal       = "consent.withdrawal_unsaid"
	ruleUnreadable       = "body.unreadable"
	ruleTextsDiffer      = "body.texts_differ"
	ruleImageOnly        = "body.image_only"
	ruleHiddenText       = "body.hidden_text"
	ruleClipped          = "body.clipped"
	ruleOtherDomain      = "link.shows_other_domain"
	rulePixel            = "tracking.pixel"
	ruleTrackingLink     = "tracking.link"
)

// Rules lists every rule that a finding may have.
func Rules() []string {
	return []string{
		ruleHeaderMissing, ruleHeaderRepeated, ruleFromUnreadable, ruleFromUnverified, ruleReplyTo, ruleNamePoses, ruleUnnamed,
		ruleDKIMMissing, ruleDKIMFails, ruleDKIMUnverified, ruleDMARCMissing, ruleDMARCUnaligned, ruleResultsFail,
		ruleOneClickMissing, ruleOneClickRepeated, ruleOneClickBrackets, ruleOneClickHTTPS, ruleOneClickPost, ruleOneClickValue, ruleOneClickUnsigned, ruleOneClickUnproven,
		ruleUnsubMissing, ruleUnsubHidden, ruleUnsubFaint, ruleUnsubDead, ruleUnsubOnePart, ruleUnsubNoLink, rulePreferencesOnly,
		ruleFalseReply, ruleFalseForward, ruleAccountThreat, ruleMoney, ruleHidesSender, ruleHiddenSigns, ruleMixedScripts,
		ruleUnlabelled, ruleLabelMissing, rulePostalMissing, rulePostalOther, ruleContactMissing, rulePrivacyMissing, ruleWithdrawal,
		ruleUnreadable, ruleTextsDiffer, ruleImageOnly, ruleHiddenText, ruleClipped, ruleOtherDomain, rulePixel, ruleTrackingLink,
	}
}
