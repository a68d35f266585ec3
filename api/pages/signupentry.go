package pages

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
)

// maxEntry bounds what a script sends.
const maxEntry = 16 << 10

// sourceForm is what a form may call itself: nothing about a person.
var sourceForm = regexp.MustCompile(`^[\p{L}\p{N} ._/-]{1,60}$`)

// sourceOf is the name of a form, where it gives one that can be kept.
func sourceOf(name string) string {
	if sourceForm.MatchString(name) {
		return name
	}
	return "sign-up form"
}

// maxShownOn is how much of the address of a page is kept.
const maxShownOn = 500

// shownOn is the page that a form stood on, as far as the browser says, without what stands behind the question mark: that may be about the person.
func shownOn(referer string) string {
	u, err := url.Parse(referer)
	if err != nil || u.Host == "" || len(referer) > maxShownOn {
		return ""
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// signUpEntry reads what a form has sent.
func (v *visit) signUpEntry() signUpEntry {
	in := signUpEntry{
		Address: v.entered("email"), Country: v.entered("country"), Source: v.entered("source"), trapped: v.sent.values.Get("website") != "", Purposes: []string{},
	}
	for _, key := range v.sent.values["purpose"] {
		if key = strings.TrimSpace(key); key != "" && len(in.Purposes) < 20 {
			in.Purposes = append(in.Purposes, key)
		}
	}
	for _, text := range v.sent.values["text"] {
		if id, err := uuid.Parse(text); err == nil && len(in.Texts) < 100 {
			in.Texts = append(in.Texts, id)
		}
	}
	return in
}

// signUpFault says what is wrong in the words of the page.
func (v *visit) signUpFault(f *casework.ConsentFault) fault {
	switch f.Field {
	case "address":
		return fault{Field: "email", Text: v.say("error.email")}
	case "purposes":
		return fault{Field: "purpose", Text: v.say("signup.error.purpose")}
	case "texts":
		return fault{Text: v.say("signup.error.texts")}
	default:
		return fault{Text: v.say("signup.error.form")}
	}
}

// sendsJSON says that a script sends it, and no form.
func (v *visit) sendsJSON() bool {
	media, _, err := mime.ParseMediaType(v.GetHeader("Content-Type"))
	return v.FullPath() == signUpRoute && err == nil && media == "application/json"
}

// entryProblem is what a script is told.
type entryProblem struct {
	Field   string `json:"field,omitempty"`
	Problem string `json:"problem"`
}

// takeSignUpJSON takes a sign-up from a script on one of the tenant's sites.
func (s *site) takeSignUpJSON(v *visit) error {
	if !v.allowOrigin() {
		v.JSON(http.StatusForbidden, entryProblem{Problem: "This site may not sign people up by a script: it is none of settings.consents.sign_ups.origins."})
		return nil
	}
	body, whole := v.small(maxEntry)
	var in signUpEntry
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); !whole || err != nil || decoder.More() {
		v.JSON(http.StatusBadRequest, entryProblem{Problem: "This is no sign-up: send one JSON object with address, purposes and texts, and country, language and source where you know them."})
		return nil
	}
	if ok, wait := s.signUps.Allow(v.tenant.ID.String()); !ok {
		v.later(wait)
		v.JSON(http.StatusTooManyRequests, entryProblem{Problem: "Too many sign-ups at once. Send it again later."})
		return nil
	}
	err := s.enterSignUp(v, in)
	var refused *casework.ConsentFault
	if errors.As(err, &refused) {
		v.JSON(http.StatusUnprocessableEntity, entryProblem{Field: refused.Field, Problem: refused.Problem})
		return nil
	}
	if err != nil {
		return err
	}
	v.JSON(http.StatusAccepted, map[string]string{"next": "look_into_mailbox"})
	return nil
}

// allowOrigin lets scripts of the tenant's sites read the answer. What no browser sends has no origin, and is bounded as everything is.
func (v *visit) allowOrigin() bool {
	origin := v.GetHeader("Origin")
	v.Header("Vary", "Origin")
	if origin == "" {
		return true
	}
	rules := v.tenant.Settings.Consents.SignUps
	if rules == nil || !slices.Contains(rules.Origins, origin) {
		return false
	}
	v.Header("Access-Control-Allow-Origin", origin)
	v.Header("Cross-Origin-Resource-Policy", "cross-origin")
	return true
}

// preflightSignUp answers a browser that asks whether a script may send.
func (s *site) preflightSignUp(v *visit) error {
	if !v.allowOrigin() {
		v.Status(http.StatusForbidden)
		return nil
	}
	v.Header("Access-Control-Allow-Methods", "POST")
	v.Header("Access-Control-Allow-Headers", "Content-Type")
	v.Header("Access-Control-Max-Age", "600")
	v.Status(http.StatusNoContent)
	return nil
}
