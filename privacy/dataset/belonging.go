package dataset

import "slices"

// belonging says whose the rows are that a reference leads to. A row that is found by its whole primary key, from a field that is not one,
// is pointed at: the order names its address, and so may other orders. Everything else that is found refers to the person's row itself.
func (g *Graph) belonging(e Edge) Belonging {
	if g.isKey(e.To) && !g.isKey(e.From) {
		return Pointed
	}
	return g.part(e.To)
}

// isKey reports whether a field is all of its collection's primary key.
func (g *Graph) isKey(f FieldAddress) bool {
	n := g.nodes[f.Address]
	if n == nil || len(f.Path) != 1 {
		return false
	}
	var key []string
	for _, field := range n.collection.Fields {
		if field.PrimaryKey {
			key = append(key, field.Name)
		}
	}
	return slices.Equal(key, f.Path)
}

// part tells an array by whose elements rows are found from a field that stands for the row.
func (g *Graph) part(f FieldAddress) Belonging {
	n := g.nodes[f.Address]
	if n == nil {
		return Own
	}
	last, known := n.collection.At(f.Path)
	if !known || last.ReturnAllElements {
		return Own
	}
	for i := range f.Path {
		if around, _ := n.collection.At(f.Path[:i+1]); around != nil && around.Type.Array {
			return Part
		}
	}
	return Own
}
