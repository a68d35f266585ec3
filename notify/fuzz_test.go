package notify_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
)

// FuzzRender writes letters around any texts. Whatever a person or a member of staff wrote, it adds no line to a subject, no
// sign that cannot be seen, and no markup to the HTML.
func FuzzRender(f *testing.F) {
	for _, text := range []string{
		"Ana", "<script>alert(1)</script>", "a\r\nBcc: b@c.d", "\u202eevil", "{{.Code}}", "@link http://x | y", "| a: b\n- c", "\xff\x00", "&amp;<b>", " ", "\u2028x",
	} {
		f.Add(text, text, "https://privacy.example/status/x")
		f.Add("Ana", "Which orders?", "https://privacy.example/"+text)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(f, err)
	languages := []notify.Language{notify.English, notify.German, notify.French, notify.Spanish}
	usual := map[string]bool{"br": true}
	for _, language := range languages {
		for _, letter := range around(zone, "Ana", "a", "https://privacy.example/x") {
			out, err := notify.Render(language, letter)
			require.NoError(f, err)
			for _, tag := range tagsOf(out.HTML) {
				usual[tag] = true
			}
		}
	}
	f.Fuzz(func(t *testing.T, name, text, link string) {
		for _, language := range languages {
			for _, letter := range around(zone, name, text, link) {
				out, err := notify.Render(language, letter)
				if err != nil {
					require.ErrorIs(t, err, notify.ErrIncomplete)
					continue
				}
				require.LessOrEqual(t, utf8.RuneCountInString(out.Subject), notify.MaxSubject)
				require.Empty(t, strings.IndexFunc(out.Subject, hidden)+1, "%q", out.Subject)
				require.Empty(t, strings.IndexFunc(strings.ReplaceAll(out.Text, "\n", ""), hidden)+1, "%q", out.Text)
				require.True(t, utf8.ValidString(out.HTML))
				for _, tag := range tagsOf(out.HTML) {
					require.True(t, usual[tag], "%q", tag)
				}
			}
		}
	})
}

// around gives letters that hold the texts.
func around(zone *time.Location, name, text, link string) []notify.Letter {
	frame := frame(zone)
	frame.Name = name
	return []notify.Letter{
		&notify.Clarification{Frame: frame, Question: text, Systems: []string{text, name}, PeriodAsked: true, Link: link, AnswerBy: day(3, 3)},
		&notify.Refusal{Frame: frame, Received: day(2, 3), Reason: privacy.ManifestlyExcessive, Explanation: text, Remedy: notify.Remedy{Authority: name, AuthorityURL: link}},
		&notify.CollectionFailed{
			Notice: notify.Notice{Tenant: name, Reference: text, Right: "access", Regime: text, Link: link}, System: name, Problem: text, At: day(3, 3),
		},
	}
}

// hidden are signs that no reader sees and that mail programs act on.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// tagsOf lists the names of the tags of a page.
func tagsOf(page string) []string {
	out := []string{}
	for _, rest := range strings.Split(page, "<")[1:] {
		end := strings.IndexFunc(rest, func(r rune) bool { return r == ' ' || r == '>' || r == '\n' })
		if end < 0 {
			end = len(rest)
		}
		out = append(out, rest[:end])
	}
	return out
}
