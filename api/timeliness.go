package api

import (
	"context"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

type timelinessIn struct {
	From string `query:"from" maxLength:"10" doc:"The first day of receipt, as 2006-01-02; the first of the month eleven months ago when absent."`
	To   string `query:"to" maxLength:"10" doc:"The last day of receipt; today when absent."`
}

type timelinessView struct {
	Zone  string           `json:"zone" doc:"The tenant's time zone, in which the months are."`
	From  string           `json:"from" format:"date"`
	To    string           `json:"to" format:"date"`
	Items []timelinessLine `json:"items"`
}

// timelinessLine tells of the requests of one right under one regime that were received in one month, and how they stand now.
type timelinessLine struct {
	Month      string  `json:"month" example:"2026-03"`
	Right      string  `json:"right"`
	Regime     string  `json:"regime"`
	Received   counted `json:"received"`
	Closed     counted `json:"closed"`
	OnTime     counted `json:"on_time"`
	Late       counted `json:"late"`
	Open       counted `json:"open"`
	Overdue    counted `json:"overdue"`
	Extended   counted `json:"extended"`
	MeanDays   float64 `json:"mean_days" doc:"From receipt to answer, of those that are answered: on time and late."`
	MedianDays float64 `json:"median_days"`
}

func (s *server) timeliness(ctx context.Context, who *caller, in *timelinessIn) (*shown[timelinessView], error) {
	view, err := s.timelinessOf(ctx, who, in)
	return &shown[timelinessView]{Body: view}, err
}

func (s *server) timelinessOf(ctx context.Context, who *caller, in *timelinessIn) (timelinessView, error) {
	from, to, err := s.timeOf(who, in)
	if err != nil {
		return timelinessView{}, err
	}
	months := monthsOf(from, to, who.tenant.Zone)
	if len(months) > maxMonths+1 {
		return timelinessView{}, invalid("query.from", "a report is of 60 months at most")
	}
	view := timelinessView{Zone: who.tenant.Zone.String(), From: from.String(), To: to.String()}
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err := tx.Timeliness(ctx, months)
		view.Items = each(rows, func(r storage.TimelinessLine) timelinessLine {
			return timelinessLineOf(r, months[r.Month-1], months[r.Month], who.tenant.Zone)
		})
		return err
	})
	return view, err
}

func (s *server) timeOf(who *caller, in *timelinessIn) (from, to privacy.Date, err error) {
	to = privacy.DateIn(s.Clock.Now(), who.tenant.Zone)
	if in.To != "" {
		if to, err = readDay("query.to", in.To); err != nil {
			return from, to, err
		}
	}
	from = privacy.NewDate(to.Year, to.Month-11, 1)
	if in.From != "" {
		if from, err = readDay("query.from", in.From); err != nil {
			return from, to, err
		}
	}
	if to.Compare(from) < 0 {
		return from, to, invalid("query.to", "must not lie before the first day")
	}
	return from, to, nil
}

func timelinessLineOf(r storage.TimelinessLine, begin, end time.Time, zone *time.Location) timelinessLine {
	count := func(n int64, more ...string) counted {
		return counted{Count: n, Filters: []string{filterOf(begin, end, append([]string{"right", r.RequestRight, "regime", r.Regime}, more...)...)}}
	}
	return timelinessLine{
		Month: begin.In(zone).Format("2006-01"), Right: r.RequestRight, Regime: r.Regime,
		Received: count(r.Received), Closed: count(r.Closed, "state", "closed"), OnTime: count(r.OnTime, "on_time", "yes"),
		Late: count(r.Late, "on_time", "no"), Open: count(r.Open, "open", "yes"), Overdue: count(r.Overdue, "overdue", "yes"),
		Extended: count(r.Extended, "extended", "yes"), MeanDays: daysOf(r.MeanSeconds), MedianDays: daysOf(r.MedianSeconds),
	}
}

func (s *server) timelinessCSV(ctx context.Context, who *caller, in *timelinessIn) (*huma.StreamResponse, error) {
	view, err := s.timelinessOf(ctx, who, in)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{
		"month", "right", "regime", "received", "closed", "on_time", "late", "open", "overdue", "extended", "mean_days", "median_days", "list",
	}}
	for _, l := range view.Items {
		row := []string{l.Month, l.Right, l.Regime}
		for _, c := range []counted{l.Received, l.Closed, l.OnTime, l.Late, l.Open, l.Overdue, l.Extended} {
			row = append(row, strconv.FormatInt(c.Count, 10))
		}
		rows = append(rows, append(row, daysText(l.MeanDays), daysText(l.MedianDays), "/v1/requests?"+l.Received.Filters[0]))
	}
	return s.csvOf(ctx, "timeliness-"+who.tenant.Slug, rows), nil
}

func daysText(days float64) string { return strconv.FormatFloat(days, 'f', 2, 64) }
