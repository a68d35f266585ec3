package pages

import (
	"fmt"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// filled is what a person entered.
type filled struct {
	Right, Name, Email, Phone, Customer, Details string
	token                                        string
	trapped                                      bool
}

// longest are the most characters per field.
func longest() map[string]int {
	return map[string]int{"name": 200, "email": 254, "phone": 40, "customer": 200, "details": 10000}
}

func (s *site) showForm(v *visit) error {
	return s.form(v, http.StatusOK, filled{Right: v.Query("right")}, nil)
}

// form shows the form, empty or with what was entered and what is wrong with it.
func (s *site) form(v *visit, status int, in filled, faults []fault) error {
	token, err := newToken(v.tenant, s.Clock.Now())
	if err != nil {
		return err
	}
	rights, due, err := s.offer(v.tenant)
	if err != nil {
		return err
	}
	page := view{
		Title: v.say("form.title"), Promise: v.say("form.promise", "date", v.date(due)), Here: "/" + v.tenant.Slug + "/request",
		Token: token, Faults: faults,
	}
	for _, right := range rights {
		page.Rights = append(page.Rights, choice{Value: string(right), Text: v.say("right." + string(right)), Chosen: string(right) == in.Right})
	}
	page.Fields = v.fields(in, page)
	v.show(status, "form", page)
	return nil
}

func (v *visit) fields(in filled, page view) []field {
	out := []field{
		{Name: "name", Type: "text", Value: in.Name, Complete: "name"},
		{Name: "email", Type: "email", Value: in.Email, Complete: "email"},
		{Name: "phone", Type: "tel", Value: in.Phone, Complete: "tel"},
		{Name: "customer", Type: "text", Value: in.Customer, Complete: "off"},
		{Name: "details", Value: in.Details, Long: true},
	}
	for i := range out {
		f := &out[i]
		f.Label, f.Hint = v.say("form."+f.Name), v.say("form."+f.Name+".hint")
		f.Max, f.Fault = longest()[f.Name], page.Fault(f.Name)
	}
	return out
}

// offer gives the rights of the tenant's law that can be handled here, and by when an answer to a request of now would come at the latest.
func (s *site) offer(t storage.Tenant) (rights []privacy.Right, due time.Time, err error) {
	now := s.Clock.Now()
	regime, err := s.Rules.Regime(t.Regime, now)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("the tenant's law: %w", err)
	}
	for _, right := range privacy.Rights() {
		if _, ok := regime.Rights[right]; !ok || !casework.Handles(right) {
			continue
		}
		rights = append(rights, right)
		deadlines, err := regime.Deadlines(privacy.Facts{Right: right, Received: now, Zone: t.Zone, Calendar: regime.CalendarFor(t.Calendar), SmallAgent: t.Settings.SmallAgent})
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("the dates of the tenant's law: %w", err)
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
