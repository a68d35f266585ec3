package pages

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// signUpRoute is where people sign up: on our page, by a form on the tenant's, or by a script there.
const signUpRoute = "/:tenant/sign-up"

// FromElsewhere says whether a route takes what pages of other sites send: links of people's own, and forms by which people sign up. Neither does anything for a
// browser that it would not do for whoever sends the same without one.
func FromElsewhere(route string) bool { return OwnLink(route) || route == signUpRoute }

// signUp is a form that asks for consent.
type signUp struct {
	Offers []signUpOffer
	// Single says that one thing is asked for: sending the form is the consent.
	Single       bool
	Email        string
	Country      string
	Source       string
	EmailFault   string
	PurposeFault string
	MaxEmail     int
}

type signUpOffer struct {
	ownOffer
	Key    string
	Chosen bool
}

// signUpEntry is what a person has entered.
type signUpEntry struct {
	Address  string      `json:"address"`
	Purposes []string    `json:"purposes"`
	Texts    []uuid.UUID `json:"texts"`
	Country  string      `json:"country"`
	Language string      `json:"language"`
	Source   string      `json:"source"`
	// trapped says that a field is filled in that people can't see.
	trapped bool
}

func (s *site) showSignUp(v *visit) error { return s.signUpForm(v, http.StatusOK, signUpEntry{}, nil) }

// signUpForm shows the form, empty or with what was entered and what is wrong with it.
func (s *site) signUpForm(v *visit, status int, in signUpEntry, faults []fault) error {
	offers, err := s.signUpOffers(v)
	if err != nil {
		return err
	}
	if len(offers) == 0 {
		v.show(http.StatusNotFound, "plain", view{Title: v.say("missing.title"), Lines: []string{v.say("missing.text")}})
		return nil
	}
	form := &signUp{Single: len(offers) == 1, Email: in.Address, Country: v.param("country", in.Country), Source: v.param("source", in.Source), MaxEmail: longest()["email"]}
	for _, o := range offers {
		one := signUpOffer{Key: o.Purpose.Key, Chosen: slices.Contains(in.Purposes, o.Purpose.Key), ownOffer: ownOffer{Title: o.Text.Title, Words: strings.TrimSpace(o.Text.Body), Text: o.Text.ID.String()}}
		v.fold(&one.ownOffer)
		form.Offers = append(form.Offers, one)
	}
	here := "/" + v.tenant.Slug + "/sign-up"
	page := view{Title: v.say("signup.title", "controller", v.tenant.Name), Promise: v.say("signup.promise"), Here: here, Base: here + "?" + v.signUpQuery(v.language), Faults: faults, SignUp: form}
	page.Keep = template.URL(v.signUpQuery("")) //nolint:gosec // url.Values has encoded it
	form.EmailFault, form.PurposeFault = page.Fault("email"), page.Fault("purpose")
	v.thanksPolicy()
	v.show(status, "signup", page)
	return nil
}

// thanksPolicy lets the form lead on to the tenant's own page, which browsers hold to the same policy.
func (v *visit) thanksPolicy() {
	if rules := v.tenant.Settings.Consents.SignUps; rules != nil && rules.Thanks != "" {
		if u, err := url.Parse(rules.Thanks); err == nil {
			v.Header("Content-Security-Policy", strings.Replace(policy, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1))
		}
	}
}

// signUpOffers are what the form asks for: all that the tenant has opened, or those of them that the address names.
func (s *site) signUpOffers(v *visit) (out []casework.SignUpOffer, err error) {
	err = s.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		out, err = s.Desk.SignUpOffers(ctx, tx, v.language, v.QueryArray("purpose")...)
		return err
	})
	return out, err
}

// signUpQuery is the query of the form's own address: the language, unless it is chosen otherwise, and what it is for.
func (v *visit) signUpQuery(language string) string {
	q := url.Values{}
	if language != "" {
		q.Set("lang", language)
	}
	for _, name := range []string{"purpose", "country", "source"} {
		if given := v.QueryArray(name); len(given) > 0 {
			q[name] = given
		}
	}
	return q.Encode()
}

// param is what was entered, or what the address of the form says.
func (v *visit) param(name, entered string) string {
	if entered == "" {
		return v.Query(name)
	}
	return entered
}

// takeSignUp takes a sign-up in. Whoever sends the same gets the same answer, whatever the mailbox has agreed to: the rest is between us and the mailbox.
func (s *site) takeSignUp(v *visit) error {
	if v.sendsJSON() {
		return s.takeSignUpJSON(v)
	}
	in := v.signUpEntry()
	switch {
	case v.sent.unread != nil:
		status, said := v.unread()
		return s.signUpForm(v, status, in, []fault{said})
	case in.trapped:
		return s.signUpForm(v, http.StatusUnprocessableEntity, in, []fault{{Text: v.say("error.trap")}})
	}
	if ok, wait := s.signUps.Allow(v.tenant.ID.String()); !ok {
		return s.signUpForm(v, http.StatusTooManyRequests, in, []fault{v.busyFault(wait)})
	}
	err := s.enterSignUp(v, in)
	var refused *casework.ConsentFault
	if errors.As(err, &refused) {
		faults := []fault{v.signUpFault(refused)}
		if refused.Field == "address" && len(in.Purposes) == 0 { // both at once
			faults = append([]fault{v.signUpFault(&casework.ConsentFault{Field: "purposes"})}, faults...)
		}
		return s.signUpForm(v, http.StatusUnprocessableEntity, in, faults)
	}
	if err != nil {
		return err
	}
	if rules := v.tenant.Settings.Consents.SignUps; rules != nil && rules.Thanks != "" {
		v.thanksPolicy()
		v.Redirect(http.StatusSeeOther, rules.Thanks)
		return nil
	}
	v.show(http.StatusOK, "plain", view{Title: v.say("signup.sent.title"), Lines: []string{v.say("signup.sent.text"), v.say("signup.sent.next")}})
	return nil
}

// enterSignUp keeps what was entered.
func (s *site) enterSignUp(v *visit, in signUpEntry) error {
	shows := v.evidence()
	shows.URL = shownOn(v.GetHeader("Referer"))
	if in.Language == "" {
		in.Language = v.language
	}
	return s.Desk.DB().Change(v.Request.Context(), v.tenant.ID, casework.System("sign-ups"), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.SignUp(ctx, tx, casework.SignUpForm{
			Address: in.Address, Country: in.Country, Purposes: in.Purposes, Texts: in.Texts, Language: in.Language, How: "form", Source: sourceOf(in.Source), Evidence: shows,
		})
		return err
	})
}
