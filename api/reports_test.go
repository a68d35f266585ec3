package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// past is a request as a year's work leaves it.
type past struct {
	right    privacy.Right
	regime   string
	days     int // until it was answered; 0 is not at all
	event    privacy.RequestEvent
	reason   string
	extended bool
}

// live takes a request in now and brings it to its end. The clock goes on meanwhile.
func (w *world) live(p past) {
	var c storage.Case
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.NewSubject(ctx, storage.Person{Email: uuid.NewString() + "@example.test"})
		if err != nil {
			return err
		}
		n := storage.NewCase{
			ID: uuid.Must(uuid.NewV7()), Subject: subject, Reference: "X-" + uuid.NewString(), Right: p.right, Regime: p.regime, RegimeVersion: "2018",
			Calendar: "DE", Zone: "Europe/Berlin", Language: "en", Channel: "api", ReceivedAt: tx.Now(), StartedByCaller: true, IdentityMethod: "assertion",
		}
		if err := tx.InsertCase(ctx, n); err != nil {
			return err
		}
		if err := tx.AddObligations(ctx, n.ID, privacy.Ladder{}, storagetest.Deadline(privacy.Respond, tx.Now().AddDate(0, 0, 30))); err != nil {
			return err
		}
		if p.extended {
			if _, err := tx.AddExtension(ctx, n.ID, "complexity"); err != nil {
				return err
			}
		}
		if err := tx.RefreshNextDue(ctx, n.ID); err != nil {
			return err
		}
		c, err = tx.Case(ctx, n.ID)
		return err
	})
	w.clock.Advance(time.Duration(p.days) * 24 * time.Hour)
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		owed, err := tx.Obligations(ctx, c.ID)
		if err != nil || p.event == "" {
			return err
		}
		state := storage.ObligationWaived
		if p.days > 0 {
			state = storage.ObligationMet
		}
		if err := tx.MoveObligation(ctx, owed[0], state, "ended"); err != nil {
			return err
		}
		if p.event == privacy.EventDelivered {
			c, err = through(ctx, tx, c)
		}
		if err == nil {
			_, _, err = tx.MoveCase(ctx, c, storage.Move{Event: p.event, Key: "end", Reason: p.reason})
		}
		if err != nil {
			return err
		}
		return tx.RefreshNextDue(ctx, c.ID)
	})
}

// through brings a case to its delivery.
func through(ctx context.Context, tx *storage.Tx, c storage.Case) (storage.Case, error) {
	for _, event := range []privacy.RequestEvent{privacy.EventIdentityProven, privacy.EventCollected, privacy.EventApproved, privacy.EventPackaged} {
		var err error
		if c, _, err = tx.MoveCase(ctx, c, storage.Move{Event: event, Key: string(event)}); err != nil {
			return c, err
		}
	}
	return c, nil
}

// counts walks a report: every number must be that of the lists that it names.
func (w *world) counts(value any) (numbers int) {
	w.t.Helper()
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			numbers += w.counts(one)
		}
	case map[string]any:
		filters, is := v["filters"].([]any)
		if !is {
			for _, one := range v {
				numbers += w.counts(one)
			}
			return numbers
		}
		listed := 0
		for _, filter := range filters {
			listed += len(w.list(w.keys[api.Auditor], "/v1/requests?limit=200&"+filter.(string)).Items)
		}
		require.EqualValues(w.t, v["count"], listed, "%v", filters)
		return listed
	}
	return numbers
}

func lived(t *testing.T) *world {
	t.Helper()
	w := newWorldAt(t, time.Date(2025, 2, 27, 22, 0, 0, 0, time.UTC))
	for _, p := range []past{
		{privacy.Access, "gdpr", 10, privacy.EventDelivered, "", false},
		{privacy.Access, "gdpr", 40, privacy.EventDelivered, "", true}, // received on 9 March, late
		{privacy.Erasure, "gdpr", 0, privacy.EventWithdrawn, "", false},
		{privacy.Access, "ccpa", 4, privacy.EventDelivered, "", false},
		{privacy.Portability, "ccpa", 8, privacy.EventDelivered, "", false},
		{privacy.Access, "ccpa", 20, privacy.EventRefused, "excessive", false},
		{privacy.Erasure, "ccpa", 0, privacy.EventWithdrawn, "", false},
		{privacy.OptOut, "ccpa", 0, "", "", false}, // open, and overdue in the end
	} {
		w.live(p)
	}
	w.clock.Advance(60 * 24 * time.Hour)
	return w
}

