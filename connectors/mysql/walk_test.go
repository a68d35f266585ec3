package mysql_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// seed makes the table for mail with one row.
func (b *bench) seed(t *testing.T) {
	t.Helper()
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(200), body longtext, KEY (email)) CHARACTER SET utf8mb4`)
	b.exec(t, `INSERT INTO mail VALUES (1, 'a@example.org', 'hello')`)
}

func (b *bench) collect(t *testing.T, cfg mysql.Config, sel connectors.Selection) *conformance.Recorder {
	t.Helper()
	r := conformance.NewRecorder()
	require.NoError(t, b.connector(t, cfg).Collect(t.Context(), sel, r))
	return r
}

// TestOddIdentifiers reads tables and columns whose names would end a quoted identifier, hold dots, or are keywords.
func TestOddIdentifiers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, name := range []string{"or\"der; DROP TABLE x; --", "select", "Größe.näher", "with space", "'quote'", "`tick`", "?"} {
		ticks := "`" + strings.ReplaceAll(name, "`", "``") + "`"
		b.exec(t, fmt.Sprintf("CREATE TABLE %s (%s varchar(20) PRIMARY KEY, `e\"mail` text, `do\"c` json)", ticks, ticks))
		b.exec(t, fmt.Sprintf("INSERT INTO %s VALUES ('k', 'a@example.org', json_object(?, 'a@example.org'))", ticks), name)

		datasets := []dataset.Dataset{{Key: "d", Meta: map[string]any{"schema": b.schema}, Collections: []dataset.Collection{{Name: name, Fields: []dataset.Field{
			{Name: name, PrimaryKey: true}, {Name: `e"mail`, Identity: "email"},
			{Name: `do"c`, Fields: []dataset.Field{{Name: name, Identity: "email"}}},
		}}}}}
		cfg := mysql.Config{Datasets: datasets}
		require.NoError(t, b.connector(t, cfg).Test(t.Context()), name)
		r := b.collect(t, cfg, conformance.Plan(t, datasets, conformance.Email("A@example.org")))
		require.Len(t, r.Kept[conformance.AddressOf(name)], 1, name)
		datasets[0].Collections[0].Fields[1].Identity = ""
		r = b.collect(t, cfg, conformance.Plan(t, datasets, conformance.Email("A@example.org")))
		require.Len(t, r.Kept[conformance.AddressOf(name)], 1, "found by the member of %s", name)
	}
}

// TestCollationsWidenNothing looks for people among others whom the server holds for equal: letters with and without accents, with blanks
// behind them, letters that are i or k in small and not in capitals. Every collation gives the same rows.
func TestCollationsWidenNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	addresses := []string{"jose.kik@x.org", "josé.kik@x.org", "JOSE.KIK@x.org", "JOSÉ.kik@x.org", "jose.kik@x.org ", "jose.k\u0131k@x.org", "jose.\u212aik@x.org", "jose.k\u0130k@x.org", "jo\u017fe.kik@x.org", "jose\u0301.kik@x.org", "strasse@x.org", "straße@x.org"}
	for _, collation := range []string{"utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin", "utf8mb4_turkish_ci", "utf8mb4_unicode_520_nopad_ci", "utf8mb4_uca1400_ai_ci"} {
		b.exec(t, `CREATE OR REPLACE TABLE mail (id int PRIMARY KEY, email varchar(100), body text, KEY (email)) CHARACTER SET utf8mb4 COLLATE `+collation)
		b.exec(t, `CREATE OR REPLACE TABLE alias (id int PRIMARY KEY, name varchar(100), KEY (name)) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`)
		for i, a := range addresses {
			b.exec(t, `INSERT INTO mail VALUES (?, ?, ?)`, i, a, a)
			b.exec(t, `INSERT INTO alias VALUES (?, ?)`, i, a)
		}
		datasets := conformance.Parse(t, strings.Replace(strings.TrimSuffix(conformance.Mail, "]}]"), "{name: body}", "{name: body, fides_meta: {references: [{dataset: d, field: alias.name, direction: to}]}}", 1)+
			`, {name: alias, fields: [{name: id}, {name: name}]}]}]`)
		for who, want := range map[string][]int64{"Jose.Kik@x.org": {0, 2}, "José.Kik@x.org": {1, 3}, "straße@X.org": {11}, "jose.k\u0131k@x.org": {5}} {
			r := b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email(who)))
			require.Equal(t, want, ids(r.Kept[conformance.AddressOf("mail")]), "%s under %s", who, collation)
			require.Equal(t, want, ids(r.Kept[conformance.AddressOf("alias")]), "a reference from %s under %s", who, collation)
		}
		for who, want := range map[string][]int64{"jose.kik@x.org": {0}, "josé.kik@x.org": {1}, "jose.kik@x.org ": {4}} {
			r := b.collect(t, mysql.Config{Datasets: datasets, ExactEmail: true}, conformance.Plan(t, datasets, conformance.Email(who)))
			require.Equal(t, want, ids(r.Kept[conformance.AddressOf("mail")]), "exactly %q under %s", who, collation)
		}
		sel := conformance.Plan(t, datasets, conformance.Email("jose.kik@x.org", "josé.kik@x.org"))
		sel.Exports = []dataset.FieldAddress{{Address: conformance.AddressOf("mail"), Path: []string{"body"}}}
		sets, err := b.connector(t, mysql.Config{Datasets: datasets}).Keys(t.Context(), sel)
		require.NoError(t, err)
		require.Equal(t, []string{"JOSE.KIK@x.org", "JOSÉ.kik@x.org", "jose.kik@x.org", "josé.kik@x.org"}, sets[0].Values, collation)
	}
}

