package casework_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage"
)

// Whatever would break the next request, the letters or the pages is named by its field.
func TestCheckTenant(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	for field, change := range map[string]func(*storage.NewTenant){
		"":                            func(*storage.NewTenant) {},
		"country":                     func(n *storage.NewTenant) { n.Country = "de" },
		"calendar":                    func(n *storage.NewTenant) { n.Calendar = "XX" },
		"zone":                        func(n *storage.NewTenant) { n.Zone = "Local" },
		"profile.contact":             func(n *storage.NewTenant) { n.Profile.Contact = " " },
		"profile.address":             func(n *storage.NewTenant) { n.Profile.Address = strings.Repeat("ü", 501) },
		"profile.dpo":                 func(n *storage.NewTenant) { n.Profile.DPO = strings.Repeat("d", 501) },
		"profile.authority_url":       func(n *storage.NewTenant) { n.Profile.AuthorityURL = "javascript:alert(1)" },
		"settings.ladder":             func(n *storage.NewTenant) { n.Settings.Ladder = "rope" },
		"settings.verify_days":        func(n *storage.NewTenant) { n.Settings.VerifyDays = 200_000 },
		"settings.verify_remind_days": func(n *storage.NewTenant) { n.Settings.VerifyRemindDays = 14 },
		"settings.package_days":       func(n *storage.NewTenant) { n.Settings.PackageDays = 91 },
		"settings.colour":             func(n *storage.NewTenant) { n.Settings.Colour = "blue" },
		"settings.regimes":            func(n *storage.NewTenant) { n.Settings.Regimes = []string{"nowhere-law"} },
		"settings.phone_country":      func(n *storage.NewTenant) { n.Settings.PhoneCountry = "abc" },
		"settings.assertion_keys":     func(n *storage.NewTenant) { n.Settings.AssertionKeys = []string{"no key"} },
	} {
		tenant := storage.NewTenant{Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Profile: storage.Profile{
			Address: "Weg 1" + strings.Repeat("ü", 490), Contact: "privacy@acme.example", Authority: "BlnBDI", AuthorityURL: "https://www.datenschutz-berlin.de",
		}}
		change(&tenant)
		var fields []string
		for _, fault := range casework.CheckTenant(tenant, book, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) {
			require.NotEmpty(t, fault.Problem)
			fields = append(fields, fault.Field)
		}
		if field == "" {
			require.Empty(t, fields)
			continue
		}
		require.Equal(t, []string{field}, fields)
	}
}
