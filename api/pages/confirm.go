package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/consent"
)

// showConfirm shows what a letter asks to be confirmed. Looking confirms nothing: programs look at every link of a message.
func (s *site) showConfirm(v *visit, link casework.OwnLink) error {
	page, err := s.Desk.SignUpPage(v.Request.Context(), link)
	if err != nil {
		return err
	}
	return s.confirmPage(v, page, false)
}

// answerConfirm takes what was pressed.
func (s *site) answerConfirm(v *visit, link casework.OwnLink) error {
	body, whole := v.small(maxOneClick)
	v.sent.values, _ = url.ParseQuery(body)
	act := v.entered("act")
	if !whole || act != "confirm" && act != "deny" {
		return s.showConfirm(v, link)
	}
	if ok, wait := s.send.Allow(link.Person.String()); !ok {
		v.busy(wait)
		return nil
	}
	answer := s.Desk.ConfirmSignUp
	if act == "deny" {
		answer = s.Desk.DenySignUp
	}
	page, err := answer(v.Request.Context(), link, v.evidence())
	if err != nil {
		return err
	}
	return s.confirmPage(v, page, true)
}

// confirmPage shows how a sign-up stands: waiting for a press, or what came of it.
func (s *site) confirmPage(v *visit, page casework.SignUpPage, acted bool) error {
	v.speak(page.Language)
	base := v.ownBase()
	shown := view{Here: base, Base: base, Outside: true, Confirm: &confirm{}}
	for _, o := range page.Offers {
		one := ownOffer{Title: o.Text.Title, Words: strings.TrimSpace(o.Text.Body)}
		v.fold(&one)
		shown.Confirm.Offers = append(shown.Confirm.Offers, one)
	}
	state := page.State
	if !slices.Contains([]consent.SignUpState{consent.SignUpAsked, consent.SignUpConfirmed, consent.SignUpExpired, consent.SignUpDenied}, state) {
		state = consent.SignUpExpired
	}
	key, words := "confirm."+string(state), "confirm"
	if page.Offered() { // nobody has entered anything: we asked
		words = "offer"
		if state != consent.SignUpConfirmed {
			key = "offer." + string(state)
		}
	}
	shown.Title = v.say(key + ".title")
	switch state {
	case consent.SignUpAsked:
		shown.Promise = v.say(key+".promise", "controller", v.tenant.Name)
		shown.Confirm.No = v.say(words + ".no")
		shown.Confirm.NoHead, shown.Confirm.NoHint = v.say(words+".no.head"), v.say(words+".no.hint")
		shown.Confirm.Waits, shown.Confirm.Until = true, v.say("confirm.until", "date", v.moment(page.ExpiresAt))
	case consent.SignUpConfirmed:
		shown.Notice = v.say("confirm.confirmed.text", "date", v.moment(page.Ended))
		shown.Confirm.Choose, shown.Confirm.End = page.Links.Preferences, page.Links.Unsubscribe
	default:
		shown.Lines = []string{v.say(key+".text", "controller", v.tenant.Name)}
		shown.Confirm.Offers = nil
		if state == consent.SignUpExpired && !page.Offered() && v.tenant.Settings.Consents.SignUps != nil {
			shown.Confirm.Again = "/" + v.tenant.Slug + "/sign-up?lang=" + v.language
		}
	}
	status := http.StatusOK
	if acted && state == consent.SignUpExpired {
		status = http.StatusGone
	}
	v.show(status, "confirm", shown)
	return nil
}

// confirm is the page on which a sign-up is confirmed.
type confirm struct {
	Offers []ownOffer
	// Waits says that it can be confirmed, until when Until says.
	Waits bool
	Until string
	// No is the button of who does not want it, with its heading and what it does.
	No, NoHead, NoHint string
	// Choose and End lead to what can be done once it is confirmed, Again to where one signs up anew.
	Choose, End, Again string
}
