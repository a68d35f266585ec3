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
			datasets := parse(t, mail)
			c := b.eraser(t, datasets, 7)
			e := errand(t, datasets, masking("mail", mask(erasure.Hash, "body")))
			l := conformance.NewLedger()
			require.NoError(t, c.Erase(t.Context(), e, l))
			require.Equal(t, int64(20), l.Tallies[addressOf("mail")].Masked)
			require.Equal(t, "0", b.one(t, `SELECT COUNT(*) FROM mail WHERE email = 'a@example.org' AND body LIKE 'body%'`))
			e.Orders = []erasure.Order{deletion("mail")}
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
	datasets := parse(t, mail)
	err := b.eraser(t, datasets, 0).Erase(t.Context(), errand(t, datasets, masking("mail", mask(erasure.Null, "body"))), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrBusy)
	require.ErrorContains(t, err, "d.mail: rows are left that could not be changed")
}

// TestNothingIsTakenAlong deletes where the server would take further rows along: others', and the person's own that are to stay.
func TestNothingIsTakenAlong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE post (id int PRIMARY KEY, email varchar(50))`)
	b.exec(t, `CREATE TABLE reply (id int PRIMARY KEY, post int, email varchar(50), CONSTRAINT reply_post FOREIGN KEY (post) REFERENCES post (id) ON DELETE CASCADE)`)
	b.exec(t, `CREATE TABLE vote (reply int, email varchar(50), CONSTRAINT vote_reply FOREIGN KEY (reply) REFERENCES reply (id) ON DELETE SET NULL)`)
	b.exec(t, `INSERT INTO post VALUES (1, 'a@example.org')`)
	b.exec(t, `INSERT INTO reply VALUES (1, 1, 'a@example.org'), (2, 1, 'b@example.org')`)
	b.exec(t, `INSERT INTO vote VALUES (1, 'b@example.org')`)
	found := func(name, more string) string {
		return `{name: ` + name + `, fields: [{name: email, fides_meta: {identity: email}}` + more + `]}`
	}
	datasets := parse(t, `dataset: [{fides_key: d, collections: [`+found("post", ", {name: id, fides_meta: {primary_key: true}}")+", "+found("reply", ", {name: id, fides_meta: {primary_key: true}}, {name: post}")+", "+found("vote", ", {name: reply}")+`]}]`)
	c := b.eraser(t, datasets, 0)
	err := c.Erase(t.Context(), errand(t, datasets, deletion("post"), deletion("reply")), conformance.NewLedger())
	require.EqualError(t, err, "d.reply: rows that are to stay as they are refer to rows that are to be deleted, and the foreign key reply_post would delete or change them along; order the referring rows to be deleted too, or mask instead of deleting")
	require.ErrorIs(t, err, connectors.ErrConstraint)
	b.exec(t, `DELETE FROM reply WHERE id = 2`)
	err = c.Erase(t.Context(), errand(t, datasets, deletion("post")), conformance.NewLedger())
	require.ErrorContains(t, err, "reply_post", "the person's own reply, which no order deletes")
	err = c.Erase(t.Context(), errand(t, datasets, deletion("post"), deletion("reply")), conformance.NewLedger())
	require.ErrorContains(t, err, "d.vote: ", "somebody else's vote for the reply that would go along")
	require.Equal(t, "1 1 1", b.one(t, `SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM post), (SELECT COUNT(*) FROM reply), (SELECT COUNT(reply) FROM vote))`))
	b.exec(t, `DELETE FROM vote`)
	require.NoError(t, c.Erase(t.Context(), errand(t, datasets, deletion("post"), deletion("reply")), conformance.NewLedger()))
	require.Equal(t, "0 0", b.one(t, `SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM post), (SELECT COUNT(*) FROM reply))`))
}

// TestASilentAnnotation points at rows by a key that the annotation doesn't declare: the table's own key decides. A row that points at one of
// the same table is whoever's.
func TestASilentAnnotation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE product (id int PRIMARY KEY, name text, like_this int, FOREIGN KEY (like_this) REFERENCES product (id))`)
	b.exec(t, `CREATE TABLE item (email varchar(50), product int)`)
	b.exec(t, `INSERT INTO product VALUES (1, 'shared', NULL), (2, 'alone', NULL), (3, 'itself', 3), (4, 'liked', NULL), (5, 'likes', 4)`)
	b.exec(t, `INSERT INTO item VALUES ('a@example.org', 1), ('b@example.org', 1), ('a@example.org', 2), ('a@example.org', 3), ('a@example.org', 4), ('a@example.org', 5)`)
	datasets := parse(t, `dataset: [{fides_key: d, collections: [
		{name: item, fields: [{name: email, fides_meta: {identity: email}}, {name: product, fides_meta: {references: [{dataset: d, field: product.id, direction: to}]}}]},
		{name: product, fields: [{name: id}, {name: name}]}]}]`)
	found, err := b.eraser(t, datasets, 0).Survey(t.Context(), errand(t, datasets, deletion("product")))
	require.NoError(t, err)
	require.Equal(t, connectors.Survey{Address: addressOf("product"), Own: 3, Others: 2, Left: 3}, found[0])
}

// TestDocumentsThatAreNone refuses to treat members of what is no JSON, and names the column.
func TestDocumentsThatAreNone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(50), body json)`)
	b.exec(t, `SET STATEMENT check_constraint_checks = 0 FOR INSERT INTO mail VALUES (1, 'a@example.org', 'canary {')`)
	datasets := parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, {name: body, fields: [{name: x}]}]}]}]`)
	c := b.eraser(t, datasets, 0)
	err := c.Erase(t.Context(), errand(t, datasets, masking("mail", mask(erasure.Null, "body", "x"))), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrType)
	require.ErrorContains(t, err, "d.mail.body")
	require.NotContains(t, fmt.Sprintf("%+v", err), "canary")
	require.NoError(t, c.Erase(t.Context(), errand(t, datasets, masking("mail", mask(erasure.Null, "body"))), conformance.NewLedger()))
}
