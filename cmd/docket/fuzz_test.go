package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify/email"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// fuzzed is the time at which everything is tried.
var fuzzed = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// FuzzInputs gives any text to whatever the command line reads: files with a person, a profile or settings, addresses of
// servers, dates. What is taken can be used, and no secret of an address is shown.
func FuzzInputs(f *testing.F) {
	book, err := policies.Embedded()
	require.NoError(f, err)
	regime, err := book.Regime("gdpr", time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	require.NoError(f, err)
	for _, text := range []string{
		`{"name":"Ana","email":"ana@example.test","phone":"030 1","customer_id":"7"}`, `{"name":"Ana"}{}`, `{"phone":49301234567}`,
		`{"address":"Weg 1","contact":"a@b.c","authority":"BfDI","authority_url":"https://www.bfdi.bund.de"}`, `{"verify_days":30,"package_days":14,"phone_country":"49"}`,
		"https://access:a-long-secret@s3.example:9000/bucket", "http://a:b@h/%zz", "smtp://docket:a-long-secret@mail.example:2525?tls=none&timeout=5s&helo=a", "smtps://mail.example:99999999999999999999",
		"2026-01-31T10:00+01:00", "identity:2026-03-05:2026-03-11", "9999-12-31", "Europe/Berlin", "DE", "postgres://user:a-long-secret@h/d?password=a-long-secret", "2026-01-01,2026-12-25", "../../etc/passwd",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		readFiles(t, text, book)
		readAddresses(t, text)
		readDates(t, text, regime)
	})
}

// secret stands where the addresses among the seeds have one.
const secret = "a-long-secret"

// reading is a run whose standard input is the text.
func reading(text string) *session { return &session{verbs: &verbs{}, in: strings.NewReader(text)} }

func readFiles(t *testing.T, text string, book *policies.Book) {
	t.Helper()
	if person, err := reading(text).personFile("-"); err == nil {
		written, err := json.Marshal(person)
		require.NoError(t, err)
		again, err := reading(string(written)).personFile("-")
		require.NoError(t, err)
		require.Equal(t, person, again)
	}
	whole := storage.NewTenant{Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Profile: storage.Profile{
		Address: "Weg 1", Contact: "a@b.example", Authority: "BfDI", AuthorityURL: "https://www.bfdi.bund.de",
	}}
	require.NoError(t, checkChoices(whole, book, fuzzed))
	var profile storage.Profile
	if reading(text).jsonFile("profile", "-", &profile) == nil && checkChoices(withProfile(whole, profile), book, fuzzed) == nil {
		at, err := url.Parse(profile.AuthorityURL)
		require.NoError(t, err)
		require.Equal(t, "https", at.Scheme)
		require.NotEmpty(t, profile.Contact)
	}
	var settings storage.Settings
	if reading(text).jsonFile("settings", "-", &settings) == nil && checkChoices(withSettings(whole, settings), book, fuzzed) == nil {
		settings = settings.Defaults()
		require.Positive(t, settings.PackageDays)
		require.Less(t, settings.VerifyRemindDays, settings.VerifyDays)
		_, err := book.Ladder(settings.Ladder)
		require.NoError(t, err)
	}
}

func withProfile(t storage.NewTenant, p storage.Profile) storage.NewTenant {
	t.Profile = p
	return t
}

func withSettings(t storage.NewTenant, s storage.Settings) storage.NewTenant {
	t.Settings = s
	return t
}

func readAddresses(t *testing.T, text string) {
	t.Helper()
	if config, err := objectsConfig(text); err == nil {
		require.NotEmpty(t, config.Endpoint)
		require.NotEmpty(t, config.Bucket)
		_, _ = objects.Open(config)
	} else if len(text) > 60 { // shorter ones may be words of the message itself
		require.NotContains(t, err.Error(), text)
	}
	if config, err := email.ParseURL(text); err == nil {
		require.NotEmpty(t, config.Host)
		require.LessOrEqual(t, config.Port, 65535)
		require.GreaterOrEqual(t, config.Port, 0)
		require.GreaterOrEqual(t, config.Timeout, time.Duration(0))
		require.Contains(t, []email.Encryption{email.StartTLS, email.ImplicitTLS, email.Plain}, config.Encryption)
	}
	if !strings.Contains(open(text), secret) {
		require.NotContains(t, masked(text), secret)
	}
}

// open is what an address says to everybody: where it leads, and the names of its settings.
func open(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	out := u.Scheme + " " + u.Host + " " + u.Path + " " + u.User.Username()
	for name, values := range u.Query() {
		out += " " + name
		if slices.Contains([]string{"sslmode", "tls", "timeout", "helo"}, name) {
			out += " " + strings.Join(values, " ")
		}
	}
	return out
}

func readDates(t *testing.T, text string, regime *privacy.Regime) {
	t.Helper()
	received := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if at, err := policyMoment(text); err == nil {
		received = at
	}
	for _, flags := range []explainFlags{
		{right: "access", country: text, zone: "Europe/Berlin"}, {right: text, zone: "UTC"}, {right: "access", country: "DE", zone: text},
		{right: "access", country: "DE", holidays: text, holidaysGiven: true}, {right: "access", country: "DE", paused: []string{text}},
		{right: "access", country: "DE", idReceived: text, feePaid: text, appeal: text, complaint: text, extendedUntil: text},
	} {
		facts, err := flags.facts(regime, received)
		if err != nil {
			continue
		}
		if _, err := regime.Deadlines(facts); err != nil {
			var refused *privacy.RuleError
			require.ErrorAs(t, err, &refused)
		}
	}
}
