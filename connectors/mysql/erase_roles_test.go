package mysql_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// eraser is a connector that may write.
func (b *bench) eraser(t *testing.T, datasets []dataset.Dataset, rows int) *mysql.Connector {
	t.Helper()
	b.mayWrite(t)
	return b.connector(t, mysql.Config{Datasets: datasets, AllowWrites: true, EraseRows: rows})
}

// TestErasingWantsAUserThatMayWrite lists what the user lacks, and changes nothing without it.
func TestErasingWantsAUserThatMayWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `REVOKE ALL ON `+b.schema+`.* FROM `+b.reader)
	b.seed(t)
	b.exec(t, `CREATE TABLE partly (email varchar(50), body text, two text GENERATED ALWAYS AS (CONCAT(body, body)) STORED)`)
	b.exec(t, `CREATE TABLE never (email varchar(50))`)
	b.exec(t, `CREATE TABLE town (id int PRIMARY KEY)`)
	b.exec(t, `CREATE TABLE lives (email varchar(50), town int, FOREIGN KEY (town) REFERENCES town (id))`)
	b.exec(t, `CREATE TABLE tax (town int, secret text, FOREIGN KEY (town) REFERENCES town (id))`)
	for _, grant := range []string{`SELECT ON mail`, `SELECT, DELETE ON partly`, `UPDATE (email) ON partly`, `SELECT ON never`, `SELECT, DELETE, UPDATE ON town`, `SELECT, DELETE, UPDATE ON lives`, `SELECT (town) ON tax`} {
		b.exec(t, `GRANT `+grant+` TO `+b.reader)
	}
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [
		{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}, {name: body}]},
		{name: partly, fields: [{name: email, fides_meta: {identity: email}}, {name: body}, {name: two}]},
		{name: never, fields: [{name: email, fides_meta: {identity: email, read_only: true}}]},
		{name: lives, fields: [{name: email, fides_meta: {identity: email}}, {name: town, fides_meta: {references: [{dataset: d, field: town.id, direction: to}]}}]},
		{name: town, fields: [{name: id, fides_meta: {primary_key: true}}]}]}]`)
	c := b.connector(t, mysql.Config{Datasets: datasets, AllowWrites: true})
	err := c.Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrReadOnly)
	require.EqualError(t, err, `role-may-not-write: d.mail: the user may not change the table; grant UPDATE and DELETE on it to the user
