package api

import (
	"context"
	"io"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/privacy"
)

// counted is a number of a report with the lists that show what was counted.
type counted struct {
	Count   int64    `json:"count"`
	Filters []string `json:"filters" doc:"Queries for GET /v1/requests whose lists together are what was counted."`
}

func (s *server) reportOperations() {
	register(s, operation{
		id: "get-timeliness", method: http.MethodGet, path: "/v1/reports/timeliness", tag: "reports",
		summary: "Whether requests are answered in time, by month of receipt, right and regime",
	}, s.timeliness)
	register(s, operation{
		id: "export-timeliness", method: http.MethodGet, path: "/v1/reports/timeliness/csv", tag: "reports", summary: "The same as CSV",
	}, s.timelinessCSV)
	register(s, operation{
		id: "get-ccpa-metrics", method: http.MethodGet, path: "/v1/reports/ccpa", tag: "reports",
		summary: "The figures of 11 CCR § 7102 for a calendar year: received, complied with, denied, and how long the answers took",
	}, s.ccpaMetrics)
	register(s, operation{
		id: "export-ccpa-metrics", method: http.MethodGet, path: "/v1/reports/ccpa/csv", tag: "reports", summary: "The same as CSV",
	}, s.ccpaMetricsCSV)
}

// filterOf writes the query of a list; the pairs are names and values.
func filterOf(from, before time.Time, pairs ...string) string {
	query := url.Values{"received_from": {from.UTC().Format(time.RFC3339)}, "received_before": {before.UTC().Format(time.RFC3339)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return query.Encode()
}

// daysOf gives seconds as days with two decimals.
func daysOf(seconds float64) float64 { return math.Round(seconds/864) / 100 }

// csvOf answers with rows, the first of which are the headings.
func (s *server) csvOf(ctx context.Context, name string, rows [][]string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="`+name+`.csv"`)
		if err := writeRows(hc.BodyWriter(), rows); err != nil {
			s.Log.Warn("a report was not read to its end", zap.String("correlation", correlation(ctx)), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}
}

func writeRows(to io.Writer, rows [][]string) error {
	out := newSheet(to)
	for _, row := range rows {
		if err := out.row(row...); err != nil {
			return err
		}
	}
	return out.end()
}

// maxMonths bounds a report: it reads every request that was received in its time.
const maxMonths = 60

// monthsOf cuts a time into its months: where each begins in the zone, and where the last one ends.
func monthsOf(from, to privacy.Date, zone *time.Location) []time.Time {
	end := to.AddDays(1)
	begins := []time.Time{beginOf(from, zone)}
	for day := privacy.NewDate(from.Year, from.Month+1, 1); day.Compare(end) < 0; day = day.AddMonths(1) {
		begins = append(begins, beginOf(day, zone))
	}
	return append(begins, beginOf(end, zone))
}
