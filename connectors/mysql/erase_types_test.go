package mysql_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// columnsOf are columns of every type, with values at their ends.
func columnTypes() map[string][]string {
	return map[string][]string{
		"tinyint": {"-128", "127", "9"}, "smallint unsigned": {"65535", "0"}, "mediumint": {"-8388608"}, "int": {"-2147483648", "2147483647"}, "bigint": {"-9223372036854775808", "9223372036854775807"},
		"bigint unsigned": {"18446744073709551615"}, "tinyint(1)": {"1", "0", "2"}, "bit(1)": {"b'1'"}, "bit(12)": {"b'111111111111'"}, "year": {"2026", "1901", "2155"},
		"decimal(65,30)": {"12345678901234567890123456789012345.000000000000000000000000000001", "-0.5"}, "decimal(4,1)": {"-999.9"},
		"float": {"0.1", "-3.4e38", "123456"}, "double": {"1.7e308", "-0.1", "987654321"},
		"char(30)": {"'ab'", "''"}, "varchar(20)": {"'Ana Ñ-1 é\\n'"}, "varchar(40) CHARACTER SET latin1": {"'Größe 1'"}, "tinytext": {"'x'"}, "longtext": {"'日本 𝔘 1'", "'192.168.7.9'"},
		"varchar(13)": {"'192.168.1.200'"}, "varchar(60) CHARACTER SET ucs2": {"'Łania'"},
		"binary(4)": {"X'00FF0A41'"}, "varbinary(100)": {"X'00FF'", "''"}, "blob": {"'abc'"}, "uuid": {"'6ba7b810-9dad-41d1-80b4-00c04fd430c8'"},
		"date": {"'2024-02-29'", "'0000-00-00'", "'9999-12-31'", "'1000-01-01'", "'2026-00-00'"}, "datetime": {"'2024-02-29 23:59:59'", "'0000-00-00 00:00:00'"}, "datetime(6)": {"'1999-12-31 23:59:59.999999'"},
		"timestamp NULL": {"'2026-03-29 01:30:00'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'"}, "time(3)": {"'-838:59:59.000'"},
		"enum('sad', 'ok')": {"'ok'"}, "set('a', 'b')": {"'a,b'", "''"}, "json": {`'{"a": [1, "x"]}'`, `'"text"'`, `'[1, null]'`}, "point": {"POINT(1, 2)"}, "inet6": {"'2001:db8::1'"},
	}
}

// TestEveryTreatmentOfEveryType carries each treatment out on columns of each type: it is refused before anything is changed, or it is done
// and has nothing left to do; the neighbour's row stays.
func TestEveryTreatmentOfEveryType(t *testing.T) {
	t.Parallel()
	fixed := map[string]string{"tinyint(1)": "true", "bit(1)": "false", "year": "2000", "date": "2000-01-01", "datetime": "2000-01-01 00:00:00", "datetime(6)": "2000-01-01 00:00:00", "timestamp NULL": "2000-01-01T00:00:00Z",
		"time(3)": "12:00:00", "enum('sad', 'ok')": "sad", "uuid": "00000000-0000-0000-0000-000000000000", "json": `{"gone": true}`, "char(30)": "é", "varchar(20)": "é's", "longtext": "x", "blob": "x", "double": "0.1", "float": "0.1", "decimal(65,30)": "1.50"}
	for typ, values := range columnTypes() {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			datasets := conformance.Parse(t, conformance.Mail)
			c := b.eraser(t, datasets, 0)
			for _, treatment := range append(erasure.Treatments(), erasure.Set) {
				b.exec(t, `CREATE OR REPLACE TABLE mail (id int PRIMARY KEY, email varchar(50), body `+typ+`) CHARACTER SET utf8mb4`)
				for i, v := range append([]string{"NULL"}, values...) {
					for k, who := range []string{"a", "b"} {
						b.exec(t, fmt.Sprintf(`SET STATEMENT sql_mode = 'ALLOW_INVALID_DATES' FOR INSERT INTO mail VALUES (%d, '%s@example.org', %s)`, 2*i+k, who, v))
					}
				}
				m := conformance.Mask(treatment, "body")
				m.Value = fixed[typ]
				if (treatment == erasure.Fixed || treatment == erasure.Set) && m.Value == "" {
					m.Value = "1"
				}
				b.treats(t, c, conformance.Errand(t, datasets, conformance.Masking("mail", m)), typ)
			}
		})
	}
}

// treats carries an errand out, if it can be.
func (b *bench) treats(t *testing.T, c connectors.Eraser, e connectors.Errand, typ string) {
	t.Helper()
	what := fmt.Sprintf("%s of %s", e.Orders[0].Masks[0].Treatment, typ)
	mine, neighbours := b.rows(t, "a@example.org"), b.rows(t, "b@example.org")
	l := conformance.NewLedger()
	err := c.Erase(t.Context(), e, l)
	require.Equal(t, neighbours, b.rows(t, "b@example.org"), what)
	if errors.Is(err, connectors.ErrType) {
		require.Equal(t, mine, b.rows(t, "a@example.org"), "%s was refused: %v", what, err)
		_, err = c.Survey(t.Context(), e)
		require.ErrorIs(t, err, connectors.ErrType, what)
		return
	}
	require.NoError(t, err, what)
	found, err := c.Survey(t.Context(), e)
	require.NoError(t, err, what)
	require.Zero(t, found[0].Left, what)
	after := b.rows(t, "a@example.org")
	again := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), e, again))
	require.Zero(t, again.Batches, "%s does it twice", what)
	require.Equal(t, after, b.rows(t, "a@example.org"), what)
	if e.Orders[0].Masks[0].Treatment == erasure.Set {
		require.NotEqual(t, mine[0], after[0], "%s: also where there was no value", what)
		return
	}
	require.Equal(t, mine[0], after[0], "%s: there was no value", what)
}

