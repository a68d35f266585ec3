package dataset_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// graph reads a graph from "collection: field fields…" in flow style.
func graph(t *testing.T, collections string) *dataset.Graph {
	t.Helper()
	datasets, err := dataset.Parse("g.yml", []byte("dataset: [{fides_key: d, collections: ["+collections+"]}]"))
	require.NoError(t, err)
	g, err := dataset.NewGraph(datasets...)
	require.NoError(t, err)
	return g
}

// steps writes a plan in short: "a(email) b(x<a.id)".
func steps(p *dataset.Plan) string {
	var out []string
	for _, s := range p.Steps {
		var by []string
		for _, e := range s.FoundBy {
			switch {
			case e.From != nil:
				by = append(by, strings.Join(e.Path, ".")+"<"+e.From.Collection+"."+e.From.Field())
			default:
				by = append(by, e.Identity+e.RequestField)
			}
		}
		out = append(out, s.Collection+"("+strings.Join(by, ",")+")")
	}
	return strings.Join(out, " ")
}

const (
	customer = "{name: customer, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, {name: address_id, fides_meta: {references: [{dataset: d, field: address.id, direction: to}]}}]}"
	address  = "{name: address, fields: [{name: id}]}"
)

func TestPlanFollowsDirections(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ collections, want string }{
		"to finds rows over there": {customer + "," + address, "customer(email) address(id<customer.address_id)"},
		"from finds rows here": {"{name: login, fields: [{name: customer_id, fides_meta: {references: [{dataset: d, field: customer.id, direction: from}]}}]}," + customer + "," + address,
			"customer(email) address(id<customer.address_id) login(customer_id<customer.id)"},
		"no direction goes away from the identity": {"{name: a, fields: [{name: b_id, fides_meta: {references: [{dataset: d, field: b.id}]}}]}, {name: b, fields: [{name: id, fides_meta: {identity: email}}]}",
			"b(email) a(b_id<b.id)"},
		"told at both ends it is one reference": {"{name: a, fields: [{name: x, fides_meta: {identity: email, references: [{dataset: d, field: b.y, direction: to}]}}]}," +
			" {name: b, fields: [{name: y, fides_meta: {references: [{dataset: d, field: a.x, direction: from}]}}]}", "a(email) b(y<a.x)"},
		"all inputs first": {"{name: a, fields: [{name: e, fides_meta: {identity: email}}, {name: c, fides_meta: {references: [{dataset: d, field: c.a, direction: from}]}}]}," +
			" {name: c, fields: [{name: a}, {name: e, fides_meta: {identity: email}}]}", "c(email) a(email,c<c.a)"},
		"after decides between equals": {"{name: a, fides_meta: {after: [d.b]}, fields: [{name: e, fides_meta: {identity: email}}]}, {name: b, fields: [{name: e, fides_meta: {identity: email}}]}",
			"b(email) a(email)"},
		"a circle is cut at the nearest": {"{name: a, fields: [{name: e, fides_meta: {identity: email}}, {name: x, fides_meta: {references: [{dataset: d, field: b.y, direction: to}]}}, {name: z}]}," +
			" {name: b, fields: [{name: y}, {name: w, fides_meta: {references: [{dataset: d, field: a.z, direction: to}]}}]}", "a(email) b(y<a.x)"},
		"a reference without direction holds nobody back": {"{name: a, fields: [{name: id}, {name: e, fides_meta: {identity: email}}]}," +
			" {name: p, fields: [{name: x, fides_meta: {references: [{dataset: d, field: a.id, direction: from}]}}, {name: y, fides_meta: {references: [{dataset: d, field: q.id, direction: from}]}}]}," +
			" {name: q, fields: [{name: id}, {name: x, fides_meta: {references: [{dataset: d, field: a.id, direction: from}]}}]}," +
			" {name: r, fields: [{name: z, fides_meta: {references: [{dataset: d, field: q.id}]}}]}", "a(email) q(x<a.id) p(x<a.id,y<q.id) r(z<q.id)"},
		"nested fields": {"{name: a, fields: [{name: o, fields: [{name: e, fides_meta: {identity: email}}, {name: k, fides_meta: {references: [{dataset: d, field: b.p.q, direction: to}]}}]}]}," +
			" {name: b, fields: [{name: p, fields: [{name: q}]}]}", "a(email) b(p.q<a.o.k)"},
		"dotted names": {"{name: a.b, fields: [{name: c.d, fides_meta: {identity: email}}]}, {name: x, fields: [{name: y, fides_meta: {references: [{dataset: d, field: a.b.c.d, direction: from}]}}]}",
			"a.b(email) x(y<a.b.c.d)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, err := graph(t, c.collections).Plan(dataset.Identities{Kinds: []string{"email"}})
			require.NoError(t, err)
			require.Equal(t, c.want, steps(plan))
		})
	}
}

