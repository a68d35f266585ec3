// Package conformance holds the tests that every kind of connector passes, and the data they run on.
package conformance

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

//go:embed fixture.yml
var fixtureYAML []byte

// Table is data that a system under test is filled with before the tests.
type Table struct {
	Name    string
	Columns []Column
	// Key names the columns of the primary key; empty means that the table has none.
	Key  []string
	Rows []connectors.Row
	// Lengths are the longest texts that columns take, in characters. Times whose names stand in Days are days without a time.
	Lengths map[string]int
	Days    []string
	// References are foreign keys to tables that come before.
	References []dataset.ForeignKey
}

// Column is a column and the kind of its values. List columns hold texts.
type Column struct {
	Name string
	Kind connectors.Kind
}

// Setup is what a test asks of the system.
type Setup struct {
	Tables   []Table
	Datasets []dataset.Dataset
	// BatchRows and ValueLimit are the limits the connector is to be opened with.
	BatchRows  int
	ValueLimit int64
	KeyLimit   int
	// EraseRows is the limit of one batch of an erasure.
	EraseRows int
}

// Canary stands in values that must not appear in any error.
const Canary = "canary-7f3a"

// subjectEmail is the person the tests collect, as the request writes it; the tables write it otherwise.
const subjectEmail = "Ana.Ruiz@Example.org"

const (
	batchRows  = 7
	valueLimit = 5000
	keyLimit   = 45
)

// setup makes the data: a person with rows of every kind, and neighbours whose rows must not come along.
func setup(t *testing.T, traits Traits) Setup {
	t.Helper()
	datasets, err := dataset.Parse("fixture.yml", fixtureYAML)
	require.NoError(t, err)
	return Setup{Tables: []Table{people(traits), purchases(), items(), visits()}, Datasets: datasets,
		BatchRows: batchRows, ValueLimit: valueLimit, KeyLimit: keyLimit}
}

// people has one column of each kind.
func people(traits Traits) Table {
	person := func(id int64, email string) connectors.Row {
		return connectors.Row{
			connectors.Int(id), connectors.Text(email), connectors.Text("Ana \"Ñ\" O'Hara; DROP TABLE people --"),
			connectors.Decimal(traits.decimal()), connectors.LocalTime("1984-02-29"),
			connectors.Time(traits.moment()), connectors.Bool(true),
			connectors.Bytes([]byte{0, 1, 0xff, '\n'}), connectors.JSON(`{"theme": "dark", "n": ` + traits.fraction() + `}`),
			connectors.List([]connectors.Value{connectors.Text("a,b"), connectors.Null(), connectors.Text(`"`)}), connectors.Null(),
		}
	}
	long := person(3, "neighbour@example.org")
	mine := person(1, "ana.ruiz@example.org")
	mine[10] = connectors.Text(strings.Repeat("é", valueLimit/2)) // exactly the limit in bytes
	second := person(2, "ANA.RUIZ@EXAMPLE.ORG")
	second[10] = connectors.Text(strings.Repeat("x", valueLimit+1))
	for i := 2; i < 10; i++ {
		second[i] = connectors.Null()
	}
	return Table{Name: "people", Key: []string{"id"}, Rows: []connectors.Row{long, second, mine}, Columns: []Column{
		{"id", connectors.KindInt}, {"email", connectors.KindText}, {"name", connectors.KindText}, {"score", connectors.KindDecimal},
		{"born", connectors.KindTime}, {"joined", connectors.KindTime}, {"active", connectors.KindBool}, {"avatar", connectors.KindBytes},
		{"settings", connectors.KindJSON}, {"tags", connectors.KindList}, {"note", connectors.KindText},
	}}
}

// purchases has fifty of the person's rows among as many of the neighbour's, with a key of two columns.
func purchases() Table {
	t := Table{Name: "purchases", Key: []string{"shop", "number"}, Columns: []Column{
		{"shop", connectors.KindText}, {"number", connectors.KindInt}, {"person_id", connectors.KindInt}, {"item_id", connectors.KindInt},
	}}
	for i := range int64(100) {
		owner := 1 + i%2*2 // 1 is the person, 3 the neighbour
		t.Rows = append(t.Rows, connectors.Row{connectors.Text(fmt.Sprintf("shop '%d'", i%3)), connectors.Int(100 - i), connectors.Int(owner), connectors.Int(i % 80)})
	}
	return t
}

// items are shared by everybody's purchases.
func items() Table {
	t := Table{Name: "items", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"title", connectors.KindText}}}
	for i := range int64(80) {
		t.Rows = append(t.Rows, connectors.Row{connectors.Int(i), connectors.Text(fmt.Sprintf("%s item %d", Canary, i))})
	}
	return t
}

// visits has no key, equal rows and nulls.
func visits() Table {
	t := Table{Name: "visits", Columns: []Column{{"email", connectors.KindText}, {"page", connectors.KindText}}}
	for i := range 60 {
		page := connectors.Text(fmt.Sprintf("/page/%d", i%4))
		if i%10 == 0 {
			page = connectors.Null()
		}
		email := "ana.ruiz@example.org"
		if i%3 == 0 {
			email = "neighbour@example.org"
		}
		t.Rows = append(t.Rows, connectors.Row{connectors.Text(email), page})
	}
	return t
}
