package policies_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

// policyFolders are the folders that Load reads; the fuzzer picks one by number.
func policyFolders() []string {
	return []string{"regimes", "breach", "consent", "retention", "ladders", "verification", "mail"}
}

// smallRegime stands beside a file of another folder, since a book without a regime is none.
const smallRegime = `versions:
  - id: one
    version: "1"
    name: One
    short: H
    jurisdiction: Here
    valid_from: 2020-01-01
    calendars: [WEEKENDS]
    counting: {first_day: excluded, roll_over: none, citation: {text: "Art 1", mark: verified}}
    duties:
      all:
        obligations:
          - {kind: respond, period: 1 month, citation: {text: "Art 2", mark: verified}}
    rights:
      access: {duties: all, needs_identity: true, citation: {text: "Art 3", mark: verified}}
    fee: {free: true, rule: none, citation: {text: "Art 4", mark: verified}}
    appeal: {to_controller: false, authority: none, court: true, citation: {text: "Art 5", mark: verified}}
    refusals:
      - {reason: excessive, citation: {text: "Art 6", mark: verified}}
`

// stuck ends a run that no longer ends by itself, so that the fuzzer keeps the input.
func stuck() (done func()) {
	watch := time.AfterFunc(time.Minute, func() { panic("still not done after a minute") })
	return func() { watch.Stop() }
}

// FuzzLoad reads a file of any folder. What is refused is refused with a line of that file; what loads gives dates.
func FuzzLoad(f *testing.F) {
	f.Add(uint8(0), []byte(smallRegime))
	for i, folder := range policyFolders() {
		names, err := filepath.Glob(folder + "/*.yaml")
		require.NoError(f, err)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(uint8(i), data)
		}
	}
	f.Fuzz(func(t *testing.T, folder uint8, data []byte) {
		defer stuck()()
		name := policyFolders()[int(folder)%len(policyFolders())] + "/fuzz.yaml"
		files := fstest.MapFS{"regimes/small.yaml": {Data: []byte(smallRegime)}}
		if strings.HasPrefix(name, "regimes/") {
			delete(files, "regimes/small.yaml")
		}
		files[name] = &fstest.MapFile{Data: data}
		loaded, err := policies.Load(files)
		if err != nil {
			refusedWithPlace(t, err, name, data)
			return
		}
		usable(t, loaded)
	})
}

func refusedWithPlace(t *testing.T, err error, name string, data []byte) {
	t.Helper()
	var problems policies.Problems
	if !errors.As(err, &problems) {
		require.ErrorContains(t, err, "no regime in the folder")
		return
	}
	require.NotEmpty(t, problems)
	for _, p := range problems {
		require.Equal(t, name, p.File)
		require.Positive(t, p.Line)
		require.LessOrEqual(t, p.Line, lineBreaks(data)+2, p.Reason) // the library counts the end of the text as a line of its own
		require.NotEmpty(t, p.Reason)
	}
}

// lineBreaks counts as YAML does, which breaks lines at more than a line feed.
func lineBreaks(data []byte) int {
	text := string(data)
	return strings.Count(text, "\n") + strings.Count(text, "\r") + strings.Count(text, "\u0085") + strings.Count(text, "\u2028") + strings.Count(text, "\u2029")
}

// usable asks everything of a book that the product asks of one.
func usable(t *testing.T, b *policies.Book) {
	t.Helper()
	for _, s := range b.Regimes() {
		r, err := b.RegimeVersion(s.ID, s.Version)
		require.NoError(t, err)
		for _, f := range hostileFacts(t, r) {
			datesOf(t, r, f)
		}
	}
	for _, m := range b.Messages() {
		_, err := b.Message(m.ID)
		require.NoError(t, err)
	}
	_, err := privacy.StrictestUnsubscribe(b.Messages(), at(2024, 2, 29), time.UTC)
	knownCause(t, err)
}

// hostileFacts are moments at which calendars go wrong: leap days, missing and double hours, the ends of the range.
func hostileFacts(t *testing.T, r *privacy.Regime) []privacy.Facts {
	t.Helper()
	var out []privacy.Facts
	for zone, when := range map[string][]string{
		"UTC":                 {"2024-02-29T12:00:00Z", "1999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"},
		"America/Los_Angeles": {"2026-03-08T02:30:00-08:00"},
		"Europe/Berlin":       {"2026-10-25T02:30:00+02:00"},
		"Pacific/Apia":        {"2011-12-30T12:00:00Z"}, // a day that this place never had
	} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for _, text := range when {
			received, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			for _, right := range r.Summary().Rights {
				f := privacy.Facts{Right: right, Received: received, Zone: loc, AppealReceived: &received, ComplaintReceived: &received}
				if r.AskCalendar {
					f.Calendar = "DE"
				}
				out = append(out, f, worst(f))
			}
		}
	}
	return out
}

// worst adds everything that lengthens a deadline.
func worst(f privacy.Facts) privacy.Facts {
	until := f.Received.AddDate(0, 0, 40)
	f.SmallAgent, f.AppealExtended, f.Extended = true, true, true
	f.ExtendedUntil = privacy.DateIn(until, f.Zone)
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: f.Received, Until: &until}}
	return f
}

// datesOf computes all dates of one set of facts: in order, within some centuries, and always the same.
func datesOf(t *testing.T, r *privacy.Regime, f privacy.Facts) {
	t.Helper()
	dates, err := r.Deadlines(f)
	if knownCause(t, err); err != nil {
		return
	}
	require.NotEmpty(t, dates)
	for _, d := range dates {
		require.False(t, d.DueDate.Before(d.Start), d.Explanation.String())
		require.False(t, d.EarliestSafeDate.After(d.DueDate), d.Explanation.String())
		require.LessOrEqual(t, d.DueDate.Year-d.Start.Year, 3000, d.Explanation.String())
	}
	again, err := r.Deadlines(f)
	require.NoError(t, err)
	require.Equal(t, dates, again)
	knownCause(t, r.MayExtend(f, f.Received))
}

// knownCause lets only refusals pass that name the rule behind them.
func knownCause(t *testing.T, err error) {
	t.Helper()
	var refused *privacy.RuleError
	if err != nil {
		require.ErrorAs(t, err, &refused)
	}
}
