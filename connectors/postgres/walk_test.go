package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// seed makes the table for mail with one row.
func (b *bench) seed(t *testing.T) {
	t.Helper()
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email text, body text)`)
	b.exec(t, `INSERT INTO mail VALUES (1, 'a@example.org', 'hello')`)
}

func (b *bench) collect(t *testing.T, cfg postgres.Config, sel connectors.Selection) *conformance.Recorder {
	t.Helper()
	r := conformance.NewRecorder()
	require.NoError(t, b.connector(t, cfg).Collect(t.Context(), sel, r))
	return r
}

// TestOddIdentifiers reads tables and columns whose names would end a quoted identifier, hold dots, or are keywords.
func TestOddIdentifiers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	odd := []string{`or"der; DROP TABLE x; --`, `select`, `Größe.näher`, `with space`, `'quote'`, `$1`}
	for _, name := range odd {
		table := pgx.Identifier{"odd\"schema", name}.Sanitize()
		b.exec(t, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{`odd"schema`}.Sanitize())
		b.exec(t, fmt.Sprintf(`CREATE TABLE %s (%s text PRIMARY KEY, "e""mail" text, "doc" jsonb)`, table, pgx.Identifier{name}.Sanitize()))
		b.exec(t, fmt.Sprintf(`INSERT INTO %s VALUES ('k', 'a@example.org', jsonb_build_object($1::text, 'a@example.org'))`, table), name)

		datasets := []dataset.Dataset{{Key: "d", Meta: map[string]any{"schema": `odd"schema`}, Collections: []dataset.Collection{{Name: name, Fields: []dataset.Field{
			{Name: name, PrimaryKey: true}, {Name: `e"mail`, Identity: "email"},
			{Name: "doc", Fields: []dataset.Field{{Name: name, Identity: "email"}}},
		}}}}}
		cfg := postgres.Config{DSN: adminDSN(b), Datasets: datasets, AllowWrites: true}
		require.NoError(t, b.connector(t, cfg).Test(t.Context()), name)
		r := b.collect(t, cfg, conformance.Plan(t, datasets, conformance.Email("A@example.org")))
		require.Len(t, r.Kept[conformance.AddressOf(name)], 1, name)
	}
}

// adminDSN connects the superuser, for tables whose grants don't matter to the test.
func adminDSN(b *bench) string { return b.admin.Config().ConnString() }

// TestArraysAndDocuments finds people in arrays and inside JSON, and returns only the matching elements of arrays.
func TestArraysAndDocuments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, cc text[], whole text[], doc json)`)
	b.exec(t, `INSERT INTO mail VALUES
		(1, '{other@example.org,A@example.org}', NULL, NULL),
		(2, NULL, '{other@example.org,a@example.org}', NULL),
		(3, NULL, NULL, '{"to": [{"mail": "a@example.org", "ref": 7}, {"mail": "b@example.org", "ref": 8}]}'),
		(4, '{other@example.org}', '{}', '{"to": "a@example.org"}')`)
	b.exec(t, `CREATE TABLE refs (id bigint PRIMARY KEY)`)
	b.exec(t, `INSERT INTO refs SELECT generate_series(1, 9)`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id},
		{name: cc, fides_meta: {data_type: "string[]", identity: email}},
		{name: whole, fides_meta: {data_type: "string[]", identity: email, return_all_elements: true}},
		{name: doc, fides_meta: {data_type: object}, fields: [{name: to, fides_meta: {data_type: "object[]"}, fields: [
			{name: mail, fides_meta: {identity: email}}, {name: ref, fides_meta: {references: [{dataset: d, field: refs.id, direction: to}]}}]}]}]},
		{name: refs, fields: [{name: id}]}]}]`)
	cfg := postgres.Config{Datasets: datasets}
	require.NoError(t, b.connector(t, cfg).Test(t.Context()))
	sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
	rows := b.collect(t, cfg, sel).Kept[conformance.AddressOf("mail")]
	require.Len(t, rows, 3)
	require.Equal(t, "A@example.org", rows[0][1].String())
	require.Equal(t, "other@example.org, a@example.org", rows[1][2].String())

	sel.Exports = []dataset.FieldAddress{{Address: conformance.AddressOf("mail"), Path: []string{"cc"}}, {Address: conformance.AddressOf("mail"), Path: []string{"doc", "to", "mail"}}}
	sets, err := b.connector(t, cfg).Keys(t.Context(), sel)
	require.NoError(t, err)
	require.Equal(t, []string{"A@example.org"}, sets[0].Values)
	require.Equal(t, []string{"a@example.org"}, sets[1].Values, "the other addressee is not the person")
	require.Len(t, b.collect(t, cfg, sel).Kept[conformance.AddressOf("refs")], 2, "the document's references lead on")
}

