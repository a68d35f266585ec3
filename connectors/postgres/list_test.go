package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
)

func TestListConformance(t *testing.T) {
	t.Parallel()
	conformance.RunLists(t, func(t *testing.T, s conformance.Setup) (func() connectors.Lister, conformance.System) {
		b := newBench(t)
		for _, table := range s.Tables {
			b.load(t, table)
		}
		b.mayWrite(t)
		b.exec(t, `GRANT INSERT ON blocked TO `+reader(t, b))
		return func() connectors.Lister {
			return b.connector(t, postgres.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, EraseRows: s.EraseRows, AllowWrites: true})
		}, b
	})
}

// addressList is a list with other columns.
const addressList = `dataset: [{fides_key: d, collections: [{name: blocked, fields: [{name: address, fides_meta: {identity: email}}]}]}]`

// A list is checked for what an entry needs: rights, and nothing that nobody knows.
func TestListsSayWhatTheyLack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE blocked (id serial PRIMARY KEY, address varchar(30) NOT NULL, reason text NOT NULL, source text NOT NULL)`)
	c := b.connector(t, postgres.Config{Datasets: conformance.Parse(t, addressList), AllowWrites: true})
	list := connectors.Listing{Address: conformance.AddressOf("blocked"), Field: "address", Identity: "email", Removes: true}
	require.EqualError(t, c.CheckList(t.Context(), list), `constraint-refuses: d.blocked: an entry on the list has to have values of which Docket knows none: "reason", "source"; give these columns defaults, or let them be empty
role-may-not-write: d.blocked: the role may not put anybody on the list; grant INSERT on the table to the role
role-may-not-write: d.blocked: the role may not take anybody off the list; grant DELETE on the table to the role`)
	list.Removes = false
	b.exec(t, `ALTER TABLE blocked ALTER reason SET DEFAULT 'x', ALTER source DROP NOT NULL`)
	require.EqualError(t, c.CheckList(t.Context(), list), `role-may-not-write: d.blocked: the role may not put anybody on the list; grant INSERT on the table to the role`)
	_, err := c.Enter(t.Context(), list, "a@example.org")
	require.EqualError(t, err, "d.blocked.address: the role may not put anybody on the list; grant INSERT on the table and USAGE on the sequences of its defaults to the role, and look at the table's policies")
	b.exec(t, `GRANT INSERT (address) ON blocked TO `+reader(t, b))
	b.exec(t, `GRANT USAGE ON SEQUENCE blocked_id_seq TO `+reader(t, b))
	require.NoError(t, c.CheckList(t.Context(), list), "of the one column is enough")
	entered, err := c.Enter(t.Context(), list, "a@example.org")
	require.NoError(t, err)
	require.True(t, entered)
	_, err = c.Enter(t.Context(), list, "someone.with.a.long.address@example.org")
	require.ErrorIs(t, err, connectors.ErrType, "nothing is cut off")
	require.NotContains(t, err.Error(), "someone")
	reading := b.connector(t, postgres.Config{Datasets: conformance.Parse(t, addressList)})
	_, err = reading.Enter(t.Context(), list, "b@example.org")
	require.ErrorIs(t, err, connectors.ErrReadOnly)
}

// What others put on a list at the same moment a unique key tells: it is there.
func TestAUniqueKeyMeansThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE blocked (address text NOT NULL)`)
	b.exec(t, `CREATE UNIQUE INDEX ON blocked (lower(btrim(address)))`)
	b.exec(t, `GRANT INSERT ON blocked TO `+reader(t, b))
	b.exec(t, `INSERT INTO blocked VALUES (' A@example.org')`)
	c := b.connector(t, postgres.Config{Datasets: conformance.Parse(t, addressList), AllowWrites: true})
	entered, err := c.Enter(t.Context(), connectors.Listing{Address: conformance.AddressOf("blocked"), Field: "address", Identity: "email"}, "a@example.org")
	require.NoError(t, err)
	require.False(t, entered)
}
