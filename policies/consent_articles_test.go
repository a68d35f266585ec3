package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// happened is an event on a day of the UTC calendar, known at once.
func happened(t require.TestingT, day string, kind consent.Kind, of privacy.ConsentEvent) consent.Event {
	d, err := privacy.ParseDate(day)
	require.NoError(t, err)
	noon := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
	return consent.Event{Kind: kind, At: noon, Recorded: noon, Day: d, Relation: of}
}

func offered(e consent.Event) consent.Event {
	e.Refusable = true
	return e
}

func unwelcome(e consent.Event) consent.Event {
	e.NoSolicitation = true
	return e
}

// article is one case under one law: what happened, what is to be sent, and the answer with what it rests on.
type article struct {
	law    string
	events []consent.Event
	day    string
	ask    consent.Ask
	// reason is that of a yes or a no; cited what it rests on, until its last day.
	reason       consent.Reason
	cited, until string
}

func (c article) check(t *testing.T, name string) {
	t.Helper()
	rule, err := book(t).Message(c.law)
	require.NoError(t, err)
	day, err := privacy.ParseDate(c.day)
	require.NoError(t, err)
	c.ask.Day = day
	if c.ask.Class == "" {
		c.ask.Class = privacy.Commercial
	}
	s := consent.At(c.events, day.EndIn(time.UTC), day.EndIn(time.UTC))
	d := consent.Decide(c.ask, &s, nil, []privacy.MessageRule{rule})
	require.Equal(t, c.reason, d.Reason, name)
	require.Equal(t, len(c.reason.Remedies()) == 0, d.Allowed, name)
	require.Equal(t, c.cited, d.Citation.Text, name)
	require.Equal(t, c.until, d.Until.String(), name)
	require.Equal(t, c.law, d.Law, name)
	require.Equal(t, "2026.1", d.Version, name)
}

func TestCASLs10_9bcPublishedAndDisclosedAddresses(t *testing.T) {
	t.Parallel()
	published, disclosed := happened(t, "2026-01-10", consent.Published, ""), happened(t, "2026-01-10", consent.Disclosed, "")
	relevant := consent.Ask{Relevant: true}
	for name, c := range map[string]article{
		"published":                        {"casl", []consent.Event{published}, "2026-06-01", relevant, consent.ByPublished, "CASL s.10(9)(b), (c)", ""},
		"disclosed":                        {"casl", []consent.Event{disclosed}, "2026-06-01", relevant, consent.ByDisclosed, "CASL s.10(9)(b), (c)", ""},
		"published, not of the role":       {"casl", []consent.Event{published}, "2026-06-01", consent.Ask{}, consent.NotRelevant, "CASL s.10(9)(b), (c)", ""},
		"published with a statement":       {"casl", []consent.Event{unwelcome(published)}, "2026-06-01", relevant, consent.NoSolicitation, "CASL s.10(9)(b), (c)", ""},
		"disclosed with a statement":       {"casl", []consent.Event{unwelcome(disclosed)}, "2026-06-01", relevant, consent.NoSolicitation, "CASL s.10(9)(b), (c)", ""},
		"published, then a statement":      {"casl", []consent.Event{published, unwelcome(happened(t, "2026-02-01", consent.Published, ""))}, "2026-06-01", relevant, consent.NoSolicitation, "CASL s.10(9)(b), (c)", ""},
		"published, a statement, withdrew": {"casl", []consent.Event{published, happened(t, "2026-02-01", consent.Withdrawn, "")}, "2026-06-01", relevant, consent.WasWithdrawn, "CASL s.11(3)", ""},
		"in Australia, Sch 2 cl 4":         {"au-spam", []consent.Event{published}, "2026-06-01", relevant, consent.ByPublished, "Spam Act 2003 Sch 2 cl 4", ""},
		"in Australia, not of the role":    {"au-spam", []consent.Event{published}, "2026-06-01", consent.Ask{}, consent.NotRelevant, "Spam Act 2003 Sch 2 cl 4", ""},
		"in Australia, with a statement":   {"au-spam", []consent.Event{unwelcome(published)}, "2026-06-01", relevant, consent.NoSolicitation, "Spam Act 2003 Sch 2 cl 4", ""},
		"in the United Kingdom":            {"uk-pecr", []consent.Event{published}, "2026-06-01", relevant, consent.NoConsent, "PECR reg 22 (consent or soft opt-in)", ""},
	} {
		c.check(t, name)
	}
}

