package conformance

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Server is a system of tables, which is changed past the connector in SQL that every database understands.
type Server interface {
	System
	// Load makes a table and fills it.
	Load(t *testing.T, table Table)
	// Tell runs a statement as the owner of the tables.
	Tell(t *testing.T, statement string)
	// Open connects to the tables that are there by now, as a user that may write.
	Open(t *testing.T, datasets []dataset.Dataset, exactEmail bool) connectors.Eraser
}

// RunTables runs what is asked of connectors to databases of tables, each test on a server of its own.
func RunTables(t *testing.T, server func(t *testing.T) Server) {
	for name, test := range map[string]func(*testing.T, Server){
		"values that look like SQL stay values":             testInjection,
		"an e-mail is found whatever its case unless exact": testEmailCase,
		"collections are read from one snapshot":            testSnapshot,
		"what vanishes meanwhile is named":                  testVanished,
		"a reference between types is refused":              testReferenceBetweenTypes,
		"no deletion takes further rows along":              testNothingIsTakenAlong,
		"every value of a field is listed":                  testRoll,
		"a table's own key speaks where nobody did":         testSilentAnnotation,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, server(t))
		})
	}
}

// mails is the table for Mail with one row per address.
func mails(addresses ...string) Table {
	t := Table{Name: "mail", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"email", connectors.KindText}, {"body", connectors.KindText}}}
	for i, a := range addresses {
		t.Rows = append(t.Rows, connectors.Row{connectors.Int(int64(i + 1)), connectors.Text(a), connectors.Text("hello")})
	}
	return t
}

// and adds collections to the dataset of Mail.
func and(collections string) string {
	return strings.TrimSuffix(Mail, "]}]") + ", " + collections + "]}]"
}

// collected reads everything of a person's.
func collected(t *testing.T, c connectors.Eraser, sel connectors.Selection) *Recorder {
	t.Helper()
	r := NewRecorder()
	require.NoError(t, c.Collect(t.Context(), sel, r))
	return r
}

func testInjection(t *testing.T, s Server) {
	evil := `x'; DELETE FROM mail; --"${}\' OR 1=1 ? $1` + "`\\"
	s.Load(t, mails("a@example.org", evil))
	datasets := Parse(t, Mail)
	r := collected(t, s.Open(t, datasets, false), Plan(t, datasets, Email(evil)))
	require.Equal(t, []connectors.Row{{connectors.Int(2), connectors.Text(evil), connectors.Text("hello")}}, r.Kept[AddressOf("mail")])
	require.Len(t, s.Texts(t, mails()), 2)
}

func testEmailCase(t *testing.T, s Server) {
	s.Load(t, mails("a@example.org"))
	datasets := Parse(t, Mail)
	sel := Plan(t, datasets, Email("A@EXAMPLE.org"))
	require.Equal(t, int64(1), collected(t, s.Open(t, datasets, false), sel).Totals[AddressOf("mail")])
	require.Equal(t, int64(0), collected(t, s.Open(t, datasets, true), sel).Totals[AddressOf("mail")])
}

// testSnapshot changes the database while it is read: later collections show what was there at the start.
func testSnapshot(t *testing.T, s Server) {
	s.Load(t, mails("a@example.org"))
	s.Tell(t, `CREATE TABLE zoo (email varchar(50))`)
	s.Tell(t, `INSERT INTO zoo VALUES ('a@example.org')`)
	datasets := Parse(t, and(`{name: zoo, fields: [{name: email, fides_meta: {identity: email}}]}`))
	r := NewRecorder()
	r.OnBegin = func(o connectors.Opening) {
		if o.Collection == "mail" {
			s.Tell(t, `INSERT INTO zoo VALUES ('a@example.org')`)
			s.Tell(t, `DELETE FROM mail`)
		}
	}
	require.NoError(t, s.Open(t, datasets, false).Collect(t.Context(), Plan(t, datasets, Email("a@example.org")), r))
	require.Equal(t, map[dataset.Address]int64{AddressOf("mail"): 1, AddressOf("zoo"): 1}, r.Totals)
}

// testVanished drops a table, then a column, in the middle of a run. The error names what is gone, and what was stored stays.
func testVanished(t *testing.T, s Server) {
	s.Load(t, mails("a@example.org"))
	datasets := Parse(t, and(`{name: zoo, fields: [{name: email, fides_meta: {identity: email}}, {name: extra}]}`))
	sel := Plan(t, datasets, Email("a@example.org"))
	for _, change := range []struct{ statement, gone string }{
		{`ALTER TABLE zoo DROP COLUMN extra`, "d.zoo.extra"}, {`ALTER TABLE zoo RENAME TO zoo2`, "d.zoo"}, {`DROP TABLE zoo`, "d.zoo"},
	} {
		s.Tell(t, `DROP TABLE IF EXISTS zoo`)
		s.Tell(t, `CREATE TABLE zoo (email varchar(50), extra text)`)
		c, done := s.Open(t, datasets, false), false
		r := NewRecorder()
		r.OnBegin = func(o connectors.Opening) {
			if o.Collection == "mail" && !done {
				s.Tell(t, change.statement)
				done = true
			}
		}
		err := c.Collect(t.Context(), sel, r)
		require.ErrorIs(t, err, connectors.ErrVanished)
		require.EqualError(t, err, change.gone+": it was there when the work began and is gone; restore it or change the dataset, then try again; the parts already stored are kept")
		require.Equal(t, int64(1), r.Totals[AddressOf("mail")])
		r.Again(0)
		require.ErrorIs(t, c.Collect(t.Context(), sel, r), connectors.ErrVanished, "and it stays an error")
	}
}

