package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

func testStructure(t *testing.T, b *erasingBench) {
	s, err := b.Describe(t.Context())
	require.NoError(t, err)
	for _, table := range b.Tables {
		if b.Blind && table.Name == "shops" {
			continue // nobody annotated it
		}
		i := slices.IndexFunc(s.Tables, func(d dataset.Table) bool { return d.Name == table.Name })
		require.GreaterOrEqual(t, i, 0, table.Name)
		found := s.Tables[i]
		require.Equal(t, table.Name != "shops", found.Collection != nil && *found.Collection == at(table.Name), table.Name)
		require.Equal(t, table.Key, found.Key)
		if !b.Blind {
			require.Len(t, found.References, len(table.References), table.Name)
		}
		var names []string
		for _, c := range found.Columns {
			names = append(names, c.Name)
		}
		var want []string
		for _, c := range table.Columns {
			want = append(want, c.Name)
		}
		if b.Blind && len(names) > len(want) {
			names = names[:len(want)] // what else lies there comes behind
		}
		require.Equal(t, want, names)
	}
	found, there := s.Table(at("customers"))
	require.True(t, there)
	for name, kind := range map[string]dataset.ColumnKind{"id": dataset.ColumnNumber, "email": dataset.ColumnText, "score": dataset.ColumnNumber, "born": dataset.ColumnDate,
		"joined": dataset.ColumnMoment, "active": dataset.ColumnBool, "avatar": dataset.ColumnBytes, "settings": dataset.ColumnJSON} {
		c, there := found.Column(name)
		require.True(t, there)
		require.Equal(t, kind, c.Kind, name)
	}
	code, _ := found.Column("code")
	require.Equal(t, 20, code.Length)
	id, _ := found.Column("id")
	require.False(t, id.Nullable)
}

func testSurvey(t *testing.T, b *erasingBench) {
	before := b.dump(t)
	found := b.surveyed(t, b.errand(t, everything()...))
	require.Equal(t, before, b.dump(t))
	surveys := map[string]connectors.Survey{
		"customers": {Own: 2, Left: 2},
		"orders":    {Own: 30, Left: 30},
		"cards":     {Own: 2, Others: 1, Left: 2},
		"addresses": {Own: 1, Others: 2, Left: 1},
		"threads":   {Own: 1, Parts: 3, Left: 4},
		"visits":    {Own: 40, Left: 40},
	}
	if b.Blind {
		surveys["addresses"] = connectors.Survey{Others: 3}
	}
	for name, want := range surveys {
		want.Address = at(name)
		require.Equal(t, want, found[name], name)
	}
}

func testOthersStay(t *testing.T, b *erasingBench) {
	before := b.dump(t)
	l := b.erase(t, known(b.errand(t, everything()...)))
	after := b.dump(t)
	require.Equal(t, others(before), others(after))
	alone := connectors.Tally{Masked: 1}
	if b.Blind {
		alone = connectors.Tally{}
	}
	require.Equal(t, map[dataset.Address]connectors.Tally{
		at("threads"): {Deleted: 1, Parts: 3}, at("visits"): {Deleted: 40}, at("cards"): {Masked: 2}, at("addresses"): alone, at("orders"): {Masked: 30}, at("customers"): {Masked: 2},
	}, l.Tallies)
	for name, s := range b.surveyed(t, known(b.errand(t, everything()...))) {
		require.Zero(t, s.Left, name)
	}
	require.Equal(t, b.Blind, b.column(t, "addresses", "street")["1"] != nil)
	require.Equal(t, Shape(hostile), *b.column(t, "orders", "recipient")["0"])
	require.NotContains(t, b.column(t, "threads", "starter"), "1")
}

func testIdempotent(t *testing.T, b *erasingBench) {
	b.erase(t, known(b.errand(t, everything()...)))
	before := b.dump(t)
	l := b.erase(t, known(b.errand(t, everything()...)))
	require.Equal(t, before, b.dump(t))
	require.Zero(t, l.Batches)
	b.erase(t, b.errand(t, everything()...))
	require.Equal(t, before, b.dump(t), "and without what is known")
}

