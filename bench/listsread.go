package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// bareLog is what a page of the audit log shows, as it is kept.
const (
	bareLog    = "SELECT id, at, body, leaf_index FROM audit_events WHERE tenant_id = $1 AND leaf_index IS NOT NULL"
	newestLine = " ORDER BY at DESC, id DESC LIMIT 50"
)

// fewTimes is how often what counts a register is asked.
const fewTimes = 50

// logQuestions are of the log, whose lines are opened one by one. They are asked when every line has its place.
func (l *listing) logQuestions() []question {
	log := func(name string, choose func() (url.Values, string, []any)) question {
		return question{name: "audit log: " + name, free: true, begin: func() (asking, asking, error) {
			query, more, args := choose()
			query.Set("limit", "50")
			return l.reading("/v1/audit/events", query), l.bare(bareLog+more+newestLine, args...), nil
		}}
	}
	return []question{
		log("first page", func() (url.Values, string, []any) { return url.Values{}, "", nil }),
		log("of one action", func() (url.Values, string, []any) {
			return url.Values{"action": {"request.received"}}, " AND action = $2", []any{"request.received"}
		}),
		log("about one request", func() (url.Values, string, []any) {
			id := pick(l, l.sample).id
			return url.Values{"request": {id.String()}}, " AND case_id = $2", []any{id}
		}),
		log("before a day", func() (url.Values, string, []any) {
			day := time.Now().AddDate(0, 0, -l.random.IntN(300)).UTC().Truncate(time.Second)
			return url.Values{"before": {day.Format(time.RFC3339)}}, " AND at < $2", []any{day}
		}),
	}
}

// countQuestions count what stands in the register.
func (l *listing) countQuestions() []question {
	return []question{
		{name: "what falls due, by day", free: true, times: fewTimes, begin: func() (asking, asking, error) {
			from := time.Now().UTC().Truncate(24 * time.Hour)
			return l.reading("/v1/obligations/horizon", url.Values{"from": {from.Format(time.DateOnly)}, "days": {"30"}}),
				l.bare(`SELECT date_trunc('day', due), state, count(*) FROM obligations WHERE tenant_id = $1 AND state IN ('open', 'paused', 'overdue')
					AND due < $2 GROUP BY 1, 2`, from.AddDate(0, 0, 30)), nil
		}},
		{name: "report of a month: on time or late", free: true, times: fewTimes, begin: func() (asking, asking, error) {
			from := time.Now().UTC().AddDate(0, -1-l.random.IntN(6), 0).Truncate(24 * time.Hour)
			to := from.AddDate(0, 0, 30)
			return l.reading("/v1/reports/timeliness", url.Values{"from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}),
				l.bare(`SELECT request_right, regime, on_time, count(*), avg(answered_at - received_at) FROM cases WHERE tenant_id = $1
					AND received_at >= $2 AND received_at < $3 GROUP BY 1, 2, 3`, from, to.AddDate(0, 0, 1)), nil
		}},
	}
}

// reading asks for a list under the watch, and counts its lines.
func (l *listing) reading(path string, query url.Values) asking {
	return func(ctx context.Context) (rows int, err error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.servers[0].URL+path+"?"+query.Encode(), nil)
		if err != nil {
			return 0, fmt.Errorf("ask for %s: %w", path, err)
		}
		request.Header.Set("Authorization", "Bearer "+l.tenant.Key)
		answer, err := l.watch.RoundTrip(request)
		if err != nil {
			return 0, err
		}
		var page struct {
			Items []json.RawMessage `json:"items"`
			Days  []json.RawMessage `json:"days"`
		}
		err = errors.Join(json.NewDecoder(answer.Body).Decode(&page), answer.Body.Close())
		if answer.StatusCode != http.StatusOK || err != nil {
			return 0, errors.Join(fmt.Errorf("%s answers %d", path, answer.StatusCode), err)
		}
		return len(page.Items) + len(page.Days), nil
	}
}