// testReferenceBetweenTypes refuses to guess: an integer is no text.
func testReferenceBetweenTypes(t *testing.T, s Server) {
	s.Load(t, mails("a@example.org"))
	s.Tell(t, `CREATE TABLE zoo (owner text)`)
	datasets := Parse(t, and(`{name: zoo, fields: [{name: owner, fides_meta: {references: [{dataset: d, field: mail.id, direction: from}]}}]}`))
	c := s.Open(t, datasets, false)
	for _, err := range []error{c.Test(t.Context()), c.Collect(t.Context(), Plan(t, datasets, Email("a@example.org")), NewRecorder())} {
		require.ErrorIs(t, err, connectors.ErrType)
		require.Regexp(t, `d\.zoo\.owner: it is text and d\.mail\.id, which it refers to, is int[a-z()0-9]*; give both columns the same type, or read one through a view that casts$`, err.Error())
	}
}

// testNothingIsTakenAlong deletes where the server would take further rows along: others', and the person's own that are to stay.
func testNothingIsTakenAlong(t *testing.T, s Server) {
	s.Tell(t, `CREATE TABLE post (id int PRIMARY KEY, email varchar(50))`)
	s.Tell(t, `CREATE TABLE reply (id int PRIMARY KEY, post int, email varchar(50), CONSTRAINT reply_post FOREIGN KEY (post) REFERENCES post (id) ON DELETE CASCADE)`)
	s.Tell(t, `CREATE TABLE vote (reply int, email varchar(50), CONSTRAINT vote_reply FOREIGN KEY (reply) REFERENCES reply (id) ON DELETE SET NULL)`)
	s.Tell(t, `INSERT INTO post VALUES (1, 'a@example.org')`)
	s.Tell(t, `INSERT INTO reply VALUES (1, 1, 'a@example.org'), (2, 1, 'b@example.org')`)
	s.Tell(t, `INSERT INTO vote VALUES (1, 'b@example.org')`)
	found := func(name, more string) string {
		return `{name: ` + name + `, fields: [{name: email, fides_meta: {identity: email}}` + more + `]}`
	}
	datasets := Parse(t, `dataset: [{fides_key: d, collections: [`+found("post", ", {name: id, fides_meta: {primary_key: true}}")+", "+found("reply", ", {name: id, fides_meta: {primary_key: true}}, {name: post}")+", "+found("vote", ", {name: reply}")+`]}]`)
	c := s.Open(t, datasets, false)
	err := c.Erase(t.Context(), Errand(t, datasets, Deletion("post"), Deletion("reply")), NewLedger())
	require.EqualError(t, err, "d.reply: rows that are to stay as they are refer to rows that are to be deleted, and the foreign key reply_post would delete or change them along; order the referring rows to be deleted too, or mask instead of deleting")
	require.ErrorIs(t, err, connectors.ErrConstraint)
	s.Tell(t, `DELETE FROM reply WHERE id = 2`)
	err = c.Erase(t.Context(), Errand(t, datasets, Deletion("post")), NewLedger())
	require.ErrorContains(t, err, "reply_post", "the person's own reply, which no order deletes")
	err = c.Erase(t.Context(), Errand(t, datasets, Deletion("post"), Deletion("reply")), NewLedger())
	require.ErrorContains(t, err, "d.vote: ", "somebody else's vote for the reply that would go along")
	left := func() (rows []int) {
		for _, table := range []string{"post", "reply", "vote"} {
			rows = append(rows, len(s.Texts(t, Table{Name: table, Columns: []Column{{"email", connectors.KindText}}})))
		}
		return rows
	}
	require.Equal(t, []int{1, 1, 1}, left())
	require.Equal(t, "1", *s.Texts(t, Table{Name: "vote", Columns: []Column{{"reply", connectors.KindInt}}})[0][0])
	s.Tell(t, `DELETE FROM vote`)
	require.NoError(t, c.Erase(t.Context(), Errand(t, datasets, Deletion("post"), Deletion("reply")), NewLedger()))
	require.Equal(t, []int{0, 0, 0}, left())
}

// testSilentAnnotation points at rows by a key that the annotation doesn't declare: the table's own key decides. A row that points at one of
// the same table is whoever's.
func testSilentAnnotation(t *testing.T, s Server) {
	s.Tell(t, `CREATE TABLE product (id int PRIMARY KEY, name text, like_this int, FOREIGN KEY (like_this) REFERENCES product (id))`)
	s.Tell(t, `CREATE TABLE item (email varchar(50), product int)`)
	s.Tell(t, `INSERT INTO product VALUES (1, 'shared', NULL), (2, 'alone', NULL), (3, 'itself', 3), (4, 'liked', NULL), (5, 'likes', 4)`)
	s.Tell(t, `INSERT INTO item VALUES ('a@example.org', 1), ('b@example.org', 1), ('a@example.org', 2), ('a@example.org', 3), ('a@example.org', 4), ('a@example.org', 5)`)
	datasets := Parse(t, `dataset: [{fides_key: d, collections: [
		{name: item, fields: [{name: email, fides_meta: {identity: email}}, {name: product, fides_meta: {references: [{dataset: d, field: product.id, direction: to}]}}]},
		{name: product, fields: [{name: id}, {name: name}]}]}]`)
	found, err := s.Open(t, datasets, false).Survey(t.Context(), Errand(t, datasets, Deletion("product")))
	require.NoError(t, err)
	require.Equal(t, connectors.Survey{Address: AddressOf("product"), Own: 3, Others: 2, Left: 3}, found[0])
}
