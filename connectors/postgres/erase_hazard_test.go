package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// TestErasingInEveryKindOfTable masks and deletes in partitioned and inherited tables, whose places say nothing alone, and through a view.
func TestErasingInEveryKindOfTable(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]string{
		"partitioned":        `CREATE TABLE mail (id int PRIMARY KEY, email text, body text) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF mail FOR VALUES IN (1, 3, 5, 7, 9); CREATE TABLE p2 PARTITION OF mail DEFAULT`,
		"without a key":      `CREATE TABLE mail (id int, email text, body text) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF mail FOR VALUES IN (1, 3, 5, 7, 9); CREATE TABLE p2 PARTITION OF mail DEFAULT`,
		"inherited":          `CREATE TABLE mail (id int PRIMARY KEY, email text, body text); CREATE TABLE p1 () INHERITS (mail); CREATE TABLE p2 () INHERITS (mail)`,
		"a view":             `CREATE TABLE base (id int PRIMARY KEY, email text, body text); CREATE VIEW mail AS SELECT id, email, body FROM base; CREATE VIEW p1 AS SELECT * FROM mail; CREATE VIEW p2 AS SELECT * FROM mail`,
		"without a key, too": `CREATE TABLE mail (id int, email text, body text); CREATE TABLE p1 () INHERITS (mail); CREATE TABLE p2 () INHERITS (mail)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			for _, sql := range strings.Split(make, "; ") {
				b.exec(t, sql)
			}
			// In one transaction, so that rows of two tables differ neither in their places nor in their versions.
			into := "mail"
			if strings.HasPrefix(name, "inherited") || strings.HasSuffix(name, "too") {
				into = "p1"
			}
			fill := fmt.Sprintf(`INSERT INTO %s SELECT i, (ARRAY['a', 'b'])[1 + i %% 2] || '@example.org', 'body ' || i FROM generate_series(1, 20) AS i`, into)
			if into == "p1" {
				fill = fmt.Sprintf(`WITH x AS (%s) INSERT INTO p2 SELECT i + 20, (ARRAY['b', 'a'])[1 + i %% 2] || '@example.org', 'body ' || i FROM generate_series(1, 20) AS i`, fill)
			}
			b.exec(t, fill)
			datasets := conformance.Parse(t, conformance.Mail)
			c := b.eraser(t, datasets)
			others := b.one(t, `SELECT string_agg(mail::text, ' ' ORDER BY id) FROM mail WHERE email = 'b@example.org'`)
			own := b.one(t, `SELECT count(*)::text FROM mail WHERE email = 'a@example.org'`)
			e := conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Hash, "body")))
			l := conformance.NewLedger()
			require.NoError(t, c.Erase(t.Context(), e, l))
			require.Equal(t, own, fmt.Sprint(l.Tallies[conformance.AddressOf("mail")].Masked))
			require.Equal(t, "0", b.one(t, `SELECT count(*)::text FROM mail WHERE email = 'a@example.org' AND body LIKE 'body%'`))
			e.Orders = []erasure.Order{conformance.Deletion("mail")}
			require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
			require.Equal(t, others, b.one(t, `SELECT string_agg(mail::text, ' ' ORDER BY id) FROM mail`))
		})
	}
}

// TestTriggersThatRefuse says that a trigger refuses, and nothing of what it says; one that keeps rows without a word is noticed.
func TestTriggersThatRefuse(t *testing.T) {
	t.Parallel()
	for body, code := range map[string]connectors.Code{
		`RAISE EXCEPTION 'no: %', OLD.body`: connectors.ErrConstraint,
		`RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = OLD.body, TABLE = OLD.body, MESSAGE = OLD.body, DETAIL = OLD.body`: connectors.ErrConstraint,
		`RETURN NULL`: connectors.ErrBusy,
	} {
		b := newBench(t)
		b.seed(t)
		b.exec(t, `UPDATE mail SET body = 'canary'`)
		b.exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN `+body+`; END $$`)
		b.exec(t, `CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON mail FOR EACH ROW EXECUTE FUNCTION refuse()`)
		datasets := conformance.Parse(t, conformance.Mail)
		c := b.eraser(t, datasets)
		for _, o := range []erasure.Order{conformance.Deletion("mail"), conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))} {
			err := c.Erase(t.Context(), conformance.Errand(t, datasets, o), conformance.NewLedger())
			require.ErrorIs(t, err, code, body)
			require.Contains(t, err.Error(), "d.mail")
			require.NotContains(t, fmt.Sprintf("%+v", err), "canary")
		}
		require.Equal(t, "canary", b.one(t, `SELECT body FROM mail`))
	}
}

