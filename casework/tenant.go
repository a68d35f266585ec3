package casework

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// TenantFault is what is wrong with one field of a tenant. Problem goes on where the field's name ends.
type TenantFault struct{ Field, Problem string }

// The longest times that a tenant may choose: a package lies open to whoever has its link, and an identity that is not proven in a
// year never will be.
const (
	maxPackageDays = 90
	maxVerifyDays  = 365
)

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	codeForm    = regexp.MustCompile(`^[0-9]{1,3}$`)
)

// CheckTenant names all that would break the tenant's next request, its letters or its pages. The regime is the caller's to check.
func CheckTenant(t storage.NewTenant, rules Rules) (faults []TenantFault) {
	add := func(wrong bool, field, problem string) {
		if wrong {
			faults = append(faults, TenantFault{field, problem})
		}
	}
	_, unknown := privacy.CalendarByID(t.Calendar)
	_, nowhere := time.LoadLocation(t.Zone)
	add(!countryForm.MatchString(t.Country), "country", "must be two capital letters (ISO 3166-1), such as DE")
	add(unknown != nil, "calendar", "must be one of "+strings.Join(privacy.CalendarIDs(), ", "))
	add(nowhere != nil || t.Zone == "" || t.Zone == "Local", "zone", "must be the IANA name of a time zone, such as Europe/Berlin")
	return append(append(faults, checkProfile(t.Profile)...), checkSettings(t.Settings.Defaults(), rules)...)
}

// checkProfile wants what letters and pages must say: who to write to, and who to complain to (Art. 13(1)(a), (2)(d) GDPR).
func checkProfile(p storage.Profile) (faults []TenantFault) {
	for _, field := range [][2]string{{"address", p.Address}, {"contact", p.Contact}, {"authority", p.Authority}, {"authority_url", p.AuthorityURL}} {
		if strings.TrimSpace(field[1]) == "" {
			faults = append(faults, TenantFault{"profile." + field[0], "is missing; letters and pages name it"})
		}
	}
	if u, err := url.Parse(p.AuthorityURL); p.AuthorityURL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		faults = append(faults, TenantFault{"profile.authority_url", "must begin with https://"})
	}
	return faults
}

func checkSettings(s storage.Settings, rules Rules) (faults []TenantFault) {
	add := func(wrong bool, field, problem string) {
		if wrong {
			faults = append(faults, TenantFault{"settings." + field, problem})
		}
	}
	_, noLadder := rules.Ladder(s.Ladder)
	add(noLadder != nil, "ladder", "must be an escalation ladder that there is")
	add(s.VerifyDays < 2 || s.VerifyDays > maxVerifyDays, "verify_days", "must be 2 to 365")
	add(s.VerifyRemindDays < 1 || s.VerifyRemindDays >= s.VerifyDays, "verify_remind_days", "must be at least 1 and less than verify_days")
	add(s.PackageDays < 1 || s.PackageDays > maxPackageDays, "package_days", "must be 1 to 90")
	add(s.PhoneCountry != "" && !codeForm.MatchString(s.PhoneCountry), "phone_country", "must be a calling code in digits, such as 49")
	for _, key := range s.AssertionKeys {
		if _, err := ParseAssertionKey(key); err != nil {
			add(true, "assertion_keys", err.Error())
		}
	}
	return faults
}
