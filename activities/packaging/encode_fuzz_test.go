package packaging

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
)

// FuzzEncode writes a row of what systems hold, as JSON and as CSV. Both are read back with the values they had, and no
// cell begins a formula.
func FuzzEncode(f *testing.F) {
	for _, text := range []string{
		"=HYPERLINK(\"http://x\")", "plain", "Grüße, \"Ann\"\nund mehr", "\x00=1", "\ufeff+1", "－1", "a;b", "-12.5e+3", " ", "{\"a\":[1,null]}", "\xff", "\r\n",
	} {
		f.Add(text, "19.90", []byte(text), int64(-7))
		f.Add("x", text, []byte{0xfb, 0xff}, int64(1)<<62)
	}
	f.Fuzz(func(t *testing.T, text, other string, raw []byte, number int64) {
		row := []Value{
			connectors.Text(text), connectors.Decimal(other), connectors.JSON(other), connectors.Bytes(raw), connectors.Int(number),
			connectors.LocalTime(text), connectors.Oversize(number, text), connectors.List([]Value{connectors.Text(text), connectors.Decimal(other)}),
		}
		asJSON(t, row, text, number)
		asCSV(t, row)
		readAgain(t, row)
	})
}

// asJSON reads the row back as any JSON reader does.
func asJSON(t *testing.T, row []Value, text string, number int64) {
	t.Helper()
	encoded := appendList(nil, row)
	if !utf8.Valid(encoded) {
		t.Fatalf("no UTF-8: %q", encoded)
	}
	var read []json.RawMessage
	if err := json.Unmarshal(encoded, &read); err != nil || len(read) != len(row) {
		t.Fatalf("%q: %v", encoded, err)
	}
	var gotText string
	var gotNumber int64
	if json.Unmarshal(read[0], &gotText) != nil || gotText != strings.ToValidUTF8(text, "\ufffd") {
		// Each byte that is no UTF-8 becomes a sign of its own, while ToValidUTF8 joins them.
		if utf8.ValidString(text) {
			t.Fatalf("%q became %q", text, gotText)
		}
	}
	if json.Unmarshal(read[4], &gotNumber) != nil || gotNumber != number {
		t.Fatalf("%d became %d", number, gotNumber)
	}
}

// asCSV reads the row back as spreadsheets do, with either separator.
func asCSV(t *testing.T, row []Value) {
	t.Helper()
	for _, comma := range []rune{',', ';'} {
		var line []byte
		for i, v := range row {
			if i > 0 {
				line = append(line, string(comma)...)
			}
			line = appendCSV(line, v)
		}
		r := csv.NewReader(strings.NewReader(string(line) + "\r\n"))
		r.Comma, r.FieldsPerRecord = comma, -1
		cells, err := r.Read()
		if err != nil || len(cells) != len(row) {
			t.Fatalf("%q: %d cells for %d values (%v)", line, len(cells), len(row), err)
		}
		for _, cell := range cells {
			if formula(cell) && !isNumber(cell) {
				t.Fatalf("the cell %q would run", cell)
			}
		}
	}
}

// readAgain puts each value through the form in which parts are stored.
func readAgain(t *testing.T, row []Value) {
	t.Helper()
	for _, v := range row {
		stored, err := json.Marshal(v)
		if err != nil {
			if v.Kind() != connectors.KindJSON || json.Valid([]byte(v.Raw())) {
				t.Fatalf("kind %d does not store: %v", v.Kind(), err)
			}
			continue
		}
		var again Value
		if err := json.Unmarshal(stored, &again); err != nil || again.Kind() != v.Kind() {
			t.Fatalf("%s does not read back: %v", stored, err)
		}
		second, err := json.Marshal(again)
		// What is no UTF-8 is mended once; PostgreSQL gives out no such text.
		if err != nil || utf8.Valid(stored) && utf8.ValidString(v.String()) && string(second) != string(stored) {
			t.Fatalf("%s became %s (%v)", stored, second, err)
		}
	}
}
