package mysql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
)

func TestListConformance(t *testing.T) {
	t.Parallel()
	conformance.RunLists(t, func(t *testing.T, s conformance.Setup) (func() connectors.Lister, conformance.System) {
		b := newBench(t)
		for _, table := range s.Tables {
			b.load(t, table)
		}
		b.mayWrite(t)
		b.exec(t, `GRANT INSERT ON `+b.schema+`.blocked TO `+b.reader)
		return func() connectors.Lister {
			return b.connector(t, mysql.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, EraseRows: s.EraseRows, AllowWrites: true})
		}, b
	})
}

// A list is checked for what an entry needs: rights, and nothing that nobody knows. What its charset or its length can't hold is refused, not bent.
func TestListsSayWhatTheyLack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE blocked (id int AUTO_INCREMENT PRIMARY KEY, address varchar(30) CHARACTER SET latin1 NOT NULL UNIQUE, reason varchar(20) NOT NULL)`)
	c := b.connector(t, mysql.Config{Datasets: conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: blocked, fields: [{name: address, fides_meta: {identity: email}}]}]}]`), AllowWrites: true})
	list := connectors.Listing{Address: conformance.AddressOf("blocked"), Field: "address", Identity: "email", Removes: true}
	require.EqualError(t, c.CheckList(t.Context(), list), `constraint-refuses: d.blocked: an entry on the list has to have values of which Docket knows none: "reason"; give these columns defaults, or let them be empty
role-may-not-write: d.blocked: the user may not put anybody on the list; grant INSERT on the table to the user
role-may-not-write: d.blocked: the user may not take anybody off the list; grant DELETE on the table to the user`)
	b.exec(t, `ALTER TABLE blocked MODIFY reason varchar(20) NOT NULL DEFAULT ''`)
	_, err := c.Enter(t.Context(), list, "a@example.org")
	require.EqualError(t, err, "d.blocked.address: the user may not put anybody on the list; grant INSERT on the table to the user")
	b.exec(t, `GRANT INSERT, DELETE ON `+b.schema+`.blocked TO `+b.reader)
	require.NoError(t, c.Close(), "rights are read when the user connects")
	require.NoError(t, c.CheckList(t.Context(), list))
	for value, code := range map[string]connectors.Code{"someone.with.a.long.address@example.org": connectors.ErrType, "Ж@example.org": connectors.ErrType} {
		_, err := c.Enter(t.Context(), list, value)
		require.ErrorIs(t, err, code, value)
		require.NotContains(t, err.Error(), value)
	}
	entered, err := c.Enter(t.Context(), list, "é@example.org")
	require.NoError(t, err)
	require.True(t, entered)
	entered, err = c.Enter(t.Context(), list, "e@example.org")
	require.NoError(t, err, "the table's own key holds the two for one")
	require.False(t, entered)
	left, err := connectors.OnList(t.Context(), c, list, connectors.Errand{Secret: make([]byte, 32)}, "e@example.org")
	require.NoError(t, err)
	require.Zero(t, left, "and Docket does not: the reader of the answer sees that it is not there")
}
