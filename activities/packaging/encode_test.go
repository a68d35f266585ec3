package packaging

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
)

// The beginnings that Excel, LibreOffice and Google Sheets run as formulas, as OWASP lists them, and disguises of them.
func TestCSVInjection(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`=1+1`: `"'=1+1"`, `+1`: `"'+1"`, `-1`: `"'-1"`, `@SUM(A1)`: `"'@SUM(A1)"`, "\t=1": "\"'\t=1\"", "\r=1": "\"'\r=1\"", "\n=1": "\"'\n=1\"",
		` =1`: `"' =1"`, "\u00a0=1": "\"'\u00a0=1\"", "\ufeff=1": "\"'\ufeff=1\"", "\u200b=1": "\"'\u200b=1\"", `＝1`: `"'＝1"`, `＠x`: `"'＠x"`, "\x00=1": "\"'\ufffd=1\"",
		`=cmd|' /C calc'!A0`: `"'=cmd|' /C calc'!A0"`, `"=1"`: `"""=1"""`, `a=1`: `a=1`, `plain`: `plain`, ``: `""`, `a,b`: `"a,b"`, `a;=b`: `"a;=b"`, " x": `" x"`,
	} {
		require.Equal(t, want, string(appendCSV(nil, connectors.Text(text))), "%q", text)
	}
	for want, v := range map[string]Value{
		"-5": connectors.Int(-5), "-5.25": connectors.Decimal("-5.25"), "true": connectors.Bool(true), "": connectors.Null(), "-7": connectors.JSON("-7"), `"'-Infinity"`: connectors.Decimal("-Infinity"),
		`"'+/8="`: connectors.Bytes([]byte("\xfb\xff")), `"'-1, 2"`: connectors.List([]Value{connectors.Int(-1), connectors.Int(2)}), `"'-0044-03-15"`: connectors.LocalTime("-0044-03-15"), `"{""a"":""=1""}"`: connectors.JSON(`{"a":"=1"}`),
	} {
		require.Equal(t, want, string(appendCSV(nil, v)))
	}
}

func anyValue() *rapid.Generator[Value] {
	raw := rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })
	leaf := rapid.OneOf(
		rapid.Just(connectors.Null()), rapid.Map(rapid.Bool(), connectors.Bool), rapid.Map(rapid.Int64(), connectors.Int), rapid.Map(rapid.String(), connectors.Text), rapid.Map(raw, connectors.Text),
		rapid.Map(rapid.StringMatching(`-?[0-9]{1,40}(\.[0-9]+)?(e[+-]?[0-9]+)?|NaN|-?Infinity`), connectors.Decimal), rapid.Map(rapid.SliceOf(rapid.Byte()), connectors.Bytes), rapid.Map(raw, connectors.JSON),
		rapid.SampledFrom([]Value{connectors.JSON(`{"a":[1,{"b":"\u0000"}]}`), connectors.JSON("{\"a\":\"\xff\"}"), connectors.JSON(`{`), connectors.JSON(" [1 ,\n2] "), connectors.LocalTime("2026-01-01"), connectors.Oversize(1<<40, "x\x00\xff")}),
	)
	return rapid.OneOf(leaf, rapid.Map(rapid.SliceOfN(leaf, 0, 4), connectors.List))
}

func TestJSONIsAlwaysValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got := appendJSON(nil, anyValue().Draw(t, "value"))
		if !json.Valid(got) || !utf8.Valid(got) {
			t.Fatalf("not valid JSON: %q", got)
		}
	})
}

func TestJSONKeepsTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "text")
		var got string
		if err := json.Unmarshal(appendJSONString(nil, want), &got); err != nil || got != strings.ToValidUTF8(want, "\ufffd") {
			t.Fatalf("%q became %q (%v)", want, got, err)
		}
	})
}

func TestCSVRowsSurviveAndNeverBeginAFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(anyValue(), 1, 5).Draw(t, "row")
		var line []byte
		for i, v := range values {
			if i > 0 {
				line = append(line, ',')
			}
			line = appendCSV(line, v)
		}
		r := csv.NewReader(strings.NewReader(string(line) + "\r\nend"))
		r.FieldsPerRecord = -1
		cells, err := r.Read()
		if len(line) == 0 {
			return // a single null is an empty line, which the reader skips
		}
		if err != nil || len(cells) != len(values) {
			t.Fatalf("%q: %d cells for %d values (%v)", line, len(cells), len(values), err)
		}
		for _, cell := range cells {
			if formula(cell) && !isNumber(cell) {
				t.Fatalf("the cell %q would run", cell)
			}
		}
	})
}

func TestIsNumberAgreesWithJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[-+0-9.eE ]{0,8}`).Draw(t, "text")
		want := json.Valid([]byte(s)) && strings.TrimSpace(s) == s
		if isNumber(s) != want {
			t.Fatalf("%q: %v", s, !want)
		}
	})
}

func TestDuplicateColumnsKeepTheirValues(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{`"a":`, `,"a_2":`, `,"a_3":`, `,"a_2_2":`}, jsonKeys([]Column{{Name: "a"}, {Name: "a"}, {Name: "a"}, {Name: "a_2"}}))
}

func TestLanguagesHaveTheSameWordsAndPlaceholders(t *testing.T) {
	t.Parallel()
	all, err := vocabulary()
	require.NoError(t, err)
	for language, w := range all {
		require.Len(t, w.texts, len(all["en"].texts), language)
		for key, text := range w.texts {
			english, ok := all["en"].texts[key]
			require.True(t, ok, "%s: %s", language, key)
			require.Equal(t, strings.Count(english, "%["), strings.Count(text, "%["), "%s: %s", language, key)
			require.NotContains(t, text, "!")
		}
	}
}

func TestWordsForNumbersAndPeriods(t *testing.T) {
	t.Parallel()
	de, err := wordsOf("de_AT")
	require.NoError(t, err)
	require.Equal(t, "1.234.567", de.count(1234567))
	require.Equal(t, "123", de.count(123))
	require.Equal(t, "1 Jahr, 6 Monate", de.period("P1Y6M"))
	require.Equal(t, "whenever", de.period("whenever"))
	require.Equal(t, "P1", de.period("P1"))
	require.Equal(t, "Vereinigte Staaten", de.country("US"))
	require.Equal(t, "Kontaktdaten", de.category("user.contact.fax_number"))
	require.Equal(t, "unknown.thing", de.category("unknown.thing"))
}
