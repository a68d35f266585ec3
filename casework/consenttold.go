package casework

import (
	"context"
	"errors"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// ToldConsents is what the ledger of consents has of somebody, for them to read (Art. 15 GDPR).
type ToldConsents struct {
	Lines  []ToldConsent
	Stands []ToldStanding
	Chosen []ToldChoice
}

// ToldConsent is a line of the ledger. Words says in the person's language what happened.
type ToldConsent struct {
	Address, Purpose, Title, Words string
	storage.ConsentLine
}

// ToldStanding is what stands for a purpose on a channel now.
type ToldStanding struct {
	Address, Purpose, Title, Words string
	Channel                        privacy.MessageChannel
	Since                          time.Time
	Until                          privacy.Date
}

// ToldChoice is what they chose beside it.
type ToldChoice struct {
	Address string
	storage.ConsentPreferencesLine
}

// ConsentsTold reads the ledger by all that somebody is known by.
func (d *Desk) ConsentsTold(ctx context.Context, tx *storage.Tx, known storage.Person, language string) (out ToldConsents, err error) {
	texts, err := tx.NewestConsentTexts(ctx)
	if err != nil {
		return out, err
	}
	told := telling{tenant: tx.Tenant(), texts: texts, language: language, words: consentWordsIn(language)}
	for _, a := range []storage.ConsentAddress{
		{Kind: storage.AddressEmail, Value: known.Email}, {Kind: storage.AddressPhone, Value: known.Phone}, {Kind: storage.AddressCustomer, Value: known.CustomerID},
	} {
		if a.Value == "" {
			continue
		}
		h, err := tx.ConsentHistory(ctx, a)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return out, err
		}
		chosen, err := tx.ConsentPreferencesOf(ctx, h.Person)
		if err != nil {
			return out, err
		}
		for _, c := range chosen {
			out.Chosen = append(out.Chosen, ToldChoice{h.Address, c})
		}
		told.add(&out, h)
	}
	return out, nil
}

// telling puts the ledger into words.
type telling struct {
	tenant   storage.Tenant
	texts    []storage.ConsentText
	language string
	words    consentWords
}

func (t *telling) add(out *ToldConsents, h storage.ConsentHistory) {
	for _, l := range h.Lines {
		key, title := t.purpose(l.Purpose)
		one := ToldConsent{Address: h.Address, Purpose: key, Title: title, Words: t.words.event(l, title), ConsentLine: l}
		out.Lines = append(out.Lines, one)
	}
	for _, s := range h.Standings {
		key, title := t.purpose(s.Purpose)
		state, since := standsSince(s.Standing)
		out.Stands = append(out.Stands, ToldStanding{
			Address: h.Address, Purpose: key, Title: title, Words: t.words.states[state], Channel: s.Channel, Since: since, Until: s.ImpliedUntil,
		})
	}
}

// purpose is the key of one and what its words are called, in the person's language where there are any.
func (t *telling) purpose(number int32) (key, title string) {
	if number == storage.Everything {
		return EveryPurpose, t.words.everything
	}
	for _, p := range t.tenant.Purposes {
		if p.Number == number {
			key = p.Key
		}
	}
	title = key
	for _, language := range []string{"", t.tenant.Language, t.language} { // the best is the last
		for _, text := range t.texts {
			if text.Purpose == number && (language == "" && title == key || text.Language == language) {
				title = text.Title
			}
		}
	}
	return key, title
}

// standsSince is the strongest of what stands, and since when.
func standsSince(s consent.Standing) (state string, since time.Time) {
	switch {
	case !s.Withdrawn.IsZero():
		return "withdrawn", s.Withdrawn
	case !s.Confirmed.IsZero():
		return "confirmed", s.Confirmed
	case !s.Given.IsZero():
		return "given", s.Given
	case len(s.Relations) > 0 || s.Address != (consent.Address{}):
		return "implied", time.Time{}
	case !s.Requested.IsZero():
		return "requested", s.Requested
	}
	return "none", time.Time{}
}

// LedgerDeclaration says of the ledger of consents what Art. 15(1) GDPR asks for: it is the same for every tenant.
func LedgerDeclaration() dataset.Declaration {
	mine := []string{"user.contact", "user.privacy_preferences"}
	return dataset.Declaration{
		System: "docket", Name: ledgerNames(), Subjects: []string{"customer"},
		Purposes: []dataset.Purpose{{
			Use: "marketing", Basis: dataset.LegalObligation, Categories: mine,
			Description: dataset.Text{
				"en": "To be able to show that messages were agreed to, and to keep to what was not (Art. 7(1) GDPR)", "de": "Um nachweisen zu können, dass in Nachrichten eingewilligt wurde, und zu beachten, worin nicht (Art. 7 Abs. 1 DSGVO)",
				"fr": "Pour pouvoir démontrer que des messages ont été acceptés, et respecter les refus (art. 7, par. 1, RGPD)", "es": "Para poder demostrar que se aceptaron mensajes y respetar lo que no se aceptó (art. 7.1 RGPD)",
			},
		}},
		Retention: []dataset.Retention{{Categories: mine, Criteria: dataset.Text{
			"en": "As long as messages are sent on it, and as long as its proof may be needed after that", "de": "Solange darauf Nachrichten gesendet werden, und solange der Nachweis danach gebraucht werden kann",
			"fr": "Tant que des messages sont envoyés sur cette base, puis tant que la preuve peut être nécessaire", "es": "Mientras se envíen mensajes sobre esa base y, después, mientras pueda necesitarse la prueba",
		}}},
		Source: dataset.Source{Text: dataset.Text{
			"en": "Said in each line: a form, a list that was handed over, our staff, a link of yours", "de": "In jeder Zeile genannt: ein Formular, eine übernommene Liste, unser Personal, ein Link von Ihnen",
			"fr": "Indiquée à chaque ligne : un formulaire, une liste reprise, notre personnel, un lien à vous", "es": "Se indica en cada línea: un formulario, una lista recibida, nuestro personal, un enlace suyo",
		}},
	}
}
