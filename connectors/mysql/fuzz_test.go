package mysql

import (
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// FuzzForeign reads what comes from outside into this connector: an address that an administrator gives, values
// as a server writes them or as another system hands them over, and a server's account of somebody's rights.
func FuzzForeign(f *testing.F) {
	for _, text := range []string{
		"mysql://reader:secret@db.example:3306/shop?tls=true", "mysql://u@h/d?tls=false", "mysql://u:p%40@[::1]:1/d", "mysql://u:p@h/d?tls=true&tls-ca=/dev/zero", "mysql://@@h/d", "u:p@tcp(h)/d",
		"2026-01-05 10:00:00", "2024-02-29 23:59:59.000001", "0000-00-00", "2026-13-01", "2026-01-05 10:00:00,5", "12:abc", `["NaN",1.5,{"a":[]},null]`, `\x00ff`,
		"18446744073709551615", "-0", "1e400", `GRANT SELECT, UPDATE ("a"), DELETE ON "x\_y"."t""u" TO "r"@"%"`, `GRANT ALL PRIVILEGES ON *.* TO`, `GRANT "r" TO "u"@"%"`, "%_\\",
	} {
		f.Add(text, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		readAddress(t, text)
		readValue(t, text, kind)
		(&rights{schemas: map[string][]string{}, tables: map[relational.Spot][]string{}}).add(text)
		if utf8.ValidString(text) && !strings.ContainsAny(text, `\`) {
			require.True(t, like(text, strings.NewReplacer("%", "", "_", "x").Replace(text)), "a pattern matches what it stands for")
		}
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
	u, err := url.Parse(text)
	require.NoError(t, err)
	host, _, err := net.SplitHostPort(cfg.Addr)
	require.NoError(t, err)
	require.Equal(t, u.Hostname(), host)
	require.Equal(t, u.User.Username(), cfg.User)
	password, _ := u.User.Password()
	require.Equal(t, password, cfg.Passwd)
	require.NotEmpty(t, cfg.DBName)
	require.Equal(t, "tcp", cfg.Net)
	require.Empty(t, cfg.Params)
	require.False(t, cfg.AllowAllFiles || cfg.MultiStatements || cfg.AllowCleartextPasswords || cfg.AllowOldPasswords || cfg.InterpolateParams)
	require.NotContains(t, cfg.DBName+cfg.User, "\x00")
}

// readValue decodes a value under every class: it is read and can be stored, or is refused without being quoted. As a key it is taken
// or refused, never guessed.
func readValue(t *testing.T, text string, kind uint8) {
	t.Helper()
	classes := []relational.Class{
		relational.ClassBool, relational.ClassInt, relational.ClassNumber, relational.ClassFloat, relational.ClassText, relational.ClassUUID, relational.ClassDate, classLocal, classMoment, classTime, relational.ClassBytes,
		relational.ClassJSON, relational.ClassEnum, classShape, relational.ClassOther, relational.ClassMember,
	}
	one := classes[int(kind)%len(classes)]
	if values, err := relational.Usable(relational.Given{Where: "d.c.f", Field: field{Col: relational.Column{Class: one}, Path: []string{"f"}}, Values: []string{text}}, valueOf); err == nil {
		require.Len(t, values, min(len(text), 1))
	} else if len(text) > 4 {
		require.NotContains(t, err.Error(), text)
	}
	for _, list := range []bool{false, true} {
		value, err := reads(one, list)(text)
		if err != nil {
			require.ErrorIs(t, err, relational.ErrUnreadable)
			continue
		}
		stored, err := json.Marshal(value)
		require.NoError(t, err)
		if utf8.ValidString(text) {
			var again connectors.Value
			require.NoError(t, json.Unmarshal(stored, &again), "%s", stored)
			require.Equal(t, value.Kind(), again.Kind())
		}
	}
}
