package notify_test

import (
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run the test with -update if the change is meant")
}

func languagesOf(kind notify.Kind) []notify.Language {
	for _, k := range notify.StaffKinds() {
		if k == kind {
			return []notify.Language{notify.English}
		}
	}
	return notify.Languages()
}

func TestEveryLetterInEveryLanguage(t *testing.T) {
	t.Parallel()
	all := letters(t)
	require.Len(t, all, len(notify.PersonKinds())+len(notify.StaffKinds()))
	for kind, letter := range all {
		for _, language := range languagesOf(kind) {
			t.Run(string(language)+"/"+string(kind), func(t *testing.T) {
				t.Parallel()
				got, err := notify.Render(language, letter)
				require.NoError(t, err)
				require.Equal(t, language, got.Language)
				require.False(t, got.FellBack)
				dir := filepath.Join("testdata", "letters", string(language))
				golden(t, filepath.Join(dir, string(kind)+".txt"), "Subject: "+got.Subject+"\n\n"+got.Text)
				golden(t, filepath.Join(dir, string(kind)+".html"), got.HTML)
				checkManners(t, got)
			})
		}
	}
}

// TestEveryEndOfATransmission has all that can become of data on its way to another controller in one file of each language.
func TestEveryEndOfATransmission(t *testing.T) {
	t.Parallel()
	ends := []notify.Transmitted{{Sent: true}, {Fetched: true, Until: time.Date(2026, time.February, 25, 12, 0, 0, 0, time.UTC)}, {Fetched: true}, {Reason: "unconfirmed", Unconfirmed: true}, {Reason: "not_feasible", Unconfirmed: true}}
	for _, reason := range []string{"package_gone", "not_feasible", "not_public", "redirected", "declined", "too_large", "unread", "fault", "unreachable", "not_known_here"} {
		ends = append(ends, notify.Transmitted{Reason: reason})
	}
	about := letters(t)[notify.KindTransmitted].(*notify.Transmitted)
	for _, language := range notify.Languages() {
		t.Run(string(language), func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, end := range ends {
				end.Frame, end.On, end.Receiver, end.Remedy, end.Link = about.Frame, about.On, about.Receiver, about.Remedy, about.Link
				if end.Sent || end.Fetched && end.Until.IsZero() {
					end.Link = ""
				}
				got, err := notify.Render(language, &end)
				require.NoError(t, err)
				checkManners(t, got)
				fmt.Fprintf(&all, "sent %v, fetched %v, reason %q, unconfirmed %v\n\n%s\n\n%s\n\n", end.Sent, end.Fetched, end.Reason, end.Unconfirmed, got.Subject, got.Text)
			}
			golden(t, filepath.Join("testdata", "transmissions", string(language)+".txt"), all.String())
		})
	}
}

// checkManners holds what every letter must keep to.
func checkManners(t *testing.T, got notify.Rendered) {
	t.Helper()
	require.NotContains(t, got.Text, "!")
	require.NotContains(t, got.Text, "{{")
	require.NotContains(t, got.Text, "<no value>")
	require.NotContains(t, got.Subject, "\n")
	require.Contains(t, got.HTML, `<html lang="`+string(got.Language)+`">`)
	require.NotContains(t, got.HTML, "<script")
	require.NotContains(t, got.HTML, "<img")
	require.NotContains(t, got.HTML, "@import")
	require.Less(t, len(got.HTML), 8<<10, "a letter stays small")
	for line := range strings.SplitSeq(got.Text, "\n") {
		if !strings.Contains(line, "https://") {
			require.LessOrEqual(t, len([]rune(line)), 74, line)
		}
	}
	require.Equal(t, wordsOf(got.Text), wordsOf(textOf(got)), "text and HTML say the same")
}

var (
	markup = regexp.MustCompile(`(?s)<head>.*?</head>|<h1>.*?</h1>|<[^>]+>`)
	bullet = regexp.MustCompile(`(?m)^(- |> |-- $)`)
)

func textOf(r notify.Rendered) string {
	return html.UnescapeString(markup.ReplaceAllString(r.HTML, " "))
}

// wordsOf leaves only the words; colons are how plain text shows what HTML shows by form.
func wordsOf(s string) []string {
	return strings.Fields(strings.ReplaceAll(bullet.ReplaceAllString(s, ""), ":", " "))
}

