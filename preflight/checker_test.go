package preflight_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
)

// Every rule of the policies has a check, and every check has its rule: nothing is promised that is not looked at.
func TestRulesAndChecksAreTheSame(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	var written []string
	for _, r := range book.Mail().Rules {
		written = append(written, r.ID)
	}
	require.ElementsMatch(t, preflight.Rules(), written)
}

func TestARuleThatThePoliciesLackIsRefused(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	rules := book.Mail()
	rules.Rules = rules.Rules[1:]
	_, err = preflight.New(rules, nil)
	require.ErrorContains(t, err, book.Mail().Rules[0].ID)
	_, err = preflight.New(privacy.MailRules{}, nil)
	require.Error(t, err)
}

func TestADomainIsBroughtIntoOneForm(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"example.com": "example.com", " EXAMPLE.com. ": "example.com", "bücher.example": "xn--bcher-kva.example", "a.b.example.co.uk": "a.b.example.co.uk",
	} {
		got, err := preflight.NormalDomain(given)
		require.NoError(t, err, given)
		require.Equal(t, want, got)
	}
	require.True(t, preflight.Covers("example.com", "mail.example.com"))
	require.True(t, preflight.Covers("example.com", "example.com"))
	require.False(t, preflight.Covers("example.com", "notexample.com"))
	require.False(t, preflight.Covers("mail.example.com", "example.com"))
}

func TestTheDomainsOfAMessageAreThoseOfFromAndReplyTo(t *testing.T) {
	t.Parallel()
	got, err := preflight.SenderDomains([]byte(stored(t, "good-en")))
	require.NoError(t, err)
	require.Equal(t, []string{"example.com", "shop.example.com"}, got)
	_, err = preflight.SenderDomains([]byte("nothing"))
	require.Error(t, err)
}
