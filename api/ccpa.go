package api

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

type ccpaIn struct {
	Year int `query:"year" minimum:"2020" maximum:"2199" doc:"The calendar year of receipt; last year when absent."`
}

type ccpaView struct {
	Year     int        `json:"year"`
	Zone     string     `json:"zone" doc:"The tenant's time zone, in which the year is."`
	Citation string     `json:"citation"`
	Items    []ccpaLine `json:"items" doc:"One for each kind of request, also where there were none."`
}

// ccpaLine is one kind of request. What was withdrawn or cancelled is neither complied with nor denied.
type ccpaLine struct {
	Kind       string       `json:"kind" enum:"delete,correct,know,opt_out,limit"`
	Received   counted      `json:"received"`
	Complied   counted      `json:"complied" doc:"In whole or in part."`
	Denied     counted      `json:"denied" doc:"Refused, or the identity was not proven."`
	Ended      counted      `json:"ended" doc:"Withdrawn or cancelled."`
	Open       counted      `json:"open"`
	Answered   int64        `json:"answered" doc:"How many the days are of."`
	MeanDays   float64      `json:"mean_days" doc:"From receipt to the substantive response."`
	MedianDays float64      `json:"median_days"`
	Denials    []ccpaDenial `json:"denials"`
}

type ccpaDenial struct {
	Reason string  `json:"reason" doc:"The code of the ground; unverified where the identity was not proven."`
	Denied counted `json:"denied"`
}

// ccpaKind is a kind of request as 11 CCR § 7102(a)(1) names it, with the rights that it is.
type ccpaKind struct {
	kind   string
	rights []string
}

func ccpaKinds() []ccpaKind {
	return []ccpaKind{
		{"delete", []string{string(privacy.Erasure)}}, {"correct", []string{string(privacy.Rectification)}},
		{"know", []string{string(privacy.Access), string(privacy.Portability)}}, {"opt_out", []string{string(privacy.OptOut)}},
		{"limit", []string{string(privacy.LimitUse)}},
	}
}

// Those of regimes besides California's that are under the same rules have no part in it: the figures are California's.
const ccpaCitation = "11 CCR § 7102(a)(1)"

func (s *server) ccpaMetrics(ctx context.Context, who *caller, in *ccpaIn) (*shown[ccpaView], error) {
	view, err := s.ccpaOf(ctx, who, in.Year)
	return &shown[ccpaView]{Body: view}, err
}

func (s *server) ccpaOf(ctx context.Context, who *caller, year int) (ccpaView, error) {
	zone := who.tenant.Zone
	year = cmp.Or(year, s.Clock.Now().In(zone).Year()-1)
	in := storage.Range{From: beginOf(privacy.NewDate(year, time.January, 1), zone), Before: beginOf(privacy.NewDate(year+1, time.January, 1), zone)}
	view := ccpaView{Year: year, Zone: zone.String(), Citation: ccpaCitation}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		var rows []storage.CCPALine
		var denials []storage.CCPADenial
		err := tx.Together(ctx,
			func(tx *storage.Tx) (err error) { rows, err = tx.CCPAMetrics(ctx, in); return err },
			func(tx *storage.Tx) (err error) { denials, err = tx.CCPADenials(ctx, in); return err },
		)
		view.Items = each(ccpaKinds(), func(k ccpaKind) ccpaLine { return k.line(in, rows, denials) })
		return err
	})
	return view, err
}

// line finds what was counted for the kind: under the first of its rights.
func (k ccpaKind) line(in storage.Range, rows []storage.CCPALine, denials []storage.CCPADenial) ccpaLine {
	var r storage.CCPALine
	for _, row := range rows {
		if row.RequestRight == k.rights[0] {
			r = row
		}
	}
	line := ccpaLine{
		Kind: k.kind, Received: k.count(in, r.Received, ""), Complied: k.count(in, r.Complied, "", "fulfilled"),
		Denied: k.count(in, r.Denied, "", "refused", "unverified"), Ended: k.count(in, r.Ended, "", "withdrawn", "cancelled"),
		Open: k.open(in, r.Open), Answered: r.Answered, MeanDays: daysOf(r.MeanSeconds), MedianDays: daysOf(r.MedianSeconds), Denials: []ccpaDenial{},
	}
	for _, d := range denials {
		if d.RequestRight == k.rights[0] {
			line.Denials = append(line.Denials, ccpaDenial{
				Reason: cmp.Or(d.ReasonCode, d.Outcome), Denied: k.count(in, d.Denied, d.ReasonCode, d.Outcome),
			})
		}
	}
	return line
}

// count puts the lists beside a number: one for each right and each outcome.
func (k ccpaKind) count(in storage.Range, n int64, reason string, outcomes ...string) counted {
	c := counted{Count: n}
	if len(outcomes) == 0 {
		outcomes = []string{""}
	}
	for _, right := range k.rights {
		for _, outcome := range outcomes {
			pairs := []string{"regime", "ccpa", "right", right}
			if outcome != "" {
				pairs = append(pairs, "outcome", outcome)
			}
			if reason != "" {
				pairs = append(pairs, "reason", reason)
			}
			c.Filters = append(c.Filters, filterOf(in.From, in.Before, pairs...))
		}
	}
	return c
}

func (k ccpaKind) open(in storage.Range, n int64) counted {
	c := counted{Count: n}
	for _, right := range k.rights {
		c.Filters = append(c.Filters, filterOf(in.From, in.Before, "regime", "ccpa", "right", right, "open", "yes"))
	}
	return c
}

func (s *server) ccpaMetricsCSV(ctx context.Context, who *caller, in *ccpaIn) (*huma.StreamResponse, error) {
	view, err := s.ccpaOf(ctx, who, in.Year)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"year", "kind", "reason", "received", "complied", "denied", "ended", "open", "answered", "mean_days", "median_days"}}
	year := strconv.Itoa(view.Year)
	for _, l := range view.Items {
		row := []string{year, l.Kind, ""}
		for _, n := range []int64{l.Received.Count, l.Complied.Count, l.Denied.Count, l.Ended.Count, l.Open.Count, l.Answered} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, append(row, daysText(l.MeanDays), daysText(l.MedianDays)))
		for _, d := range l.Denials {
			rows = append(rows, []string{year, l.Kind, d.Reason, "", "", strconv.FormatInt(d.Denied.Count, 10), "", "", "", "", ""})
		}
	}
	return s.csvOf(ctx, "ccpa-"+year+"-"+who.tenant.Slug, rows), nil
}
