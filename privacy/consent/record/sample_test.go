package record_test

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/consent/record"
)

var berlin = time.FixedZone("Europe/Berlin", 3600)

func at(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 30, 0, 0, time.UTC) }

func bakery() record.Party {
	return record.Party{
		ID: "HRB 12345", Name: "Bäckerei Beispiel GmbH", Contact: "Datenschutz", Email: "datenschutz@beispiel.example", Phone: "+49 30 0000000",
		URL: "https://beispiel.example/", Address: record.Address{Street: "Musterweg 1", PostalCode: "10115", Locality: "Berlin", Country: "DE"},
	}
}

func newsletter() record.Purpose {
	return record.Purpose{
		ID: "newsletter", Title: "Newsletter", Description: "News of the bakery, once a week", Use: privacy.UseMarketing, Service: "Bäckerei Beispiel online",
	}
}

func text(version string) *record.Text {
	return &record.Text{
		ID: "newsletter-text", Version: version, Language: "de", Shown: privacy.Date{Year: 2026, Month: 1, Day: 2},
		SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	}
}

func ePrivacy() record.Law {
	cited := privacy.Citation{Text: "Directive 2002/58/EC Art 13(1)-(2); UWG (DE) s.7", Mark: privacy.Knowledge}
	return record.Law{ID: "eu-eprivacy", Version: "2026.1", Name: "ePrivacy Directive Art 13 with GDPR Art 21(3)", Citation: cited}
}

func casl() record.Law {
	cited := privacy.Citation{Text: "CASL ss.6, 10, 11; SOR/2012-36; SOR/2013-221", Mark: privacy.Verified}
	return record.Law{ID: "casl", Version: "2026.1", Name: "Canada's Anti-Spam Legislation", Citation: cited, Implies: true}
}

// confirmed is a consent with everything on record: signed up for, confirmed, taken back, given again on the page of preferences, and again confirmed.
func confirmed() *record.Consent {
	officer := record.Party{Name: "Dr. Ada Example", Email: "dpo@beispiel.example"}
	return &record.Consent{
		ID: "0192f0c1-7e1a-7c3e-8a51-2f6f7f6d9a10", Issued: at(31, 9), Person: "p-7f3a9b2e", Controller: bakery(), Officer: &officer, Purpose: newsletter(),
		Channel: privacy.ByEmail, Countries: []string{"DE"}, Laws: []record.Law{ePrivacy()},
		Events: []record.Event{
			{Kind: consent.Given, At: at(1, 8), Recorded: at(1, 8), Zone: berlin, How: record.ByForm, Source: "newsletter form", Text: text("3")},
			{Kind: consent.Requested, At: at(1, 9), Recorded: at(1, 9), Zone: berlin, How: record.ByConfirmation, Text: text("3")},
			{Kind: consent.Confirmed, At: at(1, 10), Recorded: at(1, 10), Zone: berlin, How: record.ByConfirmation, Text: text("3")},
			{Kind: consent.Withdrawn, At: at(10, 23), Recorded: at(11, 0), Zone: berlin, How: record.ByOneClick},
			{Kind: consent.Given, At: at(20, 8), Recorded: at(20, 8), Zone: berlin, How: record.ByPage, Text: text("4")},
			{Kind: consent.Confirmed, At: at(20, 12), Recorded: at(20, 12), Zone: berlin, How: record.ByConfirmation},
		},
		Status:     record.Status{State: record.Granted},
		WithdrawAt: "https://beispiel.example/preferences", RightsAt: "https://beispiel.example/rights", PolicyURL: "https://beispiel.example/privacy",
		Recipients: []record.Party{}, Storage: &record.Storage{Countries: []string{"DE"}, Retention: privacy.Period{Count: 3, Unit: privacy.Years}},
	}
}

// implied is what an import tells of a customer in Canada, who bought something and asked something, and whom nobody showed a text.
func implied() *record.Consent {
	return &record.Consent{
		ID: "0192f0c1-7e1a-7c3e-8a51-2f6f7f6d9a11", Issued: at(31, 9), Person: "p-1", Controller: bakery(), Purpose: newsletter(), Channel: privacy.BySMS,
		Countries: []string{"CA"}, Laws: []record.Law{casl()},
		Events: []record.Event{
			{
				Kind: consent.Refreshed, Relation: "purchase", At: at(2, 2), Recorded: at(30, 9), Zone: time.FixedZone("America/Toronto", -5*3600),
				How: record.ByImport, Source: "till of the shop", Until: privacy.Date{Year: 2028, Month: 3, Day: 1},
			},
			{
				Kind: consent.Refreshed, Relation: "inquiry", At: at(5, 2), Recorded: at(30, 9), How: record.ByImport, Source: "contact form",
				Until: privacy.Date{Year: 2026, Month: 9, Day: 5},
			},
		},
		Status:     record.Status{State: record.Implied, Until: privacy.Date{Year: 2028, Month: 3, Day: 1}},
		WithdrawAt: "https://beispiel.example/preferences", PolicyURL: "https://beispiel.example/privacy",
		Recipients: []record.Party{{ID: "postman", Name: "Postman SMS Inc.", Email: "privacy@postman.example"}},
	}
}

// bare is a record of next to nothing: a purpose and a word on the phone, written down by staff, of a customer in the Union.
func bare() *record.Consent {
	return &record.Consent{
		ID: "0192f0c1-7e1a-7c3e-8a51-2f6f7f6d9a12", Issued: at(31, 9), Person: "p-2", Controller: record.Party{Name: "Bäckerei Beispiel GmbH"},
		Purpose: record.Purpose{Title: "Calls about offers"}, Channel: privacy.ByPhone, Laws: []record.Law{ePrivacy()},
		Events: []record.Event{
			{Kind: consent.Refreshed, Relation: "purchase", At: at(1, 8), How: record.ByStaff},
			{Kind: consent.Given, At: at(2, 8), How: record.ByStaff},
			{Kind: consent.Withdrawn, At: at(3, 8), How: record.ByStaff},
		},
		Status: record.Status{State: record.Withdrawn}, Sensitive: []string{"health"},
	}
}