func TestPlanSaysWhatItLeavesOutAndWhy(t *testing.T) {
	t.Parallel()
	g := graph(t, customer+","+address+", {name: calls, fields: [{name: number, fides_meta: {identity: phone_number}}, {name: id}]},"+
		" {name: notes, fields: [{name: call, fides_meta: {references: [{dataset: d, field: calls.id, direction: from}]}}]},"+
		" {name: cards, fields: [{name: no, fides_meta: {custom_request_field: card}}, {name: parent, fides_meta: {references: [{dataset: d, field: cards.no, direction: from}]}}]},"+
		" {name: log, fides_meta: {skip_processing: true}, fields: [{name: x}]}")
	plan, err := g.Plan(dataset.Identities{Kinds: []string{"email"}, RequestFields: []string{"card"}})
	require.NoError(t, err)
	require.Equal(t, "cards(card) customer(email) address(id<customer.address_id)", steps(plan))
	require.Equal(t, []dataset.Unreached{
		{Address: dataset.Address{Dataset: "d", Collection: "calls"}, Reason: "it is found only by the identity phone_number, and none of these is known"},
		{Address: dataset.Address{Dataset: "d", Collection: "notes"}, Reason: "it is found only by rows of d.calls, and none of these is known"},
	}, plan.Unreached)
	require.Equal(t, []dataset.Address{{Dataset: "d", Collection: "log"}}, plan.Skipped)
	require.Len(t, plan.Unused, 1)
	require.Contains(t, plan.Unused[0].Reason, "to itself")
}

func TestAfterThatCannotBeMetIsRefused(t *testing.T) {
	t.Parallel()
	datasets, err := dataset.Parse("g.yml", []byte("dataset: [{fides_key: d, collections: [{name: a, fides_meta: {after: [b]}, fields: [{name: e, fides_meta: {identity: email}}]},"+
		" {name: b, fields: [{name: x, fides_meta: {references: [{dataset: d, field: a.e, direction: from}]}}]}]}]"))
	require.NoError(t, err)
	_, err = dataset.NewGraph(datasets...)
	require.ErrorContains(t, err, "after asks for an order in which these can't be found: d.a, d.b")
	require.ErrorContains(t, dataset.CheckOrder(datasets...), "d.a, d.b")

	loose, err := dataset.Parse("g.yml", []byte("dataset: [{fides_key: d, collections: [{name: a, fields: [{name: e, fides_meta: {identity: email}}]}, {name: b, fides_meta: {after: [a]}, fields: [{name: x, fides_meta: {references: [{dataset: far, field: a.e, direction: from}]}}]}]}]"))
	require.NoError(t, err)
	require.NoError(t, dataset.CheckOrder(loose...), "what other systems hold is taken on trust")
}