// TestMoreTypes reads types beyond the conformance suite's.
func TestMoreTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TYPE mood AS ENUM ('sad', 'ok')`)
	b.exec(t, `CREATE TYPE point2 AS (x int, y int)`)
	b.exec(t, `CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%')`)
	b.exec(t, `CREATE TABLE mail (email address, m mood, p point2, u uuid, iv interval, price money, f float8, n numeric, ts timestamp, tz timestamptz,
		ip inet, c char(5), nums numeric[], days date[], grid int[][], docs jsonb[], big bytea)`)
	b.exec(t, `INSERT INTO mail VALUES ('a@example.org', 'ok', '(1,2)', '6ba7b810-9dad-41d1-80b4-00c04fd430c8', '1 day 2 hours', 12.5, 0.1, 'NaN', '2026-01-02 03:04:05.5',
		'infinity', '203.0.113.7', 'ab', '{1.50,NaN}', '{2026-01-02}', '{{1,2},{3,4}}', ARRAY['{"a": 1}'::jsonb], decode(repeat('00', 30), 'hex'))`)
	fields := ""
	for _, name := range strings.Fields("m p u iv price f n ts tz ip c nums days grid docs big") {
		fields += ", {name: " + name + "}"
	}
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: email, fides_meta: {identity: email}}`+fields+`]}]}]`)
	r := b.collect(t, postgres.Config{Datasets: datasets, ValueLimit: 29}, conformance.Plan(t, datasets, conformance.Email("A@example.org")))
	require.Len(t, r.Kept[conformance.AddressOf("mail")], 1)
	var got []string
	for _, v := range r.Kept[conformance.AddressOf("mail")][0] {
		got = append(got, fmt.Sprintf("%d %s", v.Kind(), v))
	}
	require.Equal(t, []string{"4 a@example.org", "4 ok", `7 {"x":1,"y":2}`, "4 6ba7b810-9dad-41d1-80b4-00c04fd430c8", "4 P1DT2H", "3 12.50", "3 0.1", "3 NaN",
		"5 2026-01-02T03:04:05.5", "4 infinity", "4 203.0.113.7/32", "4 ab", "8 1.50, NaN", "8 2026-01-02", "8 1, 2, 3, 4", `8 {"a": 1}`,
		"9 [30 bytes, too long to include; begins: ]"}, got)
}

// TestHugeValueNeverLeavesTheServer reads a row with 300 MB of text next to a small one, and measures nothing but the result: the
// marker tells the length.
func TestHugeValueNeverLeavesTheServer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `INSERT INTO mail VALUES (2, 'a@example.org', repeat('0123456789', 30000000))`)
	datasets := conformance.Parse(t, conformance.Mail)
	r := b.collect(t, postgres.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
	rows := r.Kept[conformance.AddressOf("mail")]
	require.Equal(t, "hello", rows[0][2].Raw())
	require.Equal(t, connectors.Oversize(300_000_000, strings.Repeat("0123456789", 20)), rows[1][2])
}

// TestManyRowsArriveInBoundedParts streams a hundred thousand rows.
func TestManyRowsArriveInBoundedParts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `INSERT INTO mail SELECT i, 'a@example.org', repeat('x', 100) FROM generate_series(2, 100000) AS i`)
	datasets := conformance.Parse(t, conformance.Mail)
	r := b.collect(t, postgres.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
	require.Equal(t, int64(100_000), r.Totals[conformance.AddressOf("mail")])
	require.Equal(t, 200, r.Parts[conformance.AddressOf("mail")])
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE VIEW slow AS SELECT email, pg_sleep(30)::text AS nap FROM mail`)
	slow := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: slow, fields: [{name: email, fides_meta: {identity: email}}, {name: nap}]}]}]`)
	err := b.connector(t, postgres.Config{Datasets: slow, StatementTimeout: 50 * time.Millisecond}).Collect(t.Context(), conformance.Plan(t, slow, conformance.Email("a@example.org")), conformance.NewRecorder())
	require.ErrorIs(t, err, connectors.ErrTimeout)
	require.ErrorContains(t, err, "d.slow: a query ran longer than the statement timeout; create an index")
	require.True(t, connectors.Temporary(err))

	tx, err := b.admin.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `LOCK TABLE mail IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	datasets := conformance.Parse(t, conformance.Mail)
	err = b.connector(t, postgres.Config{Datasets: datasets, LockTimeout: 50 * time.Millisecond}).Collect(t.Context(), conformance.Plan(t, datasets, conformance.Email("a@example.org")), conformance.NewRecorder())
	require.ErrorContains(t, err, "d.mail: a table stayed locked longer than the lock timeout")
	require.NoError(t, tx.Rollback(t.Context()))
}

// TestErrorsQuoteNoValues makes the server complain about values, whose own messages quote them.
func TestErrorsQuoteNoValues(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id uuid, n int2, v text)`)
	b.exec(t, `INSERT INTO mail VALUES (NULL, 1, 'canary')`)
	b.exec(t, `CREATE VIEW broken AS SELECT n, (v::int)::text AS v FROM mail`)
	b.exec(t, `GRANT SELECT ON broken TO PUBLIC`)
	for field, id := range map[string]string{"{name: id, fides_meta: {identity: user_id}}": "canary", "{name: n, fides_meta: {identity: user_id}}": "12345678901", "{name: v}, {name: n, fides_meta: {identity: user_id}}": "1"} {
		table := "mail"
		if id == "1" {
			table = "broken"
		}
		datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: `+table+`, fields: [`+field+`]}]}]`)
		sel := conformance.Plan(t, datasets, connectors.Subject{Identities: map[string][]string{"user_id": {id}}})
		err := b.connector(t, postgres.Config{Datasets: datasets}).Collect(t.Context(), sel, conformance.NewRecorder())
		require.ErrorIs(t, err, connectors.ErrType)
		require.NotContains(t, fmt.Sprintf("%+v", err), "canary")
		require.NotContains(t, fmt.Sprintf("%+v", err), "12345678901")
		var pg interface{ SQLState() string }
		require.NotErrorAs(t, err, &pg, "the driver's error, with its detail, is not in the chain")
	}
}
