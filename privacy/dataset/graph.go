package dataset

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Graph is a set of datasets with their references resolved. It doesn't change after NewGraph.
type Graph struct {
	nodes map[Address]*node
	// order lists the addresses sorted, so that nothing depends on the order of maps or files.
	order []Address
	edges []Edge
}

// node is a collection in the graph.
type node struct {
	dataset    *Dataset
	collection *Collection
	// ways are the fields by which identities and request values find rows.
	ways []Entry
	// in and out index Graph.edges.
	in, out []int
	// after are collections to visit before this one.
	after []Address
	// foreign is set when a dataset that isn't loaded may find rows here.
	foreign bool
}

// Edge is a reference in the direction in which values travel.
type Edge struct {
	From FieldAddress `json:"from"`
	To   FieldAddress `json:"to"`
	// Both is set when the reference may be followed the other way as well.
	Both bool `json:"both,omitempty"`
}

// Edges lists the references, in the order of the addresses they come from.
func (g *Graph) Edges() []Edge { return slices.Clone(g.edges) }

// maxCollections bounds the work that a hostile annotation can cause.
const maxCollections = 2000

// NewGraph resolves the references between datasets. All datasets referred to must be there. The error is a Problems value:
// unknown targets, cycles in after or erase_after, collections that no identity reaches.
func NewGraph(datasets ...Dataset) (*Graph, error) {
	g, problems := build(datasets, true)
	if len(problems) > 0 {
		return nil, problems.err()
	}
	if _, err := g.Plan(g.Kinds()); err != nil {
		return nil, err
	}
	return g, nil
}

// NewOpenGraph is NewGraph for the datasets of one system: references to datasets that aren't there are left out.
func NewOpenGraph(datasets ...Dataset) (*Graph, error) {
	g, problems := build(datasets, false)
	if len(problems) > 0 {
		return nil, problems.err()
	}
	return g, nil
}

// CheckOrder says whether datasets ask, by after, for an order in which their collections can't be visited, whatever others are beside them. What else may
// be wrong with them is not looked at. The error is a Problems value.
func CheckOrder(datasets ...Dataset) error {
	g, _ := build(datasets, false)
	if g == nil {
		return nil
	}
	_, err := g.Plan(g.Kinds())
	return err
}

// build makes the graph and checks it. With closed unset, references to datasets that aren't there are taken on trust.
func build(datasets []Dataset, closed bool) (*Graph, Problems) {
	b := builder{graph: &Graph{nodes: map[Address]*node{}}, byKey: map[string]*Dataset{}, closed: closed, seen: map[string]int{}}
	for i := range datasets {
		b.place(&datasets[i])
	}
	b.sort()
	for _, a := range b.graph.order {
		b.resolve(a)
	}
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	b.cycles("after", func(n *node) []Address { return n.after })
	b.cycles("erase_after", b.eraseAfter)
	b.unreachable()
	return b.graph, b.problems
}

// builder gathers a graph's parts and what is wrong with them.
type builder struct {
	graph    *Graph
	byKey    map[string]*Dataset
	closed   bool
	seen     map[string]int // edge → index in graph.edges
	problems Problems
}

// note adds a problem at a line of a dataset's file.
func (b *builder) note(d *Dataset, line int, path, what, do string) {
	b.problems = append(b.problems, Problem{File: d.File, Line: line, Path: path, What: what, Do: do})
}

// place enters a dataset and its collections.
func (b *builder) place(d *Dataset) {
	if b.byKey[d.Key] != nil {
		b.note(d, d.Line, d.Key, "the dataset stands twice", "rename or remove one")
		return
	}
	b.byKey[d.Key] = d
	for i := range d.Collections {
		c := &d.Collections[i]
		a := Address{d.Key, c.Name}
		if len(b.graph.nodes) == maxCollections {
			b.note(d, c.Line, a.String(), fmt.Sprintf("there are more than %d collections", maxCollections), "split the datasets over several systems")
			return
		}
		b.graph.nodes[a] = &node{dataset: d, collection: c}
	}
}

// sort fixes the order of the collections.
func (b *builder) sort() {
	for a := range b.graph.nodes {
		b.graph.order = append(b.graph.order, a)
	}
	sort.Slice(b.graph.order, func(i, j int) bool { return b.graph.order[i].Less(b.graph.order[j]) })
}

// resolve turns what a collection's annotation says into ways, edges and orderings.
func (b *builder) resolve(a Address) {
	n := b.graph.nodes[a]
	if !n.collection.Skip {
		b.fields(a, n, n.collection.Fields, nil)
	}
	n.after = b.addresses(n, "after", n.collection.After)
	b.addresses(n, "erase_after", n.collection.EraseAfter)
	for _, key := range n.dataset.After {
		n.after = append(n.after, b.wholeDataset(n, key)...)
	}
}

// addresses resolves names in after and erase_after.
func (b *builder) addresses(n *node, key string, names []string) []Address {
	var out []Address
	for _, name := range names {
		a, known := b.find(n.dataset.Key, name)
		switch {
		case known:
			out = append(out, a)
		case b.closed || a.Dataset == n.dataset.Key:
			b.note(n.dataset, n.collection.Line, n.dataset.Key+"."+n.collection.Name,
				fmt.Sprintf("%s names %q, which is no collection", key, name), "name one as collection or dataset.collection")
		}
	}
	return out
}

// find looks a name up as a collection of this dataset, then as dataset.collection.
func (b *builder) find(dataset, name string) (Address, bool) {
	if a := (Address{dataset, name}); b.graph.nodes[a] != nil {
		return a, true
	}
	for i := range len(name) {
		if a := (Address{name[:i], name[min(i+1, len(name)):]}); name[i] == '.' && b.graph.nodes[a] != nil {
			return a, true
		}
	}
	key, _, dotted := strings.Cut(name, ".")
	if !dotted || b.byKey[key] != nil {
		key = dataset
	}
	return Address{key, name}, false
}

// wholeDataset lists the collections of a dataset named in another dataset's after.
func (b *builder) wholeDataset(n *node, key string) []Address {
	d := b.byKey[key]
	if d == nil || key == n.dataset.Key {
		if b.closed || d != nil {
			b.note(n.dataset, n.dataset.Line, n.dataset.Key, fmt.Sprintf("after names the dataset %q, which is not another loaded dataset", key), "load it or remove the name")
		}
		return nil
	}
	var out []Address
	for _, c := range d.Collections {
		out = append(out, Address{key, c.Name})
	}
	return out
}

// eraseAfter resolves a collection's erase_after again; names that don't resolve were noted before.
func (b *builder) eraseAfter(n *node) []Address {
	var out []Address
	for _, name := range n.collection.EraseAfter {
		if a, known := b.find(n.dataset.Key, name); known {
			out = append(out, a)
		}
	}
	return out
}
