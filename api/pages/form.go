package pages

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// filled is what a person entered.
type filled struct {
	Name, Email, Phone, Customer, Details string
	// Rights are those asked for; Ground is that of a restriction, and Against what an objection or an opt-out is against.
	Rights  []string
	Ground  string
	Against []string
	// Contest is the automated decision that a human is to look at.
	Contest privacy.Contest
	// Place is where the person lives, "" where nobody asked.
	Place string
	// Other says that somebody asks for the person: who, how they may, and in proof what shows it.
	Other                           bool
	AgentName, AgentEmail, Standing string
	proof                           []byte
	token                           string
	trapped                         bool
}

// longest are the most characters per field.
func longest() map[string]int {
	return map[string]int{"agent_name": 200, "agent_email": 254, "standing": 2000, "name": 200, "email": 254, "phone": 40, "customer": 200, "details": 10000,
		"contest_decision": privacy.MaxContestLine, "contest_taken": privacy.MaxContestLine, "contest_effect": privacy.MaxContestText, "contest_view": privacy.MaxContestText,
		"transmit_receiver": casework.MaxReceiver, "transmit_address": casework.MaxAddress, "link_receiver": casework.MaxReceiver}
}

func (s *site) showForm(v *visit) error {
	return s.form(v, http.StatusOK, v.wanted(filled{Place: v.Query("place"), Other: v.Query("for") == forOther}), nil)
}

// form shows the form, empty or with what was entered and what is wrong with it. Where it depends on the place which
// rights there are, that is asked first.
func (s *site) form(v *visit, status int, in filled, faults []fault) error {
	regime, asked, err := s.law(v.tenant, in.Place)
	if err != nil {
		return err
	}
	if !asked {
		return s.askPlace(v, status, in, faults)
	}
	token, err := newToken(v.tenant, s.Clock.Now())
	if err != nil {
		return err
	}
	rights, due, err := s.offer(v.tenant, regime)
	if err != nil {
		return err
	}
	page := view{
		Title: v.say("form.title"), Promise: v.say("form.promise", "date", v.date(due)), Here: "/" + v.tenant.Slug + "/request",
		Token: token, Faults: faults, Place: in.Place, Other: in.Other,
	}
	if len(v.tenant.Settings.Regimes) > 0 {
		page.Law = v.say("place.law", "law", regime.Name)
	}
	for _, right := range rights {
		page.Rights = append(page.Rights, v.wish(right, in, page))
	}
	page.Fields = v.fields(in, page)
	if in.Other {
		page.Promise = v.say("form.promise.other", "date", v.date(due))
		page.Agent = v.agentFields(in, page)
	}
	v.show(status, "form", page)
	return nil
}

// wanted fills in what the address of the form asks for, or the browser: one that sends an opt-out signal wants no sale (11 CCR 7025).
func (v *visit) wanted(in filled) filled {
	if right := v.Query("right"); right != "" {
		in.Rights = []string{right}
	} else if v.signals() {
		in.Rights = []string{string(privacy.OptOut)}
	}
	return in
}

// signals says whether the browser sends an opt-out preference signal.
func (v *visit) signals() bool {
	return privacy.GlobalPrivacyControl(v.Request.Header.Values("Sec-GPC"))
}

// wish is a right as one can choose it, with what it turns on.
func (v *visit) wish(right privacy.Right, in filled, page view) wish {
	out := wish{choice: choice{Value: string(right), Text: v.say("right." + string(right)), Chosen: slices.Contains(in.Rights, string(right))}}
	switch right {
	case privacy.Rectification:
		out.Hint = v.say("form.documents")
	case privacy.Restriction:
		out.Name, out.Type, out.Legend = "ground", "radio", v.say("form.ground")
		for _, g := range privacy.RestrictionGrounds() {
			out.Choices = append(out.Choices, choice{Value: string(g), Text: v.say("ground." + string(g)), Chosen: in.Ground == string(g)})
		}
	case privacy.Objection:
		out.Name, out.Type, out.Legend = "against", "checkbox", v.say("form.against")
		for _, k := range privacy.Objectable() {
			out.Choices = append(out.Choices, choice{Value: string(k), Text: v.say("against." + string(k)), Chosen: slices.Contains(in.Against, string(k))})
		}
	case privacy.AutomatedDecision:
		out.Hint, out.Legend = v.say("form.documents"), v.say("form.contest")
		out.Fields = v.described(contestFields(in.Contest), false, page)
	case privacy.OptOut:
		if v.signals() {
			out.Hint = v.say("form.signal")
		}
	}
	return out
}

// contestFields are those about a decision that a human is to look at.
func contestFields(c privacy.Contest) []field {
	return []field{
		{Name: "contest_decision", Type: "text", Value: c.Decision, Complete: "off"},
		{Name: "contest_taken", Type: "text", Value: c.Taken, Complete: "off"},
		{Name: "contest_effect", Value: c.Effect, Long: true},
		{Name: "contest_view", Value: c.View, Long: true},
	}
}

func (v *visit) fields(in filled, page view) []field {
	out := []field{
		{Name: "name", Type: "text", Value: in.Name, Complete: "name"},
		{Name: "email", Type: "email", Value: in.Email, Complete: "email"},
		{Name: "phone", Type: "tel", Value: in.Phone, Complete: "tel"},
		{Name: "customer", Type: "text", Value: in.Customer, Complete: "off"},
		{Name: "details", Value: in.Details, Long: true},
	}
	return v.described(out, in.Other, page)
}

// described gives fields their words; those about the person are other ones when somebody asks for them.
func (v *visit) described(out []field, other bool, page view) []field {
	for i := range out {
		f := &out[i]
		label := "form." + f.Name
		if other && f.Name != "details" && !strings.HasPrefix(f.Name, "agent_") && f.Name != "standing" {
			label = "other." + f.Name
		}
		f.Label, f.Hint = v.say(label), v.say(label+".hint")
		f.Max, f.Fault = longest()[f.Name], page.Fault(f.Name)
	}
	return out
}

// offer gives the rights of a law that can be handled here, and by when an answer to a request of now would come at the latest.
func (s *site) offer(t storage.Tenant, regime *privacy.Regime) (rights []privacy.Right, due time.Time, err error) {
	now := s.Clock.Now()
	for _, right := range privacy.Rights() {
		if _, ok := regime.Rights[right]; !ok {
			continue
		}
		rights = append(rights, right)
		deadlines, err := regime.Deadlines(privacy.Facts{Right: right, Received: now, Zone: t.Zone, Calendar: regime.CalendarFor(t.Calendar), SmallAgent: t.Settings.SmallAgent})
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("the dates of the law: %w", err)
		}
		for _, d := range deadlines {
			if (d.Kind == privacy.Respond || d.Kind == privacy.Inform) && d.Due.After(due) {
				due = d.Due
			}
		}
	}
	return rights, due, nil
}

// date writes a day as the person reads it, where the controller is.
func (v *visit) date(t time.Time) string {
	return notify.FormatDate(notify.Language(v.language), t.In(v.tenant.Zone))
}
