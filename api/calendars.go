package api

import (
	"context"
	"net/http"

	"github.com/privacy-docket/docket/privacy"
)

type calendarLine struct {
	ID   string `json:"id" example:"DE"`
	Zone string `json:"zone" doc:"IANA name of the place." example:"Europe/Berlin"`
}

type calendarOf struct {
	ID   string `path:"id" maxLength:"20" example:"DE"`
	Year int    `path:"year" minimum:"1900" maximum:"2199"`
}

type calendarView struct {
	calendarLine
	Year     int            `json:"year"`
	Holidays []privacy.Date `json:"holidays" doc:"The days on which the place is closed, but for weekends. Where a day is in doubt it is left out: a missing holiday makes a date earlier, never later."`
}

func (s *server) calendarOperations() {
	register(s, operation{id: "list-calendars", method: http.MethodGet, path: "/v1/calendars", summary: "The places whose holidays are known", tag: "policies"}, s.calendars)
	register(s, operation{
		id: "get-calendar", method: http.MethodGet, path: "/v1/calendars/{id}/{year}", summary: "The holidays of a place in a year", tag: "policies",
		errors: []int{http.StatusNotFound},
	}, s.calendar)
	register(s, operation{id: "list-ladders", method: http.MethodGet, path: "/v1/ladders", summary: "The escalation ladders: who is told when", tag: "policies"}, s.ladders)
}

func (s *server) calendars(context.Context, *caller, *struct{}) (*page[calendarLine], error) {
	var out []calendarLine
	for _, id := range privacy.CalendarIDs() {
		if c, err := privacy.CalendarByID(id); err == nil {
			out = append(out, calendarLine{ID: id, Zone: c.Zone})
		}
	}
	return newPage(out, ""), nil
}

func (s *server) calendar(_ context.Context, _ *caller, in *calendarOf) (*shown[calendarView], error) {
	c, err := privacy.CalendarByID(in.ID)
	if err != nil {
		return nil, problem(http.StatusNotFound, "not-found", "There is no such calendar; GET /v1/calendars lists them.")
	}
	days := c.Holidays(in.Year)
	if days == nil {
		days = []privacy.Date{}
	}
	return &shown[calendarView]{Body: calendarView{calendarLine: calendarLine{ID: in.ID, Zone: c.Zone}, Year: in.Year, Holidays: days}}, nil
}

// ladderView is a ladder with its times in hours, as people say them.
type ladderView struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Reminders []float64  `json:"reminders_hours_before_safe" doc:"Hours before the earliest safe day at which the assignee is reminded."`
	Steps     []stepView `json:"steps"`
	Repeat    float64    `json:"repeat_hours" doc:"How often the last step is taken again until somebody acknowledges it."`
	Own       bool       `json:"own" doc:"Whether the tenant has chosen it."`
}

type stepView struct {
	After float64  `json:"hours_after_due" doc:"Negative before the due moment."`
	Roles []string `json:"roles"`
}

func (s *server) ladders(_ context.Context, who *caller, _ *struct{}) (*page[ladderView], error) {
	own := who.tenant.Settings.Defaults().Ladder
	return newPage(each(s.Policies.Ladders(), func(l privacy.Ladder) ladderView {
		v := ladderView{ID: l.ID, Name: l.Name, Repeat: l.Repeat.Hours(), Own: l.ID == own, Reminders: []float64{}, Steps: []stepView{}}
		for _, before := range l.Reminders {
			v.Reminders = append(v.Reminders, before.Hours())
		}
		for _, step := range l.Steps {
			v.Steps = append(v.Steps, stepView{After: step.After.Hours(), Roles: step.Roles})
		}
		return v
	}), ""), nil
}
