package vectors

import (
	"github.com/privacy-docket/docket/privacy"
)

// request is a rule about a deadline of a request: which regime, right and obligation a rule id stands for.
type request struct {
	regime   string
	right    privacy.Right
	kind     privacy.ObligationKind
	extended bool // the rule id names the extended answer itself
}

// deadlineRules are the rule ids that Regime.Deadlines answers.
func deadlineRules() map[string]rule {
	access := func(regime string) request {
		return request{regime: regime, right: privacy.Access, kind: privacy.Respond}
	}
	of := func(regime string, kind privacy.ObligationKind) request {
		return request{regime: regime, right: privacy.Access, kind: kind}
	}
	extended := func(regime string) request {
		return request{regime: regime, right: privacy.Access, kind: privacy.Respond, extended: true}
	}
	table := map[string]request{
		"eu.gdpr.art12_3.response_due":         access("gdpr"),
		"eu.gdpr.art12_3.extended_due":         extended("gdpr"),
		"eu.gdpr.art12_3.extension_notice_due": of("gdpr", privacy.ExtensionNotice),
		"eu.gdpr.art12_4.refusal_notice_due":   of("gdpr", privacy.RefusalNotice),
		"eu.gdpr.identity_pause.response_due":  access("gdpr"),
		"uk.gdpr.art12A.response_due":          access("uk-gdpr"),
		"uk.gdpr.art12A_3.extended_due":        extended("uk-gdpr"),
		"uk.gdpr.art12A_2.response_due":        access("uk-gdpr"),
		"uk.gdpr.art12A_5.response_due":        access("uk-gdpr"),
		"uk.gdpr.art12A_5.extended_due":        extended("uk-gdpr"),
		"uk.dpa2018.part3.response_due":        access("uk-dpa-part3"),
		"us.ca.ccpa.response_due":              access("ccpa"),
		"us.ca.ccpa.ack_due":                   of("ccpa", privacy.Acknowledge),
		"us.ca.ccpa.optout_due":                {regime: "ccpa", right: privacy.OptOut, kind: privacy.Respond},
		"br.lgpd.art19.full_statement_due":     access("lgpd"),
		"ca.pipeda.s8_3.response_due":          access("pipeda"),
		"ca.qc.p39_1.s32.response_due":         access("quebec-25"),
		"nz.privacy2020.s44.response_due":      access("nz-privacy"),
		"ch.dsv.art18.response_due":            access("ch-dsg"),
		"kr.pipa.art35.access_due":             access("pipa"),
		"sg.pdpa.reg5.inform_due":              of("pdpa", privacy.Inform),
		"za.paia.s56.decision_due":             access("popia"),
		"au.app12.response_due":                access("au-privacy"),
		"in.dpdp.rule14.grievance_due":         access("dpdp"),
	}
	rules := map[string]rule{
		"uk.dpa2018.s164A.ack_due":           complaintAck,
		"ch.dsv.art19.response_due_with_fee": swissFee,
	}
	for id, q := range table {
		rules[id] = q.answer
	}
	return rules
}

// stateRules are the answers and appeals of the American states beside California.
func stateRules() map[string]rule {
	laws := map[string]string{
		"us.va.vcdpa": "us-va", "us.co.cpa": "us-co", "us.ct.ctdpa": "us-ct", "us.tx.tdpsa": "us-tx", "us.ut.ucpa": "us-ut",
		"us.or.ocpa": "us-or", "us.mt.mcdpa": "us-mt", "us.ne.ndpa": "us-ne", "us.de.dpdpa": "us-de", "us.nh.nhpa": "us-nh",
		"us.nj.njdpa": "us-nj", "us.tn.tipa": "us-tn", "us.mn.mcdpa": "us-mn", "us.md.modpa": "us-md", "us.in.icdpa": "us-in",
		"us.ky.kcdpa": "us-ky", "us.fl.fdbr": "us-fl", "us.ri.ridtppa": "us-ri", "us.ia.icdpa": "us-ia",
	}
	rules := map[string]rule{}
	for prefix, regime := range laws {
		rules[prefix+".response_due"] = request{regime: regime, right: privacy.Access, kind: privacy.Respond}.answer
		rules[prefix+".appeal_due"] = appeal(regime)
	}
	return rules
}
