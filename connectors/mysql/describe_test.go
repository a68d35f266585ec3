package mysql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// TestDescribe reads a database with everything that the catalogue can say of a table, as somebody who may read it and nothing else.
func TestDescribe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email varchar(320) NOT NULL COMMENT 'Who wrote' UNIQUE, body text, short varchar(40), UNIQUE (short, email), UNIQUE (body(10))) COMMENT 'What came in'`)
	b.exec(t, `INSERT INTO mail SELECT seq, seq, NULL, NULL FROM seq_1_to_40`)
	b.exec(t, `CREATE TABLE kinds (
		n int AUTO_INCREMENT PRIMARY KEY, d decimal(9, 2), f double, b boolean, day date, at datetime, ts timestamp NULL, u uuid, y varbinary(9), j json, c char(5), m enum('sad', 'ok'),
		place point, tod time, twice int GENERATED ALWAYS AS (1 + 1) STORED, thrice int GENERATED ALWAYS AS (1 + 2) VIRTUAL, big longtext,
		mail_id int, short varchar(40), email varchar(320), other int,
		CONSTRAINT a FOREIGN KEY (short, email) REFERENCES mail (short, email) ON DELETE CASCADE, CONSTRAINT b FOREIGN KEY (mail_id) REFERENCES mail (id) ON DELETE SET NULL,
		CONSTRAINT c FOREIGN KEY (other) REFERENCES mail (id))`)
	b.exec(t, `CREATE VIEW short_mail AS SELECT id, UPPER(email) AS email FROM mail`)
	b.exec(t, `CREATE SEQUENCE numbers`)
	b.exec(t, `ANALYZE TABLE mail`)
	s, err := b.connector(t, mysql.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Describe(t.Context())
	require.NoError(t, err)
	var names []string
	for _, table := range s.Tables {
		names = append(names, strings.TrimPrefix(table.Schema, b.schema)+table.Name)
	}
	require.Equal(t, []string{"kinds", "mail", "short_mail"}, names, "what the user may see, and none of the server's own")

	found, there := s.Table(conformance.AddressOf("mail"))
	require.True(t, there)
	require.Equal(t, &dataset.Table{Schema: b.schema, Name: "mail", Collection: new(conformance.AddressOf("mail")), Comment: "What came in", Rows: 40, Key: []string{"id"},
		Unique: [][]string{{"email"}, {"short", "email"}}, Columns: []dataset.TableColumn{
			{Name: "id", Type: "int(11)", Kind: dataset.ColumnNumber},
			{Name: "email", Type: "varchar(320)", Kind: dataset.ColumnText, Length: 320, Comment: "Who wrote"},
			{Name: "body", Type: "text", Kind: dataset.ColumnText, Nullable: true, Length: 65535},
			{Name: "short", Type: "varchar(40)", Kind: dataset.ColumnText, Nullable: true, Length: 40}}}, found)

	var columns []string
	for _, c := range s.Tables[0].Columns {
		line := fmt.Sprintf("%s %s %d", c.Name, c.Kind, c.Length)
		if c.Nullable {
			line += " nullable"
		}
		if c.Generated {
			line += " generated"
		}
		columns = append(columns, line)
	}
	require.Equal(t, []string{"n number 0", "d number 0 nullable", "f number 0 nullable", "b boolean 0 nullable", "day date 0 nullable", "at moment 0 nullable", "ts moment 0 nullable",
		"u uuid 0 nullable", "y bytes 0 nullable", "j json 0 nullable", "c text 5 nullable", "m other 0 nullable", "place other 0 nullable", "tod other 0 nullable", "twice number 0 nullable generated",
		"thrice number 0 nullable generated", "big text 0 nullable", "mail_id number 0 nullable", "short text 40 nullable", "email text 320 nullable", "other number 0 nullable"}, columns)
	require.Equal(t, []dataset.ForeignKey{
		{Columns: []string{"short", "email"}, Schema: b.schema, Table: "mail", To: []string{"short", "email"}, OnDelete: dataset.OnDeleteCascade},
		{Columns: []string{"mail_id"}, Schema: b.schema, Table: "mail", To: []string{"id"}, OnDelete: dataset.OnDeleteNull},
		{Columns: []string{"other"}, Schema: b.schema, Table: "mail", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse},
	}, s.Tables[0].References)
	require.Equal(t, int64(-1), s.Tables[2].Rows)
	require.Equal(t, dataset.ColumnText, s.Tables[2].Columns[1].Kind)
}

func TestDescribeAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	s, err := newBench(t).connector(t, mysql.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Describe(t.Context())
	require.NoError(t, err)
	require.Equal(t, &dataset.Structure{Tables: []dataset.Table{}}, s)
}