func ids(rows []connectors.Row) []int64 {
	out := []int64{}
	for _, row := range rows {
		out = append(out, row[0].Int64())
	}
	return out
}

// TestOtherCharacterSets finds, follows and delivers texts that are not kept in UTF-8, and rows that refer across character sets.
func TestOtherCharacterSets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(100), body text, KEY (email)) CHARACTER SET latin1`)
	b.exec(t, `INSERT INTO mail VALUES (1, 'josé@x.org', 'Größe'), (2, 'jose@x.org', 'Grosse')`)
	b.exec(t, `CREATE TABLE zoo (owner varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci, name varchar(20) CHARACTER SET ucs2, KEY (owner))`)
	b.exec(t, `INSERT INTO zoo VALUES ('josé@x.org', 'Łania'), ('jose@x.org', 'b')`)
	datasets := conformance.Parse(t, strings.TrimSuffix(conformance.Mail, "]}]")+`, {name: zoo, fields: [{name: owner, fides_meta: {references: [{dataset: d, field: mail.email, direction: from}]}}, {name: name}]}]}]`)
	r := b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("JOSÉ@x.org", "Łukasz@x.org")))
	require.Equal(t, []connectors.Row{{connectors.Int(1), connectors.Text("josé@x.org"), connectors.Text("Größe")}}, r.Kept[conformance.AddressOf("mail")])
	require.Equal(t, []connectors.Row{{connectors.Text("josé@x.org"), connectors.Text("Łania")}}, r.Kept[conformance.AddressOf("zoo")])
}

// TestListsAndDocuments finds people in lists and inside JSON, and returns only the matching elements of lists.
func TestListsAndDocuments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, cc json, whole json, doc json)`)
	b.exec(t, `INSERT INTO mail VALUES
		(1, '["other@example.org", "A@example.org"]', NULL, NULL),
		(2, NULL, '["other@example.org", "a@example.org"]', NULL),
		(3, NULL, NULL, '{"to": [{"mail": "\\u0061@example.org", "ref": 7}, {"mail": "b@example.org", "ref": 8}]}'),
		(4, '["other@example.org"]', '[]', '{"to": "a@example.org"}'),
		(5, NULL, NULL, '[{"to": {"mail": ["b@example.org", "a@example.org"], "ref": 9}}]')`)
	b.exec(t, `CREATE TABLE refs (id bigint unsigned PRIMARY KEY)`)
	b.exec(t, `INSERT INTO refs SELECT seq FROM seq_1_to_9`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id},
		{name: cc, fides_meta: {data_type: "string[]", identity: email}},
		{name: whole, fides_meta: {data_type: "string[]", identity: email, return_all_elements: true}},
		{name: doc, fides_meta: {data_type: object}, fields: [{name: to, fides_meta: {data_type: "object[]"}, fields: [
			{name: mail, fides_meta: {identity: email}}, {name: ref, fides_meta: {references: [{dataset: d, field: refs.id, direction: to}]}}]}]}]},
		{name: refs, fields: [{name: id}]}]}]`)
	cfg := mysql.Config{Datasets: datasets}
	require.NoError(t, b.connector(t, cfg).Test(t.Context()))
	sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
	r := b.collect(t, cfg, sel)
	rows := r.Kept[conformance.AddressOf("mail")]
	require.Equal(t, []int64{1, 2, 3, 5}, ids(rows))
	require.Equal(t, connectors.List([]connectors.Value{connectors.Text("A@example.org")}), rows[0][1])
	require.Equal(t, "other@example.org, a@example.org", rows[1][2].String())

	sel.Exports = []dataset.FieldAddress{{Address: conformance.AddressOf("mail"), Path: []string{"cc"}}, {Address: conformance.AddressOf("mail"), Path: []string{"doc", "to", "mail"}}}
	sets, err := b.connector(t, cfg).Keys(t.Context(), sel)
	require.NoError(t, err)
	require.Equal(t, []string{"A@example.org"}, sets[0].Values)
	require.Equal(t, []string{"a@example.org"}, sets[1].Values, "the other addressee is not the person")
	require.Equal(t, []int64{7, 8, 9}, ids(r.Kept[conformance.AddressOf("refs")]), "the document's references lead on")
}

// TestManyTypes reads every type there is, at its ends.
func TestManyTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (email varchar(50), small tinyint, yes boolean, two boolean, big bigint unsigned, neg bigint, d decimal(65, 30), f float, g double, y year,
		day date, nil date, part date, at datetime(6), plain datetime, zero datetime, ts timestamp(3) NULL, tod time(1), b1 bit(1), b64 bit(64),
		raw binary(3), c char(5), m enum('sad', 'ok'), s set('a', 'b'), place point, u uuid, ip inet6, nums json, broken longtext CHECK (json_valid(broken)), big_raw blob)`)
	b.exec(t, `SET STATEMENT check_constraint_checks = 0, sql_mode = 'ALLOW_INVALID_DATES' FOR INSERT INTO mail VALUES ('a@example.org', -128, 1, 2, 18446744073709551615, -9223372036854775808, 12345678901234567890123456789012345.000000000000000000000000000001, 0.1, 1e300, 2026,
		'2024-02-29', '0000-00-00', '2026-00-15', '2026-01-02 03:04:05.500000', '2026-01-02 03:04:05', '0000-00-00 00:00:00', '2026-03-29 01:30:00.120', '-838:59:59.0', b'1', b'1111111111111111111111111111111111111111111111111111111111111111',
		X'00FF0A', 'ab', 'ok', 'a,b', ST_GeomFromText('POINT(1 2)'), '6BA7B810-9DAD-41D1-80B4-00C04FD430C8', '2001:db8::1', '[1, 1.50, "x", null, true, {"a": [1]}, 99999999999999999999]', 'no {json', REPEAT('x', 30))`)
	fields := ""
	names := strings.Fields("small yes two big neg d f g y day nil part at plain zero ts tod b1 b64 raw c m s place u ip nums broken big_raw")
	for _, name := range names {
		meta := ""
		if name == "nums" {
			meta = `, fides_meta: {data_type: "integer[]"}`
		}
		fields += ", {name: " + name + meta + "}"
	}
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: email, fides_meta: {identity: email}}`+fields+`]}]}]`)
	r := b.collect(t, mysql.Config{Datasets: datasets, ValueLimit: 29}, conformance.Plan(t, datasets, conformance.Email("A@example.org")))
	want := []string{"2 -128", "1 true", "2 2", "3 18446744073709551615", "2 -9223372036854775808", "3 12345678901234567890123456789012345.000000000000000000000000000001", "3 0.1", "3 1e+300", "2 2026",
		"5 2024-02-29", "4 0000-00-00", "4 2026-00-15", "5 2026-01-02T03:04:05.5", "5 2026-01-02T03:04:05", "4 0000-00-00 00:00:00", "5 2026-03-29T01:30:00.12Z", "4 -838:59:59.0", "1 true", "3 18446744073709551615",
		"6 AP8K", "4 ab", "4 ok", "4 a,b", "4 POINT(1 2)", "4 6ba7b810-9dad-41d1-80b4-00c04fd430c8", "4 2001:db8::1",
		"9 [60 bytes, too long to include; begins: ]", "4 no {json", "9 [30 bytes, too long to include; begins: ]"}
	rows := r.Kept[conformance.AddressOf("mail")]
	require.Len(t, rows, 1)
	for i, v := range rows[0][1:] {
		require.Equal(t, want[i], fmt.Sprintf("%d %s", v.Kind(), v), names[i])
	}
	r = b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("A@example.org")))
	require.Equal(t, connectors.List([]connectors.Value{connectors.Int(1), connectors.Decimal("1.50"), connectors.Text("x"), connectors.Null(), connectors.Bool(true),
		connectors.JSON(`{"a": [1]}`), connectors.Decimal("99999999999999999999")}), r.Kept[conformance.AddressOf("mail")][0][27])
}

// TestKeysOfEveryType orders and resumes by keys of each type that orders, and refers by them.
func TestKeysOfEveryType(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for typ, values := range map[string][]string{
		"bigint unsigned": {"0", "9007199254740993", "9007199254740992", "18446744073709551615", "18446744073709551614"},
		"bigint":          {"-9223372036854775808", "9007199254740993", "9007199254740992", "0"},
		"decimal(38,10)":  {"1.0000000001", "12345678901234567890.0000000002", "12345678901234567890.0000000001", "-3"},
		"varchar(40)":     {"'b'", "'ä'", "'O''Hara'", "'\\\\'", "'日本'"},
		"varchar(40) CHARACTER SET latin1 COLLATE latin1_german2_ci": {"'b'", "'ö'", "'z'", "'A'"},
		"binary(16)":  {"X'00112233445566778899aabbccddeeff'", "X'ff000000000000000000000000000000'", "X'00000000000000000000000000000000'"},
		"date":        {"'2026-01-02'", "'1000-01-01'", "'9999-12-31'"},
		"datetime(6)": {"'2026-01-02 03:04:05.000001'", "'2026-01-02 03:04:05'", "'1999-12-31 23:59:59.999999'"},
		"timestamp":   {"'2026-01-02 03:04:05'", "'2026-01-02 03:04:06'", "'1999-12-31 23:59:59'"},
		"uuid":        {"'6ba7b810-9dad-41d1-80b4-00c04fd430c8'", "'00000000-0000-0000-0000-000000000001'", "'ffffffff-ffff-4fff-bfff-ffffffffffff'"},
		"year":        {"'1999'", "'2026'", "'2001'"},
	} {
		b.exec(t, `CREATE OR REPLACE TABLE zoo (k `+typ+` NOT NULL, n int)`)
		b.exec(t, `CREATE OR REPLACE TABLE mail (k `+typ+` NOT NULL, email varchar(50), PRIMARY KEY (k))`)
		for i, v := range values {
			b.exec(t, fmt.Sprintf(`INSERT INTO mail VALUES (%s, 'a@example.org')`, v))
			b.exec(t, fmt.Sprintf(`INSERT INTO zoo VALUES (%s, %d)`, v, i))
		}
		datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: k, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}]},
			{name: zoo, fields: [{name: k, fides_meta: {references: [{dataset: d, field: mail.k, direction: from}]}}, {name: n}]}]}]`)
		cfg := mysql.Config{Datasets: datasets, BatchRows: 1}
		sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
		whole := b.collect(t, cfg, sel)
		require.Len(t, whole.Kept[conformance.AddressOf("mail")], len(values), typ)
		require.Len(t, whole.Kept[conformance.AddressOf("zoo")], len(values), "%s refers", typ)
		for stop := 1; stop < 2*len(values); stop++ {
			r := conformance.NewRecorder()
			r.Again(stop)
			c := b.connector(t, cfg)
			require.ErrorIs(t, c.Collect(t.Context(), sel, r), conformance.ErrStop)
			r.Again(0)
			require.NoError(t, c.Collect(t.Context(), sel, r), typ)
			require.Equal(t, whole.Kept, r.Kept, "%s stopped after %d", typ, stop)
		}

		// What was found is handed to another system as text, and finds the same rows when it comes back from one.
		sel.Exports = []dataset.FieldAddress{{Address: conformance.AddressOf("mail"), Path: []string{"k"}}}
		sets, err := b.connector(t, cfg).Keys(t.Context(), sel)
		require.NoError(t, err)
		elsewhere := dataset.FieldAddress{Address: dataset.Address{Dataset: "elsewhere", Collection: "c"}, Path: []string{"k"}}
		for _, filling := range []int{0, 300} { // few values and many
			set := connectors.KeySet{Field: elsewhere, Values: sets[0].Values}
			for range filling {
				set.Values = append(set.Values, sets[0].Values[0])
			}
			back := sel
			back.Keys, back.Only = []connectors.KeySet{set}, []dataset.Address{conformance.AddressOf("zoo")}
			back.Plan.Steps = append([]dataset.Step{}, sel.Plan.Steps...)
			for i := range back.Plan.Steps {
				if back.Plan.Steps[i].Address == conformance.AddressOf("zoo") {
					back.Plan.Steps[i].FoundBy = []dataset.Entry{{Path: []string{"k"}, From: &elsewhere}}
				}
			}
			counts, err := b.connector(t, cfg).Preview(t.Context(), back)
			require.NoError(t, err, typ)
			require.Equal(t, int64(len(values)), counts[0].Rows, "%s with %d more", typ, filling)
		}
	}
}

