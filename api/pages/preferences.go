package pages

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// keepPause leaves a pause, or that there is none, as it is.
const keepPause = -1

// showPreferences shows what a person can choose. Looking changes nothing.
func (s *site) showPreferences(v *visit, link casework.OwnLink) error {
	return s.preferences(v, link, http.StatusOK, "", nil, nil)
}

// preferences shows the choices as they stand.
func (s *site) preferences(v *visit, link casework.OwnLink, status int, notice string, lines []string, faults []fault) error {
	choices, err := s.Desk.OwnChoices(v.Request.Context(), link, v.speaks)
	if err != nil {
		return err
	}
	base := v.ownBase()
	page := view{Title: v.say("prefs.title", "controller", v.tenant.Name), Promise: v.say("prefs.promise"), Notice: notice, Lines: lines, Faults: faults, Here: base, Base: base, Own: v.chooser(choices)}
	v.show(status, "preferences", page)
	return nil
}

// chooser puts choices on the page.
func (v *visit) chooser(choices casework.OwnChoices) *own {
	out := &own{}
	for _, o := range choices.Offers {
		way := choice{Value: choiceValue(o.Choice), Text: v.say("way." + string(o.Channel)), Chosen: o.On}
		if o.Tracking {
			way.Text = v.say("prefs.tracking.yes")
			out.Tracking = append(out.Tracking, v.offer(o, way))
			continue
		}
		if last := len(out.Offers) - 1; last >= 0 && strings.HasPrefix(out.Offers[last].Ways[0].Value, choicePurpose(o.Purpose)) {
			out.Offers[last].Ways = append(out.Offers[last].Ways, way)
			continue
		}
		out.Offers = append(out.Offers, v.offer(o, way))
	}
	for _, f := range consent.Frequencies() {
		out.Often = append(out.Often, choice{Value: string(f), Text: v.say("often." + string(f)), Chosen: choices.Frequency == f})
	}
	out.Pause = v.pauses(choices)
	if !choices.PausedUntil.IsZero() {
		out.Paused = v.say("prefs.paused", "date", v.day(choices.PausedUntil))
	}
	if out.Spoken, _, _ = strings.Cut(choices.Language, "-"); !slices.Contains(languages(), out.Spoken) {
		out.Spoken = v.language
	}
	for _, code := range languages() {
		out.Tongues = append(out.Tongues, choice{Value: code, Text: v.site.words.say(code, "lang.name"), Chosen: code == out.Spoken})
	}
	return out
}

func (v *visit) offer(o casework.Offer, way choice) ownOffer {
	one := ownOffer{Title: o.Text.Title, Words: strings.TrimSpace(o.Text.Body), Ways: []choice{way}}
	if one.Title == "" {
		one.Title = o.Key
	}
	if o.Text.ID != uuid.Nil {
		one.Text = choicePurpose(o.Purpose) + o.Text.ID.String()
	}
	v.fold(&one)
	return one
}

func (v *visit) pauses(choices casework.OwnChoices) []choice {
	out := []choice{{Value: strconv.Itoa(keepPause), Text: v.say("pause.none"), Chosen: true}}
	if !choices.PausedUntil.IsZero() {
		out = []choice{{Value: strconv.Itoa(keepPause), Text: v.say("pause.keep"), Chosen: true}, {Value: "0", Text: v.say("pause.end")}}
	}
	for _, days := range consent.Pauses() {
		out = append(out, choice{Value: strconv.Itoa(days), Text: v.say("pause.days", "days", strconv.Itoa(days))})
	}
	return out
}

// day writes a date as the person reads it.
func (v *visit) day(d privacy.Date) string { return v.date(d.EndIn(v.tenant.Zone)) }

// savePreferences keeps what was chosen, or ends everything, and shows how it stands then.
func (s *site) savePreferences(v *visit, link casework.OwnLink) error {
	defer v.forget()
	v.receive()
	if v.sent.unread != nil {
		status, said := v.unread()
		return s.preferences(v, link, status, "", nil, []fault{{Text: said.Text}})
	}
	switch v.sent.values.Get("act") {
	case "all": // ending is never too often
		return s.end(v, link, casework.AllOfIt)
	case "undo":
		return s.takeUp(v, link)
	case "save":
		return s.save(v, link)
	default:
		return s.preferences(v, link, http.StatusBadRequest, "", nil, []fault{{Text: v.say("error.broken")}})
	}
}

func (s *site) save(v *visit, link casework.OwnLink) error {
	if ok, wait := s.send.Allow(link.Person.String()); !ok {
		return s.preferences(v, link, http.StatusTooManyRequests, "", nil, []fault{v.busyFault(wait)})
	}
	w := v.ownWish()
	chosen, err := s.Desk.Choose(v.Request.Context(), link, w, v.evidence())
	if err != nil {
		return err
	}
	v.picked = w.Language
	return s.chosen(v, link, chosen)
}

// chosen says what was kept.
func (s *site) chosen(v *visit, link casework.OwnLink, c casework.Chosen) error {
	choices, err := s.Desk.OwnChoices(v.Request.Context(), link, v.speaks)
	if err != nil {
		return err
	}
	said := []string{v.say("prefs.saved")}
	if len(c.Given)+len(c.Ended) == 0 && !c.Other {
		said[0] = v.say("prefs.same")
	}
	if len(c.Given) > 0 {
		said = append(said, v.say("prefs.saved.on", "what", v.allCalled(c.Given, choices)))
	}
	if len(c.Ended) > 0 {
		said = append(said, v.say("prefs.saved.off", "what", v.allCalled(c.Ended, choices)))
	}
	var lines []string
	if len(c.Waits) > 0 {
		lines = append(lines, v.say("prefs.waits", "what", v.allCalled(c.Waits, choices)))
	}
	return s.preferences(v, link, http.StatusOK, strings.Join(said, " "), lines, nil)
}

// ownWish reads the form of choices. What is none of them is left out.
func (v *visit) ownWish() casework.OwnWish {
	w := casework.OwnWish{Texts: map[int32]uuid.UUID{}, Frequency: consent.Frequency(v.entered("often")), PauseDays: keepPause}
	w.Was, w.On = choicesIn(v.sent.values["was"]), choicesIn(v.sent.values["on"])
	for _, text := range v.sent.values["text"] {
		number, id, _ := strings.Cut(text, "/")
		purpose, err := strconv.ParseInt(number, 10, 32)
		if parsed, bad := uuid.Parse(id); err == nil && bad == nil {
			w.Texts[int32(purpose)] = parsed
		}
	}
	if days, err := strconv.Atoi(v.entered("pause")); err == nil {
		w.PauseDays = days
	}
	if _, known := v.site.words[v.entered("language")]; known && v.entered("language") != v.entered("was_language") {
		w.Language = v.entered("language")
	}
	return w
}

// choicesIn reads choices as the form has them.
func choicesIn(values []string) (out []casework.Choice) {
	for _, value := range values {
		number, channel, _ := strings.Cut(value, "/")
		if purpose, err := strconv.ParseInt(number, 10, 32); err == nil {
			out = append(out, casework.Choice{Purpose: int32(purpose), Channel: privacy.MessageChannel(channel)})
		}
	}
	return out
}

func choiceValue(c casework.Choice) string { return choicePurpose(c.Purpose) + string(c.Channel) }

func choicePurpose(purpose int32) string { return strconv.Itoa(int(purpose)) + "/" }
