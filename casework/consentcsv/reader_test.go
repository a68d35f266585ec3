package consentcsv_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy/consent"
)

func read(t *testing.T, text string, m consentcsv.Mapping) (lines []consentcsv.Line) {
	t.Helper()
	zone, err := time.LoadLocation("America/Toronto")
	require.NoError(t, err)
	r, err := consentcsv.Open(strings.NewReader(text), m, zone)
	require.NoError(t, err)
	for {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines
		}
		require.NoError(t, err)
		lines = append(lines, l)
	}
}

// A list as newsletter programs write it: semicolons or commas, a byte order mark, line breaks in quotes, words of their own for what happened.
func TestAListIsReadByItsMapping(t *testing.T) {
	t.Parallel()
	m := consentcsv.Mapping{
		Address: "Email", Purpose: "news", KindColumn: "Status", Kinds: map[string]string{"Subscribed": "given", "unsubscribed": "withdrawn", "cleaned": "skip"}, At: "Since",
		AtLayout: "datetime", Country: "Land", DefaultCountry: "CA", SourceColumn: "Form", IP: "IP", Evidence: []string{"Note", "Order"},
	}
	lines := read(t, "\ufeffEmail;Status;Since;Land;Form;IP;Note;Order;Else\r\n"+
		"ana@x.example;subscribed;2026-03-08 01:30:00;;footer;192.0.2.1;\"two\r\nlines\";17;x\r\n"+
		" ben@x.example ;Unsubscribed;2026-07-01 12:00:00;DE;;;;;\r\n"+
		"cleo@x.example;CLEANED;2026-07-01 12:00:00;DE;;;;;\r\n"+
		"dan@x.example;confirmed;2026-07-01 12:00:00;DE;;;;;\r\n", m)
	require.Len(t, lines, 4)
	require.Equal(t, consentcsv.Line{
		Number: 2, Address: "ana@x.example", Kind: consent.Given, At: lines[0].At, Country: "CA", Source: "footer", IP: "192.0.2.1",
		Evidence: map[string]string{"Note": "two\nlines", "Order": "17"},
	}, lines[0])
	require.Equal(t, time.Date(2026, time.March, 8, 6, 30, 0, 0, time.UTC), lines[0].At.UTC(), "by the clock of Toronto")
	require.Equal(t, []any{4, "ben@x.example", consent.Withdrawn, "DE"}, []any{lines[1].Number, lines[1].Address, lines[1].Kind, lines[1].Country})
	require.True(t, lines[2].Skipped)
	require.Equal(t, consent.Confirmed, lines[3].Kind, "the kinds themselves need no translation")
}

// What is wrong with a line is said with its field and without what stands there; the lines around it are read.
func TestAFaultyLineIsNamed(t *testing.T) {
	t.Parallel()
	m := consentcsv.Mapping{Address: "email", Purpose: "news", KindColumn: "what", At: "at", AtLayout: "date", Country: "country"}
	const head, good = "email,what,at,country\n", "good@x.example,given,2026-01-01,CA\n"
	for name, c := range map[string]struct{ line, field string }{
		"no address":     {",given,2026-01-01,CA", "address"},
		"blank address":  {"  ,given,2026-01-01,CA", "address"},
		"a made-up word": {"a@x.example,smiled,2026-01-01,CA", "kind"},
		"a timer's word": {"a@x.example,expired,2026-01-01,CA", "kind"},
		"no day":         {"a@x.example,given,,CA", "at"},
		"another day":    {"a@x.example,given,01/02/2026,CA", "at"},
		"a 30 February":  {"a@x.example,given,2026-02-30,CA", "at"},
		"a long country": {"a@x.example,given,2026-01-01,Canada", "country"},
		"a small one":    {"a@x.example,given,2026-01-01,ca", "country"},
		"too few":        {"a@x.example,given,2026-01-01", "line"},
		"too many":       {"a@x.example,given,2026-01-01,CA,x", "line"},
		"not UTF-8":      {"a\xff@x.example,given,2026-01-01,CA", "line"},
		"a zero":         {"a\x00@x.example,given,2026-01-01,CA", "line"},
	} {
		lines := read(t, head+good+c.line+"\n"+good, m)
		require.Len(t, lines, 3, name)
		require.Nil(t, lines[0].Fault, name)
		require.Nil(t, lines[2].Fault, name)
		require.NotNil(t, lines[1].Fault, name)
		require.Equal(t, c.field, lines[1].Fault.Field, name)
		require.Equal(t, 3, lines[1].Number, name)
		for _, word := range []string{"a@x", "smiled", "Canada"} {
			require.NotContains(t, lines[1].Fault.Problem, word, name)
		}
	}
}

// A list of which nobody knows what its columns or lines are is not read at all.
func TestAListThatCantBeRead(t *testing.T) {
	t.Parallel()
	m := consentcsv.Mapping{Address: "email", Purpose: "news", Kind: "given"}
	for name, c := range map[string]struct{ text, words string }{
		"empty":           {"", "empty"},
		"no such column":  {"mail,name\na@x.example,A\n", `no column "email"; those of the file are: mail, name`},
		"twice":           {"email,email\na,b\n", "twice"},
		"an open quote":   {"email,name\n\"a@x.example,A\nb@x.example,B\n", "line 2 can't be read"},
		"a stray quote":   {"email,name\na@x.example,A \"B\"\n", "line 2 can't be read"},
		"one endless row": {"email,name\n" + strings.Repeat("x", 200_000), "longer than 64 KB"},
	} {
		r, err := consentcsv.Open(strings.NewReader(c.text), m, time.UTC)
		for err == nil {
			_, err = r.Next()
		}
		var head *consentcsv.HeadError
		require.ErrorAs(t, err, &head, name)
		require.Contains(t, head.Problem, c.words, name)
	}
}

func TestAMappingSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mapping consentcsv.Mapping
		field   string
	}{
		"good":            {consentcsv.Mapping{Kind: "given"}, ""},
		"no kind":         {consentcsv.Mapping{}, "kind"},
		"both":            {consentcsv.Mapping{Kind: "given", KindColumn: "x"}, "kind"},
		"words of none":   {consentcsv.Mapping{Kind: "given", Kinds: map[string]string{"a": "given"}}, "kinds"},
		"a made-up kind":  {consentcsv.Mapping{KindColumn: "x", Kinds: map[string]string{"a": "liked"}}, "kinds"},
		"a timer's":       {consentcsv.Mapping{KindColumn: "x", Kinds: map[string]string{"a": "expired"}}, "kinds"},
		"relations twice": {consentcsv.Mapping{Kind: "refreshed", Relation: "purchase", RelationColumn: "x"}, "relation"},
		"no language":     {consentcsv.Mapping{Kind: "given", Text: 1}, "text_language"},
		"no key":          {consentcsv.Mapping{Transfer: &consentcsv.TransferMapping{}}, "transfer.verifier_key"},
		"no such key":     {consentcsv.Mapping{Transfer: &consentcsv.TransferMapping{Verifier: "K-17"}}, "transfer.verifier_key"},
		"no zone":         {consentcsv.Mapping{Kind: "given", Zone: "Mars/Base"}, "zone"},
	} {
		field, _ := c.mapping.Check()
		require.Equal(t, c.field, field, name)
	}
}
