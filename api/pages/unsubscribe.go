package pages

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
)

// maxOneClick bounds what is sent to end something: a field, or the few of the page's own form.
const maxOneClick = 8 << 10

// ownReasons are what somebody can give as their reason, and need not.
func ownReasons() []string { return []string{"too_many", "not_for_me", "not_asked", "other"} }

// showUnsubscribe shows what one press ends. Looking changes nothing: programs look at every link of a message.
func (s *site) showUnsubscribe(v *visit, link casework.OwnLink) error {
	choices, err := s.Desk.OwnChoices(v.Request.Context(), link, v.speaks)
	if err != nil {
		return err
	}
	page, err := v.unsubscribeView(link, choices)
	if err != nil {
		return err
	}
	page.Title, page.Promise = v.say("unsub.title"), v.say("unsub.promise", "controller", v.tenant.Name)
	if !choices.EndedAt.IsZero() {
		page.Title, page.Promise = v.say("unsub.ended.title"), v.say("unsub.already", "date", v.moment(choices.EndedAt), "what", page.Own.What)
	}
	for _, r := range ownReasons() {
		page.Own.Reasons = append(page.Own.Reasons, choice{Value: r, Text: v.say("unsub.reason." + r)})
	}
	v.show(http.StatusOK, "unsubscribe", page)
	return nil
}

func (v *visit) unsubscribeView(link casework.OwnLink, choices casework.OwnChoices) (view, error) {
	base := v.ownBase()
	page := view{Here: base, Base: base, Own: &own{What: v.called(casework.Choice{Purpose: link.Purpose, Channel: link.Channel}, choices)}}
	if !choices.EndedAt.IsZero() {
		page.Own.Ended = v.moment(choices.EndedAt)
	}
	token, err := link.Preferences()
	page.Own.Choose = "/p/" + token
	return page, err
}

// unsubscribe takes the one click of a mailbox provider (RFC 8058), which is over with this, and what is pressed on the page.
func (s *site) unsubscribe(v *visit, link casework.OwnLink) error {
	body, whole := v.small(maxOneClick)
	if !whole {
		v.String(http.StatusRequestEntityTooLarge, "This is larger than any wish to unsubscribe. Nothing was changed.\n")
		return nil
	}
	answer := privacy.OneClickRequest{Method: v.Request.Method, ContentType: v.GetHeader("Content-Type"), Body: body}.Answer()
	if answer.Unsubscribe {
		if err := s.Desk.EndAtOnce(v.Request.Context(), link); err != nil {
			return err
		}
		v.String(http.StatusOK, "Unsubscribed.\n")
		return nil
	}
	v.sent.values, _ = url.ParseQuery(body) // what can be read of it: without an act it is none of the page's
	switch v.sent.values.Get("act") {
	case "this":
		return s.end(v, link, casework.ThisPurpose)
	case "all":
		return s.end(v, link, casework.AllOfIt)
	case "undo":
		return s.takeUp(v, link)
	}
	v.String(answer.Status, "This address takes the form field List-Unsubscribe=One-Click (RFC 8058). Nothing was changed.\n")
	return nil
}

// small reads a body that is no longer than most, in the time that forms have; whole is false for one that is longer, or broke off.
func (v *visit) small(most int64) (text string, whole bool) {
	body := &paced{Reader: v.Request.Body, control: http.NewResponseController(v.Writer), pace: v.site.Limits.Body, wall: v.site.wall, begun: v.site.wall.Now()}
	read, err := io.ReadAll(io.LimitReader(body, most+1))
	if ended := body.end(); err == nil {
		err = ended
	}
	return string(read), err == nil && int64(len(read)) <= most
}

// end ends what was pressed, and shows that it is over, since when, and the way back.
func (s *site) end(v *visit, link casework.OwnLink, scope casework.Scope) error {
	shows := v.evidence()
	if reason := v.entered("reason"); slices.Contains(ownReasons(), reason) {
		shows.Fields["reason"] = reason
	}
	ended, err := s.Desk.End(v.Request.Context(), link, scope, "page", shows)
	if err != nil {
		return err
	}
	choices, err := s.Desk.OwnChoices(v.Request.Context(), link, v.speaks)
	if err != nil {
		return err
	}
	page, err := v.unsubscribeView(link, choices)
	if err != nil {
		return err
	}
	what := page.Own.What
	if scope == casework.AllOfIt {
		what = v.say("unsub.every")
	}
	page.Title, page.Notice = v.say("unsub.done.title"), v.say("unsub.done.text", "what", what, "date", v.moment(ended.Since))
	if !ended.Fresh {
		page.Notice = v.say("unsub.already", "what", what, "date", v.moment(ended.Since))
	}
	page.Lines = []string{v.say("unsub.done.next")}
	if len(ended.Back) > 0 {
		if page.Own.Undo, err = newUndo(v.tenant, link.Person, ended.Batch, s.Clock.Now()); err != nil {
			return err
		}
		page.Own.Back = v.offers(ended.Back, choices)
	}
	v.show(http.StatusOK, "ended", page)
	return nil
}

// takeUp is for who did not mean to: only the page that said that it is over has the pass for it.
func (s *site) takeUp(v *visit, link casework.OwnLink) error {
	if ok, wait := s.send.Allow(link.Person.String()); !ok {
		v.busy(wait)
		return nil
	}
	batch, stale := checkUndo(v.tenant, link.Person, v.entered("undo"), s.Clock.Now())
	var taken []casework.Choice
	var err error
	if stale == nil {
		taken, err = s.Desk.TakeUp(v.Request.Context(), link, batch, v.language, v.evidence())
	}
	if err != nil {
		return err
	}
	choices, err := s.Desk.OwnChoices(v.Request.Context(), link, v.speaks)
	if err != nil {
		return err
	}
	page, err := v.unsubscribeView(link, choices)
	if err != nil {
		return err
	}
	page.Title = v.say("unsub.undone.title")
	status := http.StatusOK
	switch {
	case stale != nil:
		page.Title, page.Faults, status = v.say("unsub.undo.head"), []fault{{Text: v.say("unsub.undo.old")}}, http.StatusUnprocessableEntity
	case len(taken) == 0:
		page.Notice = v.say("unsub.undone.none")
	default:
		page.Notice = v.say("unsub.undone.text", "what", v.allCalled(taken, choices))
	}
	v.show(status, "ended", page)
	return nil
}

// offers are choices with their words.
func (v *visit) offers(all []casework.Choice, choices casework.OwnChoices) (out []ownOffer) {
	for _, c := range all {
		one := ownOffer{Title: v.called(c, choices)}
		for _, o := range choices.Offers {
			if o.Purpose == c.Purpose {
				one.Words = strings.TrimSpace(o.Text.Body)
			}
		}
		v.fold(&one)
		out = append(out, one)
	}
	return out
}

// foldWords is how many bytes of words stand on the page before they are folded away.
const foldWords = 600

func (v *visit) fold(o *ownOffer) {
	o.Long, o.Summary = len(o.Words) > foldWords, v.say("unsub.words")
}