// TestHugeValueNeverLeavesTheServer reads a row with 300 MB of text next to a small one: the marker tells the length.
func TestHugeValueNeverLeavesTheServer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE VIEW huge AS SELECT id, email, CASE id WHEN 2 THEN REPEAT('0123456789', 30000000) ELSE body END AS body FROM mail`)
	b.exec(t, `INSERT INTO mail VALUES (2, 'a@example.org', '')`)
	datasets := conformance.Parse(t, strings.Replace(conformance.Mail, "name: mail", "name: huge", 1))
	r := b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
	rows := r.Kept[conformance.AddressOf("huge")]
	require.Len(t, rows, 2)
	for _, row := range rows {
		if row[0].Int64() == 1 {
			require.Equal(t, "hello", row[2].Raw())
		} else {
			require.Equal(t, connectors.Oversize(300_000_000, strings.Repeat("0123456789", 20)), row[2])
		}
	}
}

// TestManyRowsArriveInBoundedParts streams a hundred thousand rows.
func TestManyRowsArriveInBoundedParts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `INSERT INTO mail SELECT seq, 'a@example.org', REPEAT('x', 100) FROM seq_2_to_100000`)
	datasets := conformance.Parse(t, conformance.Mail)
	r := b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
	require.Equal(t, int64(100_000), r.Totals[conformance.AddressOf("mail")])
	require.Equal(t, 200, r.Parts[conformance.AddressOf("mail")])
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE VIEW slow AS SELECT email, SLEEP(30) AS nap FROM mail`)
	slow := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: slow, fields: [{name: email, fides_meta: {identity: email}}, {name: nap}]}]}]`)
	err := b.connector(t, mysql.Config{Datasets: slow, StatementTimeout: 100 * time.Millisecond}).Collect(t.Context(), conformance.Plan(t, slow, conformance.Email("a@example.org")), conformance.NewRecorder())
	require.ErrorIs(t, err, connectors.ErrTimeout)
	require.ErrorContains(t, err, "d.slow: a query ran longer than the statement timeout; create an index")
	require.True(t, connectors.Temporary(err))
	b.idle(t)

	held, err := b.admin.Conn(t.Context())
	require.NoError(t, err)
	_, err = held.ExecContext(t.Context(), `LOCK TABLES mail WRITE`)
	require.NoError(t, err)
	datasets := conformance.Parse(t, conformance.Mail)
	err = b.connector(t, mysql.Config{Datasets: datasets, LockTimeout: time.Second}).Collect(t.Context(), conformance.Plan(t, datasets, conformance.Email("a@example.org")), conformance.NewRecorder())
	require.ErrorContains(t, err, "d.mail: a table or row stayed locked longer than the lock timeout")
	_, err = held.ExecContext(t.Context(), `UNLOCK TABLES`)
	require.NoError(t, err)
	require.NoError(t, held.Close())
}

// idle waits until the server does nothing for the reader any more.
func (b *bench) idle(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		var n int
		err := b.admin.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = ?`, strings.Split(b.reader, "@")[0]).Scan(&n)
		return err == nil && n == 0
	}, 5*time.Second, 20*time.Millisecond, "the server goes on with what nobody waits for")
}

