package casework

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// TenantFault is what is wrong with one field of a tenant. Problem goes on where the field's name ends.
type TenantFault struct{ Field, Problem string }

// The longest times that a tenant may choose: a package lies open to whoever has its link, and an identity that is not proven in a
// year never will be.
const (
	maxPackageDays = 90
	maxVerifyDays  = 365
	// An erasure that waits longer leaves too little of a month for a system that fails.
	maxWaitDays   = 14
	maxNoticeDays = 30
	// Ten years are the longest limitation period that a claim about a request could have.
	maxCaseMonths = 120
)

// maxProfile is how many characters a line of the profile may have: it stands in every letter and on every page.
const maxProfile = 500

// tenantFaults are those of one tenant, in the order of its fields.
type tenantFaults []TenantFault

func (f *tenantFaults) add(wrong bool, field, problem string) {
	if wrong {
		*f = append(*f, TenantFault{field, problem})
	}
}

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	colourForm  = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	// businessForm is wider than the directory's own capitals: entries with digits are in use.
	businessForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
	codeForm     = regexp.MustCompile(`^[0-9]{1,3}$`)
)

// CheckTenant names all that would break the tenant's next request, its letters or its pages. The regime is the caller's to check.
func CheckTenant(t storage.NewTenant, rules Rules, now time.Time) []TenantFault {
	var faults tenantFaults
	_, unknown := privacy.CalendarByID(t.Calendar)
	_, nowhere := time.LoadLocation(t.Zone)
	faults.add(!countryForm.MatchString(t.Country), "country", "must be two capital letters (ISO 3166-1), such as DE")
	faults.add(unknown != nil, "calendar", "must be one of "+strings.Join(privacy.CalendarIDs(), ", "))
	faults.add(nowhere != nil || t.Zone == "" || t.Zone == "Local", "zone", "must be the IANA name of a time zone, such as Europe/Berlin")
	faults.addProfile(t.Profile)
	faults.addSettings(t.Settings.Defaults(), rules)
	faults.addLaws(t.Settings.Regimes, rules, now)
	return faults
}

// addProfile wants what letters and pages must say: who to write to, and who to complain to (Art. 13(1)(a), (2)(d) GDPR).
func (f *tenantFaults) addProfile(p storage.Profile) {
	for _, field := range [][2]string{{"address", p.Address}, {"contact", p.Contact}, {"authority", p.Authority}, {"authority_url", p.AuthorityURL}} {
		f.add(strings.TrimSpace(field[1]) == "", "profile."+field[0], "is missing; letters and pages name it")
	}
	for _, field := range [][2]string{{"address", p.Address}, {"dpo", p.DPO}, {"contact", p.Contact}, {"authority", p.Authority}, {"authority_url", p.AuthorityURL}} {
		f.add(utf8.RuneCountInString(field[1]) > maxProfile, "profile."+field[0], "must have at most 500 characters; every letter and page has it")
	}
	u, err := url.Parse(p.AuthorityURL)
	f.add(p.AuthorityURL != "" && (err != nil || u.Scheme != "https" || u.Host == ""), "profile.authority_url", "must begin with https://")
}

func (f *tenantFaults) addSettings(s storage.Settings, rules Rules) {
	_, noLadder := rules.Ladder(s.Ladder)
	f.add(noLadder != nil, "settings.ladder", "must be an escalation ladder that there is")
	f.add(s.VerifyDays < 2 || s.VerifyDays > maxVerifyDays, "settings.verify_days", "must be 2 to 365")
	f.add(s.VerifyRemindDays < 1 || s.VerifyRemindDays >= s.VerifyDays, "settings.verify_remind_days", "must be at least 1 and less than verify_days")
	f.add(s.PackageDays < 1 || s.PackageDays > maxPackageDays, "settings.package_days", "must be 1 to 90")
	f.add(s.PhoneCountry != "" && !codeForm.MatchString(s.PhoneCountry), "settings.phone_country", "must be a calling code in digits, such as 49")
	f.add(s.Colour != "" && !colourForm.MatchString(s.Colour), "settings.colour", "must be a colour such as #0a4fa8")
	f.add(s.SecondFactor != "" && s.SecondFactor != storage.SecondFactorRequired, "settings.second_factor", "must be required, or left out")
	for _, id := range s.Retention {
		_, err := rules.Retention(id)
		f.add(err != nil, "settings.retention", "names a retention rule that there is not: "+id)
	}
	_, noDay := yearEnd(s.YearEnd)
	f.add(noDay != nil, "settings.year_end", "must be a month and a day, such as 12-31")
	f.add(s.CaseMonths < 1 || s.CaseMonths > maxCaseMonths, "settings.case_months", "must be 1 to 120")
	f.add(s.LiftNoticeDays < 0 || s.LiftNoticeDays > maxNoticeDays, "settings.lift_notice_days", "must be 0 to 30")
	f.add(s.ErasureWaitDays < 0 || s.ErasureWaitDays > maxWaitDays, "settings.erasure_wait_days", "must be 0 to 14")
	f.add(s.DRPBusinessID != "" && !businessForm.MatchString(s.DRPBusinessID), "settings.drp_business_id", "must be the id in the directory of the Data Rights Protocol: letters, digits and _ . -, at most 64")
	_, noDate := time.Parse(time.DateOnly, s.GPCUpdated)
	f.add(s.GPCUpdated != "" && noDate != nil, "settings.gpc_updated", "must be a day such as 2026-03-02")
	_, noMailbox := seal.NormalEmail(s.Consents.UnsubscribeMail)
	f.add(s.Consents.UnsubscribeMail != "" && (noMailbox != nil || strings.ContainsAny(s.Consents.UnsubscribeMail, "<>,?&%# \"")), "settings.consents.unsubscribe_mail", "must be an e-mail address such as unsubscribe@example.com")
	f.add(s.Consents.AskDays < 0 || s.Consents.AskDays > maxAskDays, "settings.consents.ask_days", "must be 0 to 90")
	f.addSignUps(s.Consents.SignUps)
	f.addReceipts(s.Consents.Receipts)
	for _, key := range s.AssertionKeys {
		if _, err := ParseAssertionKey(key); err != nil {
			f.add(true, "settings.assertion_keys", err.Error())
		}
	}
}

// addLaws wants every further law to be in force and to say where the people live who can ask under it: the request form
// chooses by that.
func (f *tenantFaults) addLaws(ids []string, rules Rules, now time.Time) {
	seen := map[string]bool{}
	for _, id := range ids {
		regime, err := rules.Regime(id, now)
		f.add(err != nil, "settings.regimes", "names a law that is not there or not in force: "+id)
		f.add(err == nil && len(regime.Places) == 0, "settings.regimes", "names a law that does not say where the people live who can ask under it: "+id)
		f.add(seen[id], "settings.regimes", "names a law twice: "+id)
		seen[id] = true
	}
}
