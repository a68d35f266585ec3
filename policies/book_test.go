package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func TestEveryRegimeOfTheFactBaseIsThere(t *testing.T) {
	t.Parallel()
	want := []string{
		"gdpr", "uk-gdpr", "uk-dpa-part3", "ch-dsg", "ccpa", "us-va", "us-co", "us-ct", "us-tx", "us-ut", "us-or", "us-mt", "us-ne",
		"us-de", "us-nh", "us-nj", "us-tn", "us-mn", "us-md", "us-in", "us-ky", "us-fl", "us-ri", "us-ia", "lgpd", "pipeda", "quebec-25",
		"au-privacy", "nz-privacy", "popia", "dpdp", "appi", "pipa", "pdpa", "pipl",
	}
	b := book(t)
	seen := map[string]bool{}
	for _, s := range b.Regimes() {
		seen[s.ID] = true
		require.Contains(t, s.Rights, privacy.Access, s.ID)
		_, err := b.VerificationFor(s.ID)
		require.NoError(t, err)
	}
	for _, id := range want {
		require.True(t, seen[id], id)
	}
	require.Len(t, seen, len(want))
}

func TestARunningCaseKeepsItsVersion(t *testing.T) {
	t.Parallel()
	b := book(t)
	for day, version := range map[time.Time]string{
		at(2026, 2, 4): "2021", at(2026, 2, 5): "2026-02", at(2026, 6, 18): "2026-02", at(2026, 6, 19): "2026-06", at(2030, 1, 1): "2026-06",
	} {
		r, err := b.Regime("uk-gdpr", day)
		require.NoError(t, err)
		require.Equal(t, version, r.Version, day)
	}
	old, err := b.RegimeVersion("uk-gdpr", "2021")
	require.NoError(t, err)
	require.Equal(t, "2026-02-04", old.ValidTo.String())
}

func TestUnknownPoliciesAreNamed(t *testing.T) {
	t.Parallel()
	b := book(t)
	var missing *policies.NotFoundError
	_, err := b.Regime("nowhere", at(2026, 1, 1))
	require.ErrorAs(t, err, &missing)
	_, err = b.Regime("dpdp", at(2026, 1, 1))
	require.ErrorContains(t, err, "no version is in force on 2026-01-01; the first begins 2027-05-13")
	_, err = b.RegimeVersion("gdpr", "1995")
	require.ErrorAs(t, err, &missing)
	_, err = b.Ladder("none")
	require.ErrorAs(t, err, &missing)
	_, err = b.VerificationFor("none")
	require.ErrorAs(t, err, &missing)
}

func TestArt12RefusalsHaveTheirCitation(t *testing.T) {
	t.Parallel()
	r := regime(t, "gdpr", at(2026, 1, 1))
	cited, err := r.MayRefuse(privacy.Access, privacy.ManifestlyUnfounded)
	require.NoError(t, err)
	require.Equal(t, "GDPR Art 12(5)", cited.Text)
	cited, err = r.MayRefuse(privacy.Portability, privacy.AnothersRights)
	require.NoError(t, err)
	require.Equal(t, "GDPR Art 20(4)", cited.Text)
	_, err = r.MayRefuse(privacy.Access, privacy.FreedomOfExpression)
	require.Equal(t, privacy.CodeReasonUnknown, code(t, err))
	for _, s := range book(t).Regimes() {
		version, err := book(t).RegimeVersion(s.ID, s.Version)
		require.NoError(t, err)
		_, err = version.MayRefuse(privacy.Access, privacy.IdentityNotProven)
		require.NoError(t, err, s.ID)
	}
}

func TestTrap9TheShortestUnsubscribeCounts(t *testing.T) {
	t.Parallel()
	asked := at(2026, 3, 2)
	by, err := privacy.StrictestUnsubscribe(book(t).Messages(), asked, time.UTC)
	require.NoError(t, err)
	require.Equal(t, asked.Add(48*time.Hour), by)
}

// Every rule on messages is one that somebody can come under: by a country, or where no other does. A provider's terms reach nobody.
func TestEveryLawOnMessagesReachesSomebody(t *testing.T) {
	t.Parallel()
	rules := book(t).Messages()
	for by, want := range map[[3]string][]string{
		{"CA", "", "email"}: {"casl"}, {"JP", "CA", "sms"}: {"casl"}, {"CA", "", "phone"}: {"elsewhere"}, {"US", "", "email"}: {"can-spam"},
		{"US", "", "sms"}: {"elsewhere"}, {"AU", "", "sms"}: {"au-spam"}, {"GB", "", "email"}: {"uk-pecr"}, {"JP", "GB", "email"}: {"elsewhere"},
		{"DE", "", "email"}: {"eu-eprivacy"}, {"NO", "", "sms"}: {"eu-eprivacy"}, {"CH", "", "email"}: {"elsewhere"}, {"DE", "US", "email"}: {"can-spam", "eu-eprivacy"},
		{"", "", "email"}: {"casl", "can-spam", "au-spam", "uk-pecr", "eu-eprivacy"}, {"", "", "sms"}: {"casl", "au-spam", "uk-pecr", "eu-eprivacy"},
		{"", "", "post"}: {"elsewhere"}, {"JP", "", "push"}: {"elsewhere"},
	} {
		var ids []string
		for _, r := range privacy.MessagesReaching(rules, by[0], by[1], privacy.MessageChannel(by[2])) {
			ids = append(ids, r.ID)
		}
		require.Equal(t, want, ids, by)
	}
	require.Empty(t, privacy.MessagesReaching(nil, "CA", "", privacy.ByEmail))
}

func TestLaddersClimbToTheExecutive(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"standard", "short", "breach"} {
		l, err := book(t).Ladder(id)
		require.NoError(t, err)
		require.Contains(t, l.Steps[0].Roles, "assignee", id)
		require.Contains(t, l.Steps[len(l.Steps)-1].Roles, "executive", id)
	}
}
