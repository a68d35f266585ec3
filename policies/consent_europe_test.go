package policies_test

import (
	"testing"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

func TestPECRReg22_1IndividualSubscribers(t *testing.T) {
	t.Parallel()
	const cited = "PECR reg 22 (consent or soft opt-in)"
	withdrawn := happened(t, "2026-02-01", consent.Withdrawn, "")
	for name, c := range map[string]article{
		"nobody asked":            {"uk-pecr", nil, "2026-06-01", consent.Ask{}, consent.NoConsent, cited, ""},
		"consent":                 {"uk-pecr", []consent.Event{happened(t, "2026-01-01", consent.Given, "")}, "2026-06-01", consent.Ask{}, consent.ByExpress, cited, ""},
		"asked for and not given": {"uk-pecr", []consent.Event{happened(t, "2026-01-01", consent.Requested, "")}, "2026-06-01", consent.Ask{}, consent.Unconfirmed, cited, ""},
		"a company":               {"uk-pecr", nil, "2026-06-01", consent.Ask{Corporate: true}, consent.ByExemption, "PECR reg 22(1)", ""},
		"a company that objected": {"uk-pecr", []consent.Event{withdrawn}, "2026-06-01", consent.Ask{Corporate: true}, consent.WasWithdrawn, "UK GDPR Art 21(3) (at once); two days as a target", ""},
		"a company, in Germany":   {"eu-eprivacy", nil, "2026-06-01", consent.Ask{Corporate: true}, consent.NoConsent, "Directive 2002/58/EC Art 13(1)-(2); UWG (DE) s.7", ""},
		"no direct marketing":     {"uk-pecr", []consent.Event{withdrawn}, "2026-06-01", consent.Ask{Class: privacy.Transactional}, consent.ByExemption, "PECR reg 2; UK GDPR Art 4(15A)", ""},
		"consent, withdrawn":      {"uk-pecr", []consent.Event{happened(t, "2026-01-01", consent.Given, ""), withdrawn}, "2026-06-01", consent.Ask{}, consent.WasWithdrawn, "UK GDPR Art 21(3) (at once); two days as a target", ""},
	} {
		c.check(t, name)
	}
}

func TestPECRReg22_3SoftOptIn(t *testing.T) {
	t.Parallel()
	const cited = "PECR reg 22(3)"
	sale, talks := happened(t, "2026-01-01", consent.Refreshed, "purchase"), happened(t, "2026-01-01", consent.Refreshed, "negotiation")
	similar := consent.Ask{Similar: true}
	for name, c := range map[string]article{
		"(a) a sale":                      {"uk-pecr", []consent.Event{offered(sale)}, "2036-06-01", similar, consent.BySoftOptIn, cited, ""},
		"(a) negotiations for one":        {"uk-pecr", []consent.Event{offered(talks)}, "2026-06-01", similar, consent.BySoftOptIn, cited, ""},
		"(a) an inquiry":                  {"uk-pecr", []consent.Event{offered(happened(t, "2026-01-01", consent.Refreshed, "inquiry"))}, "2026-06-01", similar, consent.BySoftOptIn, cited, ""},
		"(a) a meeting is no sale":        {"uk-pecr", []consent.Event{offered(happened(t, "2026-01-01", consent.Refreshed, "meeting_attended"))}, "2026-06-01", similar, consent.NoConsent, "PECR reg 22 (consent or soft opt-in)", ""},
		"(b) other goods":                 {"uk-pecr", []consent.Event{offered(sale)}, "2026-06-01", consent.Ask{}, consent.NotSimilar, cited, ""},
		"(c) no way to refuse":            {"uk-pecr", []consent.Event{sale}, "2026-06-01", similar, consent.NotRefusable, cited, ""},
		"(c) offered at the first of two": {"uk-pecr", []consent.Event{offered(sale), happened(t, "2026-02-01", consent.Refreshed, "purchase")}, "2026-06-01", similar, consent.BySoftOptIn, cited, ""},
		"(c) offered as a contract began": {"uk-pecr", []consent.Event{offered(happened(t, "2026-01-01", consent.Began, "contract")), happened(t, "2026-02-01", consent.Ended, "contract")}, "2026-06-01", similar, consent.BySoftOptIn, cited, ""},
		"refused":                         {"uk-pecr", []consent.Event{offered(sale), happened(t, "2026-01-02", consent.Withdrawn, "")}, "2026-06-01", similar, consent.WasWithdrawn, "UK GDPR Art 21(3) (at once); two days as a target", ""},
	} {
		c.check(t, name)
	}
}

// Data (Use and Access) Act 2025 s.114, in force on 5 February 2026, and for addresses taken from that day on.
func TestPECRReg22_3ASoftOptInOfCharities(t *testing.T) {
	t.Parallel()
	const cited, plain = "PECR reg 22(3A); Data (Use and Access) Act 2025 s.114", "PECR reg 22 (consent or soft opt-in)"
	gift := func(day string) consent.Event { return happened(t, day, consent.Refreshed, "donation") }
	charity, funds := consent.Ask{Class: privacy.Charitable}, consent.Ask{Class: privacy.Fundraising}
	for name, c := range map[string]article{
		"the day before":                      {"uk-pecr", []consent.Event{offered(gift("2026-02-04"))}, "2026-02-04", charity, consent.NoConsent, plain, ""},
		"the first day":                       {"uk-pecr", []consent.Event{offered(gift("2026-02-05"))}, "2026-02-05", charity, consent.BySoftOptIn, cited, ""},
		"funds, which a party raises too":     {"uk-pecr", []consent.Event{offered(gift("2026-02-05"))}, "2026-06-01", funds, consent.NoConsent, plain, ""},
		"who shows interest":                  {"uk-pecr", []consent.Event{offered(happened(t, "2026-03-01", consent.Refreshed, "charity_interest"))}, "2026-06-01", charity, consent.BySoftOptIn, cited, ""},
		"taken before, written to after":      {"uk-pecr", []consent.Event{offered(gift("2026-02-04"))}, "2026-06-01", charity, consent.NotRefusable, cited, ""},
		"taken before, and again after":       {"uk-pecr", []consent.Event{offered(gift("2026-02-04")), offered(gift("2026-03-01"))}, "2026-06-01", charity, consent.BySoftOptIn, cited, ""},
		"offered before, given again after":   {"uk-pecr", []consent.Event{offered(gift("2026-02-04")), gift("2026-03-01")}, "2026-06-01", charity, consent.NotRefusable, cited, ""},
		"no way to refuse":                    {"uk-pecr", []consent.Event{gift("2026-03-01")}, "2026-06-01", charity, consent.NotRefusable, cited, ""},
		"advertising is no charity's purpose": {"uk-pecr", []consent.Event{offered(gift("2026-03-01"))}, "2026-06-01", consent.Ask{Similar: true}, consent.NoConsent, plain, ""},
		"in the Union":                        {"eu-eprivacy", []consent.Event{offered(gift("2026-03-01"))}, "2026-06-01", charity, consent.NoConsent, "Directive 2002/58/EC Art 13(1)-(2); UWG (DE) s.7", ""},
	} {
		c.check(t, name)
	}
}

func TestEPrivacyArt13SoftOptInAndProof(t *testing.T) {
	t.Parallel()
	const soft, proof = "Directive 2002/58/EC Art 13(2); UWG (DE) s.7(3)", "GDPR Art 7(1); UWG (DE) s.7; BGH I ZR 164/09"
	sale := happened(t, "2026-01-01", consent.Refreshed, "purchase")
	given := happened(t, "2026-01-05", consent.Given, "")
	similar := consent.Ask{Similar: true}
	for name, c := range map[string]article{
		"13(2) a customer":                 {"eu-eprivacy", []consent.Event{offered(sale)}, "2026-06-01", similar, consent.BySoftOptIn, soft, ""},
		"13(2) other goods":                {"eu-eprivacy", []consent.Event{offered(sale)}, "2026-06-01", consent.Ask{}, consent.NotSimilar, soft, ""},
		"13(2) no way to refuse":           {"eu-eprivacy", []consent.Event{sale}, "2026-06-01", similar, consent.NotRefusable, soft, ""},
		"13(2) talks alone are no sale":    {"eu-eprivacy", []consent.Event{offered(happened(t, "2026-01-01", consent.Refreshed, "negotiation"))}, "2026-06-01", similar, consent.NoConsent, "Directive 2002/58/EC Art 13(1)-(2); UWG (DE) s.7", ""},
		"7(1) given and not confirmed":     {"eu-eprivacy", []consent.Event{given}, "2026-06-01", consent.Ask{}, consent.Unconfirmed, proof, ""},
		"7(1) confirmed":                   {"eu-eprivacy", []consent.Event{given, happened(t, "2026-01-06", consent.Confirmed, "")}, "2026-06-01", consent.Ask{}, consent.ByConfirmed, "Directive 2002/58/EC Art 13(1)-(2); UWG (DE) s.7", ""},
		"7(1) a customer, not confirmed":   {"eu-eprivacy", []consent.Event{offered(sale), given}, "2026-06-01", similar, consent.BySoftOptIn, soft, ""},
		"7(1) other goods, not confirmed":  {"eu-eprivacy", []consent.Event{offered(sale), given}, "2026-06-01", consent.Ask{}, consent.Unconfirmed, proof, ""},
		"7(1) in the United Kingdom":       {"uk-pecr", []consent.Event{given}, "2026-06-01", consent.Ask{}, consent.ByExpress, "PECR reg 22 (consent or soft opt-in)", ""},
		"7(3) given, confirmed, withdrawn": {"eu-eprivacy", []consent.Event{given, happened(t, "2026-01-06", consent.Confirmed, ""), happened(t, "2026-01-07", consent.Withdrawn, "")}, "2026-06-01", consent.Ask{}, consent.WasWithdrawn, "GDPR Arts 7(3), 21(3) (at once); two days as a target", ""},
	} {
		c.check(t, name)
	}
}

func Test15USC7704OptOut(t *testing.T) {
	t.Parallel()
	withdrawn := []consent.Event{happened(t, "2026-01-01", consent.Given, ""), happened(t, "2026-02-01", consent.Withdrawn, "")}
	const cited = "15 USC 7704; 16 CFR 316"
	for name, c := range map[string]article{
		"nobody objected":                 {"can-spam", nil, "2026-06-01", consent.Ask{}, consent.ByOptOut, cited, ""},
		"a charity":                       {"can-spam", nil, "2026-06-01", consent.Ask{Class: privacy.Fundraising}, consent.ByOptOut, cited, ""},
		"(a)(4) opted out":                {"can-spam", withdrawn, "2026-06-01", consent.Ask{}, consent.WasWithdrawn, "15 USC 7704(a)(4)(A)", ""},
		"(a)(4) and asked again":          {"can-spam", withdrawn, "2026-06-01", consent.Ask{Class: privacy.AskingConsent}, consent.WasWithdrawn, "15 USC 7704(a)(4)(A)", ""},
		"(a)(4)(B) consent after the opt": {"can-spam", append(withdrawn, happened(t, "2026-03-01", consent.Given, "")), "2026-06-01", consent.Ask{}, consent.ByOptOut, cited, ""},
		"7702(17) transactional":          {"can-spam", withdrawn, "2026-06-01", consent.Ask{Class: privacy.Transactional}, consent.ByExemption, "15 USC 7702(17)", ""},
	} {
		c.check(t, name)
	}
}

func TestSpamActSchedule2Cl2InferredConsent(t *testing.T) {
	t.Parallel()
	const cited = "Spam Act 2003 Sch 2 cl 2"
	for name, c := range map[string]article{
		"a contract that runs":       {"au-spam", []consent.Event{happened(t, "2020-01-01", consent.Began, "contract")}, "2026-06-01", consent.Ask{}, consent.ByInForce, cited, ""},
		"a membership":               {"au-spam", []consent.Event{happened(t, "2020-01-01", consent.Began, "membership")}, "2026-06-01", consent.Ask{}, consent.ByInForce, cited, ""},
		"a contract that ended":      {"au-spam", []consent.Event{happened(t, "2020-01-01", consent.Began, "contract"), happened(t, "2026-05-01", consent.Ended, "contract")}, "2026-06-01", consent.Ask{}, consent.NoConsent, "Spam Act 2003 ss.16 to 18; Spam Regulations 2021", ""},
		"a purchase goes on nowhere": {"au-spam", []consent.Event{happened(t, "2026-05-01", consent.Refreshed, "purchase")}, "2026-06-01", consent.Ask{}, consent.NoConsent, "Spam Act 2003 ss.16 to 18; Spam Regulations 2021", ""},
		"Sch 1 cl 3 a charity":       {"au-spam", nil, "2026-06-01", consent.Ask{Class: privacy.Charitable}, consent.ByExemption, "Spam Act 2003 Sch 1 cl 3 (registered charities)", ""},
		"a charity, withdrawn":       {"au-spam", []consent.Event{happened(t, "2026-01-01", consent.Withdrawn, "")}, "2026-06-01", consent.Ask{Class: privacy.Charitable}, consent.WasWithdrawn, "Spam Act 2003 Sch 2 cl 6(1)", ""},
	} {
		c.check(t, name)
	}
}
