package privacy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
)

func TestCASLSection10WindowLooksBack(t *testing.T) {
	t.Parallel()
	window := privacy.ConsentWindow{Period: period(t, "6 months")}
	for _, c := range []struct{ event, last, cautious, first string }{
		{"2026-02-28", "2026-08-31", "2026-08-27", "2026-09-01"},
		{"2025-08-31", "2026-02-28", "2026-02-27", "2026-03-01"},
		{"2027-08-31", "2028-02-29", "2028-02-28", "2028-03-01"},
		{"2026-01-15", "2026-07-15", "2026-07-14", "2026-07-16"},
	} {
		got := window.Sends(day(t, c.event))
		require.Equal(t, []string{c.last, c.cautious, c.first}, []string{got.LastPermitted.String(), got.Conservative.String(), got.FirstProhibited.String()}, c.event)
	}
}

func TestAConsentWindowIsOneStretch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := privacy.ConsentWindow{Period: privacy.Period{Count: rapid.IntRange(1, 30).Draw(t, "months"), Unit: privacy.Months}}
		event := anyDate().Draw(t, "event")
		sends := w.Sends(event)
		require.True(t, w.Covers(event, sends.LastPermitted))
		require.False(t, w.Covers(event, sends.FirstProhibited))
		require.False(t, w.Covers(event, event.AddDays(-1)))
		require.True(t, sends.Conservative.Before(sends.LastPermitted))
		within := event.AddDays(rapid.IntRange(0, event.DaysUntil(sends.LastPermitted)).Draw(t, "within"))
		require.True(t, w.Covers(event, within))
	})
}

func TestRFC8058Headers(t *testing.T) {
	t.Parallel()
	signed := []string{"From", "List-Unsubscribe", "list-unsubscribe-post"}
	for name, c := range map[string]struct {
		list, post string
		dkim       []string
		want       privacy.OneClickFault
	}{
		"good":               {"<mailto:u@example.com>, <https://example.com/u/abc>", privacy.OneClickPost, signed, privacy.FaultNone},
		"comma in the URI":   {"<https://example.com/u?a=1,2>", privacy.OneClickPost, signed, privacy.FaultNone},
		"no header":          {"", privacy.OneClickPost, signed, privacy.FaultMissingList},
		"http":               {"<http://example.com/u>", privacy.OneClickPost, signed, privacy.FaultNoHTTPS},
		"mailto alone":       {"<mailto:u@example.com>", privacy.OneClickPost, signed, privacy.FaultNoHTTPS},
		"no brackets":        {"https://example.com/u", privacy.OneClickPost, signed, privacy.FaultBrackets},
		"unclosed":           {"<https://example.com/u", privacy.OneClickPost, signed, privacy.FaultBrackets},
		"no post":            {"<https://example.com/u>", "", signed, privacy.FaultMissingPost},
		"other post":         {"<https://example.com/u>", "List-Unsubscribe=Yes", signed, privacy.FaultPostValue},
		"post in small case": {"<https://example.com/u>", "list-unsubscribe=one-click", signed, privacy.FaultPostValue},
		"unsigned":           {"<https://example.com/u>", privacy.OneClickPost, nil, privacy.FaultDKIMCoverage},
		"half signed":        {"<https://example.com/u>", privacy.OneClickPost, []string{"list-unsubscribe-post"}, privacy.FaultDKIMCoverage},
	} {
		got := privacy.OneClickHeaders{ListUnsubscribe: c.list, ListUnsubscribePost: c.post, DKIMSigned: c.dkim}.Check()
		require.Equal(t, c.want, got, name)
	}
}

func TestRFC8058Endpoint(t *testing.T) {
	t.Parallel()
	form := "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
	for name, c := range map[string]struct {
		request privacy.OneClickRequest
		acts    bool
		status  int
	}{
		"urlencoded":        {privacy.OneClickRequest{Method: "POST", ContentType: "application/x-www-form-urlencoded", Body: privacy.OneClickPost}, true, 200},
		"charset":           {privacy.OneClickRequest{Method: "post", ContentType: "application/x-www-form-urlencoded; charset=utf-8", Body: privacy.OneClickPost}, true, 200},
		"multipart":         {privacy.OneClickRequest{Method: "POST", ContentType: "multipart/form-data; boundary=b", Body: form}, true, 200},
		"multipart, joined": {privacy.OneClickRequest{Method: "POST", ContentType: "multipart/form-data", Body: privacy.OneClickPost}, true, 200},
		"multipart, other":  {privacy.OneClickRequest{Method: "POST", ContentType: "multipart/form-data; boundary=b", Body: strings.Replace(form, "One-Click", "Later", 1)}, false, 400},
		"wrong body":        {privacy.OneClickRequest{Method: "POST", ContentType: "application/x-www-form-urlencoded", Body: "List-Unsubscribe=No"}, false, 400},
		"no body":           {privacy.OneClickRequest{Method: "POST", ContentType: "application/x-www-form-urlencoded"}, false, 400},
		"JSON":              {privacy.OneClickRequest{Method: "POST", ContentType: "application/json", Body: "{}"}, false, 415},
		"GET":               {privacy.OneClickRequest{Method: "GET", Body: privacy.OneClickPost}, false, 200},
		"HEAD":              {privacy.OneClickRequest{Method: "HEAD"}, false, 200},
		"PUT":               {privacy.OneClickRequest{Method: "PUT"}, false, 405},
	} {
		got := c.request.Answer()
		require.Equal(t, c.acts, got.Unsubscribe, name)
		require.Equal(t, c.status, got.Status, name)
		require.False(t, got.Redirect, name)
	}
}