// TestCancellingEndsTheQuery breaks work off and looks whether the server has stopped too.
func TestCancellingEndsTheQuery(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE VIEW slow AS SELECT id, email, body FROM mail WHERE SLEEP(60) = 0`)
	slow := conformance.Parse(t, strings.Replace(conformance.Mail, "name: mail", "name: slow", 1))
	for _, counting := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			c := b.connector(t, mysql.Config{Datasets: slow})
			if counting {
				_, err := c.Preview(ctx, conformance.Plan(t, slow, conformance.Email("a@example.org")))
				done <- err
				return
			}
			done <- c.Collect(ctx, conformance.Plan(t, slow, conformance.Email("a@example.org")), conformance.NewRecorder())
		}()
		require.Eventually(t, func() bool {
			var n int
			err := b.admin.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = ? AND STATE = 'User sleep'`, strings.Split(b.reader, "@")[0]).Scan(&n)
			return err == nil && n == 1
		}, 5*time.Second, 10*time.Millisecond)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		b.idle(t)
	}
}

// TestASinkMayTakeItsTime stores rows for longer than the server is waited for.
func TestASinkMayTakeItsTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `INSERT INTO mail SELECT seq, 'a@example.org', REPEAT('x', 1000) FROM seq_2_to_20000`)
	datasets := conformance.Parse(t, conformance.Mail)
	r := slowly{conformance.NewRecorder(), 2500 * time.Millisecond}
	require.NoError(t, b.connector(t, mysql.Config{Datasets: datasets, BatchRows: 10_000, StatementTimeout: 2 * time.Second}).Collect(t.Context(), conformance.Plan(t, datasets, conformance.Email("a@example.org")), r))
	require.Equal(t, int64(20_000), r.Totals[conformance.AddressOf("mail")])
}

