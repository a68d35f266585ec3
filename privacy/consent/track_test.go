package consent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Directive 2002/58/EC Art 5(3), PECR reg 6: what tells who reads wants consent of its own; no withdrawal is gone round, and nothing is allowed by no law at all.
func TestEPrivacyArt5TrackingWantsConsentOfItsOwn(t *testing.T) {
	t.Parallel()
	plain, strict, terms := optOut(), optIn(), optOut()
	strict.Tracking = &privacy.MessageGround{Citation: cites("Art 5(3)")}
	terms.Consent = privacy.TermsModel
	given, withdrawn := stands(on("2026-01-01", consent.Given)), stands(on("2026-01-01", consent.Withdrawn))
	for name, c := range map[string]struct {
		s       consent.Standing
		laws    []privacy.MessageRule
		allowed bool
		reason  consent.Reason
		cited   string
	}{
		"no law":                           {given, nil, false, consent.NoLaw, ""},
		"a provider's terms":               {given, []privacy.MessageRule{terms}, false, consent.NoLaw, ""},
		"a law that wants none":            {consent.Standing{}, []privacy.MessageRule{plain}, true, consent.ByOptOut, "s.3"},
		"withdrawn, a law that wants none": {withdrawn, []privacy.MessageRule{plain}, false, consent.WasWithdrawn, "s.4"},
		"silence":                          {consent.Standing{}, []privacy.MessageRule{strict}, false, consent.NoConsent, "Art 5(3)"},
		"given":                            {given, []privacy.MessageRule{strict}, true, consent.ByExpress, "Art 5(3)"},
		"given, both laws":                 {given, []privacy.MessageRule{strict, plain}, true, consent.ByExpress, "Art 5(3)"},
		"silence, both laws":               {consent.Standing{}, []privacy.MessageRule{plain, strict}, false, consent.NoConsent, "Art 5(3)"},
		"withdrawn":                        {withdrawn, []privacy.MessageRule{strict}, false, consent.WasWithdrawn, "s.2"},
	} {
		d := consent.Track(&c.s, c.laws)
		require.Equal(t, c.allowed, d.Allowed, name)
		require.Equal(t, c.reason, d.Reason, name)
		require.Equal(t, c.cited, d.Citation.Text, name)
		require.Equal(t, c.cited == "", d.Law == "", name)
	}
}

// optOut is a law that lets messages go until somebody objects.
func optOut() privacy.MessageRule {
	return privacy.MessageRule{
		ID: "opt-out", Version: "1", Consent: privacy.OptOutModel, Citation: cites("s.3"), Unsubscribe: privacy.Unsubscribe{Citation: cites("s.4")},
	}
}
