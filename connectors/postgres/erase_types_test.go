package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// eraser opens the bench for erasing, in small batches.
func (b *bench) eraser(t *testing.T, datasets []dataset.Dataset) *postgres.Connector {
	t.Helper()
	b.mayWrite(t)
	return b.connector(t, postgres.Config{Datasets: datasets, AllowWrites: true, EraseRows: 3})
}

// one asks for one text; null is "null".
func (b *bench) one(t *testing.T, sql string) string {
	t.Helper()
	var v *string
	require.NoError(t, b.admin.QueryRow(t.Context(), sql).Scan(&v))
	if v == nil {
		return "null"
	}
	return *v
}

// TestErasingTypes treats types beyond the conformance suite's, and does so twice: the second time nothing is left to do.
func TestErasingTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TYPE mood AS ENUM ('sad', 'ok')`)
	b.exec(t, `CREATE TYPE point2 AS (x int, y int)`)
	b.exec(t, `CREATE DOMAIN short AS varchar(40)`)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email text, v0 text)`)
	b.exec(t, `INSERT INTO mail VALUES (1, 'a@example.org'), (2, 'b@example.org')`)
	tests := []struct{ typ, value, treatment, want string }{
		{"uuid", "6ba7b810-9dad-41d1-80b4-00c04fd430c8", "hash", "~^[0-9a-f-]{36}$"}, {"uuid", "6ba7b810-9dad-41d1-80b4-00c04fd430c8", "random", "~^[0-9a-f-]{36}$"},
		{"uuid", "6ba7b810-9dad-41d1-80b4-00c04fd430c8", "fixed:00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"},
		{"float8", "-12345.678", "generalise", "-12340"}, {"float8", "NaN", "generalise", "0"}, {"float8", "1e300", "generalise", "0"}, {"float8", "-Infinity", "generalise", "0"},
		{"float8", "999999999999999", "generalise", "999999999999990"}, {"float4", "123.456", "generalise", "120"}, {"float4", "16777219", "generalise", "0"},
		{"float8", "3.5", "format_preserving", "0"}, {"numeric(12,2)", "-99.95", "generalise", "-90.00"}, {"numeric", "NaN", "generalise", "NaN"}, {"money", "127.55", "generalise", "$120.00"},
		{"int", "-2147483648", "generalise", "-2147483640"}, {"bigint", "9223372036854775807", "generalise", "9223372036854775800"}, {"smallint", "7", "generalise", "0"},
		{"numeric(5,2)", "1", "fixed:3.149", "3.15"}, {"timestamp(0)", "2026-05-05 10:11:12", "fixed:2020-01-01 00:00:00.7", "2020-01-01 00:00:01"},
		{"timestamp", "2026-05-05 10:11:12.5", "generalise", "2026-01-01 00:00:00"}, {"timestamptz", "infinity", "generalise", "infinity"}, {"date", "0044-03-15 BC", "generalise", "0044-01-01 BC"},
		{"inet", "203.0.113.7", "generalise", "203.0.113.0/24"}, {"inet", "2001:db8:1:2::3", "generalise", "2001:db8:1::/48"}, {"cidr", "10.0.0.0/8", "generalise", "10.0.0.0/8"},
		{"char(20)", "Ab 12", "format_preserving", "Xx 00               "}, {"char(40)", "Ab 12", "hash", "~^[0-9a-f]{32} {8}$"}, {"short", "Ab 12", "keyed_hash", "~^[0-9a-f]{32}$"},
		{"short", "Ab 12", "fixed:gone", "gone"}, {"mood", "sad", "fixed:ok", "ok"}, {"mood", "sad", "null", "null"}, {"point2", "(1,2)", "null", "null"},
		{"point2", "(1,2)", "fixed:(0,0)", "(0,0)"}, {"interval", "3 days", "fixed:0", "00:00:00"}, {"text[]", "{Ab,NULL,c d}", "format_preserving", `{Xx,NULL,"x x"}`},
		{"text[]", "{Ab,NULL}", "hash", "~^{[0-9a-f]{32},NULL}$"}, {"varchar(33)[]", "{Ab}", "random", "~^{[0-9a-f]{32}}$"}, {"int[]", "{17,NULL,-3}", "generalise", "{10,NULL,0}"},
		{"date[]", "{2026-05-05}", "generalise", "{2026-01-01}"}, {"text[]", "{Ab}", "fixed:{}", "{}"}, {"text[]", "{Ab}", "null", "null"}, {"uuid[]", "{6ba7b810-9dad-41d1-80b4-00c04fd430c8}", "hash", "~^{[0-9a-f-]{36}}$"},
		{"jsonb", `["a@b.c", 5, null, true]`, "format_preserving", `["x@x.x", 0, null, null]`}, {"json", `"Ab 1"`, "format_preserving", `"Xx 0"`}, {"jsonb", `{"a": 1}`, "fixed:{}", "{}"}, {"json", `{"a": 1}`, "null", "null"},
		{"json", `{"a": 1}`, `fixed:{"b":  2}`, `{"b":  2}`}, {"xml", "<a/>", "null", "null"}, {"bit(3)", "101", "fixed:000", "000"}, {"bytea", `\x00ff`, `fixed:\x00`, `\x00`},
	}
	fields := "{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}"
	for i, test := range tests {
		b.exec(t, fmt.Sprintf("ALTER TABLE mail ADD c%d %s", i, test.typ))
		b.exec(t, fmt.Sprintf("UPDATE mail SET c%d = $1::text::%s", i, test.typ), test.value)
		fields += fmt.Sprintf(", {name: c%d}", i)
	}
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [`+fields+`]}]}]`)
	var masks []erasure.Mask
	for i, test := range tests {
		treatment, value, _ := strings.Cut(test.treatment, ":")
		masks = append(masks, erasure.Mask{Path: []string{fmt.Sprintf("c%d", i)}, Treatment: erasure.Treatment(treatment), Value: value})
	}
	before := b.one(t, `SELECT mail::text FROM mail WHERE id = 2`)
	c := b.eraser(t, datasets)
	e := conformance.Errand(t, datasets, conformance.Masking("mail", masks...))
	require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
	for i, test := range tests {
		got := b.one(t, fmt.Sprintf(`SELECT CASE WHEN pg_typeof(c%d)::text = 'character' THEN rpad(c%d::text, (SELECT atttypmod - 4 FROM pg_attribute WHERE attrelid = 'mail'::regclass AND attname = 'c%d')) ELSE c%d::text END FROM mail WHERE id = 1`, i, i, i, i))
		name := fmt.Sprintf("%s %s %s", test.typ, test.value, test.treatment)
		if pattern, is := strings.CutPrefix(test.want, "~"); is {
			require.Regexp(t, pattern, got, name)
		} else {
			require.Equal(t, test.want, got, name)
		}
	}
	require.Equal(t, before, b.one(t, `SELECT mail::text FROM mail WHERE id = 2`))
	after := b.one(t, `SELECT mail::text || xmin FROM mail WHERE id = 1`)
	found, err := c.Survey(t.Context(), e)
	require.NoError(t, err)
	require.Zero(t, found[0].Left)
	require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
	require.Equal(t, after, b.one(t, `SELECT mail::text || xmin FROM mail WHERE id = 1`), "the row wasn't even written")
}

// TestTypesThatTakeNoTreatment are refused by name before anything is changed.
func TestTypesThatTakeNoTreatment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TYPE mood AS ENUM ('sad')`)
	b.exec(t, `CREATE TYPE point2 AS (x int, y int)`)
	b.exec(t, `CREATE TABLE mail (email text, m mood, p point2, n int, o oid, u uuid, b bool, y bytea, s varchar(8), a int[], docs jsonb[], w int GENERATED ALWAYS AS IDENTITY, must text NOT NULL)`)
	b.exec(t, `INSERT INTO mail (email, must) VALUES ('a@example.org', 'x')`)
	var fields string
	for _, name := range strings.Fields("m n o u b y s a w must") {
		fields += ", {name: " + name + "}"
	}
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: email, fides_meta: {identity: email}}`+fields+`,
		{name: p, fides_meta: {data_type: object}, fields: [{name: x}]}, {name: docs, fides_meta: {data_type: "object[]"}, fields: [{name: x}]}]}]}]`)
	c := b.eraser(t, datasets)
	for _, m := range []erasure.Mask{conformance.Mask("hash", "m"), conformance.Mask("format_preserving", "m"), conformance.Mask("generalise", "m"), conformance.Mask("null", "p", "x"), conformance.Mask("null", "docs", "x"), conformance.Mask("hash", "n"),
		conformance.Mask("generalise", "o"), conformance.Mask("format_preserving", "u"), conformance.Mask("generalise", "u"), conformance.Mask("generalise", "b"), conformance.Mask("hash", "b"), conformance.Mask("format_preserving", "y"), conformance.Mask("random", "s"), conformance.Mask("random", "a"),
		conformance.Mask("null", "w"), conformance.Mask("null", "must"), {Path: []string{"m"}, Treatment: "fixed", Value: "canary"}, {Path: []string{"n"}, Treatment: "fixed", Value: "canary"}, {Path: []string{"s"}, Treatment: "fixed", Value: "canary-too-long"},
		{Path: []string{"u"}, Treatment: "hash", Suffix: "@x"}} {
		for _, e := range []connectors.Errand{conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask("null", "email")), conformance.Masking("mail", m)), conformance.Errand(t, datasets, conformance.Masking("mail", m))} {
			err := c.Erase(t.Context(), e, conformance.NewLedger())
			require.ErrorIs(t, err, connectors.ErrType, "%v: %v", m, err)
			require.Contains(t, err.Error(), "d.mail."+m.Path[0])
			require.NotContains(t, err.Error(), "canary")
		}
	}
	require.Equal(t, "a@example.org", b.one(t, `SELECT email FROM mail`))
}

// TestGeneralTexts compares what is kept of texts that are addresses, or nearly, with what Go reads in them.
func TestGeneralTexts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `DELETE FROM mail`)
	texts := strings.Fields(`203.0.113.7 0.0.0.0 255.255.255.255 256.1.1.1 1.2.3 1.2.3.4.5 01.2.3.4 10.0.0.0/8 10.1.2.3/32 10.1.2.3/33 1.2.3.4/ 1.2.3.4/08 :: ::1 1:: 2001:db8::1 2001:DB8:1:2:3:4:5:6 1:2:3:4:5:6:7:8
		1:2:3:4:5:6:7 1::2::3 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 2001:db8::/32 2001:db8:1:2::/64 2001:db8::/129 fe80::1%eth0 ::ffff:1.2.3.4 12345::1 g::1 : ::: é ñandú 𝔘𝔫𝔦 a ab abc 1234`)
	for i, s := range append(texts, "", " ", "a b", "1.2.3.4\n", "\n1.2.3.4") {
		b.exec(t, `INSERT INTO mail VALUES ($1, 'a@example.org', $2)`, i, s)
	}
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.eraser(t, datasets)
	e := conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Generalise, "body")))
	require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
	for i, s := range append(texts, "", " ", "a b", "1.2.3.4\n", "\n1.2.3.4") {
		require.Equal(t, conformance.General(s), b.one(t, fmt.Sprintf(`SELECT body FROM mail WHERE id = %d`, i)), "%q", s)
	}
	all := `SELECT string_agg(id || ' ' || body, E'\n' ORDER BY id) FROM mail`
	before := b.one(t, all)
	require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
	require.Equal(t, before, b.one(t, all))
	found, err := c.Survey(t.Context(), e)
	require.NoError(t, err)
	require.Zero(t, found[0].Left)
}

// TestDaysInTexts reads days and moments from texts and documents; what is no day stays.
func TestDaysInTexts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int, email text, body text, doc jsonb, at timestamp, day date)`)
	days := map[string]string{"2026-01-31": "2026-01-31", "2026-02-29": "", "2024-02-29": "2024-02-29", "0000-01-01": "", "2026-12-31T23:30:00Z": "2027-01-01", "2026-12-31 23:30:00+00": "2026-12-31", "2026-12-31T23:30:00+02:00": "2026-12-31",
		"2026-12-31T25:00:00Z": "2026-12-31", "2026-12-31 noon": "2026-12-31", "2026-13-01": "", "31.12.2026": "", "": "", "canary": "", "20261231": "", "2026-1-1": ""}
	i := 0
	for text := range days {
		b.exec(t, `INSERT INTO mail VALUES ($1, 'a@example.org', $2, jsonb_build_object('at', $2::text), NULL, NULL)`, i, text)
		i++
	}
	b.exec(t, `INSERT INTO mail VALUES (99, 'a@example.org', NULL, '{"at": 5}', 'infinity', '20000-01-01')`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, {name: body}, {name: at}, {name: day}, {name: doc, fides_meta: {data_type: object}, fields: [{name: at}]}]}]}]`)
	c := b.eraser(t, datasets)
	want := map[string]int64{}
	for _, day := range days {
		want[day]++
	}
	for _, path := range [][]string{{"body"}, {"doc", "at"}} {
		o := conformance.Deletion("mail")
		o.Days = &erasure.Days{Field: path, Zone: "Europe/Berlin", Spans: []erasure.Span{}}
		found, err := c.Survey(t.Context(), conformance.Errand(t, datasets, o))
		require.NoError(t, err)
		got := map[string]int64{"": found[0].Undated - 1}
		for _, d := range found[0].Days {
			got[d.Day.String()] = d.Rows
		}
		// "2026-12-31 23:30:00+00" has an offset without minutes, which no text of ISO 8601's has: its day counts.
		require.Equal(t, want, got)
	}
	for _, path := range []string{"at", "day"} {
		o := conformance.Deletion("mail")
		o.Days = &erasure.Days{Field: []string{path}, Zone: "UTC", Spans: []erasure.Span{}}
		found, err := c.Survey(t.Context(), conformance.Errand(t, datasets, o))
		require.NoError(t, err)
		require.Equal(t, int64(len(days)+1), found[0].Undated)
	}
}