func TestCodeStandsAloneOnItsLine(t *testing.T) {
	t.Parallel()
	for _, kind := range []notify.Kind{notify.KindOneTimeCode, notify.KindDownloadCode} {
		for _, language := range notify.Languages() {
			got, err := notify.Render(language, letters(t)[kind])
			require.NoError(t, err)
			require.Regexp(t, `(?m)^\d{3} \d{3}$`, got.Text)
			require.NotRegexp(t, `\d{3} \d{3}`, got.Subject, "a code does not belong on a locked screen")
		}
	}
}

func TestLinksSayWhereTheyLead(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`<a href="([^"]+)">[^<]+</a><br><span class="where">([^<]+)</span>`)
	for kind, letter := range letters(t) {
		got, err := notify.Render(notify.German, letter)
		require.NoError(t, err)
		found := link.FindAllStringSubmatch(got.HTML, -1)
		require.Equal(t, strings.Count(got.HTML, "<a "), len(found), kind)
		for _, f := range found {
			require.Equal(t, f[1], f[2])
			require.Contains(t, got.Text, "\n"+f[1]+"\n")
		}
	}
}

func TestUnknownLanguageFallsBackToEnglishAndSaysSo(t *testing.T) {
	t.Parallel()
	letter := letters(t)[notify.KindWithdrawn]
	for asked, want := range map[notify.Language]struct {
		language notify.Language
		fellBack bool
	}{
		"fr": {notify.French, false}, "de-AT": {notify.German, false}, "ES_mx": {notify.Spanish, false},
		"pt": {notify.English, true}, "": {notify.English, true}, "en": {notify.English, false},
	} {
		got, err := notify.Render(asked, letter)
		require.NoError(t, err)
		require.Equal(t, want.language, got.Language, asked)
		require.Equal(t, want.fellBack, got.FellBack, asked)
	}
	staff, err := notify.Render(notify.German, letters(t)[notify.KindOverdue])
	require.NoError(t, err)
	require.Equal(t, notify.English, staff.Language)
	require.True(t, staff.FellBack)
}

func TestIncompleteLettersAreRefused(t *testing.T) {
	t.Parallel()
	f := frame(time.UTC)
	nameless, unreferenced := f, f
	nameless.Controller.Name, unreferenced.Reference = "", ""
	for name, letter := range map[string]notify.Letter{
		"no controller":     &notify.Withdrawn{Frame: nameless},
		"no reference":      &notify.Withdrawn{Frame: unreferenced},
		"no code":           &notify.OneTimeCode{Frame: f, Minutes: 10},
		"no expiry":         &notify.PackageReady{Frame: f, Link: "https://a.example/x"},
		"no reason":         &notify.Extension{Frame: f, NewDate: day(5, 4)},
		"no date":           &notify.Acknowledgement{Frame: f, Received: day(2, 3)},
		"script link":       &notify.PackageReady{Frame: f, Link: "javascript:alert(1)", Expires: day(3, 1)},
		"relative link":     &notify.PackageReady{Frame: f, Link: "/download/secret", Expires: day(3, 1)},
		"link with newline": &notify.PackageReady{Frame: f, Link: "https://a.example/ b\nBcc: x", Expires: day(3, 1)},
	} {
		_, err := notify.Render(notify.English, letter)
		require.ErrorIs(t, err, notify.ErrIncomplete, name)
		require.NotContains(t, err.Error(), "secret")
		require.NotContains(t, err.Error(), "Bcc")
	}
	_, err := notify.Render(notify.English, &notify.Refusal{Frame: f, Reason: "made_up"})
	require.ErrorContains(t, err, "refusal")
}

func TestEveryReasonHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	f := frame(time.UTC)
	for _, language := range notify.Languages() {
		for _, regime := range []string{"gdpr", "uk-gdpr", "ccpa", "lgpd"} {
			f.Regime = regime
			for _, reason := range privacy.RefusalReasons() {
				got, err := notify.Render(language, &notify.Refusal{Frame: f, Received: day(2, 3), Reason: reason})
				require.NoError(t, err)
				if strings.Contains(string(reason), "_") {
					require.NotContains(t, got.Text, string(reason), "people get a sentence, not a code")
				}
			}
		}
		for _, right := range privacy.Rights() {
			f.Right = right
			_, err := notify.Render(language, &notify.Withdrawn{Frame: f, On: day(2, 3)})
			require.NoError(t, err)
		}
		for _, reason := range notify.ExtensionReasons() {
			_, err := notify.Render(language, &notify.Extension{Frame: f, NewDate: day(5, 4), Reasons: []notify.ExtensionReason{reason}})
			require.NoError(t, err)
		}
	}
}

