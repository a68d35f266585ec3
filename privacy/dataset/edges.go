package dataset

import (
	"fmt"
	"slices"
)

// fields enters the identities, request fields and references of fields, nested ones included.
func (b *builder) fields(a Address, n *node, fields []Field, parent []string) {
	for i := range fields {
		f := &fields[i]
		path := append(slices.Clone(parent), f.Name)
		if f.Identity != "" {
			n.ways = append(n.ways, Entry{Path: path, Identity: f.Identity})
		}
		if f.RequestField != "" {
			n.ways = append(n.ways, Entry{Path: path, RequestField: f.RequestField})
		}
		for _, ref := range f.References {
			b.reference(FieldAddress{a, path}, n, ref)
		}
		b.fields(a, n, f.Fields, path)
	}
}

// reference enters one reference as an edge in the direction of the values.
func (b *builder) reference(here FieldAddress, n *node, ref Reference) {
	there, target, why := b.target(ref)
	if target == nil {
		if b.byKey[ref.Dataset] == nil && !b.closed {
			n.foreign = n.foreign || ref.Direction != To
			return
		}
		b.note(n.dataset, ref.Line, here.String(), why, "name an existing field as dataset and collection.field")
		return
	}
	if target.collection.Skip || here.Address == there.Address && here.Field() == there.Field() {
		return
	}
	switch ref.Direction {
	case From:
		b.edge(Edge{From: there, To: here})
	case To:
		b.edge(Edge{From: here, To: there})
	default:
		b.edge(Edge{From: here, To: there, Both: true})
		b.edge(Edge{From: there, To: here, Both: true})
	}
}

// edge enters an edge once. A reference told at both ends, or one way and both ways, is one reference.
func (b *builder) edge(e Edge) {
	key := fmt.Sprintf("%q", []string{e.From.Dataset, e.From.Collection, e.From.Field(), e.To.Dataset, e.To.Collection, e.To.Field()})
	if i, known := b.seen[key]; known {
		// Said at one end with a direction, it is an input that has to be waited for.
		b.graph.edges[i].Both = b.graph.edges[i].Both && e.Both
		return
	}
	b.seen[key] = len(b.graph.edges)
	b.graph.nodes[e.From.Address].out = append(b.graph.nodes[e.From.Address].out, len(b.graph.edges))
	b.graph.nodes[e.To.Address].in = append(b.graph.nodes[e.To.Address].in, len(b.graph.edges))
	b.graph.edges = append(b.graph.edges, e)
}

// target finds the field a reference names. Names may hold dots, so the longest collection name that fits is tried first.
func (b *builder) target(ref Reference) (FieldAddress, *node, string) {
	if b.byKey[ref.Dataset] == nil {
		return FieldAddress{}, nil, fmt.Sprintf("the reference names the dataset %q, which is not loaded", ref.Dataset)
	}
	for i := len(ref.Field) - 1; i > 0; i-- {
		a := Address{ref.Dataset, ref.Field[:i]}
		n := b.graph.nodes[a]
		if ref.Field[i] != '.' || n == nil {
			continue
		}
		if path, leaf := lookup(n.collection.Fields, ref.Field[i+1:]); leaf != nil {
			if len(leaf.Fields) > 0 || leaf.Type.Base == Object {
				return FieldAddress{}, nil, fmt.Sprintf("the reference names %q, which is an object", ref.Field)
			}
			return FieldAddress{a, path}, n, ""
		}
	}
	return FieldAddress{}, nil, fmt.Sprintf("the reference names %q, which is no field of dataset %q", ref.Field, ref.Dataset)
}

// lookup finds a field by its dotted path.
func lookup(fields []Field, path string) ([]string, *Field) {
	for i := range fields {
		f := &fields[i]
		if f.Name == path {
			return []string{f.Name}, f
		}
		if len(path) > len(f.Name) && path[:len(f.Name)] == f.Name && path[len(f.Name)] == '.' {
			if rest, leaf := lookup(f.Fields, path[len(f.Name)+1:]); leaf != nil {
				return append([]string{f.Name}, rest...), leaf
			}
		}
	}
	return nil, nil
}

// At returns the field of a collection at a path.
func (c *Collection) At(path []string) (*Field, bool) {
	fields := c.Fields
	for depth, name := range path {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		if i < 0 {
			return nil, false
		}
		if depth == len(path)-1 {
			return &fields[i], true
		}
		fields = fields[i].Fields
	}
	return nil, false
}