func TestCyclesInAfterAndEraseAfterAreShownWhole(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"after", "erase_after"} {
		c := func(name, next string) string {
			return fmt.Sprintf("{name: %s, fides_meta: {%s: [%s]}, fields: [{name: e, fides_meta: {identity: email}}]}", name, key, next)
		}
		_, err := dataset.Parse("g.yml", []byte("dataset: [{fides_key: d, collections: ["+c("a", "b")+","+c("b", "c")+","+c("c", "a")+"]}]"))
		require.ErrorContains(t, err, key+" goes round in a circle: d.a → d.b → d.c → d.a")
	}
}

func TestStagesHandOverBetweenSystems(t *testing.T) {
	t.Parallel()
	plan := &dataset.Plan{Steps: []dataset.Step{
		step("crm", "contact", "shop.customer"), step("crm", "staff"), step("shop", "customer"), step("shop", "orders", "shop.customer"), step("crm", "ticket", "crm.contact"),
	}}
	systemOf := func(d string) string { return "the " + d }
	stages := plan.Stages(systemOf)
	require.Len(t, stages, 2)
	require.Equal(t, "the shop", stages[0].System)
	require.Equal(t, []dataset.FieldAddress{{Address: dataset.Address{Dataset: "shop", Collection: "customer"}, Path: []string{"id"}}}, stages[0].Exports)
	require.Len(t, stages[1].Collections, 3)
	require.Empty(t, stages[1].Exports)

	there := (&dataset.Plan{Steps: []dataset.Step{step("a", "one"), step("b", "two", "a.one"), step("a", "three", "b.two")}}).Stages(systemOf)
	require.Len(t, there, 3, "a leads to b and b back to a")
}

// step makes a step found by an identity, or by the id of other collections.
func step(d, c string, from ...string) dataset.Step {
	s := dataset.Step{Address: dataset.Address{Dataset: d, Collection: c}}
	for _, f := range from {
		key, name, _ := strings.Cut(f, ".")
		s.FoundBy = append(s.FoundBy, dataset.Entry{Path: []string{"x"}, From: &dataset.FieldAddress{Address: dataset.Address{Dataset: key, Collection: name}, Path: []string{"id"}}})
	}
	if len(from) == 0 {
		s.FoundBy = []dataset.Entry{{Path: []string{"x"}, Identity: "email"}}
	}
	return s
}

// drawDatasets draws annotations of up to three datasets with references in all directions, identities and orderings.
func drawDatasets(t *rapid.T) []dataset.Dataset {
	sizes := rapid.SliceOfN(rapid.IntRange(1, 5), 1, 3).Draw(t, "sizes")
	var all []dataset.Address
	for d, n := range sizes {
		for c := range n {
			all = append(all, dataset.Address{Dataset: fmt.Sprintf("d%d", d), Collection: fmt.Sprintf("c%d", c)})
		}
	}
	datasets := make([]dataset.Dataset, len(sizes))
	for i, a := range all {
		c := dataset.Collection{Name: a.Collection, Skip: rapid.IntRange(0, 9).Draw(t, "skip") == 0, Fields: []dataset.Field{{Name: "id"}}}
		if rapid.IntRange(0, 3).Draw(t, "identity") > 0 {
			c.Fields[0].Identity = rapid.SampledFrom([]string{"email", "phone_number"}).Draw(t, "kind")
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "references") {
			to := rapid.SampledFrom(all).Draw(t, "target")
			direction := rapid.SampledFrom([]dataset.Direction{dataset.Both, dataset.To, dataset.From}).Draw(t, "direction")
			c.Fields = append(c.Fields, dataset.Field{Name: fmt.Sprintf("r%d", n), References: []dataset.Reference{{Dataset: to.Dataset, Field: to.Collection + ".id", Direction: direction}}})
		}
		if i > 0 && rapid.IntRange(0, 5).Draw(t, "after") == 0 {
			c.After = []string{rapid.SampledFrom(all[:i]).Draw(t, "before").String()}
		}
		d := int(a.Dataset[1] - '0')
		datasets[d].Key = a.Dataset
		datasets[d].Collections = append(datasets[d].Collections, c)
	}
	return datasets
}

