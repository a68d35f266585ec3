package dataset

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Plan orders the visit of every collection that the known identities lead to.
//
// A collection's inputs are the references that lead into it from other reached collections. It is visited once, when all its
// inputs and everything in its after have been visited. A reference without direction is followed from the collection nearer
// to an identity to the one farther away. Where references go round in a circle, the nearest collection is visited first and the
// references that come too late are listed in Unused. The error says that after asks for an order that can't be had.
func (g *Graph) Plan(ids Identities) (*Plan, error) {
	w := g.walk(ids)
	plan := &Plan{Identities: Identities{Kinds: sorted(ids.Kinds), RequestFields: sorted(ids.RequestFields)}, Steps: []Step{}}
	for len(w.left) > 0 {
		next, ok := w.next()
		if !ok {
			return nil, w.stuck()
		}
		step, unused := w.visit(next)
		plan.Steps = append(plan.Steps, step)
		plan.Unused = append(plan.Unused, unused...)
	}
	for _, a := range g.order {
		n := g.nodes[a]
		if _, reached := w.dist[a]; n.collection.Skip {
			plan.Skipped = append(plan.Skipped, a)
		} else if !reached {
			plan.Unreached = append(plan.Unreached, Unreached{a, g.reason(n)})
		}
	}
	return plan, nil
}

// Kinds lists every identity kind and request field that finds rows somewhere in the graph.
func (g *Graph) Kinds() Identities {
	var ids Identities
	for _, a := range g.order {
		for _, e := range g.nodes[a].ways {
			if e.Identity != "" {
				ids.Kinds = append(ids.Kinds, e.Identity)
			} else {
				ids.RequestFields = append(ids.RequestFields, e.RequestField)
			}
		}
	}
	return Identities{Kinds: sorted(ids.Kinds), RequestFields: sorted(ids.RequestFields)}
}

// walk is the state of one planning.
type walk struct {
	*Graph
	known   func(Entry) bool
	dist    map[Address]int
	left    []Address // reached, not yet visited; sorted by distance, then address
	visited map[Address]bool
	// waits counts what a collection's after still holds back; waiters are the collections that one holds back.
	waits   map[Address]int
	waiters map[Address][]Address
}

// walk finds what can be reached and sorts it.
func (g *Graph) walk(ids Identities) *walk {
	known := func(e Entry) bool {
		return e.Identity != "" && slices.Contains(ids.Kinds, e.Identity) ||
			e.RequestField != "" && slices.Contains(ids.RequestFields, e.RequestField)
	}
	w := &walk{Graph: g, known: known, visited: map[Address]bool{}, waits: map[Address]int{}, waiters: map[Address][]Address{}}
	w.dist = g.distances(func(n *node) bool { return slices.ContainsFunc(n.ways, known) })
	for _, a := range g.order {
		if _, reached := w.dist[a]; reached {
			w.left = append(w.left, a)
			w.hold(a)
		}
	}
	sort.SliceStable(w.left, func(i, j int) bool { return w.dist[w.left[i]] < w.dist[w.left[j]] })
	return w
}

// next takes the first collection whose inputs are all visited, or, in a circle, the first that can be found at all.
func (w *walk) next() (Address, bool) {
	chosen := -1
	for i, a := range w.left {
		n := w.nodes[a]
		if w.waits[a] > 0 || !w.findable(n) {
			continue
		}
		if w.inputsMet(a, n) {
			chosen = i
			break
		}
		if chosen < 0 {
			chosen = i
		}
	}
	if chosen < 0 {
		return Address{}, false
	}
	a := w.left[chosen]
	w.left = slices.Delete(w.left, chosen, chosen+1)
	return a, true
}

// hold enters what a collection's after holds back, as far as it is reached at all.
func (w *walk) hold(a Address) {
	for _, before := range w.nodes[a].after {
		if _, reached := w.dist[before]; reached {
			w.waits[a]++
			w.waiters[before] = append(w.waiters[before], a)
		}
	}
}

// findable reports whether rows can be found with what is known so far.
func (w *walk) findable(n *node) bool {
	return slices.ContainsFunc(n.ways, w.known) ||
		slices.ContainsFunc(n.in, func(i int) bool { return w.visited[w.edges[i].From.Address] })
}

// inputsMet reports whether every reference into the collection comes from a visited one.
func (w *walk) inputsMet(a Address, n *node) bool {
	return !slices.ContainsFunc(n.in, func(i int) bool {
		e := w.edges[i]
		_, reached := w.dist[e.From.Address]
		return reached && e.From.Address != a && !w.visited[e.From.Address] && !(e.Both && w.nearer(a, e.From.Address))
	})
}

// nearer reports whether a reference without direction is followed from a to b.
func (w *walk) nearer(a, b Address) bool {
	if w.dist[a] != w.dist[b] {
		return w.dist[a] < w.dist[b]
	}
	return a.Less(b)
}

// visit writes a collection's step, and the references into it that were not followed.
func (w *walk) visit(a Address) (Step, []Unused) {
	step, n := Step{Address: a}, w.nodes[a]
	for _, e := range n.ways {
		if w.known(e) {
			e.Belonging = w.part(FieldAddress{a, e.Path})
			step.FoundBy = append(step.FoundBy, e)
		}
	}
	var unused []Unused
	for _, i := range n.in {
		e := w.edges[i]
		switch _, reached := w.dist[e.From.Address]; {
		case w.visited[e.From.Address]:
			from := e.From
			step.FoundBy = append(step.FoundBy, Entry{Path: e.To.Path, From: &from, Belonging: w.belonging(e)})
		case e.From.Address == a:
			unused = append(unused, Unused{e.From, e.To, "it leads from the collection to itself, and each collection is visited once"})
		case reached && !e.Both:
			unused = append(unused, Unused{e.From, e.To, fmt.Sprintf("%s is visited after %s", e.From.Address, a)})
		}
	}
	sort.SliceStable(step.FoundBy, func(i, j int) bool { return step.FoundBy[i].sortKey() < step.FoundBy[j].sortKey() })
	w.visited[a] = true
	for _, waiter := range w.waiters[a] {
		w.waits[waiter]--
	}
	return step, unused
}

// sortKey orders a step's entries: identities, request values, references; then by name.
func (e Entry) sortKey() string {
	path := strings.Join(e.Path, ".")
	switch {
	case e.Identity != "":
		return "1" + path + " " + e.Identity
	case e.RequestField != "":
		return "2" + path + " " + e.RequestField
	default:
		return "3" + path + " " + e.From.String()
	}
}

// stuck explains why no collection can be visited next.
func (w *walk) stuck() error {
	names := make([]string, len(w.left))
	for i, a := range w.left {
		names[i] = a.String()
	}
	n := w.nodes[w.left[0]]
	return Problems{{File: n.dataset.File, Line: n.collection.Line, Path: names[0],
		What: "after asks for an order in which these can't be found: " + strings.Join(names, ", "),
		Do:   "remove after where a collection is only found through one that comes later"}}
}

// reason says what would lead to a collection that the identities don't reach.
func (g *Graph) reason(n *node) string {
	var ways []string
	for _, e := range n.ways {
		if e.Identity != "" {
			ways = append(ways, "the identity "+e.Identity)
		} else {
			ways = append(ways, "the request field "+e.RequestField)
		}
	}
	for _, i := range n.in {
		ways = append(ways, "rows of "+g.edges[i].From.Address.String())
	}
	return "it is found only by " + strings.Join(sorted(ways), " or ") + ", and none of these is known"
}

// sorted returns the distinct texts in order.
func sorted(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}
