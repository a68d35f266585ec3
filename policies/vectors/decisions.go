package vectors

import (
	"fmt"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func decisionRules() map[string]rule {
	return map[string]rule{
		"eu.gdpr.art17.decision":       erasure,
		"eu.gdpr.art18.allowed_op":     restriction,
		"eu.gdpr.art19.notify":         recipients,
		"eu.gdpr.art20.applies":        portability,
		"eu.gdpr.art21.decision":       objection,
		"us.ca.ccpa.verification_tier": verificationTier,
	}
}

func erasure(_ *policies.Book, in *input) (output, error) {
	ground, err := privacy.ParseErasureGround(in.str("ground"))
	if err != nil {
		return nil, err
	}
	var exceptions []privacy.ErasureException
	for _, item := range in.list("exceptions") {
		e, err := erasureException(item)
		if err != nil {
			return nil, err
		}
		exceptions = append(exceptions, e)
	}
	d := privacy.DecideErasure(ground, exceptions)
	out := output{
		"decision": string(d.Verdict), "add_to_suppression": d.Suppress, "inform_art12_4": d.Inform,
		"lift_notice_required": d.LiftNotice, "notify_recipients": d.NotifyRecipients, "legal_review": d.LegalReview,
		"retain": d.Keep,
	}
	out.date("retain_until", d.KeepUntil)
	return out, nil
}

// erasureException reads a limb of Art 17(3), given by name alone or with its statute, scope and end.
func erasureException(item any) (privacy.ErasureException, error) {
	if name, ok := item.(string); ok {
		limb, err := privacy.ParseLimb(name)
		return privacy.ErasureException{Limb: limb}, err
	}
	values, ok := item.(map[string]any)
	if !ok {
		return privacy.ErasureException{}, fmt.Errorf("input exceptions: %v is neither a limb nor an object with a type", item)
	}
	in := &input{values: values}
	e := privacy.ErasureException{Rule: in.str("statute", "matter", "rule", "law"), Until: in.optionalDate("until", "retain_through", "end", "retain_until")}
	for _, key := range []string{"fields", "scope", "items", "data"} {
		switch scope := values[key].(type) {
		case []any:
			e.Scope = append(e.Scope, in.texts(key)...)
		case string:
			if scope != "all" {
				e.Scope = append(e.Scope, scope)
			}
		}
	}
	limb, err := privacy.ParseLimb(in.str("type", "limb"))
	if err != nil {
		return e, err
	}
	e.Limb = limb
	return e, in.err()
}

func restriction(_ *policies.Book, in *input) (output, error) {
	op := in.str("op", "operation")
	if op == "" {
		in.fail("op", "missing")
	}
	use := privacy.WhileRestricted(privacy.ParseRestrictedOp(op))
	return output{"allowed": use.Allowed, "needs_prior_notice": use.PriorNotice}, nil
}

func recipients(_ *policies.Book, in *input) (output, error) {
	unreachable := append(in.texts("impossible"), in.texts("disproportionate")...)
	notice := privacy.NotifyRecipients(privacy.Right(in.str("action")), in.texts("recipients"), unreachable)
	return output{"notify": notice.Notify, "document_reason_for": notice.DocumentReason, "list_to_subject_on_request": notice.ListToSubject}, nil
}

func portability(_ *policies.Book, in *input) (output, error) {
	d := privacy.DecidePortability(privacy.PortabilityFacts{Basis: in.str("basis"), Automated: in.boolean("automated"), Origin: in.str("origin")})
	out := output{"applies": d.Applies, "reason": nil}
	if d.Reason != "" {
		out["reason"] = d.Reason
	}
	return out, nil
}

func objection(_ *policies.Book, in *input) (output, error) {
	purpose, err := privacy.ParseObjectionPurpose(in.str("purpose", "basis"))
	if err != nil {
		return nil, err
	}
	d := privacy.DecideObjection(privacy.ObjectionFacts{
		Purpose: purpose, CompellingGrounds: in.boolean("compelling_grounds"), LegalClaims: in.boolean("legal_claims", "legal_claim"),
		PublicInterestTask: in.boolean("public_interest_task", "public_interest"),
	})
	out := output{"stop": d.Stop, "restrict_during_check": d.Restrict, "add_to_suppression": d.Suppress, "reason": nil}
	if d.Reason != "" {
		out["reason"] = d.Reason
	}
	return out, nil
}

func verificationTier(b *policies.Book, in *input) (output, error) {
	rule, err := b.VerificationFor("ccpa")
	if err != nil {
		return nil, err
	}
	ask := privacy.VerificationAsk{Request: in.str("request"), Account: in.boolean("account"), Sensitivity: in.sensitivity()}
	if err := in.err(); err != nil {
		return nil, err
	}
	tier, err := rule.Tier(ask)
	if err != nil {
		return nil, err
	}
	out := output{"level": string(tier.Level), "min_data_points": tier.DataPoints, "declaration": tier.Declaration, "reauthenticate": tier.Reauth, "if_unverified": nil}
	if tier.Downgrade != "" {
		out["if_unverified"] = tier.Downgrade
	}
	return out, nil
}

// sensitivity is stated in words, or by a plain "sensitive": true.
func (in *input) sensitivity() privacy.Sensitivity {
	s := privacy.Sensitivity(in.str("sensitivity", "harm"))
	if !s.Valid() {
		in.fail("sensitivity", "%q is neither low nor high", s)
	}
	if s == "" && in.has("sensitive") {
		s = privacy.SensitivityLow
		if in.boolean("sensitive") {
			s = privacy.SensitivityHigh
		}
	}
	return s
}
