package api

import (
	"context"
	"net/http"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

type forecastIn struct {
	Weeks int `query:"weeks" minimum:"1" maximum:"104" default:"26" doc:"How many weeks from today on."`
}

// consentForecast is how many implied consents end in each week, unless something happens before.
type consentForecast struct {
	Weeks []forecastWeek `json:"weeks" nullable:"false" doc:"In their order, also those in which none ends."`
}

type forecastWeek struct {
	From     privacy.Date     `json:"from" format:"date" doc:"The first of its seven days; the first week begins today."`
	Total    int64            `json:"total"`
	Purposes []forecastOfSome `json:"purposes" nullable:"false" doc:"By purpose; those of which none ends are left out."`
}

type forecastOfSome struct {
	Purpose string `json:"purpose"`
	Count   int64  `json:"count"`
}

func (s *server) consentForecastOperations() {
	register(s, operation{
		id: "get-consent-forecast", method: http.MethodGet, path: "/v1/consent/forecast", tag: "consents",
		summary: "How many implied consents end in each of the coming weeks, as things stand; nobody is named",
	}, s.consentForecast)
}

func (s *server) consentForecast(ctx context.Context, who *caller, in *forecastIn) (*shown[consentForecast], error) {
	out := &shown[consentForecast]{}
	return out, s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		today := privacy.DateIn(tx.Now(), tx.Tenant().Zone)
		ending, err := tx.ConsentsEnding(ctx, today, today.AddDays(7*in.Weeks))
		if err != nil {
			return err
		}
		out.Body = newForecast(today, in.Weeks, ending, purposeKeys(tx.Tenant()))
		return nil
	})
}

// newForecast puts days together to weeks. They come in the order of the days, and of purposes within a day.
func newForecast(today privacy.Date, weeks int, ending []storage.ConsentEnding, keys map[int32]string) consentForecast {
	out := consentForecast{Weeks: make([]forecastWeek, weeks)}
	for i := range out.Weeks {
		out.Weeks[i] = forecastWeek{From: today.AddDays(7 * i), Purposes: []forecastOfSome{}}
	}
	for _, e := range ending {
		week := &out.Weeks[today.DaysUntil(e.Day)/7]
		week.Total += e.Count
		week.add(keys[e.Purpose], e.Count)
	}
	return out
}

func (w *forecastWeek) add(purpose string, count int64) {
	for i := range w.Purposes {
		if w.Purposes[i].Purpose == purpose {
			w.Purposes[i].Count += count
			return
		}
	}
	w.Purposes = append(w.Purposes, forecastOfSome{Purpose: purpose, Count: count})
}