// slowly is a sink that needs its time for each part.
type slowly struct {
	*conformance.Recorder
	time.Duration
}

// Rows keeps a part after a while.
func (s slowly) Rows(ctx context.Context, a dataset.Address, rows []connectors.Row, after connectors.Cursor) error {
	timer := time.NewTimer(s.Duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	return s.Recorder.Rows(ctx, a, rows, after)
}

// TestErrorsQuoteNoValues makes the server complain about values, whose own messages quote them.
func TestErrorsQuoteNoValues(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id uuid, n smallint, v varchar(20))`)
	b.exec(t, `INSERT INTO mail VALUES (NULL, 1, 'canary')`)
	b.exec(t, `CREATE FUNCTION strict_number(v varchar(20)) RETURNS int DETERMINISTIC BEGIN IF v = 'canary' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Incorrect value canary'; END IF; RETURN 1; END`)
	b.exec(t, `CREATE VIEW broken AS SELECT n, strict_number(v) AS v FROM mail`)
	for field, id := range map[string]string{"{name: n, fides_meta: {identity: user_id}}": "canary", "{name: v}, {name: n, fides_meta: {identity: user_id}}": "1"} {
		table := "mail"
		if id == "1" {
			table = "broken"
		}
		datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: `+table+`, fields: [`+field+`]}]}]`)
		sel := conformance.Plan(t, datasets, connectors.Subject{Identities: map[string][]string{"user_id": {id}}})
		err := b.connector(t, mysql.Config{Datasets: datasets}).Collect(t.Context(), sel, conformance.NewRecorder())
		require.Error(t, err, field)
		var ours *connectors.Error
		require.ErrorAs(t, err, &ours)
		require.NotContains(t, fmt.Sprintf("%+v", err), "canary")
		require.NotContains(t, fmt.Sprintf("%#v", ours), "canary", "the driver's error, with its message, is not in the chain")
	}
}
