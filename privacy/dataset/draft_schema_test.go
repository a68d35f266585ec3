package dataset_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

var (
	createTable = regexp.MustCompile(`(?s)CREATE TABLE (?:(\w+)\.)?(\w+) \((.*?)\n\);`)
	columnLine  = regexp.MustCompile(`^(\S+) ([a-z]+(?: varying| precision)?(?:\([\d, ]+\))?(?:\[\])?)(.*)$`)
	typeLength  = regexp.MustCompile(`^(?:char|varchar|character varying)\((\d+)\)`)
	referenceTo = regexp.MustCompile(`REFERENCES (?:(\w+)\.)?(\w+)(?: \((\w+)\))?`)
	listInside  = regexp.MustCompile(`\((.*?)\)`)
)

// schemaOf reads the CREATE TABLE statements of a file as a system's catalogue would tell them, and what stands as a comment behind each
// column: the categories that people gave it.
func schemaOf(t testing.TB, file string) (*dataset.Structure, map[string]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	s, truth := &dataset.Structure{}, map[string]string{}
	for _, m := range createTable.FindAllStringSubmatch(string(text), -1) {
		table := dataset.Table{Schema: m[1], Name: m[2], Rows: -1}
		if table.Schema == "" {
			table.Schema = "public"
		}
		for line := range strings.Lines(m[3]) {
			line, said, _ := strings.Cut(strings.TrimSpace(line), " -- ")
			if line == "-- not read" {
				truth[table.Name] = line
			}
			column(t, &table, strings.TrimSuffix(strings.TrimSpace(line), ","))
			if said != "" {
				truth[table.Name+"."+table.Columns[len(table.Columns)-1].Name] = said
			}
		}
		s.Tables = append(s.Tables, table)
	}
	for i := range s.Tables {
		for j := range s.Tables[i].References {
			resolve(s, &s.Tables[i], &s.Tables[i].References[j])
		}
	}
	require.NotEmpty(t, s.Tables)
	return s, truth
}

func column(t testing.TB, table *dataset.Table, line string) {
	t.Helper()
	if keys, found := strings.CutPrefix(line, "PRIMARY KEY "); found {
		table.Key = strings.Split(strings.Trim(keys, "()"), ", ")
		return
	}
	if strings.HasPrefix(line, "FOREIGN KEY ") {
		lists := listInside.FindAllStringSubmatch(line, -1)
		to := referenceTo.FindStringSubmatch(line)
		table.References = append(table.References, dataset.ForeignKey{Columns: strings.Split(lists[0][1], ", "), Schema: to[1], Table: to[2], To: strings.Split(lists[1][1], ", ")})
		return
	}
	if line == "" || strings.HasPrefix(line, "--") {
		return
	}
	m := columnLine.FindStringSubmatch(line)
	require.NotNil(t, m, line)
	c := dataset.TableColumn{Name: strings.Trim(m[1], `"`), Type: m[2], Nullable: !strings.Contains(m[3], "NOT NULL")}
	c.Array = strings.HasSuffix(c.Type, "[]")
	c.Kind = kindOf(t, strings.TrimSuffix(c.Type, "[]"))
	if l := typeLength.FindStringSubmatch(c.Type); l != nil {
		c.Length, _ = strconv.Atoi(l[1])
	}
	table.Columns = append(table.Columns, c)
	if strings.Contains(m[3], "PRIMARY KEY") {
		table.Key = []string{c.Name}
	}
	if to := referenceTo.FindStringSubmatch(m[3]); to != nil {
		key := dataset.ForeignKey{Columns: []string{c.Name}, Schema: to[1], Table: to[2], OnDelete: dataset.OnDeleteRefuse}
		if to[3] != "" {
			key.To = []string{to[3]}
		}
		table.References = append(table.References, key)
	}
}

func resolve(s *dataset.Structure, from *dataset.Table, key *dataset.ForeignKey) {
	if key.Schema == "" {
		key.Schema = from.Schema
	}
	for i := range s.Tables {
		if to := &s.Tables[i]; to.Schema == key.Schema && to.Name == key.Table && key.To == nil {
			key.To = to.Key
		}
	}
}

func kindOf(t testing.TB, name string) dataset.ColumnKind {
	t.Helper()
	base, _, _ := strings.Cut(name, "(")
	kinds := map[string]dataset.ColumnKind{
		"text": dataset.ColumnText, "char": dataset.ColumnText, "varchar": dataset.ColumnText, "character varying": dataset.ColumnText, "citext": dataset.ColumnText,
		"int": dataset.ColumnNumber, "bigint": dataset.ColumnNumber, "smallint": dataset.ColumnNumber, "serial": dataset.ColumnNumber, "numeric": dataset.ColumnNumber,
		"double precision": dataset.ColumnNumber, "real": dataset.ColumnNumber, "money": dataset.ColumnNumber,
		"boolean": dataset.ColumnBool, "date": dataset.ColumnDate, "timestamptz": dataset.ColumnMoment, "timestamp": dataset.ColumnMoment,
		"uuid": dataset.ColumnUUID, "bytea": dataset.ColumnBytes, "jsonb": dataset.ColumnJSON, "json": dataset.ColumnJSON, "inet": dataset.ColumnOther, "interval": dataset.ColumnOther, "point": dataset.ColumnOther,
	}
	require.Contains(t, kinds, base, name)
	return kinds[base]
}
