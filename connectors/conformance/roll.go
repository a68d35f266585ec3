package conformance

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// testRoll lists every value by which people are found: in bounded parts, each as often as it is there, none where there is none.
func testRoll(t *testing.T, s Server) {
	addresses := []string{"a@example.org", "B@Example.org", "a@example.org", "o'hara;--@example.org", "zoë@example.org"}
	for i := range 20_001 {
		addresses = append(addresses, fmt.Sprintf("p%d@example.org", i))
	}
	s.Load(t, mails(addresses...))
	s.Tell(t, `INSERT INTO mail (id, email, body) VALUES (900000, NULL, 'nobody')`)
	c := s.Open(t, Parse(t, Mail), false)
	roster, ok := c.(connectors.Roster)
	require.True(t, ok, "a database that can be restored can be searched for who was erased")
	at := dataset.FieldAddress{Address: AddressOf("mail"), Path: []string{"email"}}
	var got []string
	parts := 0
	require.NoError(t, roster.Roll(t.Context(), at, func(values []string) error {
		require.LessOrEqual(t, len(values), 10_000)
		parts++
		got = append(got, values...)
		return nil
	}))
	require.GreaterOrEqual(t, parts, 3)
	slices.Sort(got)
	require.Equal(t, slices.Sorted(slices.Values(addresses)), got)

	enough := errors.New("enough")
	require.ErrorIs(t, roster.Roll(t.Context(), at, func([]string) error { return enough }), enough)
	require.ErrorIs(t, roster.Roll(t.Context(), at, func([]string) error { return enough }), enough, "the connector works on")
	s.Tell(t, `DELETE FROM mail`)
	require.NoError(t, roster.Roll(t.Context(), at, func([]string) error { return enough }), "an empty table has no part")
	ids := dataset.FieldAddress{Address: AddressOf("mail"), Path: []string{"id"}}
	s.Tell(t, `INSERT INTO mail (id, email, body) VALUES (7, NULL, 'x')`)
	require.NoError(t, roster.Roll(t.Context(), ids, func(values []string) error {
		require.Equal(t, []string{"7"}, values, "keys are listed as they are exported")
		return nil
	}))
	s.Tell(t, `DROP TABLE mail`)
	require.ErrorIs(t, roster.Roll(t.Context(), at, func([]string) error { return nil }), connectors.ErrVanished)
}