func testRoots(t *testing.T, b *erasingBench) {
	first := b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{mask("email", erasure.Random)}}))
	b.erase(t, first)
	require.Zero(t, b.surveyed(t, b.errand(t, everything()...))["orders"].Own, "nothing says any more whose they are")
	again := known(b.errand(t, everything()...))
	require.Equal(t, int64(30), b.surveyed(t, again)["orders"].Own)
	require.Equal(t, int64(2), b.surveyed(t, again)["customers"].Own)
	again.Keys = nil
	require.Equal(t, int64(30), b.surveyed(t, again)["orders"].Own, "roots lead on as well")
}

func testEraseResume(t *testing.T, b *erasingBench) {
	fresh := b.errand(t, everything()...)
	l := NewLedger()
	stops := 0
	for {
		l = &Ledger{Tallies: map[dataset.Address]connectors.Tally{}, Done: l.Done, StopAfter: 1}
		err := b.Erase(t.Context(), known(fresh), l)
		if err == nil {
			break
		}
		require.ErrorIs(t, err, ErrLedger)
		require.False(t, connectors.Temporary(err))
		stops++
		require.Less(t, stops, 200)
	}
	require.Greater(t, stops, 10)
	require.Equal(t, whole(t, b), b.dump(t))
}

// whole is what everything leaves, worked out on the values that the tables were filled with.
func whole(t *testing.T, b *erasingBench) []string {
	t.Helper()
	stopped := b.dump(t)
	b.erase(t, known(b.errand(t, everything()...)))
	require.Equal(t, stopped, b.dump(t), "nothing is left to do")
	for name, s := range b.surveyed(t, known(b.errand(t, everything()...))) {
		require.Zero(t, s.Left, name)
	}
	for _, line := range stopped {
		if strings.HasPrefix(line, `customers "1"`) || strings.HasPrefix(line, `customers "2"`) || strings.HasPrefix(line, `addresses "1"`) {
			require.NotContains(t, strings.ReplaceAll(line, `"s": "`+Canary, ""), "ruiz")
		}
	}
	return stopped
}

func testDays(t *testing.T, b *erasingBench) {
	date := func(s string) privacy.Date {
		d, err := privacy.ParseDate(s)
		require.NoError(t, err)
		return d
	}
	o := order("orders", erasure.Order{Masks: []erasure.Mask{mask("remark", erasure.Null)}, Days: &erasure.Days{Field: []string{"placed"}, Zone: "Europe/Berlin",
		Spans: []erasure.Span{{From: date("2022-01-01"), To: date("2022-12-31")}, {From: date("2025-01-01"), To: date("2025-01-01")}}}})
	found := b.surveyed(t, b.errand(t, o))["orders"]
	require.Equal(t, []connectors.DayCount{{Day: date("2021-01-01"), Rows: 4}, {Day: date("2022-01-01"), Rows: 5}, {Day: date("2023-01-01"), Rows: 4},
		{Day: date("2024-01-01"), Rows: 5}, {Day: date("2025-01-01"), Rows: 4}, {Day: date("2026-01-01"), Rows: 5}}, found.Days)
	require.Equal(t, int64(3), found.Undated)
	require.Equal(t, int64(9), found.Left)
	b.erase(t, b.errand(t, o))
	gone := 0
	for _, v := range b.column(t, "orders", "remark") {
		if v == nil {
			gone++
		}
	}
	require.Equal(t, 9, gone)
	o.Days.Zone = "UTC"
	require.Equal(t, date("2020-12-31"), b.surveyed(t, b.errand(t, o))["orders"].Days[0].Day)
	o.Days.Spans, o.Masks, o.Delete = []erasure.Span{}, nil, true
	require.Zero(t, b.surveyed(t, b.errand(t, o))["orders"].Left)
	before := b.dump(t)
	b.erase(t, b.errand(t, o))
	require.Equal(t, before, b.dump(t), "no span, no row")
}