// Every number of the timeliness report is that of the list that it names, and the days are those that went by.
func TestTimeliness(t *testing.T) {
	t.Parallel()
	w := lived(t)
	got := w.call(api.Auditor, http.MethodGet, "/v1/reports/timeliness?from=2025-01-15&to=2025-12-31", nil)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	var all any
	require.NoError(t, json.Unmarshal(got.Body, &all))
	require.Greater(t, w.counts(all), 20)
	type n struct{ Count int }
	report := into[struct {
		Zone  string
		Items []struct {
			Month, Right, Regime                      string
			Received, Closed, Late, Overdue, Extended n
			OnTime                                    n       `json:"on_time"`
			MeanDays                                  float64 `json:"mean_days"`
			MedianDays                                float64 `json:"median_days"`
		}
	}](t, got)
	lines := map[string]string{}
	received := 0
	for _, l := range report.Items {
		received += l.Received.Count
		lines[l.Month+" "+l.Right+" "+l.Regime] = fmt.Sprint(l.Received.Count, l.Closed.Count, l.OnTime.Count, l.Late.Count, l.Overdue.Count, l.Extended.Count, l.MeanDays, l.MedianDays)
	}
	require.Equal(t, 8, received)
	require.Equal(t, "1 1 1 0 0 0 10 10", lines["2025-02 access gdpr"])
	require.Equal(t, "1 1 0 1 0 1 40 40", lines["2025-03 access gdpr"])
	require.Equal(t, "1 1 1 0 0 0 4 4", lines["2025-04 access ccpa"])
	require.Equal(t, "1 1 1 0 0 0 20 20", lines["2025-05 access ccpa"], "received on 30 April at 22:00 UTC, which is 1 May in Berlin")
	require.Equal(t, "1 0 0 0 1 0 0 0", lines["2025-05 opt_out ccpa"])
	rows, err := csv.NewReader(strings.NewReader(string(w.call(api.Auditor, http.MethodGet, "/v1/reports/timeliness/csv?from=2025-01-15&to=2025-12-31", nil).Body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(report.Items))
	for _, wrong := range []string{"from=2025-13-01", "from=2025-02-01&to=2025-01-01", "from=1950-01-01&to=2025-01-01"} {
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Auditor, http.MethodGet, "/v1/reports/timeliness?"+wrong, nil).Status, wrong)
	}
	require.JSONEq(t, `[]`, string(into[struct{ Items json.RawMessage }](t, w.send(w.foreign, http.MethodGet, "/v1/reports/timeliness?from=2025-01-01&to=2025-12-31", nil)).Items))
}

// 11 CCR § 7102(a)(1): received, complied with, denied by kind, and the days to the substantive response.
func TestCCPAMetrics(t *testing.T) {
	t.Parallel()
	w := lived(t)
	got := w.call(api.Auditor, http.MethodGet, "/v1/reports/ccpa?year=2025", nil)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	var all any
	require.NoError(t, json.Unmarshal(got.Body, &all))
	require.Greater(t, w.counts(all), 8)
	type n struct{ Count int }
	kinds := map[string]string{}
	for _, l := range into[struct {
		Items []struct {
			Kind                                    string
			Received, Complied, Denied, Ended, Open n
			MeanDays                                float64 `json:"mean_days"`
			MedianDays                              float64 `json:"median_days"`
			Denials                                 []struct {
				Reason string
				Denied n
			}
		}
	}](t, got).Items {
		kinds[l.Kind] = fmt.Sprint(l.Received.Count, l.Complied.Count, l.Denied.Count, l.Ended.Count, l.Open.Count, l.MeanDays, l.MedianDays, l.Denials)
	}
	require.Equal(t, map[string]string{
		"know": "3 2 1 0 0 10.67 8 [{excessive {1}}]", "delete": "1 0 0 1 0 0 0 []", "opt_out": "1 0 0 0 1 0 0 []",
		"correct": "0 0 0 0 0 0 0 []", "limit": "0 0 0 0 0 0 0 []",
	}, kinds)
	sheet := string(w.call(api.Auditor, http.MethodGet, "/v1/reports/ccpa/csv?year=2025", nil).Body)
	require.Contains(t, sheet, "2025,know,,3,2,1,0,0,3,10.67,8.00\r\n")
	require.Contains(t, sheet, "2025,know,excessive,,,1,")
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/reports/ccpa?year=2024", nil).Body), `"count":0`)
}
