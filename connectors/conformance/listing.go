package conformance

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// OpenListing fills a new system with a setup, in which a collection is a list, and returns what opens connectors to it that may write, and the way
// past them.
type OpenListing func(t *testing.T, s Setup) (open func() connectors.Lister, way System)

// ListTable is the list of the suite: an entry has an address, and who was invited by it.
const ListTable = "blocked"

const listYAML = `
dataset:
  - fides_key: fixture
    collections:
      - name: blocked
        fields:
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
          - {name: invited_by, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
          - {name: note, data_categories: [user.content.private], fides_meta: {data_type: string}}
`

// listingBench is one test's system.
type listingBench struct {
	Setup
	System
	open func() connectors.Lister
	list connectors.Listing
}

// RunLists runs every test of the contract of lists, each on a system of its own.
func RunLists(t *testing.T, open OpenListing) {
	for name, test := range map[string]func(*testing.T, *listingBench){
		"a list is found to be one":                         testListFits,
		"whoever is put on a list twice is there once":      testEnterTwice,
		"many at once put somebody on a list once":          testEnterAtOnce,
		"nobody else's entry changes":                       testListsOfOthers,
		"only what the list's field says is taken off":      testLeave,
		"values that look like something else stay as they": testListInjection,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := listSetup(t)
			connect, way := open(t, s)
			test(t, &listingBench{Setup: s, System: way, open: connect,
				list: connectors.Listing{Address: at(ListTable), Field: "email", Identity: "email", Removes: true}})
		})
	}
}

func listSetup(t *testing.T) Setup {
	t.Helper()
	datasets, err := dataset.Parse("list.yml", []byte(listYAML))
	require.NoError(t, err)
	table := Table{Name: ListTable, Columns: []Column{{"email", connectors.KindText}, {"invited_by", connectors.KindText}, {"note", connectors.KindText}},
		Lengths: map[string]int{"email": 200, "invited_by": 200}}
	for _, row := range [][]string{{"neighbour@example.org", subjectEmail, Canary}, {"x" + subjectEmail, "", ""}, {subjectEmail + "x", "neighbour@example.org", ""}} {
		values := make(connectors.Row, len(row))
		for i, text := range row {
			if values[i] = connectors.Text(text); text == "" {
				values[i] = connectors.Null()
			}
		}
		table.Rows = append(table.Rows, values)
	}
	return Setup{Tables: []Table{table}, Datasets: datasets, BatchRows: batchRows, ValueLimit: valueLimit, KeyLimit: keyLimit, EraseRows: 7}
}