role-may-not-write: d.partly: the user may not change columns: "body"; grant UPDATE on them to the user, or mark the fields read_only
privilege-missing: d.town: the table "`+b.schema+`"."tax" may refer to it and the user may not see how it is made, so nobody can tell whose the rows are; grant SELECT on the whole table to the user`)

	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrReadOnly)
	require.EqualError(t, err, "d.mail: the user may not change it, or it is a view that takes no changes; grant UPDATE and DELETE on the table to the user")

	// Whose a town is that a table may refer to which nobody may see can't be told.
	b.exec(t, `INSERT INTO town VALUES (1), (2)`)
	b.exec(t, `INSERT INTO lives VALUES ('a@example.org', 1), ('b@example.org', 2)`)
	found, err := c.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("town")))
	require.NoError(t, err)
	require.Equal(t, connectors.Survey{Address: conformance.AddressOf("town"), Others: 1}, found[0])
	b.exec(t, `GRANT SELECT ON tax TO `+b.reader)
	found, err = c.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("town")))
	require.NoError(t, err)
	require.Equal(t, connectors.Survey{Address: conformance.AddressOf("town"), Own: 1, Left: 1}, found[0])

	reading := b.connector(t, mysql.Config{Datasets: datasets})
	err = reading.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	require.EqualError(t, err, "the system is connected for reading only; connect it for erasing")
	found, err = reading.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")))
	require.NoError(t, err, "to look needs no leave to write")
	require.Equal(t, int64(1), found[0].Own)
}

// TestWhatRefusesIsToldWithoutItsText has triggers and keys refuse a change, whose messages quote values.
func TestWhatRefusesIsToldWithoutItsText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `UPDATE mail SET body = 'canary'`)
	b.exec(t, `CREATE TRIGGER guard BEFORE UPDATE ON mail FOR EACH ROW BEGIN IF OLD.body = 'canary' AND NEW.email <=> OLD.email THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'canary'; END IF; END`)
	b.exec(t, `CREATE TABLE names (id int PRIMARY KEY, email varchar(50), name varchar(50) UNIQUE, size int CHECK (size <> 7))`)
	b.exec(t, `INSERT INTO names VALUES (1, 'a@example.org', 'canary', 1), (2, 'b@example.org', 'taken', 2)`)
	datasets := conformance.Parse(t, strings.TrimSuffix(conformance.Mail, "]}]")+`, {name: names, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, {name: name}, {name: size}]}]}]`)
	c := b.eraser(t, datasets, 0)
	taken, size := conformance.Mask(erasure.Fixed, "name"), conformance.Mask(erasure.Fixed, "size")
	taken.Value, size.Value = "taken", "7"
	for want, order := range map[string]erasure.Order{
		"d.mail: a trigger of the table refuses the change": conformance.Masking("mail", conformance.Mask(erasure.Null, "body")),
		"d.names: a constraint of the table doesn't allow":  conformance.Masking("names", taken),
		"d.names: a constraint of the table doesn't":        conformance.Masking("names", size),
	} {
		err := c.Erase(t.Context(), conformance.Errand(t, datasets, order), conformance.NewLedger())
		require.ErrorIs(t, err, connectors.ErrConstraint)
		require.ErrorContains(t, err, want)
		require.NotContains(t, fmt.Sprintf("%+v", err), "canary")
	}
}

// TestRandomTokensDiffer masks rows that have to differ, and rows that are alike.
func TestRandomTokensDiffer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(200), body varchar(200) UNIQUE)`)
	b.exec(t, `INSERT INTO mail SELECT seq, 'a@example.org', CONCAT('x', seq) FROM seq_1_to_3000`)
	datasets := conformance.Parse(t, conformance.Mail)
	e := conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Random, "body")))
	l := conformance.NewLedger()
	c := b.eraser(t, datasets, 1000)
	require.NoError(t, c.Erase(t.Context(), e, l))
	require.Equal(t, int64(3000), l.Rows)
	require.Equal(t, 3, l.Batches)
	tokens, err := connectors.NewTokens(e.Secret)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, row := range b.collect(t, mysql.Config{Datasets: datasets}, e.Selection).Kept[conformance.AddressOf("mail")] {
		require.True(t, tokens.Is(e.Orders[0].Masks[0], row[2].Raw()))
		seen[row[2].Raw()] = true
	}
	require.Len(t, seen, 3000)
}

