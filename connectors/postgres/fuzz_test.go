package postgres

import (
	"encoding/json"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// FuzzForeign reads what comes from outside into this connector: an address that an administrator gives, and values as a
// server writes them.
func FuzzForeign(f *testing.F) {
	for _, text := range []string{
		"postgres://reader:secret@db.example:5432/shop?sslmode=require", "host=db user=u dbname=d password='a b' port=5433", "postgres://u@h/d?host=other",
		"postgres://u:p@h/d?sslrootcert=/dev/zero", "postgresql://u:p@h1,h2:1/d", "user=u host=h dbname=d service=x", "postgres://u:p@[::1%25eth0]:5432/d",
		"[[1,2],[null]]", "2026-01-05 10:00:00+00", "2024-02-29 23:59:59.000001", "2023-02-29", "2026-13-01", "2026-01-05 10:00:00.10+00", "2026-01-05 10:00:00,5", "12:abc", "[\"NaN\",1.5]", "AP8=", "{}", "0044-03-15 BC", "[ ]",
	} {
		f.Add(text, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		readAddress(t, text)
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

// readValue decodes a value under every class: it is read and can be stored, or is refused without being quoted.
func readValue(t *testing.T, text string, kind uint8) {
	t.Helper()
	classes := []relational.Class{
		relational.ClassBool, relational.ClassInt, relational.ClassNumber, relational.ClassFloat, classMoney, relational.ClassText, relational.ClassUUID, relational.ClassDate, classLocal, classMoment, relational.ClassBytes,
		relational.ClassJSON, relational.ClassEnum, classRow, relational.ClassArray, relational.ClassOther, relational.ClassMember,
	}
	one := classes[int(kind)%len(classes)]
	require.Equal(t, parsedMoment(one, text), moment(one, text), "the quick reader and the thorough one")
	for _, col := range []column{{Class: one}, {Class: relational.ClassArray, Element: one}} {
		value, err := reads(col.Class, col.Element)(text)
		if err != nil {
			require.ErrorIs(t, err, relational.ErrUnreadable)
			continue
		}
		stored, err := json.Marshal(value)
		if one != relational.ClassJSON && one != classRow && col.Element != relational.ClassJSON && col.Element != classRow {
			require.NoError(t, err)
		}
		if err == nil && utf8.ValidString(text) {
			var again connectors.Value
			require.NoError(t, json.Unmarshal(stored, &again), "%s", stored)
			require.Equal(t, value.Kind(), again.Kind())
		}
	}
}
