package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// newTenant is what tenant create is told.
type newTenant struct {
	tenant            storage.NewTenant
	profile, settings string
}

func (n *newTenant) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	t := &n.tenant
	flags.StringVar(&t.Slug, "slug", "", "its name in the addresses of the public pages: acme")
	flags.StringVar(&t.Name, "name", "", "its name in letters: Acme GmbH")
	flags.StringVar(&t.Country, "country", "", "where it is: DE, FR, US, …")
	flags.StringVar(&t.Calendar, "calendar", "", "the holidays of the place that answers: DE, GB-SCT, US-FED, …; the country's own when absent")
	flags.StringVar(&t.Zone, "zone", "", "the time zone in which its days end: Europe/Berlin")
	flags.StringVar(&t.Language, "language", "", "of its letters and pages: en, de, fr or es")
	flags.StringVar(&t.Regime, "regime", "", "the law that it answers under by default: gdpr, uk-gdpr, ccpa, …")
	flags.BoolVar(&t.Operates, "operates", false, "it is the processor's own tenant, whose operators see every tenant and no person; this cannot be changed later")
	flags.StringVar(&n.profile, "profile", "", "JSON file with address, dpo, contact, authority and authority_url; - reads standard input")
	flags.StringVar(&n.settings, "settings", "", "JSON file with the choices where the law leaves one: verify_days, package_days, phone_country, …")
}

// read checks everything and names all that is wrong at once.
func (n *newTenant) read(s *session, book *policies.Book) (storage.NewTenant, error) {
	t := n.tenant
	err := errors.Join(
		s.jsonFile("profile", n.profile, &t.Profile), s.jsonFile("settings", n.settings, &t.Settings),
	)
	if err != nil {
		return t, err
	}
	if t.Calendar == "" {
		t.Calendar, _ = privacy.CalendarForCountry(t.Country)
	}
	return t, errors.Join(checkNames(t), checkLaw(t, book, s.clock.Now()), checkChoices(t, book, s.clock.Now()))
}

func (s *session) jsonFile(flag, path string, to any) error {
	if path == "" {
		return nil
	}
	text, err := s.content(path)
	if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("--%s: something stands behind the JSON object", flag)
	}
	return nil
}

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,61}$`)

// routes are the first parts of the server's own addresses, which no tenant's pages can take.
func routes() []string {
	return []string{"v1", "healthz", "readyz", "metrics", "codec", "openapi", "static", "assets", "console", "docs", "callback", "slack", "opendsr", "drp", "u", "p", "c"}
}

func checkNames(t storage.NewTenant) error {
	var wrong []error
	if !slugForm.MatchString(t.Slug) {
		wrong = append(wrong, errors.New("--slug must be 1 to 62 small letters, digits and hyphens, such as acme"))
	}
	if slices.Contains(routes(), t.Slug) {
		wrong = append(wrong, fmt.Errorf("--slug %s is an address of the server itself: take another", t.Slug))
	}
	if n := len([]rune(t.Name)); n == 0 || n > 200 {
		wrong = append(wrong, errors.New("--name must be the tenant's name for letters, 1 to 200 characters"))
	}
	if !slices.Contains([]string{"en", "de", "fr", "es"}, t.Language) {
		wrong = append(wrong, errors.New("--language must be en, de, fr or es"))
	}
	return errors.Join(wrong...)
}

func checkLaw(t storage.NewTenant, book *policies.Book, now time.Time) error {
	if _, err := book.Regime(t.Regime, now); err == nil {
		return nil
	}
	var known []string
	for _, r := range book.Regimes() {
		if !slices.Contains(known, r.ID) {
			known = append(known, r.ID)
		}
	}
	return errors.New("--regime must be one that is in force, of " + strings.Join(known, ", "))
}

// checkChoices says what is wrong by the flags: the fields of profile and settings stand in their files.
func checkChoices(t storage.NewTenant, book *policies.Book, now time.Time) error {
	var wrong []error
	for _, fault := range casework.CheckTenant(t, book, now) {
		flag, field, within := strings.Cut(fault.Field, ".")
		if within {
			flag += ": " + field
		}
		wrong = append(wrong, fmt.Errorf("--%s %s", flag, fault.Problem))
	}
	return errors.Join(wrong...)
}

func checkKey(name, role string) error {
	if n := len([]rune(name)); n == 0 || n > 100 {
		return errors.New("--name must be what the key is for, 1 to 100 characters")
	}
	if !slices.Contains(api.Roles(), api.Role(role)) {
		return errors.New("--role must be admin, dpo, agent or auditor")
	}
	return nil
}
