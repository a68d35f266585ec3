package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

type funnelCount struct{ Requested, Confirmed, Standing int64 }

type funnelPart struct {
	Purpose, Language string
	Version           int32
	funnelCount
}

type funnel struct {
	From, To string
	Weeks    []struct {
		From string
		funnelCount
		Parts []funnelPart
	}
}

// signsUp writes a line of somebody who signs up, or confirms it, as the pages do. It goes by no text where none is given.
func (w *world) signsUp(address, purpose string, kind consent.Kind, day string, text int32) {
	w.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	require.NoError(w.t, err)
	e := casework.NewConsent{
		Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: address}, Purpose: purpose, Channel: privacy.ByEmail, Kind: kind, At: at.Add(12 * time.Hour),
		How: map[consent.Kind]string{consent.Requested: "form", consent.Confirmed: "confirmation"}[kind], Text: text,
	}
	if text > 0 {
		e.TextLanguage = "en"
	}
	storagetest.Change(w.t, w.db, w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := w.desk.RecordConsents(ctx, tx, []casework.NewConsent{e})
		return err
	})
}

// What became of sign-ups is told by week, purpose and the words that were shown. It names nobody, so whoever sees reports may see it.
func TestSignUpsAreToldByWeek(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.putPurpose("offers", map[string]any{})
	for _, body := range []string{"Write to me.", "Write to me once a month."} {
		got := w.call(api.DPO, http.MethodPost, "/v1/consent/purposes/news/texts", map[string]any{"language": "en", "title": "News", "body": body}, "Idempotency-Key", body)
		require.Equal(t, http.StatusCreated, got.Status, string(got.Body))
	}
	w.signsUp("a@person.example", "news", consent.Requested, "2026-05-04", 1) // a Monday
	w.signsUp("a@person.example", "news", consent.Confirmed, "2026-05-12", 1)
	w.signsUp("b@person.example", "news", consent.Requested, "2026-05-10", 2)
	w.signsUp("c@person.example", "news", consent.Requested, "2026-05-11", 2)
	w.signsUp("c@person.example", "news", consent.Confirmed, "2026-05-11", 2)
	w.happened("c@person.example", "withdrawn", on("2026-05-13"))
	w.signsUp("d@person.example", "offers", consent.Requested, "2026-05-14", 0)

	got := into[funnel](t, w.call(api.Auditor, http.MethodGet, "/v1/consent/funnel?from=2026-05-06&to=2026-05-14", nil))
	require.Equal(t, []string{"2026-05-04", "2026-05-14"}, []string{got.From, got.To}, "from the Monday on")
	require.Len(t, got.Weeks, 2)
	require.Equal(t, funnelCount{2, 1, 1}, got.Weeks[0].funnelCount)
	require.Equal(t, []funnelPart{{"news", "en", 1, funnelCount{1, 1, 1}}, {"news", "en", 2, funnelCount{1, 0, 0}}}, got.Weeks[0].Parts)
	require.Equal(t, funnelCount{2, 1, 0}, got.Weeks[1].funnelCount)
	require.Equal(t, []funnelPart{{"news", "en", 2, funnelCount{1, 1, 0}}, {"offers", "", 0, funnelCount{1, 0, 0}}}, got.Weeks[1].Parts)

	offers := into[funnel](t, w.call(api.Agent, http.MethodGet, "/v1/consent/funnel?purpose=offers", nil))
	require.Len(t, offers.Weeks, 12)
	require.Equal(t, "2026-05-20", offers.To, "today")
	require.Equal(t, funnelCount{1, 0, 0}, offers.Weeks[10].funnelCount)

	for query, says := range map[string]string{
		"from=2026-05-20&to=2026-05-01": "behind the last day", "from=2025-01-01&to=2026-05-01": "year by year", "from=May": "from", "purpose=none": "no purpose",
	} {
		bad := w.call(api.Auditor, http.MethodGet, "/v1/consent/funnel?"+query, nil)
		require.Equal(t, http.StatusUnprocessableEntity, bad.Status, query)
		require.Contains(t, string(bad.Body), says)
	}
}