// Art. 12(4) GDPR: reasons, the right to complain to an authority, and the court.
func TestArticle12Paragraph4(t *testing.T) {
	t.Parallel()
	got, err := notify.Render(notify.English, letters(t)[notify.KindRefusal])
	require.NoError(t, err)
	for _, want := range []string{"excessive", "Article 12(5) GDPR", "complain", "Hamburgische", "court"} {
		require.Contains(t, strings.Join(strings.Fields(got.Text), " "), want)
	}
}

func TestTheRuleBehindARefusalIsTheLettersWordingOrThePolicys(t *testing.T) {
	t.Parallel()
	f := frame(time.UTC)
	refusal := &notify.Refusal{Frame: f, Received: day(2, 3), Reason: privacy.ManifestlyUnfounded, Citation: "GDPR Art. 12(5)(b)"}
	got, err := notify.Render(notify.German, refusal)
	require.NoError(t, err)
	require.Contains(t, got.Text, "Artikel 12 Absatz 5 DSGVO")
	refusal.Regime, refusal.Citation = "pipeda", "PIPEDA s. 8(7)"
	got, err = notify.Render(notify.German, refusal)
	require.NoError(t, err)
	require.Contains(t, strings.Join(strings.Fields(got.Text), " "), "Die Regel ist PIPEDA s. 8(7).")
}

func TestDatesFollowTheControllersZone(t *testing.T) {
	t.Parallel()
	letter := letters(t)[notify.KindPackageReady].(*notify.PackageReady)
	letter.Expires = time.Date(2026, 2, 28, 23, 30, 0, 0, time.UTC)
	for language, want := range map[notify.Language]string{
		notify.English: "1 March 2026, 00:30 CET", notify.German: "1. März 2026, 00:30 CET",
		notify.French: "1er mars 2026, 00:30 CET", notify.Spanish: "1 de marzo de 2026, 00:30 CET",
	} {
		got, err := notify.Render(language, letter)
		require.NoError(t, err)
		require.Contains(t, strings.Join(strings.Fields(got.Text), " "), want)
	}
}

// A stranger can put anything into the public form, and the letter goes to an address of their choice.
func TestHostileValuesStayValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		evil := rapid.SampledFrom([]string{
			"Ann\r\nBcc: x@evil.example", "<b>bold</b>", "{{.Controller}}", "@link https://evil.example | win", "\u202egnp.exe",
			"a\x1eb", "Ann\n\n@code 000 000", "visit www.evil.example now", rapid.String().Draw(t, "any"),
		}).Draw(t, "evil")
		f := frame(time.UTC)
		f.Name, f.Reference, f.Controller.Name = evil, "R"+evil, "C"+evil
		got, err := notify.Render(notify.English, &notify.Clarification{Frame: f, Question: evil, Link: "https://a.example/"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(got.Subject, "\r\n\x00\u202e") {
			t.Fatalf("subject has a control character: %q", got.Subject)
		}
		if strings.Count(got.HTML, "<a ") != 1 || strings.Contains(got.HTML, "<b>") || strings.Contains(got.HTML, `class="code"`) {
			t.Fatalf("a value became markup: %s", got.HTML)
		}
		if strings.ContainsAny(got.Text, "\r\x1e\u202e") {
			t.Fatal("a control character came through")
		}
	})
}

func TestAdvertisementsAreNoNames(t *testing.T) {
	t.Parallel()
	f := frame(time.UTC)
	for _, name := range []string{"win at http://evil.example", "www.evil.example", "call 0900 1234", strings.Repeat("x", 61), "a@b.example"} {
		f.Name = name
		got, err := notify.Render(notify.English, &notify.Withdrawn{Frame: f, On: day(2, 3)})
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(got.Text, "Hello,\n"), name)
	}
}

func TestStaffNoticesHavePartsAndTheTimeLeft(t *testing.T) {
	t.Parallel()
	got, err := notify.Render(notify.English, letters(t)[notify.KindDueSoon])
	require.NoError(t, err)
	require.Equal(t, "Due in 3 days: Answer the person, DSR-2026-0042", got.Subject)
	require.Equal(t, "b3f1", got.AckToken)
	require.NotEmpty(t, got.Parts)
	late, err := notify.Render(notify.English, letters(t)[notify.KindOverdue])
	require.NoError(t, err)
	require.Contains(t, late.Text, "overdue by 2 days")
	person, err := notify.Render(notify.English, letters(t)[notify.KindWithdrawn])
	require.NoError(t, err)
	require.Empty(t, person.Parts)
}
