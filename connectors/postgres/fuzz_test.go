package postgres

import (
	"encoding/json"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// FuzzForeign reads what comes from outside into this connector: an address that an administrator gives, a cursor that was
// stored, and values as a server writes them.
func FuzzForeign(f *testing.F) {
	for _, text := range []string{
		"postgres://reader:secret@db.example:5432/shop?sslmode=require", "host=db user=u dbname=d password='a b' port=5433", "postgres://u@h/d?host=other",
		"postgres://u:p@h/d?sslrootcert=/dev/zero", "postgresql://u:p@h1,h2:1/d", "user=u host=h dbname=d service=x", "postgres://u:p@[::1%25eth0]:5432/d",
		`{"order":["id"],"key":["7"],"rows":7}`, "[[1,2],[null]]", "2026-01-05 10:00:00+00", "2024-02-29 23:59:59.000001", "2023-02-29", "2026-13-01", "2026-01-05 10:00:00.10+00", "2026-01-05 10:00:00,5", "12:abc", "[\"NaN\",1.5]", "AP8=", "{}", "0044-03-15 BC", "[ ]",
	} {
		f.Add(text, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		readAddress(t, text)
		readCursor(t, text)
		readValue(t, text, kind)
	})
}

// readAddress holds an accepted address to what it says: that host, that user, nothing of this machine.
func readAddress(t *testing.T, text string) {
	t.Helper()
	cfg, err := parseDSN(text)
	if err != nil {
		var ours *connectors.Error
		require.ErrorAs(t, err, &ours)
		require.Equal(t, connectors.ErrDSN, ours.Code)
		return
	}
	require.NotEmpty(t, cfg.Host)
	require.NotEmpty(t, cfg.User)
	require.NotEmpty(t, cfg.Database)
	require.Equal(t, map[string]string{"application_name": "docket"}, cfg.RuntimeParams)
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		_, given := u.User.Password()
		require.Equal(t, u.User.Username(), cfg.User)
		require.True(t, given || cfg.Password == "", "a password that nobody gave")
	}
}

func readCursor(t *testing.T, text string) {
	t.Helper()
	at := target{
		step: dataset.Step{Address: dataset.Address{Dataset: "d", Collection: "c"}}, collection: &dataset.Collection{}, table: &table{keys: [][]string{{"id"}}},
	}
	read, err := readMark(at, connectors.Cursor(text))
	if err != nil {
		require.ErrorIs(t, err, connectors.ErrCursor)
		return
	}
	again, err := readMark(at, read.cursor())
	if text != "" {
		require.NoError(t, err)
		require.Equal(t, read, again)
	}
}

// readValue decodes a value under every class: it is read and can be stored, or is refused without being quoted.
func readValue(t *testing.T, text string, kind uint8) {
	t.Helper()
	classes := []class{
		classBool, classInt, classNumber, classFloat, classMoney, classText, classUUID, classDate, classLocal, classMoment, classBytes,
		classJSON, classEnum, classRow, classArray, classOther, classMember,
	}
	one := classes[int(kind)%len(classes)]
	require.Equal(t, parsedMoment(one, text), moment(one, text), "the quick reader and the thorough one")
	for _, col := range []column{{class: one}, {class: classArray, element: one}} {
		value, err := decode(col, text)
		if err != nil {
			require.ErrorIs(t, err, errUnreadable)
			continue
		}
		stored, err := json.Marshal(value)
		if one != classJSON && one != classRow && col.element != classJSON && col.element != classRow {
			require.NoError(t, err)
		}
		if err == nil && utf8.ValidString(text) {
			var again connectors.Value
			require.NoError(t, json.Unmarshal(stored, &again), "%s", stored)
			require.Equal(t, value.Kind(), again.Kind())
		}
	}
}
