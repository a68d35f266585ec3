package dataset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Art. 20(1) GDPR, as WP242 rev.01 reads it: on consent or a contract, and from the person.
func TestArt20Scope(t *testing.T) {
	t.Parallel()
	d := dataset.Declaration{
		Source: dataset.Source{FromSubject: true},
		Purposes: []dataset.Purpose{
			{Basis: dataset.Contract, Categories: []string{"user.contact"}}, {Basis: dataset.LegitimateInterests, Categories: []string{"user.device", "user.contact.email"}},
			{Basis: dataset.Consent, Categories: []string{"user.behavior.browsing_history"}},
		},
		Portability: dataset.PortabilityTerms{Inferred: []string{"shop.customers.score", "shop.segments"}, Provided: []string{"shop.imports.note"}},
	}
	at := dataset.Address{Dataset: "shop", Collection: "customers"}
	for name, c := range map[string]struct {
		at         dataset.Address
		field      string
		categories []string
		reason     string
	}{
		"on a contract":              {at, "email", []string{"user.contact.email"}, ""},
		"on consent, observed":       {at, "seen", []string{"user.behavior.browsing_history"}, ""},
		"wider than the purpose":     {at, "all", []string{"user.behavior"}, "basis_not_consent_or_contract"},
		"one of two":                 {at, "both", []string{"user.contact.email", "user.device.ip_address"}, "basis_not_consent_or_contract"},
		"on interests":               {at, "ip", []string{"user.device.ip_address"}, "basis_not_consent_or_contract"},
		"for no declared purpose":    {at, "born", []string{"user.demographic"}, "basis_not_consent_or_contract"},
		"worked out":                 {at, "score", []string{"user.contact"}, "not_provided_by_subject"},
		"a collection worked out":    {dataset.Address{Dataset: "shop", Collection: "segments"}, "name", []string{"user.contact"}, "not_provided_by_subject"},
		"a name that begins like it": {at, "scores", []string{"user.contact"}, ""},
	} {
		got := d.Portable(c.at, c.field, c.categories)
		require.Equal(t, c.reason == "", got.Applies, name)
		require.Equal(t, c.reason, got.Reason, name)
	}
	d.Source.FromSubject = false
	require.Equal(t, "not_provided_by_subject", d.Portable(at, "email", []string{"user.contact.email"}).Reason, "bought from somebody")
	require.True(t, d.Portable(dataset.Address{Dataset: "shop", Collection: "imports"}, "note", []string{"user.contact"}).Applies)
	require.False(t, dataset.Declaration{}.Portable(at, "email", []string{"user.contact"}).Applies, "nothing is declared")
}