// TestRowsOfNoKeyAndOfManyKeys erases where rows are told apart by nothing, by two columns and by bytes.
func TestRowsOfNoKeyAndOfManyKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "PRIMARY KEY (shop, n)", "PRIMARY KEY (raw)", "PRIMARY KEY (shop, raw, n)"} {
		b := newBench(t)
		if key != "" {
			key = ", " + key
		}
		b.exec(t, `CREATE TABLE mail (shop varchar(20) CHARACTER SET latin1 NOT NULL, n bigint unsigned NOT NULL, raw binary(8) NOT NULL, email varchar(50), body text, doc json`+key+`)`)
		b.exec(t, `INSERT INTO mail SELECT CONCAT('ö', seq MOD 7), 18446744073709551615 - seq, UNHEX(LPAD(HEX(seq * 7919), 16, 'F')), IF(seq MOD 3, 'a@example.org', 'b@example.org'), 'body', '{"a": ["x", {"b": 1.50}], "c": "d"}' FROM seq_1_to_300`)
		if key == "" {
			b.exec(t, `INSERT INTO mail SELECT * FROM mail`)
		}
		datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: shop}, {name: n}, {name: raw}, {name: email, fides_meta: {identity: email}}, {name: body}, {name: doc, fields: [{name: a}, {name: c}]}]}]}]`)
		c := b.eraser(t, datasets, 20)
		for _, order := range []erasure.Order{conformance.Masking("mail", conformance.Mask(erasure.Shape, "body"), conformance.Mask(erasure.Hash, "doc", "c")), conformance.Deletion("mail")} {
			e := conformance.Errand(t, datasets, order)
			l := conformance.NewLedger()
			require.NoError(t, c.Erase(t.Context(), e, l))
			want := int64(200)
			if key == "" {
				want = 400
			}
			require.Equal(t, want, l.Rows, key)
			require.LessOrEqual(t, l.Largest, int64(20), key)
			found, err := c.Survey(t.Context(), e)
			require.NoError(t, err)
			require.Zero(t, found[0].Left, key)
			again := conformance.NewLedger()
			require.NoError(t, c.Erase(t.Context(), e, again))
			require.Zero(t, again.Batches, key)
			var others, spoiled int64
			require.NoError(t, b.admin.QueryRowContext(t.Context(), `SELECT COUNT(*), SUM(body <> 'body' OR doc <> '{"a": ["x", {"b": 1.50}], "c": "d"}') FROM mail WHERE email = 'b@example.org'`).Scan(&others, &spoiled))
			require.Equal(t, want/2, others)
			require.Zero(t, spoiled)
		}
	}
}

// TestRowsThatOthersChangeMeanwhile changes rows between their being found and their turn: a row that is nobody's any more stays, one
// that still is gets what it is to get.
func TestRowsThatOthersChangeMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `INSERT INTO mail SELECT seq, 'a@example.org', 'old' FROM seq_2_to_60`)
	datasets := conformance.Parse(t, conformance.Mail)
	l := conformance.NewLedger()
	l.OnChanged = func() {
		if l.Batches == 1 {
			b.exec(t, `UPDATE mail SET email = 'b@example.org', body = 'mine' WHERE id = 50`)
			b.exec(t, `UPDATE mail SET body = 'new' WHERE id = 51`)
		}
	}
	require.NoError(t, b.eraser(t, datasets, 10).Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))), l))
	rows := b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("b@example.org"))).Kept[conformance.AddressOf("mail")]
	require.Len(t, rows, 1)
	require.Equal(t, "mine", rows[0][2].Raw())
	var left int
	require.NoError(t, b.admin.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM mail WHERE body IS NOT NULL`).Scan(&left))
	require.Equal(t, 1, left)
}

// TestBrokenConnectionsResume ends the connections at random points of an erasure, again and again: what has come of it in the end is what an
// erasure makes that nobody interrupts.
func TestBrokenConnectionsResume(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `INSERT INTO mail SELECT seq, IF(seq MOD 4, 'a@example.org', 'b@example.org'), CONCAT('body ', seq) FROM seq_2_to_600`)
	datasets := conformance.Parse(t, conformance.Mail)
	e := conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.KeyedHash, "body")))
	c := b.eraser(t, datasets, 5)
	for kills := 0; ; {
		l := conformance.NewLedger()
		at := 1 + rand.IntN(4)
		l.OnChanged = func() {
			if l.Batches == at && kills < 20 {
				kills++
				b.killAll(t)
			}
		}
		err := c.Erase(t.Context(), e, l)
		if err == nil {
			require.Equal(t, 20, kills)
			break
		}
		require.True(t, connectors.Temporary(err), "%v", err)
	}
	tokens, err := connectors.NewTokens(e.Secret)
	require.NoError(t, err)
	rows, err := b.admin.QueryContext(t.Context(), `SELECT id, email, body FROM mail`)
	require.NoError(t, err)
	n := 0
	for ; rows.Next(); n++ {
		var id int
		var who, body string
		require.NoError(t, rows.Scan(&id, &who, &body))
		want := fmt.Sprintf("body %d", id)
		if id == 1 {
			want = "hello"
		}
		if who == "a@example.org" {
			want, err = tokens.Of(e.Orders[0].Masks[0], want)
			require.NoError(t, err)
		}
		require.Equal(t, want, body)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, 600, n)
}

// killAll ends all that the user does on the server.
func (b *bench) killAll(t *testing.T) {
	t.Helper()
	rows, err := b.admin.QueryContext(t.Context(), `SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?`, strings.Split(b.reader, "@")[0])
	require.NoError(t, err)
	var ids []int64
	for rows.Next() {
		var id int64
		require.NoError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	for _, id := range ids {
		_, _ = b.admin.ExecContext(t.Context(), fmt.Sprintf(`KILL %d`, id)) // it may have ended by then
	}
}
