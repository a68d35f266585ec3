package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// describe reads the structure as the bench's reader sees it.
func (b *bench) describe(t *testing.T, datasets []dataset.Dataset) *dataset.Structure {
	t.Helper()
	s, err := b.connector(t, postgres.Config{Datasets: datasets}).Describe(t.Context())
	require.NoError(t, err)
	return s
}

// TestDescribe reads a database with everything that the catalogue can say of a table.
func TestDescribe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TYPE mood AS ENUM ('sad', 'ok')`)
	b.exec(t, `CREATE DOMAIN short AS varchar(12)`)
	b.exec(t, `CREATE DOMAIN shorter AS short NOT NULL`)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(320) NOT NULL UNIQUE, body text, UNIQUE (body, email))`)
	b.exec(t, `COMMENT ON TABLE mail IS 'What came in'`)
	b.exec(t, `COMMENT ON COLUMN mail.email IS 'Who wrote'`)
	b.exec(t, `INSERT INTO mail SELECT i, i::text, NULL FROM generate_series(1, 40) AS i`)
	b.exec(t, `CREATE TABLE kinds (
		n int GENERATED ALWAYS AS IDENTITY, d numeric, f float8, m money, b boolean, day date, ts timestamp, tz timestamptz, u uuid, y bytea, j json, jb jsonb,
		c char(5), s shorter, mo mood, ip inet, tags varchar(9)[], days date[], twice int GENERATED ALWAYS AS (1 + 1) STORED,
		mail_id int REFERENCES mail ON DELETE SET NULL, body text, email varchar(320), FOREIGN KEY (body, email) REFERENCES mail (body, email) ON DELETE CASCADE,
		other int REFERENCES mail)`)
	b.exec(t, `CREATE TABLE log (at date, mail_id int REFERENCES mail) PARTITION BY RANGE (at)`)
	b.exec(t, `CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`)
	b.exec(t, `INSERT INTO log SELECT '2026-02-03', 1 FROM generate_series(1, 7)`)
	b.exec(t, `CREATE VIEW short_mail AS SELECT id, upper(email) AS email FROM mail`)
	b.exec(t, `CREATE SCHEMA hidden`)
	b.exec(t, `CREATE TABLE hidden.secret (id int)`)
	b.exec(t, `CREATE TABLE closed (id int)`)
	b.exec(t, `REVOKE ALL ON closed FROM `+reader(t, b))
	b.exec(t, `ANALYZE mail, log_2026`)

	s := b.describe(t, conformance.Parse(t, conformance.Mail))
	var names []string
	for _, table := range s.Tables {
		names = append(names, table.Schema+"."+table.Name)
	}
	require.Equal(t, []string{"public.kinds", "public.log", "public.mail", "public.short_mail"}, names)

	found, there := s.Table(conformance.AddressOf("mail"))
	require.True(t, there)
	require.Equal(t, &dataset.Table{Schema: "public", Name: "mail", Collection: new(conformance.AddressOf("mail")), Comment: "What came in", Rows: 40, Key: []string{"id"},
		Unique: [][]string{{"email"}, {"body", "email"}}, Columns: []dataset.TableColumn{
			{Name: "id", Type: "integer", Kind: dataset.ColumnNumber},
			{Name: "email", Type: "character varying(320)", Kind: dataset.ColumnText, Length: 320, Comment: "Who wrote"},
			{Name: "body", Type: "text", Kind: dataset.ColumnText, Nullable: true}}}, found)

	var columns []string
	for _, c := range s.Tables[0].Columns {
		columns = append(columns, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", c.Name, c.Kind, c.Length, strings.Join(flags(c), " "))))
	}
	require.Equal(t, []string{"n number 0 generated", "d number 0 nullable", "f number 0 nullable", "m number 0 nullable", "b boolean 0 nullable", "day date 0 nullable",
		"ts moment 0 nullable", "tz moment 0 nullable", "u uuid 0 nullable", "y bytes 0 nullable", "j json 0 nullable", "jb json 0 nullable", "c text 5 nullable",
		"s text 12", "mo other 0 nullable", "ip other 0 nullable", "tags text 9 array nullable", "days date 0 array nullable", "twice number 0 nullable generated",
		"mail_id number 0 nullable", "body text 0 nullable", "email text 320 nullable", "other number 0 nullable"}, columns)
	require.Equal(t, []dataset.ForeignKey{
		{Columns: []string{"body", "email"}, Schema: "public", Table: "mail", To: []string{"body", "email"}, OnDelete: dataset.OnDeleteCascade},
		{Columns: []string{"mail_id"}, Schema: "public", Table: "mail", To: []string{"id"}, OnDelete: dataset.OnDeleteNull},
		{Columns: []string{"other"}, Schema: "public", Table: "mail", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse},
	}, s.Tables[0].References)

	require.Equal(t, int64(7), s.Tables[1].Rows, "what its partitions have")
	require.Len(t, s.Tables[1].References, 1)
	require.Equal(t, int64(-1), s.Tables[3].Rows)
	require.Equal(t, []string{"nullable"}, flags(s.Tables[3].Columns[0]))
	require.Equal(t, []string{"nullable", "generated"}, flags(s.Tables[3].Columns[1]), "what a view computes can't be written")
}