func testTrim(t *testing.T, b *erasingBench) {
	year := erasure.Span{From: privacy.NewDate(2024, 1, 1), To: privacy.NewDate(2026, 12, 31)}
	o := order("orders", erasure.Order{Delete: true, Trim: []erasure.Mask{mask("recipient", erasure.Shape)},
		Days: &erasure.Days{Field: []string{"placed"}, Zone: "UTC", Spans: []erasure.Span{year}}})
	before := b.dump(t)
	l := b.erase(t, b.errand(t, o))
	require.Equal(t, others(before), others(b.dump(t)))
	require.Equal(t, connectors.Tally{Deleted: 9, Trimmed: 21}, l.Tallies[at("orders")])
	require.Equal(t, Shape(hostile), *b.column(t, "orders", "recipient")["0"])
	require.Equal(t, Canary, *b.column(t, "orders", "remark")["0"], "the rest of a row that stays")
	require.Zero(t, b.surveyed(t, b.errand(t, o))["orders"].Left)
}

// Rows of which no field tells a day stay all, without what nobody needs; and a day that is told by other rows is none of their own field of that name.
func testTrimWithoutDays(t *testing.T, b *erasingBench) {
	o := order("orders", erasure.Order{Trim: []erasure.Mask{mask("recipient", erasure.Shape)}, Days: &erasure.Days{Zone: "UTC", Spans: []erasure.Span{}}})
	found := b.surveyed(t, b.errand(t, o))["orders"]
	require.Equal(t, found.Own, found.Undated)
	require.Empty(t, found.Days)
	before := b.dump(t)
	l := b.erase(t, b.errand(t, o))
	require.Equal(t, others(before), others(b.dump(t)))
	require.Equal(t, connectors.Tally{Trimmed: found.Own}, l.Tallies[at("orders")])
	require.Equal(t, Shape(hostile), *b.column(t, "orders", "recipient")["0"])

	same := order("orders", erasure.Order{Masks: []erasure.Mask{mask("placed", erasure.Null)}, Days: &erasure.Days{Field: []string{"placed"}, Zone: "UTC", Spans: []erasure.Span{},
		Through: &erasure.Through{Path: []string{"id"}, Of: dataset.FieldAddress{Address: at("orders"), Path: []string{"id"}}}}})
	require.Zero(t, b.surveyed(t, b.errand(t, same))["orders"].Left)
}

func testPartRows(t *testing.T, b *erasingBench) {
	o := everything()[0]
	o.Delete = false
	l := b.erase(t, b.errand(t, o))
	require.Equal(t, connectors.Tally{Parts: 3}, l.Tallies[at("threads")])
	readers, docs := b.column(t, "threads", "readers"), b.column(t, "threads", "doc")
	for id, want := range map[string]string{"2": `["a","b"]`, "3": `["a"]`, "4": `[]`, "5": `["xana.ruiz@example.org"]`} {
		require.JSONEq(t, want, *readers[id], id)
	}
	for id, want := range map[string]string{"2": `[{"mail": "b@example.org", "nick": "b"}]`, "3": `[{"mail": "b@example.org", "nick": "b"}, {"nick": "c"}]`, "4": `[]`} {
		require.JSONEq(t, `{"topic": "t", "members": `+want+`}`, *docs[id], id)
	}
	require.Contains(t, *readers["1"], "Ana", "the person's own row isn't somebody else's")
	require.Zero(t, b.surveyed(t, b.errand(t, o))["threads"].Left)
}