// TestPlanProperties checks, for any annotation: each collection is in exactly one list; each step is visited once and its inputs
// come before it; skipped ones are never visited; the plan does not depend on the order of datasets or of identities.
func TestPlanProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		datasets := drawDatasets(t)
		g, err := dataset.NewGraph(datasets...)
		if err != nil {
			return
		}
		ids := dataset.Identities{Kinds: rapid.SampledFrom([][]string{{"email"}, {"phone_number"}, {"email", "phone_number"}, {}}).Draw(t, "known")}
		plan, err := g.Plan(ids)
		if err != nil {
			require.ErrorContains(t, err, "after asks for an order")
			return
		}
		listed := map[dataset.Address]int{}
		visited := map[dataset.Address]bool{}
		for _, s := range plan.Steps {
			require.NotEmpty(t, s.FoundBy)
			for _, e := range s.FoundBy {
				require.True(t, e.From == nil && slices.Contains(ids.Kinds, e.Identity) || e.From != nil && visited[e.From.Address])
			}
			visited[s.Address] = true
			listed[s.Address]++
		}
		for _, u := range plan.Unreached {
			listed[u.Address]++
		}
		for _, a := range plan.Skipped {
			listed[a]++
		}
		for _, d := range datasets {
			for _, c := range d.Collections {
				a := dataset.Address{Dataset: d.Key, Collection: c.Name}
				require.Equal(t, 1, listed[a], a)
				require.False(t, c.Skip && visited[a])
				require.Equal(t, reaches(datasets, ids.Kinds)[a], visited[a], a)
			}
		}
		slices.Reverse(datasets)
		slices.Reverse(ids.Kinds)
		again, err := dataset.NewGraph(datasets...)
		require.NoError(t, err)
		other, err := again.Plan(ids)
		require.NoError(t, err)
		require.Equal(t, text(t, plan), text(t, other))
	})
}

// reaches works out reachability anew, by repeating until nothing changes.
func reaches(datasets []dataset.Dataset, kinds []string) map[dataset.Address]bool {
	reached, skipped := map[dataset.Address]bool{}, map[dataset.Address]bool{}
	type edge struct{ from, to dataset.Address }
	var edges []edge
	for _, d := range datasets {
		for _, c := range d.Collections {
			a := dataset.Address{Dataset: d.Key, Collection: c.Name}
			skipped[a] = c.Skip
			reached[a] = !c.Skip && slices.Contains(kinds, c.Fields[0].Identity)
			for _, f := range c.Fields {
				for _, r := range f.References {
					b := dataset.Address{Dataset: r.Dataset, Collection: strings.TrimSuffix(r.Field, ".id")}
					if r.Direction != dataset.From {
						edges = append(edges, edge{a, b})
					}
					if r.Direction != dataset.To {
						edges = append(edges, edge{b, a})
					}
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, e := range edges {
			if reached[e.from] && !reached[e.to] && !skipped[e.to] && !skipped[e.from] {
				reached[e.to], changed = true, true
			}
		}
	}
	return reached
}

func text(t require.TestingT, plan *dataset.Plan) string {
	b, err := json.Marshal(plan)
	require.NoError(t, err)
	return string(b)
}

func TestPlanSurvivesJSON(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/shop.yml")
	require.NoError(t, err)
	datasets, err := dataset.Parse("shop.yml", file)
	require.NoError(t, err)
	g, err := dataset.NewOpenGraph(datasets...)
	require.NoError(t, err)
	plan, err := g.Plan(dataset.Identities{Kinds: []string{"email"}})
	require.NoError(t, err)
	var back dataset.Plan
	require.NoError(t, json.Unmarshal([]byte(text(t, plan)), &back))
	require.Equal(t, plan, &back)
}