// rows reads somebody's values as their bytes.
func (b *bench) rows(t *testing.T, who string) []string {
	t.Helper()
	rows, err := b.admin.QueryContext(t.Context(), `SELECT CONCAT(id, ' ', COALESCE(HEX(body), 'NULL')) FROM mail WHERE email = ? ORDER BY id`, who)
	require.NoError(t, err)
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return out
}

// TestTextsAreTreatedAsElsewhere compares what the server makes of texts with what is made of them inside documents, and by other kinds of system.
func TestTextsAreTreatedAsElsewhere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	texts := []string{"", "a", "Ab 9-é_ß/日本𝔘\t\n\\'\"", "192.168.1.200", "192.168.1.200/20", "10.0.0.1/0", "1.2.3.4/33", "256.1.1.1", "1.2.3", "01.2.3.4", "1.2.3.4 ", "0.0.0.0/24", "2001:db8:1:2:3:4:5:6", "2001:DB8::1/64",
		"2001:db8::/20", "::", "::1", "::/0", "fe80::1%eth0", "::ffff:1.2.3.4", "1::2::3", "1:2:3:4:5:6:7::", "12345::1", "2001:db8::1/129", "/", "1/2", "%_", strings.Repeat("x", 300), "\u0131\u0130\u212a", "a\u0301", "\x01\x7f"}
	for _, charset := range []string{"utf8mb4", "utf8mb4 COLLATE utf8mb4_turkish_ci", "utf16"} {
		for treatment, want := range map[erasure.Treatment]func(string) string{erasure.Shape: conformance.Shape, erasure.Generalise: conformance.General} {
			b.exec(t, `CREATE OR REPLACE TABLE mail (id int PRIMARY KEY, email varchar(50), body text CHARACTER SET `+charset+`, doc json)`)
			for i, text := range texts {
				b.exec(t, `INSERT INTO mail VALUES (?, 'a@example.org', ?, JSON_OBJECT('b', ?))`, i, text, text)
			}
			datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}, {name: body}, {name: doc, fields: [{name: b}]}]}]}]`)
			e := conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(treatment, "body"), conformance.Mask(treatment, "doc", "b")))
			c := b.eraser(t, datasets, 0)
			require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
			rows, err := b.admin.QueryContext(t.Context(), `SELECT body, JSON_VALUE(doc, '$.b') FROM mail ORDER BY id`)
			require.NoError(t, err)
			for _, text := range texts {
				require.True(t, rows.Next())
				var body, member string
				require.NoError(t, rows.Scan(&body, &member))
				require.Equal(t, want(text), body, "%s of %q in %s", treatment, text, charset)
				require.Equal(t, want(text), member, "%s of %q in a document", treatment, text)
			}
			require.NoError(t, rows.Err())
			require.NoError(t, rows.Close())
			found, err := c.Survey(t.Context(), e)
			require.NoError(t, err)
			require.Zero(t, found[0].Left)
		}
	}
}

// TestDaysInZones compares the day of moments with what Go says of it, in zones whose clocks change at odd times, and of texts.
func TestDaysInZones(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(50), at timestamp NULL, plain datetime, day date, text varchar(50), doc json)`)
	var moments []time.Time
	for _, around := range []string{"1970-01-02", "1999-12-31", "2026-03-29", "2026-10-25", "2024-02-29", "2037-12-31"} {
		day, err := time.Parse(time.DateOnly, around)
		require.NoError(t, err)
		for h := range 60 {
			moments = append(moments, day.Add(time.Duration(h)*30*time.Minute+59*time.Second))
		}
	}
	for i, at := range moments {
		text := at.In(time.FixedZone("", -(3*3600 + 1800))).Format("2006-01-02T15:04:05-07:00")
		b.exec(t, `INSERT INTO mail VALUES (?, 'a@example.org', ?, ?, ?, ?, JSON_OBJECT('at', ?))`, i, at.Format(time.DateTime), at.Format(time.DateTime), at.Format(time.DateOnly), text, at.Format(time.RFC3339))
	}
	b.exec(t, `SET STATEMENT sql_mode = '' FOR INSERT INTO mail VALUES (5000, 'a@example.org', NULL, '0000-00-00 00:00:00', '2026-00-00', '2026-02-30', '{"at": 7}'), (5001, 'a@example.org', NULL, NULL, NULL, 'soon', NULL), (5002, 'a@example.org', NULL, NULL, '0000-00-00', '', '{}')`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}, {name: at}, {name: plain}, {name: day}, {name: text}, {name: doc, fields: [{name: at}]}]}]}]`)
	c := b.eraser(t, datasets, 0)
	for _, name := range []string{"UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		for _, field := range [][]string{{"at"}, {"plain"}, {"day"}, {"text"}, {"doc", "at"}} {
			o := conformance.Deletion("mail")
			o.Days = &erasure.Days{Field: field, Zone: name, Spans: []erasure.Span{}}
			found, err := c.Survey(t.Context(), conformance.Errand(t, datasets, o))
			require.NoError(t, err)
			want := map[string]int64{}
			for _, at := range moments {
				if field[0] != "plain" && field[0] != "day" {
					at = at.In(zone)
				}
				want[at.Format(time.DateOnly)]++
			}
			got := map[string]int64{}
			for _, d := range found[0].Days {
				got[d.Day.String()] = d.Rows
			}
			require.Equal(t, want, got, "%v in %s", field, name)
			require.Equal(t, int64(3), found[0].Undated, "%v in %s", field, name)
			require.Zero(t, found[0].Left)
		}
	}
}