func testClaimed(t *testing.T, b *erasingBench) {
	o := order("addresses", erasure.Order{Claimed: true, Masks: []erasure.Mask{mask("street", erasure.Null)}})
	c := order("cards", erasure.Order{Claimed: true, Masks: []erasure.Mask{mask("number", erasure.Null)}})
	found := b.surveyed(t, b.errand(t, o, c))
	require.Equal(t, connectors.Survey{Address: at("addresses"), Own: 3, Left: 3}, found["addresses"])
	require.Equal(t, connectors.Survey{Address: at("cards"), Own: 3, Left: 3}, found["cards"])
	b.erase(t, b.errand(t, o, c))
	require.NotNil(t, b.column(t, "addresses", "street")["4"])
	require.Nil(t, b.column(t, "addresses", "street")["2"])
	require.Nil(t, b.column(t, "cards", "number")["13"])
}

func testShared(t *testing.T, b *erasingBench) {
	e := b.errand(t, order("addresses", erasure.Order{Delete: true}))
	if b.Blind {
		require.Equal(t, connectors.Survey{Address: at("addresses"), Others: 3}, b.surveyed(t, e)["addresses"])
		require.Zero(t, b.erase(t, e).Batches, "whoever else they belong to, nobody can tell")
		return
	}
	require.Equal(t, connectors.Survey{Address: at("addresses"), Own: 1, Others: 2, Left: 1}, b.surveyed(t, e)["addresses"])
	orders := b.errand(t, order("orders", erasure.Order{Delete: true}), order("addresses", erasure.Order{Delete: true}))
	orders = known(orders)
	l := b.erase(t, orders)
	require.Equal(t, int64(1), l.Tallies[at("addresses")].Deleted)
	streets := b.column(t, "addresses", "street")
	require.NotContains(t, streets, "1")
	require.Contains(t, streets, "2", "a neighbour's order goes there")
	require.Contains(t, streets, "3", "a shop stands there")
}

func testOwnKeys(t *testing.T, b *erasingBench) {
	sel := selection(t, b.Datasets)
	sel.Exports = []dataset.FieldAddress{{Address: at("cards"), Path: []string{"id"}}, {Address: at("addresses"), Path: []string{"id"}}, {Address: at("customers"), Path: []string{"id"}}}
	values := func() (out [][]string) {
		sets, err := b.Keys(t.Context(), sel)
		require.NoError(t, err)
		for _, s := range sets {
			out = append(out, s.Values)
		}
		return out
	}
	require.Equal(t, [][]string{{"11", "12", "13"}, {"1", "2", "3"}, {"1", "2"}}, values())
	sel.Own = true
	alone := []string{"1"}
	if b.Blind {
		alone = []string{}
	}
	require.Equal(t, [][]string{{"11", "12"}, alone, {"1", "2"}}, values())
}

// testHandedPointers has rows in another system point here: whose else they are can't be told.
func testHandedPointers(t *testing.T, b *erasingBench) {
	other := dataset.FieldAddress{Address: dataset.Address{Dataset: "elsewhere", Collection: "accounts"}, Path: []string{"address"}}
	o := order("addresses", erasure.Order{Masks: []erasure.Mask{mask("street", erasure.Null)}})
	e := b.errand(t, o)
	i := slices.IndexFunc(e.Plan.Steps, func(s dataset.Step) bool { return s.Address == at("addresses") })
	e.Plan.Steps[i].FoundBy = []dataset.Entry{{Path: []string{"id"}, From: &other, Belonging: dataset.Pointed}}
	_, err := b.Survey(t.Context(), e)
	require.ErrorIs(t, err, connectors.ErrSelection, "keys that were not handed over")
	e.Keys = []connectors.KeySet{{Field: other, Values: []string{"1", "4"}}}
	require.Equal(t, connectors.Survey{Address: at("addresses"), Others: 2}, b.surveyed(t, e)["addresses"])
	require.Zero(t, b.erase(t, e).Batches)
	e.Orders[0].Claimed = true
	require.Equal(t, connectors.Survey{Address: at("addresses"), Own: 2, Left: 2}, b.surveyed(t, e)["addresses"])
}