func flags(c dataset.TableColumn) []string {
	var out []string
	for _, f := range []struct {
		set  bool
		name string
	}{{c.Array, "array"}, {c.Nullable, "nullable"}, {c.Generated, "generated"}} {
		if f.set {
			out = append(out, f.name)
		}
	}
	return out
}

func TestDescribeAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	require.Equal(t, &dataset.Structure{Tables: []dataset.Table{}}, newBench(t).describe(t, conformance.Parse(t, conformance.Mail)))
}

// Tables are read some at a time: each has its own columns and keys, wherever one part ends and the next begins, and the caller can end it.
func TestTablesOneByOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const many = 230
	b.exec(t, fmt.Sprintf(`DO $$ BEGIN FOR i IN 1..%d LOOP
		EXECUTE format('CREATE TABLE t%%s (id%%s int PRIMARY KEY, of int %%s)', to_char(i, 'FM000'), i, CASE WHEN i > 1 THEN 'REFERENCES t' || to_char(i - 1, 'FM000') END);
	END LOOP; END $$`, many))
	c := b.connector(t, postgres.Config{Datasets: conformance.Parse(t, conformance.Mail)})
	n := 0
	require.NoError(t, c.Tables(t.Context(), func(table dataset.Table) error {
		n++
		want := dataset.Table{Schema: "public", Name: fmt.Sprintf("t%03d", n), Rows: -1, Key: []string{fmt.Sprintf("id%d", n)}, Columns: []dataset.TableColumn{
			{Name: fmt.Sprintf("id%d", n), Type: "integer", Kind: dataset.ColumnNumber}, {Name: "of", Type: "integer", Kind: dataset.ColumnNumber, Nullable: true}}}
		if n > 1 {
			want.References = []dataset.ForeignKey{{Columns: []string{"of"}, Schema: "public", Table: fmt.Sprintf("t%03d", n-1), To: []string{fmt.Sprintf("id%d", n-1)}, OnDelete: dataset.OnDeleteRefuse}}
		}
		require.Equal(t, want, table)
		return nil
	}))
	require.Equal(t, many, n)

	enough := errors.New("enough")
	require.ErrorIs(t, c.Tables(t.Context(), func(dataset.Table) error { return enough }), enough)
	all, err := c.Describe(t.Context())
	require.NoError(t, err)
	require.Len(t, all.Tables, many, "and the connection goes on")
}

// Whoever works by the annotation is told all of what is annotated, and of the rest what leads there.
func TestAroundTheAnnotation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email text, body text)`)
	b.exec(t, `CREATE TABLE attachments (id int PRIMARY KEY, mail_id int REFERENCES mail ON DELETE CASCADE)`)
	b.exec(t, `CREATE TABLE pages (id int PRIMARY KEY, attachment_id int REFERENCES attachments)`)
	b.exec(t, `CREATE TABLE alone (id int PRIMARY KEY)`)
	c := b.connector(t, postgres.Config{Datasets: conformance.Parse(t, conformance.Mail)})
	all, err := c.Describe(t.Context())
	require.NoError(t, err)
	require.Len(t, all.Tables, 4)
	around, err := connectors.Around(t.Context(), c)
	require.NoError(t, err)
	mail, there := all.Table(conformance.AddressOf("mail"))
	require.True(t, there)
	require.Equal(t, []dataset.Table{
		{Schema: "public", Name: "attachments", Rows: -1, References: []dataset.ForeignKey{{Columns: []string{"mail_id"}, Schema: "public", Table: "mail", To: []string{"id"}, OnDelete: dataset.OnDeleteCascade}}},
		*mail,
	}, around.Tables)
}
