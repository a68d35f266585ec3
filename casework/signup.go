package casework

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// SignUpForm is what somebody sends who wants messages.
type SignUpForm struct {
	Address string
	// Country is where they live (ISO 3166-1 alpha-2), as far as the form says.
	Country string
	// Purposes are the keys of what they agree to, Texts the versions of the words that the form has, in any order.
	Purposes []string
	Texts    []uuid.UUID
	// Language is what they read; that of the controller when empty.
	Language    string
	How, Source string
	Evidence    storage.ConsentEvidence
}

// SignUpOffer is a purpose that forms may ask for, with the words that one agrees to.
type SignUpOffer struct {
	Purpose storage.ConsentPurpose
	Text    storage.ConsentText
}

// SignUpOffers are what a form may ask for, or those of them whose keys are named, with the newest words for who reads a language; none where the tenant has no
// forms. What has no words yet is not offered: nobody can agree to nothing.
func (d *Desk) SignUpOffers(ctx context.Context, tx *storage.Tx, language string, named ...string) (out []SignUpOffer, err error) {
	tenant := tx.Tenant()
	if tenant.Settings.Consents.SignUps == nil {
		return nil, nil
	}
	texts, err := tx.NewestConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range tenant.Settings.Consents.SignUps.Purposes {
		p, err := PurposeOf(tenant, key)
		if err != nil || !isChoice(p) || len(named) > 0 && !slices.Contains(named, key) {
			continue
		}
		if words := TextFor(texts, p.Number, language, tenant.Language); words.ID != uuid.Nil {
			out = append(out, SignUpOffer{Purpose: p, Text: words})
		}
	}
	return out, nil
}

// SignUp takes in what somebody has sent. What comes of it only their mailbox hears: here the same is done whoever has the address. Errors are *ConsentFault for
// what can't be taken in.
func (d *Desk) SignUp(ctx context.Context, tx *storage.Tx, in SignUpForm) (uuid.UUID, error) {
	texts, err := tx.ConsentTexts(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	tenant := tx.Tenant()
	if in.Language == "" {
		in.Language = tenant.Language
	}
	if !tenant.Settings.Consents.KeepIP {
		in.Evidence.IP = ""
	}
	if fault := signUpFault(tenant, in); fault != nil {
		return uuid.Nil, fault
	}
	entered := storage.EnteredSignUp{Address: in.Address, Country: in.Country, Evidence: in.Evidence}
	for _, key := range in.Purposes {
		wish, fault := wishFor(tenant, texts, key, in.Texts)
		if fault != nil {
			return uuid.Nil, fault
		}
		if !slices.ContainsFunc(entered.Wants, func(w storage.SignUpWish) bool { return w.Purpose == wish.Purpose }) {
			entered.Wants = append(entered.Wants, wish)
		}
	}
	return tx.AddSignUp(ctx, storage.NewSignUp{Entered: entered, Language: in.Language, How: in.How, Source: in.Source})
}

// languageForm is a language as it can be kept (BCP 47).
var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// maxAddress is as long as an e-mail address can be (RFC 5321 s.4.5.3.1.3).
const maxAddress = 254

func signUpFault(tenant storage.Tenant, in SignUpForm) *ConsentFault {
	_, err := seal.NormalEmail(in.Address)
	switch {
	case tenant.Settings.Consents.SignUps == nil:
		return &ConsentFault{Field: "purposes", Problem: "can't be asked for: no forms are open (settings.consents.sign_ups)"}
	case err != nil || utf8.RuneCountInString(in.Address) > maxAddress:
		return &ConsentFault{Field: "address", Problem: "is no e-mail address: it is the mailbox that confirms"}
	case !languageForm.MatchString(in.Language):
		return &ConsentFault{Field: "language", Problem: "is no language: give a tag such as de or pt-BR (BCP 47)"}
	case in.Country != "" && !countryForm.MatchString(in.Country):
		return &ConsentFault{Field: "country", Problem: "is no country: give two letters such as DE (ISO 3166-1)"}
	case len(in.Purposes) == 0:
		return &ConsentFault{Field: "purposes", Problem: "are missing: say what for"}
	}
	return nil
}

// wishFor is a purpose that somebody agrees to, with the words that they were shown.
func wishFor(tenant storage.Tenant, texts []storage.ConsentText, key string, shown []uuid.UUID) (storage.SignUpWish, *ConsentFault) {
	p, err := PurposeOf(tenant, key)
	if err != nil || !slices.Contains(tenant.Settings.Consents.SignUps.Purposes, key) {
		return storage.SignUpWish{}, &ConsentFault{Field: "purposes", Problem: fmt.Sprintf("has %q, which no form may ask for (settings.consents.sign_ups.purposes)", key)}
	}
	wish := storage.SignUpWish{Purpose: p.Number}
	for _, t := range texts {
		if t.Purpose == p.Number && slices.Contains(shown, t.ID) {
			wish.Text = t.ID
			return wish, nil
		}
	}
	return wish, &ConsentFault{Field: "texts", Problem: fmt.Sprintf("has none of the words of %q: consent is to words that were shown, so the form has to say which", key)}
}

// signUpEvent is a line of the ledger about a sign-up.
func signUpEvent(tx *storage.Tx, s storage.SignUp, w storage.SignUpWish, e consent.Event, how string, shows storage.ConsentEvidence) storage.ConsentEntry {
	tenant := tx.Tenant()
	e.Day = privacy.DateIn(e.At, tenant.Zone)
	entry := storage.ConsentEntry{Purpose: w.Purpose, Channel: privacy.ByEmail, Event: e, Zone: tenant.Zone.String(), How: how, Source: s.Source, Evidence: shows}
	if w.Text != uuid.Nil {
		entry.Text = &w.Text
	}
	return entry
}

// signUpFrame is what stands around a letter about a sign-up. It names nobody: whoever gets it may have asked for nothing.
func signUpFrame(tenant storage.Tenant) notify.Frame {
	return notify.Frame{Outside: true, Controller: notify.Controller{
		Name: tenant.Name, DPO: tenant.Profile.DPO, Contact: tenant.Profile.Contact, Address: tenant.Profile.Address, Zone: tenant.Zone,
	}}
}
