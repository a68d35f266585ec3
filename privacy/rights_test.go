package privacy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

func TestArt17Erasure(t *testing.T) {
	t.Parallel()
	until := privacy.NewDate(2033, 12, 31)
	b := privacy.ErasureException{Limb: "b", Rule: "AO 147", Until: until}
	invoices := privacy.ErasureException{Limb: "b", Scope: []string{"invoice"}, Until: until}
	for name, c := range map[string]struct {
		ground     privacy.ErasureGround
		exceptions []privacy.ErasureException
		want       privacy.ErasureDecision
	}{
		"17(1) no ground":        {"", nil, privacy.ErasureDecision{Verdict: privacy.Refuse, Inform: true, Reasons: []privacy.RefusalReason{privacy.NoGround}}},
		"17(1)(b)":               {privacy.GroundConsentWithdrawn, nil, privacy.ErasureDecision{Verdict: privacy.EraseAll, NotifyRecipients: true}},
		"17(1)(c), 21(2)":        {privacy.GroundMarketingObjection, nil, privacy.ErasureDecision{Verdict: privacy.EraseAll, NotifyRecipients: true, Suppress: true}},
		"17(3)(b) all the data":  {privacy.GroundNotNeeded, []privacy.ErasureException{b}, privacy.ErasureDecision{Verdict: privacy.Restrict, Inform: true, LiftNotice: true, NotifyRecipients: true, KeepUntil: until, Reasons: []privacy.RefusalReason{privacy.LegalObligation}}},
		"17(3)(b) to the extent": {privacy.GroundNotNeeded, []privacy.ErasureException{invoices}, privacy.ErasureDecision{Verdict: privacy.ErasePart, Inform: true, LiftNotice: true, NotifyRecipients: true, Keep: []string{"invoice"}, KeepUntil: until, Reasons: []privacy.RefusalReason{privacy.LegalObligation}}},
		"17(3)(e) a hold":        {privacy.GroundUnlawful, []privacy.ErasureException{{Limb: "e"}}, privacy.ErasureDecision{Verdict: privacy.Restrict, Inform: true, LiftNotice: true, NotifyRecipients: true, LegalReview: true, Reasons: []privacy.RefusalReason{privacy.LegalClaims}}},
		"17(3)(a)":               {privacy.GroundUnlawful, []privacy.ErasureException{{Limb: "a"}}, privacy.ErasureDecision{Verdict: privacy.Refuse, Inform: true, LegalReview: true, Reasons: []privacy.RefusalReason{privacy.FreedomOfExpression}}},
		"17(3)(c)":               {privacy.GroundUnlawful, []privacy.ErasureException{{Limb: "c"}}, privacy.ErasureDecision{Verdict: privacy.Refuse, Inform: true, LegalReview: true, Reasons: []privacy.RefusalReason{privacy.PublicHealth}}},
		"17(3)(d)":               {privacy.GroundUnlawful, []privacy.ErasureException{{Limb: "d"}}, privacy.ErasureDecision{Verdict: privacy.Refuse, Inform: true, LegalReview: true, Reasons: []privacy.RefusalReason{privacy.ArchivingResearch}}},
	} {
		require.Equal(t, c.want, privacy.DecideErasure(c.ground, c.exceptions), name)
	}
}