// connect opens a connector for the length of a test.
func (b *listingBench) connect(t *testing.T) connectors.Lister {
	t.Helper()
	c := b.open()
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// entries lists who is on the list, with what else their entries say.
func (b *listingBench) entries(t *testing.T) (out []string) {
	t.Helper()
	for _, row := range b.Texts(t, b.Tables[0]) {
		texts := make([]string, len(row))
		for i, v := range row {
			if texts[i] = "-"; v != nil {
				texts[i] = *v
			}
		}
		out = append(out, strings.Join(texts, " | "))
	}
	slices.Sort(out)
	return out
}

// entered puts somebody on the list.
func (b *listingBench) entered(t *testing.T, c connectors.Lister, value string) bool {
	t.Helper()
	entered, err := c.Enter(t.Context(), b.list, value)
	require.NoError(t, err)
	return entered
}

// on counts somebody's entries.
func (b *listingBench) on(t *testing.T, c connectors.Lister, value string) int64 {
	t.Helper()
	entries, err := connectors.OnList(t.Context(), c, b.list, b.errand(t), value)
	require.NoError(t, err)
	return entries
}

// leave takes somebody off the list and says how many entries went.
func (b *listingBench) leave(t *testing.T, c connectors.Lister, value string) int64 {
	t.Helper()
	l := NewLedger()
	require.NoError(t, c.Erase(t.Context(), b.list.Leave(b.errand(t), value), l))
	return l.Rows
}

func (b *listingBench) errand(t *testing.T) connectors.Errand {
	t.Helper()
	return connectors.Errand{Selection: selection(t, b.Datasets), Secret: secret}
}

func testListFits(t *testing.T, b *listingBench) {
	c := b.connect(t)
	require.NoError(t, c.Test(t.Context()))
	before := b.entries(t)
	require.NoError(t, c.CheckList(t.Context(), b.list))
	require.Equal(t, before, b.entries(t), "to look changes nothing")
	unknown := b.list
	unknown.Field = "nobody"
	err := c.CheckList(t.Context(), unknown)
	var found connectors.Findings
	require.ErrorAs(t, err, &found)
	elsewhere := b.list
	elsewhere.Collection = "nowhere"
	require.ErrorAs(t, c.CheckList(t.Context(), elsewhere), &found)
}

func testEnterTwice(t *testing.T, b *listingBench) {
	c := b.connect(t)
	before := b.entries(t)
	require.Zero(t, b.on(t, c, subjectEmail), "whom somebody invited is not on it by that")
	require.True(t, b.entered(t, c, subjectEmail))
	require.EqualValues(t, 1, b.on(t, c, subjectEmail))
	require.False(t, b.entered(t, c, subjectEmail))
	require.False(t, b.entered(t, c, strings.ToUpper(subjectEmail)), "addresses are compared whatever their case")
	require.EqualValues(t, 1, b.on(t, c, strings.ToLower(subjectEmail)))
	after := append(before, subjectEmail+" | - | -")
	slices.Sort(after)
	require.Equal(t, after, b.entries(t))
}

// testEnterAtOnce has many put the same person on the list: no one of them fails, and one of them does.
func testEnterAtOnce(t *testing.T, b *listingBench) {
	const many = 6
	var all sync.WaitGroup
	entered, failed := make([]bool, many), make([]error, many)
	for i := range many {
		c := b.connect(t)
		all.Go(func() { entered[i], failed[i] = c.Enter(t.Context(), b.list, subjectEmail) })
	}
	all.Wait()
	for _, err := range failed {
		require.NoError(t, err)
	}
	require.Len(t, slices.DeleteFunc(entered, func(did bool) bool { return !did }), 1)
	require.EqualValues(t, 1, b.on(t, b.connect(t), subjectEmail))
}

// testListsOfOthers puts people on the list and takes them off it in any order: only who is meant is there, or is not.
func testListsOfOthers(t *testing.T, b *listingBench) {
	c, before := b.connect(t), b.entries(t)
	random := rand.New(rand.NewPCG(7, 3)) //nolint:gosec // the same steps each time
	people := []string{"a@example.org", "aa@example.org", "a@example.org.example", "a_@example.org", "a%@example.org"}
	on := map[string]bool{}
	for range 30 {
		who := people[random.IntN(len(people))]
		written := who
		if random.IntN(2) == 0 {
			written = strings.ToUpper(who)
		}
		if random.IntN(3) == 0 {
			require.Equal(t, on[who], b.leave(t, c, written) == 1, "%s is taken off once", who)
			on[who] = false
			continue
		}
		require.Equal(t, !on[who], b.entered(t, c, written), "%s is put there once", who)
		on[who] = true
	}
	want := slices.Clone(before)
	for who, is := range on {
		if is {
			want = append(want, who+" | - | -")
		}
	}
	got := b.entries(t)
	for i, e := range got {
		if strings.HasSuffix(e, " | - | -") && !slices.Contains(before, e) {
			got[i] = strings.ToLower(e)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(t, want, got)
}

func testLeave(t *testing.T, b *listingBench) {
	c, before := b.connect(t), b.entries(t)
	require.Zero(t, b.leave(t, c, subjectEmail), "the entry of somebody whom they invited is that one's")
	require.True(t, b.entered(t, c, strings.ToLower(subjectEmail)))
	require.EqualValues(t, 1, b.leave(t, c, subjectEmail))
	require.Zero(t, b.leave(t, c, subjectEmail))
	require.Equal(t, before, b.entries(t))
}

func testListInjection(t *testing.T, b *listingBench) {
	c, before := b.connect(t), b.entries(t)
	evil := `x'; DELETE FROM blocked; --"${}\' OR 1=1 ? $1 .*` + "`\\@example.org"
	require.True(t, b.entered(t, c, evil))
	require.EqualValues(t, 1, b.on(t, c, evil))
	require.EqualValues(t, 1, b.leave(t, c, evil))
	_, err := c.Enter(t.Context(), b.list, Canary+"\x00@example.org")
	require.Error(t, err)
	require.NotContains(t, err.Error(), Canary)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Enter(ctx, b.list, subjectEmail)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, before, b.entries(t))
}