// many fills the table for mail with the person's rows and a neighbour's.
func (b *bench) many(t *testing.T, n int) {
	t.Helper()
	b.seed(t)
	b.exec(t, `INSERT INTO mail SELECT i, (ARRAY['a', 'b'])[1 + i % 2] || '@example.org', 'body ' || i FROM generate_series(2, $1::int) AS i`, n)
}

// TestRowsThatChangeMeanwhile has others write while the erasure is at work: what changed is looked at again, and what has become
// somebody else's is left alone.
func TestRowsThatChangeMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.many(t, 100)
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.eraser(t, datasets)
	l := conformance.NewLedger()
	l.OnChanged = func() {
		if l.Batches == 1 {
			b.exec(t, `UPDATE mail SET body = 'changed' WHERE body LIKE 'body%' AND email = 'a@example.org'`)
			b.exec(t, `UPDATE mail SET email = 'b@example.org' WHERE id IN (96, 98, 100)`)
		}
	}
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))), l))
	require.Equal(t, "0", b.one(t, `SELECT count(*)::text FROM mail WHERE email = 'a@example.org' AND body IS NOT NULL`))
	require.Equal(t, "3 49", b.one(t, `SELECT concat_ws(' ', count(*) FILTER (WHERE body = 'changed'), count(*) FILTER (WHERE body LIKE 'body%')) FROM mail WHERE email = 'b@example.org'`))
}

// TestALockedRow makes the erasure wait no longer than the lock timeout, and tells what stopped it.
func TestALockedRow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.many(t, 10)
	datasets := conformance.Parse(t, conformance.Mail)
	b.mayWrite(t)
	c := b.connector(t, postgres.Config{Datasets: datasets, AllowWrites: true, LockTimeout: 50 * time.Millisecond})
	tx, err := b.admin.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM mail WHERE id = 4 FOR UPDATE`)
	require.NoError(t, err)
	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrTimeout)
	require.True(t, connectors.Temporary(err))
	require.NoError(t, tx.Rollback(t.Context()))
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger()))
}

// TestKilledConnections ends the connector's sessions twenty times in the middle of the work and begins again: the end is that of work that nothing
// disturbed.
func TestKilledConnections(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.many(t, 400)
	b.exec(t, `CREATE TABLE twin AS SELECT * FROM mail`)
	b.exec(t, `ALTER TABLE twin ADD PRIMARY KEY (id)`)
	datasets := conformance.Parse(t, strings.Replace(conformance.Mail, "]}]}]", "]}, {name: twin, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}, {name: body}]}]}]", 1))
	c := b.eraser(t, datasets)
	email := conformance.Mask(erasure.KeyedHash, "email")
	email.Suffix = "@erased.invalid"
	masks := []erasure.Mask{conformance.Mask(erasure.Hash, "body"), email}
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("twin", masks...)), conformance.NewLedger()))

	killer, err := pgx.Connect(t.Context(), adminDSN(b))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, killer.Close(context.WithoutCancel(t.Context()))) })
	kills := 0
	for try := 0; ; try++ {
		require.Less(t, try, 60)
		l := conformance.NewLedger()
		after := 1 + rand.IntN(4)
		l.OnChanged = func() {
			if kills < 20 && l.Batches == after {
				kills++
				_, err := killer.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'docket' AND datname = current_database() AND ($1 OR state <> 'idle')`, kills%2 == 0)
				require.NoError(t, err)
			}
		}
		err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", masks...)), l)
		if err == nil {
			break
		}
		require.True(t, connectors.Temporary(err), "%v", err)
		require.False(t, errors.Is(err, connectors.ErrServer), "%v", err)
	}
	require.GreaterOrEqual(t, kills, 10)
	require.Equal(t, "0", b.one(t, `SELECT count(*)::text FROM ((TABLE mail EXCEPT TABLE twin) UNION ALL (TABLE twin EXCEPT TABLE mail)) AS x`))
}

// TestADocumentWithAZeroCharacter can't be changed member by member; it can as a whole.
func TestADocumentWithAZeroCharacter(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (email text, doc json)`)
	b.exec(t, `INSERT INTO mail VALUES ('a@example.org', '{"x": "canary\u0000"}')`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: email, fides_meta: {identity: email}}, {name: doc, fides_meta: {data_type: object}, fields: [{name: x}]}]}]}]`)
	c := b.eraser(t, datasets)
	err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "doc", "x"))), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrType)
	require.EqualError(t, err, `d.mail: a document holds the character \u0000, so that its members can't be read; correct the document, or treat the whole column`)
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "doc"))), conformance.NewLedger()))
	require.Equal(t, "null", b.one(t, `SELECT doc::text FROM mail`))
}