func TestArt17Words(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]privacy.ErasureGround{
		"": "", "no_longer_needed": privacy.GroundNotNeeded, "17_1_b": privacy.GroundConsentWithdrawn, "d": privacy.GroundUnlawful, "child": privacy.GroundChildService,
	} {
		got, err := privacy.ParseErasureGround(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	_, err := privacy.ParseErasureGround("boredom")
	require.Error(t, err)
	for text, want := range map[string]string{"17_3_e": "e", "17(3)(b)": "b", "art17_3_a": "a", "c": "c"} {
		got, err := privacy.ParseLimb(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "17_3_f", "17_3", "whatever"} {
		_, err := privacy.ParseLimb(text)
		require.Error(t, err, text)
	}
}

func TestArt21Objection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts privacy.ObjectionFacts
		want  privacy.ObjectionDecision
	}{
		"21(2) absolute":   {privacy.ObjectionFacts{Purpose: privacy.PurposeDirectMarketing, CompellingGrounds: true}, privacy.ObjectionDecision{Stop: true, Suppress: true}},
		"21(1) stops":      {privacy.ObjectionFacts{Purpose: privacy.PurposeLegitimateInterest}, privacy.ObjectionDecision{Stop: true, Restrict: true}},
		"21(1) overridden": {privacy.ObjectionFacts{Purpose: privacy.PurposePublicTask, CompellingGrounds: true}, privacy.ObjectionDecision{Restrict: true}},
		"21(1) claims":     {privacy.ObjectionFacts{Purpose: privacy.PurposeLegitimateInterest, LegalClaims: true}, privacy.ObjectionDecision{Restrict: true}},
		"21(6)":            {privacy.ObjectionFacts{Purpose: privacy.PurposeResearch}, privacy.ObjectionDecision{Stop: true}},
		"21(6) task":       {privacy.ObjectionFacts{Purpose: privacy.PurposeResearch, PublicInterestTask: true}, privacy.ObjectionDecision{}},
		"contract":         {privacy.ObjectionFacts{Purpose: privacy.PurposeOther}, privacy.ObjectionDecision{Reason: privacy.ReasonObjectionOutOfScope}},
	} {
		require.Equal(t, c.want, privacy.DecideObjection(c.facts), name)
	}
	for text, want := range map[string]privacy.ObjectionPurpose{"marketing": privacy.PurposeDirectMarketing, "consent": privacy.PurposeOther, "statistics": privacy.PurposeResearch, "public_interest": privacy.PurposePublicTask} {
		got, err := privacy.ParseObjectionPurpose(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := privacy.ParseObjectionPurpose("fun")
	require.Error(t, err)
}

func TestArt18Restriction(t *testing.T) {
	t.Parallel()
	for op, want := range map[string]privacy.RestrictedUse{
		"store": {Allowed: true}, "backup": {Allowed: true}, "use_with_consent": {Allowed: true}, "use_for_legal_claim": {Allowed: true},
		"protect_other_person": {Allowed: true}, "important_public_interest": {Allowed: true}, "public_interest": {Allowed: true}, "consent": {Allowed: true},
		"legal_claims": {Allowed: true}, "protect_another_person": {Allowed: true},
		"lift": {Allowed: true, PriorNotice: true}, "lift_restriction": {Allowed: true, PriorNotice: true}, "erase_after_retention": {Allowed: true, PriorNotice: true},
		"marketing": {}, "analytics": {}, "delete": {}, "share": {}, "profiling": {},
	} {
		require.Equal(t, want, privacy.WhileRestricted(privacy.ParseRestrictedOp(op)), op)
	}
}

func TestArt20Portability(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		facts privacy.PortabilityFacts
		want  string
	}{
		{privacy.PortabilityFacts{Basis: "consent", Automated: true, Origin: "provided"}, ""},
		{privacy.PortabilityFacts{Basis: "contract", Automated: true, Origin: "observed"}, ""},
		{privacy.PortabilityFacts{Basis: "contract", Automated: true, Origin: "inferred"}, "not_provided_by_subject"},
		{privacy.PortabilityFacts{Basis: "contract", Automated: false, Origin: "provided"}, "not_automated"},
		{privacy.PortabilityFacts{Basis: "legitimate_interest", Automated: true, Origin: "provided"}, "basis_not_consent_or_contract"},
		{privacy.PortabilityFacts{Basis: "public_task", Automated: true, Origin: "provided"}, "basis_not_consent_or_contract"},
	} {
		require.Equal(t, privacy.PortabilityDecision{Applies: c.want == "", Reason: c.want}, privacy.DecidePortability(c.facts))
	}
}

func TestArt19Recipients(t *testing.T) {
	t.Parallel()
	got := privacy.NotifyRecipients(privacy.Erasure, []string{"crm", "old", "mailer"}, []string{"old"})
	require.Equal(t, privacy.RecipientNotice{Notify: []string{"crm", "mailer"}, DocumentReason: []string{"old"}, ListToSubject: true}, got)
	require.Empty(t, privacy.NotifyRecipients(privacy.Access, []string{"crm"}, nil).Notify)
}