func TestCASLs10_10ExistingBusinessRelationships(t *testing.T) {
	t.Parallel()
	const cited = "CASL s.10(10)"
	purchase := happened(t, "2024-02-29", consent.Refreshed, "purchase")
	inquiry := happened(t, "2026-02-28", consent.Refreshed, "inquiry")
	contract := happened(t, "2023-01-01", consent.Began, "written_contract")
	ended := happened(t, "2024-08-31", consent.Ended, "written_contract")
	for name, c := range map[string]article{
		"a purchase, two years later":       {"casl", []consent.Event{purchase}, "2026-02-28", consent.Ask{}, consent.ByImplied, cited, "2026-02-28"},
		"a purchase, a day after":           {"casl", []consent.Event{purchase}, "2026-03-01", consent.Ask{}, consent.WindowOver, cited, ""},
		"an inquiry, six months and more":   {"casl", []consent.Event{inquiry}, "2026-08-31", consent.Ask{}, consent.ByImplied, cited, "2026-08-31"},
		"an inquiry, a day after":           {"casl", []consent.Event{inquiry}, "2026-09-01", consent.Ask{}, consent.WindowOver, cited, ""},
		"a purchase and an inquiry":         {"casl", []consent.Event{purchase, inquiry}, "2026-03-01", consent.Ask{}, consent.ByImplied, cited, "2026-08-31"},
		"a contract that runs":              {"casl", []consent.Event{contract}, "2035-01-01", consent.Ask{}, consent.ByInForce, "CASL s.10(10), (13), (14)", ""},
		"two years after a contract":        {"casl", []consent.Event{contract, ended}, "2026-08-31", consent.Ask{}, consent.ByImplied, cited, "2026-08-31"},
		"longer after a contract":           {"casl", []consent.Event{contract, ended}, "2026-09-01", consent.Ask{}, consent.WindowOver, cited, ""},
		"a second purchase":                 {"casl", []consent.Event{purchase, happened(t, "2025-05-05", consent.Refreshed, "purchase")}, "2026-03-01", consent.Ask{}, consent.ByImplied, cited, "2027-05-05"},
		"a purchase, then a withdrawal":     {"casl", []consent.Event{purchase, happened(t, "2024-03-01", consent.Withdrawn, "")}, "2024-04-01", consent.Ask{}, consent.WasWithdrawn, "CASL s.11(3)", ""},
		"a purchase after a withdrawal":     {"casl", []consent.Event{happened(t, "2024-02-01", consent.Withdrawn, ""), purchase}, "2024-04-01", consent.Ask{}, consent.WasWithdrawn, "CASL s.11(3)", ""},
		"what is implied has been recorded": {"casl", []consent.Event{purchase, happened(t, "2024-03-01", consent.Expired, "")}, "2024-04-01", consent.Ask{}, consent.ByImplied, cited, "2026-02-28"},
	} {
		c.check(t, name)
	}
}

func TestCASLs10_13And14NonBusinessRelationships(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]article{
		"a donation":               {"casl", []consent.Event{happened(t, "2024-06-15", consent.Refreshed, "donation")}, "2026-06-15", consent.Ask{}, consent.ByImplied, "CASL s.10(13)", "2026-06-15"},
		"a donation, a day after":  {"casl", []consent.Event{happened(t, "2024-06-15", consent.Refreshed, "donation")}, "2026-06-16", consent.Ask{}, consent.WindowOver, "CASL s.10(13)", ""},
		"volunteer work":           {"casl", []consent.Event{happened(t, "2024-06-15", consent.Refreshed, "volunteer_work")}, "2026-06-15", consent.Ask{}, consent.ByImplied, "CASL s.10(13)", "2026-06-15"},
		"a membership that lasts":  {"casl", []consent.Event{happened(t, "2014-06-15", consent.Began, "membership")}, "2026-06-15", consent.Ask{}, consent.ByInForce, "CASL s.10(10), (13), (14)", ""},
		"a membership that ended":  {"casl", []consent.Event{happened(t, "2014-06-15", consent.Began, "membership"), happened(t, "2025-06-15", consent.Ended, "membership")}, "2027-06-15", consent.Ask{}, consent.ByImplied, "CASL s.10(13), (14)", "2027-06-15"},
		"a loan that was paid off": {"casl", []consent.Event{happened(t, "2025-06-15", consent.Ended, "loan")}, "2027-06-16", consent.Ask{}, consent.WindowOver, "CASL s.10(14)", ""},
	} {
		c.check(t, name)
	}
}

func TestCASLs6_6AndTheRegulationsExempt(t *testing.T) {
	t.Parallel()
	withdrawn := []consent.Event{happened(t, "2026-01-01", consent.Withdrawn, "")}
	class := func(c privacy.MessageClass) consent.Ask { return consent.Ask{Class: c} }
	for name, c := range map[string]article{
		"s.6(6) facts of a purchase":          {"casl", nil, "2026-06-01", class(privacy.Transactional), consent.ByExemption, "CASL s.6(6)", ""},
		"s.6(6) even after a withdrawal":      {"casl", withdrawn, "2026-06-01", class(privacy.Transactional), consent.ByExemption, "CASL s.6(6)", ""},
		"SOR/2013-221 s.3 fundraising":        {"casl", nil, "2026-06-01", class(privacy.Fundraising), consent.ByExemption, "SOR/2013-221 s.3 (charities and parties)", ""},
		"SOR/2013-221 s.3 after a withdrawal": {"casl", withdrawn, "2026-06-01", class(privacy.Fundraising), consent.WasWithdrawn, "CASL s.11(3)", ""},
		"a charity that raises no funds":      {"casl", nil, "2026-06-01", class(privacy.Charitable), consent.NoConsent, "CASL ss.6, 10, 11; SOR/2012-36; SOR/2013-221", ""},
		"s.1(3) asking is commercial itself":  {"casl", nil, "2026-06-01", class(privacy.AskingConsent), consent.NoConsent, "CASL ss.6, 10, 11; SOR/2012-36; SOR/2013-221", ""},
		"s.1(3) asking who bought something":  {"casl", []consent.Event{happened(t, "2026-01-01", consent.Refreshed, "purchase")}, "2026-06-01", class(privacy.AskingConsent), consent.ByImplied, "CASL s.10(10)", "2028-01-01"},
		"s.1(3) asking who withdrew":          {"casl", withdrawn, "2026-06-01", class(privacy.AskingConsent), consent.WasWithdrawn, "CASL s.11(3)", ""},
	} {
		c.check(t, name)
	}
}
