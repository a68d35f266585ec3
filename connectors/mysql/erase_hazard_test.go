package mysql_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// one reads a single text.
func (b *bench) one(t *testing.T, statement string) string {
	t.Helper()
	var text string
	require.NoError(t, b.admin.QueryRowContext(t.Context(), statement).Scan(&text))
	return text
}

// TestErasingInEveryKindOfTable masks and deletes in partitioned tables, through a view, and where the engine has no transactions.
func TestErasingInEveryKindOfTable(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"partitioned":            {`CREATE TABLE mail (id int PRIMARY KEY, email varchar(50), body text) PARTITION BY HASH (id) PARTITIONS 3`},
		"a view":                 {`CREATE TABLE base (id int PRIMARY KEY, email varchar(50), body text)`, `CREATE VIEW mail AS SELECT id, email, body FROM base`},
		"without transactions":   {`CREATE TABLE mail (id int PRIMARY KEY, email varchar(50), body text) ENGINE=Aria`},
		"with a nullable unique": {`CREATE TABLE mail (id int UNIQUE, email varchar(50), body text)`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			for _, statement := range statements {
				b.exec(t, statement)
			}
			b.exec(t, `INSERT INTO mail SELECT seq, IF(seq MOD 2, 'a@example.org', 'b@example.org'), CONCAT('body ', seq) FROM seq_1_to_40`)
			const others = `SELECT GROUP_CONCAT(id, email, body ORDER BY id) FROM mail WHERE email = 'b@example.org'`
			before := b.one(t, others)
			datasets := conformance.Parse(t, conformance.Mail)
			c := b.eraser(t, datasets, 7)
			e := conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Hash, "body")))
			l := conformance.NewLedger()
			require.NoError(t, c.Erase(t.Context(), e, l))
			require.Equal(t, int64(20), l.Tallies[conformance.AddressOf("mail")].Masked)
			require.Equal(t, "0", b.one(t, `SELECT COUNT(*) FROM mail WHERE email = 'a@example.org' AND body LIKE 'body%'`))
			e.Orders = []erasure.Order{conformance.Deletion("mail")}
			require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
			require.Equal(t, "20", b.one(t, `SELECT COUNT(*) FROM mail`))
			require.Equal(t, before, b.one(t, others))
		})
	}
}

// TestATriggerThatKeepsRowsIsNoticed has a trigger put the old value back without a word.
func TestATriggerThatKeepsRowsIsNoticed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE TRIGGER keeper BEFORE UPDATE ON mail FOR EACH ROW SET NEW.body = OLD.body`)
	datasets := conformance.Parse(t, conformance.Mail)
	err := b.eraser(t, datasets, 0).Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrBusy)
	require.ErrorContains(t, err, "d.mail: rows are left that could not be changed")
}

// TestDocumentsThatAreNone refuses to treat members of what is no JSON, and names the column.
func TestDocumentsThatAreNone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(50), body json)`)
	b.exec(t, `SET STATEMENT check_constraint_checks = 0 FOR INSERT INTO mail VALUES (1, 'a@example.org', 'canary {')`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, {name: body, fields: [{name: x}]}]}]}]`)
	c := b.eraser(t, datasets, 0)
	err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body", "x"))), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrType)
	require.ErrorContains(t, err, "d.mail.body")
	require.NotContains(t, fmt.Sprintf("%+v", err), "canary")
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))), conformance.NewLedger()))
}
